import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from accounts import PROFILS, comptes
from hypothesis import given
from hypothesis import strategies as st

from spls_study.analysis.droits.accounts import accounts
from spls_study.analysis.droits.opening import curve, delais_ouverture, ouverture, reste, semaines
from spls_study.analysis.methods.survival import kaplan_meier

DAY = date(2014, 7, 1)
R = json.loads((Path(__file__).parent / "fixtures" / "survival_r.json").read_text(encoding="utf-8"))["cas"]


@pytest.mark.parametrize("name", R)
def test_the_curve_and_its_median_are_those_of_r(name: str) -> None:
    case = R[name]
    days, opened = pd.Series(case["temps"], dtype="float64"), pd.Series(case["evenement"]) == 1
    if opened.any():
        table = curve(days, opened).set_index("jour")
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
    shown = ouverture(table)
    assert shown.to_numpy().tolist() == [["Saisie", 5, 3, 1, pytest.approx(2 / 3)], ["Saisie", 10, 2, 2, 0]]
    delay = delais_ouverture(table).iloc[0]
    assert (delay.comptes, delay.ouverts, delay.mediane) == (4, 3, 10)


def test_nothing_opened_gives_no_step_and_all_opened_ends_at_zero() -> None:
    closed = accounts(comptes({}, {}), PROFILS, DAY)
    assert ouverture(closed).empty
    assert delais_ouverture(closed).mediane.isna().all()
    full = accounts(comptes(*[{"date_ouverture": "2014-06-20"}] * 4), PROFILS, DAY)
    assert ouverture(full).to_numpy().tolist() == [["Saisie", 10, 4, 4, 0.0]]
    nobody = accounts(comptes(), PROFILS, DAY)
    assert ouverture(nobody).empty and delais_ouverture(nobody).empty


def test_each_profile_and_each_interface_has_its_curve() -> None:
    table = accounts(
        comptes(
            {"date_ouverture": "2014-06-12"},
            {"profil_demande": "Lecture", "date_ouverture": "2014-06-20"},
            {"profil_demande": "Instruction", "date_ouverture": "2014-06-20"},
            {"profil_demande": "Audit"},
        ),
        PROFILS,
        DAY,
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
    assert ouverture(table).dtypes[["jour", "a_risque", "ouverts"]].tolist() == ["int64"] * 3


@given(st.lists(st.tuples(st.integers(0, 200), st.booleans()), min_size=1, max_size=40))
def test_each_opening_is_on_its_day_among_those_still_closed(rows: list[tuple[int, bool]]) -> None:
    days = pd.Series([float(d) for d, _ in rows])
    opened = pd.Series([o for _, o in rows])
    steps = curve(days, opened)
    assert steps.jour.tolist() == sorted({d for d, o in rows if o})
    assert steps.ouverts.sum() == opened.sum()
    assert (steps.a_risque >= steps.ouverts).all() and steps.survie.is_monotonic_decreasing
    share = (1 - steps.ouverts / steps.a_risque).cumprod()
    assert steps.survie.to_numpy() == pytest.approx(share.to_numpy(), abs=1e-12)


def rows(told: list[dict[str, object]]) -> pd.DataFrame:
    return accounts(comptes(*told), PROFILS, DAY)


def test_each_week_is_counted_also_those_without_opening() -> None:
    table = rows(
        [
            {"date_ouverture": "2014-06-10"},
            {"date_ouverture": "2014-06-15"},
            {"date_ouverture": "2014-06-24"},
            {"date_demande": "2014-06-02"},
        ]
    )
    weeks = semaines(table, date(2014, 7, 1), date(2014, 6, 4))
    assert [*weeks.semaine.dt.strftime("%d/%m")] == ["02/06", "09/06", "16/06", "23/06", "30/06"]
    assert [*weeks.ouverts] == [0, 2, 0, 1, 0]
    assert semaines(table[3:], date(2014, 7, 1)).empty


def test_the_end_is_what_remains_at_the_pace_of_four_weeks() -> None:
    opened = [{"date_ouverture": "2014-06-10"}] * 4
    assert reste(rows(opened + [{}] * 2), date(2014, 7, 1)) == (6, 2, 4, date(2014, 7, 15))
    assert reste(rows([*opened[:1], *[{}] * 60]), date(2014, 7, 1)).fin is None
    assert reste(rows([{}, {"statut": "refusé"}]), date(2014, 7, 1)) == (1, 1, 0, None)
