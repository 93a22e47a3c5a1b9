"""Which files of data/raw hold which table: the name says it."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from notebook_reports.files import below, of_desktop

from ..tables import TABLES

EXTENSIONS = (".csv", ".txt", ".xlsx", ".xlsm", ".ods", ".xls")  # .xls: to say what to do with it
UNNAMED = "son nom ne commence par celui d'aucune table\u202f; renommez-le (programmation_ddt16.xlsx)"
UNREAD = "ce format n'est pas lu\u202f; enregistrez-le en XLSX, ODS ou CSV"
ELSEWHERE = "questionnaires"  # read by their codebooks


class RawFile(NamedTuple):
    """A file of `data/raw`; `name` is its path there, with `/`."""

    path: Path
    name: str
    table: str


def received(folder: Path) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """The files below a folder and the parts of their paths, but hidden files, locks of office programs, notices."""
    for path in below(folder):
        parts = path.relative_to(folder).parts
        if not any(map(of_desktop, parts)) and not parts[-1].upper().startswith("README"):
            yield path, parts


def named(*parts: str) -> str:
    return "/".join(parts).encode("utf-8", "replace").decode()


def find(raw: Path) -> tuple[list[RawFile], list[str]]:
    """The files of each table, in the order of their names, and a French sentence for each other file."""
    known, unknown = [], []
    for path, parts in received(raw):
        if parts[0] == ELSEWHERE:
            continue
        table = _table(parts)
        if table and path.suffix.lower() in EXTENSIONS:
            known.append(RawFile(path, named(*parts), table))
        else:
            unknown.append(f"{named(*parts)}\u00a0: {UNREAD if table else UNNAMED}. Fichier ignoré.")
    return sorted(known, key=lambda f: f.name), sorted(unknown)


def _table(parts: tuple[str, ...]) -> str | None:
    first = parts[0].lower()
    if len(parts) > 1:
        return first if first in TABLES else None
    return max((t for t in TABLES if first.startswith(t)), key=len, default=None)
