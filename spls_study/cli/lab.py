"""`lab`: JupyterLab on the study's notebooks."""

import os
import shutil
import signal
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from .app import Command, app, tell
from .data import checked_of
from .options import Reports, StudyFiles, reports_of, studies_of

if TYPE_CHECKING:
    from ..study import Study


@app.command(cls=Command)
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
    """Ouvre JupyterLab sur les carnets de l'étude, à lire et à changer.

    Une étude qui n'a pas de carnets en reçoit une copie, que build exécute ensuite.
    """
    from jupyterlab.labapp import LabApp

    chosen = studies_of(study)[0]
    checked_of(chosen, reports_of(study, reports), strict=False)
    for file in own_notebooks(chosen):
        tell(f"Carnet copié\u00a0: {file}")
    silent = no_browser or not _has_display()
    tell(
        "JupyterLab s'ouvre sur les carnets de l'étude. "
        + ("Son adresse suit\u202f; " if silent else "")
        + "Ctrl-C l'arrête."
    )
    signal.signal(signal.SIGINT, signal.default_int_handler)  # to end is not to be stopped
    with TemporaryDirectory() as settings:
        # JupyterLab asks its makers' servers for news, updates and extensions: ours works offline.
        (Path(settings) / "labconfig").mkdir()
        shutil.copy(Path(__file__).parent / "page_config.json", Path(settings) / "labconfig")
        known = os.environ.get("JUPYTER_CONFIG_PATH", "")
        os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, [settings, known]))
        LabApp.launch_instance(
            [
                f"--ServerApp.root_dir={chosen.root}",
                "--LabApp.default_url=/lab/tree/notebooks",
                # Its server has threads: no kernel may be forked from it.
                "--KernelSpecManager.allowed_kernelspecs=python3",
                "--ServerApp.answer_yes=True",
                "--LabApp.extension_manager=readonly",
                "--log-level=WARN",
                *["--no-browser"] * silent,
                *(options or ()),
            ]
        )


def own_notebooks(study: "Study") -> list[Path]:
    """Copy the project's notebooks into a study that has none, without outputs: these are of other data.

    Returns
    -------
    The files written, none where the study has notebooks.
    """
    from notebook_reports.files import write_atomic
    from notebook_reports.notebook import bare, write
    from notebook_reports.publication import numbered

    from ..study import NOTEBOOKS

    own = study.root / "notebooks"
    if numbered(own):
        return []
    copies = {own / file.name: write(bare(file)) for file in numbered(NOTEBOOKS)}
    for path, text in copies.items():
        write_atomic(path, text)
    return [*copies]


def _has_display() -> bool:
    return sys.platform != "linux" or bool({"DISPLAY", "WAYLAND_DISPLAY"} & set(os.environ))
