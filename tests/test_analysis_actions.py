"""What is left to do, organisme by organisme."""

from datetime import date

import pandas as pd
from accounts import PROFILS, comptes, frame

from spls_study.analysis.droits.accounts import accounts
from spls_study.analysis.droits.actions import ANSWER, CONNECT, NARROW, OPEN, a_faire
from spls_study.analysis.droits.comprehension import matched, trop_larges
from spls_study.analysis.droits.organismes import etat_organismes

DAY = date(2014, 7, 1)
BODIES = frame(
    "organismes",
    [
        {"id": "B1", "nom": "Un", "role": "bailleur", "departements": "17"},
        {"id": "B2", "nom": "Deux", "role": "bailleur", "departements": "17"},
        {"id": "G1", "nom": "DDTM", "role": "gestionnaire", "departements": "17"},
    ],
)


def left(*rows: dict[str, object]) -> list[list[object]]:
    table = accounts(comptes(*rows), PROFILS, DAY)
    named = table.assign(nom=table.organisme.map(BODIES.set_index("id").nom))
    states = etat_organismes(table, BODIES, PROFILS)
    found = a_faire(named, states, trop_larges(matched(named, PROFILS)), DAY)
    return [[None if pd.isna(v) else v for v in row] for row in found.itertuples(index=False)]


def test_who_is_out_comes_first_and_each_account_is_told_once() -> None:
    invited = {"organisme": "B2", "profil_demande": None, "date_demande": None, "date_invitation": "2014-06-21"}
    assert left(
        {"date_ouverture": "2014-06-11", "fonction": "Directeur"},
        {"date_demande": "2014-06-01"},
        {"date_demande": "2014-06-05"},
        {"statut": "refusé"},
        invited,
    ) == [
        ["Inviter chaque gestionnaire sans demande", "DDTM", 1, None, None],
        ["Obtenir le droit de transmettre", "Un", 1, None, None],
        [ANSWER, "Deux", 1, 1, 10],
        [OPEN, "Un", 1, 2, 30],
        [CONNECT, "Un", 1, 1, 20],
        [NARROW, "Un", 1, 1, None],
    ]


def test_a_waiting_without_date_has_no_days() -> None:
    assert [OPEN, "Un", 1, 1, None] in left({"date_demande": None})


def test_nothing_is_left_where_nobody_is() -> None:
    table = accounts(comptes(), PROFILS, DAY)
    none = etat_organismes(table, BODIES[:0], PROFILS)
    assert a_faire(table.assign(nom=""), none, trop_larges(matched(table, PROFILS)), DAY).empty
