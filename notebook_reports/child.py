"""The process that runs a notebook's cells: IPython with an ordinary kernel's shell, but no kernel and no socket.

It is asked by lines of JSON (a folder and an environment, then a cell at a time, then null) and
answers by lines `[kind, content]`, which are an ordinary kernel's messages. `python -m
notebook_reports.child` starts one anew; `server` forks it.
"""

import asyncio
import atexit
import builtins
import codecs
import faulthandler
import getpass
import io
import json
import os
import sys
import threading
from contextlib import suppress
from importlib import import_module
from itertools import groupby
from pathlib import Path
from select import select
from tempfile import gettempdir
from types import MethodType, SimpleNamespace
from typing import Any, BinaryIO, NoReturn

import psutil
from ipykernel.compiler import XCachingCompiler, get_file_name
from ipykernel.kernelbase import Kernel
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.profiledir import ProfileDir
from jupyter_client.jsonutil import json_default
from jupyter_client.session import Session
from traitlets.config import Config

from .opened import LIST, note
from .processes import CUT_DATA, CUT_TEXT, DATA, TEXT, end_descendants

EAGER = 200  # writes of a cell told one by one, so that none is lost if the process dies; then in larger parts
PART = 1 << 15  # characters
PAUSE = 0.1  # seconds until the rest is told
LAST_FRAMES, LONGEST_FRAME = 20, 20_000  # of an error that is too long to be told whole


class Wire:
    """Tells what a cell writes and shows, in order, and no more than a notebook can hold.

    What does not pass through Python (C code, other processes) comes by `raw`: name of a stream →
    file descriptor, read before anything else is told. A process forked by a cell has no wire of its own: what it
    writes comes so too.
    """

    def __init__(self, replies: int, raw: dict[str, int]) -> None:
        self._replies, self._raw = replies, raw
        self._decoders = {name: codecs.getincrementaldecoder("utf-8")("replace") for name in raw}
        self._lock = threading.RLock()
        self.begin()
        if raw:
            os.register_at_fork(after_in_child=self._leave)
            threading.Thread(target=self._watch, daemon=True).start()

    def begin(self) -> None:
        """A new cell."""
        self._waiting: list[tuple[str, str]] = []
        self._writes, self._text, self._data = 0, TEXT, DATA

    def write(self, name: str, text: str) -> None:
        if self._replies < 0:
            os.write({"stdout": 1, "stderr": 2}[name], text.encode("utf-8", "replace"))
        elif self._text >= 0:  # else no more of it
            with self._lock:
                self._gather()
                self._add(name, text)
                self._writes += 1
                if self._writes <= EAGER or sum(len(text) for _, text in self._waiting) > PART:
                    self._flush()

    def tell(self, kind: str, content: dict[str, Any]) -> None:
        if self._replies < 0:
            return
        line = _packed(kind, content)
        with self._lock:
            self._gather()
            self._flush()
            if kind == "clear_output" and not content["wait"]:
                self._text, self._data = TEXT, DATA
            elif kind == "error" and len(line) > TEXT:
                frames = [frame[:LONGEST_FRAME] for frame in content["traceback"][-LAST_FRAMES:]]
                value = f"{content['evalue'][:LONGEST_FRAME]}{CUT_TEXT}"
                line = _packed(kind, {**content, "evalue": value, "traceback": frames})
            elif "data" in content:
                if self._data < 0:
                    return
                self._data -= len(line)
                if self._data < 0:
                    line = _packed(kind, {**content, "data": {"text/plain": CUT_DATA}, "metadata": {}})
            self._send(line)

    def _leave(self) -> None:
        os.close(self._replies)  # else its end would not be heard before that of all that it forked
        self._replies = -1

    def _watch(self) -> None:
        while self._raw:
            select(list(self._raw.values()), [], [], PAUSE)
            with self._lock:
                self._gather()
                self._flush()

    def _gather(self) -> None:
        for name, number in list(self._raw.items()):
            with suppress(BlockingIOError):
                while chunk := os.read(number, PART):
                    self._add(name, self._decoders[name].decode(chunk))
                del self._raw[name]  # closed by a cell

    def _add(self, name: str, text: str) -> None:
        if text and self._text >= 0:
            kept = text if len(text) <= self._text else text[: self._text] + CUT_TEXT
            self._text -= len(text)
            self._waiting.append((name, kept))

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        for name, same in groupby(waiting, lambda one: one[0]):
            self._send(_packed("stream", {"name": name, "text": "".join(text for _, text in same)}))

    def _send(self, line: bytes) -> None:
        try:
            while line:
                line = line[os.write(self._replies, line) :]
        except BrokenPipeError:  # nobody listens any more
            os._exit(1)


def _packed(kind: str, content: dict[str, Any]) -> bytes:
    text = json.dumps([kind, content], default=json_default, ensure_ascii=False, allow_nan=False)
    try:
        return f"{text}\n".encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return f"{text}\n".encode("utf-8", "replace")


class _Stream(io.TextIOBase):
    encoding, errors = "UTF-8", None

    def __init__(self, name: str, number: int, wire: Wire) -> None:
        self.name, self._number, self._wire = name, number, wire

    def fileno(self) -> int:
        return self._number

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._wire.write(self.name, text)
        return len(text)


class _Session(Session):
    """Takes the messages of the shell to the wire, not to sockets."""

    wire: Wire | None = None

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, *_: Any, **__: Any) -> None:
        if not isinstance(msg_or_type, str):
            msg_or_type, content = msg_or_type["header"]["msg_type"], msg_or_type["content"]
        if self.wire is not None:
            self.wire.tell(msg_or_type, content)


class _Compiler(XCachingCompiler):
    def get_code_name(self, raw_code: str, code: str, number: int) -> str:
        """An ordinary kernel's name for a cell, in a folder whose name does not depend on the process."""
        return str(Path(gettempdir(), "ipykernel_0", Path(get_file_name(raw_code)).name))  # type: ignore[no-untyped-call]


def make_shell(private: str) -> Any:
    """An ordinary kernel's shell, without what an account's own files change; `private` is a folder."""
    shell: Any = ZMQInteractiveShell.instance(
        config=Config({"HistoryManager": {"enabled": False}}),
        ipython_dir=private,
        profile_dir=ProfileDir(location=private),
        kernel=SimpleNamespace(eventloop=None),
        compiler_class=_Compiler,
    )
    atexit.unregister(shell.atexit_operations)  # sweeps a memory that is about to be given back
    shell.enable_gui = lambda gui=None: None
    shell.extension_manager.load_extension("storemagic")
    shell.display_pub.session = shell.displayhook.session = _Session(key=b"")
    # As an ordinary kernel: modules beside the notebook come after Python's own.
    place = next((i for i, path in enumerate(sys.path) if Path(path).name.endswith("-packages")), 0)
    sys.path.insert(place, "")
    return shell


def preload(names: list[str]) -> None:
    for name in names:
        with suppress(ImportError):  # a cell that imports it will say so
            import_module(name)


def run(shell: Any, requests: int, replies: int, words: int | None) -> NoReturn:
    """Answer what is asked, and end.

    Parameters
    ----------
    words
        Where what is written to file descriptor 2 can be read, also by whoever asks.
    """
    raw = {}
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    if words is None:  # Windows has no pipes of which one can ask whether they hold something
        os.dup2(0, 1)
        os.dup2(0, 2)
    else:
        raw["stdout"], end = os.pipe()
        raw["stderr"] = words
        os.dup2(end, 1)
        os.close(end)
        os.set_blocking(raw["stdout"], False)
        faulthandler.enable(2)
    source = os.fdopen(requests, "rb")
    start = json.loads(source.readline() or "null")
    if start is None:
        _end(1)
    os.chdir(start["folder"])
    os.environ.clear()
    os.environ.update(start["environment"])
    if LIST in os.environ:
        note(os.environ[LIST])
    shell.init_environment()
    shell.history_manager.dir_hist[:] = [start["folder"]]
    wire = Wire(replies, raw)
    shell.displayhook.session.wire = wire
    sys.stdout, sys.stderr = _Stream("stdout", 1, wire), _Stream("stderr", 2, wire)
    nobody = SimpleNamespace(_allow_stdin=False)
    builtins.input, getpass.getpass = MethodType(Kernel.raw_input, nobody), MethodType(Kernel.getpass, nobody)
    asyncio.run(_answer(shell, source, wire))
    shell.user_ns.clear()  # closes files
    atexit._run_exitfuncs()
    _end(0)


async def _answer(shell: Any, source: BinaryIO, wire: Wire) -> None:
    asked: asyncio.Queue[str | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def listen() -> None:
        for line in source:
            loop.call_soon_threadsafe(asked.put_nowait, cell := json.loads(line))
            if cell is None:
                return
        _end(1)

    threading.Thread(target=listen, daemon=True).start()
    wire.tell("ready", {"parent": os.getppid()})
    while (cell := await asked.get()) is not None:
        wire.begin()
        wire.tell("execute_input", {"execution_count": shell.execution_count})
        succeeded = await _execute(shell, cell)
        if shell.exit_now:
            return
        wire.tell("execute_reply", {"status": "ok" if succeeded else "error"})


async def _execute(shell: Any, code: str) -> bool:
    """As `IPythonKernel.do_execute`."""
    broken, shell._last_traceback_during_displayhook = None, False
    try:
        transformed = shell.transform_cell(code)
    except Exception:
        transformed, broken = code, sys.exc_info()
    result = None
    try:
        result = await shell.run_cell_async(
            code, store_history=True, transformed_cell=transformed, preprocessing_exc_tuple=broken
        )
    finally:
        shell.events.trigger("post_execute")
        shell.events.trigger("post_run_cell", result)
    return bool(result.success and not shell._last_traceback_during_displayhook)


def _end(code: int) -> NoReturn:
    """End, with all that the cells started: nobody asks for more, or nobody waits any more."""
    end_descendants(psutil.Process())
    os._exit(code)


def main() -> None:
    """Started anew: asked by standard input, answering by standard output."""
    private, words = sys.argv[1:]
    del sys.path[0]  # the current folder, which is not the notebook's
    run(make_shell(private), os.dup(0), os.dup(1), int(words) if words else None)


if __name__ == "__main__":
    main()
