"""The command itself, to which each module adds its own."""

import typer

app = typer.Typer(
    name="spls-study", no_args_is_help=True, add_completion=False, rich_markup_mode=None,
    help="Des fichiers reçus aux rapports du comité de pilotage.",
)
