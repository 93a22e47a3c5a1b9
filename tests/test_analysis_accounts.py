"""Accounts: their state on a day, what they count, how they open over time, whom to chase."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import PROFILS, Row, comptes

from spls_study.analysis.droits import accounts as a
from spls_study.analysis.droits.opening import delais_ouverture, ouverture, reste, semaines
from spls_study.analysis.methods.survival import kaplan_meier

DAY = date(2014, 7, 1)
OPEN = {"date_ouverture": "2014-06-20"}
ONLY_INVITED = {"profil_demande": None, "date_demande": None, "date_invitation": "2014-06-02"}
R = json.loads((Path(__file__).parent / "fixtures" / "survival_r.json").read_text(encoding="utf-8"))["cas"]


def known(*rows: Row) -> pd.DataFrame:
    return a.accounts(comptes(*rows), PROFILS, DAY)


def test_a_profile_has_one_name_whatever_it_was_called() -> None:
    table = known({"profil_demande": "ÉCRITURE"}, {"profil_demande": "saisir"}, {"profil_demande": "Inconnu"})
    assert list(table.profil_demande) == ["Saisie", "Saisie", "Inconnu"]
    assert list(table.interface) == ["SPLS", "SPLS", "Non renseigné"]
    assert list(known({"profil_attribue": "Lecture"}, {"profil_demande": None}).profil) == ["Lecture", "Non renseigné"]


def test_the_last_request_counts_even_under_a_former_name() -> None:
    first = {"compte": "C1", "profil_demande": "Écriture", "date_demande": "2014-06-02", "statut": "refusé"}
    last = {"compte": "C1", "profil_demande": "Saisie", "date_demande": "2014-06-20"}
    table = known(last, first, last | {"organisme": "B2"})
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
        (ONLY_INVITED, "invitée"),
    ],
)
def test_the_state_is_that_of_the_day(row: Row, state: str) -> None:
    account = known(row).iloc[0]
    assert account.etat == state
    assert account.ouvert == (state in ("ouverte", "connectée"))
    assert account.demande == (state not in ("refusée", "retirée", "invitée"))


def test_time_runs_from_the_invitation_else_the_request_to_the_opening_else_the_extraction() -> None:
    table = known(
        {"date_invitation": "2014-06-02", "date_ouverture": "2014-06-12"},
        {"date_ouverture": "2014-06-12"},
        {"date_invitation": "2014-06-02"},
        {"date_ouverture": "2014-06-09"},  # before its own request
        {"date_demande": None},
    )
    assert table.jours.to_list()[:3] == [10, 2, 29]
    assert table.jours[3:].isna().all()


def test_those_to_chase_are_live_and_closed_the_longest_wait_first() -> None:
    table = known(
        {"date_demande": "2014-06-20"},
        {"date_demande": "2014-06-24"},
        {"organisme": "B2", "date_demande": "2014-06-11"},
        OPEN,
        {"statut": "refusé"},
        {"organisme": "B3", "date_demande": None},
    )
    assert a.relances(table, DAY).astype(object).fillna("?").to_numpy().tolist() == [
        ["B2", "Saisie", 1, 20],
        ["B1", "Saisie", 2, 11],
        ["B3", "Saisie", 1, "?"],
    ]


def test_counts_are_by_profile_asked_for_then_by_profile_granted() -> None:
    table = known(
        {"profil_attribue": "Lecture", "date_ouverture": "2014-06-20", "date_premiere_connexion": "2014-06-21"},
        {"profil_attribue": "Saisie", "organisme": "B2", "departement": "16"},
        {"statut": "refusé", "profil_attribue": "Saisie"},
        ONLY_INVITED,
        {"profil_demande": "Autre", "departement": None},
    )
    assert a.comptes_profil(table, PROFILS).to_numpy().tolist() == [
        ["Lecture", 0, 1, 1, 1],
        ["Saisie", 3, 1, 0, 0],
        ["Instruction", 0, 0, 0, 0],
        ["Audit", 0, 0, 0, 0],
        ["Autre", 1, 0, 0, 0],  # a profile that the table does not know
    ]
    families = table.assign(famille=table.organisme.map({"B1": "OPH", "B2": "ESH"}))
    assert a.comptes_par(families, "famille").to_numpy().tolist() == [["ESH", 1, 1, 0, 0], ["OPH", 3, 1, 1, 1]]
    assert a.comptes_departement(table, ["16", "17", "79"], "region").demandes.tolist() == [1, 2, 0, 4]
    assert a.comptes_departement(table, ["16"], None).demandes.tolist() == [1]
    nobody = a.comptes_profil(known(), PROFILS)
    assert list(nobody.profil) == list(PROFILS.profil) and not nobody.drop(columns="profil").to_numpy().any()


def curve(days: Sequence[float], opened: Sequence[bool]) -> pd.DataFrame:
    jours = pd.Series(days, dtype="float64")
    rows = pd.DataFrame({"profil": "P", "en_cours": True, "jours": jours})
    return ouverture(rows.assign(date_ouverture=pd.Series(pd.Timestamp(DAY), jours.index).where(pd.Series(opened))))


@pytest.mark.parametrize("name", R)
def test_the_curve_and_its_median_are_those_of_r(name: str) -> None:
    case = R[name]
    opened = [e == 1 for e in case["evenement"]]
    table = curve(case["temps"], opened).set_index("jour")
    for day, at_risk, done, share in zip(
        case["jour"], case["a_risque"], case["evenements"], case["survie"], strict=True
    ):
        if done:
            assert (table.a_risque[day], table.ouverts[day]) == (at_risk, done)
            assert table.survie[day] == pytest.approx(share, abs=1e-12)
    assert table.ouverts.sum() == sum(case["evenements"])
    expected = [np.nan if v is None else v for v in case["mediane"]]
    assert kaplan_meier(case["temps"], opened).quantile(0.5) == pytest.approx(tuple(expected), nan_ok=True)


@given(st.lists(st.tuples(st.integers(0, 200), st.booleans()), min_size=1, max_size=40))
def test_each_opening_is_on_its_day_among_those_still_closed(rows: list[tuple[int, bool]]) -> None:
    steps = curve([day for day, _ in rows], [opened for _, opened in rows])
    assert steps.jour.tolist() == sorted({day for day, opened in rows if opened})
    assert steps.ouverts.sum() == sum(opened for _, opened in rows)
    assert (steps.a_risque >= steps.ouverts).all() and steps.survie.is_monotonic_decreasing
    share = (1 - steps.ouverts / steps.a_risque).cumprod()
    assert steps.survie.to_numpy() == pytest.approx(share.to_numpy(), abs=1e-12)


def test_openings_leave_out_refusals_and_follow_closed_accounts_to_the_extraction() -> None:
    refused = {"statut": "refusé", "date_ouverture": "2014-06-12"}
    table = known(OPEN, OPEN, {"date_ouverture": "2014-06-15"}, {"date_demande": "2014-06-28"}, refused)
    assert ouverture(table).to_numpy().tolist() == [["Saisie", 5, 3, 1, pytest.approx(2 / 3)], ["Saisie", 10, 2, 2, 0]]
    delay = delais_ouverture(table).iloc[0]
    assert (delay.comptes, delay.ouverts, delay.mediane) == (4, 3, 10)


def test_nothing_opened_gives_no_step() -> None:
    assert ouverture(known({}, {})).empty
    assert delais_ouverture(known({}, {})).mediane.isna().all()
    assert ouverture(known()).empty and delais_ouverture(known()).empty


def test_each_profile_and_each_interface_has_its_curve() -> None:
    table = known(
        {"date_ouverture": "2014-06-12"},
        {"profil_demande": "Lecture"} | OPEN,
        {"profil_demande": "Instruction"} | OPEN,
        {"profil_demande": "Audit"},
    )
    assert ouverture(table)[["profil", "jour", "a_risque"]].to_numpy().tolist() == [
        ["Instruction", 10, 1],
        ["Lecture", 10, 1],
        ["Saisie", 2, 1],
    ]
    assert ouverture(table, "interface").to_numpy().tolist() == [
        ["Galion", 10, 2, 1, 0.5],
        ["SPLS", 2, 2, 1, 0.5],
        ["SPLS", 10, 1, 1, 0.0],
    ]


def test_each_week_is_counted_also_those_without_opening() -> None:
    table = known(*({"date_ouverture": f"2014-06-{day}"} for day in (10, 15, 24)), {"date_demande": "2014-06-02"})
    weeks = semaines(table, DAY, date(2014, 6, 4))
    assert [*weeks.semaine.dt.strftime("%d/%m")] == ["02/06", "09/06", "16/06", "23/06", "30/06"]
    assert [*weeks.ouverts] == [0, 2, 0, 1, 0]
    assert semaines(table[3:], DAY).empty


def test_the_end_is_what_remains_at_the_pace_of_four_weeks() -> None:
    opened = [{"date_ouverture": "2014-06-10"}] * 4
    assert reste(known(*opened, {}, {}), DAY) == (6, 2, 4, date(2014, 7, 15))
    assert reste(known(*opened[:1], *[{}] * 60), DAY).fin is None
    assert reste(known({}, {"statut": "refusé"}), DAY) == (1, 1, 0, None)
