"""Cells that differ between two states of a table."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import told

from spls_study.analysis.differences import COLUMNS, differences

VOLUMES = pd.DataFrame(
    [(2013, 17, "PLUS", 856), (2013, 79, "PLUS", 214), (2014, 79, "PLS", 40)],
    columns=["annee", "departement", "produit", "logements"],
)
CELLS = st.one_of(st.none(), st.integers(-5, 5), st.sampled_from(["", "a", "2014-07-10"]))
ROWS = st.lists(st.tuples(st.sampled_from(["x", "y"]), CELLS, CELLS), max_size=5)


def test_changed_new_and_gone_rows_and_a_table_that_was_not_there() -> None:
    after = pd.DataFrame([(2014, 17, "PLUS", 12), (2013, 79, "PLUS", 214), (2013, 17, "PLUS", 859)])
    found = differences(VOLUMES, after.set_axis(VOLUMES.columns, axis=1))
    assert tuple(found.columns) == COLUMNS
    assert told(found).split(" | ") == [
        "annee=2014|departement=17|produit=PLUS logements - 12 - nouveau",
        "annee=2013|departement=17|produit=PLUS logements 856 859 3 modifié",
        "annee=2014|departement=79|produit=PLS logements 40 - - disparu",
    ]
    assert told(differences(pd.DataFrame(), VOLUMES), "apres nature") == "856 nouveau | 214 nouveau | 40 nouveau"
    words = pd.DataFrame({"etape": ["a"], "texte": ["b"]})
    assert told(differences(words, words.head(0)).iloc[:, 1:]) == " - - - disparu"


def test_gaps_are_exact_in_days_or_none() -> None:
    names = ["part", "date", "effectif", "statut", "absent"]
    before = pd.DataFrame([[0.1, "2014-06-30", 4, "ouvert", None]], columns=names)
    after = pd.DataFrame([[0.3, "2014-07-02", 7, "clos", 1.5]], columns=names)
    found = differences(before.assign(id="J1"), after.assign(id="J1"), ["id"])
    assert dict(zip(found.colonne, found.ecart, strict=True)) == dict(zip(names, [0.2, 2, 3, None, None], strict=True))
    noise = before.assign(part=0.1 + 1e-15, effectif=4.0)
    assert differences(before, noise, ["date"]).empty


def test_rows_of_one_name_are_matched_in_order_and_what_is_of_one_edition_is_not_compared() -> None:
    before, after = (pd.DataFrame({"produit": "PLUS", "n": n}) for n in ([1, 2], [1, 5, 9]))
    assert told(differences(before, after), "cle avant apres") == "produit=PLUS|n°2 2 5 | produit=PLUS|n°3 - 9"
    assert differences(VOLUMES, VOLUMES.assign(operations=3, precedent=1)).empty
    gaps = VOLUMES.assign(precedent=1, ecart=2)
    assert differences(gaps, gaps.assign(precedent=2, ecart=1)).empty
    figures = pd.DataFrame({"cle": ["pls"], "valeur": [9.0], "libelle": ["PLS de 2013"]})
    other = figures.assign(libelle="PLS de 2014")  # another label is another row
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
