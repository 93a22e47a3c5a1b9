import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spls_study.analysis.processus.variants import contraires, distances, inversions, variantes


def orders(**steps: list[str] | str) -> pd.DataFrame:
    """Gestionnaire → its steps in order; a step « B+C » is two parallel ones."""
    rows = [
        (name, rank, step)
        for name, names in steps.items()
        for rank, group in enumerate(names, 1)
        for step in group.split("+")
    ]
    return pd.DataFrame(rows, columns=["gestionnaire", "ordre", "etape"])


def test_the_common_core_and_what_only_one_has() -> None:
    table = variantes(orders(X=["Dépôt", "Tri", "Vote"], Y=["dépôt", "Vote"], Z=["Vote", "Dépôt", "Visite", "Tri"]))
    assert dict(zip(table.etape, table.nature, strict=True)) == {
        "Dépôt": "tronc commun",
        "Vote": "tronc commun",
        "Tri": "partagée",
        "Visite": "propre à un seul",
    }
    assert table.set_index("etape").gestionnaires["Tri"] == "X|Z"


def test_alone_a_process_shares_nothing() -> None:
    assert set(variantes(orders(X=["A", "B"])).nature) == {"propre à un seul"}


@pytest.mark.parametrize(
    ("a", "b", "distance"),
    [
        ("ABC", "ABC", 0),
        ("ABC", "CBA", 1),
        ("ABC", "ACB", 1 / 3),
        (["A", "B+C"], "ABC", 1 / 6),  # parallel for one only: one half
        (["A", "B+C"], ["A", "C+B"], 0),
        ("AXB", "YBA", 1),  # common steps only
        ("ABA", "AB", 0),  # the first pass counts
    ],
)
def test_the_distance_is_the_share_of_pairs_in_opposite_orders(a, b, distance: float) -> None:
    assert distances(orders(X=list(a), Y=list(b))).distance.iloc[0] == pytest.approx(distance)


def test_an_inverted_pair_is_named_in_the_order_of_the_first() -> None:
    row = distances(orders(X=["Avis", "Vote"], Y=["Vote", "Avis"])).iloc[0]
    assert row.exemple == "Avis|Vote"


def test_under_two_common_steps_there_is_no_distance() -> None:
    row = distances(orders(X=["A", "B"], Y=["A", "C"])).iloc[0]
    assert (row.etapes_communes, row.paires) == (1, 0) and pd.isna(row.distance)
    assert distances(orders(X=["A"])).empty


@settings(max_examples=50, deadline=None)
@given(st.permutations("ABCDE"), st.permutations("ABCDE"), st.permutations("ABCDE"))
def test_it_is_a_distance(a: list[str], b: list[str], c: list[str]) -> None:
    table = distances(orders(X=a, Y=b, Z=c)).set_index(["gestionnaire_a", "gestionnaire_b"]).distance
    assert table.between(0, 1).all()
    assert (table["X", "Y"] == 0) == (a == b)
    assert table["X", "Z"] <= table["X", "Y"] + table["Y", "Z"] + 1e-12


def test_an_order_that_the_target_does_not_allow_is_counted_and_told_by_its_farthest_pair() -> None:
    target = pd.DataFrame({"etape": ["Saisir", "Vérifier", "Avis", "Vote"], "ordre": [1, 2, 3, 4]})
    steps_ = orders(X=["saisir", "Vote", "Vérifier", "Visiter"], Y=["Saisir", "Vérifier", "Vote"])
    found = inversions(steps_, target)
    assert list(found.itertuples(index=False, name=None)) == [("X", 1, 3, "Vote", "Vérifier")]
    assert inversions(steps_.iloc[:0], target).empty and inversions(steps_, target.iloc[:0]).empty


def test_an_order_is_against_the_others_where_fewer_share_it() -> None:
    found = contraires(orders(X=["A", "B", "C"], Y=["A", "B", "C"], Z=["C", "A", "B"]))
    assert list(found.itertuples(index=False, name=None)) == [("Z", "C", "B", 2, 0, 2)]
    assert contraires(orders(X=["A", "B"], Y=["A", "B"])).empty and contraires(orders(X=["A", "B"])).empty


def test_two_alone_are_against_each_other() -> None:
    found = contraires(orders(X=["A", "B"], Y=["B", "A"]))
    assert list(found.itertuples(index=False, name=None)) == [("X", "A", "B", 1, 0, 1), ("Y", "B", "A", 1, 0, 1)]
