"""Whatever ends a build: no process is left, no file is half, and the next build is whole."""

import os
import random
import signal
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import pytest
from command import Started, add_notebook, contents, programmed, quickly, small_study, swap
from test_engine_ends import STAYS

pytestmark = pytest.mark.reports
BUSY = "from pathlib import Path; import time; Path(f'busy_{territoire}').touch(); time.sleep(300)"
BUILD = ("build", "--territory", "79", "--territory", "region")


SIGNALS = [(signal.SIGTERM, False), (signal.SIGINT, True), (signal.SIGKILL, False), (signal.SIGKILL, True)]


@pytest.mark.parametrize(
    ("number", "group", "way"),
    quickly(
        [(*one, way) for one in SIGNALS for way in ("fork", "spawn")],
        (signal.SIGTERM, False, "fork"),
        (signal.SIGKILL, False, "fork"),
    ),
)
def test_a_signal_ends_a_build_with_all_that_its_notebooks_started(
    tmp_path: Path, number: signal.Signals, group: bool, way: str
) -> None:
    folder, temporary = small_study(tmp_path / "etude"), tmp_path / "tmp"
    temporary.mkdir()
    add_notebook(folder, "1_essai", STAYS, BUSY)
    build = Started(folder, *BUILD, "--jobs", "2", way=way, TMPDIR=str(temporary))
    build.until("busy_*", 2)
    assert len(build.processes()) >= 7  # build, fork server, guards, runs, theirs
    (os.killpg if group else os.kill)(build.process.pid, number)
    left = build.left()
    if way == "fork":
        assert left == [] and [*temporary.iterdir()] == []
    else:  # without a server, an orphan that left its session stays
        assert not [p for p in build.processes() if "notebook_reports.child" in p.cmdline()]
        for process in build.processes():
            process.kill()
    said = build.process.stderr.read()
    if number != signal.SIGKILL:
        assert build.process.returncode == 128 + number
        assert "Arrêté\u00a0: ce qui était publié reste entier" in said
    assert "Traceback" not in said


TITLES = ('titre = "Déploiement', 'titre = "Un déploiement')
SHOWN = """from spls_study.show import table
from spls_study.tables import read_table
table(read_table(study, "programmation"), "volumes", study.etude.titre)"""


def study(folder: Path) -> Path:
    small_study(folder)
    add_notebook(folder, "2_tableau", SHOWN)
    (folder / "data" / "raw" / "programmation.csv").write_text(programmed(*range(1, 100)), encoding="utf-8")
    return folder


@pytest.mark.slow
def test_twenty_kills_leave_files_whole_and_a_build_mends_all(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Two states of the study take turns, so that each build has all to write again."""
    clean = []
    for state in (0, 1):
        folder = study(tmp_path / f"propre_{state}")
        if state:
            swap(folder / "study.toml", *TITLES)
        start = time.monotonic()
        built = Started(folder, *BUILD[:3])
        assert built.left() == [] and built.process.returncode == 0
        length = time.monotonic() - start
        clean.append(contents(folder / "reports"))
    folder = study(tmp_path / "tuée")
    chance, groups, state = random.Random(8), cycle((True, False)), 0
    for number in range(20):
        if number:
            swap(folder / "study.toml", TITLES[state], TITLES[1 - state])
            state = 1 - state
        build = Started(folder, *BUILD[:3])
        time.sleep(chance.uniform(0, length))
        (os.killpg if next(groups) else os.kill)(build.process.pid, signal.SIGKILL)
        assert build.left() == []
        there = contents(folder / "reports")
        for name in {*clean[0], *clean[1]} & {*there}:
            assert there[name] in (clean[0][name], clean[1][name]), name
        record_property("arrêts brutaux survécus", 1)
    assert Started(folder, *BUILD[:3]).left() == []
    assert contents(folder / "reports") == clean[state]
    assert not list(folder.rglob(".*.part"))
