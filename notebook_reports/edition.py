"""The files of an edition and its manifest, kept in step: what stands, what replaces what."""

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from . import manifest as record
from .archive import write_portal
from .errors import UsageError, advice
from .files import digest, file_digest, write_atomic
from .french import long_date
from .freshness import Inputs, origin
from .publication import INDEX, STATEMENT, WORKBOOK, Publication, Run, runs

if TYPE_CHECKING:  # what runs notebooks is slow to import, and often there is nothing to run
    from .engine import CellError
    from .execute import Produced

OWNERS = ".etudes.json"  # edition → the study file that it was made from, seen from the folder of reports
HELD = (PermissionError, IsADirectoryError)  # one file, open elsewhere: the others are written


@dataclass(frozen=True)
class Failure:
    run: Run
    error: "CellError"
    partial: Path

    def __str__(self) -> str:
        where = f", cellule {self.error.cell}" if self.error.cell else ""
        quoted = f"\n    {self.error.line}" if self.error.line else ""
        return (
            f"{self.run.notebook.name}, territoire {self.run.territory}{where}\u00a0:{quoted}\n"
            f"    {self.error.error}\n    carnet partiel\u00a0: {self.partial}"
        )


@dataclass
class Outcome:
    """What a build did; `run` and `skipped` are names of runs.

    `held` is why a page or workbook of the edition could not be replaced.
    """

    run: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    held: OSError | None = None


class Edition:
    """An edition while it is brought up to date: its manifest is written by `finish`."""

    def __init__(self, publication: Publication) -> None:
        _refuse_anothers(publication)
        self._publication, self._folder = publication, publication.folder
        self._manifest = record.load(self._folder)
        self._origin = origin(publication)  # as it is before anything is run
        self._inputs = Inputs(publication)
        self._gone = set(self._manifest["executions"]) - {run.name for run in runs(publication)}
        self._anew = bool(self._gone) or self._manifest.get("cle") != self._inputs.index_key
        self.outcome = Outcome()

    def stands(self, run: Run) -> bool:
        """Whether the run's files are there and what they were made from has not changed."""
        known = self._manifest["executions"].get(run.name)
        if not self._are_whole(known["fichiers"] if known else []) or not self._inputs.stands(run, known):
            return False
        self._forget_partial(run)
        self.outcome.skipped.append(run.name)
        return True

    def keep(self, run: Run, produced: "Produced") -> None:
        """Write the files of a run; if it failed, its earlier ones stay, beside a partial notebook."""
        from .engine import CellError

        partial = self._folder / run.partial_path
        failure = produced.failure or self._conflict(run, produced)
        if failure is not None:
            write_atomic(partial, produced.partial or produced.files[run.notebook_path])
            self.outcome.failures.append(Failure(run, failure, partial))
            return
        self._publication.reports.stat()  # a network drive that went away is not to be made again here
        try:
            for name, content in produced.files.items():
                write_atomic(self._folder / name, content)
                self._manifest["fichiers"][name] = digest(content)
        except HELD as error:
            self.outcome.failures.append(Failure(run, CellError(0, "", advice(error)), partial))
            return
        self._forget_partial(run)
        old = self._manifest["executions"].get(run.name, {"fichiers": []})["fichiers"]
        self._manifest["executions"][run.name] = {
            "cle": self._inputs.key,
            "entrees": self._inputs.of(run, produced.read),
            "fichiers": sorted(produced.files),
            "parametres": {"etude": self._publication.file.name, "territoire": run.territory},
        }
        self._remove(old)
        self.outcome.run.append(run.name)

    def begin(self, awaited: set[str]) -> None:
        """Bring in step what no run changes: pages, and workbooks of territories of which none is awaited."""
        own = self._publication
        for name in sorted(self._gone):
            self._remove(self._manifest["executions"].pop(name)["fichiers"])
        if self._anew or not self._are_whole({STATEMENT, *own.guides}):
            from .index import notices

            self._write(notices(own))
        for code in own.territories:
            if code not in awaited:
                self.gather(code)

    def gather(self, territory: str) -> None:
        """Bring the workbook of a territory in step with its reports, once no run of it is awaited."""
        book = f"{territory}/{WORKBOOK}"
        ran = any(name.startswith(f"{territory}/") for name in self.outcome.run)
        if self._anew or ran or not self._are_whole([book]):
            from .index import workbook

            content = workbook(self._publication, territory)
            self._write({book: content} if content else {})
            self._remove([] if content else [book])

    def finish(self) -> None:
        """Bring the index and the manifest in step."""
        own, manifest, outcome = self._publication, self._manifest, self.outcome
        outcome.run.sort()
        outcome.failures.sort(key=lambda failure: failure.run.name)
        own.reports.stat()
        together = set(manifest["fichiers"]) - self._of_runs()
        if self._anew or outcome.run or not self._are_whole(together):
            from .index import index

            self._write({INDEX: index(own)})
            self._remove(
                together - {INDEX, STATEMENT, *own.guides, *(f"{code}/{WORKBOOK}" for code in own.territories)}
            )
        whole = {run.name for run in runs(own)} <= {*outcome.run, *outcome.skipped}
        manifest |= {
            "archive": own.draft,
            "origine": self._origin if whole else {},
            "cle": "" if outcome.held else self._inputs.index_key,  # to be made again
            "titre": own.title,
            "edition": own.edition.isoformat(),
            "donnees_fictives": own.fictitious,
            "territoires": [list(pair) for pair in own.territories.items()],
            "fichiers_lus": own.files_read,
            "lignes_refusees": sum(int(f["refusees"]) for f in own.files_read.values()),
            "fabrication": own.program.making,
            "langue": "fr",
            "versions": own.program.versions,
        }
        told = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
        _write_if_changed(self._folder / record.NAME, f"{told}\n".encode())
        owners = {e: file for e, file in _owners(own.reports).items() if (own.reports / e).is_dir()}
        owners[own.edition.isoformat()] = _seen_from(own.reports, own.file)
        _write_if_changed(own.reports / OWNERS, json.dumps(dict(sorted(owners.items())), indent=1).encode())
        write_portal(own.reports)

    def _write(self, files: Mapping[str, bytes]) -> None:
        """Write what gathers the runs; what is open elsewhere waits for the next build."""
        self._publication.reports.stat()  # as in `keep`
        for name, content in files.items():
            try:
                _write_if_changed(self._folder / name, content)
            except HELD as error:
                self.outcome.held = error
            else:
                self._manifest["fichiers"][name] = digest(content)

    def _are_whole(self, names: Iterable[str]) -> bool:
        files = {name: self._folder / name for name in names}
        known = self._manifest["fichiers"]
        return all(path.is_file() and file_digest(path) == known.get(name) for name, path in files.items())

    def _conflict(self, run: Run, produced: "Produced") -> "CellError | None":
        """Two notebooks may show one table, not two tables of one name: each would replace the other.

        Only runs that are up to date count: another's table may just be of older data.
        """
        from .engine import CellError

        for name in sorted({*self.outcome.run, *self.outcome.skipped} - {run.name}):
            for file in self._manifest["executions"][name]["fichiers"]:
                content = produced.files.get(file)
                if content is not None and digest(content) != self._manifest["fichiers"][file]:
                    told = f"{file} est déjà produit par {name}, avec d'autres valeurs"
                    return CellError(0, "", f"{told}\u00a0: donnez au tableau un autre identifiant.")
        return None

    def _forget_partial(self, run: Run) -> None:
        with suppress(*HELD):  # open in JupyterLab, for instance: it says itself what it is
            (self._folder / run.partial_path).unlink(missing_ok=True)

    def _remove(self, names: Iterable[str]) -> None:
        """Drop those of the files that no run has any more."""
        for name in sorted(set(names) - self._of_runs()):
            try:
                (self._folder / name).unlink(missing_ok=True)
            except HELD as error:  # it stays in the manifest, for the next build to remove
                self.outcome.held = error
            else:
                self._manifest["fichiers"].pop(name, None)

    def _of_runs(self) -> set[str]:
        return {name for run in self._manifest["executions"].values() for name in run["fichiers"]}


def _refuse_anothers(publication: Publication) -> None:
    """
    Raises
    ------
    UsageError
        When another study, which is still there, has published this edition in this folder.
    """
    reports, edition = publication.reports, publication.edition.isoformat()
    owner = _owners(reports).get(edition)
    if owner and owner != _seen_from(reports, publication.file) and (reports / owner).is_file():
        other = (reports / owner).resolve()
        raise UsageError(
            f"L'édition du {long_date(publication.edition)} de {reports} est celle d'une autre étude ({other})\u00a0:"
            " ses rapports seraient remplacés. Donnez un autre dossier (--reports), une autre date (--edition), ou"
            f" supprimez {reports / edition} s'il ne sert plus."
        )


def _owners(reports: Path) -> dict[str, str]:
    with suppress(OSError, ValueError):  # none yet, or damaged: nothing is known
        return {str(e): str(file) for e, file in json.loads((reports / OWNERS).read_text(encoding="utf-8")).items()}
    return {}


def _seen_from(reports: Path, file: Path) -> str:
    try:
        return Path(os.path.relpath(file.resolve(), reports.resolve())).as_posix()
    except ValueError:  # on another drive
        return file.resolve().as_posix()


def _write_if_changed(path: Path, content: bytes) -> None:
    if not path.is_file() or path.read_bytes() != content:
        write_atomic(path, content)
