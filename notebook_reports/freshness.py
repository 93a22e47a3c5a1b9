"""What a report is made from, and whether it still is: files are compared by their SHA-256, nothing else."""

import json
import os
from collections.abc import Mapping
from functools import cached_property
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
    opened; on the edition and the versions installed besides, which `key` tells.
    """

    def __init__(self, publication: Publication) -> None:
        self._publication, self._roots = publication, _roots(publication)
        self._common = _common(publication)
        self.key = self._key()
        self._digests: dict[str, str] = {}  # the runs of one build ask for the same files

    def of(self, run: Run, read: Mapping[str, str]) -> dict[str, str]:
        """Name → SHA-256 of all that a run hangs on; `read` is of what it opened, by name."""
        return {**read, **self._fixed(run)}

    def now(self, run: Run, known: Mapping[str, Any]) -> dict[str, str]:
        """The inputs of the manifest's `known` execution, as they are now."""
        fixed = self._fixed(run)
        return {name: fixed.get(name) or self._now(name) for name in {*known["entrees"], *fixed}}

    @cached_property  # as it is before any page is made
    def index_key(self) -> str:
        """Changes with what the index says beside the reports."""
        own = self._publication
        return self._key(
            self._common,
            own.title,
            own.fictitious,
            list(own.territories.items()),
            [path.name for path in own.found()],
            *(opened.digest(file) if file else "" for file in (own.outlines, *own.guides.values())),
            [*own.synonyms],
        )

    def stands(self, run: Run, known: Mapping[str, Any] | None) -> bool:
        """Whether the manifest's `known` execution of a run was made from what is there now."""
        if known is None or known["cle"] != self.key or UNSEEN in known["entrees"]:
            return False
        return bool(known["entrees"] == self.now(run, known))

    def _now(self, name: str) -> str:
        if name not in self._digests:
            *apart, (_, study) = self._roots
            places = [root / Path(name).relative_to(begun) for begun, root in apart if Path(name).is_relative_to(begun)]
            self._digests[name] = opened.digest([*places, study / name][0])
        return self._digests[name]

    def _fixed(self, run: Run) -> dict[str, str]:
        return {**self._common, f"notebooks/{run.notebook.name}": file_digest(run.notebook)}

    def _key(self, *facts: Any) -> str:
        edition = self._publication.edition.isoformat()
        return digest(json.dumps([edition, self._publication.program.versions, *facts], sort_keys=True).encode())


def read_by(paths: Mapping[str, str], publication: Publication) -> dict[str, str]:
    """What a run opened by its name in the manifest, without the program's own files and temporary ones."""
    found = {named(Path(path), publication) + "/" * path.endswith(os.sep): value for path, value in paths.items()}
    return {name: value for name, value in sorted(found.items()) if name.strip("/")}


def named(path: Path, publication: Publication) -> str:
    """A file as the manifest names it, wherever the study is; empty for the program's own and temporary ones."""
    *brought, reports, study = _roots(publication)
    program = [(None, home) for home in publication.program.homes]
    for prefix, root in (*brought, *program, reports, study):
        if path.is_relative_to(root):
            return "" if prefix is None else (prefix / path.relative_to(root)).as_posix()
    if path.is_relative_to(gettempdir()):
        return ""
    return Path(os.path.relpath(path, study[1])).as_posix()


def _roots(publication: Publication) -> list[tuple[Path, Path]]:
    """What stands before a file's name → its folder; of one inside another, the first counts."""
    return [
        *((Path(name), folder.resolve()) for name, folder in publication.program.brought.items()),
        (Path("reports"), publication.reports.resolve()),
        (Path(), publication.file.parent.resolve()),
    ]


def origin(publication: Publication) -> dict[str, str]:
    """Name → SHA-256 of what an edition is made from, whatever its date; empty when in doubt."""
    found = {
        **_common(publication),
        **{name: one if isinstance(one, str) else _path_digest(one) for name, one in publication.origins.items()},
        "versions": digest(json.dumps(publication.program.versions, sort_keys=True).encode()),
        **{f"notebooks/{path.name}": file_digest(path) for path in publication.found()},
    }
    return found if all(found.values()) else {}


def _common(publication: Publication) -> dict[str, str]:
    program = publication.program
    own = [
        (publication.file.name, publication.file),
        (program.lock.name, program.lock),
        *((f"{publication.templates.name}/{p.name}", p) for p in sorted(publication.templates.glob("*"))),
    ]
    return {program.name: program.digest, **{name: file_digest(path) for name, path in own if path.is_file()}}


def _path_digest(path: Path) -> str:
    """Empty for what cannot be read."""
    try:
        return path_digest(path)
    except OSError:
        return ""


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
