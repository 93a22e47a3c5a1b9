"""A cell that hangs stops its own report, with a sentence, and no other."""

import multiprocessing
from pathlib import Path

import pytest
from command import add_notebook, small_study
from typer.testing import CliRunner

from spls_study.cli import app
from spls_study.publish import execute

HANGS = {
    "2_boucle": "while True: pass",
    "3_attente": "import time; time.sleep(600)",
    "4_sourd": """import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
while True: pass""",
}


def test_a_cell_that_hangs_is_stopped_and_the_others_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = small_study(tmp_path)
    for name, source in HANGS.items():
        add_notebook(folder, name, source, "'jamais'")
    monkeypatch.setattr(execute, "CELL_SECONDS", 5)
    done = CliRunner().invoke(app, ["build", "--study", str(folder / "study.toml"), "--territory", "16", "--jobs", "4"])
    assert done.exit_code == 1
    assert "1 rapport(s) publié(s), 0 à jour, 3 en échec." in done.output
    for name, source in HANGS.items():
        assert (
            f"{name}.ipynb, territoire 16, cellule 3\u00a0:\n    {source.splitlines()[-1]}\n"
            "    La cellule n'a pas fini en 5 secondes\u00a0: son processus a été arrêté."
        ) in done.output, done.output
    assert not multiprocessing.active_children()
