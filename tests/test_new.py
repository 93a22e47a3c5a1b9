"""`spls-study new`: what it writes, what it refuses, and the reports of three filled regions."""

import os
import re
import subprocess
import sys
import zipfile
from csv import DictReader
from datetime import date
from html import unescape
from pathlib import Path

import openpyxl
import pytest
from starting import BAILLEURS, DWELLINGS, fill, run, started
from typer.testing import CliRunner

from notebook_reports.errors import UsageError
from spls_study.cli import app
from spls_study.cli.data import checked_of
from spls_study.questionnaires import load_codebooks
from spls_study.show import title_block
from spls_study.starter import plan_of
from spls_study.starter.places import of_region, places
from spls_study.starter.plan import SCHEDULES, rendered
from spls_study.study import REFERENCE, Study, load_study
from spls_study.tables import TABLES, read_table

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ("1_programmation", "2_questionnaires", "3_ouverture_des_droits", "4_processus", "5_deploiement", "6_copil")


def text_of(html: Path) -> str:
    """What a reader sees."""
    page = html.read_text(encoding="utf-8")
    shown = re.sub("<[^>]+>", " ", page[page.index("<body") :])
    return unescape(shown)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return started(
        tmp_path_factory.mktemp("neuf") / "pc",
        "--departements",
        "86,16, 17,79",
        "--nom",
        'Poitou-Charentes "54"',
        "--application",
        "SIAP",
    )


def test_the_study_is_that_of_the_departments_and_names_the_application(empty: Study) -> None:
    assert empty.region.nom == 'Poitou-Charentes "54"' and empty.region.code == "16-17-79-86"
    assert [*empty.departements.items()][1] == ("17", "Charente-Maritime")
    assert [(g.id, g.nom) for g in empty.gestionnaires] == [
        ("DD016", "DDT 16"),
        ("DD017", "DDTM 17"),
        ("DD079", "DDT 79"),
        ("DD086", "DDT 86"),
    ]
    assert empty.etude.application == "SIAP" and not empty.etude.donnees_fictives
    books = load_codebooks(empty)
    assert set(books) == {"bailleurs", "gestionnaires"}
    assert empty.copil.questions.items() <= {(id, q.code) for id, book in books.items() for q in book.questions}
    written = [p for p in empty.root.rglob("*") if p.suffix in (".toml", ".md")]
    lines = [line for p in written for line in p.read_text(encoding="utf-8").splitlines()]
    assert not [line for line in lines if "SPLS" in line]
    assert {"data/raw/*", "!data/raw/questionnaires/*.toml", "reports/", "data/processed/"} <= set(
        (empty.root / ".gitignore").read_text(encoding="utf-8").split()
    )
    ready = {p.name: p.read_bytes() for p in (empty.root / "planification").iterdir()}
    assert ready == {p.name: p.read_bytes() for p in SCHEDULES.iterdir()} != {}
    told = (empty.root / "docs" / "planification.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in told for name in ready if name != "spls-study.service" and name != "spls-study.timer")
    assert "spls-study.service spls-study.timer" in told and 'TN "SIAP\\Edition"' in told


def test_what_new_cannot_know_is_asked_for_until_it_is_filled(tmp_path: Path) -> None:
    def said() -> str:
        command = [sys.executable, "-m", "spls_study", "check", "--study", str(tmp_path / "e")]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
        return done.stderr

    run("new", str(tmp_path / "e"), "--region", "94")
    file = tmp_path / "e" / "study.toml"
    asked = load_study(file).to_fill
    assert [line.partition("\u00a0: ")[2].split()[0] for line in asked] == ["copil.date", "copil.contact"]
    assert said().splitlines() == asked
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('date = "a-completer"', "date = 2014-07-10"), encoding="utf-8")
    assert said().splitlines() == asked[1:]
    text = file.read_text(encoding="utf-8").replace("a-completer@exemple.fr", "dreal@exemple.fr")
    file.write_text(text, encoding="utf-8")
    assert said() == ""


def test_a_note_without_a_date_of_its_committee_says_so(empty: Study) -> None:
    undated = empty.model_copy(update={"copil": empty.copil.model_copy(update={"date": None})})
    assert "date à fixer" in str(title_block(undated, undated.territory("17"), "Note")._repr_mimebundle_())


@pytest.mark.parametrize("region", sorted({p.region for p in places()}))
def test_every_region_has_its_departments_and_services(region: str, tmp_path: Path) -> None:
    plan = plan_of(region, None, None, "SPLS", date(2014, 7, 10))
    (tmp_path / "study.toml").write_text(rendered("study.toml", plan), encoding="utf-8")
    study = load_study(tmp_path / "study.toml")
    assert [*study.departements] == [p.code for p in of_region(region)]
    assert {g.departement for g in study.gestionnaires} == {*study.departements}


def test_services_are_those_of_the_place() -> None:
    kinds = {p.code: p.service for p in places()}
    assert [kinds[c] for c in ("17", "2A", "23", "75", "93", "77", "974")] == [
        "DDTM",
        "DDTM",
        "DDT",
        "DRIHL",
        "DRIHL",
        "DDT",
        "DEAL",
    ]
    assert sum(kind == "DDTM" for kind in kinds.values()) == 26  # decree 2009-1484, annex


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--region", "54"), "Région inconnue : « 54 »"),
        (("--departements", "16,975", "--nom", "X"), "Département inconnu : 975"),
        (("--departements", "16,17"), "donnez-leur un nom"),
        ((), "soit --region"),
        (("--region", "24", "--departements", "16"), "soit --region"),
    ],
)
def test_what_is_asked_wrongly_is_refused(arguments: tuple[str, ...], sentence: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["new", str(tmp_path / "x"), *arguments])
    assert isinstance(done.exception, UsageError)
    assert sentence in str(done.exception).replace("\u00a0", " ")
    assert not (tmp_path / "x").exists()


def test_nothing_is_written_over(empty: Study) -> None:
    before = {p: p.read_bytes() for p in empty.root.rglob("*") if p.is_file()}
    done = subprocess.run(
        [sys.executable, "-m", "spls_study", "new", empty.root, "--region", "24"],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 2 and "n'est pas un dossier vide" in done.stderr
    assert {p: p.read_bytes() for p in empty.root.rglob("*") if p.is_file()} == before


def test_every_column_has_its_meaning_and_an_example() -> None:
    assert all(c.meaning and c.example for columns in TABLES.values() for c in columns)


@pytest.mark.parametrize("table", TABLES)
def test_a_template_has_lists_and_a_notice_and_reads_as_an_empty_table(table: str, empty: Study) -> None:
    book = openpyxl.load_workbook(empty.raw / f"{table}.xlsx")
    assert book.sheetnames == [table, "Notice", "Listes"]
    assert book["Listes"].sheet_state == "hidden"
    columns = TABLES[table]
    assert [cell.value for cell in book[table][1]] == [c.name for c in columns]
    rules = {str(r.sqref).split(":")[0]: r for r in book[table].data_validations.dataValidation}
    for place, column in enumerate(columns, 1):
        rule = rules[book[table].cell(2, place).coordinate]
        assert rule.promptTitle == column.name and 0 < len(rule.prompt) < 256
        offered = _offered(book, rule.formula1) if rule.type == "list" else ()
        assert offered[: len(column.values)] == column.values
        if column.name == "gestionnaire":
            assert offered == ("DDT 16", "DDTM 17", "DDT 79", "DDT 86")
    told = [row[0] for row in book["Notice"].iter_rows(min_row=5, values_only=True)]
    assert [name.split("\u00a0: ")[1] for name in told] == [c.name for c in columns]


def _offered(book: openpyxl.Workbook, reference: str) -> tuple[str, ...]:
    cells = book["Listes"][reference.removeprefix("Listes!").replace("$", "")]
    return tuple(r[0].value for r in cells) if isinstance(cells, tuple) else (cells.value,)


def test_check_says_what_is_missing_and_what_it_hinders(empty: Study) -> None:
    (empty.raw / "charte.xlsx").unlink()
    found, sound = checked_of(empty, empty.root / "reports", strict=True, force=True)
    assert sound and not found.refused
    assert all(not len(read_table(empty, table)) for table in TABLES)
    lines = [line for line in found.lines if "rapport" in line]
    assert len(lines) == len(TABLES) + 2
    assert [line for line in lines if line.startswith("Table charte")] == [
        "Table charte\u00a0: rien n'a été reçu\u202f; pas de suivi de la charte de gestion (rapports 5 et 6)."
    ]
    assert any(line.startswith("comptes.xlsx\u00a0: aucune ligne") for line in lines)
    assert any(line.startswith("Questionnaire bailleurs\u00a0: ") for line in lines)


def test_a_study_without_any_data_gives_its_reports_all_the_same(empty: Study) -> None:
    run("build", "--study", str(empty.file), "--territory", "17")
    for report in REPORTS:
        text = text_of(empty.root / "reports" / "2014-07-10" / "17" / f"{report}.html")
        assert not {"None", "nan", "NaN", "NaT", "<NA>", "Traceback"} & set(text.split())


# All the reports of two regions; of the largest, with twelve departments, those of the region, and
# all of them in `make regions`.
LARGEST = [p.code for p in of_region("84")] if os.environ.get("SPLS_WHOLE") else []


@pytest.mark.parametrize(
    ("region", "application", "shown"),
    [("84", "SPLS", (*LARGEST, "region")), ("94", "SPLS", ("2A", "2B", "region")), ("04", "SIAP", ("974", "region"))],
)
def test_a_region_filled_from_its_templates_gives_all_its_reports(
    region: str, application: str, shown: tuple[str, ...], tmp_path: Path
) -> None:
    study = started(tmp_path / "etude", "--region", region, "--application", application)
    fill(study)
    found, sound = checked_of(study, study.root / "reports", strict=True)
    assert sound and not found.refused and not [line for line in found.lines if "rapport" in line]
    asked = [word for code in shown for word in ("--territory", code)]
    run("build", "--study", str(study.file), *asked)
    edition = study.root / "reports" / "2014-07-10"
    departments = len(study.departements)
    for code in shown:
        for report in REPORTS:
            assert (edition / code / f"{report}.pdf").read_bytes().startswith(b"%PDF")
            page = edition / code / f"{report}.html"
            html, text = page.read_text(encoding="utf-8"), text_of(page)
            # Two bailleurs answer by department: of report 2 only its service's answers are shown there.
            least = 0 if report == "2_questionnaires" and code != "region" else 3
            assert html.count("<figure") + html.count("<table") > least, (code, report)
            assert application in text
            assert application == "SPLS" or "SPLS" not in text, (code, report)
        with (edition / code / "tables" / "volumes.csv").open(encoding="utf-8") as stream:
            dwellings = sum(int(r["logements"]) for r in DictReader(stream))
        each = 2 * BAILLEURS * sum(DWELLINGS.values())
        assert dwellings == each * (departments if code == "region" else 1)


def test_an_installed_wheel_starts_and_publishes_a_study(tmp_path: Path) -> None:
    """Unpacked, it is all that Python sees of the project."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    [wheel] = tmp_path.glob("*.whl")
    home = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(home)
    assert {p.name for p in (home / "spls_study" / "reference").iterdir()} == {p.name for p in REFERENCE.iterdir()}
    env = {**os.environ, "PYTHONPATH": str(home), "PYTHONUTF8": "1"}
    found = subprocess.run(
        [sys.executable, "-c", "import spls_study; print(spls_study.__file__)"],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert Path(found.stdout.strip()).is_relative_to(home)
    for arguments in (
        ("new", "e", "--region", "04"),
        ("build", "--study", "e/study.toml", "--notebook", "5", "--territory", "974"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "spls_study", *arguments],
            cwd=tmp_path,
            env=env,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stderr
    [report] = tmp_path.glob("e/reports/*/974/5_deploiement.html")
    assert "La Réunion" in report.read_text(encoding="utf-8")
    manifest = (report.parent.parent / "manifest.json").read_text(encoding="utf-8")
    assert "requirements.lock" in manifest
