"""The answers of a few public bodies, by name: questions × organismes."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pandas as pd

from ...codebook import NR, Question
from ...french import MISSING, NNBSP, NOT_APPLICABLE, number, short_date
from .. import LONGEST, Block, table
from .vue import Vue

WIDE, FEW = 2, 5  # more organismes have taller cells: so many rows a table


def by_name(v: Vue, rank: int, name: str, questions: Sequence[Question]) -> Iterator[Block]:
    """The answer of each organisme to each question of a block, several side by side."""
    codes = {q.code: q for q in questions}
    rows = v.reponses_nominatives[v.reponses_nominatives["question"].isin(list(codes))]
    names = sorted(v.reponses_nominatives["organisme"].unique())
    lines: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in rows.itertuples():
        question = codes[row.question]
        part = question.part_label(row.sous_question) if question.is_grid else ""
        lines[f"{question.code}. {part or question.libelle}"][row.organisme].append(_answer(question, row))
    cells = [[f"{NNBSP}; ".join(given.get(n, [NOT_APPLICABLE])) for n in names] for given in lines.values()]
    view = pd.DataFrame(cells, index=pd.Index(lines, name="Question"), columns=names).reset_index()
    step = FEW if len(names) > WIDE else LONGEST
    who = f"de {names[0]}" if len(names) == 1 else "de chaque organisme"
    for start in range(0, len(view), step):
        page = view.iloc[start : start + step]
        there = page["Question"].str.partition(". ")[0]
        yield table(
            rows,
            f"nominatif_{v.codebook.id}_{rank}" + f"_{start // step + 1}" * (start > 0),
            f"{name or v.codebook.titre}\u00a0: réponses {who}" + " (suite)" * (start > 0),
            view=page,
            note=[
                *(f"{q.code}\u00a0: {q.libelle}" for q in questions if q.is_grid and q.code in set(there)),
                "–\u00a0: question non posée." if (page == NOT_APPLICABLE).any(axis=None) else "",
            ],
        )


def _answer(question: Question, row: Any) -> str:
    if row.modalite == NR:
        return MISSING
    if question.type == "date":
        return short_date(date.fromisoformat(row.modalite[:10]))
    if question.type == "nombre":
        value = float(row.modalite)
        return number(value, 0 if value.is_integer() else 1)
    return f"{row.sous_question}. {row.libelle}" if question.type == "classement" else str(row.libelle)
