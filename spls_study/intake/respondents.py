"""Files of answers to one table of cells: an export's rows, a filled-in form's column."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from .. import tables
from ..codebook import Codebook
from ..columns import columns
from ..words import folded
from .readers import read_sheets
from .sheet import Lines, Sheet, Unreadable

DATE = ("submitdate", "date de soumission")  # LimeSurvey's own columns
_OWN = {
    *DATE,
    *(
        "id|lastpage|startlanguage|seed|startdate|datestamp|token|ipaddr|refurl|interviewtime|firstname|lastname|email|"
        "id de la reponse|derniere page|langue de depart|tete de serie|date de lancement|code d'acces|adresse ip|"
        "date de la derniere action"
    ).split("|"),
}
_CODE, _ANSWER = "code", "reponse"  # of a form
_LABELLED = re.compile(r"^([a-z][a-z0-9_]*(?:\[[a-z0-9_]+\])?)\s*[.:]\s")


def date_column(codebook: Codebook) -> str:
    return codebook.date_reponse or DATE[0]


class Rows(NamedTuple):
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
    cells, origins, unknown = zip(*parts, strict=True)
    return Rows(pd.concat(cells, ignore_index=True), pd.concat(origins, ignore_index=True), sum(unknown, ()))


def read_file(codebook: Codebook, data: bytes, fichier: str) -> Rows:
    """The rows of a file.

    Raises
    ------
    Unreadable
        When the file cannot be read, repeats a column or lacks the respondent's.
    """
    names = _names(codebook)
    sought = dict.fromkeys(("Code", "Réponse", *names.values()))
    found = read_sheets(data, tuple(tables.Column(header, required=False, headers=(header,)) for header in sought))
    return together([_rows(codebook, names, sheet, fichier) for sheet in found])


def _names(codebook: Codebook) -> dict[str, str]:
    """Folded header → the header it means; codes win over the words of the questions."""
    known, date = columns(codebook), date_column(codebook)
    found = {folded(column.header): column.header for column in known}
    for name in filter(None, (codebook.repondant, codebook.accord, *codebook.strates)):
        found.setdefault(folded(name), name)
    for name in (date, *(() if codebook.date_reponse else DATE)):
        found.setdefault(folded(name), date)
    for column in known:
        question, _, inside = column.header.removesuffix("]").partition("[")
        if inside:
            found.setdefault(folded(f"{question}_{inside}"), column.header)
        words = column.question.libelle + (f" [{column.label}]" if inside else "")
        found.setdefault(folded(words), column.header)
    return found


def _rows(codebook: Codebook, names: dict[str, str], sheet: Sheet, fichier: str) -> Rows:
    form = {_CODE, _ANSWER} <= {folded(cell) for cell in sheet.header}
    header, cells, lines = _turned(sheet) if form else (sheet.header, sheet.cells.astype("str"), sheet.lines)
    placed: dict[str, int] = {}
    unknown = []
    for place, typed in enumerate(header):
        key = folded(typed)
        labelled = _LABELLED.match(key)
        name = names.get(key) or (names.get(labelled[1]) if labelled else None)
        if name in placed:
            raise Unreadable(f"deux colonnes pour {name}\u202f; gardez-en une seule")
        if name:
            placed[name] = place
        elif key and key not in _OWN:
            unknown.append(typed.strip())
    if codebook.repondant and codebook.repondant not in placed:
        raise Unreadable(f"colonne obligatoire absente ({codebook.repondant})")
    none = pd.Series("", index=cells.index, dtype="str")
    rows = pd.DataFrame({name: cells.get(place, none) for name, place in placed.items()}, cells.index)
    filled = cells.apply(lambda c: c.str.strip()) != ""
    given = (filled[[*placed.values()]] if form else filled).any(axis=1)
    origin = pd.DataFrame({"fichier": fichier, "feuille": sheet.name or None, "ligne": lines}, index=cells.index)
    beyond = filled[[p for p in cells if p >= len(header)]].any(axis=1)
    origin = origin.astype({"fichier": "str", "feuille": "str"}).assign(trop=beyond, formulaire=form)
    return Rows(rows[given], origin[given], tuple(unknown))


def _turned(sheet: Sheet) -> tuple[list[str], pd.DataFrame, Lines]:
    """A form as the one row of an export."""
    header = [folded(cell) for cell in sheet.header]
    codes, answers = (sheet.cells[header.index(name)].astype("str") for name in (_CODE, _ANSWER))
    return [*codes], answers.to_frame().T.set_axis(range(len(answers)), axis=1)[:1], sheet.lines[:1]
