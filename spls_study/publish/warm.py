"""Warm kernels: a kernel is forked from a server that has already imported the libraries.

The fork server is Python's own (`multiprocessing`, start method *forkserver*): it has one
thread, so that forking is safe, and goes away with the process that started it, taking all its
kernels along (`server`). A forked kernel speaks the full Jupyter protocol; papermill, nbclient
and nbval use it through the kernelspec `spls` without knowing.
"""

import asyncio
import atexit
import gc
import json
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psutil
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from jupyter_core.paths import jupyter_runtime_dir
from traitlets import List, Unicode

if TYPE_CHECKING:  # Windows has none
    from multiprocessing.context import ForkServerProcess

KERNELSPECS = Path(__file__).parent / "jupyter"
LONGEST_SOCKET = 100  # characters of a socket's path, of the 107 that Linux allows, with its number
LONGEST_FOLDER = 40  # characters of a temporary folder under which sockets still have room for their names
SHORT_FOLDERS = ("/tmp", "/var/tmp", "/dev/shm")
OWN = "SPLS_PROVISOIRE"  # the folder that the fork server removes when its build was killed
# Threads that libraries start at import would make the fork unsafe; the debugger's advice is not for readers.
BEFORE_IMPORTS = {
    "OPENBLAS_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}


def kernel_name() -> str:
    """`spls` where a fork is safe, else the ordinary `python3`.

    On macOS the system's own libraries do not survive a fork; Windows has none; a daemonic
    process (a Dask worker, unless told otherwise) may not start the fork server.
    """
    may = sys.platform == "linux" and not multiprocessing.current_process().daemon
    return "spls" if may else "python3"


@cache
def private_folder() -> Path:
    """What Jupyter, IPython and Matplotlib write goes here, and goes away with this process.

    The account may have no home, or one that refuses. Sockets have short paths: where the
    system's temporary folder has a long one (`TMPDIR`), a short one is taken for this process
    and those it starts.
    """
    usual = tempfile.gettempdir()
    if len(usual) > LONGEST_FOLDER:
        usual = next((place for place in SHORT_FOLDERS if os.access(place, os.W_OK | os.X_OK)), usual)
        tempfile.tempdir = os.environ["TMPDIR"] = usual
    folder = Path(tempfile.mkdtemp(prefix="spls-", dir=usual))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _write_in(folder: Path) -> None:
    for name in ("JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "MPLCONFIGDIR"):
        place = folder / name.lower()
        place.mkdir(exist_ok=True)
        os.environ[name] = str(place)
    os.environ[OWN] = str(folder)


def make_findable() -> None:
    """Let Jupyter see the kernelspec and a place to write, in this process and those it starts."""
    _write_in(private_folder())
    known = os.environ.get("JUPYTER_PATH", "").split(os.pathsep)
    if str(KERNELSPECS) not in known:
        os.environ["JUPYTER_PATH"] = os.pathsep.join([str(KERNELSPECS), *filter(None, known)])
    for name, value in BEFORE_IMPORTS.items():
        os.environ.setdefault(name, value)


def start() -> None:
    """Start the fork server now: it imports its libraries while this process imports its own."""
    make_findable()
    if kernel_name() == "spls":
        from multiprocessing import forkserver

        spec = json.loads((KERNELSPECS / "kernels" / "spls" / "kernel.json").read_bytes())
        provisioner = spec["metadata"]["kernel_provisioner"]
        forkserver.set_forkserver_preload(provisioner["config"]["preload"])
        forkserver.ensure_running()


def end_kernels() -> None:
    """Stop what this process started, kernels first of all: nobody waits for them any more."""
    for process in psutil.Process().children():
        with suppress(psutil.NoSuchProcess):
            process.terminate()


def _run_kernel(arguments: list[str], env: dict[str, str], folder: str, words: str) -> None:
    from multiprocessing import forkserver

    from ipykernel.kernelapp import IPKernelApp

    gc.freeze()  # what was imported is not garbage: looking through it takes a quarter of a second
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # The fork server ends when nobody holds this end of a pipe any more: not for kernels to hold.
    os.close(forkserver._forkserver._forkserver_alive_fd)  # type: ignore[attr-defined]
    if words:
        with Path(words).open("ab") as stream:
            os.dup2(stream.fileno(), 2)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    options = [
        "--log-level=CRITICAL",
        "--HistoryManager.enabled=False",  # nobody goes back to what was typed: nothing was
        # ipykernel ends itself when its parent, the fork server, is no longer there.
        f"--IPKernelApp.parent_handle={os.getppid()}",
    ]
    IPKernelApp.launch_instance([*arguments, *options])


class WarmProvisioner(LocalProvisioner):
    """A kernel as a child of the fork server; entry point `spls-warm`."""

    preload = List(Unicode(), help="Modules that the fork server imports once.").tag(config=True)
    child: "ForkServerProcess | None" = None

    @property
    def has_process(self) -> bool:
        return self.child is not None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        # By files rather than by ports: one that is free now may be taken when the kernel comes to it.
        place = f"{jupyter_runtime_dir()}/spls-{uuid4().hex[:12]}"
        if self.parent is not None and len(place) < LONGEST_SOCKET:
            self.parent.transport, self.parent.ip = "ipc", place
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(list(self.preload))
        env = dict(kwargs.get("env") or os.environ)
        folder = str(kwargs.get("cwd") or Path.cwd())
        words = str(getattr(kwargs.get("stderr"), "name", ""))
        child = context.Process(target=_run_kernel, args=(cmd[cmd.index("-f") :], env, folder, words))
        try:
            child.start()
        except (EOFError, ConnectionError):  # the fork server is gone
            raise RuntimeError("Kernel died before replying") from None
        self.child = child
        self.pid = self.child.pid
        return self.connection_info

    async def poll(self) -> int | None:
        if self.child is None or self.child.is_alive():
            return None
        return self.child.exitcode

    async def wait(self) -> int | None:
        if self.child is None:
            return 0
        while self.child.is_alive():
            await asyncio.sleep(0.005)
        code = self.child.exitcode
        self.child = None
        return code

    async def send_signal(self, signum: int) -> None:
        if self.child is not None and self.child.is_alive() and self.child.pid:
            os.kill(self.child.pid, signum)

    async def kill(self, restart: bool = False) -> None:
        if self.child is not None:
            self.child.kill()

    async def terminate(self, restart: bool = False) -> None:
        if self.child is not None:
            self.child.terminate()
