"""Programming: what counts; volumes, shares and sectors, their sums; control totals and a second source; concentration;
the year's rhythm and delays.
"""

import math
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import checked, counted, programmed, told, typed

from spls_study.analysis.programmation import active, last_year, prepare, sans, tally, within
from spls_study.analysis.programmation import volumes as v
from spls_study.analysis.programmation.cadrage import cadrage, rapprochement_operations
from spls_study.analysis.programmation.rythme import avancement, delais, engages, fin_annee, rythme
from spls_study.analysis.programmation.volumes import concentration, gini, hhi
from spls_study.study import Cadrage, Secteur, Study
from spls_study.tables import empty

OF_DEPARTMENT = ("annee", "departement", "produit")
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
    # A department has its rows, the region also those of no known department.
    rows = programmed("op dep", "a 16 | b 17 | c -")
    assert told(within(rows, study.territory("16")), "departement") == "16"
    assert told(within(rows, study.territory("region")), "departement") == "16 | 17 | Non renseigné"


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
    table = tally(rows, OF_DEPARTMENT)
    assert told(table) == "2012 16 PLUS 5 1 | 2012 17 PLAI 3 1 | 2012 17 PLUS 10 1 | 2013 17 PLUS 9 1"


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
    rows, columns = programmed("op n an code_insee", places), "secteur tension logements part parc_social"
    assert told(v.volumes_secteur(rows, SECTORS, 2013, stock), f"{columns} pour_100_logements") == (
        "Port tendu 6 0.6 300 2 | Est détendu 2 0.2 100 2 | Ouest détendu 1 0.1 - - | Autres communes – 1 0.1 - -"
    )
    before = v.volumes_secteur(rows, SECTORS, 2012, stock)
    assert told(before, "secteur tension logements") == "Port tendu 9 | Non renseigné – 1"
    # A commune of two sectors is of the first that names it.
    assert told(v.volumes_secteur(programmed("op code_insee", "b 17010"), SECTORS, 2013, stock), "secteur") == "Port"


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
    assert v.pls_beneficiaires(none).empty
    assert v.part_personnes_agees(v.pls_beneficiaires(none)).empty


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
def test_shares_sum_to_one(rows: list[dict[str, object]]) -> None:
    table = counted(*rows)
    shares = v.parts_departement(table, ["16", "17"]).dropna(subset=["part"])
    sums = shares.groupby(["annee", "groupe"])["part"].sum()
    assert sums.tolist() == pytest.approx([1.0] * len(sums))


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
    for function in (lambda t: tally(t, OF_DEPARTMENT), lambda t: v.parts_departement(t, ["16"])):
        pd.testing.assert_frame_equal(function(one), function(two))


# Control totals and a second source
TODAY = date(2014, 7, 1)
TOTAL = Cadrage(indicateur="T", annee=2013, groupe="PLUS-PLAI", attendu=12)
HALF = Cadrage(indicateur="P", annee=2013, groupe="PLUS-PLAI", departement="17", part_minimale=0.5)


def test_control_totals() -> None:
    for rows, found in (
        # An amount if equal, a share if strictly above.
        (
            "a 6 17 PLUS - | b 6 16 PLAI - | c 7 17 PLUS Annulée | e 7 17 PLUS Rejetée | d 7 17 PLS -",
            "T 12 12 0 conforme | P 0.5 0.5 0 écart",
        ),
        ("a 7 17 PLUS - | b 6 16 PLUS -", "T 12 13 1 écart | P 0.5 0.538462 0.0384615 conforme"),
        ("", "T 12 0 -12 écart | P 0.5 - - écart"),
    ):
        table = programmed("op n dep produit statut", rows)
        assert told(cadrage(table, [TOTAL, HALF])) == found and cadrage(table, []).empty


def test_each_difference_has_its_operation_and_its_reason() -> None:
    usual = "same 4 - PLUS 2013 | more {} - PLUS 2013 | "
    ours = usual.format(5) + (
        "only 2 - PLUS 2013 | moved 3 - PLUS 2013 | dead 1 - PLUS 2013 | refused 8 Rejetée PLUS 2013 | "
        "other 6 - PLUS 2013"
    )
    theirs = usual.format(8) + (
        "moved 3 - PLUS 2012 | dead 1 Annulée PLUS 2013 | refused 8 - PLUS 2013 | other 6 - PLAI 2013"
    )
    both = [prepare(checked(*typed("op n statut produit an", rows))) for rows in (ours, theirs)]
    table = rapprochement_operations(*both)
    assert told(table[table["ecart"] != 0], "annee numero_operation produit ecart motif").split(" | ") == [
        "2012 moved PLUS -3 autre année dans la programmation",
        "2013 dead PLUS 1 annulée dans la 2de source",
        "2013 more PLUS -3 nombre différent",
        "2013 moved PLUS 3 autre année dans la 2de source",
        "2013 only PLUS 2 absente de la 2de source",
        "2013 other PLAI -6 autre produit dans la programmation",
        "2013 other PLUS 6 autre produit dans la 2de source",
        "2013 refused PLUS -8 rejetée dans la programmation",
    ]
    # Only the years of the second source are compared.
    ours = prepare(checked({"op": "a", "an": 2010}, {"op": "b", "an": 2013}))
    assert list(rapprochement_operations(ours, ours[1:])["annee"]) == [2013]
    assert rapprochement_operations(ours, prepare(empty("rapprochement"))).empty


@settings(max_examples=40, deadline=None)
@given(ROWS, ROWS)
def test_the_gap_of_an_operation_is_what_one_source_has_more_and_has_a_reason(
    ours: list[dict[str, object]], theirs: list[dict[str, object]]
) -> None:
    both = [prepare(checked(*rows)) for rows in (ours, theirs)]
    table = rapprochement_operations(*both)
    assert (table["logements"] - table["logements_rapprochement"] == table["ecart"]).all()
    kept = [active(t[t["annee"].isin(both[1]["annee"])])["nb_logements"].sum() for t in both]
    assert table["ecart"].sum() == kept[0] - kept[1]
    assert table["motif"].isna().equals(table["ecart"] == 0)


# Concentration. Example of R's `ineq::Gini` (Zeileis, package ineq): 0.4620911 without correction.
INEQ = [541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261]


def test_indices_are_those_published() -> None:
    for index, values, expected in (
        (gini, INEQ, 0.4620911),
        (gini, [5, 5, 5], 0),
        (gini, [0, 0, 0, 9], 0.75),  # 1 − 1/n
        (gini, [], math.nan),
        (gini, [0], math.nan),
        # Department of Justice: « four firms with shares of 30, 30, 20 and 20 percent: 2,600 » (of 10 000).
        (hhi, [30, 30, 20, 20], 0.26),
        (hhi, [7], 1),
        (hhi, [], math.nan),
    ):
        assert index(values) == pytest.approx(expected, abs=1e-7, nan_ok=True)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 500), min_size=1, max_size=30).filter(any))
def test_indices_stay_in_their_bounds_and_ignore_the_unit(values: list[int]) -> None:
    n = len(values)
    assert -1e-12 <= gini(values) <= 1 - 1 / n + 1e-12
    assert 1 / n - 1e-12 <= hhi(values) <= 1 + 1e-12
    assert gini([3 * x for x in values]) == pytest.approx(gini(values))


def test_concentration_worked_by_hand() -> None:
    # Dwellings 6, 2, 1, 1 of 10; unknown bailleur: 5 more, outside.
    # HHI = .36 + .04 + .01 + .01 = .42; Gini = (−3·1 − 1·1 + 1·2 + 3·6) / (4·10) = 16/40.
    sizes = "a 6 100000000 - | b 2 200000000 - | c 1 300000000 - | d 1 400000000 - | e 0 500000000 - | z 5 - -"
    table = concentration(programmed("op n moa_siret moa_nom", sizes))
    columns = "annee groupe bailleurs part_premier part_trois_premiers hhi gini"
    assert told(table, f"{columns} sans_bailleur") == "2013 PLUS-PLAI 4 0.6 0.9 0.42 0.4 5"
    both = programmed("op moa_siret", "a 12345678900011 | b 12345678900029")  # establishments of one SIREN
    assert told(concentration(both), "bailleurs part_premier hhi gini") == "1 1 1 0"


# Rhythm
def test_rhythm_cumulates_the_agrements_dated_in_their_year() -> None:
    table = rythme(
        programmed(
            "op an n date_agrement",
            "a 2013 2 2013-03-05 | b 2013 2 2013-10-31 | c 2013 4 2013-12-31 | e 2013 9 - | f 2014 5 2014-05-02 | "
            "d 2013 9 2014-01-02 | g 2014 5 2014-09-01",  # agreed the year after, to come
        ),
        TODAY,
    )
    year, under_way = table[table["annee"] == 2013], table[table["annee"] == 2014]
    assert year["logements"].tolist() == [0, 0, 2, 0, 0, 0, 0, 0, 0, 2, 0, 4]
    assert year["part_cumulee"].tolist() == [0, 0] + [0.25] * 7 + [0.5, 0.5, 1]
    assert under_way["mois"].tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert under_way["logements"].sum() == 5 and not under_way["annee_complete"].any()
    assert told(fin_annee(table), "annee logements part_t4 part_decembre") == "2013 8 0.75 0.5"
    undated = counted({"op": "a"})
    assert rythme(undated, TODAY).empty and fin_annee(rythme(undated, TODAY)).empty
    assert sans(undated, "date_agrement") == ["DD017"]
    assert told(delais(undated, TODAY), "n mediane") == "0 - | 0 - | 0 -"


def operation(op: str, days: int | None, **more: object) -> dict[str, object]:
    """Deposited on 1 January 2013, programmed 10 days later, agreed after `days`."""
    start = pd.Timestamp(2013, 1, 1)
    later = {"date_programmation": 10, "date_agrement": days}
    dates = {name: n and start + pd.Timedelta(days=n) for name, n in later.items()}
    return {"op": op, "date_depot": start} | dates | more


def delays(*rows: dict[str, object], columns: str = "n mediane") -> list[str]:
    """dépôt-programmation, programmation-agrément, dépôt-agrément"""
    return told(delais(counted(*rows), TODAY), columns).split(" | ")


def test_delays_count_each_operation_once_and_censor_the_open_ones() -> None:
    # Deposit to agrément: 100, 200, 300 days and one open for 546 (1 Jan. 2013 to 1 July 2014).
    # S = 3/4, 1/2, 1/4: the median is the middle of 200 and 300, q1 of 100 and 200; q3 is on the
    # last plateau, from 300 to the last day seen.
    days = {"a": 100, "b": 200, "c": 300, "d": None}
    rows = [*(operation(*own) for own in days.items()), operation("a", 100, produit="PLAI")]
    first, then, whole = delays(*rows, columns="etape n mediane q1 q3 en_cours")
    assert whole == "dépôt-agrément 4 250 150 423 1"
    assert first.startswith("dépôt-programmation 4 10") and then.startswith("programmation-agrément 4 240")
    # One that is listed twice is followed in its last year.
    assert delays(operation("a", None, an=2012), operation("a", 50, an=2013))[2] == "1 50"
    # A median that is not reached is missing.
    assert delays(operation("a", None), columns="mediane en_cours")[2] == "- 1"


def test_what_is_left_out_is_counted() -> None:
    agreed = operation("x", 100, date_programmation=None)  # not waiting for its programming
    for row in (operation("x", 100, statut="Retirée"), operation("x", -5), agreed):
        table = delais(counted(operation("a", 100), row), TODAY).set_index("etape")
        assert table["ecartees"].sum() > 0
        assert table["n"].min() == 1 and table.loc["dépôt-programmation", "mediane"] == 10


def test_a_year_is_compared_on_the_same_day_and_what_cannot_be_known_is_apart() -> None:
    columns, of_year = (
        "op an n gestionnaire statut date_agrement",
        "annee agrees_au_jour agrees_annee programmes inconnus",
    )
    rows = programmed(
        columns,
        "a 2013 2 DD017 - 2013-06-30 | b 2013 3 DD017 - 2013-07-01 | "  # the day of the extraction is not before it
        "c 2013 4 DD017 - 2014-02-01 | d 2013 5 DD017 - - | e 2013 6 DD017 Agréée - | "  # c is agreed the year after
        "f 2013 7 DD016 - - | "  # who dates nothing
        "g 2014 8 DD017 - 2014-06-01 | h 2014 9 DD017 - 2014-08-01",  # to come
    )
    assert told(avancement(rows, TODAY), of_year) == "2013 2 5 27 13 | 2014 8 8 17 0"
    silent = programmed(columns, "s 2013 1 DD016 Programmée - | t 2013 2 DD016 - -")
    assert told(avancement(silent, TODAY), of_year) == "2013 0 0 3 2"
    # c is agreed, though the year after; e says so without a date.
    assert told(engages(rows, TODAY), "annee gestionnaire programmes agrees en_attente inconnus") == (
        "2013 DD016 7 0 0 7 | 2013 DD017 20 15 5 0 | 2014 DD017 17 8 9 0"
    )
