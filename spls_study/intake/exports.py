"""Files of answers to one table of cells: an export's rows, a filled-in form's column."""

import re
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from notebook_reports.french import listing, quoted

from .. import tables
from ..codebook import Codebook
from ..columns import IDENTITY, columns, identity
from ..words import bare, folded
from . import values
from .sheets import Headers, Rows, Sheet, Unreadable, under

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
_FORM = ("code", "reponse")


def date_column(codebook: Codebook) -> str:
    return codebook.date_reponse or DATE


class Exported(Headers):
    """Headers by code, as LimeSurvey or a VV export writes it, in words, whole or cut short, or both.

    LimeSurvey's own columns are meant in brackets.
    """

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook
        date, respondent = date_column(codebook), codebook.repondant
        ways = {c.header: (c.header, c.header.replace("[", "_").rstrip("]"), *c.words) for c in columns(codebook)}
        for name in filter(None, (respondent, codebook.accord, *codebook.strates, date)):
            ways.setdefault(name, (name,))
        for role, name in identity(codebook).items():
            ways[name] += IDENTITY[role]
        ways[date] += ("Date de soumission", "Date submitted") if date == DATE else ()
        super().__init__([tables.Column(name, required=name == respondent, headers=own) for name, own in ways.items()])

    def key(self, header: str) -> str:
        return bare(header)

    def meant(self, header: str) -> tuple[str, ...]:
        key = bare(header)
        for spelled in (key, *((coded[1],) if (coded := _CODED.match(key)) else ())):
            if found := self.known.get(spelled):
                return found
            if own := _OWN.get(spelled) or ("(autre)" if _TIMES.fullmatch(spelled) else None):
                return (own,)
        parts = _CUT.split(key)
        if not 1 < len(parts) < 4:
            return ()
        beginning = re.compile(r"[^\[]*".join(map(re.escape, parts)))
        known = {own: ("(autre)",) for own in _OWN} | self.known
        return tuple(dict.fromkeys(h for way, meant in known.items() if beginning.fullmatch(way) for h in meant))

    def once(self, key: str) -> bool:
        """Those that are read: an attribute or a time may stand twice."""
        return bool(self.named([key]))

    def named(self, row: Sequence[str]) -> set[str]:
        """Those of a form too."""
        return super().named(row) | ({*_FORM} if _is_form(row) else set())

    def rows(self, sheet: Sheet, fichier: str) -> Rows:
        """Under the headers of `columns` and the names of respondent, date, agreement and strata.

        `origin` tells besides whether a row is a form (`formulaire`), and by what LimeSurvey knows the answer
        (`numero`; empty: nothing does).

        Raises
        ------
        Unreadable
            When the sheet repeats a column, lacks the respondent's or has a header of two meanings.
        """
        form, codebook = _is_form(sheet.header), self.codebook
        date = date_column(codebook)
        sheet = _turned(sheet) if form else _as_typed(sheet)
        for head in sheet.header:
            if len(meant := self.meant(head)) > 1:
                both = f"l'en-tête {quoted(head.strip())} peut être celui de {listing([*meant])}"
                raise Unreadable(f"{both}\u202f; {_BY_CODE}")
        cells, origin, files, doubts = super().rows(sheet, fichier)
        cut = [h.strip() for h in sheet.header if self.meant(h) and _CUT.search(bare(h)) and bare(h) not in self.known]
        told = [(head, _SHORTENED) for head in cut[:1]]
        if not form and date not in cells and (codebook.date_reponse or "(autre)" in cells):
            told.append((date, _NO_DATE))
        none = pd.Series("", cells.index, dtype="str")
        own, token, day = (cells.get(name, none).astype("str") for name in ("(id)", "(token)", date))
        dated = (own + " " + day).where(own.str.strip() != "", "")
        origin = origin.assign(formulaire=form, numero=token.where(token.str.strip() != "", dated), montre="")
        asked = cells.drop(columns=[name for name in cells if name.startswith("(")])
        return Rows(asked, origin, files, (*doubts, *((fichier, sheet.name, sheet.top, h, "", t) for h, t in told)))


def _is_form(header: Sequence[str]) -> bool:
    return {*_FORM} <= {folded(cell) for cell in header}


def _as_typed(sheet: Sheet) -> Sheet:
    """Without the marks of a VV export, nor that of a formula: LimeSurvey 3 writes so an answer that begins with =."""
    marked = any(_NOT_SHOWN in cells.cat.categories for _, cells in sheet.cells.items())

    def typed(text: str) -> str:
        text = text.removeprefix(values.FORMULA)
        return _MARKED.sub(lambda mark: _VV[mark[1]], text) if marked else text

    return replace(sheet, cells=pd.DataFrame({place: values.each(sheet.cells[place], typed) for place in sheet.cells}))


def _turned(sheet: Sheet) -> Sheet:
    """A form as the one row of an export."""
    header = [folded(cell) for cell in sheet.header]
    codes, answers = (sheet.cells[header.index(name)].astype("str") for name in _FORM)
    asked = codes.str.strip() != ""
    cells = [[text.removeprefix(values.FORMULA)] for text in answers[asked]]
    return under(sheet.name, codes[asked].to_list(), cells, sheet.top)
