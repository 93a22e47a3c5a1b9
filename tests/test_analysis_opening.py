import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from accounts import PROFILS, comptes, frame
from hypothesis import given, settings
from hypothesis import strategies as st

from spls_study.analysis.droits.accounts import accounts
from spls_study.analysis.droits.opening import curve, delais_ouverture, ouverture
from spls_study.analysis.droits.rights import campaign
from spls_study.analysis.methods.survival import kaplan_meier

DAY = date(2014, 7, 1)
BODIES = frame("organismes", [{"id": "B1", "famille": "OPH"}, {"id": "B2", "famille": "ESH"}])
R = json.loads((Path(__file__).parent / "fixtures" / "survival_r.json").read_text(encoding="utf-8"))["cas"]


def counted(table: pd.DataFrame, seuil: int = 1):
    return campaign(table, PROFILS, BODIES, ("16", "17"), DAY, seuil)


@pytest.mark.parametrize("name", R)
def test_the_curve_and_its_median_are_those_of_r(name: str) -> None:
    case = R[name]
    days, opened = pd.Series(case["temps"], dtype="float64"), pd.Series(case["evenement"]) == 1
    if opened.any():
        table = curve(days, opened, 1).set_index("jour")
        for day, at_risk, done, share in zip(
            case["jour"], case["a_risque"], case["evenements"], case["survie"], strict=True
        ):
            if done:
                assert (table.a_risque[day], table.ouverts[day]) == (at_risk, done)
                assert table.survie[day] == pytest.approx(share, abs=1e-12)
        assert table.ouverts.sum() == sum(case["evenements"])
    expected = [np.nan if v is None else v for v in case["mediane"]]
    assert kaplan_meier(days, opened).quantile(0.5) == pytest.approx(tuple(expected), nan_ok=True)


def test_openings_leave_out_refusals_and_follow_closed_accounts_to_the_extraction() -> None:
    table = accounts(
        comptes(
            *[{"date_ouverture": "2014-06-20"}] * 2,
            {"date_ouverture": "2014-06-15"},
            {"date_demande": "2014-06-28"},
            {"statut": "refusé", "date_ouverture": "2014-06-12"},
        ),
        PROFILS,
        DAY,
    )
    shown = ouverture(table, counted(table), "region", 1)
    assert shown.to_numpy().tolist() == [["Saisie", 5, 3, 1, pytest.approx(2 / 3)], ["Saisie", 10, 2, 2, 0]]
    delay = delais_ouverture(table, counted(table), "region", 1).iloc[0]
    assert (delay.comptes, delay.ouverts, delay.mediane) == (4, 3, 10)


def test_nothing_opened_gives_no_step_and_all_opened_ends_at_zero() -> None:
    closed = accounts(comptes({}, {}), PROFILS, DAY)
    assert ouverture(closed, counted(closed), "region", 1).empty
    assert delais_ouverture(closed, counted(closed), "region", 1).mediane.isna().all()
    full = accounts(comptes(*[{"date_ouverture": "2014-06-20"}] * 4), PROFILS, DAY)
    assert ouverture(full, counted(full, 3), "region", 3).to_numpy().tolist() == [["Saisie", 14, 4, 4, 0.0]]


def test_steps_are_weeks_when_each_has_enough_else_months_else_neighbours_together() -> None:
    every = pd.Series(True, index=range(6))
    weeks = curve(pd.Series([0.0, 3, 7, 8, 9, 14]), every, 3)
    assert (weeks.jour.tolist(), weeks.ouverts.tolist(), weeks.a_risque.tolist()) == ([7, 14], [3, 3], [6, 3])
    months = curve(pd.Series([0.0, 3, 17, 31, 40, 60]), every, 3)
    assert (months.jour.tolist(), months.ouverts.tolist()) == ([30, 60], [3, 3])
    joined = curve(pd.Series([1.0, 2, 40, 41, 100, 170]), every, 3)
    assert (joined.jour.tolist(), joined.ouverts.tolist()) == ([180], [6])


def test_a_curve_with_too_few_openings_is_one_hidden_row() -> None:
    table = accounts(
        comptes(
            {"date_ouverture": "2014-06-20"},
            *[{"profil_demande": "Lecture", "date_ouverture": "2014-06-20"}] * 9,
            *[{"profil_demande": "Instruction", "date_ouverture": "2014-06-20"}] * 9,
            *[{}] * 9,
        ),
        PROFILS,
        DAY,
    )
    shown = ouverture(table, counted(table, 3), "region", 3)
    hidden = shown[shown.profil == "Saisie"]
    assert hidden[["a_risque", "ouverts", "survie"]].to_numpy().tolist() == [["s"] * 3]
    assert delais_ouverture(table, counted(table, 3), "region", 3).set_index("profil").mediane["Saisie"] == "s"


def test_only_the_region_by_interface_has_steps_and_none_with_few_new_openings() -> None:
    days = ["2014-06-15"] * 4 + ["2014-06-20"] * 5 + ["2014-06-28"] * 3
    table = accounts(comptes(*({"date_ouverture": d} for d in days)), PROFILS, DAY)
    found = counted(table, 3)
    steps = ouverture(table, found, "region", 3, "interface")
    assert steps.ouverts.tolist() == [4, 5, 3]
    assert ouverture(table, found, "region", 3).ouverts.tolist() == [12]
    for was, shown in (([4, 2], [4, 5, 3]), ([3, 5], ["s"]), (["s", "s"], [4, 5, 3])):
        past = pd.DataFrame({"interface": "SPLS", "jour": ["7", "14"], "ouverts": list(map(str, was))})
        assert ouverture(table, found, "region", 3, "interface", past).ouverts.tolist() == shown


def test_a_median_needs_openings_on_either_side() -> None:
    for n, shown in ((5, [False, False]), (6, [True, False]), (12, [True, True])):
        table = accounts(comptes(*[{"date_ouverture": "2014-06-20"}] * n), PROFILS, DAY)
        delay = delais_ouverture(table, counted(table, 3), "region", 3).iloc[0]
        assert [delay[c] != "s" for c in ("mediane", "ic_bas")] == shown


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 200), st.booleans()), min_size=1, max_size=40), st.integers(2, 5))
def test_every_step_has_enough_openings_or_there_are_not_enough_in_all(
    rows: list[tuple[int, bool]], seuil: int
) -> None:
    days = pd.Series([float(d) for d, _ in rows])
    opened = pd.Series([o for _, o in rows])
    if not opened.any():
        return
    steps = curve(days, opened, seuil)
    assert steps.ouverts.sum() == opened.sum()
    assert (steps.ouverts >= min(seuil, opened.sum())).all()
    assert (steps.a_risque >= steps.ouverts).all() and steps.jour.is_monotonic_increasing
    daily = kaplan_meier(days, opened)
    assert steps.survie.iloc[-1] == pytest.approx(daily.survival[daily.times <= steps.jour.iloc[-1]][-1], abs=0.006)
