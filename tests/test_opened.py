"""A run tells which files it opened, as they were, whatever process runs it."""

import sqlite3
import sys
from hashlib import sha256
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from command import quickly

from notebook_reports.engine import OPENED, execute
from notebook_reports.opened import digest, may_be_unseen

pytestmark = pytest.mark.reports
WAYS = quickly(["fork", "spawn", "jupyter"] if sys.platform == "linux" else ["spawn", "jupyter"], "fork")


def opened(folder: Path, *cells: str, way: str = "") -> dict[str, str]:
    """Below the folder → SHA-256; the notebook must succeed."""
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    done, failure = execute(book, folder, {}, engine=way, preload=["pandas", "pyarrow.parquet"])
    assert failure is None, failure
    root = folder.resolve()
    return {p.removeprefix(f"{root}/"): v for p, v in done.metadata[OPENED].items() if p.startswith(f"{root}/")}


@pytest.fixture
def data(tmp_path: Path) -> Path:
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
def test_each_file_that_a_cell_reads_is_told_with_its_digest(data: Path, way: str) -> None:
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


def test_a_file_is_told_as_it_was_when_it_was_read(data: Path) -> None:
    before = digest(data / "a.txt")
    found = opened(data, "open('a.txt').read()", "open('a.txt', 'w').write('later')", "open('a.txt').read()")
    assert found == {"a.txt": before} and digest(data / "a.txt") != before


def test_a_second_import_is_told_by_its_source_and_not_by_what_python_keeps(data: Path) -> None:
    for _ in range(2):
        assert [*opened(data, "import own", way="spawn")] == ["own.py"]


def test_names_in_a_folder_are_its_digest_but_those_of_office_programs(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("1", encoding="utf-8")
    first = digest(tmp_path)
    (tmp_path / "~$a.xlsx").write_text("", encoding="utf-8")
    (tmp_path / ".a.csv.swp").write_text("", encoding="utf-8")
    assert digest(tmp_path) == first
    (tmp_path / "b.csv").write_text("1", encoding="utf-8")
    assert digest(tmp_path) != first
    assert digest(tmp_path / "absent") == ""


def test_a_name_that_no_file_can_have_is_the_cell_s_own_affair(data: Path) -> None:
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
def test_code_that_reads_without_being_seen(code: str, unseen: bool) -> None:
    assert may_be_unseen(code) is unseen
