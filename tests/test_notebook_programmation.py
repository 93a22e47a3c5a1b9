"""Notebook 1 run cell by cell, without a kernel, on studies small and odd."""

import re
from datetime import date

import pytest
from running import displayed, readable, tables, words
from samples import checked

from spls_study.starter import plan_of
from spls_study.starter.plan import rendered

NOTEBOOK = "1_programmation"


def study_file(folder, departements, rows, first=2010, more=""):
    text = rendered("study.toml", plan_of(None, ",".join(departements), "Essai", "SPLS", date(2014, 7, 10)))
    (folder / "study.toml").write_text(text.replace("[2010, 2014]", f"[{first}, 2014]") + more, encoding="utf-8")
    (folder / "data" / "processed").mkdir(parents=True)
    rows.to_parquet(folder / "data" / "processed" / "programmation.parquet")
    return folder / "study.toml"


def dated(op, **more):
    days = {"date_depot": "2013-01-10", "date_programmation": "2013-03-01", "date_agrement": "2013-11-20"}
    return {"op": op} | days | more


ORDINARY = [
    dated(f"a{i}", n=i + 1, moa_siret=f"00000000{i % 5}00012", produit=("PLUS", "PLAI", "PLS")[i % 3], zone_123="2")
    for i in range(40)
]
CASES = {
    "nothing at all": (["17"], [], 2010),
    "one operation, no date": (["16", "17"], [{"op": "a"}], 2010),
    "one bailleur, one year": (["17"], [dated("a"), dated("b", produit="PLS")], 2014),
    "enough to draw everything": (["16", "17"], [*ORDINARY, dated("z", dep="16")], 2012),
    "overseas": (["971"], [dated("a", dep="971", gestionnaire="DD971", code_insee="97105")], 2010),
    "Corsica": (
        ["2A", "2B"],
        [dated("a", dep="2A"), dated("b", dep="2B", produit="PLS", type_beneficiaire=None)],
        2010,
    ),
    "twelve departments": (
        [f"{d:02}" for d in range(1, 13)],
        [dated(f"{d}{i}", dep=f"{d:02}", gestionnaire=f"DD{d:03}") for d in range(1, 13) for i in range(2)],
        2010,
    ),
    "only other products": (["17"], [dated("a", produit="PSLA")], 2010),
    "no dwelling": (["17"], [dated("a", n=0), dated("b", n=0, produit="PLS")], 2010),
}


@pytest.mark.parametrize("name", CASES)
def test_any_study_gives_every_table_and_a_readable_report(name, tmp_path):
    departements, rows, first = CASES[name]
    study = study_file(tmp_path, departements, checked(*rows), first)
    for territoire in ("region", departements[0])[: len(departements)]:
        shown = displayed(NOTEBOOK, study, territoire, slices_are_there=territoire != "region")
        readable(shown, "1")
        for block in shown:
            if block.kind == "graphique":
                title = block.content["titre"].replace("\u202f", "")
                assert len(re.findall(r"\S*\w\S*", title)) <= 15, title
            if block.kind == "tableau":
                assert len(block.content["entetes"]) <= 8 and len(block.content["lignes"]) <= 15
                assert all(cell for line in block.content["lignes"] for cell in line)
        for text in words(shown):
            assert not re.search(r"None|  | [;!?%:]", text), text


def test_a_department_tells_its_own_rows_and_the_region_all_and_control_totals_are_the_regions(tmp_path):
    control = '[[cadrage]]\nindicateur = "T"\nannee = 2013\ngroupe = "PLUS-PLAI"\nattendu = 20\n'
    rows = checked({"op": "a"}, {"op": "b", "dep": "16"}, {"op": "c", "produit": "PSLA"})
    study = study_file(tmp_path, ["16", "17"], rows, more=control)
    found = {place: tables(displayed(NOTEBOOK, study, place)) for place in ("16", "17", "region")}
    volumes = {place: {tuple(row) for row in own["volumes"]["data"]} for place, own in found.items()}
    assert volumes["16"] and volumes["17"] and not volumes["16"] & volumes["17"]
    assert volumes["region"] == volumes["16"] | volumes["17"] and len(found["region"]["volumes"]["data"]) == 3
    assert all(own["cadrage"]["data"] == [["T", 20, 20, 0, "conforme"]] for own in found.values())
