"""What Typer, Click and pydantic say of a command, in French."""

import re
from typing import Any

import typer
from typer.exceptions import TyperException

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
