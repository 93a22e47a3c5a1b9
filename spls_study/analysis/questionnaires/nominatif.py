"""Answers by name: those of public bodies that answered as such (`nominatif` codebooks)."""

import pandas as pd

from ...codebook import NR
from ..methods.frames import frame
from .survey import Survey

TYPES = dict.fromkeys(("questionnaire", "question", "sous_question", "organisme", "modalite", "libelle"), "str")


def reponses_nominatives(survey: Survey) -> pd.DataFrame:
    """One row per answer given, non-answers included; no row where the question was not put.

    Columns TYPES: `organisme` is the name, `sous_question` the part or the rank, `modalite`
    the code or the value, `libelle` its words. Free texts are left out. Empty unless the
    questionnaire is `nominatif` and each respondent is in the frame.
    """
    names = survey.units.set_index("repondant")["nom"]
    named = survey.codebook.nominatif and not names.isna().any()
    return frame(
        (
            (survey.codebook.id, item.question.code, row.sous_question, names[row.repondant], row.valeur, label)
            for item in (survey.items if named else ())
            if item.question.type != "texte"
            for row in item.rows.fillna({"sous_question": ""})
            .sort_values(["repondant", "sous_question"], kind="stable")
            .itertuples()
            for label in [(item.question.choices | {NR: "Sans réponse"}).get(row.valeur, row.valeur)]
        ),
        TYPES,
    )
