"""The committed notebooks: thin, clean, with the demonstration's outputs (nbval checks these); the commit hook."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml
from command import notebook

from demo.stored import cleaned as hooked
from notebook_reports import notebook as nb

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("[0-9]*_*.ipynb"))


def test_they_take_the_two_parameters():
    assert len(NOTEBOOKS) == 6
    nb.check_parameters(NOTEBOOKS)


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.ipynb")), ids=lambda file: file.stem)
def test_they_define_nothing_are_stored_as_the_build_cleans_them_and_nbval_checks_their_figures(file):
    stored = nb.read(file)
    code = [cell for cell in stored.cells if cell.cell_type == "code"]
    kinds = {type(node) for cell in code for node in ast.walk(ast.parse(cell.source))}
    assert not kinds & {ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda}
    assert nb.write(nb.clean(stored)) == file.read_text(encoding="utf-8")
    assert any(cell.outputs for cell in code)
    # nbval passes over images: a drawing must also stand in the HTML, which it compares.
    figures = [o.data for o in nb.outputs(stored) if "image/svg+xml" in o.get("data", {})]
    assert all(data["image/svg+xml"] in data["text/html"] for data in figures)


def test_the_hook_cleans_a_notebook_once_and_leaves_the_committed_ones(tmp_path):
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    [hook] = config["repos"][0]["hooks"]
    program, *rest = hook["entry"].split()
    assert program == "python"

    def run(*files):
        command = [sys.executable, *rest, *map(str, files)]
        return subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode

    committed = sorted(FOLDER.glob("*.ipynb"))
    before = [f.read_bytes() for f in committed]
    assert all(re.search(hook["files"], f.relative_to(ROOT).as_posix()) for f in committed)
    dirty, book = tmp_path / "carnet.ipynb", notebook("# Essai", "1")
    book.cells[2].execution_count = 3
    nbformat.write(book, dirty)
    assert run(*committed, dirty) == 1 and not hooked(dirty)
    assert [f.read_bytes() for f in committed] == before
    assert dirty.read_text(encoding="utf-8") == nb.write(nb.clean(book))
