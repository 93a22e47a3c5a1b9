"""SIREN, SIRET, departments: leading zeros restored where only one value is possible."""

import re
from collections.abc import Callable

import numpy as np
import pandas as pd

from ..study import Study
from ..words import squeeze

_CODE = re.compile(r"0*(2[ABab]|\d{1,3})(?:\s*[-–—:(]?\s*[^\W\d].*)?")  # a name may follow, no other code


def luhn(digits: pd.Series) -> pd.Series:
    """Where a column of digits, all of one length, satisfies Luhn's key."""
    if digits.empty:
        return digits.astype("bool")
    grid = np.array([list(d) for d in digits], dtype="int64")
    doubled = 2 * grid[:, -2::-2]
    total = grid[:, ::-2].sum(axis=1) + (doubled - 9 * (doubled > 9)).sum(axis=1)
    return pd.Series(total % 10 == 0, index=digits.index)


def restored(cells: pd.Series, shortest: int, length: int) -> pd.Series:
    """SIRET (10 to 14 digits) or SIREN (6 to 9) with their lost zeros; missing where doubtful.

    One zero comes back when Luhn's key then holds; two to four (of a SIRET, whose SIREN begins with
    several) when the key of the SIREN holds too.
    """
    digits = cells.str.replace(r"\s", "", regex=True)
    right = digits[digits.str.fullmatch(rf"\d{{{shortest},{length}}}").fillna(False)]
    full = right.str.zfill(length)
    sure = luhn(full) & ((length - right.str.len() < 2) | luhn(full.str[:9]))
    return full[sure].reindex(cells.index)


def organismes(table: pd.DataFrame, spelled: Callable[[str], str]) -> dict[str, str]:
    """Id, name or SIREN, so spelled → id; the first of equals."""
    known: dict[str, str] = {}
    for column in ("id", "nom", "siren"):
        for name, id in zip(table[column], table["id"], strict=True):
            if isinstance(name, str):
                known.setdefault(spelled(name), id)
    return known


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
    upper = column.str.upper().str.zfill(5)
    return upper.where(upper.str.fullmatch(r"\d{5}|2[AB]\d{3}"))


def department_of(codes: pd.Series) -> pd.Series:
    """The department of INSEE codes: two characters, three overseas."""
    return codes.str[:2].mask(codes.str.match("9[78]").fillna(False), codes.str[:3])
