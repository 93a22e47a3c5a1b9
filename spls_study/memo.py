"""Results of slow pure functions, kept from one kernel to the next.

A build runs many notebooks that protect the same tables; each protection is computed once.
The folder is named by the environment variable `SPLS_MEMO` (the build sets it); without it
nothing is kept. A result is JSON, found by a hash of everything that determines it; a file that
cannot be read is computed again. Of kernels that need one result together, one computes it.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from filelock import FileLock

from .files import write_atomic

PATIENCE = 60  # seconds, after which what another kernel has not finished is computed here


def remembered(facts: list[Any], compute: Callable[[], list[int]]) -> list[int]:
    """`compute()`, or what it gave for the same facts (texts, numbers, lists of these)."""
    folder = os.environ.get("SPLS_MEMO")
    if not folder:
        return compute()
    key = sha256(json.dumps(facts).encode()).hexdigest()
    file = Path(folder) / f"{key}.json"
    if (kept := _kept(file)) is not None:
        return kept
    with alone(file.with_suffix(".lock")):
        if (kept := _kept(file)) is not None:
            return kept
        result = compute()
        with suppress(OSError):  # a full disk costs time, not the report
            write_atomic(file, json.dumps(result))
        return result


def _kept(file: Path) -> list[int] | None:
    with suppress(OSError, ValueError):
        kept = json.loads(file.read_text(encoding="utf-8"))
        if isinstance(kept, list) and all(isinstance(n, int) for n in kept):
            return kept
    return None


@contextmanager
def alone(file: Path) -> Iterator[None]:
    """Wait for a kernel that computes the same; where there can be no lock, both compute it."""
    lock = FileLock(file, timeout=PATIENCE)
    with suppress(OSError, NotImplementedError):
        file.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()
