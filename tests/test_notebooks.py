"""The committed notebooks: thin, clean, with the demonstration's outputs (nbval checks these)."""

import ast
from pathlib import Path

import pytest

from notebook_reports import notebook as nb

FOLDER = Path(__file__).parent.parent / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("[0-9]*_*.ipynb"))
stored = pytest.mark.parametrize("file", sorted(FOLDER.glob("*.ipynb")), ids=lambda f: f.stem)
every = pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)


def code(file: Path) -> list:
    return [cell for cell in nb.read(file).cells if cell.cell_type == "code"]


def test_they_take_the_two_parameters():
    assert len(NOTEBOOKS) == 6
    nb.check_parameters(NOTEBOOKS)


@stored
def test_no_function_nor_class_is_defined_in_a_notebook(file):
    for cell in code(file):
        kinds = {type(node) for node in ast.walk(ast.parse(cell.source))}
        assert not kinds & {ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda}


@stored
def test_they_are_stored_as_the_build_cleans_them(file):
    stored = nb.read(file)
    assert nb.write(nb.clean(stored)) == file.read_text(encoding="utf-8")
    assert any(cell.outputs for cell in code(file))


@every
def test_each_figure_is_checked_by_nbval_through_its_html(file):
    """nbval passes over images: the drawing must also stand in the HTML, which it compares."""
    figures = [o.data for o in nb.outputs(nb.read(file)) if "image/svg+xml" in o.get("data", {})]
    for data in figures:
        assert data["image/svg+xml"] in data["text/html"]
