"""Notebook 1 run cell by cell, without a kernel, on studies small and odd."""

import ast
import json
import re
from pathlib import Path

import pandas as pd
import pytest
from running import NOTEBOOKS, displayed, tables, words
from samples import checked

from spls_study.study import UnknownTerritory

pytestmark = pytest.mark.filterwarnings("ignore:Glyph")

NOTEBOOK = NOTEBOOKS / "1_programmation.ipynb"
CONTRACT = {  # design.md §4
    "volumes": "annee departement produit logements operations",
    "volumes_gestionnaire": "annee gestionnaire produit logements operations",
    "parts_departement": "annee groupe departement logements part",
    "pls_beneficiaires": "annee departement type_beneficiaire logements operations part",
    "concentration": "annee groupe bailleurs part_premier part_trois_premiers hhi gini",
    "rythme": "annee groupe mois logements part_cumulee",
    "delais": "gestionnaire etape n mediane q1 q3",
    "specialisation": "departement groupe part_logements part_reference quotient",
    "cadrage": "indicateur attendu observe ecart statut",
    "avancement": "annee groupe departement agrees_au_jour agrees_annee programmes inconnus",
    "volumes_secteur": "secteur tension groupe logements part parc_social pour_100_logements",
}
STUDY = """
[etude]
titre = "Essai"
application = "SPLS"
edition = 2014-07-10
extraction = 2014-07-01
annees = [{first}, 2014]
annee_reference = 2013
[region]
code = "00"
nom = "Essai"
[copil]
date = 2014-07-10
auteur = "DREAL"
contact = "x@exemple.fr"
[specialisation]
reference = "population_2023"
[departements]
{departements}
"""


def study_file(folder: Path, departements: list[str], rows: pd.DataFrame, first: int = 2010, more: str = "") -> Path:
    names = "\n".join(f'{d} = "Département {d}"' for d in departements)
    text = STUDY.format(first=first, departements=names) + more
    (folder / "study.toml").write_text(text, encoding="utf-8")
    processed = folder / "data" / "processed"
    processed.mkdir(parents=True)
    rows.to_parquet(processed / "programmation.parquet")
    return folder / "study.toml"


def dated(op: str, **more: object) -> dict[str, object]:
    return {
        "op": op,
        "date_depot": "2013-01-10",
        "date_programmation": "2013-03-01",
        "date_agrement": "2013-11-20",
    } | more


HOSTILE = '<script>alert("&")</script> $x^2$ #import "a" [b] \x0b=1+1'
ORDINARY = [
    dated(f"a{i}", n=i + 1, moa_siret=f"00000000{i % 5}00012", produit=("PLUS", "PLAI", "PLS")[i % 3], zone_123="2")
    for i in range(40)
]
CASES: dict[str, tuple[list[str], list[dict[str, object]], int]] = {
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
    "hostile names": (
        ["17"],
        [
            *[row | {"moa_nom": HOSTILE} for row in ORDINARY],
            dated(
                "z", moa_siret=None, moa_nom=HOSTILE, produit=HOSTILE, type_beneficiaire=HOSTILE, gestionnaire=HOSTILE
            ),
        ],
        2010,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_any_study_gives_every_table_and_a_readable_report(name: str, tmp_path: Path) -> None:
    departements, rows, first = CASES[name]
    study = study_file(tmp_path, departements, checked(*rows), first)
    for territoire in (departements[0], "region") if len(departements) == 2 else ("region",):
        shown = displayed(NOTEBOOK.stem, study, territoire)
        found = tables(shown)
        for table, columns in CONTRACT.items():
            wanted = columns.split()
            assert found[table]["columns"][: len(wanted)] == wanted
        for block in shown:
            if block.kind == "graphique":
                title = block.content["titre"].replace("\u202f", "")
                assert len(re.findall(r"\S*\w\S*", title)) <= 15, title
                assert len(block.content["alternative"]) <= 150
            if block.kind == "tableau":
                assert len(block.content["entetes"]) <= 8
                assert len(block.content["lignes"]) <= 15
                assert all(cell for line in block.content["lignes"] for cell in line)
            assert block.html() and block.typst()
        for text in words(shown):
            assert not re.search(r"\bnan\b|None|<NA>|  ", text.replace(HOSTILE, "")), text
            if HOSTILE not in text:
                assert not re.search(r" [;!?%:]", text), text


def test_a_department_tells_its_own_rows_and_the_region_all(tmp_path: Path) -> None:
    departements = ["16", "17"]
    rows = checked({"op": "a", "produit": "PSLA"}, {"op": "b", "dep": "16", "produit": "PALULOS"})
    study = study_file(tmp_path, departements, rows)
    whole = tables(displayed(NOTEBOOK.stem, study, "region"))["volumes"]["data"]
    parts = [tables(displayed(NOTEBOOK.stem, study, d))["volumes"]["data"] for d in departements]
    assert sorted(map(tuple, whole)) == sorted(tuple(row) for part in parts for row in part)


def test_control_totals_are_the_regions_in_every_report(tmp_path: Path) -> None:
    control = '[[cadrage]]\nindicateur = "T"\nannee = 2013\ngroupe = "PLUS-PLAI"\nattendu = 20\n'
    rows = checked({"op": "a"}, {"op": "b", "dep": "16"})
    study = study_file(tmp_path, ["16", "17"], rows, more=control)
    for territoire in ("16", "17", "region"):
        found = tables(displayed(NOTEBOOK.stem, study, territoire))["cadrage"]
        assert found["data"] == [["T", 20, 20, 0, "conforme"]]


def test_an_unknown_territory_stops_at_the_first_cell(tmp_path: Path) -> None:
    study = study_file(tmp_path, ["17"], checked())
    with pytest.raises(UnknownTerritory, match="Territoire inconnu"):
        displayed(NOTEBOOK.stem, study, "99")


def test_the_notebook_defines_no_function_and_has_its_two_parameters() -> None:
    code = [
        "".join(c["source"])
        for c in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
        if c["cell_type"] == "code"
    ]
    assert code[0] == 'etude = "../study.toml"\nterritoire = "region"'
    assert not any(
        isinstance(node, (ast.FunctionDef, ast.Lambda, ast.ClassDef))
        for cell in code
        for node in ast.walk(ast.parse(cell))
    )
