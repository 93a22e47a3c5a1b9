"""Runs a notebook: papermill gives it its parameters and keeps its record, cells run in a process of their own."""

import json
import logging
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import papermill
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbclient.util import run_sync
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from papermill.execute import ERROR_MARKER_TAG

from . import opened, processes
from .errors import CellError
from .notebook import INJECTED, tags
from .opened import OPENED
from .processes import CUT_LINE, CUT_TEXT, LINE, TEXT, environment, private_folder, started

START = 120  # seconds to import libraries
FORCED = (-9, -15)  # SIGKILL, SIGTERM: sent by somebody, or by a system without memory left
SILENT = "Son processus n'a jamais répondu\u00a0: aucune cellule n'a été exécutée"
LONGEST_WORDS = 300  # characters
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


class Stopped(Exception):
    """A run that ended otherwise than by an error of Python's; its text is French, for the user."""


class _Client(PapermillNotebookClient):  # type: ignore[misc]  # papermill has no types
    """Papermill's client of a kernel, asking a process of ours instead."""

    def execute(self, way: str, preload: Sequence[str], variables: dict[str, str]) -> None:
        self.reset_execution_trackers()
        with started(way, preload, self.resources["metadata"]["path"], variables) as self.process:
            if not self.process.answers(START):
                self.process.end()
                raise Stopped(f"{SILENT}{_said(self.process.words)}")
            self.papermill_execute_cells()

    def execute_cell(self, cell: NotebookNode, cell_index: int) -> NotebookNode:
        if cell.cell_type != "code" or not cell.source.strip() or self.skip_cells_with_tag in tags(cell):
            return cell
        self.clear_before_next_output = False
        self.process.ask(cell.source)
        try:
            with self.process.within(self.timeout):
                while line := self.process.hear():
                    kind, content = json.loads(line.decode("utf-8", "replace"))
                    if b"\\ud" in line:
                        json.dumps(content, ensure_ascii=False).encode()  # no file can hold half a character
                    # One that comes late is of a cell whose own process was the first to be killed.
                    if kind == "execute_reply" and not self.process.late:
                        run_sync(self._check_raise_for_error)(cell, cell_index, {"content": content})
                        return cell
                    self._take(kind, content, cell, cell_index)
        except CellExecutionError:
            raise
        except Exception as error:  # a cell may write anything where its process answers
            raise Stopped(f"Son processus a répondu de travers\u00a0: {type(error).__name__}.") from error
        self.process.end()
        if self.process.late:
            raise Stopped(f"La cellule n'a pas fini en {self.timeout} secondes\u00a0: son processus a été arrêté.")
        self._take("stream", {"name": "stderr", "text": self.process.words}, cell, cell_index)
        raise Stopped(_ending(self.process.code, "".join(o.text for o in cell.outputs if o.get("name") == "stderr")))

    def _take(self, kind: str, content: dict[str, Any], cell: NotebookNode, index: int) -> None:
        message = {"msg_type": kind, "header": {"msg_type": kind}, "parent_header": {}, "content": content}
        self.process_message(message, cell, index)


def _ordinary(nb_man: NotebookExecutionManager, options: dict[str, Any], variables: dict[str, str]) -> None:
    """In an ordinary kernel that reads and writes in a folder of this process, not in the account's home.

    What it says outside cells is Jupyter's own, and English: of one that dies, the last word is told.
    """
    said = Path(private_folder(), f"{uuid4().hex}.txt")
    kernel: Any = AsyncKernelManager(kernel_spec_manager=KernelSpecManager(kernel_dirs=[]))
    kernel.connection_file = str(said.with_suffix(".json"))
    command = [sys.executable, "-m", opened.__name__, "-f", "{connection_file}"]
    kernel._kernel_spec = KernelSpec(argv=command, display_name="Python 3", language="python")
    begun: list[Any] = []
    options |= {
        "iopub_timeout": options["timeout"],
        "extra_arguments": ["--log-level=CRITICAL"],
        "on_cell_start": lambda **_: begun.append(kernel.provisioner.process),
    }
    # Without the debugger's advice, which would be the last word of any kernel.
    own = {"JUPYTER_RUNTIME_DIR": private_folder(), "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    with said.open("wb") as errors:
        given = {"env": environment() | variables | own, "stdout": subprocess.DEVNULL, "stderr": errors}
        try:
            PapermillNotebookClient(nb_man, kernel, **options).execute(cleanup_kc=True, **given)
        except DeadKernelError as error:
            raise Stopped(_ending(begun[-1].poll(), said.read_text("utf-8", "replace"))) from error
        except RuntimeError as error:  # Jupyter's, for a kernel that never began
            raise Stopped(f"{SILENT}{_said(said.read_text('utf-8', 'replace'))}") from error


class ReportEngine(Engine):  # type: ignore[misc]
    """Papermill's engine `notebook-reports`; it gives the notebook as far as it came, which papermill keeps."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        begun: list[NotebookExecutionManager],
        way: str,
        preload: Sequence[str],
        folder: str,
        seconds: int,
        variables: dict[str, str],
        **_: Any,
    ) -> None:
        begun.append(nb_man)
        # Not papermill's `cwd`, which moves the whole process: runs are threads.
        resources = {"metadata": {"path": folder}}
        options: dict[str, Any] = {"resources": resources, "timeout": seconds, "record_timing": False}
        if way == "jupyter":
            _ordinary(nb_man, options, variables)
        else:
            _Client(nb_man, **options).execute(way, preload, variables)


papermill_engines.register("notebook-reports", ReportEngine)


def execute(
    notebook: NotebookNode,
    folder: Path,
    parameters: dict[str, str],
    *,
    engine: str = "",
    preload: Sequence[str] = (),
    seconds: int,
) -> tuple[NotebookNode, CellError | None]:
    """The notebook as executed, in full or up to the cell that failed.

    Its metadata `fichiers_ouverts` say what the run opened: path → SHA-256 (see `opened`).

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

    Raises
    ------
    OSError
        When no process can be started.
    """
    for name in ("papermill", "asyncio", "traitlets"):  # they speak English; the build says it in French
        logging.getLogger(name).setLevel(logging.CRITICAL)
    files = Path(private_folder(), f"{uuid4().hex}.txt")
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
            engine_name="notebook-reports",
            begun=begun,
            way=engine or processes.default_way(),
            preload=preload,
            folder=str(folder.resolve()),
            seconds=seconds,
            variables={opened.LIST: str(files)},
        )
    except papermill.PapermillExecutionError:
        pass  # of a cell that is marked, or whose error is allowed, which papermill does not know
    except OSError:
        raise
    except Exception as error:  # whatever stops one run leaves the others standing
        stop = error
    executed = begun[0].nb if begun else notebook
    executed.cells = [cell for cell in executed.cells if ERROR_MARKER_TAG not in tags(cell)]
    for cell in executed.cells:
        if cell.cell_type == "code":
            cell.outputs = settled(cell.outputs)
    executed.metadata[OPENED] = opened.noted(files)
    files.unlink(missing_ok=True)
    return executed, _failure(executed, stop, seconds)


def settled(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """One stream of each name, standard output first of two neighbours, without what was written over.

    As nbclient has it with `coalesce_streams`, whose time grows with the square of a line's length.
    """
    found = []
    streams: dict[str, list[str]] = {}
    for output in outputs:
        if output.output_type != "stream" or output.name not in streams:
            found.append(output)
        if output.output_type == "stream":
            streams.setdefault(output.name, []).append(output.text)
    for output in found:
        if output.output_type == "stream":
            text = "".join(streams[output.name])
            if len(text) > TEXT + len(CUT_TEXT):  # of an ordinary kernel
                text = text[:TEXT] + CUT_TEXT
            output.text = "\n".join(map(_shown, text.split("\n")))
    for place in range(len(found) - 1):
        if [o.get("name") for o in found[place : place + 2]] == ["stderr", "stdout"]:
            found[place : place + 2] = reversed(found[place : place + 2])
    return found


def _shown(line: str) -> str:
    """As a terminal, what follows the last carriage return that something follows; no more than a page can hold."""
    line = line[line.rfind("\r", 0, len(line) - 1) + 1 :]
    return line if len(line) <= LINE else f"{line[:LINE]}{CUT_LINE}"


def _ending(code: int | None, errors: str) -> str:
    if code is None:
        told = "Son processus a disparu, avec celui qui l'avait lancé"
    elif code in FORCED:
        told = (
            f"Son processus a été arrêté de force (signal {-code})\u00a0: par quelqu'un, "
            "ou par le système quand la mémoire manque"
        )
    elif code < 0:
        told = f"Son processus a planté (signal {-code})\u00a0: faute d'une bibliothèque"
    else:
        told = f"Son processus s'est terminé de lui-même, avec le code {code}"
    return f"{told}{_said(errors)}"


def _said(errors: str) -> str:
    """The fault that Python names, else the last line."""
    said = [line.strip() for line in errors.splitlines() if line.strip()]
    last = next((line for line in said if line.startswith("Fatal Python error")), said[-1] if said else "")
    return f". Il a dit\u00a0: «\u00a0{last[:LONGEST_WORDS]}\u00a0»." if last else "."


def _failure(executed: NotebookNode, stop: Exception | None, seconds: int) -> CellError | None:
    code = [c for c in executed.cells if c.cell_type == "code" and INJECTED not in tags(c)]
    started = [c for c in code if c.metadata.get("papermill", {}).get("start_time")]
    failed = [c for c in executed.cells if c.metadata.get("papermill", {}).get("exception")]
    if stop is None and not failed:
        return None
    cell = started[-1] if started else None
    traceback = ""
    if isinstance(stop, CellTimeoutError):
        message = f"La cellule n'a pas fini en {seconds} secondes\u00a0: son noyau a été arrêté."
    elif isinstance(stop, Stopped):
        message = str(stop)
    elif stop is not None:
        message = f"{type(stop).__name__}\u00a0: {stop}"
    else:
        error = [o for o in failed[-1].outputs if o.output_type == "error"][-1:]
        message = "\u00a0: ".join(filter(None, (error[0].ename, error[0].evalue))) if error else "erreur"
        if message == "MemoryError":
            message = "Mémoire épuisée\u00a0: la cellule demande plus que ce que le système accorde."
        traceback = _ANSI.sub("", "\n".join(error[0].traceback)) if error else ""
    return CellError(len(started), _line(cell.source if cell else "", traceback), message.strip())


def _line(source: str, traceback: str) -> str:
    lines = source.strip().splitlines() or [""]
    found = re.search(r"Cell In\[\d+\], line (\d+)", traceback)
    return lines[min(int(found.group(1)) if found else len(lines), len(lines)) - 1].strip()
