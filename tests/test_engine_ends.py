"""However a cell ends, its report says so, what it showed is kept, and nothing is left running."""

import os
import subprocess
import sys
import time
from itertools import product
from pathlib import Path

import nbformat
import psutil
import pytest
from command import MARK, alive, quickly
from test_engine import book

from notebook_reports import processes
from notebook_reports.engine import CellError, execute
from notebook_reports.processes import CUT_DATA, CUT_LINE, CUT_TEXT, DATA, LINE, TEXT

pytestmark = pytest.mark.reports
ENGINES = quickly(["fork", "spawn"], "fork")
FORCED = (
    "Son processus a été arrêté de force (signal 9)\u00a0: par quelqu'un, ou par le système quand la mémoire manque."
)
EXITED = "Son processus s'est terminé de lui-même, avec le code 3."
CRASHED = "Son processus a planté (signal {})\u00a0: faute d'une bibliothèque. Il a dit\u00a0: «\u00a0{}\u00a0»."
DEATHS = {
    "import os, signal; os.kill(os.getpid(), signal.SIGKILL)": FORCED,
    "import os; os._exit(3)": EXITED,
    "import os; os.write(2, b'bibliotheque: plus rien\\n'); os._exit(4)": (
        "Son processus s'est terminé de lui-même, avec le code 4. "
        "Il a dit\u00a0: «\u00a0bibliotheque: plus rien\u00a0»."
    ),
    "import os; os.abort()": CRASHED.format(6, "Fatal Python error: Aborted"),
    "import ctypes; ctypes.string_at(0)": CRASHED.format(11, "Fatal Python error: Segmentation fault"),
    "exit()": "Son processus s'est terminé de lui-même, avec le code 0.",
}
MEMORY = "Mémoire épuisée\u00a0: la cellule demande plus que ce que le système accorde."
WITHOUT = "import resource; resource.setrlimit(resource.RLIMIT_AS, (1 << 31, 1 << 31)); bytes(1 << 32)"
FAULTS = {
    WITHOUT: MEMORY,
    "import sys; sys.exit()": "SystemExit",
    "import sys; sys.exit(0)": "SystemExit\u00a0: 0",
    "raise SystemExit('fini')": "SystemExit\u00a0: fini",
    "b'0' * (1 << 46)": MEMORY,
    "raise ValueError('x' * 10_000_000)": f"ValueError\u00a0: {'x' * 20_000}{CUT_TEXT}".strip(),
}
HANGS = {
    "boucle": "while True: pass",
    "attente": "import time; time.sleep(600)",
    "sourd": "import signal\nfor n in (2, 15): signal.signal(n, signal.SIG_IGN)\nwhile True: pass",
    "verrou": "import re; re.match('(a+)+$', 'a' * 60 + 'b')",
    "crie": "while True: print('encore')",
    "hurle": "import os\nwhile True: os.write(1, b'encore ' * 10_000)",
    "montre": "while True: display('encore')",
    "autre": "!yes",
    "arrêté": "import os; os.kill(os.getpid(), 19)",
}
LONG = {
    "ligne": f"print('x' * {LINE + 1})",
    "longue": "print('x' * 400_000)",
    "lignes": "for n in range(50_000): print('x' * 99)",
    "cinquante": "print('x' * 50_000_000)",
    "bribes": "for n in range(500_000): print('x' * 99)",
    "brut": "import os\nfor n in range(10_000): os.write(2, b'x' * 4_999 + b'\\n')",
    "autre": "import subprocess; subprocess.run(['head', '-c', '50000000', '/dev/zero'])",
    "tableau": "display({'text/html': 'x' * 30_000_000}, raw=True)",
    "tableaux": "for n in range(40): display({'text/html': 'x' * 1_000_000}, raw=True)",
}


def ran(folder, *sources, engine="fork", seconds=60):
    return execute(book(*sources), folder, {}, engine=engine, seconds=seconds)


def texts(executed):
    shown = [c.get("outputs", []) for c in executed.cells if c.cell_type == "code"]
    return ["".join(o.text for o in outputs if o.get("name") == "stdout") for outputs in shown]


ORDINARY = {source: said for source, said in DEATHS.items() if said in (FORCED, EXITED)} | {WITHOUT: MEMORY}


@pytest.mark.parametrize(
    ("source", "engine"),
    quickly([*product(DEATHS, ["fork", "spawn"]), *product(ORDINARY, ["jupyter"])], *product(DEATHS, ["fork"])),
)
def test_a_process_that_dies_says_how_and_what_it_showed_is_kept(source, engine, tmp_path):
    # An ordinary kernel sends from a thread, for which a sudden end does not wait: what an earlier cell showed is sure.
    before, told = ("print('avant')", "1") if engine == "jupyter" else ("1", "print('avant', flush=True)")
    executed, failure = ran(tmp_path, before, f"{told}\n{source}", "print('jamais')", engine=engine)
    assert failure == CellError(2, source.splitlines()[-1], (DEATHS | ORDINARY)[source])
    assert texts(executed) == (["avant\n", "", ""] if engine == "jupyter" else ["", "avant\n", ""])


@pytest.mark.parametrize("source", FAULTS)
def test_an_error_is_a_failure_whatever_its_kind(source, tmp_path):
    executed, failure = ran(tmp_path, source, "print('jamais')")
    assert failure == CellError(1, source, FAULTS[source])
    assert texts(executed)[1:] == [""]
    assert [o.output_type for o in executed.cells[1].outputs if o.get("name") != "stderr"] == ["error"]


def test_an_error_that_a_tag_allows_is_none(tmp_path):
    given = book("1/0", "print('après')", "1/0", "print('jamais')")
    given.cells[1].metadata.tags = ["raises-exception"]
    executed, failure = execute(given, tmp_path, {}, seconds=60)
    assert failure == CellError(3, "1/0", "ZeroDivisionError\u00a0: division by zero")
    assert texts(executed) == ["", "après\n", "", ""]
    given.cells[3].metadata.tags = ["skip-execution"]
    executed, failure = execute(given, tmp_path, {}, seconds=60)
    assert failure is None and len(executed.cells) == 5


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", quickly(HANGS, "boucle", "sourd", "autre"))
def test_a_cell_that_never_ends_is_stopped_with_its_outputs(name, engine, tmp_path):
    executed, failure = ran(tmp_path, f"print('avant')\n{HANGS[name]}", engine=engine, seconds=2)
    assert failure is not None
    assert failure.error == "La cellule n'a pas fini en 2 secondes\u00a0: son processus a été arrêté."
    assert texts(executed)[0].startswith("avant\n") and len(texts(executed)[0]) <= TEXT + len(CUT_TEXT)


@pytest.mark.parametrize("name", quickly(LONG, "ligne", "lignes", "autre", "tableau"))
def test_what_is_too_long_is_cut_with_a_word(name, tmp_path):
    executed, failure = ran(tmp_path, LONG[name], "print('fin')", seconds=20)
    assert failure is None and texts(executed)[1] == "fin\n"
    shown = executed.cells[1].outputs
    if name == "ligne":
        assert shown[0].text == "x" * LINE + CUT_LINE + "\n"
    elif name in ("longue", "cinquante", "autre"):
        assert shown[0].text == shown[0].text[0] * LINE + CUT_LINE + CUT_TEXT
    elif name.startswith("tableau"):
        assert shown[-1].data == {"text/plain": CUT_DATA}
        assert sum(len(o.data.get("text/html", "")) for o in shown) < DATA
    else:
        assert shown[0].text.endswith(CUT_TEXT) and len(shown[0].text) == TEXT + len(CUT_TEXT)


ANSWER = """import os
for n in range(3, 20):
    try: os.write(n, b'{}\\n')
    except OSError: pass
"""


@pytest.mark.parametrize(
    "said", ["", "{", "[1, 2]", '["stream", {}]', "[" * 100_000, '["stream", {"name": "stdout", "text": "\\\\ud800"}]']
)
def test_a_cell_that_answers_for_its_process_stops_its_own_run_alone(said, tmp_path):
    executed, failure = ran(tmp_path, f"print('avant')\n{ANSWER.replace('{}', said)}")
    assert failure is not None and failure.error.startswith("Son processus a répondu de travers")
    assert texts(executed) == ["avant\n"] and nbformat.writes(executed).encode()


def test_a_run_whose_guard_or_server_is_killed_says_so_and_the_next_runs(tmp_path):
    killed = "import os, signal, time, psutil\nos.kill({}, signal.SIGKILL); time.sleep(60)"
    for process in ("os.getppid()", "psutil.Process().parent().ppid()"):
        _, failure = ran(tmp_path, killed.format(process), seconds=30)
        assert failure is not None
        assert failure.error == "Son processus a disparu, avec celui qui l'avait lancé."
        assert ran(tmp_path, "1")[1] is None
    for server, _ in processes._servers.values():
        server.terminate()
        server.wait()
    assert ran(tmp_path, "1")[1] is None and Path(processes.private_folder()).is_dir()


ENDS = ("", "1/0", "import os; os._exit(1)", "import time; time.sleep(100)")
STAYS = """import os, subprocess, sys
wait = [sys.executable, "-c", "import time; time.sleep(300)"]
subprocess.Popen(wait)
subprocess.Popen(wait, start_new_session=True)
orphan = f"import subprocess; subprocess.Popen({wait}, start_new_session=True)"
subprocess.run([sys.executable, "-c", orphan], check=True)
if os.fork() == 0:
    import time; time.sleep(300)"""


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("end", quickly(ENDS, "import os; os._exit(1)"))
def test_what_a_run_started_ends_with_it(end, engine, tmp_path, monkeypatch):
    """Without a server, an orphan that left its session and whose run has died cannot be found."""
    monkeypatch.setenv(MARK, tmp_path.name)
    started = STAYS
    if engine == "spawn":
        lines = STAYS.splitlines()
        started = "\n".join([*lines[: 3 if "_exit" in end else 4], *lines[-2:]])
    ran(tmp_path, started, end, engine=engine, seconds=4)
    servers = {process.pid for process, _ in processes._servers.values()}
    runs = [p for p in alive(tmp_path.name) if p.pid not in servers]
    assert [str(p) for p in psutil.wait_procs(runs, timeout=20)[1]] == []
    own = {p.pid for p in psutil.Process().children(recursive=True)}  # some of which may be gone the next moment
    found = [p for p in psutil.process_iter(["status"]) if p.pid in own]
    assert [p for p in found if p.info["status"] == psutil.STATUS_ZOMBIE] == []


def test_a_server_that_is_importing_ends_with_whoever_started_it(tmp_path):
    begun = "import pathlib, time; pathlib.Path(__file__).with_suffix('.txt').touch(); time.sleep(300)"
    (tmp_path / "longue.py").write_text(begun, encoding="utf-8")
    command = (
        "import sys, time; from notebook_reports import processes; processes.serve(['longue'])\n"
        "[(server, _)] = processes._servers.values(); print(server.pid, processes.private_folder(), flush=True)\n"
        "time.sleep(300)\n"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])}
    owner = subprocess.Popen([sys.executable, "-c", command], env=env, stdout=subprocess.PIPE, encoding="utf-8")
    assert owner.stdout is not None
    pid, private = owner.stdout.readline().split()
    server = psutil.Process(int(pid))
    while not (tmp_path / "longue.txt").exists():
        assert server.is_running()
        time.sleep(0.05)
    owner.kill()
    owner.wait()
    assert psutil.wait_procs([server], timeout=20)[1] == []
    assert not Path(private).exists()
