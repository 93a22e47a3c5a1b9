"""Which files of data/raw hold which table: the name says it."""

from dataclasses import dataclass
from pathlib import Path

from ..tables import TABLES

EXTENSIONS = (".csv", ".txt", ".xlsx", ".xlsm", ".ods", ".xls")  # .xls: to say what to do with it
ELSEWHERE = "questionnaires"  # read by their codebooks


@dataclass(frozen=True)
class RawFile:
    """A file of `data/raw`; `name` is its path there, with `/`."""

    path: Path
    name: str
    table: str


def find(raw: Path) -> tuple[list[RawFile], list[str]]:
    """The files of each table, in the order of their names, and the names nobody recognises."""
    known, unknown = [], []
    for path in sorted(raw.rglob("*")) if raw.is_dir() else []:
        parts = path.relative_to(raw).parts
        if not path.is_file() or _passed_over(parts):
            continue
        name = "/".join(parts).encode("utf-8", "replace").decode()
        table = _table(parts)
        if table and path.suffix.lower() in EXTENSIONS:
            known.append(RawFile(path, name, table))
        else:
            unknown.append(name)
    return sorted(known, key=lambda f: f.name), sorted(unknown)


def _passed_over(parts: tuple[str, ...]) -> bool:
    """Hidden files, the lock files of office programs, notices, questionnaires."""
    hidden = any(part.startswith((".", "~$")) for part in parts)
    return hidden or parts[0] == ELSEWHERE or parts[-1].upper().startswith("README")


def _table(parts: tuple[str, ...]) -> str | None:
    first = parts[0].lower()
    if len(parts) > 1:
        return first if first in TABLES else None
    return max((t for t in TABLES if first.startswith(t)), key=len, default=None)
