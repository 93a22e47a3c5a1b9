"""Running one notebook: its parameters in, a clean record out."""

import sys
from pathlib import Path

from nbformat import NotebookNode

from notebook_reports import engine
from notebook_reports.engine import CellError

from ..errors import advice
from ..study import PACKAGE
from .libraries import LIBRARIES
from .notebook import bare, clean, read

CELL_SECONDS = 600  # beyond which a cell is taken to hang


def execute(
    file: Path, folder: Path, parameters: dict[str, str], way: str = ""
) -> tuple[NotebookNode, CellError | None]:
    """The notebook as executed and cleaned, in full or up to the cell that failed.

    Its metadata keep what it opened (`engine.OPENED`), as the engine told it.

    Parameters
    ----------
    folder
        Where cells run.
    way
        `jupyter`: in an ordinary kernel.
    """
    try:
        executed, failure = engine.execute(
            bare(file), folder, parameters, engine=way, preload=LIBRARIES, seconds=CELL_SECONDS
        )
    except OSError as error:
        executed, failure = read(file), CellError(0, "", advice(error))
    paths = hidden(folder)
    if failure is not None:
        told = failure.error
        for path, name in paths.items():
            told = told.replace(path, name)
        failure = CellError(failure.cell, failure.line, told)
    return clean(executed, paths), failure


def hidden(folder: Path) -> dict[str, str]:
    """Paths of this machine, the longest first → what a reader sees instead."""
    paths = {PACKAGE: PACKAGE.name, folder: ".", Path(sys.prefix): "python", Path(sys.base_prefix): "python", **_home()}
    inner = sorted((p for p in paths if len(p.parts) > 1), key=lambda p: -len(str(p)))
    return {str(path): paths[path] for path in inner}


def _home() -> dict[Path, str]:
    try:
        return {Path.home(): "~"}
    except RuntimeError:  # an account without a home
        return {}
