"""Any account, any folder for temporary files, any console: the reports are built, and nothing English is said."""

import os
import shutil
import subprocess
import sys

import pytest
from command import COMMAND, contents, quickly, run, small_study

from conftest import ROOT
from notebook_reports import processes

pytestmark = pytest.mark.reports
BUILD = ("build", "--territory", "79")
LONG = 90  # characters of a temporary folder: sockets' paths have 107 in all
NOWHERE = "/nonexistent"


def bare(folder, environment, *command):
    """The command as in an account that has just been made."""
    env = {"PATH": os.defpath, "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, encoding="utf-8", check=False)


ACCOUNTS = {
    "fresh": f"HOME=~ LANG=C XDG_DATA_HOME={NOWHERE}",
    "absent": f"HOME={NOWHERE}",
    "none": "",
    "runtime": f"HOME=~ JUPYTER_RUNTIME_DIR={NOWHERE}",
    "jupyter": "HOME=~",
}


@pytest.mark.slow
@pytest.mark.parametrize("account", ACCOUNTS)
def test_a_report_is_built_in_any_account_with_nothing_on_standard_error(tmp_path, account):
    """What IPython would run at its start is not, nothing is written in the home, no temporary file stays."""
    home, temporary = tmp_path / "compte", tmp_path / ("t" * max(1, LONG - len(str(tmp_path)) - 1))
    startup = home / ".ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    temporary.mkdir()
    (startup / "0.py").write_text("print('démarrage')", encoding="utf-8")
    environment = dict(word.split("=") for word in ACCOUNTS[account].replace("~", str(home)).split())
    options = ("--engine", "jupyter") if account == "jupyter" else ()
    folder = small_study(tmp_path / "etude")
    done = bare(folder, {"TMPDIR": str(temporary), **environment}, *COMMAND, *BUILD, *options)
    assert (done.returncode, done.stderr) == (0, "")
    place = folder / "reports" / "2014-07-10" / "79"
    assert (place / "1_essai.pdf").is_file()
    assert "démarrage" not in (place / "1_essai.html").read_text(encoding="utf-8")
    assert [*contents(home)] == [".ipython/profile_default/startup/0.py"] and contents(temporary) == {}


# Root writes where it has no right to: without this power, it is an account like another.
AS_OTHERS = ("setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("sh") is None, reason="no rights on folders")
def test_an_account_without_rights_on_its_home_builds_under_a_strict_mask(tmp_path):
    folder = small_study(tmp_path / "etude")
    home = tmp_path / "compte"
    home.mkdir(mode=0o555)
    prefix = AS_OTHERS if os.getuid() == 0 else ()
    refused = bare(folder, {}, *prefix, "sh", "-c", f"echo > '{home}/essai'")
    assert refused.returncode != 0
    command = f"umask 077; '{sys.executable}' -m spls_study build --territory 79"
    done = bare(folder, {"HOME": str(home)}, *prefix, "sh", "-c", command)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("way", quickly(["fork", "spawn", "jupyter"], "fork"))
def test_a_run_that_never_begins_says_its_last_word(tmp_path, monkeypatch, way):
    """A process that cannot start, as where a library is broken."""
    folder = small_study(tmp_path / "etude")
    broken = tmp_path / "bibliotheques" / "ipykernel"
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text("raise ImportError('DLL load failed')", encoding="utf-8")
    processes.end_all()
    monkeypatch.setattr(processes, "default_way", lambda: way)
    monkeypatch.setenv("PYTHONPATH", str(broken.parent))
    done = run(folder, *BUILD)
    assert done.returncode == 1
    assert "Son processus n'a jamais répondu\u00a0: aucune cellule n'a été exécutée. Il a dit\u00a0: «" in done.stderr
    assert "DLL load failed" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("own", [True, False])
def test_a_build_gives_the_same_bytes_whatever_runs_the_cells_and_no_word_of_jupyter(own, tmp_path, monkeypatch, capfd):
    """Forked, as on Windows and macOS, by an ordinary kernel: a tiny notebook, and two of the study's.

    Of all six, `test_setup` compares what is stored with what forked cells show, and nbval with an ordinary kernel's.
    """
    folder, asked = (small_study(tmp_path / "etude"), ()) if own else (ROOT, ("--notebook", "1", "--notebook", "6"))
    found = []
    for name in ("fork", "spawn", "jupyter"):
        monkeypatch.setattr(processes, "default_way", lambda name=name: name)
        done = run(folder, *BUILD, *asked, "--reports", str(tmp_path / name))
        assert (done.returncode, done.stderr) == (0, "")
        found.append(contents(tmp_path / name))
        found[-1].pop(".etudes.json")
        assert found[-1] == found[0]
    assert capfd.readouterr().err == ""


def test_a_console_without_a_character_gets_the_nearest_or_its_number():
    text = "1\u202f584 logements\u202f; −3 «\u00a0cœur\u00a0» 漢 \ud800"
    told = {
        "cp1252": "1\u00a0584 logements\u00a0; -3 «\u00a0cœur\u00a0» \\u6f22 \\ud800",
        "cp850": "1\u00a0584 logements\u00a0; -3 «\u00a0coeur\u00a0» \\u6f22 \\ud800",
        "utf-8": text.replace("\ud800", "\\ud800"),
    }
    program = f"import sys; from spls_study.cli import main; sys.argv[1:] = ['build', '--edition', {text!r}]; main()"
    for encoding, expected in told.items():
        env = {**os.environ, "PYTHONIOENCODING": encoding}
        done = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, check=False)
        assert done.returncode == 2 and done.stderr.decode(encoding).rstrip("\r\n").endswith(expected + ".")
