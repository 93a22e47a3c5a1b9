"""What a report hangs on, and whether it still stands: when in doubt, it does not."""

import json
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any

from ..digests import digest, file_digest, package_digest, path_digest, versions
from ..journal import EDITION
from ..study import LOCK, PACKAGE
from .publication import Publication, Run

Reading = Mapping[str, Any]  # vue, fichiers, empreinte: see `journal`


class Inputs:
    """The inputs of an edition as they are now.

    The study, its templates, the package, the versions locked and installed, and the notebook
    itself make a run's key; of all the rest, a run hangs on what its readings name.
    """

    def __init__(self, publication: Publication) -> None:
        self._publication = publication
        self._common = _common(publication)
        self._data = {name: _digest(p) for name, p in publication.inputs.items()}
        self._data |= _earlier_editions(publication)

    def of(self, run: Run, readings: Sequence[Reading]) -> dict[str, str]:
        """Name → SHA-256 of all that a run hangs on."""
        names = {
            name for one in readings for pattern in one["fichiers"] for name in self._data if fnmatchcase(name, pattern)
        }
        return {**self._fixed(run), **{name: self._data[name] for name in sorted(names)}}

    def key(self, run: Run) -> str:
        return self._key([run.name, self._fixed(run)])

    @cached_property  # as it is before any page is made
    def index_key(self) -> str:
        """Changes with what the index says beside the reports."""
        own = self._publication
        return self._key(
            [
                self._common,
                own.title,
                own.fictitious,
                list(own.territories.items()),
                [path.name for path in own.found()],
                *(_digest(file) if file else "" for file in (own.outlines, own.guide)),
            ]
        )

    def stands(self, run: Run, known: Mapping[str, Any] | None) -> bool:
        """Whether the run would read again what it read, the manifest's `known` execution."""
        if known is None or known["cle"] != self.key(run):
            return False
        was, now = known["entrees"], self.of(run, known["lectures"])
        changed = [n for n in {*was, *now} if was.get(n) != now.get(n)]
        return all(
            self._is_same(one, run)
            for one in known["lectures"]
            if any(fnmatchcase(n, p) for n in changed for p in one["fichiers"])
        )

    def _is_same(self, reading: Reading, run: Run) -> bool:
        if not reading["vue"] or self._publication.reread is None:
            return False
        try:
            now = self._publication.reread(reading["vue"], run.territory)
        except Exception:  # the report itself will say what is wrong
            return False
        return bool(now == reading["empreinte"])

    def _fixed(self, run: Run) -> dict[str, str]:
        return {**self._common, f"notebooks/{run.notebook.name}": file_digest(run.notebook)}

    def _key(self, facts: list[Any]) -> str:
        edition = self._publication.edition.isoformat()
        return digest(json.dumps([edition, versions(), *facts], sort_keys=True).encode())


def origin(publication: Publication) -> dict[str, str]:
    """Name → SHA-256 of what an edition is made from, whatever its date; empty when in doubt."""
    found = {
        **_common(publication),
        **{name: _digest(path) for name, path in publication.origins.items()},
        **publication.seen,
        "versions": digest(json.dumps(versions(), sort_keys=True).encode()),
        **{f"notebooks/{path.name}": file_digest(path) for path in publication.found()},
    }
    return found if all(found.values()) else {}


def _common(publication: Publication) -> dict[str, str]:
    named = [
        (publication.file.name, publication.file),
        (LOCK.name, LOCK),
        *((f"{publication.templates.name}/{p.name}", p) for p in sorted(publication.templates.glob("*"))),
    ]
    return {PACKAGE.name: package_digest(), **{name: file_digest(path) for name, path in named if path.is_file()}}


def _digest(path: Path) -> str:
    """Empty for what cannot be read: no run can have read it."""
    try:
        return path_digest(path)
    except OSError:
        return ""


def _earlier_editions(publication: Publication) -> dict[str, str]:
    """The tables of earlier editions, with which this one is compared, and which days these are."""
    tables = {p.relative_to(publication.reports).as_posix(): file_digest(p) for p in publication.earlier_tables()}
    return {EDITION: digest(" ".join(publication.earlier).encode()), **tables}
