"""`spls-study new`: what it writes, what it refuses, and the reports of regions filled as an analyst would."""

import os
import re
import subprocess
import sys
import zipfile
from datetime import date
from html import unescape
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from command import contents, done, process, run, swap

from conftest import ROOT
from demo import france
from spls_study.cli.data import checked_of
from spls_study.codebook import load_codebooks
from spls_study.columns import columns
from spls_study.intake import check
from spls_study.show import headline
from spls_study.starter import SCHEDULES, plan_of, rendered
from spls_study.starter.places import of_region, places
from spls_study.study import REFERENCE, load_study
from spls_study.tables import ORIGIN, TABLES, read_table

pytestmark = pytest.mark.reports
REPORTS = ("1_programmation", "2_questionnaires", "3_ouverture_des_droits", "4_processus", "5_deploiement", "6_copil")
DATES = {"edition": "2014-07-10", "extraction": "2014-07-01", "date": "2014-07-10", "annees": "[2011, 2014]"}
DATES["annee_reference"] = "2013"


def started(folder, *arguments):
    """A new study, with the dates of the tests."""
    done(folder.parent, "new", folder.name, *arguments)
    file = folder / "study.toml"
    text = file.read_text(encoding="utf-8")
    for key, value in DATES.items():
        text = re.sub(rf"^{key} = (\[.*?\]|\S+)", f"{key} = {value}", text, flags=re.M)
    file.write_text(text, encoding="utf-8")
    return load_study(file)


ROWS = 20_000  # of France: some hundreds in a region


def fill(study):
    """A small study of the same region, of France's demonstration, in the templates; then some answers in each form."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(france, "ROWS", ROWS)
        [file] = france.write_france(study.root.parent / "france", [study.region.code])
    source = load_study(file)
    check(source)
    tables = {name: read_table(source, name).drop(columns=list(ORIGIN)) for name in TABLES}
    planned = tables["programmation"]
    tables["programmation"] = planned[planned["annee_programmation"] >= 2011]
    again = tables["programmation"].head(40)
    tables["rapprochement"] = again.assign(nb_logements=again["nb_logements"] + 1)
    names = {g.id: g.nom for g in source.gestionnaires}
    for name, table in tables.items():
        file = study.raw / f"{name}.xlsx"
        book = openpyxl.load_workbook(file)
        cells = table.reindex(columns=[c.name for c in TABLES[name]]).astype(object)
        for number, row in enumerate(cells.where(cells.notna(), None).itertuples(index=False), 2):
            for place, value in enumerate(row, 1):
                if isinstance(value, str):
                    value = names.get(value, value).replace("SPLS", study.etude.application)
                book[name].cell(number, place, value)
        book.save(file)
    done(study.root, "check")
    done(study.root, "forms")
    bodies = tables["organismes"].groupby("role")["nom"].apply(list)
    for codebook in load_codebooks(study).values():
        several = 8 if codebook.population == "bailleur" else None  # each service answers: its report 2 shows it
        for rank, body in enumerate(bodies[codebook.population][:several]):
            _answer(study, codebook, body, rank)


def _answer(study, codebook, name, rank):
    book = openpyxl.load_workbook(study.root / "formulaires" / codebook.id / f"{codebook.id}.xlsx")
    place = {row[0].value: row[2] for row in book.active.iter_rows() if row[0].value}
    place[codebook.repondant].value = name
    for column in columns(codebook):
        choices = tuple(column.question.choices.values())
        if column.entry == "choix":
            place[column.header].value = choices[rank % len(choices)]
    file = study.raw / "questionnaires" / codebook.id / f"{rank}.xlsx"
    file.parent.mkdir(exist_ok=True)
    book.save(file)


def text_of(html):
    """What a reader sees at once."""
    page = html.read_text(encoding="utf-8")
    shown = re.sub(r"<details.*?</details>|<[^>]+>", " ", page[page.index("<body") :], flags=re.DOTALL)
    return unescape(shown).replace("\u2019", "'")


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    asked = ("--departements", "86,16, 17,79", "--nom", 'Poitou-Charentes "54"', "--application", "SIAP")
    return started(tmp_path_factory.mktemp("neuf") / "pc", *asked)


def test_the_study_is_that_of_the_departments_and_names_the_application(empty):
    assert empty.region.nom == 'Poitou-Charentes "54"' and empty.region.code == "16-17-79-86"
    assert [*empty.departements.items()][1] == ("17", "Charente-Maritime")
    services = {"DD016": "DDT 16", "DD017": "DDTM 17", "DD079": "DDT 79", "DD086": "DDT 86"}
    assert {g.id: g.nom for g in empty.gestionnaires} == services
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


def test_what_new_cannot_know_is_asked_for_until_it_is_filled(tmp_path):
    done(tmp_path, "new", "e", "--region", "94")
    file = tmp_path / "e" / "study.toml"
    asked = load_study(file).to_fill
    assert [line.partition("\u00a0: ")[2].split()[0] for line in asked] == ["copil.date", "copil.contact"]
    assert run(file.parent, "check").stderr.splitlines() == asked
    undated = load_study(file)
    assert "COPIL à dater" in headline(undated, undated.territory("2A"), "Note", "Titre").html()
    swap(file, 'date = "a-completer"', "date = 2014-07-10")
    assert load_study(file).to_fill == asked[1:]
    swap(file, "a-completer@exemple.fr", "dreal@exemple.fr")
    assert load_study(file).to_fill == []


@pytest.mark.parametrize("region", sorted({p.region for p in places()}))
def test_every_region_has_its_departments_and_services(region, tmp_path):
    plan = plan_of(region, None, None, "SPLS", date(2014, 7, 10))
    (tmp_path / "study.toml").write_text(rendered("study.toml", plan), encoding="utf-8")
    study = load_study(tmp_path / "study.toml")
    assert [*study.departements] == [p.code for p in of_region(region)]
    assert {g.departement for g in study.gestionnaires} == {*study.departements}


def test_services_are_those_of_the_place():
    kinds = {p.code: p.service for p in places()}
    known = {"17": "DDTM", "2A": "DDTM", "23": "DDT", "75": "DRIHL", "93": "DRIHL", "77": "DDT", "974": "DEAL"}
    assert known.items() <= kinds.items()
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
def test_what_is_asked_wrongly_is_refused(arguments, sentence, tmp_path):
    refused = run(tmp_path, "new", "x", *arguments)
    assert refused.returncode == 2 and sentence in refused.stderr.replace("\u00a0", " ")
    assert not (tmp_path / "x").exists()


def test_nothing_is_written_over(empty):
    before = contents(empty.root)
    refused = run(empty.root, "new", ".", "--region", "24")
    assert refused.returncode == 2 and "n'est pas un dossier vide" in refused.stderr
    assert contents(empty.root) == before


@pytest.mark.parametrize("table", TABLES)
def test_a_template_has_lists_and_a_notice_and_reads_as_an_empty_table(table, empty):
    book = openpyxl.load_workbook(empty.raw / f"{table}.xlsx")
    assert book.sheetnames == [table, "Notice", "Listes"]
    assert book["Listes"].sheet_state == "hidden"
    columns = TABLES[table]
    assert [cell.value for cell in book[table][1]] == [c.name for c in columns]
    rules = {str(r.sqref).split(":")[0]: r for r in book[table].data_validations.dataValidation}
    for place, column in enumerate(columns, 1):
        assert column.meaning and column.example
        rule = rules[book[table].cell(2, place).coordinate]
        assert rule.promptTitle == column.name and 0 < len(rule.prompt) < 256
        offered = _offered(book, rule.formula1) if rule.type == "list" else ()
        assert offered[: len(column.values)] == column.values
        if column.name == "gestionnaire":
            assert offered == ("DDT 16", "DDTM 17", "DDT 79", "DDT 86")
    told = [row[0] for row in book["Notice"].iter_rows(min_row=5, values_only=True)]
    assert [name.split("\u00a0: ")[1] for name in told] == [c.name for c in columns]


def _offered(book, reference):
    cells = book["Listes"][reference.removeprefix("Listes!").replace("$", "")]
    return tuple(r[0].value for r in cells) if isinstance(cells, tuple) else (cells.value,)


def test_check_says_what_is_missing_and_what_it_hinders(empty):
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


SILENCE = {
    "3_ouverture_des_droits": "Aucun compte n'est connu pour le département",
    "4_processus": "Aucun processus de programmation n'a été décrit pour le département.",
    "5_deploiement": "Aucune donnée de suivi n'a été reçue",
}


def test_reports_without_data_say_so_in_french(empty):
    done(empty.root, "build", "--territory", "16")
    folder = empty.root / "reports" / "2014-07-10" / "16"
    kinds = {f"{report}.{kind}" for report in REPORTS for kind in ("html", "pdf")}
    assert {f.name for f in folder.iterdir() if f.is_file()} == kinds | {"tableaux.xlsx"}
    for report in REPORTS:
        text = text_of(folder / f"{report}.html")
        assert SILENCE.get(report, "") in text
        assert not {"None", "nan", "NaN", "NaT", "<NA>", "Traceback"} & set(text.split())


# Twelve departments, codes that are no numbers, one department that is the region: of each, places of every kind.
FILLED = [("84", "SPLS", "01 region"), ("94", "SPLS", "2A"), ("04", "SIAP", "region")]


@pytest.mark.slow
@pytest.mark.parametrize(("region", "application", "codes"), FILLED)
def test_a_region_filled_from_its_templates_gives_all_its_reports(region, application, codes, tmp_path):
    study = started(tmp_path / "etude", "--region", region, "--application", application)
    fill(study)
    found, sound = checked_of(study, study.root / "reports", strict=True)
    assert sound and not found.refused and not [line for line in found.lines if "rapport" in line]
    done(study.root, "build", *(word for code in codes.split() for word in ("--territory", code)))
    edition = study.root / "reports" / "2014-07-10"
    for code in codes.split():
        for report in REPORTS:
            assert (edition / code / f"{report}.pdf").read_bytes().startswith(b"%PDF")
            page = edition / code / f"{report}.html"
            html, text = page.read_text(encoding="utf-8"), text_of(page)
            # Too few bailleurs answer by department: of report 2 only its service's answers are shown there.
            least = 0 if report == "2_questionnaires" and code != "region" else 3
            assert html.count("<figure") + html.count("<table") > least, (code, report)
            assert application in text
            assert application == "SPLS" or "SPLS" not in text, (code, report)
        planned = read_table(study, "programmation")
        own = planned[(planned["departement"] == code) | (code == "region")]["nb_logements"].sum()
        assert pd.read_csv(edition / code / "tables" / "volumes.csv")["logements"].sum() == own > 0


@pytest.mark.slow
def test_an_installed_wheel_starts_and_publishes_a_study(tmp_path):
    """Unpacked, it is all that Python sees of the project."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    home = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(home)
    assert {p.name for p in (home / "spls_study" / "reference").iterdir()} == {p.name for p in REFERENCE.iterdir()}
    where = "import spls_study; print(spls_study.__file__)"
    env = {**os.environ, "PYTHONPATH": str(home)}
    found = subprocess.check_output([sys.executable, "-c", where], cwd=tmp_path, env=env, text=True)
    assert Path(found.strip()).is_relative_to(home)
    for usage in ("new e --region 04", "build --study e/study.toml --notebook 5 --territory 974"):
        end = process(tmp_path, *usage.split(), PYTHONPATH=str(home))
        assert end.returncode == 0, end.stderr
    [report] = tmp_path.glob("e/reports/*/974/5_deploiement.html")
    assert "La Réunion" in report.read_text(encoding="utf-8")
    manifest = (report.parent.parent / "manifest.json").read_text(encoding="utf-8")
    assert "requirements.lock" in manifest
