"""The cells of one column to values of its kind, and what is wrong with the others."""

from functools import partial

import numpy as np
import pandas as pd

from notebook_reports import letters
from notebook_reports.french import long_date, number

from ..study import REGION, Study
from ..tables import DTYPES, Column
from ..words import squeeze
from . import identifiers, values
from .findings import Findings, Read

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
    whole = identifiers.department(text, study)
    if reading != "départements":
        return whole if whole in study.departements else None
    # « Maine et Loire » is one.
    codes = [whole] if whole else [identifiers.department(part, study) for part in values.parts(text, also="/&+")]
    return "|".join(sorted({code for code in codes if code})) if codes and all(codes) else None
