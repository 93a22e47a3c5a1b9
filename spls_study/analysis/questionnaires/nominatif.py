"""Answers by name: those of public bodies that answered as such (`nominatif` codebooks)."""

from collections.abc import Iterator

import pandas as pd

from ...codebook import NR
from ..methods.frames import frame
from .survey import Item, Survey

TYPES = dict.fromkeys(("questionnaire", "question", "sous_question", "organisme", "modalite", "libelle"), "str")


def reponses_nominatives(survey: Survey) -> pd.DataFrame:
    """One row per answer given, non-answers included; no row where the question was not put.

    Columns TYPES: `organisme` is the name, `sous_question` the part or the rank, `modalite`
    the code or the value, `libelle` its words. Free texts are left out. Empty unless the
    questionnaire is `nominatif` and each respondent is in the frame.
    """
    names = survey.units.set_index("repondant")["nom"]
    named = survey.codebook.nominatif and not names.isna().any()
    items = survey.items() if named else ()
    return frame((row for item in items for row in _rows(survey, item, names)), TYPES)


def _rows(survey: Survey, item: Item, names: "pd.Series[str]") -> Iterator[tuple[str, ...]]:
    question = item.question
    if question.type == "texte":
        return
    labels = question.choices | {NR: "Sans réponse"}
    rows = item.rows.fillna({"sous_question": ""})
    for row in rows.sort_values(["repondant", "sous_question"], kind="stable").itertuples():
        yield (
            survey.codebook.id,
            question.code,
            row.sous_question,
            names[row.repondant],
            row.valeur,
            labels.get(row.valeur, row.valeur),
        )
