"""The open reference data that the project ships."""

import csv
import json

from spls_study import reference
from spls_study.study import REFERENCE


def rows(name):
    with (REFERENCE / name).open(encoding="utf-8", newline="") as stream:
        return [*csv.DictReader(stream)]


def test_communes_have_one_row_a_code_sorted_and_a_former_one_leads_to_the_one_that_holds_it():
    now = {r["code_insee"]: r["code_insee_actuel"] for r in rows("communes.csv")}
    codes = [r["code_insee"] for r in rows("communes.csv")]
    assert codes == sorted(now) and len(codes) > 37_000
    assert {"75101", "13201", "2A004", "97105", "17300"} <= set(codes)
    assert (now["16004"], now["13201"]) == ("16230", "13055")  # Aignes-et-Puypéroux, Montmoreau
    assert all(now[code] == code for code in set(now.values()) - {""})


def test_the_four_departments_have_the_communes_of_2014_departements_their_populations_and_outlines():
    passage = {r["code_insee_2014"]: r["nom_2014"] for r in rows("passage_communes_2014_2019.csv")}
    own = [r for r in rows("communes.csv") if r["departement"] in ("16", "17", "79", "86")]
    known = {r["code_insee"]: r["nom"] for r in own if r["existe_2014"] == "oui"}
    assert known == passage and len(known) == 1460
    table = {r["code"]: r for r in rows("departements.csv")}
    shapes = json.loads((REFERENCE / "departements.geojson").read_text(encoding="utf-8"))["features"]
    assert len(table) == 101 and [f["properties"]["code"] for f in shapes] == [*table]
    # INSEE's published totals; of 2023, Corse, then Guadeloupe.
    for column, codes, total in (
        ("population_2012", ("16", "17", "79", "86"), 1_783_991),
        ("population_2023", ("2A", "2B"), 355_486),
        ("population_2023", ("971",), 384_160),
    ):
        assert sum(int(table[code][column]) for code in codes) == total


def test_a_drawn_commune_has_the_codes_of_those_that_it_took_in_and_dwellings_have_their_vintage():
    drawn = reference.communes(["16"])
    codes = set().union(*(own for own, _ in drawn))
    before = {r["code_insee_2014"] for r in rows("passage_communes_2014_2019.csv") if r["code_insee_2014"][:2] == "16"}
    assert len(before - codes) < 0.02 * len(before)
    assert all(rings for _, rings in drawn) and reference.communes(["2A"]) == []
    stock, year = reference.social_dwellings(["16", "17"])
    own = [r for r in rows("departements.csv") if r["code"] in ("16", "17")]
    assert (year, stock.sum()) == ("2024", sum(int(r["logements_sociaux_2024"]) for r in own))
    assert reference.social_dwellings(["2A"])[0].empty
