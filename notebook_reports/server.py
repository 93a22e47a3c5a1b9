"""`python -m notebook_reports.server`: imports libraries once, then forks a process for each run (Linux).

Between the server and each run stands a guard: it tells how the run ended, and ends what the run
left behind, which comes back to it because it is a *subreaper*. All of them end when whoever
started the server is gone, however that went.
"""

import ctypes
import gc
import os
import shutil
import signal
import socket
import sys
from typing import Any

import psutil

from . import child
from .processes import end_descendants, served

LOOK = 0.5  # seconds between two looks at whoever started the server, while it imports
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36


def _ask_system(option: int, value: int) -> None:
    ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def main() -> None:
    """Serve until the other end of the socket is closed."""
    private, number, owner, *names = sys.argv[1:]
    del sys.path[0]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    _ask_system(_PR_SET_CHILD_SUBREAPER, 1)

    def look(*_: Any) -> None:
        if os.getppid() != int(owner):
            shutil.rmtree(private, ignore_errors=True)
            os._exit(1)

    # While it imports, which may be long, it does not hear that the socket is closed.
    signal.signal(signal.SIGALRM, look)
    signal.siginterrupt(signal.SIGALRM, False)
    signal.setitimer(signal.ITIMER_REAL, LOOK, LOOK)
    try:
        shell = child.make_shell(private)
        child.preload(names)
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        gc.collect()
        gc.freeze()  # what was imported is not garbage: looking through it takes a quarter of a second
        # Drawings are many objects that live: looking among them for garbage was a tenth of the time of the cells.
        gc.set_threshold(100_000, 50, 100)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # guards leave no zombie
        served(private, os.getpid()).touch()
        with socket.socket(fileno=int(number)) as control:
            while given := socket.recv_fds(control, 1, 5)[1]:
                if os.fork() == 0:
                    try:
                        control.close()
                        _guard(shell, *given)
                    finally:
                        os._exit(1)
                for one in given:
                    os.close(one)
    except SystemExit:  # told to end by its owner, which goes on using its folder
        end_descendants(psutil.Process())
    else:
        end_descendants(psutil.Process())
        shutil.rmtree(private, ignore_errors=True)


def _guard(shell: Any, requests: int, replies: int, words: int, errors: int, status: int) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _ask_system(_PR_SET_PDEATHSIG, signal.SIGTERM)  # when its parent ends
    _ask_system(_PR_SET_CHILD_SUBREAPER, 1)
    code: int | str = ""
    try:
        run = os.fork()
        if run == 0:
            _ask_system(_PR_SET_PDEATHSIG, signal.SIGKILL)
            os.setsid()
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            os.close(status)
            os.dup2(errors, 2)
            os.close(errors)
            child.run(shell, requests, replies, words)
        for number in (requests, replies, words, errors):
            os.close(number)
        ended = 0
        while ended != run:
            ended, state = os.wait()
        code = os.waitstatus_to_exitcode(state)
    except SystemExit:  # told to end it
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while _has_children():  # takes note of one that has ended
        end_descendants(psutil.Process())
    os.write(status, str(code).encode())
    os._exit(0)


def _has_children() -> bool:
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return False
    return True


if __name__ == "__main__":
    main()
