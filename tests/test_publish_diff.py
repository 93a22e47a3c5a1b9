"""Two editions compared: what the CSV holds, what a reader of the page sees."""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import page as checker
import pytest
from publishing import notebook

from spls_study.errors import UsageError
from spls_study.publish.diff import compare
from spls_study.publish.diff_report import write
from spls_study.study import PACKAGE

ROOT = PACKAGE.parent
FIGURES = "cle,valeur,unite,libelle,source\n"
VOLUMES = "annee,departement,produit,logements\n"
OLD = {
    "79/tables/chiffres_cles": FIGURES + "plus,856.0,logements,PLUS de 2013,programmation\n"
    "part,0.5,part,des PLUS,programmation\ncomptes,3.0,comptes,ouverts,comptes\n",
    "79/tables/volumes": VOLUMES + "2013,79,PLUS,856\n2013,79,PLS,4\n",
    "79/tables/jalons": "id,libelle,prevu\nJ1,COPIL,2014-07-01\n",
    "79/tables/seul": "a\nx\n",
    "region/tables/volumes": VOLUMES,
    "interne/79/tables/relances": "organisme\nUntel\n",
}
NEW = OLD | {
    "79/tables/chiffres_cles": FIGURES + "plus,1859.0,logements,PLUS de 2013,programmation\n"
    "part,0.52,part,des PLUS,programmation\ncomptes,3.0,comptes,ouverts,comptes\n",
    "79/tables/volumes": VOLUMES + "2013,79,PLUS,1859\n2014,79,<b>#import,7\n",
    "79/tables/jalons": "id,libelle,prevu\nJ1,COPIL,2014-07-08\n",
    "interne/79/tables/relances": "organisme\nAutre\n",
}
NEW.pop("79/tables/seul")
NEW.pop("region/tables/volumes")


def edition(reports: Path, day: str, tables: dict[str, str], sha: str, refused: int) -> None:
    for name, text in tables.items():
        path = reports / day / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    counts = {"lues": 9, "acceptees": 9 - refused, "refusees": refused}
    manifest = {
        "titre": "Étude <i>",
        "donnees_fictives": True,
        "fichiers": {},
        "territoires": [["region", "Région"], ["79", "Deux-Sèvres"]],
        "executions": {
            "79/6": {
                "cle": sha * 64,
                "entrees": {"study.toml": sha, "data/processed/x": sha},
                "fichiers": [],
                "parametres": {},
            }
        },
        "fichiers_lus": {
            "programmation/a.csv": {"sha256": sha * 64, "table": "programmation", **counts},
            "programmation/b.csv": {
                "sha256": "b" * 64,
                "table": "programmation",
                "lues": 1,
                "acceptees": 0,
                "refusees": 1,
            },
            "comptes.csv": {"sha256": "c" * 64, "table": "comptes", **counts},
        },
    }
    (reports / day / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    edition(tmp_path, "2014-07-10", OLD, "1", refused=0)
    edition(tmp_path, "2014-10-07", NEW, "2", refused=1)
    return tmp_path


def lines(folder: Path) -> list[dict[str, str]]:
    with (folder / "differences.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_difference_has_its_size_and_its_reason(reports: Path) -> None:
    folder = write(reports, compare(reports, "2014-07-10", "2014-10-07")).parent
    assert folder == reports / "diff" / "2014-07-10_2014-10-07"
    found = {(r["tableau"], r["cle"], r["colonne"]): r for r in lines(folder)}
    assert {r["territoire"] for r in found.values()} == {"79"}
    figure = found["chiffres_cles", "cle=plus|libelle=PLUS de 2013", "valeur"]
    assert [figure[c] for c in ("avant", "apres", "ecart", "nature")] == ["856.0", "1859.0", "1003", "modifié"]
    assert figure["motif"] == "fichier révisé\u00a0: programmation/a.csv (1 ligne refusée, 0 avant)"
    new = found["volumes", "annee=2014|departement=79|produit=<b>#import", "logements"]
    assert (new["nature"], new["apres"]) == ("nouveau", "7")
    moved = found["jalons", "id=J1", "prevu"]
    assert (moved["ecart"], moved["motif"]) == ("7", "mêmes fichiers\u202f; a changé\u00a0: study.toml")
    assert found["seul", "a=x", ""]["motif"] == "tableau absent de l'édition 2014-10-07"
    assert not any("relances" in key for key in found)


def test_the_page_begins_with_the_figures_that_moved(reports: Path) -> None:
    folder = write(reports, compare(reports, "2014-07-10", "2014-10-07")).parent
    html = (folder / "index.html").read_text(encoding="utf-8")
    first = html[html.index('<h2 id="chiffres-clés"') : html.index('<h2 id="ce-qui-lexplique"')]
    for text in (
        "2 chiffres clés ont bougé, 1 est inchangé",
        "PLUS de 2013 (logements)",
        ">856<",
        ">1\u202f859<",
        ">+1\u202f003<",
        "50,0\u202f%",
        ">+2,0\u00a0pt<",
    ):
        assert text in first
    assert "non comparé\u00a0: Région" in html and "Untel" not in html
    assert "&lt;b&gt;#import" in html and "Étude &lt;i&gt;" in html and "<script" not in html
    assert "1 ligne modifiée, 1 ligne nouvelle et 1 ligne disparue" in html
    assert ">autrement lu<" in html and "programmation/b.csv" not in html
    assert "08/07/2014" in html and "Données fictives" in html
    pdf = (folder / "differences.pdf").read_bytes()
    for profile in ("ua1", "3a"):
        assert "Result: no failures" in str(checker.validate_pdf_bytes(pdf, profile=profile))


def test_same_bytes_each_time_and_nothing_to_tell(reports: Path) -> None:
    folder = write(reports, compare(reports, "2014-07-10", "2014-10-07")).parent
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    assert sorted(before) == ["differences.csv", "differences.pdf", "index.html"]
    write(reports, compare(reports, "2014-07-10", "2014-10-07"))
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before
    same = write(reports, compare(reports, "2014-10-07", "2014-10-07"))
    assert lines(same.parent) == []
    assert "Aucun des 3 chiffres clés" in same.read_text(encoding="utf-8")


def test_an_unknown_edition_lists_those_there_are(reports: Path) -> None:
    for name in ("2014-07-11", "diff", "../2014-07-10"):
        with pytest.raises(UsageError, match="2014-07-10, 2014-10-07"):
            compare(reports, "2014-07-10", name)


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "spls_study", *arguments]
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONUTF8": "1"},
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


SHOW = """import pandas as pd
from spls_study.show import table
from spls_study.study import load_study
from spls_study.tables import read_table
study = load_study(etude)
rows = read_table(study, "programmation")
table(rows[["produit", "nb_logements"]], "volumes", "Volumes")"""
HEADER = (
    "numero_operation;annee_programmation;gestionnaire;commune;moa_siret;moa_nom;produit;"
    "nature_logement;type_beneficiaire;nb_logements\n"
)


def test_the_commands_on_a_small_study(tmp_path: Path) -> None:
    shutil.copy(ROOT / "study.toml", tmp_path)
    (tmp_path / "notebooks").mkdir()
    nbformat.write(notebook("# Essai", SHOW), tmp_path / "notebooks" / "7_essai.ipynb")
    raw = tmp_path / "data" / "raw" / "programmation.csv"
    raw.parent.mkdir(parents=True)
    for day, amount, second in (("2014-05-01", 4, "8"), ("2014-06-01", 6, "huit")):
        row = "2013DD017000{};2013;DDTM 17;La Rochelle;;Office;{};;;{}\n"
        raw.write_text(HEADER + row.format(1, "PLUS", amount) + row.format(2, "PLS", second), encoding="utf-8")
        done = run(tmp_path, "build", "--territory", "17", "--notebook", "7", "--edition", day)
        assert done.returncode == 0, done.stderr
    done = run(tmp_path, "diff", "2014-05-01", "2014-06-01")
    assert done.returncode == 0, done.stderr
    assert "2 différences dans 1 tableau de 1 territoire." in done.stdout
    why = "fichier révisé\u00a0: programmation.csv (1 ligne refusée, 0 avant)"
    assert [
        (r["cle"], r["ecart"], r["nature"], r["motif"])
        for r in lines(tmp_path / "reports" / "diff" / "2014-05-01_2014-06-01")
    ] == [("produit=PLUS", "2", "modifié", why), ("produit=PLS", "", "disparu", why)]
    whole = run(tmp_path, "verify", "2014-06-01", "--reports", "reports")
    assert whole.returncode == 0 and "chaque fichier" in whole.stdout
    (tmp_path / "reports" / "2014-05-01" / "17" / "7_essai.pdf").unlink()
    done = run(tmp_path, "verify", "2014-05-01")
    assert done.returncode == 1 and "17/7_essai.pdf\u00a0: fichier manquant." in done.stderr


def test_a_changed_raw_row_changes_the_note_and_the_diff_says_so(tmp_path: Path) -> None:
    """Demonstration data; three more dwellings in one PLUS row of 2013 of Charente-Maritime."""
    shutil.copy(ROOT / "study.toml", tmp_path)
    shutil.copytree(ROOT / "data" / "raw", tmp_path / "data" / "raw")
    raw = tmp_path / "data" / "raw" / "programmation" / "galion_ddtm17.csv"
    asked = ("build", "--territory", "17", "--notebook", "6", "--edition")
    assert run(tmp_path, *asked, "2014-07-10").returncode == 0
    manifest = (tmp_path / "reports" / "2014-07-10" / "manifest.json").read_text(encoding="utf-8")
    read = json.loads(manifest)["fichiers_lus"]
    assert read["questionnaires/gestionnaires"]["lues"] == 5  # five forms, none named
    assert not any(name.endswith("ddt_16.xlsx") for name in read if "quest" in name)
    header, *rows = raw.read_text(encoding="utf-8").splitlines()
    names = header.split(";")
    cells = [row.split(";") for row in rows]
    year, product, size = (names.index(n) for n in ("Année Gestion Programmation", "Produit", "Nb logts"))
    status = len(names) - 1
    chosen = next(c for c in cells if (c[year], c[product], c[status]) == ("2013", "PLUS", "Agréée"))
    chosen[size] = str(int(chosen[size]) + 3)
    raw.write_text("\n".join([header, *(";".join(c) for c in cells)]), encoding="utf-8")
    assert run(tmp_path, *asked, "2014-07-11").returncode == 0
    for day, amount in (("2014-07-10", 856), ("2014-07-11", 859)):
        note = (tmp_path / "reports" / day / "17" / "6_copil.html").read_text(encoding="utf-8")
        assert f"En 2013, le département a programmé {amount} PLUS et PLAI" in note
    done = run(tmp_path, "diff", "2014-07-10", "2014-07-11")
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "reports" / "diff" / "2014-07-10_2014-07-11"
    [figure] = [
        r
        for r in lines(folder)
        if r["tableau"] == "chiffres_cles"
        and r["cle"].startswith("cle=logements_plus_plai|")
        and r["colonne"] == "valeur"
    ]
    assert [figure[c] for c in ("territoire", "avant", "apres", "ecart", "motif")] == [
        "17",
        "856.0",
        "859.0",
        "3",
        "fichier révisé\u00a0: programmation/galion_ddtm17.csv",
    ]
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert "PLUS et PLAI engagés en 2013 (logements)" in page and ">859<" in page
