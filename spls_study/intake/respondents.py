"""Files of answers to one table of cells: an export's rows, a filled-in form's column."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from .. import tables
from ..codebook import Codebook
from ..columns import columns
from .answers import folded
from .readers import read_sheets
from .sheet import Sheet, Unreadable

DATE = ("submitdate", "date de soumission")  # LimeSurvey's own columns
_OWN = {
    *DATE,
    *"id|lastpage|startlanguage|seed|startdate|datestamp|token|ipaddr|refurl|interviewtime|firstname|lastname".split(
        "|"
    ),
    *"email|id de la reponse|derniere page|langue de depart|tete de serie|date de lancement".split("|"),
    *"date de la derniere action|code d'acces|adresse ip".split("|"),
}
_CODE, _ANSWER = "code", "reponse"  # of a form
_LABELLED = re.compile(r"^([a-z][a-z0-9_]*(?:\[[a-z0-9_]+\])?)\s*[.:]\s")


def date_column(codebook: Codebook) -> str:
    return codebook.date_reponse or DATE[0]


@dataclass(frozen=True)
class Rows:
    """The rows of one file or of several.

    Parameters
    ----------
    cells
        Text under the headers of `columns` and the names of the respondent, the date, the
        agreement and the strata; NaN where a file lacks the column.
    origin
        The same index: fichier, feuille, ligne, `formulaire` (the row is a form) and `trop` (it
        has a cell beyond the header).
    unknown
        Headers that the codebook does not have.
    """

    cells: pd.DataFrame
    origin: pd.DataFrame
    unknown: tuple[str, ...] = ()


def together(parts: Sequence[Rows]) -> Rows:
    """Put end to end, numbered from 0."""
    return Rows(
        pd.concat([p.cells for p in parts], ignore_index=True),
        pd.concat([p.origin for p in parts], ignore_index=True),
        tuple(h for p in parts for h in p.unknown),
    )


def read_file(codebook: Codebook, data: bytes, fichier: str) -> Rows:
    """The rows of a file.

    Raises
    ------
    Unreadable
        When the file cannot be read, repeats a column or lacks the respondent's.
    """
    names = _names(codebook)
    sought = (
        tables.Column(header, required=False, headers=(header,)) for header in ("Code", "Réponse", *names.values())
    )
    parts = []
    for sheet in read_sheets(data, tuple(dict.fromkeys(sought))):
        header = [folded(cell) for cell in sheet.header]
        form = _CODE in header and _ANSWER in header
        rows = (_form if form else _export)(sheet, names)
        if codebook.repondant and codebook.repondant not in rows.cells:
            raise Unreadable(f"colonne obligatoire absente ({codebook.repondant})")
        origin = rows.origin.assign(formulaire=form, feuille=sheet.name or None, fichier=fichier)
        parts.append(replace(rows, origin=origin.astype({"fichier": "str", "feuille": "str"})))
    return together(parts)


def _names(codebook: Codebook) -> dict[str, str]:
    """Folded header → the header it means; codes win over the words of the questions."""
    found: dict[str, str] = {}
    others = [codebook.repondant, codebook.accord, *codebook.strates]
    known = columns(codebook)
    for column in known:
        found[folded(column.header)] = column.header
    for name in filter(None, others):
        found.setdefault(folded(name), name)
    for name in (date_column(codebook), *(() if codebook.date_reponse else DATE)):
        found.setdefault(folded(name), date_column(codebook))
    for column in known:
        question, inside = column.header.partition("[")[0], column.header.partition("[")[2][:-1]
        if inside:
            found.setdefault(folded(f"{question}_{inside}"), column.header)
        words = column.question.libelle + (f" [{column.label}]" if inside else "")
        found.setdefault(folded(words), column.header)
    return found


def _export(sheet: Sheet, names: dict[str, str]) -> Rows:
    cells = sheet.cells.astype("str")
    placed: dict[str, int] = {}
    unknown = []
    for place, typed in enumerate(sheet.header):
        key = folded(typed)
        labelled = _LABELLED.match(key)
        name = names.get(key) or (names.get(labelled[1]) if labelled else None)
        if name in placed:
            raise Unreadable(f"deux colonnes pour {name}\u202f; gardez-en une seule")
        if name:
            placed[name] = place
        elif key and key not in _OWN:
            unknown.append(typed.strip())
    none = pd.Series("", index=cells.index, dtype="str")
    rows = pd.DataFrame({name: cells.get(place, none) for name, place in placed.items()})
    filled = cells.apply(lambda c: c.str.strip()) != ""
    beyond = filled[[p for p in cells if p >= len(sheet.header)]].any(axis=1)
    origin = pd.DataFrame({"trop": beyond, "ligne": pd.Series(sheet.lines, index=cells.index)})
    given = filled.any(axis=1)
    return Rows(rows[given], origin[given], tuple(unknown))


def _form(sheet: Sheet, names: dict[str, str]) -> Rows:
    header = [folded(cell) for cell in sheet.header]
    codes, answers = (sheet.cells[header.index(name)].astype("str") for name in (_CODE, _ANSWER))
    given, unknown = {}, []
    for code, answer in zip(codes, answers, strict=True):
        name = names.get(folded(code))
        if name:
            given[name] = answer
        elif code.strip():
            unknown.append(code.strip())
    rows = pd.DataFrame([given] if any(a.strip() for a in given.values()) else [], columns=list(given), dtype="str")
    origin = pd.DataFrame({"trop": False, "ligne": sheet.lines[:1]}, index=rows.index)
    return Rows(rows, origin, tuple(unknown))
