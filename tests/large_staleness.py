"""`make staleness`: the study's own notebooks, in a copy of the program that is itself changed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from changes import ROOT, everywhere, of_row, swap
from staleness import build, follow

ALL = everywhere("1", "2", "3", "4", "5", "6")
CHANGES = {
    "nothing": (lambda root: None, set()),
    "an account of Charente": (
        of_row("comptes.csv", "date_demande", "24/06/2014", compte="C019"),
        {"16/3", "16/6", "region/3", "region/6"},
    ),
    "a sentence": (swap("notebooks/5_deploiement.ipynb", "# ", "# D'ici l'automne, "), everywhere("5")),
    "reference data": (swap("data/reference/departements.csv", "353657", "353658"), everywhere("1")),
    "a module": (swap("spls_study/analysis/deploiement/charte.py", '"""The', '"""La'), ALL),
    "a template": (swap("notebook_reports/templates/page.html.j2", "<footer>", "<footer >"), ALL),
    "the lock": (swap("requirements.lock", "\n", "\n# relu\n"), ALL),
}


def command(root: Path, arguments: list[str]) -> None:
    env = {**os.environ, "PYTHONPATH": str(root), "PYTHONUTF8": "1"}
    subprocess.run([sys.executable, "-m", "spls_study", *arguments], cwd=root, env=env, check=True)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copie")
    for name in ("spls_study", "notebooks", "data/raw", "data/reference", "data/relecture", "docs"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("study.toml", "requirements.lock"):
        shutil.copy(ROOT / name, folder)
    assert build(folder, command) == ALL
    return folder


@pytest.mark.parametrize("what", CHANGES)
def test_what_changed_runs_again_and_nothing_else(root: Path, what: str) -> None:
    follow(root, command, *CHANGES[what], ALL)
