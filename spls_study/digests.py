"""SHA-256 of what a result depends on: files, folders, this package, the versions it runs with."""

import platform
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import notebook_reports

from .files import below, of_desktop
from .study import LOCK, PACKAGE

_VERSIONS = (
    "spls_study babel ipykernel matplotlib nbconvert numpy pandas papermill pikepdf pyarrow pypandoc_binary scipy "
    "typst xlsxwriter"
).split()


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def file_digest(path: Path) -> str:
    with path.open("rb") as stream:
        found = sha256()
        while part := stream.read(1 << 20):
            found.update(part)
    return found.hexdigest()


def path_digest(path: Path) -> str:
    """Of a file, or of all the files of a folder and their names.

    Hidden files and those of office programs that have a file open do not count.
    """
    if path.is_file():
        return file_digest(path)
    files = [p for p in below(path) if p.is_file() and not of_desktop(p.name)]
    return digest("\n".join(f"{p.relative_to(path).as_posix()} {file_digest(p)}" for p in files).encode())


HOMES = (PACKAGE, Path(notebook_reports.__file__).parent)  # of the program, side by side


@cache
def package_digest() -> str:
    files = [p for home in HOMES for p in home.rglob("*") if p.is_file() and p.suffix != ".pyc"]
    lines = [f"{p.relative_to(PACKAGE.parent).as_posix()} {file_digest(p)}" for p in files]
    return digest("\n".join(sorted(lines)).encode())


def making() -> dict[str, str]:
    """Name → SHA-256 of the code, of the versions locked and of each font."""
    files = {LOCK.name: LOCK, **{p.name: p for p in sorted((PACKAGE / "fonts").glob("*.otf"))}}
    return {
        PACKAGE.name: package_digest(),
        **{name: file_digest(path) for name, path in files.items() if path.is_file()},
    }


@cache
def versions() -> dict[str, str]:
    """Python and the libraries that a report's bytes depend on."""
    return {"python": platform.python_version(), **{name: version(name) for name in _VERSIONS}}
