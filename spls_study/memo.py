"""Results of slow pure functions, kept from one kernel to the next.

A build runs many notebooks that protect the same tables; each protection is computed once.
The folder is named by the environment variable `SPLS_MEMO` (the build sets it); without it
nothing is kept. A result is JSON, found by a hash of everything that determines it; a file that
cannot be read is computed again.
"""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from .files import write_atomic


def remembered(facts: list[Any], compute: Callable[[], list[int]]) -> list[int]:
    """`compute()`, or what it gave for the same facts (texts, numbers, lists of these)."""
    folder = os.environ.get("SPLS_MEMO")
    if not folder:
        return compute()
    key = sha256(json.dumps(facts).encode()).hexdigest()
    file = Path(folder) / f"{key}.json"
    with suppress(OSError, ValueError):
        kept = json.loads(file.read_text(encoding="utf-8"))
        if isinstance(kept, list) and all(isinstance(n, int) for n in kept):
            return kept
    result = compute()
    with suppress(OSError):  # a full disk costs time, not the report
        write_atomic(file, json.dumps(result))
    return result
