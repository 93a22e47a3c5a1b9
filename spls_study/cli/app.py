"""The command itself, to which each module adds its own, and its voice."""

import re

import typer

app = typer.Typer(
    name="spls-study",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="Des fichiers reçus aux rapports du comité de pilotage.",
)
# What would drive a terminal, or turn its text around: names of files, cells, faults of cells.
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def tell(text: str, err: bool = False) -> None:
    """Print a message, whatever it quotes, as text on its lines."""
    typer.echo(_CONTROL.sub(" ", text).encode("utf-8", "replace").decode(), err=err)
