"""Parameters are refused before any kernel starts, naming notebook and parameter."""

from pathlib import Path

import nbformat
import pytest
from publishing import PARAMETERS, notebook, publication

from notebook_reports.build import build
from notebook_reports.errors import StudyError, UsageError
from notebook_reports.parameters import check_parameters
from notebook_reports.publication import runs


def file_with(folder: Path, parameters: str | None) -> Path:
    path = folder / "1_essai.ipynb"
    nbformat.write(notebook("# Essai", parameters=parameters), path)
    return path


def test_the_two_parameters_as_texts_are_accepted(tmp_path: Path) -> None:
    check_parameters([file_with(tmp_path, "# choix\n" + PARAMETERS)])


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (None, "aucune cellule"),
        ('etude = "x"', "manquant\u00a0: «\u00a0territoire"),
        ('etude = "x"\nteritoire = "17"', "inconnu\u00a0: «\u00a0teritoire\u00a0» .voulait-on «\u00a0territoire"),
        (PARAMETERS + '\nannee = "2013"', "inconnu\u00a0: «\u00a0annee"),
        ('etude = "x"\nterritoire = 17', "«\u00a0territoire\u00a0»\u00a0: un texte"),
        ('etude = "x"\nterritoire = str(17)', "ne doit contenir"),
        ("import os\n" + PARAMETERS, "ne doit contenir"),
        ("etude = ", "ne doit contenir"),
    ],
)
def test_a_fault_names_notebook_and_parameter(tmp_path: Path, parameters: str | None, message: str) -> None:
    with pytest.raises(StudyError, match=rf"1_essai\.ipynb\u00a0: .*{message}"):
        check_parameters([file_with(tmp_path, parameters)])


def test_a_file_that_is_no_notebook_is_said(tmp_path: Path) -> None:
    (tmp_path / "1_x.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(StudyError, match=r"1_x\.ipynb\u00a0: carnet illisible"):
        check_parameters([tmp_path / "1_x.ipynb"])


def test_one_bad_notebook_stops_the_build_before_a_kernel(tmp_path: Path) -> None:
    proof = 'open("lance", "w").close()'
    given = publication(
        tmp_path / "e", _1_bon=notebook("# Bon", proof), _2_faux=notebook("# Faux", parameters='etude = "x"')
    )
    with pytest.raises(StudyError, match="2_faux"):
        build(given, runs(given))
    assert not (tmp_path / "e" / "lance").exists() and not any(given.reports.rglob("*"))


def test_runs_are_chosen_by_code_name_or_number(tmp_path: Path) -> None:
    book = notebook("# a")
    given = publication(tmp_path / "e", _10_c=book, _2_b=book, _1_a=book, brouillon=book)
    assert [r.name for r in runs(given, ["2A"])] == ["2A/1_a", "2A/2_b", "2A/10_c"]
    assert [r.name for r in runs(given, ["2A"], ["2", "10_c"])] == ["2A/2_b", "2A/10_c"]
    with pytest.raises(UsageError, match=r"99.*region, 2A"):
        runs(given, ["99"])
    with pytest.raises(UsageError, match="«\u00a03\u00a0»"):
        runs(given, None, ["3"])
