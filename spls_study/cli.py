"""The command line. Libraries are imported by the command that needs them: help is immediate."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .errors import StudyError, UsageError

if TYPE_CHECKING:
    from .checking import Checked
    from .publish.build import Outcome
    from .publish.publication import Publication, Run
    from .study import Study

app = typer.Typer(
    name="spls-study", no_args_is_help=True, add_completion=False, rich_markup_mode=None,
    help="Des fichiers reçus aux rapports du comité de pilotage.",
)
StudyFiles = Annotated[list[Path] | None, typer.Option(
    "--study", metavar="FICHIER",
    help="Fichier de l'étude (study.toml par défaut)\u202f; peut être répété.")]
Reports = Annotated[Path | None, typer.Option(
    metavar="DOSSIER",
    help="Dossier des rapports (reports, à côté de la première étude de la région, par défaut).")]
Strict = Annotated[bool, typer.Option(
    "--strict", help="Une ligne refusée donne aussi le code de sortie 1.")]


@app.command()
def demo(
    to: Annotated[Path, typer.Option(metavar="DOSSIER", help="Dossier où écrire.")] = Path(),
    france: Annotated[bool, typer.Option(
        "--france", help="Une étude par région de France, pour des essais de grande taille.",
    )] = False,
) -> None:
    """Écrit les données de démonstration (fictives)."""
    if france:
        from .demo.france import write_france

        write_france(to)
    else:
        from .demo import write_demo

        write_demo(to)
    typer.echo(f"Données de démonstration écrites dans {to.resolve()}.")


@app.command()
def check(study: StudyFiles = None, strict: Strict = False) -> None:
    """Lit data/raw, écrit data/processed et rejets.csv, dit ce qui est refusé et pourquoi."""
    sound = [_check(one, strict, force=True)[1] for one in _studies(study)]
    raise typer.Exit(0 if all(sound) else 1)


@app.command()
def forms(study: StudyFiles = None) -> None:
    """Écrit les formulaires des questionnaires : LimeSurvey, classeur à remplir, PDF à imprimer."""
    from .codebook import codebook_files, load_codebook
    from .forms import write_forms
    from .tables import read_table

    for one in _studies(study):
        organismes = read_table(one, "organismes")
        for file in codebook_files(one):
            codebook = load_codebook(file)
            asked = organismes.loc[organismes["role"] == codebook.population, "nom"]
            folder = one.root / "formulaires" / file.stem
            for path in write_forms(codebook, folder, sorted(asked), one.copil.auteur):
                typer.echo(f"Écrit : {path}")


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
    from .publish.publication import runs

    studies = _studies(study, _iso(edition))
    folders = _folders(studies, reports)
    # An edition is compared with the one before: the earlier is built first.
    studies.sort(key=lambda one: one.etude.edition)
    if len({(folders[one.region.code], one.etude.edition) for one in studies}) < len(studies):
        raise UsageError("Deux études ont la même édition\u00a0: leurs rapports se remplaceraient.")
    asked = [runs(_publication(one, folders[one.region.code]), territory, notebook)
             for one in studies]
    sound = True
    for one, chosen in zip(studies, asked, strict=True):
        folder = folders[one.region.code]
        report, checked = _check(one, strict, force)
        outcome = _publish(_publication(one, folder, report), chosen, jobs, force, scheduler)
        sound = sound and checked and not outcome.failures
    raise typer.Exit(0 if sound else 1)


@app.command()
def diff(
    before: Annotated[str, typer.Argument(metavar="ÉDITION", help="Première édition.")],
    after: Annotated[str, typer.Argument(metavar="ÉDITION", help="Édition comparée.")],
    study: StudyFiles = None,
    reports: Reports = None,
) -> None:
    """Dit ce qui a changé entre deux éditions, de combien et pourquoi, en HTML, PDF et CSV."""
    from .publish.diff import compare
    from .publish.diff_report import write

    folder = _reports(study, reports)
    comparison = compare(folder, before, after)
    typer.echo(comparison.summary)
    typer.echo(f"Comparaison\u00a0: {write(folder, comparison)}")


@app.command()
def verify(
    edition: Annotated[str, typer.Argument(metavar="ÉDITION", help="Édition publiée.")],
    study: StudyFiles = None,
    reports: Reports = None,
) -> None:
    """Recalcule les empreintes d'une édition et dit ce qui diffère de son manifeste."""
    from .publish.verify import changed_inputs
    from .publish.verify import verify as faults_of

    folder = _reports(study, reports)
    found = faults_of(folder, edition)
    for one in _studies(study) if study or Path("study.toml").is_file() else []:
        if one.etude.edition.isoformat() == edition:
            for name in changed_inputs(_publication(one, folder), one.raw):
                typer.echo(f"{name}\u00a0: entrée qui a changé depuis la publication.")
    for fault in found:
        typer.echo(fault, err=True)
    if found:
        raise typer.Exit(1)
    typer.echo(f"Édition {edition}\u00a0: chaque fichier est celui du manifeste.")


def _studies(files: list[Path] | None, edition: date | None = None) -> "list[Study]":
    from .study import load_study

    studies = [load_study(file) for file in files or [Path("study.toml")]]
    if edition is not None:
        studies = [one.model_copy(update={
            "etude": one.etude.model_copy(update={"edition": edition})}) for one in studies]
    return studies


def _iso(text: str | None) -> date | None:
    try:
        return None if text is None else datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise UsageError(
            f"Date d'édition attendue sous la forme AAAA-MM-JJ, lu\u00a0: {text}.") from None


def _check(study: "Study", strict: bool, force: bool = False) -> "tuple[Checked, bool]":
    """What was read, and whether nothing was set aside (or refused, when strict)."""
    from .checking import checked

    found = checked(study, force)
    for line in found.lines:
        typer.echo(line)
    for sentence in found.set_aside:
        typer.echo(sentence, err=True)
    return found, not found.set_aside and not (strict and found.refused)


def _publication(
    study: "Study", reports: Path, report: "Checked | None" = None
) -> "Publication":
    from .publish.publication import Publication
    from .study import PACKAGE, REFERENCE, REGION

    own = study.root / "notebooks"
    read = [*study.processed.glob("*"), *study.relecture.glob("*"), *study.raw.rglob("*.toml")]
    inputs = {p.relative_to(study.root).as_posix(): p for p in read
              if p.is_file() and p.name != ".gitkeep"}
    inputs["data/raw"] = study.raw
    reference = {f"data/reference/{p.relative_to(REFERENCE).as_posix()}": p
                 for p in REFERENCE.rglob("*") if p.is_file()}
    return Publication(
        file=study.file,
        title=study.etude.titre,
        edition=study.etude.edition,
        territories={t.code: t.nom for t in (study.territory(REGION), *study.territories)},
        notebooks=own if own.is_dir() else PACKAGE.parent / "notebooks",
        reports=reports,
        inputs=dict(sorted({**inputs, **reference}.items())),
        environment={"SPLS_EDITION": study.etude.edition.isoformat(), "SPLS_REPORTS": str(reports),
                     "SPLS_MEMO": str(study.processed / "memo")},
        cite=lambda: [study.source(table) for table in study.sources],
        fictitious=study.etude.donnees_fictives,
        files_read=report.files if report else {},
        reread=_rereader(study),
        times=study.processed / "memo" / "durees.json",
    )


def _rereader(study: "Study") -> "Callable[[str, str], str]":
    @cache
    def source() -> Any:
        from .reads import Source

        return Source(study)

    @cache
    def reread(view: str, territory: str) -> str:
        from .reads import reread as again

        return again(source(), view, territory)

    return reread


def _publish(
    publication: "Publication", chosen: "list[Run]", jobs: int | None, force: bool,
    scheduler: str | None,
) -> "Outcome":
    from .publish.build import build as publish

    place = None
    if scheduler is not None:
        from .publish.cluster import on_cluster

        place = partial(on_cluster, scheduler)

    title = f"Édition du {publication.edition.isoformat()}"
    outcome = publish(publication, chosen, jobs=jobs, force=force, watch=partial(_watch, title),
                      place=place)
    if not outcome.run and not outcome.failures:
        typer.echo(f"{title}\u00a0: tout est à jour.")
    else:
        typer.echo(f"{title}\u00a0: {len(outcome.run)} rapport(s) publié(s), "
                   f"{len(outcome.skipped)} à jour, {len(outcome.failures)} en échec.")
    typer.echo(f"Rapports\u00a0: {publication.folder / 'index.html'}")
    for failure in outcome.failures:
        typer.echo(f"Échec\u00a0: {failure}", err=True)
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



def _folders(studies: "list[Study]", reports: Path | None) -> dict[str, Path]:
    """Code of region → its reports; those of several regions never go to one folder."""
    roots = {one.region.code: one.root for one in reversed(studies)}
    return {code: (root / "reports" if reports is None else
                   reports if len(roots) == 1 else reports / code).resolve()
            for code, root in roots.items()}


def _reports(studies: list[Path] | None, reports: Path | None) -> Path:
    """The folder of reports that `build` would write to."""
    return (reports or _studies(studies)[0].root / "reports").resolve()


@contextmanager
def _in_french() -> Iterator[None]:
    """A fault that the user can mend is a sentence and an exit status, never a traceback."""
    try:
        yield
    except StudyError as error:
        typer.echo(str(error), err=True)
        sys.exit(2 if isinstance(error, UsageError) else 1)


def main() -> None:
    os.environ.setdefault("PYTHONUTF8", "1")  # for kernels, on Windows
    with _in_french():
        app()


if __name__ == "__main__":
    main()
