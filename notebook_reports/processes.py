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
    private = dict.fromkeys(("IPYTHONDIR", "MPLCONFIGDIR", "XDG_CACHE_HOME"), private_folder())
    return {"MPLBACKEND": INLINE, **os.environ, **FIXED, **private}


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

    Once it has ended, `code` is that of its exit, or minus the signal that killed it, None if it was ended here;
    `words` what is left of what it said on standard error, outside Python; `late`, whether time had run out.
    """

    pid: int | None = None
    code: int | None = None
    words: str = ""
    late = False
    _silent = False

    def __init__(self, requests: IO[bytes], replies: IO[bytes], words: int | None) -> None:
        self._requests, self._replies, self._words = requests, replies, words

    def ask(self, request: Any) -> None:
        with suppress(OSError):  # it is dead, which `hear` will tell
            self._requests.write(json.dumps(request).encode() + b"\n")
            self._requests.flush()

    def hear(self) -> bytes:
        """Its next line; empty when it will say nothing more."""
        line = self._replies.readline(LONGEST)
        self._silent = not line
        return line if line.endswith(b"\n") else b""

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Kill it if it lasts longer: whoever hears it then hears its end."""
        timer = threading.Timer(seconds, self._expire)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _expire(self) -> None:
        self.late = True
        self.kill()

    def answers(self, seconds: float) -> bool:
        """Whether it is ready for its first cell."""
        with self.within(seconds):
            if line := self.hear():
                self.pid = json.loads(line)[1]["parent"]
        return bool(line)

    def wait(self) -> None:
        """Until a cell that it was asked is run, or it is gone; what it tells is left."""
        while (line := self.hear()) and json.loads(line)[0] != "execute_reply":
            pass

    def end(self, patience: float = 0) -> None:
        """End it with all that it started, after some seconds in which it may do so by itself."""
        if self._replies.closed:
            return
        if patience:
            self.ask(None)
        with suppress(OSError):
            self._requests.close()
        if not self._silent:
            with self.within(patience):
                while not self._silent:
                    self.hear()
        self._replies.close()
        with self.within(LAST):
            self.code = self._ended()
        if self._words is not None:
            with suppress(BlockingIOError):
                self.words = os.read(self._words, 1 << 16).decode("utf-8", "replace")
            os.close(self._words)

    def kill(self) -> None:
        """Have it end now, with all that it started."""
        raise NotImplementedError

    def _ended(self) -> int | None:
        """How it ended, once it has."""
        raise NotImplementedError


class _Forked(Process):
    def __init__(self, server: "subprocess.Popen[bytes]", control: socket.socket) -> None:
        self._server = server
        asked, requests = os.pipe()
        replies, told = os.pipe()
        words, errors = os.pipe()
        self._status, status = os.pipe()
        os.set_blocking(words, False)
        given = [asked, told, words, errors, status]
        try:
            with suppress(OSError):  # the server is dead: it will never answer
                socket.send_fds(control, [b"."], given)
        finally:
            for number in (asked, told, errors, status):
                os.close(number)
        super().__init__(os.fdopen(requests, "wb", 0), os.fdopen(replies, "rb"), words)

    def kill(self) -> None:
        if self.pid is None:  # the server, which imports without end, has not begun it
            self._server.terminate()
        else:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGTERM)  # its guard

    def _ended(self) -> int | None:
        with os.fdopen(self._status, "rb") as status:
            told = status.read()
        return int(told) if told else None

    def end(self, patience: float = 0) -> None:
        super().end(patience)
        if self.pid is None:
            self.words = _server_words().read_text(encoding="utf-8", errors="replace")


def _server_words() -> Path:
    return Path(private_folder(), "serveur.txt")


class _Spawned(Process):
    def __init__(self) -> None:
        words, errors = (None, subprocess.DEVNULL) if sys.platform == "win32" else os.pipe()
        given = [private_folder(), "" if words is None else str(words)]
        self._popen = _python("child", given, [] if words is None else [words], errors, subprocess.PIPE)
        if words is not None:
            os.set_blocking(words, False)
            os.close(errors)
        assert self._popen.stdin is not None and self._popen.stdout is not None
        super().__init__(self._popen.stdin, self._popen.stdout, words)

    def kill(self) -> None:
        with suppress(psutil.NoSuchProcess):
            end_descendants(psutil.Process(self._popen.pid))
        self._popen.kill()

    def _ended(self) -> int | None:
        code = self._popen.wait()
        if sys.platform != "win32":
            with suppress(ProcessLookupError):
                os.killpg(self._popen.pid, signal.SIGKILL)
        return code


def _python(
    module: str, arguments: Sequence[str], numbers: Sequence[int], errors: IO[bytes] | int, streams: int
) -> "subprocess.Popen[bytes]":
    """A module of this package in a session of its own, with these file descriptors."""
    return subprocess.Popen(
        [sys.executable, "-m", f"notebook_reports.{module}", *arguments],
        stdin=streams,
        stdout=streams,
        stderr=errors,
        env=environment(),
        pass_fds=numbers,
        start_new_session=True,
    )


_servers: dict[tuple[str, ...], tuple["subprocess.Popen[bytes]", socket.socket]] = {}
_running: set[Process] = set()
_lock = threading.Lock()


def serve(preload: Sequence[str]) -> tuple["subprocess.Popen[bytes]", socket.socket]:
    """Start the fork server for these modules, unless it runs: it imports them while its caller does other things."""
    with _lock:
        server, control = _servers.get(tuple(preload), (None, None))
        if control is None or server is None or server.poll() is not None:
            control, there = socket.socketpair()
            given = [private_folder(), str(there.fileno()), str(os.getpid()), *preload]
            with there, _server_words().open("wb") as words:
                server = _python("server", given, [there.fileno()], words, subprocess.DEVNULL)
            _servers[tuple(preload)] = server, control
        return server, control


def served(private: str, server: int) -> Path:
    """The file that a fork server writes once it has imported its modules."""
    return Path(private, f"serveur-{server}.txt")


def serves(preload: Sequence[str]) -> bool:
    """Whether the fork server for these modules has imported them."""
    with _lock:
        server, _ = _servers.get(tuple(preload), (None, None))
    return server is not None and server.poll() is None and served(private_folder(), server.pid).exists()


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
    process: Process = _Forked(*serve(preload)) if way == "fork" else _Spawned()
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
        for server, _ in _servers.values():
            server.terminate()
        for process in list(_running):
            process.kill()
        for server, control in _servers.values():
            server.wait()
            control.close()
        _servers.clear()
