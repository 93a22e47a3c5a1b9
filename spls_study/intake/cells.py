"""The cells of one column to values of its kind, and what is wrong with the others."""

import pandas as pd

from notebook_reports import letters
from notebook_reports.french import number

from ..study import REGION, Study
from ..tables import DTYPES, Column
from ..words import squeeze
from . import identifiers, values
from .findings import Findings

EMPTIED = "la cellule est vidée"
_SCIENTIFIC = r"\d(?:[.,]\d+[eE]\+?|[eE]\+)\d+"
_ERROR = "erreur de tableur, ou formule sans résultat\u202f; rouvrez le classeur dans un tableur, enregistrez-le"
_LOST = (
    "numéro en notation scientifique, dont le tableur a perdu des chiffres\u202f;"
    " mettez la colonne au format Texte avant d'y coller les numéros"
)
UNREAD = {
    "jours": "liste de dates illisible\u202f; attendu\u00a0: 12/06/2014|10/07/2014",
    "départements": "liste de départements illisible\u202f; attendu\u00a0: 16|17",
    "département": "département inconnu de l'étude\u202f; attendu\u00a0: son code ou son nom",
    "territoire": f"territoire inconnu de l'étude\u202f; attendu\u00a0: code ou nom d'un département, ou {REGION}",
}
LISTED = frozenset({*UNREAD, "codes", "mots", "tâches"})
NUMBERS = ("numéro", "siren", "siret")


def typed(column: Column, study: Study, cleaned: pd.Series, findings: Findings) -> pd.Series:
    """The column's values; what cannot be read is refused in a filled column, else emptied."""
    codes, distinct = values.coded(cleaned)
    if column.filled:
        findings.refuse(cleaned.isna(), column.name, "cellule vide\u202f; remplissez-la")
    findings = findings.of_groups(codes)
    bad = values.error(distinct)
    read, reasons = _read(column, study, distinct.mask(bad) if bad.any() else distinct)
    for wrong, reason in [(bad, _ERROR), *reasons]:
        if column.filled:
            findings.refuse(wrong, column.name, reason)
        else:
            findings.warn(wrong, column.name, f"{reason}\u202f; {EMPTIED}")
        if wrong.any():
            read = read.mask(wrong)
    if column.kind == "texte":
        if not column.personal:
            _warn_of_letters(column, read, findings)
        return cleaned if read is distinct else values.spread(read, codes)
    typed = read.astype(DTYPES[column.kind]).array
    return pd.Series(typed.take(codes, allow_fill=True), index=cleaned.index)


def _warn_of_letters(column: Column, read: pd.Series, findings: Findings) -> None:
    """What the reports' PDF cannot show."""
    doubtful = read[read.str.contains(f"[^{letters.SURE}]", na=False) | (read.str.len() > letters.LONGEST)]
    told = doubtful.map(letters.told)
    for reason in told[told != ""].unique():
        findings.warn(pd.Series(read.index.isin(told.index[told == reason])), column.name, reason)


def _read(column: Column, study: Study, cleaned: pd.Series) -> tuple[pd.Series, list[tuple[pd.Series, str]]]:
    """The values as read, and where they are wrong with the reason."""
    if column.kind == "texte":
        with_e = cleaned.where(cleaned.str.contains("[eE]", na=False))  # few: the rest is not looked at
        wrong = [(with_e.str.fullmatch(_SCIENTIFIC, na=False), _LOST)] if column.reading in NUMBERS else []
        if column.reading in LISTED:
            read = values.each(cleaned, lambda text: listed(column.reading, text, study))
            return read, [*wrong, (cleaned.notna() & read.isna(), UNREAD.get(column.reading, "liste illisible"))]
        if not column.values:
            return cleaned, wrong
        known = {squeeze(v): v for v in column.values}
        read = values.each(cleaned, lambda text: known.get(squeeze(text)))
        unknown = cleaned.notna() & read.isna()
        return read, [(unknown, f"valeur inconnue\u202f; attendu\u00a0: {', '.join(column.values)}")]
    if column.kind == "date":
        read = values.day(cleaned, column.reading)
        strange = read.notna() & ~values.plausible(read, study.etude.edition)
        return read, [
            (cleaned.notna() & read.isna(), "date illisible\u202f; attendu\u00a0: 12/06/2014"),
            (strange, "date invraisemblable (avant 1990 ou plus de dix ans après l'édition)\u202f; corrigez-la"),
        ]
    read = values.number(cleaned)
    wrong = [(cleaned.notna() & read.isna(), "nombre illisible\u202f; attendu\u00a0: 1584 ou 12,5")]
    if column.kind == "entier":
        wrong.append((read.notna() & (read % 1 != 0), "nombre entier attendu\u202f; corrigez-le"))
    low, high = column.minimum, column.maximum
    if low is not None and high is not None:
        bounds = f"le nombre doit être compris entre {number(low)} et {number(high)}"
        wrong.append((read.notna() & ~read.between(low, high), bounds))
    elif low is not None:
        wrong.append((read < low, f"le nombre doit être au moins {number(low)}"))
    return read, wrong


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
