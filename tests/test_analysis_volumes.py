import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import cells, counted

from spls_study.analysis.programmation import volumes as v
from spls_study.study import Secteur

OPERATION = st.fixed_dictionaries(
    {
        "op": st.sampled_from("abcdefgh"),
        "an": st.integers(2010, 2012),
        "dep": st.sampled_from(["16", "17", "2A", "974"]),
        "n": st.integers(0, 40),
        "gestionnaire": st.sampled_from(["DD016", "DD017", "13055"]),
        "produit": st.sampled_from(["PLUS", "PLAI", "PLAI_ADP", "PLS", "PSLA"]),
    }
)
ROWS = st.lists(OPERATION, max_size=20)


def test_volumes_count_an_operation_once_in_each_cell_it_falls_in() -> None:
    # Operation a: 6 + 4 PLUS on two rows, 3 PLAI; listed again in 2013 with 9 PLUS.
    rows = counted(
        {"op": "a", "an": 2012, "n": 6, "type_habitat": "collectif"},
        {"op": "a", "an": 2012, "n": 4, "type_habitat": "individuel"},
        {"op": "a", "an": 2012, "n": 3, "produit": "PLAI"},
        {"op": "a", "an": 2013, "n": 9},
        {"op": "b", "an": 2012, "n": 5, "dep": "16"},
    )
    table = v.volumes(rows)
    assert list(table.columns) == ["annee", "departement", "produit", "logements", "operations"]
    assert cells(table, *table.columns) == [
        (2012, "16", "PLUS", 5, 1),
        (2012, "17", "PLAI", 3, 1),
        (2012, "17", "PLUS", 10, 1),
        (2013, "17", "PLUS", 9, 1),
    ]


def test_volumes_by_gestionnaire() -> None:
    table = v.volumes_gestionnaire(counted({"op": "a", "n": 6}, {"op": "b", "n": 2, "gestionnaire": None}))
    assert list(table.columns) == ["annee", "gestionnaire", "produit", "logements", "operations"]
    assert cells(table, "gestionnaire", "logements") == [("DD017", 6), ("Non renseigné", 2)]


def test_the_state_against_the_delegated_authorities() -> None:
    rows = counted(
        {"op": "a", "n": 6}, {"op": "b", "n": 2, "gestionnaire": "86194"}, {"op": "c", "n": 2, "produit": "PSLA"}
    )
    table = v.volumes_service(rows, {"86194"})
    assert cells(table, "service", "groupe", "logements", "part") == [  # PSLA enters no group
        ("Délégataires", "PLUS-PLAI", 2, 0.25),
        ("Services de l'État", "PLUS-PLAI", 6, 0.75),
    ]
    assert set(v.volumes_service(rows, set())["service"]) == {"Services de l'État"}


def test_the_share_of_a_department_is_of_the_region_and_zero_where_it_has_nothing() -> None:
    rows = counted(
        {"op": "a", "n": 6},
        {"op": "b", "n": 2, "dep": "16", "produit": "PLAI_ADP"},
        {"op": "c", "n": 5, "produit": "PLS"},
    )
    table = v.parts_departement(rows, ["16", "17", "79"])
    assert list(table.columns[:5]) == ["annee", "groupe", "departement", "logements", "part"]
    assert cells(table, "groupe", "departement", "logements", "part", "operations_region") == [
        ("PLS", "16", 0, 0.0, 1),
        ("PLS", "17", 5, 1.0, 1),
        ("PLS", "79", 0, 0.0, 1),
        ("PLUS-PLAI", "16", 2, 0.25, 2),
        ("PLUS-PLAI", "17", 6, 0.75, 2),
        ("PLUS-PLAI", "79", 0, 0.0, 2),
    ]


def test_a_group_of_zero_dwellings_has_no_share() -> None:
    assert v.parts_departement(counted({"n": 0}), ["17"])["part"].isna().all()


def test_the_location_quotient_is_the_ratio_of_two_shares() -> None:
    # 17 has 6 of 8 dwellings and 60 of 100 inhabitants: 0.75 / 0.6 = 1.25; 16: 0.25 / 0.4 = 0.625.
    parts = v.parts_departement(counted({"op": "a", "n": 6}, {"op": "b", "n": 2, "dep": "16"}), ["16", "17"])
    weights = pd.DataFrame({"departement": ["16", "17"], "valeur": [40.0, 60.0]})
    table = v.specialisation(parts, weights, 2013)
    assert list(table.columns) == ["departement", "groupe", "part_logements", "part_reference", "quotient"]
    assert table["quotient"].tolist() == pytest.approx([0.625, 1.25])
    assert v.specialisation(parts, weights, 2012).empty
    assert v.specialisation(parts, weights.assign(valeur=[40.0, None]), 2013).empty


def test_communes_are_summed_over_years_in_the_last_year_of_each_operation() -> None:
    rows = counted(
        {"op": "a", "an": 2011, "n": 5},
        {"op": "a", "an": 2012, "n": 7},
        {"op": "b", "n": 1, "code_insee": None},
        {"op": "c", "an": 2011, "n": 4, "produit": "PLS"},
        {"op": "c", "an": 2012, "n": 4, "produit": "PSLA"},
    )
    assert cells(v.volumes_commune(rows), "code_insee", "groupe", "logements") == [
        ("17300", "PLUS-PLAI", 7)
    ]  # c ended as PSLA, outside both groups


def test_sectors_come_in_the_order_of_the_study_then_the_rest() -> None:
    sectors = [
        Secteur(nom="Ville", tension="tendu", communes=("17300", "17010")),
        Secteur(nom="Côte", tension="littoral", communes=("17010", "17019")),
    ]
    rows = counted(
        {"op": "a", "code_insee": "17019"},
        {"op": "b", "code_insee": "17010"},
        {"op": "c", "code_insee": "17415"},
        {"op": "d", "code_insee": None},
    )
    table = v.volumes_secteur(rows, sectors)
    assert cells(table, "secteur", "tension") == [
        ("Ville", "tendu"),
        ("Côte", "littoral"),
        ("Autres communes", "–"),
        ("Non renseigné", "–"),
    ]


def test_zones_appear_only_where_the_extract_has_them() -> None:
    rows = counted({"op": "a", "zone_123": "2"}, {"op": "b", "code_insee": "17010"})
    assert cells(v.volumes_zone(rows), "zonage", "zone", "operations") == [("123", "2", 1), ("123", "Non renseigné", 1)]
    assert v.volumes_zone(counted({"op": "a"})).empty


def test_a_zone_that_a_row_lacks_is_that_of_its_commune_where_there_is_one() -> None:
    known = {"op": "a", "code_insee": "17300", "zone_abc": "B1"}
    rows = counted(
        known, {"op": "b", "code_insee": "17300"}, {"op": "c", "code_insee": "17010"}, {"op": "d", "code_insee": None}
    )
    assert cells(v.volumes_zone(rows), "zonage", "zone", "operations") == [
        ("ABC", "B1", 2),
        ("ABC", "Non renseigné", 2),
    ]
    two = counted(known, known | {"op": "e", "zone_abc": "C"}, {"op": "b", "code_insee": "17300"})
    assert set(v.volumes_zone(two).zone) == {"B1", "C", "Non renseigné"}


def test_the_page_keeps_the_largest_departments_and_folds_products() -> None:
    rows = [{"op": str(i), "dep": f"{10 + i}", "n": i + 1} for i in range(8)]
    folded = v.volumes_famille(v.volumes(counted(*rows, {"op": "x", "dep": "17", "n": 1, "produit": "PLAI_ADP"})))
    assert set(folded["ligne"]) == {"17", "16", "15", "14", "13", "Autres"}
    assert folded[folded["colonne"] == "PLAI"]["logements"].sum() == 1
    assert folded[folded["ligne"] == "Autres"]["logements"].sum() == 1 + 2 + 3


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_shares_sum_to_one_and_parts_to_their_whole(rows: list[dict[str, object]]) -> None:
    table = counted(*rows)
    parts = v.parts_departement(table, ["16", "17"])
    sums = parts.dropna(subset=["part"]).groupby(["annee", "groupe"])["part"].sum()
    assert sums.tolist() == pytest.approx([1.0] * len(sums))
    service = v.volumes_service(table, {"13055"}).dropna(subset=["part"])
    whole = service.groupby(["annee", "groupe"])["part"].sum()
    assert whole.tolist() == pytest.approx([1.0] * len(whole))
    keys = ["annee", "produit"]
    by_department = v.volumes(table).groupby(keys)["logements"].sum()
    by_gestionnaire = v.volumes_gestionnaire(table).groupby(keys)["logements"].sum()
    assert by_department.equals(by_gestionnaire)
    for department in ("16", "17", "2A", "974"):
        own = table[table["departement"] == department]
        assert (
            v.volumes_gestionnaire(own)["logements"].sum()
            == v.volumes(own)["logements"].sum()
            == v.volumes(table).query("departement == @department")["logements"].sum()
        )


@settings(max_examples=40, deadline=None)
@given(ROWS, st.data())
def test_splitting_a_row_by_type_of_housing_leaves_every_count(
    rows: list[dict[str, object]], data: st.DataObject
) -> None:
    halves = []
    for row in rows:
        first = data.draw(st.integers(0, int(str(row["n"]))))
        halves += [
            row | {"n": first, "type_habitat": "collectif"},
            row | {"n": int(str(row["n"])) - first, "type_habitat": "individuel"},
        ]
    one, two = counted(*rows), counted(*halves)
    for function in (v.volumes, v.volumes_gestionnaire, v.volumes_commune):
        pd.testing.assert_frame_equal(function(one), function(two))
    parts = [v.parts_departement(table, ["16"]) for table in (one, two)]
    pd.testing.assert_frame_equal(*parts)


def test_the_sectors_of_a_year_against_the_social_dwellings_that_stand_there() -> None:
    secteurs = (
        Secteur(nom="Port", tension="tendu", communes=("17300", "17010")),
        Secteur(nom="Est", tension="détendu", communes=("17415",)),
        Secteur(nom="Ouest", tension="détendu", communes=("17010", "17299")),
    )
    rows = counted(
        {"op": "a", "n": 6},
        {"op": "b", "n": 2, "code_insee": "17415"},
        {"op": "c", "n": 1, "code_insee": "17299"},
        {"op": "d", "n": 1, "code_insee": "17001"},
        {"op": "e", "n": 9, "an": 2012},
    )
    stock = pd.Series({"17300": 250.0, "17010": 50.0, "17415": 100.0, "17002": None})
    table = v.secteurs_et_parc(v.volumes_secteur(rows, secteurs), 2013, stock, secteurs)
    assert cells(table.fillna(-1), "secteur", "logements", "part", "parc_social", "pour_100_logements") == [
        ("Port", 6, 0.6, 300, 2),
        ("Est", 2, 0.2, 100, 2),
        ("Ouest", 1, 0.1, -1, -1),
        ("Autres communes", 1, 0.1, -1, -1),
    ]
    together = v.par_tension(table)
    assert cells(together, "secteur", "tension", "logements") == [
        ("Autres communes", "–", 1),
        ("Port", "tendu", 6),
        ("Secteurs détendus", "détendu", 3),
    ]


def test_shares_are_of_all_pls_of_the_cell_those_of_unknown_public_included() -> None:
    rows = counted(
        {"op": "a", "produit": "PLS", "n": 60, "type_beneficiaire": "Personnes âgées"},
        {"op": "a", "produit": "PLS", "n": 15, "type_beneficiaire": None},
        {"op": "b", "produit": "PLS", "n": 25, "type_beneficiaire": "Ménages"},
        {"op": "c", "n": 99, "type_beneficiaire": "Personnes âgées"},
    )
    table = v.pls_beneficiaires(rows)
    assert list(table.columns) == ["annee", "departement", "type_beneficiaire", "logements", "operations", "part"]
    assert cells(table, "type_beneficiaire", "logements", "operations", "part") == [
        ("Ménages", 25, 1, 0.25),
        ("Non renseigné", 15, 1, 0.15),
        ("Personnes âgées", 60, 1, 0.6),
    ]
    assert cells(v.part_personnes_agees(table), "logements", "personnes_agees", "part") == [(100, 60, 0.6)]


def test_an_establishment_is_an_operation_for_a_public_in_its_last_year() -> None:
    home = {"produit": "PLS", "type_beneficiaire": "Personnes âgées"}
    rows = counted(
        {"op": "a", "an": 2012, "n": 19} | home,
        {"op": "a", "an": 2013, "n": 20} | home,
        {"op": "b", "n": 50} | home,
        {"op": "b", "n": 30, "type_habitat": "individuel"} | home,
        {"op": "c", "n": 8, "produit": "PLS", "type_beneficiaire": "Etudiants"},
        {"op": "d", "n": 8, "produit": "PLS"},
    )
    assert cells(v.pls_etablissements(rows), "type_beneficiaire", "taille", "etablissements", "logements") == [
        ("Etudiants", "moins de 20", 1, 8),
        ("Personnes âgées", "20 à 49", 1, 20),
        ("Personnes âgées", "80 et plus", 1, 80),
    ]


def test_nobody_used_the_pls() -> None:
    rows = counted({"op": "a"})
    assert v.pls_beneficiaires(rows).empty and v.pls_etablissements(rows).empty
    assert v.part_personnes_agees(v.pls_beneficiaires(rows)).empty
