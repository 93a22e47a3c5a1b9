"""The published editions under attack: no hidden cell is found, nor an interval below `seuil`."""

import csv
import html
import io
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import openpyxl
import pandas as pd
import pikepdf
import pytest
from attacker import HIDDEN, Edition, accounts, questionnaire, rates, training
from typer.testing import CliRunner

from spls_study.cli import app
from spls_study.publish.diff import compare
from spls_study.show.blocks import TABLE
from spls_study.study import load_study
from spls_study.tables import TABLES

ROOT = Path(__file__).parent.parent
STUDIES = (ROOT / "study.toml", ROOT / "demo" / "intermediaire" / "study.toml")
DAYS = ("2014-07-10", "2014-10-07")
BOOK = ROOT / "data" / "raw" / "questionnaires" / "bailleurs.toml"
SEUIL = 3
# Table → counts, and what is made of each: hidden with it.
PROTECTED: dict[str, dict[str, str]] = {
    "reponses": {
        "effectif": "part ic_bas ic_haut borne_min borne_max",
        "base": "part ic_bas ic_haut population valeur",
    },
    "reponses_redressees": {"base": "part_brute", "part_brute": "part erreur_type ic_bas ic_haut"},
    "croisements": {"n": "statistique p p_holm v_cramer erreur_p conclusion"},
    "non_reponse": {"n": "p"},
    "taux_reponse": {"repondants": "taux", "population": "taux"},
    "comptes_departement": {},
    "comptes_famille": {},
    "comptes_profil": {},
    "comptes_suivis": {},
    "comprehension": {},
    "droits_larges": {},
    "ouverture": {"ouverts": "a_risque survie jour"},
    "ouverture_interface": {"ouverts": "a_risque survie jour"},
    "delais_ouverture": {"comptes": "ouverts", "ouverts": "mediane ic_bas ic_haut"},
    "delais_ouverture_interface": {"comptes": "ouverts", "ouverts": "mediane ic_bas ic_haut"},
    "formations": {"presents": "part_formes", "comptes": "part_formes"},
    "satisfaction": {"presents": "satisfaits", "satisfaits": "presents part ic_bas ic_haut"},
}
BOOKS = [word for number in "235" for word in ("--notebook", number)]
load_workbook = cache(openpyxl.load_workbook)
Record = Callable[[str, object], None]


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("attaque")
    named = [word for study in STUDIES for word in ("--study", str(study))]
    done = CliRunner().invoke(app, ["build", *named, "--reports", str(folder), *BOOKS])
    assert done.exit_code == 0, done.output
    return folder


def known(name: str) -> pd.DataFrame:
    return pd.read_parquet(load_study(STUDIES[0]).processed / f"{name}.parquet")


def attacked(reports: Path, *days: str, only: str = "") -> tuple[int, dict[object, tuple[int, int]]]:
    """How many hidden cells were attacked, and those that were found or nearly; of one question, or of all."""
    editions = [Edition(reports / day) for day in days]
    bodies, profiles = known("organismes"), known("profils")
    asked = bodies[bodies.role == "bailleur"]
    groups = sorted(set(zip(asked.departements, asked.famille, strict=True)))
    systems = questionnaire(editions, BOOK, sorted(set(asked.departements)), SEUIL)
    systems["comptes"] = accounts(editions, dict(zip(profiles.profil, profiles.interface, strict=True)), SEUIL)
    systems["strates"] = rates(editions, "bailleurs", groups, SEUIL)
    systems["formations"] = training(editions, SEUIL)
    systems = {name: s for name, s in systems.items() if only in ("", name)}
    return (
        sum(len(s.targets) for s in systems.values()),
        {(name, *cell): ends for name, s in systems.items() for cell, ends in s.attack().items()},
    )


def test_nothing_is_found_from_both_editions_together(reports: Path, record_property: Record) -> None:
    cells, found = attacked(reports, *DAYS)
    record_property("cellules attaquées", cells)
    assert cells > 1000 and found == {}


def test_an_edition_hangs_on_what_the_last_one_told(reports: Path) -> None:
    done = json.loads((reports / DAYS[1] / "manifest.json").read_text("utf-8"))["executions"]
    for run, table in (("16/2_questionnaires", "reponses"), ("16/3_ouverture_des_droits", "comptes_profil")):
        assert f"{DAYS[0]}/79/tables/{table}.csv" in done[run]["entrees"]


@pytest.mark.parametrize(
    "system, day, place, name, where, shown",
    [
        ("B07", 0, "17", "reponses", {"question": "B07", "modalite": "A1"}, {"effectif": "2"}),
        ("comptes", 0, "16", "comptes_profil", {"profil": "Lecture bailleur"}, {"attribues": "5"}),
        ("comptes", 0, "16", "ouverture_interface", {"interface": "SPLS"}, {"jour": "30", "ouverts": "1"}),
        ("strates", 0, "region", "taux_reponse", {"strate": "famille=Coop"}, {"repondants": "2"}),
        ("formations", 1, "16", "satisfaction", {"territoire": "16"}, {"presents": "10", "satisfaits": "8"}),
    ],
)
def test_one_cell_shown_too_many_is_found_out(
    reports: Path,
    tmp_path: Path,
    system: str,
    day: int,
    place: str,
    name: str,
    where: dict[str, str],
    shown: dict[str, str],
) -> None:
    for table in reports.glob(f"{DAYS[day]}/*/tables/*.csv"):
        copy = tmp_path / table.relative_to(reports)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(table, copy)
    file = tmp_path / DAYS[day] / place / "tables" / f"{name}.csv"
    with file.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    row = next(r for r in rows if all(r[header.index(k)] == v for k, v in where.items()))
    for column, value in shown.items():
        assert row[header.index(column)] in (HIDDEN, "")
        row[header.index(column)] = value
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    assert attacked(tmp_path, DAYS[day], only=system)[1]


def test_what_is_made_of_a_hidden_count_is_hidden(reports: Path) -> None:
    seen = 0
    for day in DAYS:
        edition = Edition(reports / day)
        for name, made in PROTECTED.items():
            for place, row in edition.rows(name):
                for count, others in made.items():
                    if row[count] == HIDDEN:
                        seen += 1
                        assert {row[c] for c in others.split()} <= {HIDDEN, ""}, (day, place, name, row)
    assert seen > 1000


def test_no_test_rests_on_a_hidden_count(reports: Path) -> None:
    """The decimals of p, of χ² and of a weighted share are those of one table of counts."""
    for day in DAYS:
        edition = Edition(reports / day)
        for place, row in edition.rows("croisements", questionnaire="bailleurs"):
            question, _, part = row["question_a"].removesuffix("]").partition("[")
            rows = [r for p, r in edition.rows("reponses", question=question) if p == place]
            hidden = any(r["effectif"] == HIDDEN for r in rows if r["sous_question"] in (part, "", "1"))
            assert row["p"] == HIDDEN or not hidden or row["n"] == HIDDEN
        for place, row in edition.rows("reponses_redressees", questionnaire="bailleurs"):
            rates = [r for p, r in edition.rows("taux_reponse", questionnaire="bailleurs") if p == place]
            if any(HIDDEN in r.values() for r in rates if r["strate"].startswith(row["strate"])):
                assert row["part"] == HIDDEN


def test_every_format_tells_the_same_cells(reports: Path) -> None:
    for day in DAYS:
        for place, name in Edition(reports / day).tables:
            if name in PROTECTED:
                folder = reports / day / place
                text = (folder / "tables" / f"{name}.csv").read_text(encoding="utf-8")
                cells = [list(map(_text, row)) for row in list(csv.reader(io.StringIO(text)))[1:]]
                for other in (_workbook, _record, _attachment):
                    assert [list(map(_text, row)) for row in other(folder, name)] == cells, name


def test_the_page_tells_no_more(reports: Path) -> None:
    for day in DAYS:
        edition = Edition(reports / day)
        for place in edition.places:
            page = (reports / day / place / "3_ouverture_des_droits.html").read_text("utf-8").replace("\n", " ")
            cells = [re.sub(r"<[^>]+>", "", line).split() for line in re.findall(r"<tr>.*?</tr>", page)]
            for name in ("comptes_profil", "comptes_famille"):
                for row in edition.tables[place, name]:
                    assert [w for part in row.values() for w in part.split()] in cells


def test_no_sentence_nor_figure_counts_one_or_two(reports: Path) -> None:
    """In pages (alternative texts and SVG with them) and documents, of what persons say or do."""
    nouns = "compte|demande|ouverture|présent|satisfait|réponse à la question|répondant|bailleur"
    few = re.compile(rf"(?<![\d,.\u202f])[12]\s(?:des \d+ )?(?:{nouns})s?\b(?! interrogé)", re.IGNORECASE)
    assert few.search("Il reste 1\u00a0compte à ouvrir")
    for place in reports.glob("*/*/tables"):
        for file in sorted(place.parent.glob("[35]_*.*")):
            text = _words(file)
            assert few.findall(text) == [], file


def test_the_comparison_shows_no_small_change_of_what_people_do(reports: Path) -> None:
    rows = compare(reports, *DAYS).rows
    rows = rows[rows["tableau"].isin(PROTECTED) & rows["ecart"].isin([1, 2, -1, -2])]
    rows = rows[rows["colonne"].isin(["effectif", "demandes", "attribues", "ouverts", "connectes", "comptes"])]
    # Who answered at all, or left a question empty, is nobody's answer.
    assert rows[~rows["cle"].str.contains(r"modalite=(?:NR|n)\|")].empty


def test_no_table_shows_money(reports: Path) -> None:
    """A sum of money would need the rule of dominance (`secret.dominance`): there is none."""
    money = [
        c.name for table in TABLES.values() for c in table if re.search("montant|euro|subvention|loyer|prix", c.name)
    ]
    assert money == ["montant_subvention", "montant_subvention"]  # received, shown nowhere
    for notebook in (ROOT / "notebooks").glob("*.ipynb"):
        text = notebook.read_text(encoding="utf-8")
        assert not re.search(r"montant|subvention|€|\beuros?\b", text), notebook.name
    for part in ("analysis", "show", "publish"):
        for module in (ROOT / "spls_study" / part).rglob("*.py"):
            assert "montant" not in module.read_text(encoding="utf-8"), module.name


def _words(file: Path) -> str:
    if file.suffix == ".pdf":
        done = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, check=True)
        return " ".join(done.stdout.decode("utf-8").split()).replace(" : ", "\u00a0: ")
    page = re.sub(r"<(style|script)\b.*?</\1>", " ", file.read_text("utf-8"), flags=re.DOTALL)
    page = re.sub(r"<[^>]*?\b(?:alt|aria-label|title)=\"([^\"]*)\"[^>]*>", r" \1 ", page)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split(" "))


def _text(value: object) -> str:
    """As a number of twelve digits (XLSX has fifteen), or a text without its apostrophe."""
    try:
        return f"{float(str(value)):.12g}"
    except ValueError:
        return "" if value is None else str(value).lstrip("'")


def _workbook(folder: Path, name: str) -> list[list[object]]:
    sheet = load_workbook(folder / "tableaux.xlsx", read_only=True)[name[:31]]
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]


def _record(folder: Path, name: str) -> list[list[object]]:
    for file in sorted((folder / "notebooks").glob("*.ipynb")):
        for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                some = output.get("data", {}).get(TABLE, [])
                for table in some if isinstance(some, list) else [some]:
                    if table["name"] == name:
                        return table["data"]
    raise AssertionError(name)


def _attachment(folder: Path, name: str) -> list[list[str]]:
    for file in sorted(folder.glob("*.pdf")):
        with pikepdf.open(file) as pdf:
            if f"{name}.csv" in pdf.attachments:
                data = pdf.attachments[f"{name}.csv"].get_file().read_bytes().decode("utf-8")
                return list(csv.reader(io.StringIO(data)))[1:]
    raise AssertionError(name)
