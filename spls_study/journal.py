"""The journal of what a kernel reads: each reading is shown, invisibly, in the executed notebook.

A reading is a view (`views`), the files it came from and a digest of its value; or, without a
view, a file read whole. Files go by their names in the manifest, where `*` stands for anything:
a file that appears or goes away is a change too.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .digests import digest, path_digest

READING = "application/vnd.spls-lecture+json"
EDITION = "édition précédente"  # the name of its date among the inputs
_collecting: list[set[str]] = []
_views: dict[str, str] = {}  # view → digest
_files: dict[str, tuple[Path, ...]] = {}


@contextmanager
def collecting() -> Iterator[set[str]]:
    """The names of the files noted meanwhile: a view is being read, not the files themselves."""
    names: set[str] = set()
    _collecting.append(names)
    try:
        yield names
    finally:
        _collecting.pop()


def note(name: str, *paths: Path) -> None:
    """Files are about to be read, there or not."""
    if _collecting:
        _collecting[-1].add(name)
    else:
        _files[name] = paths
        _show("", {name}, "")


def record(view: str, names: set[str], value: str) -> None:
    """A view was read; `value` is the digest of what it gave."""
    if _collecting:
        _collecting[-1].update(names)
    _views[view] = value
    _show(view, names, value)


def fingerprint(study_file: Path) -> str:
    """Eight characters that change with study.toml and with anything read until now."""
    files = {name: [path_digest(p) for p in paths if p.exists()] for name, paths in _files.items()}
    facts = [path_digest(study_file), files, _views]
    return digest(json.dumps(facts, sort_keys=True).encode())[:8]


def _show(view: str, names: set[str], value: str) -> None:
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None:
        from IPython.display import display

        entry = {"vue": view, "fichiers": sorted(names), "empreinte": value}
        display({READING: entry}, raw=True)  # type: ignore[no-untyped-call]
