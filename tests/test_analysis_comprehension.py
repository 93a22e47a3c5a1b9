from datetime import date

import pandas as pd
from accounts import PROFILS, comptes, frame

from spls_study.analysis.droits.accounts import accounts
from spls_study.analysis.droits.comprehension import comprehension, expected, matched, trop_larges, without_account

DAY = date(2014, 7, 1)


def requests(*rows: dict[str, object], profils: pd.DataFrame = PROFILS) -> pd.DataFrame:
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
