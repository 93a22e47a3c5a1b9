"""Processes that run notebooks: how they are started, asked and heard, and how they end.

Forked on Linux from a server that has imported the libraries once (`server`); elsewhere, or when
asked, started anew: the system's own libraries of macOS do not survive a fork, and Windows has none.
"""

import atexit
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from queue import Empty, Queue
from select import select
from time import monotonic
from typing import IO, Any

import psutil

# What a reader and a page can hold, well under what makes a document slow or impossible.
TEXT = 100_000  # characters written by a cell: some thirty pages; ten times more took minutes to lay out
LINE = 10_000  # characters of a line written: a PDF's strings have 32 767
DATA = 20_000_000  # bytes displayed by a cell: a drawing of a hundred thousand points
CUT_TEXT = "\n… sortie coupée à 100\u00a0ko\n"
CUT_LINE = "… ligne coupée à 10\u00a0ko"
CUT_DATA = "… affichage coupé à 20\u00a0Mo"
LONGEST = 1 << 26  # bytes of one message: more than any that a cell sends through IPython
QUEUED = 64  # messages
LOOK = 0.5  # seconds between two looks at a process of which no guard tells the end
LAST = 5  # seconds to end by itself, once its last cell is run
# The order of sets is the same in all runs. Threads that libraries start at import would make a fork unsafe.
FIXED = {"PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1", "JE_ARROW_MALLOC_CONF": "background_thread:false"}
INLINE = "module://matplotlib_inline.backend_inline"  # a kernel's default


@cache
def private_folder() -> str:
    """Where IPython, Matplotlib and others write what they keep; it goes with this process."""
    folder = tempfile.mkdtemp(prefix="carnets-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def environment() -> dict[str, str]:
    """This process's, except that nothing is read or written in the account's home."""
    folder = private_folder()
    return {
        "MPLBACKEND": INLINE,
        **os.environ,
        **FIXED,
        "IPYTHONDIR": folder,
        "MPLCONFIGDIR": folder,
        "XDG_CACHE_HOME": folder,
    }


def default_way() -> str:
    """`fork` where it is safe, else `spawn`."""
    return "fork" if sys.platform == "linux" else "spawn"


def end_descendants(process: psutil.Process) -> None:
    """Kill all that a process started, and wait until it is gone."""
    with suppress(psutil.NoSuchProcess):
        while found := list(filter(_lives, process.children(recursive=True))):
            for one in found:
                with suppress(psutil.NoSuchProcess):
                    one.kill()
            psutil.wait_procs(found, timeout=1)


def _lives(process: psutil.Process) -> bool:
    """One that has ended stays a zombie until its parent, which may be idle, takes note."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


class Process:
    """A process as whoever asks it sees it.

    Once it has ended, `code` is that of its exit, or minus the signal that killed it; `words` what
    is left of what it said on standard error, outside Python.
    """

    pid: int | None = None
    code: int | None = None
    words: str = ""

    def __init__(self, requests: IO[bytes], replies: IO[bytes], words: int | None, *others: int) -> None:
        self._requests, self._words, self._others = requests, words, others
        self._heard: Queue[bytes] = Queue(QUEUED)
        self._silent = self._over = False
        threading.Thread(target=self._listen, args=(replies,), daemon=True).start()

    def _listen(self, replies: IO[bytes]) -> None:
        with replies, suppress(OSError):
            while (line := replies.readline(LONGEST)).endswith(b"\n"):
                self._heard.put(line)
        self._heard.put(b"")

    def ask(self, request: Any) -> None:
        with suppress(OSError):  # it is dead, which `hear` will tell
            self._requests.write(json.dumps(request).encode() + b"\n")
            self._requests.flush()

    def hear(self, end: float) -> bytes:
        """Its next line; empty when it will say nothing more.

        Raises
        ------
        TimeoutError
            At `end`, on the monotonic clock.
        """
        while (left := end - monotonic()) > 0:
            with suppress(Empty):
                line = self._heard.get(timeout=min(left, LOOK))
                self._silent = not line
                return line
            if self._is_gone():
                return b""
        raise TimeoutError

    def answers(self, seconds: float) -> bool:
        """Whether it is ready for its first cell."""
        with suppress(TimeoutError):
            if line := self.hear(monotonic() + seconds):
                self.pid = json.loads(line)[1]["parent"]
        return self.pid is not None

    def end(self, patience: float = 0) -> None:
        """End it with all that it started, after some seconds in which it may do so by itself."""
        if self._over:
            return
        self._over = True
        if patience:
            self._free()
            self.ask(None)
        with suppress(OSError):
            self._requests.close()
        self._drain(patience)
        self.code = self._ended(LAST if self._silent else 0)
        self._kill()
        self._drain(LAST)
        if self.code is None:
            self._ended(LAST)
        if self._words is not None:
            with suppress(BlockingIOError):
                self.words = os.read(self._words, 1 << 16).decode("utf-8", "replace")
            os.close(self._words)
        for number in self._others:
            os.close(number)

    def _drain(self, seconds: float) -> None:
        with suppress(TimeoutError):
            while not self._silent and self.hear(monotonic() + seconds):
                pass

    def _is_gone(self) -> bool:
        """Whether it has ended without its end being heard."""
        return False

    def _free(self) -> None:
        """End what it started, where nobody else does."""

    def _ended(self, seconds: float) -> int | None:
        """How it ended, if it has within some seconds."""
        raise NotImplementedError

    def _kill(self) -> None:
        """End what is left of it."""
        raise NotImplementedError


class _Forked(Process):
    def __init__(self, control: socket.socket) -> None:
        asked, requests = os.pipe()
        replies, told = os.pipe()
        words, errors = os.pipe()
        self._status, status = os.pipe()
        given = [asked, told, words, errors, status]
        try:
            with suppress(OSError):  # the server is dead: it will never answer
                socket.send_fds(control, [b"."], given)
        finally:
            for number in (asked, told, errors, status):
                os.close(number)
        super().__init__(os.fdopen(requests, "wb", 0), os.fdopen(replies, "rb"), words, self._status)

    def _kill(self) -> None:
        # One that has not begun ends as nothing more is asked of it.
        if self.code is None and self.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGTERM)  # of its guard

    def end(self, patience: float = 0) -> None:
        super().end(patience)
        if self.pid is None:  # the server has not begun
            self.words = _server_words().read_text(encoding="utf-8", errors="replace")

    def _ended(self, seconds: float) -> int | None:
        told = os.read(self._status, 100) if select([self._status], [], [], seconds)[0] else b""
        return int(told) if told else None


def _server_words() -> Path:
    return Path(private_folder(), "serveur.txt")


class _Spawned(Process):
    def __init__(self) -> None:
        words, errors = (None, subprocess.DEVNULL) if sys.platform == "win32" else os.pipe()
        self._popen = subprocess.Popen(
            [sys.executable, "-m", "notebook_reports.child", private_folder(), "" if words is None else str(words)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environment(),
            pass_fds=() if words is None else (words,),
            start_new_session=True,
        )
        if words is not None:
            os.close(errors)
        assert self._popen.stdin is not None and self._popen.stdout is not None
        super().__init__(self._popen.stdin, self._popen.stdout, words)

    def _is_gone(self) -> bool:
        return self._popen.poll() is not None

    def _free(self) -> None:
        with suppress(psutil.NoSuchProcess):
            end_descendants(psutil.Process(self._popen.pid))

    def _kill(self) -> None:
        self._free()
        self._popen.kill()
        if sys.platform != "win32":
            with suppress(ProcessLookupError):
                os.killpg(self._popen.pid, signal.SIGKILL)

    def _ended(self, seconds: float) -> int | None:
        with suppress(subprocess.TimeoutExpired):
            return self._popen.wait(seconds)
        return None


_servers: dict[tuple[str, ...], tuple["subprocess.Popen[bytes]", socket.socket]] = {}
_running: set[_Spawned] = set()
_lock = threading.Lock()


def serve(preload: Sequence[str]) -> socket.socket:
    """Start the fork server for these modules, unless it runs: it imports them while its caller does other things."""
    with _lock:
        process, control = _servers.get(tuple(preload), (None, None))
        if control is None or process is None or process.poll() is not None:
            control, there = socket.socketpair()
            given = [private_folder(), str(there.fileno()), str(os.getpid()), *preload]
            command = [sys.executable, "-m", "notebook_reports.server", *given]
            with there, _server_words().open("wb") as words:
                process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=words,
                    env=environment(),
                    pass_fds=[there.fileno()],
                    start_new_session=True,
                )
            _servers[tuple(preload)] = process, control
        return control


@contextmanager
def started(way: str, preload: Sequence[str], folder: str, variables: Mapping[str, str]) -> Iterator[Process]:
    """A process in a folder, which ends with this context.

    Parameters
    ----------
    way
        `fork` or `spawn`.
    variables
        Of its environment, beside this process's.
    """
    process: Process
    if way == "fork":
        process = _Forked(serve(preload))
    else:
        process = _Spawned()
        _running.add(process)
    patience = 0.0
    try:
        process.ask({"folder": folder, "environment": environment() | dict(variables)})
        yield process
        patience = LAST
    finally:
        process.end(patience)
        _running.discard(process)


def end_all() -> None:
    """End every process at once, servers too: nobody waits for their runs any more."""
    with _lock:
        for server, control in _servers.values():
            control.close()
            server.terminate()
        for process in list(_running):
            process._kill()
        for server, _ in _servers.values():
            server.wait()
        _servers.clear()
