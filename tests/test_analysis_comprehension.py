"""Profiles: asked for against what functions call for, and against what answers say is needed."""

from datetime import date

import pandas as pd
import pytest
from pydantic import ValidationError
from samples import PROFILS, Row, comptes, frame

from spls_study.analysis.droits.accounts import accounts
from spls_study.analysis.droits.comprehension import (
    besoins_profils,
    comprehension,
    expected,
    matched,
    trop_larges,
    without_account,
)
from spls_study.codebook import Codebook, Question

DAY = date(2014, 7, 1)


def requests(*rows: Row, profils: pd.DataFrame = PROFILS) -> pd.DataFrame:
    return matched(accounts(comptes(*rows), profils, DAY), profils)


def test_the_expected_profile_is_the_one_asked_for_else_the_narrowest() -> None:
    profils = frame(
        "profils",
        [
            {"profil": "Large", "interface": "SPLS", "droits": "consulter|saisir", "fonctions": "Directeur"},
            {"profil": "Étroit", "interface": "SPLS", "droits": "consulter", "fonctions": "directeur"},
            {"profil": "Autre", "interface": "SPLS", "droits": "exporter"},
        ],
    )
    assert expected(profils) == {"directeur": ["Étroit", "Large"]}
    rows = requests(
        *({"fonction": "Directeur", "profil_demande": p} for p in ("Large", "Étroit", "Autre")), profils=profils
    )
    assert list(rows.profil_attendu) == ["Large", "Étroit", "Étroit"]
    assert list(rows.juste) == [True, True, False]


def test_a_request_is_too_broad_when_it_has_all_that_is_needed_and_more() -> None:
    rows = requests(
        {"fonction": "Directeur", "profil_demande": "Saisie"},  # more
        {"fonction": "Chargé d'opérations", "profil_demande": "Lecture"},  # less
        {"fonction": "Instructeur", "profil_demande": "Saisie"},  # other
        {"fonction": "Inconnue", "profil_demande": "Saisie"},  # nothing is expected
    )
    assert list(rows.droits_en_trop) == ["saisir", "", "", ""]
    assert list(rows.profil_attendu) == ["Lecture", "Saisie", "Instruction", ""]


def test_the_table_counts_pairs_the_right_request_first() -> None:
    rows = requests(*[{}] * 3, *[{"profil_demande": "Lecture"}] * 4, {"fonction": "Inconnue"}, {"profil_demande": None})
    table = comprehension(rows).astype(object).fillna("?")
    assert table.iloc[:, :4].to_numpy().tolist() == [
        ["Chargé d'opérations", "Saisie", "Saisie", 3],
        ["Chargé d'opérations", "Saisie", "Lecture", 4],
        ["Inconnue", "?", "Saisie", 1],
    ]
    assert comprehension(rows[:0]).empty


def test_only_live_accounts_still_too_broad_are_asked_to_step_down() -> None:
    broad = {"fonction": "Directeur", "profil_demande": "Saisie"}
    rows = requests(
        broad,
        broad | {"profil_attribue": "Lecture"},
        broad | {"profil_attribue": "Saisie"},
        broad | {"statut": "refusé"},
    )
    assert trop_larges(rows).comptes.tolist() == [2]


def test_functions_without_account_are_those_that_profiles_name() -> None:
    table = accounts(comptes({}, {"fonction": "Instructeur", "statut": "retiré"}), PROFILS, DAY)
    assert without_account(table, PROFILS) == ["Directeur", "Instructeur"]


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
TABLE = accounts(comptes({"date_ouverture": "2014-06-20"}, {}, {"statut": "refusé"}), PROFILS, DAY)


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
