"""What is wrong with the rows of a sheet: refusals and warnings, in the order they are found."""

from collections.abc import Callable, Collection, Sequence
from copy import copy
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..tables import ORIGIN
from .values import Codes, coded, spread

REPORT = (*ORIGIN, "colonne", "valeur", "motif")
MASK = "(masqué)"
Where: TypeAlias = pd.Series | npt.NDArray[np.bool_]
Read = tuple[pd.Series, dict[str, pd.Series]]  # what cells become, and where something is to be said of them


class Findings:
    """Rows keep their number in `written`. The first reason to refuse a row is the one reported.

    Parameters
    ----------
    personal
        The columns whose values are masked.
    origin
        fichier, feuille, ligne of each row.
    written
        The cells as written, by column.
    doubts
        Lines of `REPORT` to warn of, whatever becomes of the rows.
    """

    def __init__(
        self,
        personal: Collection[str],
        origin: pd.DataFrame,
        written: pd.DataFrame,
        doubts: Sequence[tuple[object, ...]] = (),
    ) -> None:
        self._personal, self.origin, self._written = personal, origin, written
        self.doubts = [*doubts]
        self._refusals: list[pd.DataFrame] = []
        self._warnings: list[pd.DataFrame] = []
        self._groups: Codes | None = None
        self.kept = np.ones(len(origin), dtype=bool)

    def of_groups(self, groups: Codes) -> "Findings":
        """The same, filled from a table of distinct rows: `groups` says which of them each row has (-1: none)."""
        part = copy(self)  # with the same lists
        part._groups = groups if self._groups is None else np.append(groups, -1)[self._groups]
        return part

    def refuse(self, where: Where, column: str, reason: str | pd.Series, values: str | pd.Series | None = None) -> None:
        """Refuse rows; for their shape, `column` is "" and `values` what to show."""
        if where.any() and (rows := self._rows(where) & self.kept).any():
            self._refusals.append(self._lines(rows, column, reason, values))
            self.kept &= ~rows

    def warn(self, where: Where, column: str, reason: str | pd.Series, values: str | pd.Series | None = None) -> None:
        """Mention a cell; of rows that are refused in the end nothing is said."""
        if where.any() and (rows := self._rows(where)).any():
            self._warnings.append(self._lines(rows, column, reason, values))

    def told(
        self, column: str, cells: pd.Series, read: Callable[[pd.Series], Read], emptied: str | None = None
    ) -> pd.Series:
        """A column of text as `read` makes it of its distinct values.

        A row whose cell is lost so is refused, or `emptied` is told of it; what is told of others is a warning.
        """
        codes, distinct = coded(cells)
        found, reasons = read(distinct)
        own = self.of_groups(codes)
        for reason, where in reasons.items():
            lost = where & found.isna()
            if emptied:
                own.warn(lost, column, f"{reason}\u202f; {emptied}")
            else:
                own.refuse(lost, column, reason)
            own.warn(where & ~lost, column, reason)
        return cells if found is distinct else spread(found, codes)

    @property
    def refusals(self) -> pd.DataFrame:
        """Columns `REPORT`, one line for each refused row."""
        return pd.concat([pd.DataFrame(columns=[*REPORT]), *self._refusals])

    @property
    def warnings(self) -> pd.DataFrame:
        """Columns `REPORT`, of the rows that stay."""
        return pd.concat(
            [pd.DataFrame(self.doubts, columns=[*REPORT]), *(part[self.kept[part.index]] for part in self._warnings)]
        )

    def _rows(self, where: Where) -> npt.NDArray[np.bool_]:
        found = np.asarray(where, dtype=bool)
        return found if self._groups is None else np.append(found, False)[self._groups]

    def _lines(
        self, rows: npt.NDArray[np.bool_], column: str, reason: str | pd.Series, values: str | pd.Series | None
    ) -> pd.DataFrame:
        shown = self._written.get(column, "") if values is None else values
        hidden = column in self._personal if column else bool(self._personal)
        return self.origin[rows].assign(colonne=column, valeur=MASK if hidden else shown, motif=reason)
