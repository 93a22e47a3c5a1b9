"""`spls-study new`: what it writes, what it refuses, and the reports of regions filled as an analyst would."""

import csv
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from command import contents, process, quickly, run, swap

from conftest import ROOT
from demo.organismes import with_key
from spls_study.cli.data import checked_of
from spls_study.codebook import Codebook
from spls_study.columns import columns
from spls_study.questionnaires import load_codebooks
from spls_study.show import title_block
from spls_study.starter import plan_of
from spls_study.starter.places import of_region, places
from spls_study.starter.plan import SCHEDULES, rendered
from spls_study.study import REFERENCE, Study, load_study
from spls_study.tables import TABLES, read_table

pytestmark = pytest.mark.reports
REPORTS = ("1_programmation", "2_questionnaires", "3_ouverture_des_droits", "4_processus", "5_deploiement", "6_copil")
DATES = {
    "edition": "2014-07-10",
    "extraction": "2014-07-01",
    "date": "2014-07-10",
    "annees": "[2011, 2014]",
    "annee_reference": "2013",
}


def done(folder: Path, *arguments: str) -> str:
    """What a command that succeeds prints."""
    end = run(folder, *arguments)
    assert end.returncode == 0, end.stderr
    return end.stdout


def started(folder: Path, *arguments: str) -> Study:
    """A new study, with the dates of the tests."""
    done(folder.parent, "new", folder.name, *arguments)
    file = folder / "study.toml"
    text = file.read_text(encoding="utf-8")
    for key, value in DATES.items():
        text = re.sub(rf"^{key} = (\[.*?\]|\S+)", f"{key} = {value}", text, flags=re.M)
    file.write_text(text, encoding="utf-8")
    return load_study(file)


BAILLEURS = 4  # in each department
DWELLINGS = {"PLUS": 12, "PLAI": 5, "PLS": 30}  # of each operation


def fill(study: Study) -> None:
    """The examples of the contract in each template, told by what differs; then some answers in each form."""
    for table, rows in _rows(study).items():
        file = study.raw / f"{table}.xlsx"
        book = openpyxl.load_workbook(file)
        examples = {c.name: c.example for c in TABLES[table]}
        for number, row in enumerate(rows, 2):
            for place, value in enumerate((examples | row).values(), 1):
                book[table].cell(number, place, value)
        book.save(file)
    done(study.root, "check")
    done(study.root, "forms")
    for codebook in load_codebooks(study).values():
        asked = _bailleurs(study) if codebook.id == "bailleurs" else [(g.id, g.nom) for g in study.gestionnaires]
        for rank, (_, name, *_) in enumerate(asked):
            _answer(study, codebook, name, rank)


def _answer(study: Study, codebook: Codebook, name: str, rank: int) -> None:
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


def _bailleurs(study: Study) -> list[tuple[str, str, str, str]]:
    return [
        (f"B{code}-{i}", f"Bailleur fictif {code}-{i}", code, with_key(f"000{60_000 + BAILLEURS * rank + i:05d}"))
        for rank, code in enumerate(study.departements)
        for i in range(BAILLEURS)
    ]


def _operations(study: Study) -> Iterator[dict[str, Any]]:
    with (REFERENCE / "communes.csv").open(encoding="utf-8", newline="") as stream:
        communes = {r["departement"]: r["nom"] for r in csv.DictReader(stream)}
    services = {g.departement: g for g in study.gestionnaires}
    for rank, (_, nom, code, siren) in enumerate(_bailleurs(study)):
        for year in (2012, 2013):
            for product, dwellings in DWELLINGS.items():
                yield {
                    "numero_operation": f"{year}{services[code].id}{rank * 10 + len(product):04d}",
                    "annee_programmation": year,
                    "departement": code,
                    "gestionnaire": services[code].nom,
                    "commune": communes[code],
                    "moa_siret": with_key(f"{siren}0001"),
                    "moa_nom": nom,
                    "produit": product,
                    "nb_logements": dwellings,
                    "type_beneficiaire": "Personnes âgées" if product == "PLS" else "Ménages",
                    "date_depot": date(year, 3, 1 + rank % 20),
                    "date_programmation": date(year, 5, 1 + rank % 20),
                    "date_agrement": date(year, 10 + rank % 3, 3),
                    **dict.fromkeys(("annee_cloture", "code_insee", "code_postal")),
                }


def _rows(study: Study) -> dict[str, list[dict[str, Any]]]:
    services, owners = study.gestionnaires, _bailleurs(study)
    operations = list(_operations(study))
    steps = {"Recenser": "hors SPLS", "Déposer": "couvert", "Instruire": "à adapter", "Arbitrer": "couvert"}
    jobs = {"Saisie bailleur": "Chargé d'opérations", "Lecture bailleur": "Directeur"}
    return {
        "programmation": operations,
        "rapprochement": [operations[0] | {"nb_logements": 13}, *operations[2:]],
        "organismes": [
            *(
                {"id": g.id, "nom": g.nom, "role": "gestionnaire", "departements": g.departement, "siren": None}
                for g in services
            ),
            *({"id": i, "nom": nom, "departements": code, "siren": siren} for i, nom, code, siren in owners),
        ],
        "profils": [{"profil": p, "interface": study.etude.application, "fonctions": job} for p, job in jobs.items()],
        "comptes": [
            {
                "compte": f"C{rank:03d}",
                "organisme": i,
                "departement": code,
                "profil_demande": [*jobs][rank % 2],
                "date_ouverture": date(2014, 6, 14 + rank % 9) if rank % 4 else None,
                **dict.fromkeys(("profil_attribue", "date_premiere_connexion", "statut")),
            }
            for rank, (i, _, code, _) in enumerate(owners)
        ],
        "processus": [
            {"gestionnaire": g.nom, "ordre": order, "etape": step, "ressaisie": "oui" if order == 2 else "non"}
            for g in services
            for order, step in enumerate(steps, 1)
        ],
        "etapes_spls": [
            {"etape": step, "ordre": order, "couverture": covered}
            for order, (step, covered) in enumerate(steps.items())
        ],
        "calendrier": [
            dict.fromkeys(("debut_reel", "fin_reelle", "territoire", "depend_de")) | row
            for row in (
                {"fin_prevue": date(2014, 6, 30), "debut_reel": date(2014, 4, 1)},
                {"id": "J1", "type": "jalon", "debut_prevu": date(2014, 7, 10), "fin_prevue": date(2014, 7, 10)},
                {"id": "J2", "type": "jalon", "debut_prevu": date(2014, 12, 10), "fin_prevue": None},
            )
        ],
        "charte": [
            {"clause": clause, "organisme": g.id, "position": position}
            for clause, position in (("C1", "accord"), ("C2", "réserve"))
            for g in services
        ],
        "formations": [{"id": f"F{g.id}", "territoire": g.departement} for g in services],
        "points_discussion": [dict.fromkeys(("decision", "clause"))],
        "gouvernance": [{"organisme": g.id, "presences": "2014-06-12"} for g in services],
    }


def text_of(html: Path) -> str:
    """What a reader sees at once."""
    page = html.read_text(encoding="utf-8")
    shown = re.sub(r"<details.*?</details>|<[^>]+>", " ", page[page.index("<body") :], flags=re.DOTALL)
    return unescape(shown).replace("\u2019", "'")


def volumes(edition: Path, code: str) -> list[dict[str, str]]:
    with (edition / code / "tables" / "volumes.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


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
    done(tmp_path, "new", "e", "--region", "94")
    file = tmp_path / "e" / "study.toml"
    asked = load_study(file).to_fill
    assert [line.partition("\u00a0: ")[2].split()[0] for line in asked] == ["copil.date", "copil.contact"]
    assert run(file.parent, "check").stderr.splitlines() == asked
    swap(file, 'date = "a-completer"', "date = 2014-07-10")
    assert load_study(file).to_fill == asked[1:]
    swap(file, "a-completer@exemple.fr", "dreal@exemple.fr")
    assert load_study(file).to_fill == []


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
    refused = run(tmp_path, "new", "x", *arguments)
    assert refused.returncode == 2 and sentence in refused.stderr.replace("\u00a0", " ")
    assert not (tmp_path / "x").exists()


def test_nothing_is_written_over(empty: Study) -> None:
    before = contents(empty.root)
    refused = run(empty.root, "new", ".", "--region", "24")
    assert refused.returncode == 2 and "n'est pas un dossier vide" in refused.stderr
    assert contents(empty.root) == before


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


SILENCE = {
    "3_ouverture_des_droits": "Aucun compte n'est connu pour le département",
    "4_processus": "Aucun processus de programmation n'a été décrit pour le département.",
    "5_deploiement": "Aucune donnée de suivi n'a été reçue",
}


@pytest.mark.parametrize("study", ["empty", "known_by_an_extract"])
def test_reports_without_data_say_so_in_french(study: str, request: pytest.FixtureRequest) -> None:
    given: Study = request.getfixturevalue(study)
    code = next(iter(given.departements))
    done(given.root, "build", "--territory", code)
    folder = given.root / "reports" / "2014-07-10" / code
    kinds = {f"{report}.{kind}" for report in REPORTS for kind in ("html", "pdf")}
    assert {f.name for f in folder.iterdir() if f.is_file()} == kinds | {"tableaux.xlsx"}
    for report in REPORTS:
        text = text_of(folder / f"{report}.html")
        assert SILENCE.get(report, "") in text
        assert not {"None", "nan", "NaN", "NaT", "<NA>", "Traceback"} & set(text.split())


HEADER = (
    "Année Gestion Programmation;Année Gestion Clôture;N° Opération GALION;Commune;Gestionnaire;MOA (nom officiel);"
    "MOA (code SIRET);Type d'habitat;Nature logement;Type Bénéficiaire;Produit;Nb logts;SU totale"
)
OFFICE, ORDINARY = "Office fictif;'00004840500013", "Logements ordinaires;Ménages;PLUS"
EXTRACT = (
    HEADER,
    f"2012;NA;2012DD02A0001;AJACCIO;DDTM 2A;{OFFICE};collectif;{ORDINARY};12;1\u202f017,2",
    f"2013;NA;2013DD02A0001;Ajaccio;DDTM 2A;{OFFICE};collectif;{ORDINARY};20;1 300",
    f"2013;NA;2013DD02A0001;Ajaccio;DDTM 2A;{OFFICE};individuel;{ORDINARY};4;310,5",
    f"2013;NA;2013DD02B0001;Bastia;DDTM 2B;{OFFICE};collectif;Logements foyers;Personnes âgées;PLS;60;Non renseigné",
)


@pytest.fixture(scope="module")
def known_by_an_extract(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Of all that a region may send, a bare SISAL extract, which begins where it likes."""
    study = started(tmp_path_factory.mktemp("extrait") / "corse", "--region", "94")
    shutil.rmtree(study.raw)
    study.raw.mkdir()
    book = xlsxwriter.Workbook(study.raw / "programmation.xlsx")
    sheet = book.add_worksheet("Rapport 1")
    sheet.write(1, 1, "Rapport 1")
    for number, row in enumerate(EXTRACT, start=3):
        sheet.write_row(number, 1, [int(cell) if cell.isdigit() else cell for cell in row.split(";")])
    book.close()
    return study


def test_the_volumes_are_those_of_the_extract(known_by_an_extract: Study) -> None:
    done(known_by_an_extract.root, "build", "--territory", "region", "--notebook", "1")
    rows = volumes(known_by_an_extract.root / "reports" / "2014-07-10", "region")
    names = ("annee", "departement", "produit", "logements", "operations")
    assert [[row[name] for name in names] for row in rows if int(row["logements"])] == [
        ["2012", "2A", "PLUS", "12", "1"],
        ["2013", "2A", "PLUS", "24", "1"],
        ["2013", "2B", "PLS", "60", "1"],
    ]


@pytest.mark.parametrize(
    ("region", "application"), quickly([("84", "SPLS"), ("94", "SPLS"), ("04", "SIAP")], ("04", "SIAP"))
)
def test_a_region_filled_from_its_templates_gives_all_its_reports(
    region: str, application: str, tmp_path: Path
) -> None:
    study = started(tmp_path / "etude", "--region", region, "--application", application)
    fill(study)
    found, sound = checked_of(study, study.root / "reports", strict=True)
    assert sound and not found.refused and not [line for line in found.lines if "rapport" in line]
    done(study.root, "build")
    edition = study.root / "reports" / "2014-07-10"
    for code in (*study.departements, "region"):
        for report in REPORTS:
            assert (edition / code / f"{report}.pdf").read_bytes().startswith(b"%PDF")
            page = edition / code / f"{report}.html"
            html, text = page.read_text(encoding="utf-8"), text_of(page)
            # Two bailleurs answer by department: of report 2 only its service's answers are shown there.
            least = 0 if report == "2_questionnaires" and code != "region" else 3
            assert html.count("<figure") + html.count("<table") > least, (code, report)
            assert application in text
            assert application == "SPLS" or "SPLS" not in text, (code, report)
        each = 2 * BAILLEURS * sum(DWELLINGS.values())
        dwellings = sum(int(row["logements"]) for row in volumes(edition, code))
        assert dwellings == each * (len(study.departements) if code == "region" else 1)


@pytest.mark.slow
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
    where = "import spls_study; print(spls_study.__file__)"
    env = {**os.environ, "PYTHONPATH": str(home)}
    found = subprocess.run(
        [sys.executable, "-c", where], cwd=tmp_path, env=env, capture_output=True, text=True, check=True
    )
    assert Path(found.stdout.strip()).is_relative_to(home)
    for usage in ("new e --region 04", "build --study e/study.toml --notebook 5 --territory 974"):
        end = process(tmp_path, *usage.split(), PYTHONPATH=str(home))
        assert end.returncode == 0, end.stderr
    [report] = tmp_path.glob("e/reports/*/974/5_deploiement.html")
    assert "La Réunion" in report.read_text(encoding="utf-8")
    manifest = (report.parent.parent / "manifest.json").read_text(encoding="utf-8")
    assert "requirements.lock" in manifest
