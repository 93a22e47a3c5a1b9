"""The command: French sentences, exit statuses, no traceback."""

import multiprocessing
import re
import subprocess
import sys
from importlib.metadata import version

import books
import pytest
from command import add_notebook, done, programmed, run, small_study, swap

from notebook_reports import execute
from notebook_reports.files import write_atomic

pytestmark = pytest.mark.reports
ENGLISH = re.compile(
    r"\b(the|is|not|should|input|error|missing|usage|invalid|value|requires|such|show|exit|required|default|try|"
    r"unexpected|got|unable|expected|at line|column|option '|command|str|did you mean)\b(?!-)",
    re.IGNORECASE,
)


def used(folder, usage):
    end = run(folder, *usage.split())
    return end.returncode, end.stdout + end.stderr


def test_a_command_that_begins_loads_no_library():
    program = "import sys, spls_study.cli; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"pandas", "pydantic", "papermill", "rich", "typst"} & set(loaded)


def test_commands_are_listed_in_the_order_of_a_study(tmp_path):
    told = used(tmp_path, "--help")[1]
    listed = re.findall(r"^  (\w+)  ", told, re.MULTILINE)
    assert "..." not in told  # each says what it does in one line
    assert listed == ["check", "forms", "new", "build", "diff", "verify", "lab"]


@pytest.mark.parametrize("name", ["", "check", "forms", "build", "diff", "verify", "lab", "new"])
def test_every_help_is_french(name, tmp_path):
    assert used(tmp_path, "--version") == (0, f"spls-study {version('spls_study')}\n")
    status, said = used(tmp_path, f"{name} --help")
    assert status == 0 and said.startswith("Emploi\u00a0: spls-study") and name in said
    assert not ENGLISH.findall(said.replace("«\u00a0auto\u00a0»", "")), said


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        ("xyz", "Commande inconnue\u00a0: xyz."),
        ("buid", "la plus proche\u00a0: build."),
        ("build --forse", "Option inconnue\u00a0: --forse\u202f; proches\u00a0: --force"),
        ("build --zzzz", "Option inconnue\u00a0: --zzzz."),
        ("build --jobs x", "--jobs\u00a0: un nombre entier est attendu."),
        ("build --jobs 0", "--jobs\u00a0: au moins 1 est attendu."),
        ("build --engine x", "--engine\u00a0: lu x, attendu jupyter."),
        ("build --notify .", "--notify\u00a0: . est un dossier, un fichier est attendu."),
        ("build --territory", "--territory attend une valeur."),
        ("build --strict=3", "--strict ne prend pas de valeur."),
        ("new", "Il manque DOSSIER."),
        ("diff 2014-07-10", "Il manque ÉDITION."),
        ("check a b", "En trop\u00a0: a b."),
        ("--study", "Option inconnue\u00a0: --study"),
    ],
)
def test_a_wrong_usage_is_told_in_french_with_what_to_do(usage, expected, tmp_path):
    assert used(tmp_path, "") == (2, used(tmp_path, "--help")[1])
    status, said = used(tmp_path, usage)
    assert status == 2 and expected in said
    assert re.search(r"Voyez\u00a0: spls-study( \w+)? --help\n$", said), said
    assert not ENGLISH.findall(said.partition("Voyez")[0]), said


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("[etude]", "[etude", "ligne"),
        ("annees = [", "annees = [2000, ", "etude.annees : trop de valeurs"),
        ("[publication]\n", "[publication]\nediteur = true\n", "clé inconnue"),
        ("carnets =", "editions_gardees = 1\ncarnets =", "au moins 2 est attendu, lu : 1"),
        ("carnets =", "editions_gardees = 2.5\ncarnets =", "un nombre entier est attendu"),
    ],
)
def test_a_study_that_is_no_toml_or_has_a_value_of_another_kind_is_told_in_french(folder, old, new, expected):
    file = folder / "study.toml"
    swap(file, old, new)
    for told in (expected, "enregistrez-le en UTF-8"):
        status, said = used(folder, "check")
        assert status == 1 and told in said.replace("\u00a0", " ")
        assert not ENGLISH.findall(said), said
        file.write_bytes(file.read_bytes().replace("é".encode(), b"\xe9"))


def test_studies_of_two_regions_go_to_a_folder_each(tmp_path):
    for name in ("poitou", "ailleurs"):
        small_study(tmp_path / name)
    other = 'code = "94"\nnom = "Ailleurs"'
    swap(tmp_path / "ailleurs" / "study.toml", 'code = "54"\nnom = "Poitou-Charentes"', other)
    same = run(tmp_path, "build", "--study", "poitou", "--study", "poitou/study.toml")
    assert (same.returncode, same.stdout) == (2, "") and "même édition" in same.stderr
    asked = ("build", "--study", "poitou/study.toml", "--study", "ailleurs/study.toml", "--territory", "region")
    said = done(tmp_path, *asked, "--reports", "ensemble")
    for code, told in (("54", "Poitou-Charentes 2014-07-10"), ("94", "Ailleurs 2014-07-10")):
        edition = tmp_path / "ensemble" / code / "2014-07-10"
        assert told in (edition / "region" / "1_essai.html").read_text(encoding="utf-8")
        assert str(edition / "index.html") in said


def test_a_failing_notebook_is_named_and_gives_status_1(folder, monkeypatch):
    fails = {
        "2_panne": ("1 / 0  # la ligne", "ZeroDivisionError\u00a0: division by zero"),
        "3_sort": ("import os; os._exit(3)", "Son processus s'est terminé de lui-même, avec le code 3."),
        "4_boucle": ("while True: pass", "La cellule n'a pas fini en 3 secondes\u00a0: son processus a été arrêté."),
    }
    for name, (source, _) in fails.items():
        add_notebook(folder, name, source)
    monkeypatch.setattr(execute, "CELL_SECONDS", 3)
    end = run(folder, "build", "--territory", "79", "--reports", "ailleurs")
    assert end.returncode == 1 and "Traceback" not in end.stderr
    for name, (source, sentence) in fails.items():
        assert (
            f"Échec\u00a0: {name}.ipynb, territoire 79, cellule 3\u00a0:\n    {source}\n    {sentence}\n"
            f"    carnet partiel\u00a0: {folder}/ailleurs/2014-07-10/79/notebooks/{name}.echec.ipynb\n"
        ) in end.stderr
    assert "1 rapport(s) publié(s), 0 à jour, 3 en échec." in end.stdout
    assert not multiprocessing.active_children()
    assert (folder / "ailleurs" / "2014-07-10" / "79" / "1_essai.pdf").is_file()


def test_check_says_what_is_refused_and_strict_minds(folder):
    raw = folder / "data" / "raw" / "programmation.csv"
    raw.write_text(programmed(-4, 8), encoding="utf-8")
    end = run(folder, "check")
    assert end.returncode == 0 and "ligne 2" in end.stdout and "-4" in end.stdout
    assert run(folder, "check", "--strict").returncode == 1
    raw.write_text(programmed().replace(";produit", ""), encoding="utf-8")
    end = run(folder, "check")
    assert end.returncode == 1 and "produit" in end.stderr and "Traceback" not in end.stderr


def test_a_code_that_limesurvey_keeps_stops_no_other_form(folder):
    for id, code in (("a", "self"), ("b", "B1")):
        write_atomic(folder / "data/raw/questionnaires" / f"{id}.toml", books.toml(id, books.q(code, "texte", "?")))
    end = run(folder, "forms")
    assert end.returncode == 1
    assert "a_limesurvey.txt n'est pas écrit\u00a0: LimeSurvey garde pour lui le code" in end.stderr
    written = {p.name for p in (folder / "formulaires").rglob("*.*")}
    assert written == {"a.xlsx", "a.pdf", "b.xlsx", "b.pdf", "b_limesurvey.txt"}
