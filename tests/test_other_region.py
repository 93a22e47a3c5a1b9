"""Another region, known only by a bare SISAL extract: the same reports, no change of code."""

import csv
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
import xlsxwriter

STUDY = """
[etude]
titre = "Déploiement de SPLS en Corse"
application = "SPLS"
edition = 2014-07-10
extraction = 2014-07-01
annees = [2012, 2014]
annee_reference = 2013
[region]
code = "94"
nom = "Corse"
[departements]
2A = "Corse-du-Sud"
2B = "Haute-Corse"
[[gestionnaires]]
id = "DD02A"
nom = "DDTM 2A"
departement = "2A"
[[gestionnaires]]
id = "DD02B"
nom = "DDTM 2B"
departement = "2B"
[copil]
date = 2014-07-10
auteur = "DREAL de Corse"
contact = "spls@exemple.fr"
"""
HEADER = (
    "Année Gestion Programmation",
    "Année Gestion Clôture",
    "N° Opération GALION",
    "Commune",
    "Gestionnaire",
    "MOA (nom officiel)",
    "MOA (code SIRET)",
    "Type d'habitat",
    "Nature logement",
    "Type Bénéficiaire",
    "Produit",
    "Nb logts",
    "SU totale",
)
OFFICE = ("Office fictif du Maquis", "'00004840500013")
ROWS = [
    (
        2012,
        "NA",
        "2012DD02A0001",
        "AJACCIO",
        "DDTM 2A",
        *OFFICE,
        "collectif",
        "Logements ordinaires",
        "Ménages",
        "PLUS",
        12,
        "1\u202f017,2",
    ),
    (
        2013,
        "NA",
        "2013DD02A0001",
        "Ajaccio",
        "DDTM 2A",
        *OFFICE,
        "collectif",
        "Logements ordinaires",
        "Ménages",
        "PLUS",
        20,
        "1 300",
    ),
    (
        2013,
        "NA",
        "2013DD02A0001",
        "Ajaccio",
        "DDTM 2A",
        *OFFICE,
        "individuel",
        "Logements ordinaires",
        "Ménages",
        "PLUS",
        4,
        "310,5",
    ),
    (
        2013,
        "NA",
        "2013DD02B0001",
        "Bastia",
        "DDTM 2B",
        *OFFICE,
        "collectif",
        "Autres logements foyers",
        "Personnes âgées",
        "PLS",
        60,
        "Non renseigné",
    ),
]
REPORTS = ["1_programmation", "2_questionnaires", "3_ouverture_des_droits", "4_processus", "5_deploiement", "6_copil"]


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corse")
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    (folder / "data" / "raw").mkdir(parents=True)
    book = xlsxwriter.Workbook(folder / "data" / "raw" / "programmation.xlsx")
    sheet = book.add_worksheet("Rapport 1")
    sheet.write(1, 1, "Rapport 1")
    for number, row in enumerate([HEADER, *ROWS], start=3):
        sheet.write_row(number, 1, row)
    book.close()
    command = [sys.executable, "-m", "spls_study", "build"]
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "reports" / "2014-07-10"


@pytest.mark.parametrize("territory", ["2A", "2B", "region"])
def test_every_report_is_there(reports: Path, territory: str) -> None:
    found = {f.name for f in (reports / territory).iterdir() if f.is_file()}
    assert found == {f"{r}.{kind}" for r in REPORTS for kind in ("html", "pdf")} | {"tableaux.xlsx"}


def test_the_volumes_are_those_of_the_extract(reports: Path) -> None:
    with (reports / "region" / "tables" / "volumes.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert [
        tuple(r[c] for c in ("annee", "departement", "produit", "logements", "operations"))
        for r in rows
        if int(r["logements"])
    ] == [("2012", "2A", "PLUS", "12", "1"), ("2013", "2A", "PLUS", "24", "1"), ("2013", "2B", "PLS", "60", "1")]


SILENCE = {
    "2_questionnaires": "L'étude n'a pas de questionnaire.",
    "3_ouverture_des_droits": "Aucun compte n'est connu pour le département",
    "4_processus": "Aucun processus de programmation n'a été décrit pour le département.",
    "5_deploiement": "Aucune donnée de suivi n'a été reçue",
}


@pytest.mark.parametrize("report", REPORTS)
def test_reports_without_data_say_so_in_french(reports: Path, report: str) -> None:
    html = (reports / "2A" / f"{report}.html").read_text(encoding="utf-8")
    text = unescape(re.sub(r"<details.*?</details>|<[^>]+>", " ", html[html.index("<main") :], flags=re.DOTALL))
    assert SILENCE.get(report, "") in text.replace("\u2019", "'")
    assert not {"None", "nan", "NaN", "NaT", "<NA>", "Traceback"} & set(text.split())
