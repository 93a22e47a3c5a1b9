"""A study without notebooks is given its own, which its build then runs."""

from pathlib import Path

import nbformat
from command import run, small_study

from notebook_reports import notebook as nb
from notebook_reports.publication import numbered
from spls_study.cli.lab import own_notebooks
from spls_study.study import NOTEBOOKS, Study, load_study

ROOT = Path(__file__).parent.parent


def test_a_study_without_notebooks_gets_copies_without_outputs(study: Study) -> None:
    copies = own_notebooks(study)
    assert [f.name for f in copies] == [f.name for f in numbered(NOTEBOOKS)]
    for copy in copies:
        ours = nb.read(NOTEBOOKS / copy.name)
        assert [c.source for c in nb.read(copy).cells] == [c.source for c in ours.cells]
        assert not any(c.get("outputs") for c in nb.read(copy).cells)
    copies[0].write_text("à moi", encoding="utf-8")
    assert own_notebooks(study) == []
    assert copies[0].read_text(encoding="utf-8") == "à moi"
    assert own_notebooks(load_study(ROOT / "study.toml")) == []


def test_the_build_runs_the_copy_that_was_changed(tmp_path: Path) -> None:
    folder = small_study(tmp_path)
    for file in (folder / "notebooks").iterdir():
        file.unlink()
    toml = folder / "study.toml"
    toml.write_text(toml.read_text(encoding="utf-8").partition("[publication]")[0], encoding="utf-8")
    [copy] = [f for f in own_notebooks(load_study(toml)) if f.stem == "5_deploiement"]
    book = nb.read(copy)
    book.cells.append(nbformat.v4.new_markdown_cell("## Une rubrique ajoutée"))
    copy.write_text(nb.write(book), encoding="utf-8")
    done = run(folder, "build", "--territory", "17", "--notebook", "5")
    assert done.returncode == 0, done.stderr
    report = folder / "reports" / "2014-07-10" / "17" / "5_deploiement.html"
    assert "Une rubrique ajoutée" in report.read_text(encoding="utf-8")
