"""Answers by name: those of public bodies that answered as such (`nominatif` codebooks)."""

from collections.abc import Iterator

import pandas as pd

from ..codebook import NR
from .survey import Item, Survey

COLUMNS = ("questionnaire", "question", "sous_question", "organisme", "modalite", "libelle")


def reponses_nominatives(survey: Survey) -> pd.DataFrame:
    """One row per answer given, non-answers included; no row where the question was not put.

    Columns COLUMNS: `organisme` is the name, `sous_question` the part or the rank, `modalite`
    the code or the value, `libelle` its words. Free texts are left out. Empty unless the
    questionnaire is `nominatif` and each respondent is in the frame.
    """
    names = survey.units.set_index("repondant")["nom"]
    named = survey.codebook.nominatif and not names.isna().any()
    rows = [row for item in survey.items() if named for row in _rows(survey, item, names)]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")


def _rows(survey: Survey, item: Item, names: "pd.Series[str]") -> Iterator[tuple[str, ...]]:
    question = item.question
    if question.type == "texte":
        return
    labels = question.choices | {NR: "Sans réponse"}
    rows = item.rows.fillna({"sous_question": ""})
    for row in rows.sort_values(["repondant", "sous_question"], kind="stable").itertuples():
        yield (survey.codebook.id, question.code, row.sous_question, names[row.repondant],
               row.valeur, labels.get(row.valeur, row.valeur))
