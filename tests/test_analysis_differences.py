"""Cells that differ between two states of a table."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from spls_study.analysis.differences import COLUMNS, differences

VOLUMES = pd.DataFrame(
    {
        "annee": [2013, 2013, 2014],
        "departement": [17, 79, 79],
        "produit": ["PLUS", "PLUS", "PLS"],
        "logements": [856, 214, 40],
    }
)
CELLS = st.one_of(st.none(), st.integers(-5, 5), st.sampled_from(["", "a", "2014-07-10"]))
ROWS = st.lists(st.tuples(st.sampled_from(["x", "y"]), CELLS, CELLS), max_size=5)


def lines(found: pd.DataFrame) -> list[tuple[object, ...]]:
    assert tuple(found.columns) == COLUMNS
    return list(found.itertuples(index=False, name=None))


def test_changed_new_and_gone_rows() -> None:
    after = pd.DataFrame(
        {
            "annee": [2014, 2013, 2013],
            "departement": [17, 79, 17],
            "produit": ["PLUS", "PLUS", "PLUS"],
            "logements": [12, 214, 859],
        }
    )
    assert lines(differences(VOLUMES, after)) == [
        ("annee=2014|departement=17|produit=PLUS", "logements", None, 12, None, "nouveau"),
        ("annee=2013|departement=17|produit=PLUS", "logements", 856, 859, 3, "modifié"),
        ("annee=2014|departement=79|produit=PLS", "logements", 40, None, None, "disparu"),
    ]


def test_gaps_are_exact_in_days_or_none() -> None:
    names = ["part", "date", "effectif", "statut", "absent"]
    before = pd.DataFrame([[0.1, "2014-06-30", 4, "ouvert", None]], columns=names)
    after = pd.DataFrame([[0.3, "2014-07-02", 7, "clos", 1.5]], columns=names)
    found = differences(before.assign(id="J1"), after.assign(id="J1"), ["id"])
    assert [(row[1], row[4]) for row in lines(found)] == [
        ("part", 0.2),
        ("date", 2),
        ("effectif", 3),
        ("statut", None),
        ("absent", None),
    ]
    noise = before.assign(part=0.1 + 1e-15, effectif=4.0)
    assert differences(before, noise, ["date"]).empty


def test_rows_of_one_name_are_matched_in_order() -> None:
    before = pd.DataFrame({"produit": ["PLUS", "PLUS"], "n": [1, 2]})
    after = pd.DataFrame({"produit": ["PLUS", "PLUS", "PLUS"], "n": [1, 5, 9]})
    assert [(row[0], row[2], row[3]) for row in lines(differences(before, after))] == [
        ("produit=PLUS|n°2", 2, 5),
        ("produit=PLUS|n°3", None, 9),
    ]


def test_a_table_that_was_not_there_and_columns_of_one_edition() -> None:
    found = differences(pd.DataFrame(), VOLUMES)
    assert set(found["nature"]) == {"nouveau"} and list(found["apres"]) == [856, 214, 40]
    words = pd.DataFrame({"etape": ["a"], "texte": ["b"]})
    assert lines(differences(words, words.head(0)))[0][1:] == ("", None, None, None, "disparu")
    assert differences(VOLUMES, VOLUMES.assign(operations=3, precedent=1)).empty
    gaps = VOLUMES.assign(precedent=1, ecart=2)
    assert differences(gaps, gaps.assign(precedent=2, ecart=1)).empty


def test_a_key_figure_of_another_year_is_another_figure() -> None:
    figures = pd.DataFrame({"cle": ["pls"], "valeur": [9.0], "libelle": ["PLS de 2013"]})
    other = figures.assign(libelle="PLS de 2014")
    assert set(differences(figures, other, ["cle", "libelle"])["nature"]) == {"nouveau", "disparu"}


@settings(max_examples=60, deadline=None)
@given(ROWS, ROWS)
def test_what_differs_one_way_differs_the_other(a: list, b: list) -> None:
    before, after = (pd.DataFrame(rows, columns=["nom", "u", "v"]) for rows in (a, b))
    there, back = differences(before, after, ["nom"]), differences(after, before, ["nom"])
    swap = {"nouveau": "disparu", "disparu": "nouveau", "modifié": "modifié"}
    assert differences(before, before, ["nom"]).empty
    assert {(r.cle, r.colonne, swap[r.nature]) for r in there.itertuples()} == {
        (r.cle, r.colonne, r.nature) for r in back.itertuples()
    }
