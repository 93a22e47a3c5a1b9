"""Programming: what counts; volumes, shares and sectors; their sums."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import checked, counted, programmed, told

from spls_study.analysis.programmation import active, last_year, petits_effectifs, prepare, sans, within
from spls_study.analysis.programmation import volumes as v
from spls_study.study import Secteur, Study
from spls_study.tables import empty

STATUTS = (
    "a Annulée | b ANNULATION~signée | c Opération~annulée~le~3~mai | d Non~annulée | e Rejetée | f Agréée | g - | "
    "h Rejet~du~gestionnaire | i REFUSÉE | j Non~rejetée | k Opération~rejetée~le~3~mai | l Retirée"
)


def test_annulled_and_rejected_operations_do_not_count_and_the_others_do() -> None:
    rows = programmed("op statut", STATUTS)
    assert "".join(rows.numero_operation) == "dfgjl"
    rows = programmed("op gestionnaire statut", "a DD017 - | b DD017 - | c DD016 Agréée")
    assert len(rows) == 3 and sans(rows, "statut") == ["DD017"]  # none to leave out, and it is known for whom


def test_products_are_grouped_and_a_bailleur_is_a_siren_else_a_name_whatever_its_case() -> None:
    rows = programmed("op produit", "a PLUS | b PLAI | c PLAI_ADP | d PLS | e PSLA")
    assert told(rows, "groupe") == "PLUS-PLAI | PLUS-PLAI | PLUS-PLAI | PLS | PSLA"
    names = "a 12345678900011 Office | b - Habitat~~Été | c - HABITAT~ETE | d - -"
    assert told(programmed("op moa_siret moa_nom", names), "bailleur") == "123456789 | habitat ete | habitat ete | -"


def test_a_sum_over_years_keeps_the_last_year_of_an_operation_and_territories_their_rows(study: Study) -> None:
    rows = programmed(
        "op an n code_insee produit",
        "a 2011 5 17300 PLUS | a 2012 7 17300 PLUS | b 2013 1 - PLUS | c 2011 4 17300 PLS | c 2012 4 17300 PSLA",
    )
    assert told(last_year(rows), "numero_operation annee nb_logements") == "a 2012 7 | b 2013 1 | c 2012 4"
    # c ended as PSLA, outside both groups.
    assert told(v.volumes_commune(rows), "code_insee groupe logements") == "17300 PLUS-PLAI 7"
    # A department has its rows, the region also those of no known department.
    rows = programmed("op dep", "a 16 | b 17 | c -")
    assert told(within(rows, study.territory("16")), "departement") == "16"
    assert told(within(rows, study.territory("region")), "departement") == "16 | 17 | Non renseigné"


def test_a_cell_is_small_below_ten_operations_and_an_empty_one_is_too() -> None:
    rows = [{"op": f"t{i}"} for i in range(10)] + [{"op": f"n{i}", "produit": "PLS", "n": 3} for i in range(9)]
    small = told(petits_effectifs(counted(*rows), ["17"], [2012, 2013]), "annee groupe logements operations")
    assert small == "2012 PLUS-PLAI 0 0 | 2012 PLS 0 0 | 2013 PLS 27 9"


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from([None, "Annulée", "Rejetée", "Agréée"]), max_size=8))
def test_preparing_loses_no_row_and_changes_no_input(statuts: list[str | None]) -> None:
    raw = checked(*[{"op": str(i), "statut": s} for i, s in enumerate(statuts)])
    before = raw.copy(deep=True)
    prepared = prepare(raw)
    assert len(prepared) == len(raw) and raw.equals(before)
    assert len(active(prepared)) == sum(s not in ("Annulée", "Rejetée") for s in statuts)
    assert active(prepare(empty("programmation"))).empty


# Volumes
def test_volumes_count_an_operation_once_in_each_cell_it_falls_in() -> None:
    # Operation a: 6 + 4 PLUS on two rows, 3 PLAI; listed again in 2013 with 9 PLUS.
    rows = programmed(
        "op an n dep produit type_habitat",
        "a 2012 6 17 PLUS collectif | a 2012 4 17 PLUS individuel | a 2012 3 17 PLAI - | a 2013 9 17 PLUS - | "
        "b 2012 5 16 PLUS -",
    )
    table = v.volumes(rows)
    assert told(table) == "2012 16 PLUS 5 1 | 2012 17 PLAI 3 1 | 2012 17 PLUS 10 1 | 2013 17 PLUS 9 1"


def test_volumes_by_gestionnaire_and_by_service() -> None:
    table = v.volumes_gestionnaire(programmed("op n gestionnaire", "a 6 DD017 | b 2 -"))
    assert told(table, "gestionnaire logements") == "DD017 6 | Non renseigné 2"
    rows = programmed("op n gestionnaire produit", "a 6 DD017 PLUS | b 2 86194 PLUS | c 2 DD017 PSLA")
    services = "Délégataires PLUS-PLAI 2 0.25 | Services de l'État PLUS-PLAI 6 0.75"  # PSLA enters no group
    assert told(v.volumes_service(rows, {"86194"}), "service groupe logements part") == services
    assert set(v.volumes_service(rows, set())["service"]) == {"Services de l'État"}


def test_the_share_of_a_department_is_of_the_region_and_zero_where_it_has_nothing() -> None:
    rows = programmed("op n dep produit", "a 6 17 PLUS | b 2 16 PLAI_ADP | c 5 17 PLS")
    table = v.parts_departement(rows, ["16", "17", "79"])
    assert told(table, "groupe departement logements part operations_region") == (
        "PLS 16 0 0 1 | PLS 17 5 1 1 | PLS 79 0 0 1 | "
        "PLUS-PLAI 16 2 0.25 2 | PLUS-PLAI 17 6 0.75 2 | PLUS-PLAI 79 0 0 2"
    )
    assert v.parts_departement(counted({"n": 0}), ["17"])["part"].isna().all()


def test_the_location_quotient_is_the_ratio_of_two_shares() -> None:
    # 17 has 6 of 8 dwellings and 60 of 100 inhabitants: 0.75 / 0.6 = 1.25; 16: 0.25 / 0.4 = 0.625.
    parts = v.parts_departement(programmed("op n dep", "a 6 17 | b 2 16"), ["16", "17"])
    weights = pd.DataFrame({"departement": ["16", "17"], "valeur": [40.0, 60.0]})
    table = v.specialisation(parts, weights, 2013)
    assert table["quotient"].tolist() == pytest.approx([0.625, 1.25])
    assert v.specialisation(parts, weights, 2012).empty
    assert v.specialisation(parts, weights.assign(valeur=[40.0, None]), 2013).empty


SECTORS = (
    Secteur(nom="Port", tension="tendu", communes=("17300", "17010")),
    Secteur(nom="Est", tension="détendu", communes=("17415",)),
    Secteur(nom="Ouest", tension="détendu", communes=("17010", "17299")),
)


def test_sectors_in_the_order_of_the_study_then_the_rest_against_the_social_dwellings_that_stand_there() -> None:
    places = "a 6 2013 17300 | b 2 2013 17415 | c 1 2013 17299 | d 1 2013 17001 | e 9 2012 17300 | f 1 2012 -"
    stock = pd.Series({"17300": 250.0, "17010": 50.0, "17415": 100.0, "17002": None})
    sectors = v.volumes_secteur(programmed("op n an code_insee", places), SECTORS)
    assert told(sectors, "annee secteur tension logements") == (
        "2012 Port tendu 9 | 2012 Non renseigné – 1 | "
        "2013 Port tendu 6 | 2013 Est détendu 2 | 2013 Ouest détendu 1 | 2013 Autres communes – 1"
    )
    # A commune of two sectors is of the first that names it.
    assert told(v.volumes_secteur(programmed("op code_insee", "b 17010"), SECTORS), "secteur") == "Port"
    table = v.secteurs_et_parc(sectors, 2013, stock, SECTORS)
    assert told(table, "secteur logements part parc_social pour_100_logements") == (
        "Port 6 0.6 300 2 | Est 2 0.2 100 2 | Ouest 1 0.1 - - | Autres communes 1 0.1 - -"
    )
    together = "Autres communes – 1 | Port tendu 6 | Secteurs détendus détendu 3"
    assert told(v.par_tension(table), "secteur tension logements") == together


def test_zones() -> None:
    for rows, zones in (
        ("a 17300 2 - | b 17010 - -", "123 2 1 | 123 Non renseigné 1"),
        ("a 17300 - -", ""),  # only where the extract has them
        # That of another row of the commune, where there is one.
        ("a 17300 - B1 | b 17300 - - | c 17010 - - | d - - -", "ABC B1 2 | ABC Non renseigné 2"),
        ("a 17300 - B1 | e 17300 - C | b 17300 - -", "ABC B1 1 | ABC C 1 | ABC Non renseigné 1"),
    ):
        table = v.volumes_zone(programmed("op code_insee zone_123 zone_abc", rows))
        assert told(table, "zonage zone operations") == zones


def test_the_page_keeps_the_largest_departments_and_folds_products() -> None:
    rows = [{"op": str(i), "dep": f"{10 + i}", "n": i + 1} for i in range(8)]
    folded = v.volumes_famille(v.volumes(counted(*rows, {"op": "x", "dep": "17", "n": 1, "produit": "PLAI_ADP"})))
    assert set(folded["ligne"]) == {"17", "16", "15", "14", "13", "Autres"}
    assert folded[folded["colonne"] == "PLAI"]["logements"].sum() == 1
    assert folded[folded["ligne"] == "Autres"]["logements"].sum() == 1 + 2 + 3


def test_shares_are_of_all_pls_of_the_cell_those_of_unknown_public_included() -> None:
    rows = programmed(
        "op produit n type_beneficiaire",
        "a PLS 60 Personnes~âgées | a PLS 15 - | b PLS 25 Ménages | c PLUS 99 Personnes~âgées",
    )
    table = v.pls_beneficiaires(rows)
    shares = "Ménages 25 1 0.25 | Non renseigné 15 1 0.15 | Personnes âgées 60 1 0.6"
    assert told(table, "type_beneficiaire logements operations part") == shares
    assert told(v.part_personnes_agees(table), "logements personnes_agees part") == "100 60 0.6"
    none = counted({"op": "a"})
    assert v.pls_beneficiaires(none).empty and v.pls_etablissements(none).empty
    assert v.part_personnes_agees(v.pls_beneficiaires(none)).empty


def test_an_establishment_is_an_operation_for_a_public_in_its_last_year() -> None:
    rows = programmed(
        "op an n type_habitat type_beneficiaire",
        "a 2012 19 - Personnes~âgées | a 2013 20 - Personnes~âgées | b 2013 50 collectif Personnes~âgées | "
        "b 2013 30 individuel Personnes~âgées | c 2013 8 - Etudiants | d 2013 8 - Ménages",
        produit="PLS",
    )
    sizes = "Etudiants moins de 20 1 8 | Personnes âgées 20 à 49 1 20 | Personnes âgées 80 et plus 1 80"
    assert told(v.pls_etablissements(rows), "type_beneficiaire taille etablissements logements") == sizes


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


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_shares_sum_to_one_and_parts_to_their_whole(rows: list[dict[str, object]]) -> None:
    table = counted(*rows)
    for shares in (v.parts_departement(table, ["16", "17"]), v.volumes_service(table, {"13055"})):
        sums = shares.dropna(subset=["part"]).groupby(["annee", "groupe"])["part"].sum()
        assert sums.tolist() == pytest.approx([1.0] * len(sums))
    keys = ["annee", "produit"]
    by_department = v.volumes(table).groupby(keys)["logements"].sum()
    assert by_department.equals(v.volumes_gestionnaire(table).groupby(keys)["logements"].sum())
    whole = v.volumes(table).groupby("departement")["logements"].sum()
    for department, own in table.groupby("departement"):
        assert v.volumes_gestionnaire(own)["logements"].sum() == v.volumes(own)["logements"].sum() == whole[department]


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
    for function in (v.volumes, v.volumes_gestionnaire, v.volumes_commune, lambda t: v.parts_departement(t, ["16"])):
        pd.testing.assert_frame_equal(function(one), function(two))
