"""Tiny notebooks for the tests of notebook_reports: one per behaviour, made of `show` blocks."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from notebook_reports.blocks import Block
from notebook_reports.publication import Publication
from spls_study.program import PROGRAM

PARAMETERS = 'etude = "study.toml"\nterritoire = "region"'


def notebook(*sources: str, parameters: str | None = PARAMETERS) -> nbformat.NotebookNode:
    """Text that begins with `#` or `md:` is Markdown, the rest is code."""
    cells = [_cell(source) for source in sources]
    if parameters is not None:
        cells.insert(1, new_code_cell(parameters, metadata={"tags": ["parameters"]}))
    for number, cell in enumerate(cells):
        cell.id = f"c{number}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def _cell(source: str) -> nbformat.NotebookNode:
    if source.startswith(("#", "md:")):
        return new_markdown_cell(source.removeprefix("md:"))
    return new_code_cell(source)


def executed(title: str, blocks: Sequence[Block]) -> nbformat.NotebookNode:
    """A notebook as if a kernel had shown these blocks."""
    cells = [new_markdown_cell(title)]
    for block in blocks:
        bundle = block._repr_mimebundle_()
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        output = new_output("display_data", data=data, metadata=metadata)
        cells.append(new_code_cell("montre()", outputs=[output]))
    for number, cell in enumerate(cells):
        cell.id = f"c{number}"
    return new_notebook(cells=cells)


def publication(folder: Path, **notebooks: nbformat.NotebookNode) -> Publication:
    """A folder with a study file and notebooks `_1_x` → `1_x.ipynb`, for two territories."""
    (folder / "notebooks").mkdir(parents=True)
    (folder / "study.toml").write_text("", encoding="utf-8")
    for name, book in notebooks.items():
        nbformat.write(book, folder / "notebooks" / f"{name.removeprefix('_')}.ipynb")
    return Publication(
        program=PROGRAM,
        file=folder / "study.toml",
        title="Étude <b>",
        edition=date(2014, 7, 10),
        territories={"region": "Région", "2A": "Corse-du-Sud"},
        notebooks=folder / "notebooks",
        reports=folder / "reports",
        cite=lambda: ["Galion & SISAL"],
        fictitious=True,
    )
