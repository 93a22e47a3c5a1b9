"""The command itself, to which each module adds its own, and its voice."""

import codecs
import re
import sys
import unicodedata
from io import TextIOWrapper
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

from .. import __version__

# The help, then the faults; of these the first that is found, whole.
_HELP = {
    r"^Usage:": "Emploi\u00a0:",
    r"COMMAND \[ARGS\]\.\.\.": "COMMANDE …",
    r"^(Options|Arguments):$": "\\1\u00a0:",
    r"^Commands:$": "Commandes\u00a0:",
    r"Show this message and exit\.": "Montre ce message.",
    r"\[required\]": "[obligatoire]",
    r"\[default:": "[par défaut\u00a0:",
    r"\[x>=(\d+)\]": "[au moins \\1]",
    r" <(list\[)?(str|path)\]?>": "",
    r"\[(\[.*\])\]\.\.\.": r"\1",
    r"\{(\w+)\}": r"\1",
}
_FAULTS = {
    r"No such option: (\S+)": "option inconnue\u00a0: {0}",
    r"No such option: (\S+) \(Possible options: (.*)\)": "option inconnue\u00a0: {0}\u202f; proches\u00a0: {1}",
    r"No such command '(.*)'\.": "commande inconnue\u00a0: {0}",
    r"No such command '(.*)'\. Did you mean '(.*)'\?": "commande inconnue\u00a0: {0}\u202f; la plus proche\u00a0: {1}",
    r"Missing command\.": "il manque une commande",
    r"Missing \w+ '(.*)'\.": "il manque {0}",
    r"Option '(.*)' requires (?:an|\d+) arguments?\.": "{0} attend une valeur",
    r"Option '(.*)' does not take a value\.": "{0} ne prend pas de valeur",
    r"Got unexpected extra argument\(s\) \((.*)\)": "en trop\u00a0: {0}",
    r"Invalid value for '(.*)': Input should be a valid integer.*": "{0}\u00a0: un nombre entier est attendu",
    r"Invalid value for '(.*)': Input should be greater than or equal to (\d+)": "{0}\u00a0: au moins {1} est attendu",
    r"Invalid value for '(.*)': Value error, '(.*)' is not one of '(.*)'\.": "{0}\u00a0: lu {1}, attendu {2}",
    r"Invalid value for '(.*)': file '(.*)' is a directory\.": "{0}\u00a0: {1} est un dossier, un fichier est attendu",
    r"Invalid value for '(.*)': .*": "{0}\u00a0: valeur refusée",
}


def in_french(text: str) -> str:
    """The help of a command."""
    for english, french in _HELP.items():
        text = re.sub(english, french, text, flags=re.M)
    return text


def fault(error: TyperException) -> str:
    """What is wrong with a command as typed, and where to read how to write it; its help where nothing was."""
    message, context = error.format_message(), getattr(error, "ctx", None)
    if context and message == context.get_help():
        return message
    command = context.command_path if context else "spls-study"
    found = ((re.fullmatch(english, message, re.S), french) for english, french in _FAULTS.items())
    said = next((french.format(*match.groups()) for match, french in found if match), "commande mal écrite")
    return f"{said[0].upper()}{said[1:]}. Voyez\u00a0: {command} --help"


class Command(typer.core.TyperCommand):
    def get_help(self, ctx: Any) -> str:
        return in_french(super().get_help(ctx))


class Group(typer.core.TyperGroup):
    def get_help(self, ctx: Any) -> str:
        return in_french(super().get_help(ctx))


app = typer.Typer(cls=Group, name="spls-study", no_args_is_help=True, add_completion=False, rich_markup_mode=None)
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


def _told(asked: bool) -> None:
    if asked:
        tell(f"spls-study {__version__}")
        raise typer.Exit


@app.callback()
def _of_all(
    version: Annotated[
        bool, typer.Option("--version", callback=_told, is_eager=True, help="Dit la version du programme.")
    ] = False,
) -> None:
    """Des fichiers reçus aux rapports du comité de pilotage."""


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
