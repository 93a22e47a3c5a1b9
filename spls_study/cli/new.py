"""`new`: a study to fill, for a region or any set of departments."""

from pathlib import Path
from typing import Annotated

import typer

from .app import app, tell
from .usage import Command


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
    """Prépare une étude à remplir : study.toml, classeurs vides, questionnaires, mode d'emploi."""
    from ..clock import now
    from ..starter import plan_of, write_new

    write_new(folder, plan_of(region, departements, nom, application, now().date()))
    tell(f"Étude écrite dans {folder.resolve()}\u202f; commencez par son README.md.")
