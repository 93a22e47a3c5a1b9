import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import cells, counted

from spls_study.analysis.programmation.concentration import bailleurs, concentration, gini, hhi

# Example of R's `ineq::Gini` (Zeileis, package ineq): 0.4620911 without correction.
INEQ = [541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261]


def test_gini_is_that_of_the_package_ineq_without_small_sample_correction() -> None:
    assert gini(INEQ) == pytest.approx(0.4620911, abs=1e-7)
    assert gini([5, 5, 5]) == 0
    assert gini([0, 0, 0, 9]) == 0.75  # 1 − 1/n
    assert math.isnan(gini([])) and math.isnan(gini([0]))


def test_hhi_is_that_of_the_department_of_justice() -> None:
    # « a market of four firms with shares of 30, 30, 20 and 20 percent: 2,600 » (of 10 000).
    assert hhi([30, 30, 20, 20]) == pytest.approx(0.26)
    assert hhi([7]) == 1
    assert math.isnan(hhi([]))


def test_concentration_worked_by_hand() -> None:
    # Dwellings 6, 2, 1, 1 of 10; unknown bailleur: 5 more, outside.
    # HHI = .36 + .04 + .01 + .01 = .42; Gini = (−3·1 − 1·1 + 1·2 + 3·6) / (4·10) = 16/40.
    rows = counted(
        *[{"op": f"{i}", "n": n, "moa_siret": f"00000000{i}00019"} for i, n in enumerate((6, 2, 1, 1, 0))],
        {"op": "z", "n": 5, "moa_siret": None, "moa_nom": None},
    )
    table = concentration(rows)
    assert list(table.columns[:7]) == [
        "annee",
        "groupe",
        "bailleurs",
        "part_premier",
        "part_trois_premiers",
        "hhi",
        "gini",
    ]
    row = table.iloc[0]
    assert (row["annee"], row["groupe"], row["bailleurs"], row["sans_bailleur"]) == (2013, "PLUS-PLAI", 4, 5)
    assert row[["part_premier", "part_trois_premiers", "hhi", "gini"]].tolist() == pytest.approx([0.6, 0.9, 0.42, 0.4])


def test_two_establishments_of_one_siren_are_one_bailleur() -> None:
    table = concentration(
        counted({"op": "a", "moa_siret": "12345678900011"}, {"op": "b", "moa_siret": "12345678900029"})
    )
    assert cells(table, "bailleurs", "part_premier", "hhi", "gini") == [(1, 1.0, 1.0, 0.0)]


def test_newcomers_and_those_who_stopped() -> None:
    def by(name: str, year: int, n: int) -> dict[str, object]:
        return {"op": f"{name}{year}", "an": year, "n": n, "moa_siret": None, "moa_nom": name}

    rows = counted(
        by("stays", 2012, 4), by("stays", 2013, 6), by("stops", 2012, 8), by("comes", 2014, 1), by("comes", 2013, 9)
    )
    table = bailleurs(rows, 2013)
    assert cells(table, "nom", "logements_annee", "logements", "situation") == [
        ("comes", 9, 10, "nouveau"),
        ("stays", 6, 10, "présent"),
        ("stops", 0, 8, "arrêté"),
    ]
    assert table["part_annee"].tolist() == pytest.approx([0.6, 0.4, 0])


def test_one_year_says_neither_who_came_nor_who_stopped() -> None:
    assert set(bailleurs(counted({"op": "a"}), 2013)["situation"]) == {"présent"}


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 500), min_size=1, max_size=30).filter(any))
def test_indices_stay_in_their_bounds_and_ignore_the_unit(values: list[int]) -> None:
    n = len(values)
    assert -1e-12 <= gini(values) <= 1 - 1 / n + 1e-12
    assert 1 / n - 1e-12 <= hhi(values) <= 1 + 1e-12
    assert gini([3 * x for x in values]) == pytest.approx(gini(values))
