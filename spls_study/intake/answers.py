"""What each respondent answered: the values of its cells → answers as the filters let them stand."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from notebook_reports import letters

from ..codebook import AUTRE, NR, Codebook, Question
from ..columns import Column, columns
from ..filters import Part, truth
from .entries import entries, labels_first

EXCLUDED = "réponse à une question que le filtre excluait, écartée\u202f; rien à faire"
WRONG = {"nombre": "nombre illisible", "date": "date illisible ou invraisemblable"}
RANKED = "déjà classé à un autre rang\u202f; tenu pour sans réponse"
Cell = tuple[Column, str, str | None]  # what was typed, and its value: "" none, None unreadable


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
    labels = labels_first(known, sheet, files)
    cells = {
        q.code: [
            (c, [*zip(sheet[c.header], entries(c, sheet[c.header], labels, edition), strict=True)])
            for c in known
            if c.question is q
        ]
        for q in codebook.questions
    }
    for i in range(len(sheet)):
        answered = Answered()
        for question in codebook.questions:
            mine = [(column, *read[i]) for column, read in cells[question.code]]
            here = [(column, typed.strip(), value) for column, typed, value in mine if isinstance(typed, str)]
            if here:
                _answer(codebook, question, here, answered)
        yield answered


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
            reason = WRONG.get(column.entry, "valeur hors des modalités")
            answered.warnings.append((column.header, typed, f"{reason}\u202f; tenu pour sans réponse"))
        elif column.entry == "texte":
            answered.texts[column.header] = value
            if told := letters.told(value):
                answered.warnings.append((column.header, typed, told))
    if question.type == "choix_multiple":
        answered.found[question.code, ""] = tuple(c.box for c, _, value in cells if value) or (NR,)
        return
    by_part = {c.part: value for c, _, value in cells if not c.box}
    other = any(c.box and value for c, _, value in cells)
    ranked: set[str] = set()
    for part in question.parts:
        value = by_part.get(part) or (AUTRE if other and not part else NR)
        if question.type == "classement" and value in ranked and value != NR:
            answered.warnings.append((f"{question.code}[{part}]", value, RANKED))
            value = NR
        ranked.add(value)
        answered.found[question.code, part] = (value,)
