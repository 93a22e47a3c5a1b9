"""Imported by the fork server of `warm` alone, first: nothing that it started outlives it.

A session of its own saves it from what is sent to the build's whole group. It ends when the build
is gone, however that went, and takes with it the kernels and whatever these left behind: orphans
come back to it, because it is their *subreaper* (Linux).
"""

import atexit
import ctypes
import os
import shutil
import signal
import sys
import warnings
from contextlib import suppress

import psutil

_PR_SET_CHILD_SUBREAPER = 36


def end_descendants() -> None:
    """Kill all that this process started, and wait until it is gone."""
    while found := psutil.Process().children(recursive=True):
        for process in found:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(found, timeout=1)


os.setsid()
ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
# What is registered last is done first: nobody writes any more in the folder that goes.
atexit.register(shutil.rmtree, os.environ["SPLS_PROVISOIRE"], ignore_errors=True)
atexit.register(end_descendants)
signal.signal(signal.SIGTERM, lambda *_: sys.exit())
# The fork server wonders at orphans that end.
warnings.filterwarnings("ignore", "forkserver: waitpid", UserWarning)
