"""Runs a notebook: papermill gives it its parameters and keeps its record, cells run in a process of their own."""

import json
import logging
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

import papermill
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.engines import Engine, NBClientEngine, NotebookExecutionManager, papermill_engines
from papermill.execute import ERROR_MARKER_TAG

from .outputs import Recorder, settled
from .processes import Process, environment, private_folder, started

SECONDS = 600  # after which a cell is taken to hang
START = 120  # seconds to import libraries
FORCED = (-9, -15)  # SIGKILL, SIGTERM: sent by somebody, or by a system without memory left
LONGEST_WORDS = 300  # characters
INJECTED = "injected-parameters"
LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
    "version": ".".join(map(str, sys.version_info[:3])),
}
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Failure:
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


class Stopped(Exception):
    """A run that ended otherwise than by an error of Python's; its text is French, for the user."""


class Forked(Engine):  # type: ignore[misc]  # papermill has no types
    """Papermill's engine `fork`: cells run in a process forked from one that has imported `preload`."""

    way = "fork"

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        preload: Sequence[str] = (),
        folder: str = ".",
        execution_timeout: float | None = None,
        allow_errors: bool = False,
        begun: list[NotebookExecutionManager] | None = None,
        **others: Any,
    ) -> None:
        if begun is not None:
            begun.append(nb_man)
        seconds = execution_timeout or SECONDS
        recorder = Recorder()
        with started(cls.way, preload, str(Path(folder).resolve())) as process:
            _meet(process)
            for index, cell in enumerate(nb_man.nb.cells):
                nb_man.cell_start(cell, cell_index=index)
                try:
                    failed = _runs(cell) and not _run(process, recorder, cell, seconds)
                except Stopped as stop:
                    nb_man.cell_exception(cell, cell_index=index, exception=stop)
                    raise
                finally:
                    if cell.cell_type == "code":
                        cell.outputs = settled(cell.outputs)
                    nb_man.cell_complete(cell, cell_index=index)
                if failed and not (allow_errors or "raises-exception" in _tags(cell)):
                    nb_man.cell_exception(cell, cell_index=index)
                    break
        nb_man.nb.metadata["language_info"] = LANGUAGE


class Spawned(Forked):
    """Papermill's engine `spawn`: cells run in a process started anew."""

    way = "spawn"


class Ordinary(NBClientEngine):  # type: ignore[misc]
    """Papermill's own engine, giving the notebook as far as it came: papermill gives it in a file alone."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        begun: list[NotebookExecutionManager],
        folder: str,
        preload: Sequence[str],
        **others: Any,
    ) -> None:
        begun.append(nb_man)
        try:
            super().execute_managed_notebook(
                nb_man,
                kernel_name,
                resources={"metadata": {"path": folder}},
                iopub_timeout=others["execution_timeout"],
                kernel_manager_class=_Manager,
                **others,
            )
        finally:
            for cell in nb_man.nb.cells:
                if cell.cell_type == "code":
                    cell.outputs = settled(cell.outputs)


class _Manager(AsyncKernelManager):
    """A kernel that reads and writes in a folder of this process, not in the account's home."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.connection_file = f"{private_folder()}/{uuid4().hex}.json"

    async def _async_start_kernel(self, **kwargs: Any) -> None:
        env = {**environment(), "JUPYTER_RUNTIME_DIR": private_folder()}
        quiet = subprocess.DEVNULL
        await super()._async_start_kernel(**{**kwargs, "env": env, "stdout": quiet, "stderr": quiet})

    start_kernel = _async_start_kernel  # type: ignore[assignment]


ENGINES = {"fork": Forked, "spawn": Spawned, "jupyter": Ordinary}
for name, engine in ENGINES.items():
    papermill_engines.register(name, engine)


def default_engine() -> str:
    """`fork` where it is safe: the system's libraries of macOS do not survive it, and Windows has none."""
    return "fork" if sys.platform == "linux" else "spawn"


def execute(
    notebook: NotebookNode,
    folder: Path,
    parameters: dict[str, str],
    *,
    engine: str = "",
    preload: Sequence[str] = (),
    seconds: float = SECONDS,
) -> tuple[NotebookNode, Failure | None]:
    """The notebook as executed, in full or up to the cell that failed.

    Parameters
    ----------
    folder
        Where cells run.
    engine
        `fork`, `spawn` or `jupyter` (an ordinary kernel); by default the first that is safe here.
    preload
        Modules that the fork server imports once.
    seconds
        How long a cell may take, its outputs included.
    """
    for name in ("papermill", "asyncio", "traitlets"):  # they speak English; the build says it in French
        logging.getLogger(name).setLevel(logging.CRITICAL)
    begun: list[NotebookExecutionManager] = []
    stop: Exception | None = None
    try:
        papermill.execute_notebook(
            notebook,
            None,
            parameters,
            kernel_name="python3",
            language="python",
            progress_bar=False,
            engine_name=engine or default_engine(),
            begun=begun,
            # Not papermill's `cwd`, which moves the whole process: runs are threads.
            folder=str(folder),
            preload=preload,
            execution_timeout=seconds,
        )
    except papermill.PapermillExecutionError:
        pass  # of a cell that is marked, or whose error is allowed, which papermill does not know
    except Exception as error:  # whatever stops one run leaves the others standing
        stop = error
    executed = begun[0].nb if begun else notebook
    executed.cells = [cell for cell in executed.cells if ERROR_MARKER_TAG not in _tags(cell)]
    return executed, _failure(executed, stop, seconds)


def _tags(cell: NotebookNode) -> list[str]:
    return list(cell.metadata.get("tags", []))


def _runs(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and bool(cell.source.strip()) and "skip-execution" not in _tags(cell)


def _meet(process: Process) -> None:
    """Wait until a process is ready for its first cell."""
    try:
        line = process.hear(monotonic() + START)
    except TimeoutError:
        line = b""
    if not line:
        raise Stopped("Le processus du carnet n'a jamais répondu\u00a0: aucune cellule n'a été exécutée.")
    process.pid = json.loads(line)[1]["parent"]


def _run(process: Process, recorder: Recorder, cell: NotebookNode, seconds: float) -> bool:
    """Whether the cell succeeded; its outputs are in it, in any case."""
    end = monotonic() + seconds
    recorder.begin(cell)
    process.ask(cell.source)
    while True:
        try:
            line = process.hear(end)
        except TimeoutError:
            raise Stopped(
                f"La cellule n'a pas fini en {seconds:g} secondes\u00a0: son processus a été arrêté."
            ) from None
        if not line:
            raise Stopped(_ending(process, recorder))
        try:
            kind, content = json.loads(line.decode("utf-8", "replace"))
            if b"\\ud" in line:
                json.dumps(content, ensure_ascii=False).encode()  # no file can hold half a character
            if kind == "execute_reply":
                return bool(content["status"] == "ok")
            recorder.take(kind, content)
        except Exception as error:  # a cell may write anything where its process answers
            raise Stopped(f"Le processus du carnet a répondu de travers\u00a0: {type(error).__name__}.") from error


def _ending(process: Process, recorder: Recorder) -> str:
    process.end()
    recorder.take("stream", {"name": "stderr", "text": process.words})
    code = process.code
    if code is None:
        told = "Le processus du carnet a disparu, avec celui qui l'avait lancé"
    elif code in FORCED:
        told = (
            f"Le processus du carnet a été arrêté de force (signal {-code})\u00a0: par quelqu'un, "
            "ou par le système quand la mémoire manque"
        )
    elif code < 0:
        told = f"Le processus du carnet a planté (signal {-code})\u00a0: faute d'une bibliothèque"
    else:
        told = f"Le processus du carnet s'est terminé de lui-même, avec le code {code}"
    said = [line.strip() for line in recorder.errors.splitlines() if line.strip()]
    last = next((line for line in said if line.startswith("Fatal Python error")), said[-1] if said else "")
    return f"{told}. Il a dit\u00a0: «\u00a0{last[:LONGEST_WORDS]}\u00a0»." if last else f"{told}."


def _failure(executed: NotebookNode, stop: Exception | None, seconds: float) -> Failure | None:
    code = [c for c in executed.cells if c.cell_type == "code" and INJECTED not in _tags(c)]
    started = [c for c in code if c.metadata.get("papermill", {}).get("start_time")]
    failed = [c for c in executed.cells if c.metadata.get("papermill", {}).get("exception")]
    if stop is None and not failed:
        return None
    cell = started[-1] if started else None
    traceback = ""
    if isinstance(stop, CellTimeoutError):
        message = f"La cellule n'a pas fini en {seconds:g} secondes\u00a0: son noyau a été arrêté."
    elif isinstance(stop, DeadKernelError):
        message = "Le noyau s'est arrêté de lui-même\u00a0: mémoire épuisée, ou arrêt forcé."
    elif isinstance(stop, Stopped):
        message = str(stop)
    elif stop is not None:
        message = f"{type(stop).__name__}\u00a0: {stop}"
    else:
        error = [o for o in failed[-1].outputs if o.output_type == "error"][-1:]
        message = "\u00a0: ".join(filter(None, (error[0].ename, error[0].evalue))) if error else "erreur"
        traceback = _ANSI.sub("", "\n".join(error[0].traceback)) if error else ""
    return Failure(len(started), _line(cell.source if cell else "", traceback), message.strip())


def _line(source: str, traceback: str) -> str:
    lines = source.strip().splitlines() or [""]
    found = re.search(r"Cell In\[\d+\], line (\d+)", traceback)
    return lines[min(int(found.group(1)) if found else len(lines), len(lines)) - 1].strip()
