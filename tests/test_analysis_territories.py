import itertools

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from spls_study.analysis.methods.territories import Measure, count

DEPARTMENTS = ("16", "17")


def units(*rows: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["departement", "profil"], dtype="str")


def counted(table: pd.DataFrame, seuil: int = 3, fixed: dict | None = None):
    every = pd.Series(True, index=table.index)
    return count(table, [Measure("total", (), every), Measure("n", ("profil",), every)], DEPARTMENTS, seuil, fixed)


def test_counts_of_departments_add_up_to_the_region() -> None:
    table = units(*[("16", "A")] * 4, *[("17", "A")] * 5, ("99", "A"), (None, "A"))
    found = counted(table, seuil=1)
    assert [found.shown("n", t, "A") for t in ("16", "17", "region")] == [4, 5, 11]
    assert found.shown("n", "17", "absent") == 0


def test_a_small_count_is_not_to_be_found_from_the_region_and_the_other_department() -> None:
    table = units(*[("16", "A")] * 1, *[("17", "A")] * 9, *[("16", "B")] * 9, *[("17", "B")] * 9)
    found = counted(table)
    assert found.shown("n", "16", "A") == "s"
    shown = [found.shown("n", t, "A") for t in ("17", "region")]
    assert "s" in shown
    assert counted(table, seuil=1).hidden == dict.fromkeys(found.hidden, False)


def test_measures_tied_together_are_hidden_together() -> None:
    table = units(*[("16", "A")] * 9, *[("17", "A")] * 9)
    done = pd.Series([i == 0 for i in table.index])
    every = pd.Series(True, index=table.index)
    found = count(
        table,
        [Measure("tous", ("profil",), every, tie="x"), Measure("faits", ("profil",), done, tie="x")],
        DEPARTMENTS,
        3,
    )
    assert found.shown("faits", "16", "A") == found.shown("tous", "16", "A") == "s"


def test_what_is_settled_stays_and_all_else_is_hidden_when_nothing_else_protects() -> None:
    # One account in 16, and the total of 16 is already published: only hiding all is safe.
    table = units(("16", "A"), *[("17", "A")] * 9)
    settled = {("total", t, ()): False for t in (*DEPARTMENTS, "region")}
    found = counted(table, fixed=settled)
    assert found.shown("total", "16") == 1
    assert found.shown("n", "16", "A") == "s"


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(DEPARTMENTS), st.sampled_from("AB")), min_size=1, max_size=14))
def test_an_attacker_who_knows_all_that_shows_keeps_the_width(rows: list[tuple[str, str]]) -> None:
    """Every table of the four inner counts that agrees with what shows, by brute force."""
    found = counted(units(*rows))
    hidden = [label for label, flag in found.hidden.items() if flag]
    top = len(rows) + 4
    inner = list(itertools.product(DEPARTMENTS, sorted({p for _, p in rows})))
    worlds = np.array(list(itertools.product(range(top), repeat=len(inner)))).reshape(-1, len(inner))

    def value(label) -> np.ndarray:
        _, territory, key = label
        kept = [territory in (d, "region") and key in ((), (p,)) for d, p in inner]
        return worlds[:, kept].sum(axis=1)

    agree = np.ones(len(worlds), dtype=bool)
    for label, flag in found.hidden.items():
        if not flag:
            agree &= value(label) == found.values[label]
            assert found.values[label] == 0 or found.values[label] >= 3
    for label in hidden:
        assert np.ptp(value(label)[agree]) >= 3
