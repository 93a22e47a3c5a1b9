"""The command: French sentences, exit statuses, no traceback."""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import nbformat
import pytest
from changes import swap
from command import SHOW, publish_own, run, small_study
from publishing import notebook


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small_study(tmp_path)


def test_help_names_the_commands_and_loads_no_library(tmp_path: Path) -> None:
    done = run(tmp_path, "--help")
    assert done.returncode == 0
    assert all(name in done.stdout for name in ("check", "build", "new"))
    program = "import sys, spls_study.cli; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"pandas", "pydantic", "papermill", "rich", "typst"} & set(loaded)


ENGLISH = re.compile(
    r"\b(the|is|not|should|input|error|missing|usage|invalid|value|requires|such|show|exit|required|default|try|"
    r"unexpected|got|unable|expected|at line|column|option '|command|str|did you mean)\b(?!-)",
    re.IGNORECASE,
)
USED = """import contextlib, io, json, sys
from spls_study.cli import main
found = []
for arguments in json.loads(sys.argv[1]):
    sys.argv, said, status = ["spls-study", *arguments], io.StringIO(), 0
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            main()
        except SystemExit as end:
            status = end.code
    found.append((status, said.getvalue()))
print(json.dumps(found))"""


def used(folder: Path, usages: Sequence[str]) -> list[tuple[int, str]]:
    """Exit status and words of each usage, in one process."""
    asked = json.dumps([usage.split() for usage in usages])
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", USED, asked], cwd=folder, capture_output=True, text=True, check=True
    )
    return [(status, said) for status, said in json.loads(done.stdout)]


def test_the_version_is_told(tmp_path: Path) -> None:
    assert used(tmp_path, ["--version"]) == [(0, f"spls-study {version('spls_study')}\n")]


def test_every_help_is_french(tmp_path: Path) -> None:
    names = ["", "check", "forms", "build", "diff", "verify", "lab", "new"]
    for name, (status, said) in zip(names, used(tmp_path, [f"{name} --help" for name in names]), strict=True):
        assert status == 0 and said.startswith("Emploi\u00a0: spls-study") and name in said
        assert not ENGLISH.findall(said.replace("«\u00a0auto\u00a0»", "")), said


WRONG = {
    "xyz": "Commande inconnue\u00a0: xyz.",
    "buid": "la plus proche\u00a0: build.",
    "build --forse": "Option inconnue\u00a0: --forse\u202f; proches\u00a0: --force",
    "build --zzzz": "Option inconnue\u00a0: --zzzz.",
    "build --jobs x": "--jobs\u00a0: un nombre entier est attendu.",
    "build --jobs 0": "--jobs\u00a0: au moins 1 est attendu.",
    "build --engine x": "--engine\u00a0: lu x, attendu jupyter.",
    "build --notify .": "--notify\u00a0: . est un dossier, un fichier est attendu.",
    "build --territory": "--territory attend une valeur.",
    "build --strict=3": "--strict ne prend pas de valeur.",
    "new": "Il manque DOSSIER.",
    "diff 2014-07-10": "Il manque ÉDITION.",
    "check a b": "En trop\u00a0: a b.",
    "--study": "Option inconnue\u00a0: --study",
}


def test_a_wrong_usage_is_told_in_french_with_what_to_do(tmp_path: Path) -> None:
    for (usage, expected), (status, said) in zip(WRONG.items(), used(tmp_path, [*WRONG]), strict=True):
        assert status == 2 and expected in said, (usage, said)
        assert re.search(r"Voyez\u00a0: spls-study( \w+)? --help\n$", said), said
        assert not ENGLISH.findall(said.partition("Voyez")[0]), said
    [(status, said)] = used(tmp_path, [""])
    assert status == 2 and said.startswith("Emploi")


def test_a_study_that_is_no_toml_or_has_a_value_of_another_kind_is_told_in_french(folder: Path) -> None:
    file = folder / "study.toml"
    sound = file.read_text(encoding="utf-8")
    for fault, expected in [
        (sound.replace("[etude]", "[etude"), "ligne"),
        (sound.replace("annees = [", "annees = [2000, "), "etude.annees\u00a0: trop de valeurs".replace("\u00a0", " ")),
        (sound.replace("\n[publication]\n", "\n[publication]\nediteur = true\n"), "clé inconnue"),
        (sound + "editions_gardees = 1\n", "au moins 2 est attendu, lu : 1"),
        (sound + "editions_gardees = 2.5\n", "un nombre entier est attendu"),
    ]:
        file.write_text(fault, encoding="utf-8")
        [(status, said)] = used(folder, ["check"])
        assert status == 1 and expected in said, said
        assert not ENGLISH.findall(said), said
    file.write_bytes("titre = « été »".encode("cp1252"))
    [(status, said)] = used(folder, ["check"])
    assert status == 1 and "enregistrez-le en UTF-8" in said


def test_build_publishes_then_has_nothing_to_do(folder: Path) -> None:
    asked = ("build", "--territory", "17", "--notebook", "1", "--edition", "2014-05-01")
    done = run(folder, *asked)
    assert done.returncode == 0, done.stderr
    report = folder / "reports" / "2014-05-01" / "17" / "1_essai.html"
    assert "Charente-Maritime 2014-05-01" in report.read_text(encoding="utf-8")
    assert str(report.parent.parent / "index.html") in done.stdout
    assert "tout est à jour" in run(folder, *asked).stdout


def test_studies_of_two_regions_go_to_a_folder_each(tmp_path: Path) -> None:
    for name in ("poitou", "ailleurs"):
        (tmp_path / name).mkdir()
        small_study(tmp_path / name)
    swap("ailleurs/study.toml", 'code = "54"\nnom = "Poitou-Charentes"', 'code = "94"\nnom = "Ailleurs"')(tmp_path)
    asked = ("build", "--study", "poitou/study.toml", "--study", "ailleurs/study.toml", "--territory", "region")
    done = run(tmp_path, *asked, "--reports", "ensemble")
    assert done.returncode == 0, done.stderr
    both = {
        path.parts[-4]: path.read_text(encoding="utf-8")
        for path in (tmp_path / "ensemble").glob("*/2014-07-10/region/1_essai.html")
    }
    assert [*sorted(both)] == ["54", "94"]
    assert "Poitou-Charentes 2014-07-10" in both["54"] and "Ailleurs 2014-07-10" in both["94"]
    for code in both:
        assert str(tmp_path / "ensemble" / code / "2014-07-10" / "index.html") in done.stdout


def test_a_failing_notebook_is_named_and_gives_status_1(folder: Path) -> None:
    book = notebook("# Panne", SHOW, "1 / 0  # la ligne")
    nbformat.write(book, folder / "notebooks" / "2_panne.ipynb")
    publish_own(folder)
    done = run(folder, "build", "--territory", "16", "--reports", "ailleurs")
    assert done.returncode == 1
    for word in ("2_panne.ipynb, territoire 16, cellule 3", "1 / 0  # la ligne", "ZeroDivision"):
        assert word in done.stderr
    assert "Traceback" not in done.stderr
    assert (folder / "ailleurs" / "2014-07-10" / "16" / "1_essai.pdf").is_file()


def test_faults_are_sentences_with_their_status(folder: Path) -> None:
    wrong = notebook("# Faux", parameters='etude = "study.toml"')
    for arguments, status, message in [
        (("build", "--territory", "99"), 2, "Territoire inconnu"),
        (("build", "--notebook", "9"), 2, "Carnet inconnu"),
        (("build", "--edition", "juillet"), 2, "AAAA-MM-JJ"),
        (("build", "--study", "study.toml", "--study", "study.toml"), 2, "même édition"),
        (("build", "--study", "absent.toml"), 1, "introuvable"),
    ]:
        done = run(folder, *arguments)
        assert (done.returncode, "Traceback" in done.stderr) == (status, False), arguments
        assert message in done.stderr, arguments
    nbformat.write(wrong, folder / "notebooks" / "3_faux.ipynb")
    publish_own(folder)
    done = run(folder, "build")
    assert done.returncode == 1 and "3_faux.ipynb" in done.stderr and "territoire" in done.stderr


def test_check_says_what_is_refused_and_strict_minds(folder: Path) -> None:
    rows = [
        "numero_operation;annee_programmation;gestionnaire;commune;moa_siret;moa_nom;produit;"
        "nature_logement;type_beneficiaire;nb_logements",
        "2013DD0170001;2013;DDTM 17;La Rochelle;;Office;PLUS;;;-4",
        "2013DD0170002;2013;DDTM 17;La Rochelle;;Office;PLUS;;;8",
    ]
    raw = folder / "data" / "raw" / "programmation.csv"
    raw.write_text("\n".join(rows), encoding="utf-8")
    done = run(folder, "check")
    assert done.returncode == 0 and "ligne 2" in done.stdout and "-4" in done.stdout
    assert run(folder, "check", "--strict").returncode == 1
    raw.write_text(rows[0].replace(";produit", "") + "\n", encoding="utf-8")
    done = run(folder, "check")
    assert done.returncode == 1 and "produit" in done.stderr and "Traceback" not in done.stderr
