from hypothesis import given, settings
from hypothesis import strategies as st
from samples import cells, checked, counted

from spls_study.analysis.programmation import active, last_year, petits_effectifs, prepare, sans, within
from spls_study.study import Study
from spls_study.tables import empty


def test_annulled_and_rejected_operations_do_not_count_and_the_others_do() -> None:
    statuts = {
        "a": "Annulée",
        "b": "ANNULATION signée",
        "c": "Opération annulée le 3 mai",
        "d": "Non annulée",
        "e": "Rejetée",
        "f": "Agréée",
        "g": None,
        "h": "Rejet du gestionnaire",
        "i": "REFUSÉE",
        "j": "Non rejetée",
        "k": "Opération rejetée le 3 mai",
        "l": "Retirée",
    }
    rows = counted(*[{"op": op, "statut": statut} for op, statut in statuts.items()])
    assert list(rows["numero_operation"]) == ["d", "f", "g", "j", "l"]


def test_without_statut_all_rows_count_and_it_is_known_for_whom() -> None:
    rows = counted({"op": "a"}, {"op": "b"}, {"op": "c", "gestionnaire": "DD016", "statut": "Agréée"})
    assert len(rows) == 3 and sans(rows, "statut") == ["DD017"]


def test_products_are_grouped_and_the_others_keep_their_name() -> None:
    rows = counted(*[{"op": p, "produit": p} for p in ("PLUS", "PLAI", "PLAI_ADP", "PLS", "PSLA")])
    assert list(rows["groupe"]) == ["PLUS-PLAI", "PLUS-PLAI", "PLUS-PLAI", "PLS", "PSLA"]


def test_a_bailleur_is_a_siren_else_a_name_whatever_its_case() -> None:
    rows = counted(
        {"op": "a", "moa_siret": "12345678900011"},
        {"op": "b", "moa_siret": None, "moa_nom": "Habitat  Été"},
        {"op": "c", "moa_siret": None, "moa_nom": "HABITAT ETE"},
        {"op": "d", "moa_siret": None, "moa_nom": None},
    )
    assert list(rows["bailleur"][:3]) == ["123456789", "habitat ete", "habitat ete"]
    assert rows["bailleur"].isna()[3]


def test_a_sum_over_years_keeps_the_last_year_of_an_operation() -> None:
    rows = counted({"op": "a", "an": 2011, "n": 5}, {"op": "a", "an": 2012, "n": 7}, {"op": "b", "an": 2011, "n": 1})
    assert cells(last_year(rows), "numero_operation", "annee", "nb_logements") == [("a", 2012, 7), ("b", 2011, 1)]


def test_a_department_has_its_rows_and_the_region_also_those_of_no_known_department(study: Study) -> None:
    rows = counted({"op": "a", "dep": "16"}, {"op": "b", "dep": "17"}, {"op": "c", "dep": None})
    assert len(within(rows, study.territory("16"))) == 1
    assert list(within(rows, study.territory("region"))["departement"]) == ["16", "17", "Non renseigné"]


def test_a_cell_is_small_below_ten_operations_and_an_empty_one_is_too() -> None:
    ten = [{"op": f"t{i}"} for i in range(10)]
    nine = [{"op": f"n{i}", "produit": "PLS", "n": 3} for i in range(9)]
    small = petits_effectifs(counted(*ten, *nine), ["17"], [2012, 2013])
    assert cells(small, "annee", "groupe", "logements", "operations") == [
        (2012, "PLUS-PLAI", 0, 0),
        (2012, "PLS", 0, 0),
        (2013, "PLS", 27, 9),
    ]


def test_an_empty_table_is_prepared() -> None:
    assert active(prepare(empty("programmation"))).empty


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from([None, "Annulée", "Rejetée", "Agréée"]), max_size=8))
def test_preparing_loses_no_row_and_changes_no_input(statuts: list[str | None]) -> None:
    raw = checked(*[{"op": str(i), "statut": s} for i, s in enumerate(statuts)])
    before = raw.copy(deep=True)
    prepared = prepare(raw)
    assert len(prepared) == len(raw) and raw.equals(before)
    assert len(active(prepared)) == sum(s not in ("Annulée", "Rejetée") for s in statuts)
