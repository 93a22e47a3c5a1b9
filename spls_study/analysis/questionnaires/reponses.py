"""Distributions of every question, and the answers by name of public bodies (design.md §4, `reponses`)."""

from collections.abc import Iterator
from typing import Any

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
NAMED = dict.fromkeys(("questionnaire", "question", "sous_question", "organisme", "modalite", "libelle"), "str")
RANG_MOYEN = "rang_moyen"  # second reading of a ranking, in sous_question
SUMMARY = {"n": "Réponses", "moyenne": "Moyenne", "mediane": "Médiane"}
SUMMARY |= {"q1": "Premier quartile", "q3": "Troisième quartile"}
SILENT = "Sans réponse"


def reponses(survey: Survey) -> pd.DataFrame:
    """One row per modality of every question that may be published: columns TYPES, as design.md §4 says.

    In a multiple choice each box is a share of the base. Of a ranking, first choices (sous_question `1`), then the
    mean rank of each item among those who ranked it (`rang_moyen`, in `valeur`). Quartiles are Hyndman and Fan's type
    7; dates are in days since 1970-01-01; of texts there is n alone.
    """
    return frame(
        (
            {"questionnaire": survey.codebook.id, "question": item.question.code, "sous_question": item.part} | row
            for item in survey.items
            for row in _rows(item, survey.concerned(item))
        ),
        TYPES,
    )


def _rows(item: Item, population: int | None) -> Iterator[dict[str, Any]]:
    base, choices, ranking = item.base, item.question.choices, item.question.type == "classement"
    common = {"base": base, "population": population}
    for name, value in _summary(item).items():
        counted = {"effectif": base} if name == "n" else {}
        yield {"modalite": name, "libelle": SUMMARY[name], "valeur": value} | common | counted
    for code, who in item.chosen.items():
        shares = estimate(len(who), base, population)._asdict()
        row = {"modalite": code, "libelle": choices[code], "effectif": len(who)} | common | shares
        yield row | {"sous_question": FIRST} if ranking else row
    if ranking:
        rank = pd.to_numeric(item.answered["sous_question"]).groupby(item.answered["valeur"]).mean()
        for code, label in choices.items():
            yield {"sous_question": RANG_MOYEN, "modalite": code, "libelle": label, "valeur": rank.get(code)}
    yield {"modalite": NR, "libelle": SILENT, "effectif": len(item.put) - base, "population": population}


def _summary(item: Item) -> dict[str, float]:
    """Of numbers and dates (in days); of texts their number; nothing of choices."""
    kind, values = item.question.type, item.answered["valeur"]
    if kind == "texte":
        return {"n": item.base}
    if kind not in ("nombre", "date"):
        return {}
    if kind == "date":
        values = (pd.to_datetime(values, format="ISO8601") - pd.Timestamp("1970-01-01")) / pd.Timedelta(days=1)
    numbers = pd.to_numeric(values).astype("float64")
    q1, median, q3 = numbers.quantile([0.25, 0.5, 0.75])
    return {"n": item.base, "moyenne": numbers.mean(), "mediane": median, "q1": q1, "q3": q3}


def reponses_nominatives(survey: Survey) -> pd.DataFrame:
    """One row per answer given, non-answers included, but for free texts. Columns NAMED.

    `organisme` is the name, `sous_question` the part or the rank, `modalite` the code or the value. Empty unless the
    questionnaire is `nominatif` and each respondent is in the frame.
    """
    names, rows = survey.units.set_index("repondant")["nom"], []
    for item in survey.items if survey.codebook.nominatif and names.notna().all() else ():
        labels = item.question.choices | {NR: SILENT}
        own = item.rows.fillna({"sous_question": ""}).sort_values(["repondant", "sous_question"], kind="stable")
        for row in own.itertuples() if item.question.type != "texte" else ():
            said = row.valeur, labels.get(row.valeur, row.valeur)
            rows.append((survey.codebook.id, item.question.code, row.sous_question, names[row.repondant], *said))
    return frame(rows, NAMED)
