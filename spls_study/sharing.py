"""What one kernel of a build computes for all of them, kept as long as the build, in a folder of the study.

The environment variable `SPLS_SHARED` names the folder; the build alone sets it: an analyst's
kernel, whose data may change while it lives, computes everything itself.
"""

import os
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from typing import TypeVar

from filelock import FileLock

from .files import is_writing, write_atomic

FOLDER = "SPLS_SHARED"
PATIENCE = 60  # seconds, after which what another kernel has not finished is computed here
_T = TypeVar("_T")


@contextmanager
def passed_on(place: Path | None) -> Iterator[dict[str, str]]:
    """The environment of a build's kernels: nothing is passed on where no folder can be made."""
    own = _made(place) if place else None
    try:
        yield {FOLDER: str(own)} if own else {}
    finally:
        if own:
            rmtree(own, ignore_errors=True)


def _made(place: Path) -> Path | None:
    """A folder of this build alone, once those of killed builds are removed."""
    own = place / f"partage.{os.getpid()}"
    for left in place.glob("partage.*"):
        with suppress(OSError, ValueError):
            if left == own or not is_writing(int(left.suffix[1:]), left.stat().st_mtime):
                rmtree(left)
    try:
        own.mkdir(mode=0o700, parents=True)  # what it held before would be run, not read
    except OSError:
        return None
    return own


def shared(name: str, compute: Callable[[], _T]) -> _T:
    """`compute()`, or what another kernel of this build found; `name` tells it from all others."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return compute()
    file = Path(folder) / f"{name}.pickle"
    with _alone(file.with_suffix(".lock")):
        if file.is_file():
            return pickle.loads(file.read_bytes())  # type: ignore[no-any-return]  # of this build alone
        value = compute()
        with suppress(OSError):  # a full disk costs time, not the report
            write_atomic(file, pickle.dumps(value, pickle.HIGHEST_PROTOCOL))
        return value


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Wait for a kernel that computes the same; where there can be no lock, both compute it."""
    lock = FileLock(file, timeout=PATIENCE)
    with suppress(OSError, NotImplementedError):
        file.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()
