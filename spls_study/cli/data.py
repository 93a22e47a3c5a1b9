"""`check`, `forms`: the data of a study, before any report."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from .app import app, tell
from .options import Reports, Strict, StudyFiles, folders_of, studies_of
from .usage import Command

if TYPE_CHECKING:
    from ..checking import Checked
    from ..study import Study


@app.command(cls=Command)
def check(study: StudyFiles = None, reports: Reports = None, strict: Strict = False) -> None:
    """Lit data/raw, écrit data/processed et rejets.csv, dit ce qui est refusé et pourquoi."""
    studies = studies_of(study)
    tell_to_fill(studies)
    folders = folders_of(studies, reports)
    sound = [checked_of(one, folders[one.region.code], strict, force=True)[1] for one in studies]
    raise typer.Exit(0 if all(sound) else 1)


@app.command(cls=Command)
def forms(study: StudyFiles = None) -> None:
    """Écrit les formulaires des questionnaires : LimeSurvey, classeur à remplir, PDF à imprimer."""
    from ..forms import write_forms
    from ..questionnaires import codebook_files, load_codebook
    from ..tables import read_table

    for one in studies_of(study):
        organismes, who = read_table(one, "organismes"), (one.copil.auteur, one.copil.contact)
        for file in codebook_files(one):
            codebook = load_codebook(file)
            asked = organismes[organismes["role"] == codebook.population]
            folder = one.root / "formulaires" / file.stem
            for path in write_forms(codebook, folder, dict(zip(asked["id"], asked["nom"], strict=True)), *who):
                tell(f"Écrit : {path}")


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
    for line in found.lines:
        tell(line, err=quiet)
    for sentence in found.set_aside:
        tell(sentence, err=True)
    return found, not found.set_aside and not (strict and found.refused)
