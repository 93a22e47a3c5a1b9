"""Rows of checked tables, told by what differs from an ordinary one; small questionnaires."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from spls_study.analysis.programmation import active, prepare
from spls_study.analysis.questionnaires.survey import Survey, survey
from spls_study.codebook import Codebook
from spls_study.study import Territory
from spls_study.tables import empty

Row = Mapping[str, Any]
REGION = Territory(code="region", nom="Région", departements=("16", "17", "79"))
TERRITORIES = (*(Territory(code=d, nom=d, departements=(d,)) for d in REGION.departements), REGION)


def frame(name: str, rows: Sequence[Row], **usual: Any) -> pd.DataFrame:
    """Rows told by their filled cells, with the columns and types of a checked table."""
    table = empty(name)
    return pd.DataFrame([usual | dict(row) for row in rows], columns=table.columns).astype(table.dtypes)


def cells(table: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    return list(table[list(columns)].itertuples(index=False, name=None))


def typed(columns: str, text: str, **usual: Any) -> list[Row]:
    """Rows typed as text, `typed("op n", "a 6 | b 2")`: « - » is an empty cell, « ~ » a space in one."""
    lines = [line.split() for line in text.split(" | ") if line]
    told = [[None if cell == "-" else cell.replace("~", " ") for cell in line] for line in lines]
    return [usual | dict(zip(columns.split(), line, strict=True)) for line in told]


def filled(name: str, columns: str, text: str, **usual: Any) -> pd.DataFrame:
    """A checked table of rows typed as text."""
    return frame(name, typed(columns, text), **usual)


def told(table: pd.DataFrame, columns: str = "") -> str:
    """The same of a table, all its columns or these: numbers to six digits, spaces as they are."""
    own = table[columns.split()] if columns else table
    return " | ".join(" ".join(map(_cell, row)) for row in own.itertuples(index=False, name=None))


def _cell(value: Any) -> str:
    if not isinstance(value, (tuple, list)) and pd.isna(value):
        return "-"
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return f"{value:g}" if isinstance(value, float) else str(value)


# Programming
SHORT = {"op": "numero_operation", "an": "annee_programmation", "dep": "departement", "n": "nb_logements"}


def checked(*rows: Row) -> pd.DataFrame:
    """The table as intake leaves it; `op`, `an`, `dep`, `n` are short for columns."""
    return frame(
        "programmation",
        [{SHORT.get(k, k): v for k, v in row.items()} for row in rows],
        numero_operation="2013DD0170001",
        annee_programmation=2013,
        departement="17",
        gestionnaire="DD017",
        commune="La Rochelle",
        code_insee="17300",
        moa_siret="00000001800012",
        moa_nom="Office",
        produit="PLUS",
        nature_logement="Logements ordinaires",
        type_beneficiaire="Ménages",
        nb_logements=10,
        type_habitat="collectif",
    )


def counted(*rows: Row) -> pd.DataFrame:
    """The same as the analyses take it."""
    return active(prepare(checked(*rows)))


def programmed(columns: str, text: str, **usual: Any) -> pd.DataFrame:
    """`counted` of rows typed as text."""
    return counted(*typed(columns, text, **usual))


# Accounts
PROFILS = filled(
    "profils",
    "profil libelle interface droits fonctions alias",
    "Lecture Consulter SPLS consulter Directeur - | Saisie Saisir SPLS consulter|saisir Chargé~d'opérations Écriture | "
    "Instruction Instruire Galion consulter|instruire Instructeur - | Audit Auditer Galion consulter - -",
)


def comptes(*rows: Row) -> pd.DataFrame:
    """Accounts C1, C2… of B1 in 17, « Saisie » asked on 10 June 2014, unless told otherwise."""
    return frame(
        "comptes",
        [{"compte": f"C{i}"} | dict(row) for i, row in enumerate(rows, 1)],
        organisme="B1",
        departement="17",
        fonction="Chargé d'opérations",
        profil_demande="Saisie",
        date_demande="2014-06-10",
    )


def etats(text: str) -> pd.DataFrame:
    """`etat_organismes` of landlords, typed: organisme, departements, etat."""
    counts = dict.fromkeys(("utilises", "ouverts", "en_attente", "refuses"), 0)
    rows = pd.DataFrame(typed("organisme departements etat", text), columns=["organisme", "departements", "etat"])
    own = rows.astype("str").assign(nom=rows["organisme"], role="bailleur", famille="OPH", profil="Saisie")
    return own.assign(**counts)


# The calendar
PLANNED = "id debut_prevu fin_prevue debut_reel fin_reelle depend_de"


def tasks(text: str, columns: str = PLANNED) -> pd.DataFrame:
    """The table `calendrier`, typed; J and K are milestones; a label is that of its id unless told."""
    rows = typed(columns, text, etape="1")
    kinds = ({"type": "jalon" if row["id"] in "JK" else "tâche", "libelle": row["id"]} | row for row in rows)
    return frame("calendrier", [*kinds])


# Questionnaires
def question(code: str, kind: str, libelle: str = "?", **more: Any) -> Row:
    return {"code": code, "type": kind, "libelle": libelle, **more}


def codebook(*questions: Row, **more: Any) -> Codebook:
    """Asks the bailleurs, by department and famille, unless told otherwise."""
    usual = {"id": "b", "titre": "Bailleurs", "repondant": "organisme", "population": "bailleur"}
    given = usual | {"strates": ("departement", "famille")} | more
    return Codebook(question=[dict(q) for q in questions], **given)


CHOICE = question("U", "choix_unique", modalites={"o": "Oui", "n": "Non"})
PARTS = {"S1": "ici", "S2": "là"}
GRID = question("G", "echelle", modalites={"1": "peu", "2": "très"}, sous_questions=PARTS)


def organismes(bailleurs: str) -> pd.DataFrame:
    """Bailleurs, typed: id, famille, departements, nb_logements; and a gestionnaire."""
    columns = {"id": "str", "famille": "str", "departements": "str", "nb_logements": "Int64"}
    rows = typed(" ".join(columns), f"{bailleurs} | DD016 DDT 16 -".removeprefix(" | "))
    table = pd.DataFrame(rows).astype(columns)
    roles = ["bailleur"] * (len(rows) - 1) + ["gestionnaire"]
    return table.assign(nom=table["id"], role=pd.Series(roles, dtype="str"))


Answers = Sequence[tuple[str, str, str, str]]


def answers(text: str) -> Answers:
    """Typed: respondent, question (or question.part), value."""
    rows = typed("who asked value", text)
    return [(row["who"], *row["asked"].partition(".")[::2], row["value"]) for row in rows]


def asked(book: Codebook, frame: pd.DataFrame, rows: Answers) -> Survey:
    said = pd.DataFrame(rows, columns=["repondant", "question", "sous_question", "valeur"], dtype="str")
    return survey(book, said, frame)
