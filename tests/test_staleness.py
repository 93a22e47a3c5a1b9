"""No report is ever stale: each kind of input is changed in turn, against a clean rebuild.

Small notebooks read every slice, notebook 8 files by itself, notebook 9 the rest; runs go by number: `16/3`.
"""

import json
import shutil
from functools import partial

import nbformat
import pandas as pd
import pytest
from command import contents, notebook, process, run, swap

from conftest import ROOT
from notebook_reports.files import write_atomic
from spls_study.intake import verbatims
from spls_study.program import PROGRAM
from spls_study.study import load_study

# Its smaller form is test_publish_build: what is left alone, what runs again.
pytestmark = [pytest.mark.reports, pytest.mark.slow]
PLACES = ("16", "17", "region")
TWO = PLACES[:2]
SLICES = {
    "1_programmation": "programmation parts_region cadrage rapprochement perdus",
    "2_questionnaires": "questionnaires taux_reponse taux_territoires reponses reponses_non_montrees "
    "reponses_redressees croisements non_reponse reponses_nominatives absents verbatims reponses_ailleurs",
    "3_ouverture_des_droits": "comptes etats profils",
    "4_processus": "etapes integration nouvelles decisions gestionnaires_decrits cible mesures services",
    "5_deploiement": "etats organismes calendrier charte formations a_venir satisfaction points gouvernance",
    "6_copil": "fichiers calendrier_entier",
}
HEAD = """from hashlib import sha256
from pathlib import Path
import pandas as pd
from spls_study import reference
from spls_study.report import Rapport
r = Rapport(etude, territoire)"""
ALONE = """loyers = pd.read_csv("annexe/loyers.csv")
r.phrase(loyers.to_csv(), pd.read_parquet("annexe/loyers.parquet").to_csv())
notes = sorted(Path("annexe/notes").glob("*.txt"))
r.phrase(*(note.read_text(encoding="utf-8") for note in notes))"""
REST = """precedent = r.lire("charte_precedent")
r.phrase(precedent.to_csv(), r.lire("chiffres_cles_precedent").to_csv())
r.phrase(reference.department_weights(r.study).to_csv(), r.code)"""


def write_study(root):
    """The demonstration's raw files, as CSV where they are workbooks, and small notebooks."""
    shutil.copytree(ROOT / "data" / "raw", root / "data" / "raw")
    shutil.copy(ROOT / "study.toml", root)
    for name in ("organismes", "profils", "calendrier", "points_discussion"):
        book = root / "data" / "raw" / f"{name}.xlsx"
        pd.read_excel(book, dtype="str", engine="calamine").to_csv(book.with_suffix(".csv"), index=False, sep=";")
        book.unlink()
    books = {"8_annexe": ALONE.splitlines(), "9_reste": REST.splitlines()}
    for name, slices in SLICES.items():
        said = ", ".join(f'sha256(r.lire("{one}").to_csv().encode()).hexdigest()' for one in slices.split())
        books[name] = [f"r.phrase({said})"]
    for name, cells in books.items():
        write_atomic(root / "notebooks" / f"{name}.ipynb", nbformat.writes(notebook(f"# {name}", HEAD, *cells)))
    write_atomic(root / "annexe" / "loyers.csv", "commune,loyer\nRoyan,9\n")
    (root / "annexe" / "notes").mkdir()
    repriced(root, 9)


def change(told):
    """`file: old → new` changes a text, `file, key=value: column=value` a cell of the first row with these values."""
    name, _, what = told.partition(": ")
    name, *where = name.split(", ")
    keys = dict(one.split("=") for one in where)

    def do(root):
        path = root / name if (root / name).exists() else root / "data" / "raw" / name
        if " → " in what:
            old, new = what.split(" → ")
            swap(path, old, new, "cp1252" if "processus" in name and path.suffix == ".csv" else "utf-8")
            return
        column, value = what.split("=")
        rows = pd.read_csv(path, sep=";", dtype="str", encoding="utf-8-sig", keep_default_na=False)
        index = rows.index[(rows[list(keys)] == pd.Series(keys, dtype="str")).all(axis=1)][0]
        assert rows.loc[index, column] != value
        rows.loc[index, column] = value
        rows.to_csv(path, sep=";", index=False)

    return do


def written(file, content):
    return lambda root: write_atomic(root / file, content)


def refused_line(root):
    """A row that is refused moves the lines of all the others, not what they say."""
    path = root / "data" / "raw" / "comptes.csv"
    first, *lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([first, ";" * first.count(";"), *lines]), encoding="utf-8")


def marked(root):
    path = root / "data" / "relecture" / verbatims.FILE
    rows = [(*v, mark) for v, mark in verbatims.read(load_study(root / "study.toml")).values()]
    rows[0] = (*rows[0][:-1], "oui")
    path.write_bytes(verbatims.workbook(rows))


def earlier(clauses):
    return written("reports/2014-01-15/16/tables/charte.csv", f"clause,statut\n{clauses}\n")


def repriced(root, price=8):
    pd.DataFrame({"loyer": [price]}).to_parquet(root / "annexe" / "loyers.parquet")


def removed(root):
    (root / "reports" / "2014-07-10" / "17" / "4_processus.pdf").unlink()


def everywhere(*numbers, places=PLACES):
    return {f"{place}/{number}" for place in places for number in numbers}


def reached(runs):
    """`16/3 region/3`; `3` is everywhere."""
    return {run for word in runs.split() for run in ({word} if "/" in word else everywhere(word))}


ALL = everywhere("1", "2", "3", "4", "5", "6", "8", "9")
TYPED = """
an account of Charente | comptes.csv, compte=C019: date_demande=24/06/2014 | 16/3 region/3
an operation, not its dwellings | programmation/galion_ddtm17.csv: ;ROYAN; → ;SAINTES; | 17/1 region/1
dwellings of an operation | programmation/galion_ddtm17.csv: ;PLAI;collectif;2; → ;PLAI;collectif;4; | 1
the second source | rapprochement.csv: Ménages;collectif;12 → Ménages;collectif;13 | 16/1 region/1
a body of Deux-Sèvres | organismes.csv, id=DD079: contact=autre@exemple.fr | region/5
a profile's label | profils.csv, profil=Lecture bailleur: libelle=Autre libellé | 3
a step of Charente | processus/ddt_16.csv: ;05/02/2014; → ;06/02/2014; | 16/4 region/4
a step of the target | etapes_spls.csv, ordre=2: statut_spls=prêt | 4
a clause signed in Deux-Sèvres | charte.csv, organisme=DD079, clause=C1: position=refus | region/5
a session of Charente | formations.csv, id=F01: places=11 | 16/5 region/5
a point | points_discussion.csv: responsable=Une autre personne | 5
a seat | gouvernance.csv, organisme=DD016: presences=2014-06-12 | 16/5 region/5
a label of a codebook | questionnaires/bailleurs.toml: Qui saisit, ou fait → Dites : Qui saisit, ou fait | 2
an answer | questionnaires/bailleurs_2014-07-01.csv: Établissement public foncier → Un autre motif |
a sentence of a notebook | notebooks/5_deploiement.ipynb: # 5_deploiement → # Déploiement | 5
a file that a notebook opens | annexe/loyers.csv: Royan,9 → Royan,8 | 8
a report tampered with | reports/2014-07-10/16/1_programmation.html: </html> → <!-- --></html> | 16/1
"""
CHANGES = {
    "nothing": (lambda root: None, set()),
    **{
        name: (change(told), reached(runs))
        for name, told, runs in (map(str.strip, line.split("|")) for line in TYPED.split("\n")[1:-1])
    },
    "a refused row of accounts": (refused_line, set()),
    "a mark on a verbatim": (marked, everywhere("2")),
    "an earlier edition appears": (earlier("C1,adoptée"), {"16/9"}),
    "a table of the earlier edition": (earlier("C1,bloquée"), {"16/9"}),
    "a Parquet file that a notebook opens": (repriced, everywhere("8")),
    "a file in a folder that a notebook lists": (written("annexe/notes/visite.txt", "Vu sur place"), everywhere("8")),
    "a file beside those that a notebook opens": (written("annexe/autre.csv", "a\n1\n"), set()),
    "a report removed": (removed, {"17/4"}),
}


def build(root, *options, command=run, places=PLACES):
    """The runs done, `16/3`."""
    before = _written(root)
    done = command(root, "build", *(word for place in places for word in ("--territory", place)), *options)
    assert done.returncode == 0, done.stderr
    return {name for name, when in _written(root).items() if before.get(name) != when}


def _written(root):
    found = root.glob("reports/2014-07-10/*/notebooks/*.ipynb")
    return {f"{p.parts[-3]}/{p.name[0]}": p.stat().st_mtime_ns for p in found}


def published(root):
    """What readers have, and what the manifest says that each run read; the program itself may be another."""
    files = contents(root / "reports" / "2014-07-10")
    runs = json.loads(files.pop("manifest.json"))["executions"]
    return files | {name: {**run["entrees"], PROGRAM.name: ""} for name, run in runs.items()}


def rebuilt(root, everything, *options, **how):
    """Changes add up: what one leaves stale still is when all is compared with what is made anew."""
    incremental = published(root)
    assert build(root, *options, **how) == everything
    again = published(root)
    assert not [name for name in sorted({*again, *incremental}) if again.get(name) != incremental.get(name)]


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("etude")
    write_study(folder)
    assert build(folder) == ALL
    return folder


@pytest.mark.parametrize("what", CHANGES)
def test_what_changed_runs_again_and_nothing_else(root, what):
    do, expected = CHANGES[what]
    do(root)
    assert build(root) == expected


def test_what_all_hang_on_runs_all_again_and_what_was_left_alone_is_what_it_gives(root, monkeypatch):
    monkeypatch.setitem(vars(PROGRAM), "versions", "autre")
    rebuilt(root, ALL)
    for do in (
        written("modeles/rapport.css", "/* étude */"),  # a template of the study
        change("study.toml: repondants = 5 → repondants = 6"),
    ):
        do(root)
        assert build(root, places=["16"]) == {run for run in ALL if run.startswith("16/")}


OWN = everywhere("1", "2", "3", "4", "5", "6", places=TWO)
# Each kind in files of its own, so that one build tells what each of them runs again.
PARTS = {
    "comptes.csv, compte=C019: date_demande=24/06/2014": {"16/3", "16/6"},
    "notebooks/5_deploiement.ipynb: #  → # D'ici l'automne, ": {"16/5", "17/5"},
    "data/reference/departements.csv: 353657 → 353658": {"16/1", "17/1"},
}


def test_a_program_that_is_changed_runs_again_what_it_made(tmp_path):
    """The study's own notebooks, in a copy of the program."""
    for name in ("spls_study", "notebook_reports", "notebooks", "data/raw", "data/reference", "data/relecture", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("study.toml", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path)
    how = {"command": partial(process, PYTHONPATH=str(tmp_path)), "places": TWO}
    assert build(tmp_path, **how) == OWN
    assert build(tmp_path, **how) == set()
    for told in PARTS:
        change(told)(tmp_path)
    assert build(tmp_path, **how) == set().union(*PARTS.values())
    change('spls_study/slices.py: """What → """Ce que')(tmp_path)
    rebuilt(tmp_path, OWN, **how)
    for told in ("notebook_reports/templates/page.html.j2: <footer> → <footer >", "requirements.lock: hash → relu"):
        change(told)(tmp_path)
        assert build(tmp_path, "--notebook", "5", **how) == {"16/5", "17/5"}, told
