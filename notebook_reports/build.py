"""Publishing an edition: what is not up to date is run, written whole, and recorded."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING

from .edition import Edition, Outcome
from .files import sweep
from .publication import Publication, Run

if TYPE_CHECKING:
    from .execute import Produced

Done = Callable[[Run, float, bool], None]
Watch = Callable[[int], AbstractContextManager[Done]]
Submit = Callable[[Run], "Future[Produced]"]
Place = Callable[[Publication], AbstractContextManager[Submit]]


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
    edition = Edition(publication)
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
                edition.keep(run, produced := task.result())
                done(run, produced.seconds, run.name not in edition.outcome.run)
                if run.territory not in {other.territory for other in tasks.values()}:
                    edition.gather(run.territory)
    else:
        edition.begin(set())
    edition.finish()
    return edition.outcome


@contextmanager
def _here(jobs: int | None, publication: Publication) -> "Iterator[Submit]":
    from .execute import produce
    from .processes import end_all

    # Two more than processors: a process that starts waits, idle, as does a finished run for
    # others to leave the interpreter of this process.
    with ThreadPoolExecutor(jobs or (os.cpu_count() or 1) + 2) as pool:
        try:
            yield lambda run: pool.submit(produce, publication, run)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            end_all()
            raise
