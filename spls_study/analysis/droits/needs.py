"""Accounts against what the questionnaires say is needed."""

from collections.abc import Iterator, Mapping

import pandas as pd

from ...codebook import Codebook, Question
from ...words import fold
from ..methods.frames import frame
from .accounts import profile_names
from .rights import comptes_profil

WHOLE = ("besoin", "demandes", "ouverts", "utilises", "repondants")
TYPES = {"questionnaire": "str", "profil": "str"} | dict.fromkeys(WHOLE, "Int64")


def besoins_profils(
    answers: Mapping[str, pd.DataFrame], codebooks: Mapping[str, Codebook], table: pd.DataFrame, profils: pd.DataFrame
) -> pd.DataFrame:
    """People who need each profile, as respondents say, against the accounts of the territory.

    Columns questionnaire (its title), profil, besoin (the sum of the answers; missing where the
    question is not shown), demandes, ouverts, utilises (as in `comptes_profil`; missing when
    `profils` has no such profile), repondants (who answered). A row for each sub-question of the
    questions « nombre » whose block speaks of profiles: its profile is what `Question.profils`
    says, else the one of its label.

    Parameters
    ----------
    answers
        Questionnaire → its published table `reponses`, of the territory.
    table
        What `accounts` returns, of the territory.
    """
    names = profile_names(profils)
    counts = comptes_profil(table, profils).set_index("profil")
    rows = []
    for code, book in codebooks.items():
        for question in filter(_of_profiles, book.questions):
            for part, need, base in _said(answers.get(code), question):
                label = question.profils.get(part, question.sous_questions[part])
                profil = names.get(fold(label), label)
                known = counts.loc[profil] if profil in set(profils.profil) else {}
                reached = [known.get(measure) for measure in ("demandes", "ouverts", "connectes")]
                rows.append((book.titre, profil, need, *reached, base))
    return frame(rows, TYPES)


def _of_profiles(question: Question) -> bool:
    told = question.type == "nombre" and bool(question.sous_questions) and question.diffusion is None
    return told and "profil" in fold(question.bloc)


def _said(answers: pd.DataFrame | None, question: Question) -> Iterator[tuple[str, int | None, int | None]]:
    """Each sub-question with the sum of its answers and their number, where they are shown."""
    for part in question.sous_questions:
        found: dict[str, float] = {}
        if answers is not None:
            own = answers[(answers.question == question.code) & (answers.sous_question == part)]
            values = pd.to_numeric(own.valeur, errors="coerce")
            found = values.set_axis(own.modalite).dropna().to_dict()
        shown = {"n", "moyenne"} <= set(found)
        yield part, round(found["n"] * found["moyenne"]) if shown else None, int(found["n"]) if shown else None
