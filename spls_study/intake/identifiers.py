"""SIREN, SIRET, departments: leading zeros restored where only one value is possible."""

import re
from collections.abc import Callable

import numpy as np
import pandas as pd

from ..study import Study
from ..words import squeeze
from .findings import Findings
from .values import by_value, each

_CODE = re.compile(r"0*(2[ABab]|\d{1,3})(?:\s*[-–—:(]?\s*[^\W\d].*)?")  # a name may follow, no other code
ALSO = re.compile("[/&+]")  # what parts departments, no other codes


def luhn(digits: pd.Series) -> pd.Series:
    """Where a column of digits, all of one length, satisfies Luhn's key."""
    if digits.empty:
        return digits.astype("bool")
    grid = np.array([list(d) for d in digits], dtype="int64")
    doubled = 2 * grid[:, -2::-2]
    total = grid[:, ::-2].sum(axis=1) + (doubled - 9 * (doubled > 9)).sum(axis=1)
    return pd.Series(total % 10 == 0, index=digits.index)


def siret(column: pd.Series) -> tuple[pd.Series, pd.Series]:
    """SIRET of 14 digits, and where it is doubtful (kept as written).

    Thirteen digits get their zero back when Luhn's key then holds; ten to twelve (a SIREN that
    begins with several zeros) when the key of the SIREN holds too.
    """
    return _restored(column, 14, 10)


def siren(column: pd.Series) -> tuple[pd.Series, pd.Series]:
    """SIREN of 9 digits, and where it is doubtful (kept as written)."""
    return _restored(column, 9, 6)


def _restored(column: pd.Series, length: int, shortest: int) -> tuple[pd.Series, pd.Series]:
    def restore(written: pd.Series) -> pd.Series:
        digits = written.str.replace(r"\s", "", regex=True)
        right = digits.str.fullmatch(rf"\d{{{shortest},{length}}}").fillna(False)
        full = digits[right].str.zfill(length)
        holds = luhn(full)
        lost = length - digits[right].str.len()
        sure = holds & ((lost < 2) | luhn(full.str[:9]))
        return full[sure].reindex(written.index)

    sure = by_value(column, restore)
    return by_value(column, lambda written: restore(written).fillna(written)), column.notna() & sure.isna()


def organismes(table: pd.DataFrame, spelled: Callable[[str], str]) -> dict[str, str]:
    """Id, name or SIREN, so spelled → id; the first of equals."""
    known: dict[str, str] = {}
    for column in ("id", "nom", "siren"):
        for name, id in zip(table[column], table["id"], strict=True):
            if isinstance(name, str):
                known.setdefault(spelled(name), id)
    return known


def departments(column: pd.Series, study: Study, findings: Findings) -> pd.Series:
    """Codes of departments from codes, « 16 - Charente » or names; missing where unreadable, with a warning.

    A code that the study does not have is kept: it is for the caller to refuse.
    """
    found = each(column, lambda text: department(text, study))
    unread = column.notna() & found.isna()
    findings.warn(unread, "departement", "département illisible\u202f; la cellule est vidée")
    return found


def department(text: str, study: Study) -> str | None:
    """`1` → `01` where the study has it; `Charente` → `16`."""
    names = {squeeze(name): code for code, name in study.departements.items()}
    if (named := names.get(squeeze(text))) is not None:
        return named
    text = " ".join(text.split())
    if not (match := _CODE.fullmatch(text)) or re.search(r"\d", text[match.end(1) :]):
        return None
    code = match.group(1).upper()
    return code.zfill(2)


def insee(column: pd.Series) -> pd.Series:
    """INSEE codes of communes, with their lost zero; missing where the text is no such code."""

    def read(codes: pd.Series) -> pd.Series:
        upper = codes.str.upper().str.zfill(5)
        return upper.where(upper.str.fullmatch(r"\d{5}|2[AB]\d{3}"))

    return by_value(column, read)


def department_of(codes: pd.Series) -> pd.Series:
    """The department of INSEE codes: two characters, three overseas."""
    return codes.str[:2].mask(codes.str.match("9[78]").fillna(False), codes.str[:3])
