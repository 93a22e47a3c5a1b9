"""The command itself, to which each module adds its own, and its voice."""

import codecs
import re
import sys
import unicodedata
from io import TextIOWrapper

import typer

from .usage import Group

app = typer.Typer(
    cls=Group,
    name="spls-study",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="Des fichiers reçus aux rapports du comité de pilotage.",
)
# What would drive a terminal, or turn its text around: names of files, cells, faults of cells.
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# Signs of French typography that other encodings than UTF-8 may lack, and what stands for each, best first.
_NEAREST = {
    "\u202f": ("\u00a0", " "),
    "\u2212": ("-",),
    "\u2013": ("-",),
    "\u2014": ("-",),
    "\u2019": ("'",),
    "\u2192": (">",),
    "\u00ab": ('"',),
    "\u00bb": ('"',),
    "\u0152": ("OE",),
    "\u0153": ("oe",),
}


def lose_no_character() -> None:
    """Where the console or the log cannot write a character, write the nearest it can, or its number."""
    codecs.register_error("nearest", _nearest)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="nearest")


def _nearest(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_written(c, error.encoding) for c in error.object[error.start : error.end]), error.end


def _written(character: str, encoding: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))
    for candidate in (*_NEAREST.get(character, ()), plain):
        if candidate.encode(encoding, "ignore").decode(encoding):
            return candidate.encode(encoding, "backslashreplace").decode(encoding)
    return f"\\u{ord(character):04x}"


def tell(text: str, err: bool = False) -> None:
    """Print a message, whatever it quotes, as text on its lines."""
    typer.echo(_CONTROL.sub(" ", text).encode("utf-8", "backslashreplace").decode(), err=err)
