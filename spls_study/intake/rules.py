"""What the rows of a table must be beyond the kinds of their columns: rows in, amended rows out."""

from collections.abc import Callable, Sequence
from functools import partial
from graphlib import CycleError, TopologicalSorter

import pandas as pd

from ..study import Study
from ..tables import ORIGIN, TABLES, read_table
from ..words import folded, squeeze
from . import identifiers, programmation
from .cells import EMPTIED
from .findings import Findings, Read
from .persons import is_person

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
            reading = partial(READINGS[column.reading], study)
            frame = frame.assign(**{column.name: findings.told(column.name, frame[column.name], reading)})
    for low, high, cell, reason in ORDER.get(table, ()):
        wrong = (frame[high] < frame[low]).fillna(False)
        findings.warn(wrong, cell, reason)
        if reason.endswith(EMPTIED):
            frame = frame.assign(**{cell: frame[cell].mask(wrong)})
    return programmation.rules(study, frame, findings) if table in ("programmation", "rapprochement") else frame


def _organisme(study: Study, cells: pd.Series) -> Read:
    """Organismes as their id; strangers stay as written."""
    bodies = read_table(study, "organismes")
    if bodies.empty:
        return cells, {}
    known = identifiers.organismes(bodies, folded)
    ids = cells.map(lambda text: known.get(folded(text))).astype("str")
    told = "organisme absent de la table organismes, gardé tel quel\u202f; ajoutez-le, ou écrivez son id"
    return ids.fillna(cells), {told: ids.isna()}


def _service(study: Study, cells: pd.Series) -> Read:
    told = "semble nommer une personne, et cette colonne est publiée\u202f; écrivez son service ou sa fonction"
    return cells, {told: cells.map(is_person).astype("bool")}


def _number(told: str, shortest: int, longest: int, study: Study, cells: pd.Series) -> Read:
    """Numbers with their lost zeros."""
    numbers = identifiers.restored(cells, shortest, longest)
    return numbers.fillna(cells), {f"{told}, gardé tel quel\u202f; à vérifier": numbers.isna()}


# The distinct values of a column as they must be, and what is to be said of some.
READINGS: dict[str, Callable[[Study, pd.Series], Read]] = {
    "organisme": _organisme,
    "gestionnaire": programmation.managers,
    "service": _service,
    "siren": partial(_number, "SIREN dont la clé est fausse", 6, 9),
    "siret": partial(_number, "SIRET incomplet ou de clé fausse", 10, 14),
}


def dependencies(table: str, rows: pd.DataFrame) -> tuple[pd.DataFrame, list[tuple[object, ...]]]:
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
    return rows, told


def _circle(before: dict[str, list[str]]) -> Sequence[str]:
    """The tasks of a circle, each depended on by the next, the first again at the end."""
    try:
        TopologicalSorter(before).prepare()
    except CycleError as error:
        return [*error.args[1]]
    return []
