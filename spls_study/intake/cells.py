"""The cells of one column to values of its kind, and what is wrong with the others."""

import pandas as pd

from notebook_reports import letters
from notebook_reports.french import number

from ..study import Study
from ..tables import DTYPES, Column
from ..words import squeeze
from . import values
from .readings import LISTED, UNREAD, listed
from .sieve import Sieve

EMPTIED = "la cellule est vidée"
_SCIENTIFIC = r"\d(?:[.,]\d+[eE]\+?|[eE]\+)\d+"
_ERROR = "erreur de tableur, ou formule sans résultat\u202f; rouvrez le classeur dans un tableur, enregistrez-le"
_LOST = (
    "numéro en notation scientifique, dont le tableur a perdu des chiffres\u202f;"
    " mettez la colonne au format Texte avant d'y coller les numéros"
)


def typed(column: Column, study: Study, cleaned: pd.Series, sieve: Sieve) -> pd.Series:
    """The column's values; what cannot be read is refused in a filled column, else emptied."""
    codes, distinct = values.coded(cleaned)
    if column.filled:
        sieve.refuse(cleaned.isna(), column.name, "cellule vide\u202f; remplissez-la")
    sieve = sieve.of_groups(codes)
    bad = values.error(distinct)
    read, reasons = _read(column, study, distinct.mask(bad) if bad.any() else distinct)
    for wrong, reason in [(bad, _ERROR), *reasons]:
        if column.filled:
            sieve.refuse(wrong, column.name, reason)
        else:
            sieve.warn(wrong, column.name, f"{reason}\u202f; {EMPTIED}")
        if wrong.any():
            read = read.mask(wrong)
    if column.kind == "texte":
        if not column.personal:
            _warn_of_letters(column, read, sieve)
        return cleaned if read is distinct else values.spread(read, codes)
    typed = read.astype(DTYPES[column.kind]).array
    return pd.Series(typed.take(codes, allow_fill=True), index=cleaned.index)


def _warn_of_letters(column: Column, read: pd.Series, sieve: Sieve) -> None:
    """What the reports' PDF cannot show."""
    doubtful = read[read.str.contains(f"[^{letters.SURE}]", na=False) | (read.str.len() > letters.LONGEST)]
    told = doubtful.map(letters.told)
    for reason in told[told != ""].unique():
        sieve.warn(pd.Series(read.index.isin(told.index[told == reason])), column.name, reason)


def _read(column: Column, study: Study, cleaned: pd.Series) -> tuple[pd.Series, list[tuple[pd.Series, str]]]:
    """The values as read, and where they are wrong with the reason."""
    if column.kind == "texte":
        with_e = cleaned.where(cleaned.str.contains("[eE]", na=False))  # few: the rest is not looked at
        wrong = [(with_e.str.fullmatch(_SCIENTIFIC, na=False), _LOST)] if column.reading == "numéro" else []
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
