"""Publishing an edition: what is not up to date is run, written whole, and recorded."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..digests import digest, file_digest, making, versions
from ..errors import advice
from ..files import sweep, write_atomic
from . import manifest as record
from . import portal
from .freshness import Inputs, origin
from .publication import Publication, Run, runs
from .schedule import Times

if TYPE_CHECKING:  # what runs notebooks is slow to import, and often there is nothing to run
    from .execute import CellError
    from .produce import Produced

HELD = (PermissionError, IsADirectoryError)  # one file, open elsewhere: the others are written
Watch = Callable[[int], AbstractContextManager[Callable[[float], None]]]
Submit = Callable[[Run], "Future[tuple[Produced, float]]"]
Done = Callable[[Run, float, bool], None]
Place = Callable[[Publication], AbstractContextManager[Submit]]


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


@contextmanager
def _unwatched(number: int) -> Iterator[Callable[[float], None]]:
    yield lambda share: None


def untold(run: Run, seconds: float, failed: bool) -> None:
    pass


def build(
    publication: Publication,
    chosen: list[Run],
    *,
    jobs: int | None = None,
    force: bool = False,
    watch: Watch = _unwatched,
    place: Place | None = None,
    done: Done = untold,
) -> Outcome:
    """Bring the chosen runs of an edition up to date, then its index, workbooks and manifest.

    A run that fails leaves its earlier report as it was, and keeps its partial notebook.

    Parameters
    ----------
    watch
        Entered, if there is anything to run, with the number of runs; what it gives is called
        after each of them with the share of the work done, by the times of the last build.
    place
        Where the runs are executed: in threads of this process (as many as `jobs`), or elsewhere.
    done
        Called after each run, with its seconds and whether it failed.

    Raises
    ------
    StudyError
        When the parameters of a notebook are refused; no kernel has then started.
    """
    publication.reports.mkdir(parents=True, exist_ok=True)
    sweep(publication.folder)
    manifest, outcome = record.load(publication.folder), Outcome()
    made_from = origin(publication)  # as it is before anything is run
    with fixed_environment(publication.environment):
        inputs = Inputs(publication)
        waiting = [run for run in chosen if force or not _stands(publication, run, manifest, inputs)]
        outcome.skipped = [run.name for run in chosen if run not in waiting]
        if waiting:
            from . import warm

            if place is None:
                warm.start()
            from .parameters import check_parameters

            check_parameters(sorted({run.notebook for run in waiting}))
        pruned = _prune(publication, manifest)
        if waiting:
            where = place or partial(_here, jobs)
            with watch(len(waiting)) as advance, where(publication) as submit:
                _run(publication, waiting, manifest, inputs, outcome, submit, advance, done)
    outcome.run.sort()
    outcome.failures.sort(key=lambda failure: failure.run.name)
    whole = {run.name for run in runs(publication)} <= {*outcome.run, *outcome.skipped}
    manifest |= {"archive": publication.draft, "origine": made_from if whole else {}}
    outcome.held = _finish(publication, manifest, inputs.index_key, bool(outcome.run) or pruned)
    return outcome


def _run(
    publication: Publication,
    waiting: list[Run],
    manifest: dict[str, Any],
    inputs: Inputs,
    outcome: Outcome,
    submit: Submit,
    advance: Callable[[float], None],
    done: Done,
) -> None:
    times = Times(publication.times)
    expected = {run: times.expected(run) for run in waiting}
    left = whole = sum(expected.values())
    tasks = {submit(run): run for run in times.ordered(waiting)}
    for task in as_completed(tasks):
        run = tasks.pop(task)  # its files need not stay in memory
        produced, seconds = task.result()
        _keep(publication, run, produced, manifest, inputs, outcome)
        times.keep(run, seconds)
        done(run, seconds, run.name not in outcome.run)
        left -= expected[run]
        advance(1 - left / whole)
    times.write()


@contextmanager
def _here(jobs: int | None, publication: Publication) -> "Iterator[Submit]":
    from .produce import timed
    from .warm import end_kernels

    # One more than processors: a kernel that starts waits, idle, for its first messages.
    with ThreadPoolExecutor(jobs or (os.cpu_count() or 1) + 1) as pool:
        try:
            yield lambda run: pool.submit(timed, publication, run)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            end_kernels()
            raise


def _stands(publication: Publication, run: Run, manifest: Mapping[str, Any], inputs: Inputs) -> bool:
    """Whether the run's files are there and what they were made from has not changed."""
    known = manifest["executions"].get(run.name)
    if not _are_whole(publication, manifest, known["fichiers"] if known else []):
        return False
    if not inputs.stands(run, known):
        return False
    known["entrees"] = inputs.of(run, known["lectures"])
    (publication.folder / run.partial_path).unlink(missing_ok=True)
    return True


def _are_whole(publication: Publication, manifest: Mapping[str, Any], names: Iterable[str]) -> bool:
    files = {name: publication.folder / name for name in names}
    return all(path.is_file() and file_digest(path) == manifest["fichiers"].get(name) for name, path in files.items())


def _keep(
    publication: Publication, run: Run, produced: "Produced", manifest: dict[str, Any], inputs: Inputs, outcome: Outcome
) -> None:
    folder, partial = publication.folder, publication.folder / run.partial_path
    from .execute import CellError

    failure = produced.failure or _conflict(run, produced, manifest, outcome)
    if failure is not None:
        write_atomic(partial, produced.partial or produced.files[run.notebook_path])
        outcome.failures.append(Failure(run, failure, partial))
        return
    publication.reports.stat()  # a network drive that went away is not to be made again here
    try:
        for name, content in produced.files.items():
            write_atomic(folder / name, content)
            manifest["fichiers"][name] = digest(content)
    except HELD as error:
        outcome.failures.append(Failure(run, CellError(0, "", advice(error)), partial))
        return
    partial.unlink(missing_ok=True)
    old = manifest["executions"].get(run.name, {"fichiers": []})["fichiers"]
    manifest["executions"][run.name] = {
        "cle": inputs.key(run),
        "entrees": inputs.of(run, produced.readings),
        "lectures": produced.readings,
        "fichiers": sorted(produced.files),
        "parametres": {"etude": publication.file.name, "territoire": run.territory},
    }
    _remove(publication, manifest, set(old))
    outcome.run.append(run.name)


def _conflict(run: Run, produced: "Produced", manifest: Mapping[str, Any], outcome: Outcome) -> "CellError | None":
    """Two notebooks may show one table, not two tables of one name: each would replace the other.

    Only runs that are up to date count: another's table may just be of older data.
    """
    from .execute import CellError

    for name in sorted({*outcome.run, *outcome.skipped} - {run.name}):
        for file in manifest["executions"][name]["fichiers"]:
            content = produced.files.get(file)
            if content is not None and digest(content) != manifest["fichiers"][file]:
                return CellError(
                    0,
                    "",
                    f"{file} est déjà produit par {name}, avec d'autres "
                    "valeurs\u00a0: donnez au tableau un autre identifiant.",
                )
    return None


def _prune(publication: Publication, manifest: dict[str, Any]) -> bool:
    """Drop the files of notebooks and territories that are no longer there; were there any?"""
    gone = set(manifest["executions"]) - {run.name for run in runs(publication)}
    for name in sorted(gone):
        _remove(publication, manifest, set(manifest["executions"].pop(name)["fichiers"]))
    return bool(gone)


def _remove(publication: Publication, manifest: dict[str, Any], names: set[str]) -> None:
    """Drop those of the files that no run has any more."""
    kept = {name for run in manifest["executions"].values() for name in run["fichiers"]}
    for name in sorted(names - kept):
        (publication.folder / name).unlink(missing_ok=True)
        manifest["fichiers"].pop(name, None)


def _finish(publication: Publication, manifest: dict[str, Any], key: str, changed: bool) -> OSError | None:
    publication.reports.stat()
    held: OSError | None = None
    own = {name for run in manifest["executions"].values() for name in run["fichiers"]}
    together = set(manifest["fichiers"]) - own
    if changed or manifest.get("cle") != key or not _are_whole(publication, manifest, together):
        from .index import gather

        gathered = gather(publication)
        _remove(publication, manifest, together - set(gathered))
        for name, content in gathered.items():
            try:
                _write_if_changed(publication.folder / name, content)
            except HELD as error:
                held, key = error, ""  # to be made again
            else:
                manifest["fichiers"][name] = digest(content)
    manifest |= {
        "cle": key,
        "titre": publication.title,
        "edition": publication.edition.isoformat(),
        "donnees_fictives": publication.fictitious,
        "territoires": [list(pair) for pair in publication.territories.items()],
        "fichiers_lus": publication.files_read,
        "lignes_refusees": sum(int(f["refusees"]) for f in publication.files_read.values()),
        "fabrication": making(),
        "langue": "fr",
        "versions": versions(),
    }
    _write_if_changed(publication.folder / record.NAME, record.dump(manifest).encode())
    portal.write(publication.reports)
    return held


def _write_if_changed(path: Path, content: bytes) -> None:
    if not path.is_file() or path.read_bytes() != content:
        write_atomic(path, content)


@contextmanager
def fixed_environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Kernels inherit this process's environment; it is put back afterwards."""
    fixed = {"PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1", **variables}
    before = {name: os.environ.get(name) for name in fixed}
    os.environ.update(fixed)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
