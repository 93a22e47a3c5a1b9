"""How people name what differs: the tables of the reports (`sorties.csv`), and their rows."""

import csv
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from functools import cache
from typing import Any, NamedTuple

import pandas as pd

from notebook_reports import french

from ..analysis.differences import as_day
from ..questionnaires import load_codebooks
from ..study import PACKAGE, Study
from ..tables import read_table

Names = Mapping[str, Mapping[str, str]]  # column → code → name
OWN = {  # columns by which a row says what its code is called
    "organisme": ("nom",),
    "bailleur": ("nom",),
    "clause": ("texte",),
    "id": ("libelle", "point", "theme", "public"),
    "modalite": ("libelle",),
}
MONTHS = frozenset(map(str, range(1, 13)))
UNSAID = ("cle", "sous_question")  # a key that its neighbour tells
WORDS = {
    "clause": "clause «\u00a0{}\u00a0»",
    "jour": "jour {}",
    "modalite": "réponse «\u00a0{}\u00a0»",
    "numero_operation": "opération {}",
    "ordre": "n°\u00a0{}",
    "profil": "profil {}",
    "profil_attendu": "profil attendu {}",
    "profil_demande": "profil demandé {}",
}


class Shown(NamedTuple):
    """A published table: `sources` are the raw tables behind it, none when not known; `rang` its importance;
    `voir` the column of which a change is told first."""

    nom: str
    cle: tuple[str, ...]
    sources: frozenset[str]
    rang: int
    voir: str = ""


@cache
def shown(table: str) -> Shown:
    """The first line of `sorties.csv` whose pattern is that of the table; the most important come first."""
    with (PACKAGE / "sorties.csv").open(encoding="utf-8", newline="") as stream:
        lines = list(csv.DictReader(stream, delimiter=";"))
    for rank, line in enumerate(lines):
        if fnmatchcase(table, line["tableau"]):
            keys = tuple(filter(None, line["cle"].split("|")))
            return Shown(line["nom"], keys, frozenset(line["sources"].split()), rank, line["voir"])
    return Shown(french.capital(table.replace("_", " ")), (), frozenset(), len(lines))


def names_of(study: Study | None) -> dict[str, dict[str, str]]:
    """What the study calls its codes; nothing without a study."""
    if study is None:
        return {}
    services = {g.id: g.nom for g in study.gestionnaires}
    books = load_codebooks(study)
    return {
        "departement": dict(study.departements),
        "territoire": {place.code: place.nom for place in study.territories},
        "gestionnaire": services,
        "organisme": services | _pairs(read_table(study, "organismes"), "id", "nom"),
        "profil": _pairs(read_table(study, "profils"), "profil", "libelle"),
        "clause": _pairs(read_table(study, "charte"), "clause", "texte"),
        "questionnaire": {code: book.titre for code, book in books.items()},
        "question": {f"{code} {q.code}": q.libelle for code, book in books.items() for q in book.questions},
        "sous_question": {
            f"{code} {q.code} {part}": q.part_label(part)
            for code, book in books.items()
            for q in book.questions
            for part in q.parts
        },
    }


def _pairs(table: pd.DataFrame, code: str, name: str) -> dict[str, str]:
    known = table.dropna(subset=[code, name])
    return dict(zip(known[code].astype(str), known[name].astype(str), strict=True))


def ligne(keys: Iterable[str], row: Mapping[Any, Any], names: Names) -> str:
    """A row as people name it, by the columns that place it.

    Examples
    --------
    >>> ligne(["organisme", "profil"], {"organisme": "B017", "profil": "Valideur", "nom": "Habitat 17"}, {})
    'Habitat 17, profil Valideur'
    >>> ligne(["mois", "strate"], {"mois": 3, "strate": "departement=17"}, {"departement": {"17": "Charente-Maritime"}})
    'Mars, Charente-Maritime'
    """
    said = [_said(column, str(row[column]), row, names) for column in keys if row.get(column) not in (None, "")]
    return french.capital(", ".join(dict.fromkeys(filter(None, said))))


def _said(column: str, value: str, row: Mapping[Any, Any], names: Names) -> str:
    if column in UNSAID:
        return ""
    if column == "strate" and "=" in value:
        of_stratum, _, value = value.partition("=")
        return _said(of_stratum, value, {}, names)
    if column == "mois" and value in MONTHS:
        return french.month(int(value))
    if column == "semaine" and (day := as_day(value)):
        return f"semaine du {french.long_date(day)}"
    of = row.get("questionnaire")
    if column in ("question", "question_a", "question_b"):
        asked = names.get("question", {}).get(f"{of} {value}")
        part = names.get("sous_question", {}).get(f"{of} {value} {row.get('sous_question')}")
        return " – ".join(filter(None, [french.quoted(asked) if asked else value, part]))
    own = [str(row[c]) for c in OWN.get(column, ()) if row.get(c)]
    base = column.removesuffix("_a").removesuffix("_b")
    listed = [names.get(base, {}).get(one, one) for one in value.split("|")]
    return WORDS.get(column, "{}").replace("{}", own[0] if own else french.listing(listed))
