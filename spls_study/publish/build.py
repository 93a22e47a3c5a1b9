"""Publishing an edition: what is not up to date is run, written whole, and recorded."""

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..files import write_atomic
from . import manifest as record
from .execute import CellError
from .index import gather
from .parameters import check_parameters
from .produce import Produced, notebook_path, partial_path, produce
from .publication import Publication, Run, runs


@dataclass(frozen=True)
class Failure:
    run: Run
    error: CellError
    partial: Path

    def __str__(self) -> str:
        where = f", cellule {self.error.cell}" if self.error.cell else ""
        quoted = f"\n    {self.error.line}" if self.error.line else ""
        return (f"{self.run.notebook.name}, territoire {self.run.territory}{where} :{quoted}\n"
                f"    {self.error.error}\n    carnet partiel\u00a0: {self.partial}")


@dataclass
class Outcome:
    """What a build did; `run` and `skipped` are names of runs."""

    run: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)


def build(
    publication: Publication,
    chosen: list[Run],
    *,
    jobs: int | None = None,
    force: bool = False,
    done: Callable[[Run], None] = lambda run: None,
) -> Outcome:
    """Bring the chosen runs of an edition up to date, then its index, workbooks and manifest.

    A run that fails leaves its earlier report as it was, and keeps its partial notebook.

    Parameters
    ----------
    done
        Called after each run, skipped or not.

    Raises
    ------
    StudyError
        When the parameters of a notebook are refused; no kernel has then started.
    """
    check_parameters(sorted({run.notebook for run in chosen}))
    manifest, outcome = record.load(publication.folder), Outcome()
    _prune(publication, manifest)
    common = record.common_inputs(publication)
    inputs = {run.name: record.inputs(publication, run, common) for run in chosen}
    waiting = []
    for run in chosen:
        if not force and _is_fresh(publication, run, manifest, inputs[run.name]):
            outcome.skipped.append(run.name)
            (publication.folder / partial_path(run)).unlink(missing_ok=True)
            done(run)
        else:
            waiting.append(run)
    with _environment(publication.environment), ThreadPoolExecutor(jobs or os.cpu_count()) as pool:
        tasks = {pool.submit(produce, publication, run): run for run in waiting}
        try:
            for task in as_completed(tasks):
                run = tasks[task]
                _keep(publication, run, task.result(), manifest, inputs[run.name], outcome)
                done(run)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    outcome.run.sort()
    outcome.failures.sort(key=lambda failure: failure.run.name)
    _finish(publication, manifest)
    return outcome


def _is_fresh(
    publication: Publication, run: Run, manifest: Mapping[str, Any], inputs: Mapping[str, str]
) -> bool:
    known = manifest["executions"].get(run.name)
    if known is None or known["cle"] != record.key(publication, run, inputs):
        return False
    files = {name: publication.folder / name for name in known["fichiers"]}
    return all(path.is_file() and record.file_digest(path) == manifest["fichiers"].get(name)
               for name, path in files.items())


def _keep(
    publication: Publication, run: Run, produced: Produced, manifest: dict[str, Any],
    inputs: dict[str, str], outcome: Outcome,
) -> None:
    folder, partial = publication.folder, publication.folder / partial_path(run)
    failure = produced.failure or _conflict(run, produced, manifest, outcome)
    if failure is not None:
        write_atomic(partial, produced.partial or produced.files[notebook_path(run)])
        outcome.failures.append(Failure(run, failure, partial))
        return
    for name, content in produced.files.items():
        write_atomic(folder / name, content)
        manifest["fichiers"][name] = record.digest(content)
    partial.unlink(missing_ok=True)
    old = manifest["executions"].get(run.name, {"fichiers": []})["fichiers"]
    manifest["executions"][run.name] = {
        "cle": record.key(publication, run, inputs),
        "entrees": inputs,
        "fichiers": sorted(produced.files),
        "parametres": {"etude": publication.file.name, "territoire": run.territory},
    }
    _remove(publication, manifest, set(old))
    outcome.run.append(run.name)


def _conflict(
    run: Run, produced: Produced, manifest: Mapping[str, Any], outcome: Outcome
) -> CellError | None:
    """Two notebooks may show one table, not two tables of one name: each would replace the other.

    Only runs that are up to date count: another's table may just be of older data.
    """
    for name in sorted({*outcome.run, *outcome.skipped} - {run.name}):
        for file in manifest["executions"][name]["fichiers"]:
            content = produced.files.get(file)
            if content is not None and record.digest(content) != manifest["fichiers"][file]:
                return CellError(0, "", f"{file} est déjà produit par {name}, avec d'autres "
                                        "valeurs\u00a0: donnez au tableau un autre identifiant.")
    return None


def _prune(publication: Publication, manifest: dict[str, Any]) -> None:
    """Drop the files of notebooks and territories that are no longer there."""
    gone = set(manifest["executions"]) - {run.name for run in runs(publication)}
    for name in sorted(gone):
        _remove(publication, manifest, set(manifest["executions"].pop(name)["fichiers"]))


def _remove(publication: Publication, manifest: dict[str, Any], names: set[str]) -> None:
    """Drop those of the files that no run has any more."""
    kept = {name for run in manifest["executions"].values() for name in run["fichiers"]}
    for name in sorted(names - kept):
        (publication.folder / name).unlink(missing_ok=True)
        manifest["fichiers"].pop(name, None)


def _finish(publication: Publication, manifest: dict[str, Any]) -> None:
    gathered = gather(publication)
    _remove(publication, manifest, set(manifest["fichiers"]) - set(gathered))
    for name, content in gathered.items():
        _write_if_changed(publication.folder / name, content)
        manifest["fichiers"][name] = record.digest(content)
    manifest |= {
        "titre": publication.title,
        "edition": publication.edition.isoformat(),
        "donnees_fictives": publication.fictitious,
        "territoires": [list(pair) for pair in publication.territories.items()],
        "fichiers_lus": publication.files_read,
        "lignes_refusees": sum(int(f["refusees"]) for f in publication.files_read.values()),
        "versions": record.versions(),
    }
    _write_if_changed(publication.folder / record.NAME, record.dump(manifest).encode())


def _write_if_changed(path: Path, content: bytes) -> None:
    if not path.is_file() or path.read_bytes() != content:
        write_atomic(path, content)


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
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
