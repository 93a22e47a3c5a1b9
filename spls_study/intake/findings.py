"""What is wrong with the rows of a sheet: refusals and warnings, in the order they are found."""

from copy import copy

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..tables import ORIGIN, TABLES
from .values import Codes

REPORT = (*ORIGIN, "colonne", "valeur", "motif")
MASK = "(masqué)"


class Findings:
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
        self._origin, self._written = origin, written
        self._refusals: list[pd.DataFrame] = []
        self._warnings: list[pd.DataFrame] = []
        self._groups: Codes | None = None
        self.kept = np.ones(len(origin), dtype=bool)

    def of_groups(self, groups: Codes) -> "Findings":
        """The same, filled from a table of distinct rows: `groups` says which of them each row has (-1: none)."""
        part = copy(self)  # with the same lists
        part._groups = groups
        return part

    def refuse(self, where: pd.Series, column: str, reason: str | pd.Series, values: pd.Series | None = None) -> None:
        """Refuse rows; for their shape, `column` is "" and `values` what to show."""
        if where.any() and (rows := self._rows(where) & self.kept).any():
            self._refusals.append(self._lines(rows, column, reason, values))
            self.kept &= ~rows

    def warn(self, where: pd.Series, column: str, reason: str) -> None:
        """Mention a cell; of rows that are refused in the end nothing is said."""
        if where.any() and (rows := self._rows(where)).any():
            self._warnings.append(self._lines(rows, column, reason, None))

    @property
    def refusals(self) -> pd.DataFrame:
        """Columns `REPORT`, one line for each refused row."""
        return pd.concat([pd.DataFrame(columns=[*REPORT]), *self._refusals])

    @property
    def warnings(self) -> pd.DataFrame:
        """Columns `REPORT`, of the rows that stay."""
        parts = [part[self.kept[part.index]] for part in self._warnings]
        return pd.concat([pd.DataFrame(columns=[*REPORT]), *parts])

    def _rows(self, where: pd.Series) -> npt.NDArray[np.bool_]:
        found = where.to_numpy(dtype=bool)
        return found if self._groups is None else np.append(found, False)[self._groups]

    def _lines(
        self, rows: npt.NDArray[np.bool_], column: str, reason: str | pd.Series, values: pd.Series | None
    ) -> pd.DataFrame:
        shown = self._written.get(column, "") if values is None else values
        hidden = column in self._personal if column else bool(self._personal)
        return self._origin[rows].assign(colonne=column, valeur=MASK if hidden else shown, motif=reason)
