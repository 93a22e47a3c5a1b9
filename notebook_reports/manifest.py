"""The manifest of an edition: every file, what it was made from, and by which versions.

It holds no time and no path of the machine, so that the same inputs give the same bytes;
`manifest.schema.json` says what each key is.
"""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import fastjsonschema

from .errors import StudyError, UsageError
from .files import file_digest, of_desktop

NAME = "manifest.json"
SCHEMA = Path(__file__).parent / "manifest.schema.json"
CODE = 8  # characters of its record's hash, by which a report on paper is found


def load(folder: Path) -> dict[str, Any]:
    """The manifest of an edition, without a file when there is none, or none of the schema."""
    empty: dict[str, Any] = {"fichiers": {}, "executions": {}}
    try:
        known = json.loads((folder / NAME).read_text(encoding="utf-8"))
        return dict(_checked()(empty | known))
    except (OSError, ValueError, TypeError, RecursionError):
        return empty


@cache
def _checked() -> Callable[[Any], Any]:
    check: Callable[[Any], Any] = fastjsonschema.compile(json.loads(SCHEMA.read_text("utf-8")))
    return check


def editions(reports: Path) -> list[str]:
    """The editions published, the earliest first."""
    return sorted(p.parent.name for p in reports.glob(f"????-??-??/{NAME}"))


def edition_of(reports: Path, name: str) -> tuple[Path, dict[str, Any]]:
    """Folder and manifest of a published edition.

    Raises
    ------
    UsageError
        When there is no such edition; the message lists those there are.
    StudyError
        When its manifest cannot be read, or is of an older program.
    """
    known = editions(reports)
    if name not in known:
        raise UsageError(
            f"Édition inconnue\u00a0: «\u00a0{name}\u00a0». Éditions de "
            f"{reports}\u00a0: {', '.join(known) or 'aucune'}."
        )
    manifest = load(reports / name)
    if "fichiers_lus" not in manifest:
        raise StudyError(
            f"{name}/{NAME}\u00a0: manifeste illisible ou trop ancien\u202f; refaites l'édition par spls-study build."
        )
    return reports / name, manifest


def verify(reports: Path, edition: str) -> list[str]:
    """A French sentence for each file that differs, is missing, or is not in the manifest (raises as `edition_of`).

    Partial notebooks of failed runs (`*.echec.ipynb`) are in no manifest; what a desktop leaves there is passed over.
    """
    folder, manifest = edition_of(reports, edition)
    listed, faults = manifest["fichiers"], []
    there = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    for name in sorted({*listed, *there} - {NAME}):
        if name not in there:
            faults.append(f"{name}\u00a0: fichier manquant.")
        elif name in listed and file_digest(there[name]) != listed[name]:
            faults.append(f"{name}\u00a0: empreinte différente de celle du manifeste.")
        elif name not in listed and not of_desktop(there[name].name) and not name.endswith(".echec.ipynb"):
            faults.append(f"{name}\u00a0: fichier absent du manifeste.")
    return faults


def traced(reports: Path, edition: str, code: str) -> list[str]:
    """What a report on paper was made from: its name, then each input with its SHA-256.

    Parameters
    ----------
    code
        That of its footer, or the one that its text gives for the data it read.

    Raises
    ------
    UsageError
        When no report of the edition bears the code.
    """
    folder, manifest = edition_of(reports, edition)
    for name, run in manifest["executions"].items():
        books = [n for n in run["fichiers"] if n.endswith(".ipynb")]
        if any(_bears(folder / book, manifest["fichiers"].get(book, ""), code) for book in books):
            inputs = [f"{digest} {of}" for of, digest in sorted(run["entrees"].items())]
            return [f"{code}\u00a0: {name}, édition {edition}, fait de\u00a0:", *inputs]
    raise UsageError(
        f"{code}\u00a0: aucun rapport de l'édition {edition} ne porte ce code\u202f; "
        "il a été refait depuis, ou est d'une autre édition."
    )


def _bears(book: Path, known: str, code: str) -> bool:
    return len(code) == CODE and (known.startswith(code) or (book.is_file() and f" {code}" in book.read_text("utf-8")))
