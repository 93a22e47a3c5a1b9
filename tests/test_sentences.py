"""Sentences on shares, changes and ranks, at their edges."""

import pandas as pd

from spls_study.sentences import change, leading, share_or_count, small_bases, some_of


def year(logements: int, operations: int) -> pd.Series:
    return pd.Series({"logements": logements, "operations": operations})


def test_a_share_of_few_operations_is_a_count() -> None:
    assert share_or_count(12, 40, 9) == "12 des 40"
    assert share_or_count(12, 40, 10) == "30,0\u202f% des"


def test_a_change_is_in_dwellings_where_either_year_is_small() -> None:
    assert change(year(88, 10), year(100, 12), 2012) == " (\u221212,0 % par rapport à 2012)"
    assert change(year(88, 9), year(100, 12), 2012) == " (\u221212 logements par rapport à 2012)"
    assert change(year(101, 12), year(100, 9), 2012) == " (+1 logement par rapport à 2012)"
    assert change(year(0, 0), year(100, 9), 2012) == change(year(5, 2), year(0, 0), 2012) == ""


def test_names_beyond_five_are_counted() -> None:
    assert some_of(list("abcde")) == "a, b, c, d et e"
    assert some_of(list("abcdefg")) == "a, b, c, d, e et 2 autres"


def test_equals_lead_together() -> None:
    view = pd.DataFrame({"secteur": ["A", "B", "C"], "PLS": [3, 7, 7]})
    assert leading(view, "secteur", "PLS", 2013) == "B et C : 7 logements PLS en 2013"


def test_the_dash_is_explained_where_there_is_one() -> None:
    assert "moins de 10 opérations" in small_bases(pd.DataFrame({"a": [1.0, "–"]}))
    assert small_bases(pd.DataFrame({"a": [1.0]})) == ""
