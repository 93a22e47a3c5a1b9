import math
from datetime import date

import pandas as pd
import pytest
from samples import cells, counted

from spls_study.analysis.programmation import sans
from spls_study.analysis.programmation.rythme import avancement, delais, engages, fin_annee, rythme

TODAY = date(2014, 7, 1)


def test_rhythm_cumulates_the_agrements_dated_in_their_year() -> None:
    rows = counted(
        {"op": "a", "n": 2, "date_agrement": "2013-03-05"},
        {"op": "b", "n": 2, "date_agrement": "2013-10-31"},
        {"op": "c", "n": 4, "date_agrement": "2013-12-31"},
        {"op": "d", "n": 9, "date_agrement": "2014-01-02"},  # agreed the year after
        {"op": "e", "n": 9},
        {"op": "f", "an": 2014, "n": 5, "date_agrement": "2014-05-02"},
        {"op": "g", "an": 2014, "n": 5, "date_agrement": "2014-09-01"},
    )  # to come
    table = rythme(rows, TODAY)
    assert list(table.columns[:5]) == ["annee", "groupe", "mois", "logements", "part_cumulee"]
    year = table[table["annee"] == 2013]
    assert year["logements"].tolist() == [0, 0, 2, 0, 0, 0, 0, 0, 0, 2, 0, 4]
    assert year["part_cumulee"].tolist() == [0, 0] + [0.25] * 7 + [0.5, 0.5, 1]
    under_way = table[table["annee"] == 2014]
    assert under_way["mois"].tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert under_way["logements"].sum() == 5 and not under_way["annee_complete"].any()
    assert cells(fin_annee(table), "annee", "logements", "part_t4", "part_decembre") == [(2013, 8, 0.75, 0.5)]


def test_no_date_at_all() -> None:
    rows = counted({"op": "a"})
    assert rythme(rows, TODAY).empty and fin_annee(rythme(rows, TODAY)).empty
    assert sans(rows, "date_agrement") == ["DD017"]
    table = delais(rows, TODAY)
    assert table["n"].tolist() == [0, 0, 0] and table["mediane"].isna().all()


def operation(op: str, days: int | None, **more: object) -> dict[str, object]:
    """Deposited on 1 January 2013, programmed 10 days later, agreed after `days`."""
    start = pd.Timestamp(2013, 1, 1)
    agreed = None if days is None else start + pd.Timedelta(days=days)
    return {
        "op": op,
        "date_depot": start,
        "date_programmation": start + pd.Timedelta(days=10),
        "date_agrement": agreed,
    } | more


def test_delays_count_each_operation_once_and_censor_the_open_ones() -> None:
    # Deposit to agrément: 100, 200, 300 days and one open for 546 (1 Jan. 2013 to 1 July 2014).
    # S = 3/4, 1/2, 1/4: the median is the middle of 200 and 300, q1 of 100 and 200; q3 is on the
    # last plateau, from 300 to the last day seen.
    rows = counted(
        operation("a", 100),
        operation("a", 100, produit="PLAI"),
        operation("b", 200),
        operation("c", 300),
        operation("d", None),
    )
    table = delais(rows, TODAY).set_index("etape")
    assert list(delais(rows, TODAY).columns[:6]) == ["gestionnaire", "etape", "n", "mediane", "q1", "q3"]
    whole = table.loc["dépôt-agrément"]
    assert whole[["n", "mediane", "q1", "q3", "en_cours"]].tolist() == [4, 250, 150, 423, 1]
    assert table.loc["programmation-agrément", "mediane"] == 240
    assert table.loc["dépôt-programmation", ["n", "mediane"]].tolist() == [4, 10]


def test_an_operation_listed_twice_is_followed_in_its_last_year() -> None:
    rows = counted(operation("a", None, an=2012), operation("a", 50, an=2013))
    assert delais(rows, TODAY).set_index("etape").loc["dépôt-agrément", "n"] == 1


@pytest.mark.parametrize(
    "row",
    [
        operation("x", 100, statut="Retirée"),
        operation("x", -5),
        operation("x", 100, date_programmation=None),  # agreed: not waiting for its programming
    ],
)
def test_what_is_left_out_is_counted(row: dict[str, object]) -> None:
    table = delais(counted(operation("a", 100), row), TODAY).set_index("etape")
    assert table["ecartees"].sum() > 0
    assert table["n"].min() == 1 and table.loc["dépôt-programmation", "mediane"] == 10


def test_a_median_that_is_not_reached_is_missing() -> None:
    table = delais(counted(operation("a", None)), TODAY).set_index("etape")
    assert math.isnan(table.loc["dépôt-agrément", "mediane"])
    assert table.loc["dépôt-agrément", "en_cours"] == 1


def test_a_year_is_compared_on_the_same_day_and_what_cannot_be_known_is_apart() -> None:
    rows = counted(
        {"op": "a", "n": 2, "date_agrement": "2013-06-30"},
        {"op": "b", "n": 3, "date_agrement": "2013-07-01"},  # the day of the extraction is not before it
        {"op": "c", "n": 4, "date_agrement": "2014-02-01"},  # agreed the year after
        {"op": "d", "n": 5},
        {"op": "e", "n": 6, "statut": "Agréée"},
        {"op": "f", "n": 7, "gestionnaire": "DD016"},  # who dates nothing
        {"op": "g", "an": 2014, "n": 8, "date_agrement": "2014-06-01"},
        {"op": "h", "an": 2014, "n": 9, "date_agrement": "2014-08-01"},  # to come
    )
    of_manager = {"gestionnaire": "DD016"}
    silent = counted({"op": "s", "n": 1, "statut": "Programmée"} | of_manager, {"op": "t", "n": 2} | of_manager)
    assert cells(avancement(silent, TODAY), "agrees_annee", "programmes", "inconnus") == [(0, 3, 2)]
    told = engages(rows, TODAY)
    assert cells(told, "annee", "gestionnaire", "programmes", "agrees", "en_attente", "inconnus") == [
        (2013, "DD016", 7, 0, 0, 7),
        (2013, "DD017", 20, 15, 5, 0),  # c is agreed, though the year after; e says so without a date
        (2014, "DD017", 17, 8, 9, 0),
    ]
    table = avancement(rows, TODAY)
    assert cells(table, "annee", "agrees_au_jour", "agrees_annee", "programmes", "inconnus") == [
        (2013, 2, 5, 27, 13),
        (2014, 8, 8, 17, 0),
    ]
