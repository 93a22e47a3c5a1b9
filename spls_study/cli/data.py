"""`check`, `forms`, `new`: a study before any report."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .app import Command, app, tell
from .options import Reports, Strict, StudyFiles, folders_of, studies_of

if TYPE_CHECKING:
    from ..checking import Checked
    from ..study import Study


@app.command(cls=Command)
def check(study: StudyFiles = None, reports: Reports = None, strict: Strict = False) -> None:
    """Lit data/raw et dit ce qui est refusé, et pourquoi. Écrit data/processed, dont rejets.csv."""
    studies = studies_of(study)
    tell_to_fill(studies)
    folders = folders_of(studies, reports)
    sound = [checked_of(one, folders[one.region.code], strict, force=True)[1] for one in studies]
    raise typer.Exit(0 if all(sound) else 1)


@app.command(cls=Command)
def forms(study: StudyFiles = None) -> None:
    """Écrit les formulaires : LimeSurvey, classeur, PDF à imprimer."""
    from notebook_reports.errors import StudyError

    from ..codebook import codebook_files, load_codebook
    from ..forms import write_forms
    from ..tables import read_table

    sound = True
    for one in studies_of(study):
        organismes, who = read_table(one, "organismes"), (one.copil.auteur, one.copil.contact)
        for file in codebook_files(one):
            folder = one.root / "formulaires" / file.stem
            try:
                codebook = load_codebook(file)
                asked = organismes[organismes["role"] == codebook.population]
                for path in write_forms(codebook, folder, dict(zip(asked["id"], asked["nom"], strict=True)), *who):
                    tell(f"Écrit : {path}")
            except StudyError as error:  # the other questionnaires have their forms
                sound = False
                tell(str(error), err=True)
    raise typer.Exit(0 if sound else 1)


def tell_to_fill(studies: "list[Study]") -> None:
    for one in studies:
        for sentence in one.to_fill:
            tell(sentence, err=True)


def checked_of(
    study: "Study",
    reports: Path,
    strict: bool,
    force: bool = False,
    quiet: bool = False,
    meanwhile: Callable[[], None] = lambda: None,
) -> "tuple[Checked, bool]":
    """What was read, and whether nothing was set aside (or refused, when strict).

    When `quiet`, standard output is left to others.
    """
    from ..checking import checked

    found = checked(study, reports, force, meanwhile)
    for sentence in found.set_aside:
        tell(sentence, err=True)
    for line in found.lines:
        tell(line, err=quiet)
    return found, not found.set_aside and not (strict and found.refused)


@app.command(cls=Command)
def new(
    folder: Annotated[Path, typer.Argument(metavar="DOSSIER", help="Dossier à créer.")],
    region: Annotated[str | None, typer.Option(metavar="CODE", help="Code INSEE de la région (24, 94, 04…).")] = None,
    departements: Annotated[
        str | None, typer.Option(metavar="16,17", help="Codes de départements, au lieu d'une région.")
    ] = None,
    nom: Annotated[str | None, typer.Option(metavar="NOM", help="Nom de cet ensemble de départements.")] = None,
    application: Annotated[str, typer.Option(metavar="NOM", help="Application à déployer.")] = "SPLS",
) -> None:
    """Prépare une étude à remplir, et son mode d'emploi. Elle a study.toml, des classeurs vides, des questionnaires."""
    from ..starter import plan_of, write_new
    from .options import now

    write_new(folder, plan_of(region, departements, nom, application, now().date()))
    tell(f"Étude écrite dans {folder.resolve()}\u202f; commencez par son README.md.")
