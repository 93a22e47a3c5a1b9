"""Running one notebook: papermill in, a clean record out."""

import logging
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import papermill
from nbclient.exceptions import CellTimeoutError
from nbformat import NotebookNode
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines

from ..errors import advice
from ..study import PACKAGE
from . import warm
from .notebook import INJECTED, bare, clean, read, tags
from .prompt import PromptManager

CELL_SECONDS = 600  # beyond which a cell is taken to hang
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class CellError:
    """Where a notebook stopped.

    Parameters
    ----------
    cell
        Rank among the notebook's code cells, as JupyterLab counts them when run from the top;
        0 when no cell ran.
    line
        The line of source that failed.
    """

    cell: int
    line: str
    error: str


class Keeping(NBClientEngine):  # type: ignore[misc]  # papermill has no types
    """Papermill's engine, giving the notebook as far as it came.

    Papermill gives it in a file alone when a run is stopped, written again twice for each cell.
    """

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, begun: list[NotebookExecutionManager], **kwargs: Any
    ) -> None:
        begun.append(nb_man)
        super().execute_managed_notebook(nb_man, kernel_name, **kwargs)


papermill_engines.register("keeping", Keeping)


def execute(file: Path, folder: Path, parameters: dict[str, str]) -> tuple[NotebookNode, CellError | None]:
    """The notebook as executed and cleaned, in full or up to the cell that failed.

    Parameters
    ----------
    folder
        Working folder of the kernel.
    """
    warm.make_findable()
    for name in ("papermill", "asyncio"):  # they speak English; the build says it in French
        logging.getLogger(name).setLevel(logging.CRITICAL)
    failure: Exception | None = None
    begun: list[NotebookExecutionManager] = []
    kernels: list[PromptManager] = []

    class Watched(PromptManager):
        """Jupyter makes the manager itself, and keeps it to itself."""

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            kernels.append(self)

    try:
        papermill.execute_notebook(
            bare(file),  # papermill writes it to a text, and reads that
            None,
            parameters,
            kernel_name=warm.kernel_name(),
            language="python",
            progress_bar=False,
            engine_name="keeping",
            begun=begun,
            # Not papermill's `cwd`, which moves the whole process: runs are threads.
            resources={"metadata": {"path": str(folder)}},
            coalesce_streams=True,
            kernel_manager_class=Watched,
            execution_timeout=CELL_SECONDS,
            iopub_timeout=CELL_SECONDS,
        )
    except Exception as error:  # whatever stops one run leaves the others standing
        failure = error
    executed = begun[0].nb if begun else read(file)
    stopped = None if failure is None else _cell_error(failure, executed, folder, kernels)
    return clean(executed, hidden(folder)), stopped


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


def _cell_error(failure: Exception, executed: NotebookNode, folder: Path, kernels: list[PromptManager]) -> CellError:
    code = [c for c in executed.cells if c.cell_type == "code" and INJECTED not in tags(c)]
    # Papermill takes the cell under which a kernel died for complete.
    started = [c for c in code if c.metadata.get("papermill", {}).get("start_time")]
    number, cell = len(started), started[-1] if started else None
    message, traceback = f"{type(failure).__name__}\u00a0: {failure}", ""
    if isinstance(failure, CellTimeoutError):
        message = f"La cellule n'a pas fini en {CELL_SECONDS} secondes\u00a0: son noyau a été arrêté."
    elif isinstance(failure, RuntimeError):  # jupyter's, for a kernel that died or never began
        message = kernels[0].ending(bool(started)) if kernels else f"Le noyau n'a pas démarré\u00a0: {failure}"
    elif isinstance(failure, OSError):
        message = advice(failure)
    elif isinstance(failure, papermill.PapermillExecutionError):
        message = f"{failure.ename}\u00a0: {failure.evalue}"
        if failure.ename == "MemoryError":
            message = "Mémoire épuisée\u00a0: la cellule demande plus que ce que le système accorde."
        traceback = _ANSI.sub("", "\n".join(failure.traceback))
    for path, name in hidden(folder).items():
        message = message.replace(path, name)
    return CellError(number, _line(cell.source if cell else "", traceback), message.strip())


def _line(source: str, traceback: str) -> str:
    lines = source.strip().splitlines() or [""]
    found = re.search(r"Cell In\[\d+\], line (\d+)", traceback)
    return lines[min(int(found.group(1)) if found else len(lines), len(lines)) - 1].strip()
