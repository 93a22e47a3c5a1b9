"""One run: a notebook executed for a territory; all its files, in memory until each is there."""

import sys
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter

from nbformat import NotebookNode

from . import engine
from . import manifest as record
from . import notebook as nb
from .errors import CellError, StudyError, advice
from .files import digest
from .french import long_date, weight
from .freshness import UNSEEN, read_by
from .notebook import bare, clean, read
from .opened import OPENED, may_be_unseen
from .publication import INDEX, STATEMENT, Program, Publication, Run
from .tables import named, to_csv

CELL_SECONDS = 600  # beyond which a cell is taken to hang


def execute(
    file: Path, folder: Path, parameters: dict[str, str], program: Program, way: str = ""
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
            bare(file), folder, parameters, engine=way, preload=program.libraries, seconds=CELL_SECONDS
        )
    except OSError as error:
        executed, failure = read(file), CellError(0, "", advice(error))
    paths = hidden(folder, program)
    if failure is not None:
        told = failure.error
        for path, name in paths.items():
            told = told.replace(path, name)
        failure = CellError(failure.cell, failure.line, told)
    return clean(executed, paths), failure


def hidden(folder: Path, program: Program) -> dict[str, str]:
    """Paths of this machine, the longest first → what a reader sees instead."""
    python = dict.fromkeys((Path(sys.prefix), Path(sys.base_prefix)), "python")
    paths = {**{home: home.name for home in program.homes}, folder: ".", **python}
    with suppress(RuntimeError):  # an account without a home
        paths[Path.home()] = "~"
    inner = sorted((p for p in paths if len(p.parts) > 1), key=lambda p: -len(str(p)))
    return {str(path): paths[path] for path in inner}


@dataclass(frozen=True)
class Result:
    """Path below the edition's folder → content (of a run that failed, its partial notebook); name → SHA-256 of what
    was read; seconds."""

    files: dict[str, bytes]
    read: dict[str, str] = field(default_factory=dict)
    failure: CellError | None = None
    seconds: float = 0.0


def carry_out(publication: Publication, run: Run) -> Result:
    """Execute the notebook for the territory; report, tables and record derive from it."""
    start = perf_counter()
    return replace(_result(publication, run), seconds=perf_counter() - start)


def _result(publication: Publication, run: Run) -> Result:
    parameters = {"etude": publication.file.name, "territoire": run.territory}
    here, program = publication.file.parent, publication.program
    whole, failure = execute(run.notebook, here, parameters, program, publication.engine)
    read = read_by(whole.metadata.pop(OPENED, {}), publication)
    whole.metadata[OPENED] = [*read]
    if any(may_be_unseen(cell.source) for cell in whole.cells if cell.cell_type == "code"):
        read[UNSEEN] = ""
    public = nb.published(whole)
    partial = nb.write(public).encode()
    if failure is not None:
        return Result({run.partial_path: partial}, failure=failure)
    try:
        reports = _reports(public, run, publication, digest(partial)[: record.CODE])
        internal = nb.published(whole, internal=True)
        tables = _tables(run.territory, public) | _tables(f"interne/{run.territory}", internal)
    except StudyError as error:
        return Result({run.partial_path: partial}, failure=CellError(0, "", str(error)))
    return Result({**reports, run.notebook_path: partial, **tables}, read)


def _reports(notebook: NotebookNode, run: Run, publication: Publication, code: str) -> dict[str, bytes]:
    from .rendering import TEMPLATES_OF, TITLES, to_html, to_pdf  # slow to import

    resources = {
        "metadata": {"name": run.notebook.stem},
        TEMPLATES_OF: publication.templates,
        TITLES: publication.program.titles,
        "accessibilite": f"../{STATEMENT}",
        "code": f", code {code} ({publication.program.name} {publication.program.version})",
    }
    pdf = to_pdf(notebook, resources)
    resources["liens"] = {
        f"Édition du {long_date(publication.edition)}": f"../{INDEX}",
        f"Rapports\u00a0: {publication.territories[run.territory]}": f"../{INDEX}#t-{run.territory}",
        f"PDF, {weight(len(pdf))}": f"{run.notebook.stem}.pdf",
    }
    return {f"{run.name}.html": to_html(notebook, resources).encode(), f"{run.name}.pdf": pdf}


def _tables(folder: str, executed: NotebookNode) -> dict[str, bytes]:
    return {f"{folder}/tables/{named(t)}.csv": to_csv(t).encode() for t in nb.tables(executed).values()}
