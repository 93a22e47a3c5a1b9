"""Runs on a Dask cluster: what a run needs travels to the workers, so that no disk is shared.

Dask itself retries, notices workers that die, and compares the versions of its own libraries.
"""

import warnings
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

from .build import Submit
from .errors import CellError, StudyError, UsageError
from .execute import Result, carry_out
from .files import path_digest
from .publication import Program, Publication, Run

RETRIES = 2
Sent = tuple[tuple[str, bytes], ...]
_one = Lock()  # writes what was sent, for all the runs of a worker


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
        sent = client.submit(tuple, packed(publication))
        executor = client.get_executor(retries=RETRIES, pure=False)  # type: ignore[no-untyped-call]
        facts = replace(publication, cite=tuple, files_read={})

        def submit(run: Run) -> Future[Result]:
            return _settled(run, executor.submit(_there, sent, facts, installed(publication.program), run))

        yield submit


def _check(client: Any) -> None:
    if not client.nthreads():
        raise StudyError("L'ordonnanceur n'a aucun ouvrier\u00a0: démarrez-en (dask worker).")
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        client.get_versions(check=True)
    if found := [str(w.message) for w in told if "versions" in str(w.message)]:
        raise StudyError(f"Les versions de la grappe diffèrent de celles d'ici.\n{found[0]}")


def installed(program: Program) -> dict[str, str]:
    """What must be the same here and there: code, data that it brings, versions."""
    brought = {name: path_digest(folder) for name, folder in program.brought.items()}
    return {program.name: program.digest, **brought, **program.versions}


def _there(sent: Sent, publication: Publication, expected: dict[str, str], run: Run) -> Result:
    """In a worker: write the files that were sent once, then carry out the run as the caller would."""
    own = installed(publication.program)
    if other := [n for n in sorted({*own, *expected}) if own.get(n) != expected.get(n)]:
        raise StudyError(f"Un ouvrier n'a pas les mêmes versions\u00a0: {', '.join(other)}.")
    with _one:
        home = _written(sent)
    here = moved(publication, Path(home.name))
    return carry_out(here, replace(run, notebook=here.notebooks / run.notebook.name))


@lru_cache(maxsize=2)
def _written(sent: Sent) -> "TemporaryDirectory[str]":
    from distributed import get_worker

    home = TemporaryDirectory(dir=get_worker().local_directory)
    for name, content in sent:
        path = Path(home.name, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return home


def _settled(run: Run, task: "Future[Any]") -> Future[Result]:
    """A run whose workers died too often fails like another; a fault of the cluster is raised."""
    answer: Future[Result] = Future()

    def settle(done: "Future[Any]") -> None:
        if done.cancelled():
            answer.cancel()
        elif (error := done.exception()) is None:
            answer.set_result(done.result())
        elif isinstance(error, StudyError):
            answer.set_exception(error)
        else:
            reason = f"{type(error).__name__}\u00a0: {error}"
            partial = {run.partial_path: run.notebook.read_bytes()}
            answer.set_result(Result(partial, failure=CellError(0, "", reason)))

    task.add_done_callback(settle)
    return answer


STUDY, NOTEBOOKS, REPORTS = (PurePosixPath(name) for name in ("etude", "carnets", "rapports"))


def packed(publication: Publication) -> Sent:
    """Path → content of the files that runs read, but for the reference data, which each worker has."""
    root, patterns = publication.file.parent, (f"{publication.templates.name}/*", *publication.inputs)
    files = {
        STUDY / publication.file.name: publication.file,
        **{STUDY / path.relative_to(root): path for pattern in patterns for path in root.glob(pattern)},
        **{NOTEBOOKS / path.name: path for path in publication.found()},
    }
    return tuple((str(name), path.read_bytes()) for name, path in sorted(files.items()) if path.is_file())


def moved(publication: Publication, home: Path) -> Publication:
    """The publication as it is where what was sent was unpacked."""
    file = home / STUDY / publication.file.name
    return replace(publication, file=file, reports=home / REPORTS, notebooks=home / NOTEBOOKS)
