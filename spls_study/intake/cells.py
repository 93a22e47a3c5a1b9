"""What the cells of a column, then the rows of a table must be, and what is wrong with the others."""

from collections.abc import Callable, Sequence
from functools import partial
from graphlib import CycleError, TopologicalSorter

import numpy as np
import pandas as pd

from notebook_reports import letters
from notebook_reports.french import long_date, number

from ..study import REGION, Study
from ..tables import DTYPES, ORIGIN, TABLES, Column, read_table
from ..words import folded, squeeze
from . import programmation, values
from .persons import is_person
from .report import Findings, Read

EMPTIED = "la cellule est vidée"
_SCIENTIFIC = r"\d(?:[.,]\d+[eE]\+?|[eE]\+)\d+"
_ERROR = "erreur de tableur, ou formule sans résultat\u202f; rouvrez le classeur dans un tableur, enregistrez-le"
_LOST = (
    "numéro en notation scientifique, dont le tableur a perdu des chiffres\u202f;"
    " mettez la colonne au format Texte avant d'y coller les numéros"
)
LISTS = {
    "codes": "liste illisible",
    "mots": "liste illisible",
    "tâches": "liste illisible",
    "jours": "liste de dates illisible\u202f; attendu\u00a0: 12/06/2014|10/07/2014",
    "départements": "liste de départements illisible\u202f; attendu\u00a0: 16|17",
    "département": "département inconnu de l'étude\u202f; attendu\u00a0: son code ou son nom",
    "territoire": f"territoire inconnu de l'étude\u202f; attendu\u00a0: code ou nom d'un département, ou {REGION}",
}
NUMBERS = ("numéro", "siren", "siret")
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


def typed(column: Column, study: Study, cleaned: pd.Series, findings: Findings) -> pd.Series:
    """The column's values; what cannot be read is refused in a filled column, else emptied."""
    if column.filled:
        findings.refuse(cleaned.isna(), column.name, "cellule vide\u202f; remplissez-la")
    return findings.told(column.name, cleaned, partial(_typed, column, study), None if column.filled else EMPTIED)


def _typed(column: Column, study: Study, cells: pd.Series) -> Read:
    bad = values.error(cells)
    read, reasons = _read(column, study, cells.mask(bad) if bad.any() else cells)
    reasons = {_ERROR: bad, **reasons}
    if any(wrong.any() for wrong in reasons.values()):
        read = read.mask(np.logical_or.reduce([*reasons.values()]))
    if column.reading == "passée":
        told = f"date postérieure à l'extraction ({long_date(study.etude.extraction)}), gardée telle quelle"
        late = read > pd.Timestamp(study.etude.extraction)
        reasons[f"{told}\u202f; à vérifier, ou corrigez etude.extraction"] = late
    if column.kind != "texte":
        read = read.astype(DTYPES[column.kind])
    elif not column.personal:  # what the reports' PDF cannot show
        doubtful = read[read.str.contains(f"[^{letters.SURE}]", na=False) | (read.str.len() > letters.LONGEST)]
        told = doubtful.map(letters.told).reindex(read.index)
        reasons |= {reason: told == reason for reason in told.dropna().unique() if reason}
    return read, reasons


def _read(column: Column, study: Study, cells: pd.Series) -> Read:
    """The values as read, and where they are wrong with the reason."""
    if column.kind == "texte":
        return _text(column, study, cells)
    if column.kind == "date":
        read, unread = values.day(cells, column.reading), "date illisible\u202f; attendu\u00a0: 12/06/2014"
        strange = read.notna() & ~values.plausible(read, study.etude.edition)
        wrong = {"date invraisemblable (avant 1990 ou plus de dix ans après l'édition)\u202f; corrigez-la": strange}
    else:
        read, unread = values.number(cells), "nombre illisible\u202f; attendu\u00a0: 1584 ou 12,5"
        parted = read.notna() & (read % 1 != 0) & (column.kind == "entier")
        wrong = {"nombre entier attendu\u202f; corrigez-le": parted}
        low, high = column.minimum, column.maximum
        if low is not None and high is not None:
            bounds = f"le nombre doit être compris entre {number(low)} et {number(high)}"
            wrong[bounds] = read.notna() & ~read.between(low, high)
        elif low is not None:
            wrong[f"le nombre doit être au moins {number(low)}"] = read < low
    return read, {unread: cells.notna() & read.isna(), **wrong}


def _text(column: Column, study: Study, cells: pd.Series) -> Read:
    read, wrong = cells, {}
    if column.reading in NUMBERS:
        with_e = cells.where(cells.str.contains("[eE]", na=False))  # few: the rest is not looked at
        wrong[_LOST] = with_e.str.fullmatch(_SCIENTIFIC, na=False)
    if column.reading in LISTS:
        read, unread = values.each(cells, lambda text: listed(column.reading, text, study)), LISTS[column.reading]
        wrong[unread] = cells.notna() & read.isna()
    elif column.values:
        known = {squeeze(v): v for v in column.values}
        read, unread = values.each(cells, lambda text: known.get(squeeze(text))), ", ".join(column.values)
        wrong[f"valeur inconnue\u202f; attendu\u00a0: {unread}"] = cells.notna() & read.isna()
    return read, wrong


def listed(reading: str, text: str, study: Study) -> str | None:
    """The cell as `a|b` (one part where the column has one); None where a part cannot be read."""
    if reading in ("codes", "mots", "tâches"):
        return "|".join(values.parts(text, words=reading == "mots"))
    if reading == "jours":
        days = values.day(pd.Series(values.parts(text), dtype="str"))
        return None if days.isna().any() else "|".join(days.dt.strftime("%Y-%m-%d"))
    if reading == "territoire" and squeeze(text) in {squeeze(REGION), squeeze(study.region.nom)}:
        return REGION
    whole = values.department(text, study)
    if reading != "départements":
        return whole if whole in study.departements else None
    # « Maine et Loire » is one.
    codes = [whole] if whole else [values.department(part, study) for part in values.parts(text, also="/&+")]
    return "|".join(sorted({code for code in codes if code})) if codes and all(codes) else None


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
    known = values.organismes(bodies, folded)
    ids = cells.map(lambda text: known.get(folded(text))).astype("str")
    told = "organisme absent de la table organismes, gardé tel quel\u202f; ajoutez-le, ou écrivez son id"
    return ids.fillna(cells), {told: ids.isna()}


def _service(study: Study, cells: pd.Series) -> Read:
    told = "semble nommer une personne, et cette colonne est publiée\u202f; écrivez son service ou sa fonction"
    return cells, {told: cells.map(is_person).astype("bool")}


def _number(told: str, shortest: int, longest: int, study: Study, cells: pd.Series) -> Read:
    """Numbers with their lost zeros."""
    numbers = values.restored(cells, shortest, longest)
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
