"""The cells of a column of answers, as typed → the values that the codebook has for them."""

import re
import unicodedata
from datetime import date

import pandas as pd

from ..codebook import AUTRE, Question
from ..columns import Column
from ..words import bare
from . import values

TICKED = frozenset({"y", "yes", "o", "oui", "x", "1", "vrai", "true"})
UNTICKED = frozenset({"n", "no", "non", "0", "2", "faux", "false"})  # 2: LimeSurvey, « convertir N en 2 »
NOT_PUT = "n/a"  # LimeSurvey's full answers, for a question that was not shown
_LARGEST = 1e15  # beyond, a float has no units left
_OTHER = ("-oth-", "autre", "other")


def entries(column: Column, cells: pd.Series, labels: pd.Series, edition: date) -> list[str | None]:
    """The value of each cell: "" where empty, None where it cannot be read; `labels` as `labels_first`."""
    cells = cells.astype("str")
    cleaned = values.text(cells)
    cleaned = cleaned.mask(cleaned.str.casefold() == NOT_PUT)
    if column.entry == "case":
        names = {bare(column.box), bare(column.label)} - UNTICKED | TICKED
        known = dict.fromkeys(names, column.box) | dict.fromkeys(UNTICKED, "")
        read = cells.map(lambda cell: known.get(bare(cell)), na_action="ignore")
    elif column.entry == "choix":
        codes, words = _choices(column.question)
        other = dict.fromkeys(_OTHER, AUTRE) if column.question.autre else {}
        first = {False: other | words | codes, True: other | codes | words}
        keys = cells.map(bare, na_action="ignore")
        read = pd.Series([first[told].get(key) for key, told in zip(keys, labels, strict=True)], dtype="object")
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


def labels_first(known: list[Column], sheet: pd.DataFrame, files: pd.Series) -> pd.Series:
    """For each row, whether its file has full answers where a cell could be code or label."""
    balance = pd.Series(0, index=sheet.index)
    for column in known:
        if column.entry == "choix":
            codes, words = _choices(column.question)
            cells = sheet[column.header].map(bare, na_action="ignore")
            balance += cells.isin(words.keys() - codes).astype(int) - cells.isin(codes.keys() - words).astype(int)
    return balance.groupby(files).transform("sum") > 0


def _choices(question: Question) -> tuple[dict[str, str], dict[str, str]]:
    """Code, bare → code; label, bare → code, but for a label of several codes."""
    labels = [bare(label) for label in question.choices.values()]
    words = {label: code for label, code in zip(labels, question.choices, strict=True) if labels.count(label) == 1}
    return {bare(code): code for code in question.choices}, words


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def _text(value: str) -> str:
    """Without invisible characters: some no workbook can hold, some hide a name from the net.

    Nor the apostrophe that LimeSurvey 6 puts before what a spreadsheet would take for a formula.
    """
    value = value.removeprefix("'") if value.startswith("'=") else value
    seen = "".join(c for c in value if unicodedata.category(c) not in ("Cf", "Cs", "Co", "Cn"))
    return re.sub(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", " ", seen.replace("\r\n", "\n")).strip()
