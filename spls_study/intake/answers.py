"""What each respondent answered: cells as typed → answers as the codebook has them."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from ..codebook import AUTRE, NR, Codebook, Question
from ..columns import Column, columns
from ..filters import Part, truth
from ..words import plain
from . import values

TICKED = frozenset({"y", "yes", "o", "oui", "x", "1", "vrai", "true"})
UNTICKED = frozenset({"n", "no", "non", "0", "faux", "false"})
EXCLUDED = "réponse à une question que le filtre excluait\u202f; elle est écartée"
WRONG = {"nombre": "nombre illisible", "date": "date illisible ou invraisemblable"}
RANKED = "déjà classé à un autre rang\u202f; sans réponse"
_NOT_PUT = "n/a"  # LimeSurvey's full answers, for a question that was not shown
_LARGEST = 1e15  # beyond, a float has no units left
_OTHER = ("-oth-", "autre", "other")


@dataclass
class Answered:
    """One respondent: `found` as `filters.Answers`, `texts` the free text by header."""

    found: dict[Part, tuple[str, ...]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    warnings: list[tuple[str, str, str]] = field(default_factory=list)  # header, value, reason


def interpret(codebook: Codebook, sheet: pd.DataFrame, files: pd.Series, edition: date) -> Iterator[Answered]:
    """The answers of each row.

    Parameters
    ----------
    sheet
        Text cells under the headers of `columns`; NaN where the row's file lacks the column.
    files
        The file of each row: codes or full answers are told apart file by file.
    """
    known = [c for c in columns(codebook) if c.header in sheet]
    labels = _labels_first(known, sheet, files)
    read = {c.header: _read(c, sheet[c.header], labels, edition) for c in known}
    written = {c.header: sheet[c.header].tolist() for c in known}
    by_question = {q.code: [c for c in known if c.question is q] for q in codebook.questions}
    for i in range(len(sheet)):
        answered = Answered()
        for question in codebook.questions:
            here = [c for c in by_question[question.code] if isinstance(written[c.header][i], str)]
            if here:
                cells = [(c, written[c.header][i].strip(), read[c.header][i]) for c in here]
                _answer(codebook, question, cells, answered)
        yield answered


Cell = tuple[Column, str, str | None]  # what was typed, and its value: "" none, None unreadable


def _answer(codebook: Codebook, question: Question, cells: list[Cell], answered: Answered) -> None:
    tree = codebook.filters.get(question.code)
    put = truth(tree, answered.found) if tree else True
    given = [cell for cell in cells if cell[2] != ""]
    if put is False:
        answered.warnings += [(c.header, typed, EXCLUDED) for c, typed, _ in given]
        return
    if put is None and not given:
        return
    for column, typed, value in given:
        if value is None:
            answered.warnings.append(
                (column.header, typed, WRONG.get(column.entry, "valeur hors des modalités") + "\u202f; sans réponse")
            )
        elif column.entry == "texte":
            answered.texts[column.header] = value
    values_by_part = {c.part: value for c, _, value in cells if not c.box}
    if question.type == "choix_multiple":
        ticked = tuple(c.box for c, _, value in cells if value)
        answered.found[question.code, ""] = ticked or (NR,)
        return
    other = any(c.box and value for c, _, value in cells)
    ranked: set[str] = set()
    for part in question.parts:
        value = values_by_part.get(part) or (AUTRE if other and not part else NR)
        if question.type == "classement" and value in ranked and value != NR:
            answered.warnings.append((f"{question.code}[{part}]", value, RANKED))
            value = NR
        ranked.add(value)
        answered.found[question.code, part] = (value,)


def _read(column: Column, cells: pd.Series, labels: pd.Series, edition: date) -> list[str | None]:
    """The value of each cell: "" where empty, None where it cannot be read."""
    cells = cells.astype("str")
    cleaned = values.text(cells)
    cleaned = cleaned.mask(cleaned.str.casefold() == _NOT_PUT)
    if column.entry in ("choix", "case"):
        read = cells.map(_matcher(column, False), na_action="ignore")
        if column.entry == "choix":
            read = read.mask(labels, cells.map(_matcher(column, True), na_action="ignore"))
    elif column.entry == "nombre":
        numbers = values.number(cleaned)
        read = numbers.where(numbers.abs() < _LARGEST).map(_number, na_action="ignore")
    elif column.entry == "date":
        days = values.day(cleaned)
        read = days.where(values.plausible(days, edition)).dt.strftime("%Y-%m-%d")
    else:
        read = cleaned.map(_text, na_action="ignore").astype("str")
        if column.box:  # some exports put N where no text was typed
            read = read.mask(read.str.casefold().isin(UNTICKED), "")
    return [
        r if isinstance(r, str) else None if isinstance(c, str) else ""
        for r, c in zip(read.tolist(), cleaned.tolist(), strict=True)
    ]


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def _text(value: str) -> str:
    """Without invisible characters: some no workbook can hold, some hide a name from the net."""
    seen = "".join(c for c in value if unicodedata.category(c) not in ("Cf", "Cs", "Co", "Cn"))
    return re.sub(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", " ", seen.replace("\r\n", "\n")).strip()


def folded(text: str) -> str:
    return " ".join(plain(text).split())


def _matcher(column: Column, labels_first: bool) -> Callable[[str], str | None]:
    """Cell → value, None where it is none of the modalities."""
    question = column.question
    if column.entry == "case":
        names = {folded(column.box), folded(column.label)} - UNTICKED | TICKED
        known = dict.fromkeys(names, column.box) | dict.fromkeys(UNTICKED, "")
    else:
        codes = {folded(code): code for code in question.choices}
        labels = {folded(label): code for code, label in question.choices.items()}
        other = dict.fromkeys(_OTHER, AUTRE) if question.autre else {}
        known = other | (codes | labels if labels_first else labels | codes)
    return lambda cell: known.get(folded(cell))


def _labels_first(known: list[Column], sheet: pd.DataFrame, files: pd.Series) -> pd.Series:
    """For each row, whether its file has full answers where a cell could be code or label."""
    balance = pd.Series(0, index=sheet.index)
    for column in known:
        if column.entry == "choix":
            choices = column.question.choices
            codes = {folded(c) for c in choices}
            labels = {folded(label) for label in choices.values()}
            cells = sheet[column.header].map(folded, na_action="ignore")
            balance += cells.isin(labels - codes).astype(int)
            balance -= cells.isin(codes - labels).astype(int)
    return balance.groupby(files).transform("sum") > 0
