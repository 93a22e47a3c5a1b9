from datetime import date

import pandas as pd
import pytest
from accounts import PROFILS, comptes
from pydantic import ValidationError

from spls_study.analysis.droits.accounts import accounts
from spls_study.analysis.droits.needs import besoins_profils
from spls_study.codebook import Codebook, Question

ASKED = Question(
    code="N",
    bloc="Profils et formation",
    type="nombre",
    libelle="Combien ?",
    sous_questions={"S1": "Consultation", "S2": "écriture", "S3": "Autre chose"},
    profils={"S1": "Lecture"},
)
OTHERS = (
    ASKED.model_copy(update={"code": "M", "bloc": "Organisation"}),
    ASKED.model_copy(update={"code": "I", "diffusion": "interne"}),
)
CODES = {"q": Codebook(id="q", titre="Enquête", question=(ASKED, *OTHERS))}
TABLE = accounts(comptes({"date_ouverture": "2014-06-20"}, {}, {"statut": "refusé"}), PROFILS, date(2014, 7, 1))


def answers(*rows: tuple[str, str, str, float]) -> dict[str, pd.DataFrame]:
    return {"q": pd.DataFrame(rows, columns=["question", "sous_question", "modalite", "valeur"])}


def shown(found: dict[str, pd.DataFrame]) -> list[list[object]]:
    return besoins_profils(found, CODES, TABLE, PROFILS).astype(object).fillna("").to_numpy().tolist()


def test_the_need_is_the_sum_of_what_is_said_beside_the_accounts() -> None:
    found = shown(
        answers(
            ("N", "S1", "n", 6),
            ("N", "S1", "moyenne", 14 / 6),
            ("N", "S1", "mediane", 2),
            ("N", "S2", "n", 5),
            ("N", "S2", "moyenne", 0),
            ("N", "S3", "n", 5),
            ("N", "S3", "moyenne", 1),
            ("M", "S1", "n", 9),
            ("M", "S1", "moyenne", 9),
        )
    )
    assert found == [
        ["Enquête", "Lecture", 14, 0, 0, 0, 6],  # by `profils`
        ["Enquête", "Saisie", 0, 3, 1, 0, 5],  # by a former name of the profile
        ["Enquête", "Autre chose", 5, "", "", "", 5],  # no such profile
    ]


@pytest.mark.parametrize("found", [{}, answers(), answers(("N", "S1", "NR", float("nan")))])
def test_a_question_that_is_not_shown_leaves_the_need_empty(found: dict[str, pd.DataFrame]) -> None:
    assert shown(found)[:2] == [["Enquête", "Lecture", "", 0, 0, 0, ""], ["Enquête", "Saisie", "", 3, 1, 0, ""]]


def test_without_such_a_question_there_is_no_row() -> None:
    books = {"q": CODES["q"].model_copy(update={"questions": OTHERS})}
    assert besoins_profils({}, books, TABLE, PROFILS).empty


def test_a_profile_goes_with_a_sub_question() -> None:
    with pytest.raises(ValidationError, match="par sous-question"):
        Question.model_validate(ASKED.model_dump() | {"profils": {"S9": "Lecture"}})
