"""Files of answers to one table of cells: an export's rows, a filled-in form's column."""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import NamedTuple

import pandas as pd

from notebook_reports.french import listing, quoted

from .. import tables
from ..codebook import Codebook
from ..columns import IDENTITY, columns, identity
from ..words import bare, folded, squeeze
from .limits import Opened
from .readers import read_sheets
from .sheets import Lines, Sheet, Unreadable
from .values import FORMULA

DATE = "submitdate"  # LimeSurvey's own columns, the identifying ones under one name in brackets
_OWN = {
    **dict.fromkeys(("id", "id de la reponse", "response id"), "(id)"),
    **dict.fromkeys(("token", "code d'acces", "access code"), "(token)"),
    **dict.fromkeys(
        "submitdate|date de soumission|date submitted|"
        "lastpage|startlanguage|seed|startdate|datestamp|ipaddr|refurl|interviewtime|firstname|lastname|email|"
        "derniere page|langue de depart|tete de serie|date de lancement|date de la derniere action|adresse ip|"
        "url referente|prenom|nom|adresse de courriel|last page|start language|date started|date last action|"
        "ip address|referrer url|first name|last name|email address".split("|"),
        "(autre)",
    ),
}
_TIMES = re.compile(r"(temps total|total time|duree pour |(group|question) time\b).*|\w*time\d*|attribute_\d+")
_CODED = re.compile(r"([a-z][a-z0-9_]*(?:\[[a-z0-9_]+\])?)(?:\s*[.:]| -)\s")  # « B01[SQ001]. Question… »
_CUT = re.compile(r"\s*\.\.+\s*")  # « Qui saisit vos ..  [L'associat.. ] »
_CUT_AT = 15
# How a VV export writes what a cell cannot hold.
_VV = dict(question_not_shown="", newline="\n", cr="\r", tab="\t", quote='"', lbrace="{")
_MARKED = re.compile("{(" + "|".join(_VV) + ")}")
_NOT_SHOWN = "{question_not_shown}"
_BY_CODE = "à l'export de LimeSurvey, choisissez «\u00a0Code de la question\u00a0» pour les en-têtes"
_SHORTENED = f"en-têtes abrégés, reconnus à leur début\u202f; plus sûr\u00a0: {_BY_CODE}"
_NO_DATE = (
    "colonne absente\u202f: une réponse incomplète ne peut être distinguée\u202f;"
    " à l'export de LimeSurvey, cochez «\u00a0Date de soumission\u00a0»"
)
_UNKNOWN = "colonne absente du questionnaire\u202f; elle est ignorée"
_CODE, _ANSWER = "code", "reponse"  # of a form
Names = dict[str, tuple[str, ...]]


def date_column(codebook: Codebook) -> str:
    return codebook.date_reponse or DATE


class Rows(NamedTuple):
    """The rows of one file or of several.

    Parameters
    ----------
    cells
        Text under the headers of `columns` and the names of the respondent, the date, the
        agreement and the strata; NaN where a file lacks the column.
    origin
        The same index: fichier, feuille, ligne, `formulaire` (the row is a form), `trop` (it has a
        cell beyond the header) and `numero`, by which LimeSurvey knows the answer (empty: none).
    remarks
        Column and what is to be said of it.
    """

    cells: pd.DataFrame
    origin: pd.DataFrame
    remarks: tuple[tuple[str, str], ...] = ()


def end_to_end(parts: Sequence[Rows]) -> Rows:
    """Put end to end, numbered from 0."""
    cells, origins, remarks = zip(*parts, strict=True)
    return Rows(pd.concat(cells, ignore_index=True), pd.concat(origins, ignore_index=True), sum(remarks, ()))


def read_file(codebook: Codebook, file: Opened, fichier: str) -> Rows:
    """The rows of a file.

    Raises
    ------
    Unreadable
        When the file cannot be read, repeats a column, lacks the respondent's or has a header of
        two meanings.
    """
    names = _names(codebook)
    sought: dict[str, list[str]] = {"Code": ["Code"], "Réponse": ["Réponse"]}
    for spelled, meant in names.items():
        cut = " ".join(part[:_CUT_AT] for part in spelled.split("["))
        for header in meant:
            ways = (spelled, f"{header} {spelled}", cut)
            sought.setdefault(header, []).extend(way for way in ways if squeeze(way))
    found = read_sheets(file, tuple(tables.Column(h, required=False, headers=(*ways,)) for h, ways in sought.items()))
    return end_to_end([_rows(codebook, names, sheet, fichier) for sheet in found])


def _names(codebook: Codebook) -> Names:
    """Header as read, bare → the headers it may mean; codes win over the words of the questions."""
    known, date = columns(codebook), date_column(codebook)
    codes = {bare(column.header): column.header for column in known}
    words: Names = {}
    for name in filter(None, (codebook.repondant, codebook.accord, *codebook.strates, date)):
        codes.setdefault(bare(name), name)
    for column in known:
        codes.setdefault(bare(column.header.replace("[", "_").rstrip("]")), column.header)
    spelled = [(column.header, column.words) for column in known]
    spelled += [(column, IDENTITY[role]) for role, column in identity(codebook).items()]
    spelled += [(DATE, ("Date de soumission", "Date submitted"))] if date == DATE else []
    for header, ways in spelled:
        for way in dict.fromkeys(map(bare, ways)):
            words[way] = (*words.get(way, ()), header)
    return words | {code: (header,) for code, header in codes.items()}


def _meant(names: Names, head: str) -> tuple[str, ...]:
    """The columns that a header may mean; in brackets, those that are LimeSurvey's own."""
    key = bare(head)
    for spelled in (key, *((coded[1],) if (coded := _CODED.match(key)) else ())):
        if found := names.get(spelled):
            return found
        if own := _OWN.get(spelled) or ("(autre)" if _TIMES.fullmatch(spelled) else None):
            return (own,)
    parts = _CUT.split(key)
    if not 1 < len(parts) < 4:
        return ()
    beginning = re.compile(r"[^\[]*".join(map(re.escape, parts)))
    known = {own: ("(autre)",) for own in _OWN} | names
    return tuple(dict.fromkeys(h for way, meant in known.items() if beginning.fullmatch(way) for h in meant))


def _is_header(names: Names, above: Sequence[str], row: Sequence[str]) -> bool:
    """Whether a row under the header names the same columns: by code, in a VV export."""
    pairs = [(_meant(names, a), _meant(names, b)) for a, b in zip(above, row, strict=False) if b.strip()]
    agreed = [bool(below) for head, below in pairs if below == head or not (head and below)]
    return len(pairs) > 1 and len(agreed) == len(pairs) and 2 * sum(agreed) > len(pairs)


def _rows(codebook: Codebook, names: Names, sheet: Sheet, fichier: str) -> Rows:
    form = {_CODE, _ANSWER} <= {folded(cell) for cell in sheet.header}
    header, cells, lines = _turned(sheet) if form else (sheet.header, sheet.cells.astype("str"), sheet.lines)
    if not form and len(cells) and _is_header(names, header, first := [*cells.iloc[0]]):
        header, cells, lines = first, cells[1:], lines[1:]
    # LimeSurvey 3 writes an answer that begins with = as a formula.
    cells = cells.apply(lambda c: c.str.removeprefix(FORMULA))
    if cells.eq(_NOT_SHOWN).any(axis=None):
        cells = cells.apply(lambda c: c.str.replace(_MARKED, lambda mark: _VV[mark[1]], regex=True))
    filled = cells.apply(lambda c: c.str.strip()) != ""
    placed: dict[str, int] = {}
    remarks = []
    for place, typed in enumerate(header):
        head, meant = typed.strip(), _meant(names, typed)
        if len(meant) > 1:
            raise Unreadable(f"l'en-tête {quoted(head)} peut être celui de {listing([*meant])}\u202f; {_BY_CODE}")
        [name] = meant or [""]
        if name in placed and not name.startswith("("):
            raise Unreadable(f"deux colonnes pour {name}\u202f; gardez-en une seule")
        if name:
            placed.setdefault(name, place)
        elif head and place in filled and filled[place].any():
            near = [names[n][0] for n in get_close_matches(bare(head), names, 1)]
            remarks.append((head, _UNKNOWN + "".join(f" (nom le plus proche\u00a0: {n})" for n in near)))
        if name and _CUT.search(bare(head)) and bare(head) not in names and _SHORTENED not in dict(remarks).values():
            remarks.append((head, _SHORTENED))
    if codebook.repondant and codebook.repondant not in placed:
        words = " ou ".join([codebook.repondant, *map(quoted, IDENTITY["repondant"])])
        raise Unreadable(f"colonne obligatoire absente, celle du répondant\u202f; nommez-la {words}")
    date = date_column(codebook)
    if not form and date not in placed and (codebook.date_reponse or "(autre)" in placed):
        remarks.append((date, _NO_DATE))
    none = pd.Series("", index=cells.index, dtype="str")
    rows = pd.DataFrame({name: cells.get(place, none) for name, place in placed.items()}, cells.index)
    own = rows.filter(regex=r"^\(").reindex(columns=["(id)", "(token)"], fill_value="")
    dated = (own["(id)"] + " " + rows.get(date, none)).where(own["(id)"].str.strip() != "", "")
    number = own["(token)"].where(own["(token)"].str.strip() != "", dated)
    rows = rows.drop(columns=rows.filter(regex=r"^\("))
    given = (filled[[*placed.values()]] if form else filled).any(axis=1)
    origin = pd.DataFrame({"fichier": fichier, "feuille": sheet.name or None, "ligne": lines}, index=cells.index)
    beyond = filled[[p for p in cells if p >= len(header)]].any(axis=1)
    origin = origin.astype({"fichier": "str", "feuille": "str"}).assign(trop=beyond, formulaire=form, numero=number)
    return Rows(rows[given], origin[given], tuple(remarks))


def _turned(sheet: Sheet) -> tuple[list[str], pd.DataFrame, Lines]:
    """A form as the one row of an export."""
    header = [folded(cell) for cell in sheet.header]
    codes, answers = (sheet.cells[header.index(name)].astype("str") for name in (_CODE, _ANSWER))
    return [*codes], answers.to_frame().T.set_axis(range(len(answers)), axis=1)[:1], sheet.lines[:1]
