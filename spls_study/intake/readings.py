"""Cells that are a list, or that name what another table or study.toml has: read the same way in every table."""

from functools import partial
from graphlib import CycleError, TopologicalSorter

import pandas as pd

from ..study import REGION, Study
from ..tables import ORIGIN, TABLES, read_table
from ..words import folded, squeeze
from . import identifiers, values
from .scrub import people
from .sieve import REPORT, Sieve


def listed(reading: str, text: str, study: Study) -> str | None:
    """The cell as `a|b` (one part where the column has one); None where a part cannot be read."""
    if reading == "territoire" and squeeze(text) in {squeeze(REGION), squeeze(study.region.nom)}:
        return REGION
    if reading in ("codes", "mots", "tâches"):
        return "|".join(values.parts(text, words=reading == "mots"))
    if reading == "jours":
        days = values.day(pd.Series(values.parts(text), dtype="str"))
        return None if days.isna().any() else "|".join(days.dt.strftime("%Y-%m-%d"))
    whole = identifiers.department(text, study)
    if reading == "départements":
        # « Maine et Loire » is one.
        codes = [whole] if whole else [identifiers.department(part, study) for part in _departments(text)]
        return "|".join(sorted({code for code in codes if code})) if codes and all(codes) else None
    return whole if whole in study.departements else None


def _departments(text: str) -> list[str]:
    return [part for piece in values.parts(text) for part in map(str.strip, identifiers.ALSO.split(piece)) if part]


UNREAD = {
    "jours": "liste de dates illisible\u202f; attendu\u00a0: 12/06/2014|10/07/2014",
    "départements": "liste de départements illisible\u202f; attendu\u00a0: 16|17",
    "département": "département inconnu de l'étude\u202f; attendu\u00a0: son code ou son nom",
    "territoire": f"territoire inconnu de l'étude\u202f; attendu\u00a0: code ou nom d'un département, ou {REGION}",
}
LISTED = frozenset({*UNREAD, "codes", "mots", "tâches"})


def organismes(table: pd.DataFrame) -> dict[str, str]:
    """Folded id, name or SIREN → id; the first of equals."""
    known: dict[str, str] = {}
    for column in ("id", "nom", "siren"):
        for name, id in zip(table[column], table["id"], strict=True):
            if isinstance(name, str):
                known.setdefault(folded(name), id)
    return known


def resolved(study: Study, table: str, frame: pd.DataFrame, sieve: Sieve) -> pd.DataFrame:
    """Organismes as their id; strangers and names of persons stay as written, with a warning."""
    found = {}
    for column in TABLES[table]:
        if column.reading == "organisme" and len(bodies := read_table(study, "organismes")):
            known, cells = organismes(bodies), frame[column.name]
            ids = values.each(cells, partial(_known, known))
            told = "organisme absent de la table organismes, gardé tel quel\u202f; ajoutez-le, ou écrivez son id"
            sieve.warn(cells.notna() & ids.isna(), column.name, told)
            found[column.name] = ids.astype("str").fillna(cells.astype("str"))
        if column.reading == "service":
            cells = frame[column.name]
            person = values.each(cells, lambda text: text if people(text) else None).notna()
            told = "semble nommer une personne, et cette colonne est publiée\u202f; écrivez son service ou sa fonction"
            sieve.warn(person, column.name, told)
    return frame.assign(**found)


def dependencies(table: str, rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tasks that a task depends on: those there are, but for itself and for circles; and what is left out."""
    told: list[tuple[object, ...]] = []
    for column in (c.name for c in TABLES[table] if c.reading == "tâches"):
        known = {squeeze(id): id for id in rows["id"]}
        place = {id: at for id, *at in rows[["id", *ORIGIN]].itertuples(index=False, name=None)}
        kept: dict[str, list[str]] = {}

        def drop(task: str, name: str, why: str, column: str = column, place: dict[str, list[object]] = place) -> None:
            told.append((*place[task], column, name, f"{why}\u202f; ce lien est laissé de côté"))

        for task, text in zip(rows["id"], rows[column], strict=True):
            names = [] if pd.isna(text) else text.split("|")
            for name in names:
                if squeeze(name) not in known:
                    drop(
                        task, name, "tâche inconnue\u202f; attendu\u00a0: un id de la table, ou plusieurs séparés par |"
                    )
                elif known[squeeze(name)] == task:
                    drop(task, name, "une tâche ne dépend pas d'elle-même")
            found = (known.get(squeeze(name)) for name in names)
            kept[task] = [name for name in found if name not in (None, task)]
        while circle := _circle(kept):
            last, task = circle[-2:]
            kept[task].remove(last)
            drop(task, last, f"ces tâches dépendent l'une de l'autre en rond ({' → '.join(circle)})")
        texts = ["|".join(kept[task]) or None for task in rows["id"]]
        rows = rows.assign(**{column: pd.Series(texts, rows.index, dtype="str")})
    return rows, pd.DataFrame(told, columns=list(REPORT))


def _known(names: dict[str, str], text: str) -> str | None:
    return names.get(folded(text))


def _circle(before: dict[str, list[str]]) -> list[str]:
    """The tasks of a circle, each depended on by the next, the first again at the end."""
    try:
        TopologicalSorter(before).prepare()
    except CycleError as error:
        return [*error.args[1]]
    return []
