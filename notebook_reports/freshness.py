"""What a report is made from, and whether it still is: files are compared by their SHA-256, nothing else."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from . import manifest as record
from . import opened
from .files import digest, file_digest, path_digest
from .publication import Publication, Run, runs

UNSEEN = "lecture inconnue"  # among the inputs of a run: it reads what cannot be followed, and runs each time


class Inputs:
    """The inputs of an edition as they are now.

    A run hangs on the study, its templates, the package, the versions locked, its notebook, and the files that it
    opened; on the edition and the versions installed besides, which `key` tells. `index_key` changes with what
    the index says beside the reports.
    """

    def __init__(self, publication: Publication) -> None:
        self._own, self._roots = publication, _roots(publication)
        own, program = publication, publication.program
        files = {
            own.file.name: own.file,
            program.lock.name: program.lock,
            **{f"{own.templates.name}/{path.name}": path for path in sorted(own.templates.glob("*"))},
        }
        self._common = {program.name: program.digest}
        self._common |= {name: file_digest(path) for name, path in files.items() if path.is_file()}
        self.key = self._key()
        self.index_key = self._key(
            self._common,
            own.title,
            own.fictitious,
            list(own.territories.items()),
            [path.name for path in own.found()],
            *(opened.digest(file) if file else "" for file in (own.outlines, *own.guides.values())),
            [*own.synonyms],
        )
        self._digests: dict[str, str] = {}  # the runs of one build ask for the same files

    def fixed(self, run: Run) -> dict[str, str]:
        """Name → SHA-256 of what a run hangs on, whatever it opens."""
        return {**self._common, f"notebooks/{run.notebook.name}": file_digest(run.notebook)}

    def now(self, run: Run, known: Mapping[str, Any]) -> dict[str, str]:
        """The inputs of the manifest's `known` execution, as they are now."""
        fixed = self.fixed(run)
        return {name: fixed.get(name) or self._now(name) for name in {*known["entrees"], *fixed}}

    def stand(self, run: Run, known: Mapping[str, Any]) -> bool:
        """Whether the manifest's `known` execution of a run was made from what is there now."""
        return known["cle"] == self.key and UNSEEN not in known["entrees"] and known["entrees"] == self.now(run, known)

    def origin(self) -> dict[str, str]:
        """Name → SHA-256 of what an edition is made from, whatever its date; empty when in doubt."""
        found = {
            **self._common,
            **{name: one if isinstance(one, str) else _of_all(one) for name, one in self._own.origins.items()},
            "versions": digest(json.dumps(self._own.program.versions, sort_keys=True).encode()),
            **{f"notebooks/{path.name}": file_digest(path) for path in self._own.found()},
        }
        return found if all(found.values()) else {}

    def _now(self, name: str) -> str:
        if name not in self._digests:
            *apart, (_, study) = self._roots
            places = [root / Path(name).relative_to(begun) for begun, root in apart if Path(name).is_relative_to(begun)]
            self._digests[name] = opened.digest([*places, study / name][0])
        return self._digests[name]

    def _key(self, *facts: Any) -> str:
        edition = self._own.edition.isoformat()
        return digest(json.dumps([edition, self._own.program.versions, *facts], sort_keys=True).encode())


def _of_all(path: Path) -> str:
    try:
        return path_digest(path)
    except OSError:
        return ""


def _roots(publication: Publication) -> list[tuple[Path, Path]]:
    """What stands before a file's name → its folder; of one inside another, the first counts."""
    return [
        *((Path(name), folder.resolve()) for name, folder in publication.program.brought.items()),
        (Path("reports"), publication.reports.resolve()),
        (Path(), publication.file.parent.resolve()),
    ]


def read_by(paths: Mapping[str, str], publication: Publication) -> dict[str, str]:
    """What a run opened, by its name in the manifest, without the program's own files and temporary ones."""
    *brought, reports, study = _roots(publication)
    own = [(None, home) for home in publication.program.homes]
    places = [*brought, *own, reports, study, (None, Path(gettempdir()))]
    found = {}
    for text, value in paths.items():
        path = Path(text)
        prefix, root = next((place for place in places if path.is_relative_to(place[1])), (Path(), None))
        if prefix is not None:
            name = prefix / path.relative_to(root) if root else Path(os.path.relpath(path, study[1]))
            found[name.as_posix() + "/" * text.endswith(os.sep)] = value
    return dict(sorted(found.items()))


def changed_inputs(publication: Publication, raw: Path) -> list[str]:
    """Inputs that are no longer what the edition was made from: it is whole, not up to date."""
    manifest, inputs = record.load(publication.folder), Inputs(publication)
    known = manifest["executions"]
    was = {n: d for run in known.values() for n, d in run["entrees"].items()}
    there = [run for run in runs(publication) if run.name in known]
    now = {n: d for run in there for n, d in inputs.now(run, known[run.name]).items()}
    for name, read in manifest["fichiers_lus"].items():
        was[f"data/raw/{name}"] = read["sha256"]
        now[f"data/raw/{name}"] = path_digest(raw / name)
    return [name for name in sorted({*was, *now}) if was.get(name) != now.get(name)]
