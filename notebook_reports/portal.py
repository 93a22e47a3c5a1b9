"""`reports/index.html`: leads to the latest edition, and to those before it.

Made again whenever the finished editions or comparisons are no longer those that it lists: an
edition's own pages say nothing of the others, so that nothing changes them once published.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

from . import manifest as record
from .files import digest, path_digest, write_atomic
from .publication import STATEMENT

_TOLD = ("edition", "titre", "donnees_fictives")


def write(reports: Path) -> None:
    """Write the page if it is not up to date."""
    editions = _finished(reports)
    compared = sorted((p.parent.name for p in reports.glob("diff/*_*/index.html")), reverse=True)
    key = digest(json.dumps([path_digest(Path(__file__).parent / "templates"), editions, compared]).encode())
    file = reports / "index.html"
    if not editions or (file.is_file() and key in file.read_text(encoding="utf-8")):
        return
    from .pages import page  # slow, and often there is nothing to write

    pairs = [(name, *map(date.fromisoformat, name.split("_"))) for name in compared]
    dated = [{**one, "date": date.fromisoformat(one["edition"])} for one in editions]
    write_atomic(
        file,
        page(
            "portail.html.j2",
            cle=key,
            comparaisons=pairs,
            editions=dated,
            accessibilite=f"{editions[0]['edition']}/{STATEMENT}",
        ),
    )


def _finished(reports: Path) -> list[dict[str, Any]]:
    """What manifests, written last, say of the editions, the latest first."""
    names = sorted((p.parent.name for p in reports.glob("????-??-??/index.html")), reverse=True)
    found = []
    for name in names:
        one = record.load(reports / name)
        if one.get("edition") == name:
            there = {run.partition("/")[0] for run in one["executions"]}
            found.append(
                {
                    **{word: one[word] for word in _TOLD},
                    "territoires": [pair for pair in one["territoires"] if pair[0] in there],
                }
            )
    return found
