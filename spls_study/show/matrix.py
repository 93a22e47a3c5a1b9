"""The answers of a few public bodies, by name: questions × organismes."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pandas as pd

from ..codebook import NR, Question
from .answers import Vue
from .blocks import Block
from .french import MISSING, NNBSP, NOT_APPLICABLE, number, short_date
from .table import table

WIDE, ROWS = 2, (15, 5)  # rows of a table for so many organismes, and for more: cells are taller


def by_name(v: Vue, rank: int, name: str, questions: Sequence[Question]) -> Iterator[Block]:
    """The answer of each organisme to each question of a block, several side by side."""
    codes = {q.code: q for q in questions}
    rows = v.reponses_nominatives[v.reponses_nominatives["question"].isin(list(codes))]
    names = sorted(v.reponses_nominatives["organisme"].unique())
    lines: dict[str, dict[str, list[str]]] = {}
    for row in rows.itertuples():
        question = codes[row.question]
        part = question.part_label(row.sous_question) if question.is_grid else ""
        given = lines.setdefault(f"{question.code}. {part or question.libelle}", {})
        given.setdefault(row.organisme, []).append(_answer(question, row))
    view = pd.DataFrame([{"Question": label} | {
        n: f"{NNBSP}; ".join(given.get(n, [NOT_APPLICABLE])) for n in names}
        for label, given in lines.items()])
    step = ROWS[len(names) > WIDE]
    for start in range(0, len(view), step):
        page = view.iloc[start:start + step]
        grids = [q for q in questions if q.is_grid
                 and page["Question"].str.startswith(f"{q.code}. ").any()]
        unasked = (page == NOT_APPLICABLE).any(axis=None)
        yield table(
            rows, f"nominatif_{v.codebook.id}_{rank}" + (f"_{start // step + 1}" if start else ""),
            f"{name or v.codebook.titre}\u00a0: réponses "
            + (f"de {names[0]}" if len(names) == 1 else "de chaque organisme")
            + (" (suite)" if start else ""), view=page,
            note=" ".join([*(f"{q.code}\u00a0: {q.libelle}" for q in grids),
                           *(["–\u00a0: question non posée."] if unasked else [])]))


def _answer(question: Question, row: Any) -> str:
    if row.modalite == NR:
        return MISSING
    if question.type == "date":
        return short_date(date.fromisoformat(row.modalite[:10]))
    if question.type == "nombre":
        value = float(row.modalite)
        return number(value, 0 if value.is_integer() else 1)
    rank = f"{row.sous_question}. " if question.type == "classement" else ""
    return rank + str(row.libelle)
