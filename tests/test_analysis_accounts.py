from datetime import date

import pandas as pd
import pytest
from accounts import PROFILS, comptes

from spls_study.analysis.droits.accounts import accounts, profile_names, relances

DAY = date(2014, 7, 1)


def test_a_profile_has_one_name_whatever_it_was_called() -> None:
    table = accounts(
        comptes({"profil_demande": "ÉCRITURE"}, {"profil_demande": "saisir"}, {"profil_demande": "Inconnu"}),
        PROFILS,
        DAY,
    )
    assert list(table.profil_demande) == ["Saisie", "Saisie", "Inconnu"]
    assert list(table.interface) == ["SPLS", "SPLS", "Non renseigné"]
    assert "" not in profile_names(PROFILS) or profile_names(PROFILS)[""] not in set(PROFILS.profil)


def test_the_last_request_counts_even_under_a_former_name() -> None:
    first = {"compte": "C1", "profil_demande": "Écriture", "date_demande": "2014-06-02", "statut": "refusé"}
    last = {"compte": "C1", "profil_demande": "Saisie", "date_demande": "2014-06-20"}
    elsewhere = last | {"organisme": "B2"}
    table = accounts(comptes(last, first, elsewhere), PROFILS, DAY)
    assert list(table.organisme) == ["B1", "B2"]
    assert list(table.date_demande) == [pd.Timestamp("2014-06-20")] * 2
    assert table.en_cours.all()


@pytest.mark.parametrize(
    ("row", "state"),
    [
        ({"statut": "Refusé le 12/06"}, "refusée"),
        ({"statut": "RETIRÉE"}, "retirée"),
        ({"statut": "Annulé", "date_ouverture": "2014-06-20"}, "retirée"),
        ({"date_premiere_connexion": "2014-06-30"}, "connectée"),
        ({"date_ouverture": "2014-06-30"}, "ouverte"),
        ({"date_ouverture": "2014-07-02", "profil_attribue": "Saisie"}, "attribuée"),
        ({}, "demandée"),
        ({"profil_demande": None, "date_demande": None, "date_invitation": "2014-06-02"}, "invitée"),
    ],
)
def test_the_state_is_that_of_the_day(row: dict[str, object], state: str) -> None:
    account = accounts(comptes(row), PROFILS, DAY).iloc[0]
    assert account.etat == state
    assert account.ouvert == (state in ("ouverte", "connectée"))
    assert account.demande == (state not in ("refusée", "retirée", "invitée"))


def test_time_runs_from_the_invitation_else_the_request_to_the_opening_else_the_extraction() -> None:
    table = accounts(
        comptes(
            {"date_invitation": "2014-06-02", "date_ouverture": "2014-06-12"},
            {"date_ouverture": "2014-06-12"},
            {"date_invitation": "2014-06-02"},
            {"date_ouverture": "2014-06-09"},  # before its own request
            {"date_demande": None},
        ),
        PROFILS,
        DAY,
    )
    assert table.jours.to_list()[:3] == [10, 2, 29]
    assert table.jours[3:].isna().all()


def test_the_profile_granted_comes_before_the_one_asked_for() -> None:
    table = accounts(comptes({"profil_attribue": "Lecture"}, {"profil_demande": None}), PROFILS, DAY)
    assert list(table.profil) == ["Lecture", "Non renseigné"]


def test_those_to_chase_are_live_and_closed_the_longest_wait_first() -> None:
    table = accounts(
        comptes(
            {"date_demande": "2014-06-20"},
            {"date_demande": "2014-06-24"},
            {"organisme": "B2", "date_demande": "2014-06-11"},
            {"date_ouverture": "2014-06-20"},
            {"statut": "refusé"},
            {"organisme": "B3", "date_demande": None, "date_invitation": None},
        ),
        PROFILS,
        DAY,
    )
    assert relances(table, DAY).astype(object).fillna("?").to_numpy().tolist() == [
        ["B2", "Saisie", 1, 20],
        ["B1", "Saisie", 2, 11],
        ["B3", "Saisie", 1, "?"],
    ]
