"""`python -m demo [--to DIR] [--france]`, from the root of the repository."""

from pathlib import Path
from typing import Annotated

import typer

from . import write_demo
from .france import write_france


def main(
    to: Annotated[Path, typer.Option(metavar="DOSSIER", help="Dossier où écrire.")] = Path(),
    france: Annotated[
        bool, typer.Option("--france", help="Une étude par région de France, pour des essais de grande taille.")
    ] = False,
) -> None:
    """Écrit les données de démonstration (fictives)."""
    (write_france if france else write_demo)(to)
    typer.echo(f"Données de démonstration écrites dans {to.resolve()}.")


if __name__ == "__main__":
    typer.run(main)
