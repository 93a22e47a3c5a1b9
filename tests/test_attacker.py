"""The published editions under attack: no hidden cell is found, nor an interval below `seuil`."""

import csv
import io
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pikepdf
import pytest
from attacker import HIDDEN, Edition, accounts, questionnaire
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
PROTECTED = (
    "reponses",
    "taux_reponse",
    "comptes_departement",
    "comptes_famille",
    "comptes_profil",
    "comprehension",
    "delais_ouverture",
    "delais_ouverture_interface",
)
Record = Callable[[str, object], None]


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("attaque")
    named = [word for study in STUDIES for word in ("--study", str(study))]
    done = CliRunner().invoke(app, ["build", *named, "--reports", str(folder), "--notebook", "2", "--notebook", "3"])
    assert done.exit_code == 0, done.output
    return folder


def known(name: str) -> pd.DataFrame:
    return pd.read_parquet(load_study(STUDIES[0]).processed / f"{name}.parquet")


def attacked(reports: Path, *days: str) -> tuple[int, dict[object, tuple[int, int]]]:
    """How many hidden cells were attacked, and those that were found or nearly."""
    editions = [Edition(reports / day) for day in days]
    bodies, profiles = known("organismes"), known("profils")
    places = sorted(set(bodies.loc[bodies.role == "bailleur", "departements"]))
    systems = {"comptes": accounts(editions, dict(zip(profiles.profil, profiles.interface, strict=True)), SEUIL)}
    systems |= questionnaire(editions, BOOK, places, SEUIL)
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
    "name, where, column",
    [
        ("reponses", {"question": "B07", "modalite": "A1"}, "effectif"),
        ("comptes_profil", {"profil": "Lecture bailleur"}, "attribues"),
    ],
)
def test_one_cell_shown_too_many_is_found_out(
    reports: Path, tmp_path: Path, name: str, where: dict[str, str], column: str
) -> None:
    shutil.copytree(reports / DAYS[0], tmp_path / DAYS[0])
    file = tmp_path / DAYS[0] / "16" / "tables" / f"{name}.csv"
    file = file if name != "reponses" else tmp_path / DAYS[0] / "17" / "tables" / f"{name}.csv"
    with file.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    at = header.index(column)
    row = next(r for r in rows if all(r[header.index(k)] == v for k, v in where.items()))
    assert row[at] == HIDDEN
    row[at] = "2" if name == "reponses" else "5"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    assert attacked(tmp_path, DAYS[0])[1]


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
        for place, row in Edition(reports / day).rows("comptes_profil"):
            page = (reports / day / place / "3_ouverture_des_droits.html").read_text("utf-8")
            cells = [
                re.sub(r"<[^>]+>", "", line).split() for line in re.findall(r"<tr>.*?</tr>", page.replace("\n", " "))
            ]
            line = [w for part in row.values() for w in part.split()]
            assert line in cells


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


def _text(value: object) -> str:
    """As a number of fifteen digits (XLSX has no more), or a text without its apostrophe."""
    try:
        return f"{float(str(value)):.14g}"
    except ValueError:
        return "" if value is None else str(value).lstrip("'")


def _workbook(folder: Path, name: str) -> list[list[object]]:
    sheet = openpyxl.load_workbook(folder / "tableaux.xlsx", read_only=True)[name[:31]]
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
