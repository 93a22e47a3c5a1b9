"""A cell that hangs stops its own report, with a sentence, and no other."""

import multiprocessing
from pathlib import Path

import nbformat
import pytest
from command import SHOW, add_notebook, publish_own, run, small_study
from publishing import notebook
from typer.testing import CliRunner

from notebook_reports import execute
from spls_study.cli import app

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


def test_what_tags_keep_out_of_a_report_is_in_none_of_its_files(tmp_path: Path) -> None:
    folder = small_study(tmp_path)
    tagged = {
        "print('retiré')": "remove-cell",
        "print('tu' * 2)": "remove-output",
        "print('montré')": "",
        "1/0": "raises-exception",
    }
    book = notebook("# Essai", SHOW, *tagged, "print('après')")
    for cell in book.cells:
        cell.metadata.tags = [*cell.metadata.get("tags", []), *filter(None, [tagged.get(cell.source)])]
    nbformat.write(book, folder / "notebooks" / "2_tags.ipynb")
    publish_own(folder)
    done = run(folder, "build", "--territory", "16", "--notebook", "2")
    assert done.returncode == 0, done.stderr
    place = folder / "reports" / "2014-07-10" / "16"
    html = (place / "2_tags.html").read_text(encoding="utf-8")
    shown = nbformat.read(place / "notebooks" / "2_tags.ipynb", as_version=4)
    texts = [o.text for cell in shown.cells for o in cell.get("outputs", []) if o.output_type == "stream"]
    assert texts == ["montré\n", "après\n"]
    assert "retiré" not in html and "tutu" not in html
    assert "montré" in html and "print(" not in html  # code is for the analyst, folded
    assert all(c.metadata.jupyter.source_hidden for c in shown.cells if c.cell_type == "code")
    assert not [cell for cell in shown.cells if "retiré" in cell.source]


def test_a_notebook_may_ask_for_an_ordinary_kernel(tmp_path: Path) -> None:
    folder = small_study(tmp_path)
    asks = "from ipykernel.kernelapp import IPKernelApp; print('noyau', IPKernelApp.initialized())"
    add_notebook(folder, "2_noyau", asks)
    told = []
    for option in ([], ["--engine", "jupyter"]):
        assert run(folder, "build", "--territory", "16", "--force", *option).returncode == 0
        told.append((folder / "reports/2014-07-10/16/2_noyau.html").read_text(encoding="utf-8"))
    assert "noyau False" in told[0] and "noyau True" in told[1]


def test_an_exit_in_a_notebook_leaves_its_last_report(tmp_path: Path) -> None:
    folder = small_study(tmp_path)
    assert run(folder, "build", "--territory", "16").returncode == 0
    report = folder / "reports/2014-07-10/16/1_essai.html"
    before = report.read_bytes()
    add_notebook(folder, "1_essai", "import sys; sys.exit()", "print('jamais')")
    done = run(folder, "build", "--territory", "16")
    assert done.returncode == 1 and "cellule 3\u00a0:\n    import sys; sys.exit()\n    SystemExit\n" in done.stderr
    assert report.read_bytes() == before
