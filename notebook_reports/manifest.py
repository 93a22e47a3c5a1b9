"""The manifest of an edition: every file, what it was made from, and by which versions.

It holds no time and no path of the machine, so that the same inputs give the same bytes;
`manifest.schema.json` says what each key is.
"""

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import fastjsonschema

from .errors import StudyError, UsageError

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


def edition(reports: Path, name: str) -> tuple[Path, dict[str, Any]]:
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


def dump(manifest: Mapping[str, Any]) -> str:
    return json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
