"""One change to each kind of input of a study, with what must then run again.

Small notebooks read every view, notebook 9 the rest; runs go by number: `16/3`.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from publishing import notebook

from spls_study.intake import verbatims

ROOT = Path(__file__).resolve().parent.parent
PLACES = ("16", "17", "region")
VIEWS = {
    "1_programmation": "programmation parts_region cadrage rapprochement",
    "2_questionnaires": "questionnaires enquetes verbatims",
    "3_ouverture_des_droits": "comptes etats profils",
    "4_processus": "etapes placees nouvelles decisions cible",
    "5_deploiement": "etats organismes calendrier charte formations a_venir satisfaction points gouvernance",
    "6_copil": "fichiers calendrier_entier",
}
HEAD = """from spls_study import editions, reference, views
from spls_study.reads import Reader, value_digest
from spls_study.show import say
from spls_study.study import load_study
study = load_study(etude)
lieu = study.territory(territoire)
lire = Reader(study, lieu)"""
REST = """clauses = editions.previous_table(study, lieu, "charte")
say(str(editions.last_edition(study)), "" if clauses is None else clauses.to_csv())
say(reference.department_weights(study).to_csv(), editions.fingerprint(study))"""


def write_study(root: Path) -> None:
    """The demonstration's raw files, as CSV where they are workbooks, and small notebooks."""
    shutil.copytree(ROOT / "data" / "raw", root / "data" / "raw")
    shutil.copy(ROOT / "study.toml", root)
    for name in ("organismes", "profils", "calendrier", "points_discussion"):
        book = root / "data" / "raw" / f"{name}.xlsx"
        pd.read_excel(book, dtype="str", engine="calamine").to_csv(book.with_suffix(".csv"), index=False, sep=";")
        book.unlink()
    (root / "notebooks").mkdir()
    for name, views in VIEWS.items():
        said = ", ".join(f"value_digest(lire(views.{v}))" for v in views.split())
        _write(root, name, notebook(f"# {name}", HEAD, f"say({said})"))
    _write(root, "9_reste", notebook("# Reste", HEAD, *REST.splitlines()))


def _write(root: Path, name: str, book: dict) -> None:
    import nbformat

    nbformat.write(book, root / "notebooks" / f"{name}.ipynb")


def swap(file: str, old: str, new: str, encoding: str = "utf-8") -> Callable[[Path], None]:
    def change(root: Path) -> None:
        path = root / file
        text = path.read_bytes().decode(encoding)
        assert old in text, f"{file}: {old}"
        path.write_bytes(text.replace(old, new, 1).encode(encoding))

    return change


def of_row(table: str, column: str, value: str, **where: str) -> Callable[[Path], None]:
    """Changes a cell of the first row with these values."""

    def change(root: Path) -> None:
        path = root / "data" / "raw" / table
        rows = pd.read_csv(path, sep=";", dtype="str", encoding="utf-8-sig", keep_default_na=False)
        index = rows.index[(rows[list(where)] == pd.Series(where)).all(axis=1)][0]
        assert rows.loc[index, column] != value
        rows.loc[index, column] = value
        rows.to_csv(path, sep=";", index=False)

    return change


def refused_line(root: Path) -> None:
    """A row that is refused moves the lines of all the others, not what they say."""
    path = root / "data" / "raw" / "comptes.csv"
    first, *lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([first, ";" * first.count(";"), *lines]), encoding="utf-8")


def marked(root: Path) -> None:
    path = root / "data" / "relecture" / verbatims.FILE
    from spls_study.study import load_study

    rows = [(*v, mark) for v, mark in verbatims.read(load_study(root / "study.toml")).values()]
    rows[0] = (*rows[0][:-1], "oui")
    path.write_bytes(verbatims.workbook(rows))


def earlier(clauses: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        folder = root / "reports" / "2014-01-15" / "16" / "tables"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "charte.csv").write_text(f"clause,statut\n{clauses}\n", encoding="utf-8")

    return change


def removed(root: Path) -> None:
    (root / "reports" / "2014-07-10" / "17" / "4_processus.pdf").unlink()


def tampered(root: Path) -> None:
    file = root / "reports" / "2014-07-10" / "16" / "1_programmation.html"
    file.write_bytes(file.read_bytes().replace(b"</html>", b"<!-- --></html>"))


def own_template(root: Path) -> None:
    (root / "modeles").mkdir()
    (root / "modeles" / "rapport.css").write_text("/* étude */", encoding="utf-8")


def everywhere(*numbers: str) -> set[str]:
    return {f"{place}/{number}" for place in PLACES for number in numbers}


ALL = everywhere("1", "2", "3", "4", "5", "6", "9")
RAW, LABEL = "data/raw/", "Qui saisit, ou fait saisir"
CHANGES: dict[str, tuple[Callable[[Path], None], set[str]]] = {
    "nothing": (lambda root: None, set()),
    "an account of Charente": (
        of_row("comptes.csv", "date_demande", "24/06/2014", compte="C019"),
        {"16/3", "region/3"},
    ),
    "a refused row of accounts": (refused_line, set()),
    "an operation of Charente-Maritime, not its dwellings": (
        swap(RAW + "programmation/galion_ddtm17.csv", ";ROYAN;", ";SAINTES;"),
        {"17/1", "region/1"},
    ),
    "dwellings of an operation": (
        swap(RAW + "programmation/galion_ddtm17.csv", ";PLAI;collectif;2;", ";PLAI;collectif;4;"),
        everywhere("1"),
    ),
    "the second source": (
        swap(RAW + "rapprochement.csv", "Ménages;collectif;12", "Ménages;collectif;13"),
        {"16/1", "region/1"},
    ),
    "a body of Deux-Sèvres": (of_row("organismes.csv", "contact", "autre@exemple.fr", id="DD079"), {"region/5"}),
    "a profile's label": (
        of_row("profils.csv", "libelle", "Autre libellé", profil="Lecture bailleur"),
        everywhere("3"),
    ),
    "a step of Charente": (
        swap(RAW + "processus/ddt_16.csv", ";05/02/2014;", ";06/02/2014;", "cp1252"),
        {"16/4", "region/4"},
    ),
    "a step of the target": (of_row("etapes_spls.csv", "statut_spls", "prêt", ordre="2"), everywhere("4")),
    "a clause signed in Deux-Sèvres": (
        of_row("charte.csv", "position", "refus", organisme="DD079", clause="C1"),
        {"region/5"},
    ),
    "a session of Charente": (of_row("formations.csv", "places", "11", id="F01"), {"16/5", "region/5"}),
    "a point": (of_row("points_discussion.csv", "responsable", "Une autre personne"), everywhere("5")),
    "a seat": (of_row("gouvernance.csv", "presences", "2014-06-12", organisme="DD016"), {"16/5", "region/5"}),
    "a label of a codebook": (swap(RAW + "questionnaires/bailleurs.toml", LABEL, f"Dites : {LABEL}"), everywhere("2")),
    "an answer": (
        swap(RAW + "questionnaires/bailleurs_2014-07-01.csv", "Établissement public foncier", "Un autre motif"),
        set(),
    ),
    "a mark on a verbatim": (marked, everywhere("2")),
    "a sentence of a notebook": (
        swap("notebooks/5_deploiement.ipynb", "# 5_deploiement", "# Déploiement"),
        everywhere("5"),
    ),
    "an earlier edition appears": (earlier("C1,adoptée"), everywhere("9")),
    "a table of the earlier edition": (earlier("C1,bloquée"), {"16/9"}),
    "a report removed": (removed, {"17/4"}),
    "a report tampered with": (tampered, {"16/1"}),
    "a template of the study": (own_template, ALL),
    "the threshold": (swap("study.toml", "repondants = 5", "repondants = 6"), ALL),
}
