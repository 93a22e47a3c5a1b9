"""`diff`, `verify`: editions that are already published."""

from pathlib import Path
from typing import Annotated

import typer

from .app import Command, app, tell
from .options import Reports, StudyFiles, publication_of, reports_of, studies_of


@app.command(cls=Command)
def diff(
    before: Annotated[str, typer.Argument(metavar="ÉDITION", help="Première édition.")],
    after: Annotated[str, typer.Argument(metavar="ÉDITION", help="Édition comparée.")],
    study: StudyFiles = None,
    reports: Reports = None,
) -> None:
    """Dit ce qui a changé entre deux éditions, de combien et pourquoi, en HTML, PDF et CSV."""
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
    """Recalcule les empreintes d'une édition et dit ce qui diffère de son manifeste."""
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
