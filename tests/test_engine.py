"""Cells run without a kernel show what an ordinary kernel shows, to the byte; a run tells which files it opened."""

import json
import re
import sqlite3
import sys
from hashlib import sha256

import pandas as pd
import pytest
from command import notebook, quickly
from nbclient import NotebookClient

from notebook_reports.engine import OPENED, execute
from notebook_reports.opened import digest, may_be_unseen

pytestmark = pytest.mark.reports
SHOWN = {
    "suites": [
        "print('a'); import sys; print('b', file=sys.stderr); print('c'); sys.stderr.write('d')",
        "from IPython.display import *\nprint('avant'); display(1); print('après')",
        "sys.stderr.write('e'); display(2); print('f'); display(3); sys.stderr.write('g'); print('h')",
        "for n in range(3): print(n, end=' ', flush=True)",
        "print('10 %\\r20 %\\r30 %'); print('a\\r\\n', end=''); print('b\\rc\\r\\r\\nd\\r')",
        "print('\\udc80'); print('é' * 3, '\\x1b[31mrouge\\x1b[0m')",
        "sys.stdout.writelines(['x', 'y']), sys.stdout.isatty(), sys.stdout.encoding",
        "import warnings; warnings.warn('attention')",
        "",
    ],
    "valeurs": [
        "'dernière'",
        "1;",
        "_, __, Out[1], In[1], _1, _i",
        "sorted(n for n in globals() if not n.startswith('_'))",
        "get_ipython().__class__.__name__, __name__, type(__builtins__).__name__, '' in __import__('sys').path",
        "import os; os.environ['TERM'], os.environ['PAGER'], os.environ['MPLBACKEND'], os.environ['FORCE_COLOR']",
        "%who\n%pwd",
        "class B:\n    def _repr_mimebundle_(self, include=None, exclude=None):\n"
        "        return {'text/plain': 'b', 'application/json': {'n': [1, 2]}}, {'isolated': True}\nB()",
        "from IPython.display import *\ndisplay(B(), 'texte', {'text/html': '<i>'}, raw=False)",
        "display({'text/html': '<i>'}, raw=True); display(HTML('<p>'), metadata={'text/html': {'m': 1}})",
        "Image(data=b'\\x89PNG\\r\\n\\x1a\\n' + b'0' * 40, format='png')",
        "%%capture pris\nprint('pris'); display(3)",
        "pris.show(); print(pris.stdout)",
        "?len",
    ],
    "remplacements": [
        "from IPython.display import *\nh = display('un', display_id='clé'); print('suite')",
        "h.update('deux'); update_display('rien', display_id='autre')",
        "print('a'); clear_output(); print('b')",
        "print('a'); clear_output(wait=True); print('b')",
        "print('a'); clear_output(wait=True)",
        "display('x', display_id='clé'); clear_output(); display('y', display_id='clé')",
    ],
    "figures": [
        "import matplotlib.pyplot as plt\nplt.plot([1, 2]);",
        "fig, ax = plt.subplots(figsize=(2, 1)); ax.plot([1])\nprint('texte')",
        "fig",
        "plt.plot([1]); plt.show(); print('après')",
        "%matplotlib inline\n%config InlineBackend.figure_formats = ['svg']\n%config InlineBackend.close_figures",
        "import seaborn; seaborn.barplot(x=['a', 'b'], y=[1, 2]); plt.close()",
    ],
    "processus": [
        "!echo 'de la coquille'",
        "lignes = !printf 'a\\nb'\nlignes",
        "import os, time; os.system('echo par le système; echo erreur >&2'); time.sleep(0.5)",
        "import subprocess; subprocess.run(['echo', 'ailleurs']); time.sleep(0.5)",
        "os.write(1, b'brut\\n'); time.sleep(0.5)",
        "%%bash\necho a",
        "from multiprocessing import get_context\nwith get_context('fork').Pool(1) as p: print(p.map(abs, [-1]))",
        "import threading; t = threading.Thread(target=lambda: print('fil')); t.start(); t.join()",
        "def écrit(): print('enfant', flush=True)\np = get_context('fork').Process(target=écrit); p.start(); p.join()",
    ],
    "attentes": [
        "import asyncio\nawait asyncio.sleep(0)\nprint('a')\n'b'",
        "async def f(): return 3\nawait f()",
        "t = asyncio.get_running_loop().create_task(f()); type(t).__name__",
        "await t",
        "async for _ in g: pass",
        "asyncio.run(f())",
    ],
    "fautes": [
        "1/0",
        "print('avant'); undefined",
        "def f(): raise ValueError('é ' * 3)\ntry: f()\nexcept ValueError as e: raise KeyError('x') from e",
        "a = (",
        "x = 1\n  y = 2",
        "input('nom ?')",
        "import getpass; getpass.getpass()",
        "import sys; sys.exit(3)",
        "%inconnue",
        "!exit 3\n_exit_code",
        "class R:\n    def __repr__(self): raise RuntimeError('repr')\nR()",
        "'fin'",
    ],
    "fin": ["print('dernier')", "1/0", "'jamais'"],
}
# What differs from one process to the next.
VARIES = [
    (r"[^\s\"'<>]*ipykernel_\d+[\\/]+\d+\.py", "cellule"),
    (r"0x[0-9a-f]{6,}", "0x"),
    (r"\b\d+(\.\d+)? [mµun]s\b", "temps"),
]


def book(*sources, tags=()):
    given = notebook("# Essai", *sources, parameters=None)
    for cell in given.cells[1:]:
        cell.metadata.tags = [*tags]
    return given


def seen(executed):
    found = [executed.metadata.kernelspec]
    for cell in executed.cells:
        tags, record = cell.metadata.get("tags"), cell.metadata.papermill
        found.append([cell.get("execution_count"), tags, record.status, record.exception, cell.get("outputs")])
    text = json.dumps(found, ensure_ascii=False)
    for pattern, stands in VARIES:
        text = re.sub(pattern, stands, text)
    return list(json.loads(text))


@pytest.mark.parametrize("name", quickly(SHOWN, "suites", "fautes"))
def test_cells_show_what_they_show_in_an_ordinary_kernel(name, tmp_path, monkeypatch):
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # ipykernel, seeing it, listens to no file descriptor
    given = book(*SHOWN[name], tags=("raises-exception",) if name != "fin" else ())
    ordinary, failed = execute(given, tmp_path, {}, engine="jupyter", seconds=60)
    for engine, preload in (("fork", ["matplotlib.pyplot", "seaborn"]), ("spawn", [])):
        executed, failure = execute(given, tmp_path, {}, engine=engine, preload=preload, seconds=60)
        assert failure == failed
        for cell, expected in zip(seen(executed), seen(ordinary), strict=True):
            assert cell == expected


def test_streams_are_brought_together_as_nbclient_does(tmp_path):
    given = book(*SHOWN["suites"], *SHOWN["remplacements"][2:])
    executed, _ = execute(given, tmp_path, {}, seconds=60)
    client = NotebookClient(given, coalesce_streams=True, resources={"metadata": {"path": str(tmp_path)}})
    ordinary = client.execute()
    for cell, other in zip(executed.cells, ordinary.cells, strict=True):
        shown, expected = (re.sub(*VARIES[0], json.dumps(c.get("outputs"))) for c in (cell, other))
        assert shown == expected


WAYS = quickly(["fork", "spawn", "jupyter"] if sys.platform == "linux" else ["spawn", "jupyter"], "fork")


def opened(folder, *cells, way=""):
    """Below the folder → SHA-256; the notebook must succeed."""
    done, failure = execute(book(*cells), folder, {}, engine=way, preload=["pandas", "pyarrow.parquet"], seconds=60)
    assert failure is None, failure
    root = folder.resolve()
    return {p.removeprefix(f"{root}/"): v for p, v in done.metadata[OPENED].items() if p.startswith(f"{root}/")}


@pytest.fixture
def data(tmp_path):
    for name in ("a.txt", "b.csv", "beside.txt"):
        (tmp_path / name).write_text("x\n1\n", encoding="utf-8")
    pd.DataFrame({"x": [1]}).to_parquet(tmp_path / "c.parquet")
    pd.DataFrame({"x": [1]}).to_excel(tmp_path / "d.xlsx")
    (tmp_path / "own.py").write_text("VALUE = 1\n", encoding="utf-8")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "n.txt").write_text("note", encoding="utf-8")
    with sqlite3.connect(tmp_path / "e.sqlite") as base:
        base.execute("create table t (x)")
    return tmp_path


@pytest.mark.parametrize("way", WAYS)
def test_each_file_that_a_cell_reads_is_told_with_its_digest(data, way):
    found = opened(
        data,
        "import pandas as pd, pathlib, os, sqlite3\ntext = open('a.txt').read() + pathlib.Path('a.txt').read_text()",
        "pd.read_csv('b.csv'), pd.read_parquet('c.parquet'), pd.read_excel('d.xlsx')",
        "import own\nnames = sorted(pathlib.Path('notes').glob('*.txt')) + os.listdir('notes')",
        "sqlite3.connect('e.sqlite').execute('select * from t').fetchall()",
        "open('made.txt', 'w').write('x')\npathlib.Path('missing.txt').exists()",
        "try:\n    open('absent.txt')\nexcept OSError:\n    pass",
        way=way,
    )
    files = ("a.txt", "b.csv", "c.parquet", "d.xlsx", "own.py", "e.sqlite")
    expected = {name: sha256((data / name).read_bytes()).hexdigest() for name in files}
    assert found == expected | {"notes/": sha256(b"n.txt").hexdigest(), "absent.txt": ""}


def test_a_file_is_told_as_it_was_when_it_was_read(data):
    before = digest(data / "a.txt")
    found = opened(data, "open('a.txt').read()", "open('a.txt', 'w').write('later')", "open('a.txt').read()")
    assert found == {"a.txt": before} and digest(data / "a.txt") != before


def test_a_second_import_is_told_by_its_source_and_not_by_what_python_keeps(data):
    for _ in range(2):
        assert [*opened(data, "import own", way="spawn")] == ["own.py"]


def test_names_in_a_folder_are_its_digest_but_those_of_office_programs(tmp_path):
    (tmp_path / "a.csv").write_text("1", encoding="utf-8")
    first = digest(tmp_path)
    (tmp_path / "~$a.xlsx").write_text("", encoding="utf-8")
    (tmp_path / ".a.csv.swp").write_text("", encoding="utf-8")
    assert digest(tmp_path) == first
    (tmp_path / "b.csv").write_text("1", encoding="utf-8")
    assert digest(tmp_path) != first
    assert digest(tmp_path / "absent") == ""


def test_a_name_that_no_file_can_have_is_the_cell_s_own_affair(data):
    tried = "try:\n    open({})\nexcept (OSError, ValueError):\n    pass"
    cells = [tried.format(name) for name in (r"'a\0b'", r"'\udcff'", "'x' * 5000")]
    assert {*opened(data, *cells).values()} <= {""}


@pytest.mark.parametrize(
    "code, unseen",
    [
        ("import pyarrow.parquet as pq", True),
        ("!cat a.txt", True),
        ("x = 1\n%%bash\ncat a", True),
        ("import subprocess", True),
        ("%matplotlib inline", False),
        ("print('Bonjour !')", False),
        ("pd.read_parquet('a.parquet')", False),
    ],
)
def test_code_that_reads_without_being_seen(code, unseen):
    assert may_be_unseen(code) is unseen
