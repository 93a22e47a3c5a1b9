import math

from hypothesis import given, settings
from hypothesis import strategies as st
from samples import cells, checked, counted

from spls_study.analysis.programmation import prepare
from spls_study.analysis.programmation.cadrage import cadrage, rapprochement, rapprochement_operations
from spls_study.study import Cadrage
from spls_study.tables import empty

TOTAL = Cadrage(indicateur="T", annee=2013, groupe="PLUS-PLAI", attendu=12)
HALF = Cadrage(indicateur="P", annee=2013, groupe="PLUS-PLAI", departement="17", part_minimale=0.5)


def test_an_amount_conforms_if_equal_and_a_share_if_strictly_above() -> None:
    rows = counted(
        {"op": "a", "n": 6},
        {"op": "b", "n": 6, "dep": "16", "produit": "PLAI"},
        {"op": "c", "n": 7, "statut": "Annulée"},
        {"op": "e", "n": 7, "statut": "Rejetée"},
        {"op": "d", "n": 7, "produit": "PLS"},
    )
    table = cadrage(rows, [TOTAL, HALF])
    assert list(table.columns) == ["indicateur", "attendu", "observe", "ecart", "statut"]
    assert cells(table, *table.columns) == [("T", 12, 12, 0, "conforme"), ("P", 0.5, 0.5, 0, "écart")]
    more = counted({"op": "a", "n": 7}, {"op": "b", "n": 6, "dep": "16"})
    assert cells(cadrage(more, [TOTAL, HALF]), "ecart", "statut")[0] == (1, "écart")
    assert cadrage(more, [HALF])["statut"].tolist() == ["conforme"]


def test_nothing_programmed_is_a_gap() -> None:
    table = cadrage(counted(), [TOTAL, HALF])
    assert table["observe"][0] == 0 and math.isnan(table["observe"][1])
    assert table["statut"].tolist() == ["écart", "écart"]
    assert cadrage(counted(), []).empty


def test_each_difference_has_its_operation_and_its_reason() -> None:
    ours = prepare(
        checked(
            {"op": "same", "n": 4},
            {"op": "more", "n": 5},
            {"op": "only", "n": 2},
            {"op": "moved", "n": 3},
            {"op": "dead", "n": 1},
            {"op": "refused", "n": 8, "statut": "Rejetée"},
            {"op": "other", "n": 6},
        )
    )
    theirs = prepare(
        checked(
            {"op": "same", "n": 4},
            {"op": "more", "n": 8},
            {"op": "moved", "an": 2012, "n": 3},
            {"op": "dead", "n": 1, "statut": "Annulée"},
            {"op": "refused", "n": 8},
            {"op": "other", "n": 6, "produit": "PLAI"},
        )
    )
    table = rapprochement_operations(ours, theirs)
    gaps = table[table["ecart"] != 0]
    assert cells(gaps, "annee", "numero_operation", "produit", "ecart", "motif") == [
        (2012, "moved", "PLUS", -3, "autre année dans la programmation"),
        (2013, "dead", "PLUS", 1, "annulée dans la 2de source"),
        (2013, "more", "PLUS", -3, "nombre différent"),
        (2013, "moved", "PLUS", 3, "autre année dans la 2de source"),
        (2013, "only", "PLUS", 2, "absente de la 2de source"),
        (2013, "other", "PLAI", -6, "autre produit dans la programmation"),
        (2013, "other", "PLUS", 6, "autre produit dans la 2de source"),
        (2013, "refused", "PLUS", -8, "rejetée dans la programmation"),
    ]
    assert cells(
        rapprochement(table), "annee", "produit", "logements", "logements_rapprochement", "ecart", "operations"
    ) == [(2012, "PLUS", 0, 3, -3, 1), (2013, "PLAI", 0, 6, -6, 1), (2013, "PLUS", 21, 20, 1, 6)]


def test_only_the_years_of_the_second_source_are_compared() -> None:
    ours = prepare(checked({"op": "a", "an": 2010}, {"op": "b", "an": 2013}))
    assert list(rapprochement_operations(ours, ours[1:])["annee"]) == [2013]
    nothing = rapprochement_operations(ours, prepare(empty("rapprochement")))
    assert nothing.empty and rapprochement(nothing).empty


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "op": st.sampled_from("abcd"),
            "an": st.integers(2012, 2013),
            "n": st.integers(0, 9),
            "produit": st.sampled_from(["PLUS", "PLS"]),
            "dep": st.sampled_from(["16", "17"]),
        }
    ),
    max_size=8,
)


@settings(max_examples=40, deadline=None)
@given(ROWS, ROWS)
def test_gaps_of_operations_add_up_to_those_of_the_cells(
    ours: list[dict[str, object]], theirs: list[dict[str, object]]
) -> None:
    operations = rapprochement_operations(prepare(checked(*ours)), prepare(checked(*theirs)))
    table = rapprochement(operations)
    assert (table["logements"] - table["logements_rapprochement"] == table["ecart"]).all()
    assert table["ecart"].sum() == operations["ecart"].sum()
    assert operations["motif"].isna().equals(operations["ecart"] == 0)
