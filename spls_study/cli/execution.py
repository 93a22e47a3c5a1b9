"""Executing what is not up to date, with a bar that shows it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from .app import tell

if TYPE_CHECKING:
    from notebook_reports.build import Done
    from notebook_reports.edition import Outcome
    from notebook_reports.publication import Publication, Run


def title(publication: "Publication") -> str:
    return f"Édition du {publication.edition.isoformat()}"


def warmed() -> None:
    """Let the fork server import its libraries while the data are checked."""
    from ..program import PROGRAM

    PROGRAM.preload()


def execute(
    publication: "Publication",
    chosen: "list[Run]",
    done: "Done" = lambda run, seconds, failed: None,
    *,
    jobs: int | None,
    force: bool,
    scheduler: str | None,
    engine: str,
) -> "Outcome":
    """What is not up to date is executed; each failure is told on standard error."""
    from notebook_reports.build import build as publish

    place = None
    if scheduler is not None:
        from notebook_reports.cluster import on_cluster

        place = partial(on_cluster, scheduler)

    publication = replace(publication, engine=engine)
    outcome = publish(
        publication, chosen, jobs=jobs, force=force, place=place, watch=partial(_watch, title(publication)), done=done
    )
    for failure in outcome.failures:
        tell(f"Échec\u00a0: {failure}", err=True)
    if outcome.held is not None:
        raise outcome.held
    return outcome


@contextmanager
def _watch(title: str, number: int) -> "Iterator[Callable[[], None]]":
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(f"{title}, {number} rapport(s)"), BarColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    # Ten times a second, drawing the bar alone took a second of a build of forty.
    with Progress(*columns, console=console, refresh_per_second=2, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=number)
        yield lambda: progress.advance(task)
