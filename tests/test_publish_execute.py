"""A kernel that dies or hangs stops its own report, with a sentence, and no other."""

import multiprocessing
from pathlib import Path

import pytest
from command import add_notebook, run, small_study
from typer.testing import CliRunner

from spls_study.cli import app
from spls_study.publish import execute

DIES = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
HANGS = {
    "2_boucle": "while True: pass",
    "3_attente": "import time; time.sleep(600)",
    "4_sourd": """import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
while True: pass""",
}


def test_a_kernel_that_dies_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    folder = small_study(tmp_path)
    add_notebook(folder, "2_tue", "1 + 1", DIES)
    add_notebook(folder, "3_apres")
    done = run(folder, "build", "--territory", "16")
    assert done.returncode == 1
    assert done.stderr.endswith(
        "Échec\u00a0: 2_tue.ipynb, territoire 16, cellule 4\u00a0:\n"
        f"    {DIES}\n"
        "    Le noyau s'est arrêté de lui-même\u00a0: mémoire épuisée, ou arrêt forcé.\n"
        f"    carnet partiel\u00a0: {folder}/reports/2014-07-10/16/notebooks/2_tue.echec.ipynb\n"
    )
    assert "Traceback" not in done.stderr and "Kernel died" not in done.stderr
    published = {p.name for p in (folder / "reports" / "2014-07-10" / "16").glob("*.pdf")}
    assert published == {"1_essai.pdf", "3_apres.pdf"}


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
            "    La cellule n'a pas fini en 5 secondes\u00a0: son noyau a été arrêté."
        ) in done.output, done.output
    assert not multiprocessing.active_children()
