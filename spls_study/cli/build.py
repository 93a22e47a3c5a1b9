"""`build`: check, then publish what is not up to date; `diff`, `verify`: editions that are already published."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from notebook_reports.errors import UsageError

from .app import Command, app, tell
from .data import checked_of, tell_to_fill
from .options import Reports, Strict, StudyFiles, folders_of, iso_day, publication_of, reports_of, studies_of

if TYPE_CHECKING:
    from notebook_reports.build import Done, Outcome
    from notebook_reports.publication import Publication, Run

    from ..study import Study
    from .scheduled import Result


@app.command(cls=Command)
def build(
    study: StudyFiles = None,
    reports: Reports = None,
    territory: Annotated[
        list[str] | None,
        typer.Option(metavar="CODE", help="Code de département ou «\u00a0region\u00a0»\u202f; peut être répété."),
    ] = None,
    notebook: Annotated[
        list[str] | None, typer.Option(metavar="CARNET", help="Nom ou numéro d'un carnet\u202f; peut être répété.")
    ] = None,
    edition: Annotated[
        str | None,
        typer.Option(
            metavar="AAAA-MM-JJ",
            help="Date de l'édition, au lieu de celle de l'étude\u202f; «\u00a0auto\u00a0»\u00a0: aujourd'hui.",
        ),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Carnets exécutés en même temps (autant que de processeurs par défaut)."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Refait ce qui est à jour.")] = False,
    strict: Strict = False,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADRESSE", help="Ordonnanceur Dask (tcp://…) à qui confier l'exécution des carnets."),
    ] = None,
    engine: Annotated[
        Literal["jupyter"] | None,
        typer.Option(
            help="Exécute les carnets dans un noyau Jupyter ordinaire, plus lent, pour un carnet qui en demande un."
        ),
    ] = None,
    archive: Annotated[
        bool,
        typer.Option(
            "--archive",
            help="Publie une édition entière si quelque chose a changé depuis la "
            "dernière, sans en remplacer aucune\u202f; garde les dernières "
            "(editions_gardees).",
        ),
    ] = False,
    notify: Annotated[
        Path | None,
        typer.Option(
            metavar="FICHIER", dir_okay=False, help="Écrit le résultat en message .eml, adressé au contact du COPIL."
        ),
    ] = None,
) -> None:
    """Vérifie les données et publie les rapports qui ne sont pas à jour.

    Codes de sortie\u00a0: 0 tout va bien, ou rien de nouveau\u202f; 1 un fichier n'a pas pu être
    lu ou un rapport a échoué (avec --archive, rien n'est alors publié)\u202f; 2 commande mal
    employée.
    """
    if archive and (territory or notebook):
        raise UsageError("--archive publie une édition entière, sans --territory ni --notebook.")
    if notify is not None:
        notify.unlink(missing_ok=True)  # a mailer never sends an old message
    studies = studies_of(study, iso_day(edition))
    tell_to_fill(studies)
    from notebook_reports.files import alone

    from .scheduled import archived, noticed

    with noticed(notify, studies) as results:
        for one, folder, chosen in _asked(studies, reports, territory, notebook):
            run = partial(execute, jobs=jobs, force=force, scheduler=scheduler, engine=engine or "")
            with alone(folder, partial(tell, err=True)):
                if archive:
                    result = archived(one, folder, strict, force, run)
                else:
                    meanwhile = (lambda: None) if scheduler or engine else warmed
                    result = _published(one, folder, chosen, strict, force, run, meanwhile)
            results.append(result)
            tell("\n".join(result.lines))
    raise typer.Exit(0 if all(result.sound for result in results) else 1)


def _asked(
    studies: "list[Study]", reports: Path | None, territory: list[str] | None, notebook: list[str] | None
) -> "list[tuple[Study, Path, list[Run]]]":
    """Each study with its folder of reports and its runs, all known before anything is done."""
    from notebook_reports.publication import runs

    folders = folders_of(studies, reports)
    # An edition is compared with the one before: the earlier is built first.
    studies.sort(key=lambda one: one.etude.edition)
    if len({(folders[one.region.code], one.etude.edition) for one in studies}) < len(studies):
        raise UsageError("Deux études ont la même édition\u00a0: leurs rapports se remplaceraient.")
    placed = [(one, folders[one.region.code]) for one in studies]
    return [(one, folder, runs(publication_of(one, folder), territory, notebook)) for one, folder in placed]


def _published(
    study: "Study",
    folder: Path,
    chosen: "list[Run]",
    strict: bool,
    force: bool,
    run: "Callable[[Publication, list[Run]], Outcome]",
    meanwhile: "Callable[[], None]",
) -> "Result":
    """Bring the study's own edition up to date."""
    from .scheduled import Result, discreet

    report, checked = checked_of(study, folder, strict, force, meanwhile=meanwhile)
    publication = publication_of(study, folder, report)
    outcome = run(publication, chosen)
    done = "tout est à jour"
    if outcome.run or outcome.failures:
        counts = (len(outcome.run), len(outcome.skipped), len(outcome.failures))
        done = "{} rapport(s) publié(s), {} à jour, {} en échec".format(*counts)
    headline = f"{title(publication)}\u00a0: {done}"
    lines = [f"{headline}.", f"Rapports\u00a0: {publication.folder / 'index.html'}"]
    return Result(headline, lines, checked and not outcome.failures, discreet(report.set_aside))


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
        publication, chosen, jobs=jobs, force=force, place=place, watch=partial(_watch, title(publication), done)
    )
    for failure in outcome.failures:
        tell(f"Échec\u00a0: {failure}", err=True)
    if outcome.held is not None:
        raise outcome.held
    return outcome


@contextmanager
def _watch(title: str, done: "Done", number: int) -> "Iterator[Done]":
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(f"{title}, {number} rapport(s)"), BarColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    # Ten times a second, drawing the bar alone took a second of a build of forty.
    with Progress(*columns, console=console, refresh_per_second=2, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=number)

        def told(run: "Run", seconds: float, failed: bool) -> None:
            progress.advance(task)
            done(run, seconds, failed)

        yield told


@app.command(cls=Command)
def diff(
    before: Annotated[str, typer.Argument(metavar="ÉDITION", help="Première édition.")],
    after: Annotated[str, typer.Argument(metavar="ÉDITION", help="Édition comparée.")],
    study: StudyFiles = None,
    reports: Reports = None,
) -> None:
    """Dit ce qui a changé entre deux éditions, et pourquoi. Le dit en HTML, PDF et CSV."""
    from notebook_reports.comparison import compare
    from notebook_reports.comparison_page import write

    from ..diff import subject_of

    folder = reports_of(study, reports)
    own = studies_of(study)[0] if study or Path("study.toml").is_file() else None
    comparison = compare(folder, before, after, subject_of(own))
    tell(comparison.summary)
    tell(f"Comparaison\u00a0: {write(folder, comparison)}")


@app.command(cls=Command)
def verify(
    edition: Annotated[str, typer.Argument(metavar="ÉDITION", help="Édition publiée.")],
    study: StudyFiles = None,
    reports: Reports = None,
    code: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="Dit de quoi est fait le rapport qui porte ce code au pied de ses pages."),
    ] = None,
) -> None:
    """Dit quels fichiers d'une édition ont changé depuis sa parution. Recalcule leurs empreintes."""
    from notebook_reports.freshness import changed_inputs
    from notebook_reports.manifest import traced
    from notebook_reports.manifest import verify as faults_of

    folder = reports_of(study, reports)
    if code:
        tell("\n".join(traced(folder, edition, code.lower())))
    found = faults_of(folder, edition)
    for one in studies_of(study) if study or Path("study.toml").is_file() else []:
        if one.etude.edition.isoformat() == edition:
            for name in changed_inputs(publication_of(one, folder), one.raw):
                tell(f"{name}\u00a0: entrée qui a changé depuis la publication.")
    for fault in found:
        tell(fault, err=True)
    if found:
        raise typer.Exit(1)
    tell(f"Édition {edition}\u00a0: chaque fichier est celui du manifeste.")
