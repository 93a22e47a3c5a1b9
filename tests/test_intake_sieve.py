import pandas as pd

from spls_study.intake.sieve import MASK, Sieve

ORIGIN = pd.DataFrame({"fichier": "f.csv", "feuille": None, "ligne": [2, 3]})


def sieve() -> Sieve:
    written = pd.DataFrame({"nom": ["A", "B"], "contact": ["a@exemple.fr", "b@exemple.fr"]})
    return Sieve("organismes", ORIGIN, written)


def only(*rows: int) -> pd.Series:
    return pd.Series([row in rows for row in (0, 1)])


def test_the_first_refusal_of_a_row_is_the_one_told() -> None:
    found = sieve()
    found.refuse(only(0), "nom", "premier")
    found.refuse(only(0, 1), "nom", pd.Series(["second", "troisième"]))
    assert found.refusals[["ligne", "valeur", "motif"]].to_numpy().tolist() == [
        [2, "A", "premier"],
        [3, "B", "troisième"],
    ]
    assert not found.kept.any()


def test_nothing_more_is_said_of_a_refused_row() -> None:
    found = sieve()
    found.warn(only(0, 1), "nom", "à voir")
    found.refuse(only(0), "nom", "refusé")
    assert found.warnings[["ligne", "motif"]].to_numpy().tolist() == [[3, "à voir"]]


def test_personal_values_are_masked() -> None:
    found = sieve()
    found.warn(only(1), "contact", "à voir")
    found.refuse(only(0), "", "décalée", pd.Series(["a@exemple.fr", ""]))
    assert list(found.warnings["valeur"]) == [MASK]
    assert list(found.refusals["valeur"]) == [MASK]  # a shifted cell may be any column's
