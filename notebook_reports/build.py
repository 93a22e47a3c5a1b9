"""Publishing an edition: what is not up to date is run, written whole, and recorded in its manifest."""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from . import manifest as record
from .archive import write_portal
from .errors import CellError, UsageError, advice
from .files import digest, file_digest, sweep, write_atomic
from .french import long_date
from .freshness import Inputs
from .publication import INDEX, STATEMENT, WORKBOOK, Publication, Run, runs

if TYPE_CHECKING:  # what runs notebooks is slow to import, and often there is nothing to run
    from .execute import Result

OWNERS = ".etudes.json"  # edition → the study file that it was made from, seen from the folder of reports
HELD = (PermissionError, IsADirectoryError)  # one file, open elsewhere: the others are written

Done = Callable[[Run, float, bool], None]
Watch = Callable[[int], AbstractContextManager[Done]]
Submit = Callable[[Run], "Future[Result]"]
Place = Callable[[Publication], AbstractContextManager[Submit]]


@dataclass(frozen=True)
class Failure:
    run: Run
    error: CellError
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


def build(
    publication: Publication,
    chosen: list[Run],
    *,
    jobs: int | None = None,
    force: bool = False,
    watch: Watch = lambda number: nullcontext(lambda *_: None),
    place: Place | None = None,
) -> Outcome:
    """Bring the chosen runs of an edition up to date, then its index, workbooks and manifest.

    A run that fails leaves its earlier report as it was, and keeps its partial notebook.

    Parameters
    ----------
    watch
        Entered, if there is anything to run, with the number of runs; what it gives is called
        after each of them, with its seconds and whether it failed.
    place
        Where the runs are executed: in threads of this process (as many as `jobs`), or elsewhere.

    Raises
    ------
    StudyError
        When the parameters of a notebook are refused; nothing has then started.
    """
    publication.reports.mkdir(parents=True, exist_ok=True)
    sweep(publication.folder)
    edition = _Edition(publication)
    waiting = [run for run in chosen if force or not edition.stands(run)]
    if waiting:
        if place is None and not publication.engine:
            publication.program.preload()
        from .notebook import check_parameters

        check_parameters(sorted({run.notebook for run in waiting}))
        with watch(len(waiting)) as done, (place or partial(_here, jobs))(publication) as submit:
            tasks = {submit(run): run for run in waiting}
            edition.begin({run.territory for run in waiting})  # while they are run
            for task in as_completed(tasks):
                run = tasks.pop(task)  # its files need not stay in memory
                edition.keep(run, result := task.result())
                done(run, result.seconds, run.name not in edition.outcome.run)
                if run.territory not in {other.territory for other in tasks.values()}:
                    edition.gather(run.territory)
    else:
        edition.begin(set())
    edition.finish()
    return edition.outcome


@contextmanager
def _here(jobs: int | None, publication: Publication) -> "Iterator[Submit]":
    from .execute import carry_out
    from .processes import end_all

    # Two more than processors: a process that starts waits, idle, as does a finished run for
    # others to leave the interpreter of this process.
    with ThreadPoolExecutor(jobs or (os.cpu_count() or 1) + 2) as pool:
        try:
            yield lambda run: pool.submit(carry_out, publication, run)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            end_all()
            raise


class _Edition:
    """The files of an edition and what its manifest, written last, says of them."""

    def __init__(self, publication: Publication) -> None:
        _refuse_anothers(publication)
        self._own, self._folder = publication, publication.folder
        self._manifest = record.load(self._folder)
        self._files, self._executions = self._manifest["fichiers"], self._manifest["executions"]
        self._inputs = Inputs(publication)
        self._origin = self._inputs.origin()  # as it is before anything is run
        gone = {*self._executions} - {run.name for run in runs(publication)}
        for name in gone:
            del self._executions[name]
        self._anew = bool(gone) or self._manifest.get("cle") != self._inputs.index_key
        self.outcome = Outcome()

    def stands(self, run: Run) -> bool:
        """Whether the run's files are there and what they were made from has not changed."""
        known = self._executions.get(run.name)
        if not (known and self._are_whole(known["fichiers"]) and self._inputs.stand(run, known)):
            return False
        self._forget_partial(run)
        self.outcome.skipped.append(run.name)
        return True

    def keep(self, run: Run, result: "Result") -> None:
        """Write the files of a run; if it failed, its earlier ones stay, beside a partial notebook."""
        partial = self._folder / run.partial_path
        failure = result.failure or self._conflict(run, result)
        if failure is not None:
            write_atomic(partial, result.files[run.partial_path if result.failure else run.notebook_path])
        elif held := self._write(result.files):
            failure = CellError(0, "", advice(held))
        if failure is not None:
            self.outcome.failures.append(Failure(run, failure, partial))
            return
        self._forget_partial(run)
        self._executions[run.name] = {
            "cle": self._inputs.key,
            "entrees": result.read | self._inputs.fixed(run),
            "fichiers": sorted(result.files),
            "parametres": {"etude": self._own.file.name, "territoire": run.territory},
        }
        self.outcome.run.append(run.name)

    def begin(self, awaited: set[str]) -> None:
        """Bring in step what no run changes: pages, and workbooks of territories of which none is awaited."""
        if self._anew or not self._are_whole({STATEMENT, *self._own.guides}):
            from .index import notices

            self._gathered(notices(self._own))
        for code in self._own.territories:
            if code not in awaited:
                self.gather(code)

    def gather(self, territory: str) -> None:
        """Bring the workbook of a territory in step with its reports, once no run of it is awaited."""
        book = f"{territory}/{WORKBOOK}"
        ran = any(name.startswith(f"{territory}/") for name in self.outcome.run)
        if self._anew or ran or not self._are_whole([book]):
            from .index import workbook

            if content := workbook(self._own, territory):
                self._gathered({book: content})
            else:
                self._remove([book])

    def finish(self) -> None:
        """Bring the index and the manifest in step; what is of no run, and gathers none, goes."""
        own, outcome = self._own, self.outcome
        outcome.run.sort()
        outcome.failures.sort(key=lambda failure: failure.run.name)
        own.reports.stat()
        others = {*self._files} - {name for run in self._executions.values() for name in run["fichiers"]}
        if self._anew or outcome.run or not self._are_whole(others):
            from .index import index

            self._gathered({INDEX: index(own)})
        books = {f"{code}/{WORKBOOK}" for code in own.territories}
        self._remove(others - {INDEX, STATEMENT, *own.guides} - books)
        whole = {run.name for run in runs(own)} <= {*outcome.run, *outcome.skipped}
        manifest = self._manifest | {
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
        _write_if_changed(
            self._folder / record.NAME, json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        )
        owners = {e: file for e, file in _owners(own.reports).items() if (own.reports / e).is_dir()}
        owners[own.edition.isoformat()] = _seen_from(own.reports, own.file)
        _write_if_changed(own.reports / OWNERS, json.dumps(owners, indent=1, sort_keys=True))
        write_portal(own.reports)

    def _write(self, files: Mapping[str, bytes]) -> OSError | None:
        """Write what can be; why something is not, which is open elsewhere."""
        held = None
        self._own.reports.stat()  # a network drive that went away is not to be made again here
        for name, content in files.items():
            try:
                write_atomic(self._folder / name, content)
                self._files[name] = digest(content)
            except HELD as error:
                held = error
        return held

    def _gathered(self, files: Mapping[str, bytes]) -> None:
        self.outcome.held = self._write(files) or self.outcome.held  # what is open waits for the next build

    def _remove(self, names: Iterable[str]) -> None:
        for name in sorted(names):
            try:
                (self._folder / name).unlink(missing_ok=True)
                self._files.pop(name, None)
            except HELD as error:  # it stays in the manifest, for the next build to remove
                self.outcome.held = error

    def _are_whole(self, names: Iterable[str]) -> bool:
        paths = ((name, self._folder / name) for name in names)
        return all(path.is_file() and file_digest(path) == self._files.get(name) for name, path in paths)

    def _conflict(self, run: Run, result: "Result") -> CellError | None:
        """Two notebooks may show one table, not two tables of one name: each would replace the other.

        Only runs that are up to date count: another's table may just be of older data.
        """
        for name in sorted({*self.outcome.run, *self.outcome.skipped} - {run.name}):
            for file in self._executions[name]["fichiers"]:
                content = result.files.get(file)
                if content is not None and digest(content) != self._files[file]:
                    told = f"{file} est déjà produit par {name}, avec d'autres valeurs"
                    return CellError(0, "", f"{told}\u00a0: donnez au tableau un autre identifiant.")
        return None

    def _forget_partial(self, run: Run) -> None:
        with suppress(*HELD):  # open in JupyterLab, for instance: it says itself what it is
            (self._folder / run.partial_path).unlink(missing_ok=True)


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


def _write_if_changed(path: Path, text: str) -> None:
    if not path.is_file() or path.read_bytes() != text.encode():
        write_atomic(path, text)
