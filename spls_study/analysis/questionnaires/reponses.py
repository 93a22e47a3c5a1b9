"""Distributions of every question (design.md §4, `reponses`), before secrecy."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from ...codebook import NR
from ..methods.frames import frame
from ..methods.intervals import estimate
from .survey import FIRST, Item, Survey

TYPES = (
    dict.fromkeys(("questionnaire", "question", "sous_question", "modalite", "libelle"), "str")
    | {"effectif": "Int64", "base": "Int64"}
    | dict.fromkeys(("part", "ic_bas", "ic_haut", "borne_min", "borne_max"), "float64")
    | {"population": "Int64", "valeur": "float64"}
)
COLUMNS = tuple(TYPES)
RANG_MOYEN = "rang_moyen"  # second reading of a ranking, in sous_question
SUMMARY = {
    "n": "Réponses",
    "moyenne": "Moyenne",
    "mediane": "Médiane",
    "q1": "Premier quartile",
    "q3": "Troisième quartile",
}
Row = dict[str, Any]


def reponses(survey: Survey) -> pd.DataFrame:
    """One row per modality of every question that may be published. Columns: COLUMNS.

    - `base`: respondents to whom the question was put and who answered. NR is outside: its row
      has a count alone. In a multiple choice each box is a share of the base.
    - classement: first choices (sous_question `1`), then the mean rank of each item among those
      who ranked it (`rang_moyen`, in `valeur`).
    - nombre, date: n, moyenne, mediane, q1, q3 in `valeur`, quartiles by linear interpolation
      (Hyndman and Fan's type 7); dates in days since 1970-01-01. texte: n.
    - `population`: how many the question concerns, empty when unknown.
    """
    return frame(
        (
            {"questionnaire": survey.codebook.id, "question": item.question.code, "sous_question": item.part} | row
            for item in survey.items()
            for row in _rows(item, survey.concerned(item))
        ),
        TYPES,
    )


def _rows(item: Item, population: int | None) -> Iterator[Row]:
    base, kind = item.base, item.question.type
    common = {"base": base, "population": population}
    if kind in ("nombre", "date", "texte"):
        numbers = _numbers(item) if kind != "texte" else None
        for name, value in _summary(base, numbers).items():
            effectif = {"effectif": base} if name == "n" else {}
            yield {"modalite": name, "libelle": SUMMARY[name], "valeur": value} | common | effectif
    else:
        choices = item.question.choices
        ranks = {"sous_question": FIRST} if kind == "classement" else {}
        for code, who in item.chosen.items():
            yield (
                {"modalite": code, "libelle": choices[code], "effectif": len(who)}
                | common
                | ranks
                | estimate(len(who), base, population)._asdict()
            )
        if kind == "classement":
            rank = pd.to_numeric(item.answered["sous_question"])
            means = rank.groupby(item.answered["valeur"]).mean()
            for code in choices:
                yield {
                    "sous_question": RANG_MOYEN,
                    "modalite": code,
                    "libelle": choices[code],
                    "valeur": means.get(code, np.nan),
                }
    yield {"modalite": NR, "libelle": "Sans réponse", "effectif": len(item.put) - base, "population": population}


def _numbers(item: Item) -> pd.Series:
    values = item.answered["valeur"]
    if item.question.type == "date":
        days = pd.to_datetime(values, format="ISO8601") - pd.Timestamp("1970-01-01")
        return days / pd.Timedelta(days=1)
    return pd.to_numeric(values).astype("float64")


def _summary(base: int, numbers: pd.Series | None) -> dict[str, float]:
    if numbers is None:
        return {"n": base}
    if numbers.empty:
        return {"n": 0} | dict.fromkeys(("moyenne", "mediane", "q1", "q3"), np.nan)
    q1, median, q3 = np.quantile(numbers.to_numpy(), [0.25, 0.5, 0.75])
    return {"n": base, "moyenne": float(numbers.mean()), "mediane": median, "q1": q1, "q3": q3}
