"""Runs on a Dask cluster: what a run needs travels to the workers, so that no disk is shared.

Dask itself retries, notices workers that die, and compares the versions of its own libraries.
"""

import io
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

from ..digests import package_digest, path_digest, versions
from ..errors import StudyError, UsageError
from ..study import REFERENCE
from .build import Submit, fixed_environment
from .execute import CellError
from .produce import Produced, timed
from .publication import Publication, Run

RETRIES = 2
STUDY, NOTEBOOKS, REPORTS = (PurePosixPath(n) for n in ("etude", "carnets", "rapports"))
_EPOCH = (1980, 1, 1, 0, 0, 0)
# Kernels inherit the worker's environment: a process of the cluster does one run at a time.
_one = Lock()
Environment = Mapping[str, str | PurePosixPath]


@contextmanager
def on_cluster(address: str, publication: Publication) -> Iterator[Submit]:
    """Send the runs of a publication to the scheduler at `address`.

    Raises
    ------
    UsageError
        When the extra `cluster` is not installed.
    StudyError
        When the scheduler does not answer, has no worker, or has other versions.
    """
    try:
        import distributed
    except ImportError:
        raise UsageError(
            '--scheduler demande l\'extra «\u00a0cluster\u00a0»\u00a0: pip install "spls_study[cluster]".'
        ) from None
    try:
        client = distributed.Client(address, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise StudyError(f"Ordonnanceur injoignable à {address}\u00a0: {error}.") from None
    with client:
        _check(client)
        # Submitted, not scattered: the scheduler makes it again if its holders die.
        parcel = client.submit(bytes, packed(publication))
        executor = client.get_executor(retries=RETRIES, pure=False)  # type: ignore[no-untyped-call]
        facts = replace(publication, inputs={}, cite=tuple, files_read={}, reread=None, times=None)
        environment = {k: _moved(v, publication) for k, v in publication.environment.items()}

        def submit(run: Run) -> Future[tuple[Produced, float]]:
            return _settled(run, executor.submit(_there, parcel, facts, environment, installation(), run))

        yield submit


def _check(client: Any) -> None:
    if not client.nthreads():
        raise StudyError("L'ordonnanceur n'a aucun ouvrier\u00a0: démarrez-en (dask worker).")
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        client.get_versions(check=True)
    if found := [str(w.message) for w in told if "versions" in str(w.message)]:
        raise StudyError(f"Les versions de la grappe diffèrent de celles d'ici.\n{found[0]}")


def installation() -> dict[str, str]:
    """What must be the same here and there: package, reference data, versions."""
    return {"spls_study": package_digest(), "data/reference": path_digest(REFERENCE), **versions()}


def packed(publication: Publication) -> bytes:
    """A zip archive of all that the runs read; the same inputs give the same bytes."""
    root = publication.reports
    files = {STUDY / publication.file.name: publication.file}
    files |= {
        STUDY / name: path
        for name, path in publication.inputs.items()
        if path.is_file() and not path.is_relative_to(REFERENCE)
    }
    files |= {
        STUDY / publication.templates.name / path.name: path
        for path in publication.templates.glob("*")
        if path.is_file()
    }
    files |= {NOTEBOOKS / path.name: path for path in publication.found()}
    files |= {REPORTS / path.relative_to(root).as_posix(): path for path in publication.earlier_tables()}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for day in publication.earlier:
            archive.writestr(zipfile.ZipInfo(f"{REPORTS / day}/", _EPOCH), b"")
        for name, path in sorted(files.items()):
            entry = zipfile.ZipInfo(str(name), _EPOCH)
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, 1)
    return content.getvalue()


def _moved(value: str, publication: Publication) -> str | PurePosixPath:
    """A path below the reports or the study as it will be in the parcel."""
    for folder, place in ((publication.reports, REPORTS), (publication.file.parent, STUDY)):
        if Path(value).is_relative_to(folder):
            return place / Path(value).relative_to(folder).as_posix()
    return value


def _there(
    parcel: bytes, facts: Publication, environment: Environment, expected: dict[str, str], run: Run
) -> tuple[Produced, float]:
    """In a worker: unpack the parcel once, then produce the run as the caller would."""
    with _one:
        own = installation()
        if other := [n for n in sorted({*own, *expected}) if own.get(n) != expected.get(n)]:
            raise StudyError(f"Un ouvrier n'a pas les mêmes versions\u00a0: {', '.join(other)}.")
        home = Path(_unpacked(parcel).name)
        publication = replace(
            facts, file=home / STUDY / facts.file.name, reports=home / REPORTS, notebooks=home / NOTEBOOKS
        )
        variables = {
            name: value if isinstance(value, str) else str(home / value) for name, value in environment.items()
        }
        with fixed_environment(variables):
            return timed(publication, replace(run, notebook=home / NOTEBOOKS / run.notebook.name))


@lru_cache(maxsize=2)
def _unpacked(parcel: bytes) -> "TemporaryDirectory[str]":
    from distributed import get_worker

    home = TemporaryDirectory(dir=get_worker().local_directory)
    with zipfile.ZipFile(io.BytesIO(parcel)) as archive:
        archive.extractall(home.name)
    return home


def _settled(run: Run, task: "Future[Any]") -> Future[tuple[Produced, float]]:
    """A run whose workers died too often fails like another; a fault of the cluster is raised."""
    answer: Future[tuple[Produced, float]] = Future()

    def settle(done: "Future[Any]") -> None:
        if done.cancelled():
            answer.cancel()
        elif (error := done.exception()) is None:
            answer.set_result(done.result())
        elif isinstance(error, StudyError):
            answer.set_exception(error)
        else:
            reason = f"{type(error).__name__}\u00a0: {error}"
            partial = run.notebook.read_bytes()
            answer.set_result((Produced(failure=CellError(0, "", reason), partial=partial), 0.0))

    task.add_done_callback(settle)
    return answer
