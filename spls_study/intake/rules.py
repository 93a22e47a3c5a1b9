"""What the rows of a table must be beyond the kinds of their columns: rows in, amended rows out."""

from collections.abc import Callable, Sequence
from functools import partial
from graphlib import CycleError, TopologicalSorter

import pandas as pd

from notebook_reports.french import long_date

from ..study import Study
from ..tables import ORIGIN, TABLES, read_table
from ..words import folded, squeeze
from . import identifiers, programmation, values
from .cells import EMPTIED
from .findings import REPORT, Findings
from .persons import is_person

# All their dates tell what has happened: plans (`calendrier`, sessions, deadlines) have later dates by right.
PAST = ("programmation", "rapprochement", "comptes")
_BACK = "fin antérieure au début"
_MORE = "gardé tel quel\u202f; à vérifier"
# Two columns of which the second is never less; the cell that is told, and emptied where the reason says so.
ORDER: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "calendrier": tuple(
        (start, end, end, f"{_BACK} ({start})\u202f; corrigez l'une des deux\u202f; {EMPTIED}")
        for start, end in (("debut_prevu", "fin_prevue"), ("debut_reel", "fin_reelle"))
    ),
    "formations": (
        ("presents", "inscrits", "presents", f"plus de présents que d'inscrits, {_MORE}"),
        ("inscrits", "places", "inscrits", f"plus d'inscrits que de places, {_MORE}"),
    ),
    "processus": (
        ("date_debut", "date_fin", "date_fin", f"{_BACK}\u202f; l'étape n'a pas de durée, corrigez l'une des deux"),
    ),
}


def checked(study: Study, table: str, frame: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """Amend and check the rows: what the `reading` of each column says, then what columns owe one another."""
    for column in TABLES[table]:
        if column.reading in READINGS:
            cells = READINGS[column.reading](study, column.name, frame[column.name], findings)
            frame = frame.assign(**{column.name: cells})
        if column.kind == "date" and table in PAST:
            told = f"date postérieure à l'extraction ({long_date(study.etude.extraction)}), gardée telle quelle"
            late = frame[column.name] > pd.Timestamp(study.etude.extraction)
            findings.warn(late, column.name, f"{told}\u202f; à vérifier, ou corrigez etude.extraction")
    for low, high, cell, reason in ORDER.get(table, ()):
        wrong = (frame[high] < frame[low]).fillna(False)
        findings.warn(wrong, cell, reason)
        if reason.endswith(EMPTIED):
            frame = frame.assign(**{cell: frame[cell].mask(wrong)})
    return programmation.rules(study, frame, findings) if table in ("programmation", "rapprochement") else frame


def _organisme(study: Study, column: str, cells: pd.Series, findings: Findings) -> pd.Series:
    """Organismes as their id; strangers stay as written, with a warning."""
    bodies = read_table(study, "organismes")
    if bodies.empty:
        return cells
    known = identifiers.organismes(bodies, folded)
    ids = values.each(cells, lambda text: known.get(folded(text)))
    told = "organisme absent de la table organismes, gardé tel quel\u202f; ajoutez-le, ou écrivez son id"
    findings.warn(cells.notna() & ids.isna(), column, told)
    return ids.astype("str").fillna(cells.astype("str"))


def _service(study: Study, column: str, cells: pd.Series, findings: Findings) -> pd.Series:
    person = values.each(cells, lambda text: text if is_person(text) else None).notna()
    told = "semble nommer une personne, et cette colonne est publiée\u202f; écrivez son service ou sa fonction"
    findings.warn(person, column, told)
    return cells


def _restored(
    restore: Callable[[pd.Series], tuple[pd.Series, pd.Series]],
    told: str,
    study: Study,
    column: str,
    cells: pd.Series,
    findings: Findings,
) -> pd.Series:
    """Numbers with their lost zeros."""
    numbers, doubtful = restore(cells)
    findings.warn(doubtful, column, f"{told}, gardé tel quel\u202f; à vérifier")
    return numbers


READINGS: dict[str, Callable[[Study, str, pd.Series, Findings], pd.Series]] = {
    "organisme": _organisme,
    "gestionnaire": lambda study, column, cells, findings: programmation.managers(study, cells, findings),
    "service": _service,
    "siren": partial(_restored, identifiers.siren, "SIREN dont la clé est fausse"),
    "siret": partial(_restored, identifiers.siret, "SIRET incomplet ou de clé fausse"),
}


def dependencies(table: str, rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tasks that a task depends on: those there are, but for itself and for circles; and what is left out."""
    told: list[tuple[object, ...]] = []
    for column in (c.name for c in TABLES[table] if c.reading == "tâches"):
        known = {squeeze(id): id for id in rows["id"]}
        kept: dict[str, list[str]] = {}
        left: list[tuple[str, str, str]] = []  # task, what it named, why
        for task, text in zip(rows["id"], rows[column], strict=True):
            found = {name: known.get(squeeze(name)) for name in ([] if pd.isna(text) else text.split("|"))}
            kept[task] = [own for own in found.values() if own not in (None, task)]
            unknown = "tâche inconnue\u202f; attendu\u00a0: un id de la table, ou plusieurs séparés par |"
            left += [(task, name, unknown) for name, own in found.items() if own is None]
            left += [(task, name, "une tâche ne dépend pas d'elle-même") for name, own in found.items() if own == task]
        while circle := _circle(kept):
            last, task = circle[-2:]
            kept[task].remove(last)
            why = f"ces tâches dépendent l'une de l'autre en rond ({' → '.join(circle)})"
            left.append((task, last, why))
        places = rows.set_index("id")[[*ORIGIN]]
        told += [
            (*places.loc[task], column, name, f"{why}\u202f; ce lien est laissé de côté") for task, name, why in left
        ]
        texts = ["|".join(kept[task]) or None for task in rows["id"]]
        rows = rows.assign(**{column: pd.Series(texts, rows.index, dtype="str")})
    return rows, pd.DataFrame(told, columns=list(REPORT))


def _circle(before: dict[str, list[str]]) -> Sequence[str]:
    """The tasks of a circle, each depended on by the next, the first again at the end."""
    try:
        TopologicalSorter(before).prepare()
    except CycleError as error:
        return [*error.args[1]]
    return []
