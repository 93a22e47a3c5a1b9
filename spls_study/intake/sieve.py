"""What is wrong with the rows of a sheet: refusals and warnings, in the order they are found."""

import numpy as np
import pandas as pd

from ..tables import ORIGIN, TABLES
from .values import Codes

REPORT = (*ORIGIN, "colonne", "valeur", "motif")
MASK = "(masqué)"


class Sieve:
    """Rows keep their number in `written`. The first reason to refuse a row is the one reported.

    Parameters
    ----------
    table
        Whose columns tell which values are personal: these are masked.
    origin
        fichier, feuille, ligne of each row.
    written
        The cells as written, by canonical column.
    """

    def __init__(self, table: str, origin: pd.DataFrame, written: pd.DataFrame) -> None:
        self._personal = {c.name for c in TABLES[table] if c.personal}
        self._origin = origin
        self._written = written
        self._refusals: list[pd.DataFrame] = []
        self._warnings: list[pd.DataFrame] = []
        self.kept = pd.Series(True, index=origin.index)

    def refuse(self, where: pd.Series, column: str, reason: str | pd.Series, values: pd.Series | None = None) -> None:
        """Refuse rows; for their shape, `column` is "" and `values` what to show."""
        where = where & self.kept
        if where.any():
            self._refusals.append(self._lines(where, column, reason, values))
            self.kept = self.kept & ~where

    def warn(self, where: pd.Series, column: str, reason: str) -> None:
        """Mention a cell; of rows that are refused in the end nothing is said."""
        if where.any():
            self._warnings.append(self._lines(where, column, reason, None))

    def of_groups(self, groups: Codes) -> "Sieve":
        """A sieve of the distinct rows whose number each row has (-1: none): it sifts this."""
        return _OfGroups(self, groups)

    @property
    def refusals(self) -> pd.DataFrame:
        """Columns `REPORT`, one line for each refused row."""
        return _stacked(self._refusals)

    @property
    def warnings(self) -> pd.DataFrame:
        """Columns `REPORT`, of the rows that stay."""
        found = _stacked(self._warnings)
        return found[self.kept[found.index].to_numpy(dtype=bool)]

    def _lines(self, where: pd.Series, column: str, reason: str | pd.Series, values: pd.Series | None) -> pd.DataFrame:
        shown = self._written.get(column, "") if values is None else values
        hidden = column in self._personal if column else bool(self._personal)
        told = {"colonne": column, "valeur": MASK if hidden else shown, "motif": reason}
        return self._origin[where].assign(**told)


class _OfGroups(Sieve):
    def __init__(self, whole: Sieve, groups: Codes) -> None:
        self._whole, self._groups = whole, groups

    def refuse(self, where: pd.Series, column: str, reason: str | pd.Series, values: pd.Series | None = None) -> None:
        if where.any():
            self._whole.refuse(self._spread(where), column, reason, values)

    def warn(self, where: pd.Series, column: str, reason: str) -> None:
        if where.any():
            self._whole.warn(self._spread(where), column, reason)

    def _spread(self, where: pd.Series) -> pd.Series:
        return pd.Series(np.append(where.to_numpy(dtype=bool), False)[self._groups])


def _stacked(parts: list[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(parts) if parts else pd.DataFrame(columns=list(REPORT))
