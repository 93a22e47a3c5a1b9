"""`build`: check, then publish what is not up to date."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import UsageError
from .app import app, tell
from .data import checked_of
from .options import Reports, Strict, StudyFiles, folders_of, iso_day, studies_of
from .publication import publication_of

if TYPE_CHECKING:
    from ..publish.build import Outcome
    from ..publish.publication import Publication, Run


@app.command()
def build(
    study: StudyFiles = None,
    reports: Reports = None,
    territory: Annotated[list[str] | None, typer.Option(
        metavar="CODE",
        help="Code de département ou «\u00a0region\u00a0»\u202f; peut être répété.")] = None,
    notebook: Annotated[list[str] | None, typer.Option(
        metavar="CARNET", help="Nom ou numéro d'un carnet\u202f; peut être répété.")] = None,
    edition: Annotated[str | None, typer.Option(
        metavar="AAAA-MM-JJ", help="Date de l'édition, au lieu de celle de l'étude.")] = None,
    jobs: Annotated[int | None, typer.Option(
        min=1, metavar="N",
        help="Carnets exécutés en même temps (autant que de processeurs par défaut).")] = None,
    force: Annotated[bool, typer.Option("--force", help="Refait ce qui est à jour.")] = False,
    strict: Strict = False,
    scheduler: Annotated[str | None, typer.Option(
        metavar="ADRESSE",
        help="Ordonnanceur Dask (tcp://…) à qui confier l'exécution des carnets.")] = None,
) -> None:
    """Vérifie les données, puis exécute et publie ce qui n'est pas à jour."""
    from ..publish.publication import runs

    studies = studies_of(study, iso_day(edition))
    folders = folders_of(studies, reports)
    # An edition is compared with the one before: the earlier is built first.
    studies.sort(key=lambda one: one.etude.edition)
    if len({(folders[one.region.code], one.etude.edition) for one in studies}) < len(studies):
        raise UsageError("Deux études ont la même édition\u00a0: leurs rapports se remplaceraient.")
    asked = [runs(publication_of(one, folders[one.region.code]), territory, notebook)
             for one in studies]
    sound = True
    for one, chosen in zip(studies, asked, strict=True):
        folder = folders[one.region.code]
        report, checked = checked_of(one, strict, force)
        outcome = _publish(publication_of(one, folder, report), chosen, jobs, force, scheduler)
        sound = sound and checked and not outcome.failures
    raise typer.Exit(0 if sound else 1)


def _publish(
    publication: "Publication", chosen: "list[Run]", jobs: int | None, force: bool,
    scheduler: str | None,
) -> "Outcome":
    from ..publish.build import build as publish

    place = None
    if scheduler is not None:
        from ..publish.cluster import on_cluster

        place = partial(on_cluster, scheduler)

    title = f"Édition du {publication.edition.isoformat()}"
    outcome = publish(publication, chosen, jobs=jobs, force=force, watch=partial(_watch, title),
                      place=place)
    if not outcome.run and not outcome.failures:
        tell(f"{title}\u00a0: tout est à jour.")
    else:
        tell(f"{title}\u00a0: {len(outcome.run)} rapport(s) publié(s), "
             f"{len(outcome.skipped)} à jour, {len(outcome.failures)} en échec.")
    tell(f"Rapports\u00a0: {publication.folder / 'index.html'}")
    for failure in outcome.failures:
        tell(f"Échec\u00a0: {failure}", err=True)
    return outcome


@contextmanager
def _watch(title: str, number: int) -> "Iterator[Callable[[float], None]]":
    """A bar that moves with the work done, not with the number of runs done."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(f"{title}, {number} rapport(s)"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=1.0)
        yield lambda share: progress.update(task, completed=share)
