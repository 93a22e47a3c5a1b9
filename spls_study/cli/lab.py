"""`lab`: JupyterLab on the launcher notebook."""

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .app import app, tell
from .data import checked_of
from .options import Reports, StudyFiles, reports_of, studies_of
from .publication import publication_of

if TYPE_CHECKING:
    from ..study import Study

LAUNCHER = "lanceur.ipynb"


@app.command()
def lab(
    options: Annotated[
        list[str] | None, typer.Argument(metavar="[-- OPTIONS]", help="Options de JupyterLab, après «\u00a0--\u00a0».")
    ] = None,
    study: StudyFiles = None,
    reports: Reports = None,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Donne l'adresse sans ouvrir de navigateur.")
    ] = False,
) -> None:
    """Ouvre JupyterLab sur le carnet lanceur, prêt à explorer."""
    from jupyterlab.labapp import LabApp

    from ..study import PACKAGE

    chosen = studies_of(study)[0]
    checked_of(chosen, reports_of(study, reports), strict=False)
    os.environ.update(publication_of(chosen, reports_of(study, reports)).environment)
    # JupyterLab asks its makers' servers for news, updates and extensions: ours works offline.
    settings = [str(PACKAGE / "lab" / "config"), os.environ.get("JUPYTER_CONFIG_PATH", "")]
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, settings))
    silent = no_browser or not _has_display()
    tell(
        "JupyterLab s'ouvre sur le carnet lanceur. "
        + ("Son adresse suit\u202f; " if silent else "")
        + "Ctrl-C l'arrête."
    )
    signal.signal(signal.SIGINT, signal.default_int_handler)  # to end is not to be stopped
    LabApp.launch_instance(
        [
            f"--ServerApp.root_dir={chosen.root}",
            f"--LabApp.default_url=/lab/tree/{launcher(chosen).relative_to(chosen.root).as_posix()}",
            # Its server has threads: no kernel may be forked from it.
            "--KernelSpecManager.allowed_kernelspecs=python3",
            "--ServerApp.answer_yes=True",
            "--LabApp.extension_manager=readonly",
            "--log-level=WARN",
            *["--no-browser"] * silent,
            *(options or ()),
        ]
    )


def launcher(study: "Study") -> Path:
    """The study's own launcher; a study without one gets a copy beside its study.toml."""
    from ..files import write_atomic
    from ..publish.notebook import read, tags, write
    from ..study import NOTEBOOKS

    own, copy = study.root / "notebooks" / LAUNCHER, study.root / LAUNCHER
    if own.is_file() or copy.is_file():
        return own if own.is_file() else copy
    notebook = read(NOTEBOOKS / LAUNCHER)
    for cell in notebook.cells:
        if "parameters" in tags(cell):
            cell.source = cell.source.replace("../study.toml", study.file.name)
    write_atomic(copy, write(notebook))
    return copy


def _has_display() -> bool:
    return sys.platform != "linux" or bool({"DISPLAY", "WAYLAND_DISPLAY"} & set(os.environ))
