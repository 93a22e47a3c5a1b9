"""What fails around a build, or ends it: no process is left, files are whole, a sentence says what to do."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from itertools import cycle

import command
import pytest
from command import Started, add_notebook, contents, done, programmed, publish_own, quickly, run, small_study, swap
from test_engine_ends import STAYS

from notebook_reports.errors import StudyError
from notebook_reports.files import MARK, alone, sweep, write_atomic
from notebook_reports.manifest import verify

pytestmark = pytest.mark.reports
BUILD = ("build", "--territory", "17")
LIMITED = """import resource, sys
limit = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
""" + command.FORCED.format("fork")
WAITS = """import time
from pathlib import Path
Path("busy").touch()
while not Path("go").exists():
    time.sleep(0.05)"""


def built(folder):
    done(folder, *BUILD)
    return contents(folder / "reports")


def refused(end, said):
    assert end.returncode == 1 and "Traceback" not in end.stderr, end.stderr
    assert said in end.stderr and "relancez" in end.stderr


@pytest.mark.slow
@pytest.mark.parametrize("limit", [1_000, 40_000])  # full for checked data, then for reports
def test_a_full_disk_leaves_the_last_reports(folder, limit):
    whole = built(folder)
    limited = [sys.executable, "-c", LIMITED, str(limit), *BUILD, "--force"]
    end = subprocess.run(limited, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    refused(end, "disque plein")
    left = contents(folder / "reports")
    assert {name: left.get(name) for name in whole} == whole
    assert built(folder) == whole


def test_a_file_open_elsewhere_keeps_only_its_own_report_or_goes_with_the_next_build(folder):
    """Windows refuses to replace it, or to remove it; here a folder in its place makes the system refuse too."""
    add_notebook(folder, "2_retire")
    built(folder)
    edition = folder / "reports" / "2014-07-10"
    open_ = [edition / "17" / "1_essai.pdf", edition / "17" / "2_retire.pdf", edition / "index.html"]
    for held in open_:
        held.unlink()
        (held / "ouvert").mkdir(parents=True)
    (folder / "notebooks" / "2_retire.ipynb").unlink()
    publish_own(folder)
    end = run(folder, "build", "--territory", "79", "--territory", "17")
    for held in open_:
        refused(end if held != open_[2] else run(folder, *BUILD), f"{held}\u00a0: ")
        shutil.rmtree(held)
        if held == open_[1]:
            held.write_text("", encoding="utf-8")
    assert (edition / "79" / "1_essai.pdf").is_file()
    whole = built(folder)
    assert {"2014-07-10/17/1_essai.pdf", "2014-07-10/index.html"} < {*whole}
    assert "2_retire.pdf" not in "".join(whole) and verify(folder / "reports", "2014-07-10") == []


def test_reports_that_cannot_be_written_are_named(folder):
    (folder / "reports").write_text("", encoding="utf-8")
    refused(run(folder, *BUILD), f"{folder / 'reports'}\u00a0: ")
    end = run(folder, *BUILD, "--reports", "/proc/1/rapports")  # not even root may
    refused(end, "/proc/1/rapports\u00a0: ")


@pytest.mark.slow
def test_a_drive_that_goes_away_is_not_made_again(folder):
    add_notebook(folder, "2_attend", WAITS)
    build = Started(folder, *BUILD)
    build.until("busy")
    (folder / "reports").rename(folder / "ailleurs")
    (folder / "go").touch()
    assert build.left() == [] and build.process.returncode == 1
    said = build.process.stderr.read()
    assert "lecteur réseau, reconnectez-le, puis relancez" in said and "Traceback" not in said
    assert not (folder / "reports").exists()
    (folder / "ailleurs").rename(folder / "reports")
    assert f"reports/{MARK}" not in built(folder)
    assert verify(folder / "reports", "2014-07-10") == []


@pytest.mark.slow
def test_a_second_build_waits_for_the_first_and_one_killed_keeps_nobody(folder):
    add_notebook(folder, "2_attend", WAITS)
    killed = Started(folder, *BUILD)
    killed.until("busy")
    killed.process.send_signal(signal.SIGKILL)
    assert killed.left() == [] and (folder / "reports" / MARK).is_file()
    (folder / "busy").unlink()
    first = Started(folder, *BUILD)
    first.until("busy")
    second = Started(folder, *BUILD)
    said = second.process.stderr.readline()
    assert f"Le processus {first.process.pid} de " in said and "attente de sa fin" in said
    with (
        pytest.raises(StudyError, match=r"Rien n'est construit.* supprimez"),
        alone(folder / "reports", lambda told: None, minutes=0),
    ):
        pass
    (folder / "go").touch()
    for build in (first, second):
        assert build.left() == [] and build.process.returncode == 0
    assert not (folder / "reports" / MARK).exists()


@pytest.mark.parametrize("text", ["", "{", "[1, 2"])
def test_a_mark_cut_short_keeps_nobody(tmp_path, text):
    (tmp_path / MARK).write_text(text, encoding="utf-8")
    with alone(tmp_path, pytest.fail, minutes=0):
        assert json.loads((tmp_path / MARK).read_text(encoding="utf-8"))[1] == os.getpid()
    with pytest.raises(StudyError, match="remplacé pendant"), alone(tmp_path, pytest.fail):
        (tmp_path / MARK).unlink()


def test_checked_data_cut_short_are_read_again_whatever_the_dates_of_files(folder):
    (folder / "data" / "raw" / "programmation.csv").write_text(programmed(12), encoding="utf-8")
    add_notebook(
        folder, "2_lit", "from spls_study.tables import read_table", 'say(str(len(read_table(study, "programmation"))))'
    )
    whole = built(folder)
    table = folder / "data" / "processed" / "programmation.parquet"
    good = table.read_bytes()
    table.write_bytes(good[: len(good) // 2])
    for number, path in enumerate(folder.rglob("*")):  # a clock that went back, or was ahead
        os.utime(path, (0, 0) if number % 2 else (4e9, 4e9))
    end = run(folder, *BUILD)
    assert "tout est à jour" in end.stdout and table.read_bytes() == good
    assert contents(folder / "reports") == whole


def test_a_damaged_manifest_is_told_and_made_again(folder):
    whole = built(folder)
    file = folder / "reports" / "2014-07-10" / "manifest.json"
    text = file.read_text(encoding="utf-8")
    files, inputs = ('"fichiers": {', '"fichiers": 1, "x": {'), ('"entrees": {', '"entrees": [], "x": {')
    half = text[: len(text) // 2]
    for damaged in ("", "[1]", "[" * 100_000, half, text.replace(*files, 1), text.replace(*inputs, 1)):
        file.write_text(damaged, encoding="utf-8")
        with pytest.raises(StudyError, match="refaites l'édition par spls-study build"):
            verify(folder / "reports", "2014-07-10")
    end = run(folder, "diff", "2014-07-10", "2014-07-10")
    assert end.returncode == 1 and "manifeste illisible" in end.stderr
    assert built(folder) == whole


def test_a_rename_that_is_refused_is_tried_again(tmp_path, monkeypatch):
    """The system is told to refuse, as Windows does while an antivirus looks at a new file."""
    left = [PermissionError(), PermissionError()]
    replace = os.replace

    def refuses_twice(*names):
        if left:
            raise left.pop()
        replace(*names)

    monkeypatch.setattr(os, "replace", refuses_twice)
    write_atomic(tmp_path / "a" / "b.html", "été\n")
    assert (tmp_path / "a" / "b.html").read_bytes() == "été\n".encode() and not left
    with pytest.raises(OSError):
        write_atomic(tmp_path / "a", "nouveau")  # a folder stands there
    assert [*contents(tmp_path)] == ["a/b.html"]


def test_what_a_dead_process_was_writing_is_swept_and_nothing_else(tmp_path):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / f".b.html.{dead.pid}.part").write_bytes(b"<p")
    kept = [tmp_path / f".c.html.{os.getpid()}.part", tmp_path / ".d.part", tmp_path / "e.html"]
    for path in kept:
        path.write_bytes(b"<p")
    earlier = tmp_path / f".f.html.{os.getpid()}.part"  # of a process that had our number
    earlier.write_bytes(b"<p")
    os.utime(earlier, (0, 0))
    sweep(tmp_path)
    assert sorted(p for p in tmp_path.rglob("*") if p.is_file()) == sorted(kept)


BUSY = "from pathlib import Path; import time; Path(f'busy_{territoire}').touch(); time.sleep(300)"
TWO = ("build", "--territory", "79", "--territory", "region")


SIGNALS = [(signal.SIGTERM, False), (signal.SIGINT, True), (signal.SIGKILL, False), (signal.SIGKILL, True)]


@pytest.mark.parametrize(
    ("number", "group", "way"),
    quickly(
        [(*one, way) for one in SIGNALS for way in ("fork", "spawn")],
        (signal.SIGTERM, False, "fork"),
        (signal.SIGKILL, False, "fork"),
    ),
)
def test_a_signal_ends_a_build_with_all_that_its_notebooks_started(tmp_path, number, group, way):
    folder, temporary = small_study(tmp_path / "etude"), tmp_path / "tmp"
    temporary.mkdir()
    add_notebook(folder, "1_essai", STAYS, BUSY)
    build = Started(folder, *TWO, "--jobs", "2", way=way, TMPDIR=str(temporary))
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


@pytest.mark.slow
def test_twenty_kills_leave_files_whole_and_a_build_mends_all(folder, record_property):
    """Two states of the study take turns, so that each build has all to write again."""
    add_notebook(folder, "2_tableau", SHOWN)
    (folder / "data" / "raw" / "programmation.csv").write_text(programmed(*range(1, 100)), encoding="utf-8")
    clean, chance, groups = [], random.Random(8), cycle((True, False))
    for number in range(22):
        state = number % 2
        if number:
            swap(folder / "study.toml", TITLES[1 - state], TITLES[state])
        start = time.monotonic()
        build = Started(folder, *TWO[:3])
        if number < 2:
            assert build.left() == [] and build.process.returncode == 0
            length = time.monotonic() - start
            clean.append(contents(folder / "reports"))
            shutil.rmtree(folder / "reports")
            continue
        time.sleep(chance.uniform(0, length))
        (os.killpg if next(groups) else os.kill)(build.process.pid, signal.SIGKILL)
        assert build.left() == []
        there = contents(folder / "reports")
        for name in {*clean[0], *clean[1]} & {*there}:
            assert there[name] in (clean[0][name], clean[1][name]), name
        record_property("arrêts brutaux survécus", 1)
    assert Started(folder, *TWO[:3]).left() == []
    assert contents(folder / "reports") == clean[state]
    assert not list(folder.rglob(".*.part"))
