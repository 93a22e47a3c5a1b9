"""What one kernel of a build computes for all of them: as long as the build, in a folder that goes with it.

The folder is named by the environment variable `SPLS_SHARED`, which the build alone sets: an
analyst's kernel, whose data may change while it lives, computes everything itself.
"""

import os
import pickle
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from .files import write_atomic
from .memo import alone

FOLDER = "SPLS_SHARED"
_T = TypeVar("_T")


def shared(name: str, compute: Callable[[], _T]) -> _T:
    """`compute()`, or what another kernel of this build found; `name` tells it from all others."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return compute()
    file = Path(folder) / f"{name}.pickle"
    with alone(file.with_suffix(".lock")):
        if file.is_file():
            return pickle.loads(file.read_bytes())  # type: ignore[no-any-return]  # of this build alone
        value = compute()
        with suppress(OSError):  # a full disk costs time, not the report
            write_atomic(file, pickle.dumps(value, pickle.HIGHEST_PROTOCOL))
        return value
