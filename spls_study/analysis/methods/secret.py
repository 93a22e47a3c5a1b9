"""Statistical secrecy of counts: what to hide so that no hidden count can be worked out.

A count from 1 to `seuil` - 1 is hidden. Zero shows: it is nobody's answer. Then other cells are
hidden (complementary suppression, Cox, JASA 90, 1995; Fischetti and Salazar, JASA 95, 2000)
until somebody who knows every visible cell, how the cells add up and that counts are whole
numbers from zero, still finds for each hidden cell two values at least `seuil` apart. Each time
a cell is too exposed, an integer programme finds the cheapest cells to hide together with two
full tables that agree with all the rest and prove the width.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from ...digests import digest
from ...memo import remembered

HIDDEN = "s"
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def small(counts: npt.ArrayLike, seuil: int) -> Flags:
    """Which counts are too small to be shown."""
    values = np.asarray(counts, dtype=np.int64)
    return (values > 0) & (values < seuil)


def suppress(
    cells: npt.ArrayLike,
    atoms: npt.ArrayLike,
    hidden: npt.ArrayLike,
    seuil: int,
    *,
    known: npt.ArrayLike | None = None,
    tied: Sequence[int] | None = None,
    soft: bool = False,
) -> Flags:
    """Which cells to hide, those of `hidden` among them.

    Parameters
    ----------
    cells
        k × a: how each cell is a sum of atoms, the groups of units that nothing published
        splits further.
    atoms
        The count of each atom.
    known
        l × a: sums that everybody knows, never hidden.
    tied
        A number for each cell: those with the same number are hidden together.
    soft
        Cells may be less than `seuil` wide where what is known makes them so: as wide as can be.

    Raises
    ------
    ValueError
        When what is known leaves a hidden cell too exposed whatever else is hidden.
    """
    matrix, truth = np.asarray(cells, dtype=np.int64), np.asarray(atoms, dtype=np.int64)
    given = np.zeros((0, len(truth)), np.int64) if known is None else np.asarray(known, np.int64)
    units = np.arange(len(matrix)) if tied is None else np.asarray(tied)
    primary = np.isin(units, units[np.asarray(hidden, dtype=bool)])
    gaps = np.full(len(matrix), seuil)
    facts = [
        scipy.__version__,
        Path(__file__).read_text(encoding="utf-8"),
        seuil,
        soft,
        *((a.shape, digest(np.ascontiguousarray(a).tobytes())) for a in (matrix, truth, given, units, primary)),
    ]
    chosen = remembered(facts, lambda: _chosen(matrix, truth, given, units, primary, gaps, soft).nonzero()[0].tolist())
    return np.isin(np.arange(len(matrix)), chosen)


def _chosen(matrix: Whole, truth: Whole, given: Whole, units: Whole, result: Flags, gaps: Whole, soft: bool) -> Flags:
    worlds = (matrix @ truth)[:, None]  # one column for each table that agrees with what shows
    while (exposed := np.flatnonzero(result & (np.ptp(worlds, axis=1) < gaps))).size:
        target = int(exposed[0])
        gap, far = int(gaps[target]), _far(np.vstack([matrix[~result], given]), truth, matrix[target])
        if np.ptp(matrix[target] @ far) < gap:
            try:
                more, far = _widen(matrix, truth, given, units, result, target, gap)
            except ValueError:
                if not soft:
                    raise
                gaps[target] -= 1
                continue
            result = result | more
        worlds = np.hstack([worlds, matrix @ far])
    return result


def _far(fixed: Whole, truth: Whole, cell: Whole) -> Whole:
    """Tables (a × 2) as far apart in a cell as the fixed sums leave it, where these are whole numbers.

    Two linear programmes: five times faster than `_widen`, and enough for two cells of three.
    """
    values, found = fixed @ truth, []
    for sign in (1, -1):
        far = milp(
            sign * cell,
            bounds=Bounds(0, 2 * truth.max() + 1),
            constraints=LinearConstraint(sparse.csr_array(fixed), values, values),
        )
        whole = truth if far.x is None else np.rint(far.x).astype(np.int64)
        found.append(whole if (fixed @ whole == values).all() else truth)
    return np.column_stack(found)


def _widen(
    cells: Whole, truth: Whole, known: Whole, units: Whole, hidden: Flags, target: int, seuil: int
) -> tuple[Flags, Whole]:
    """The cheapest cells to hide for one cell to be `seuil` wide, and the two tables (a × 2).

    Variables: the two tables, then for each visible unit whether it is hidden. A cell costs
    more the more it counts, so that totals are hidden last.
    """
    atoms, values = len(truth), cells @ truth
    visible, index = np.unique(units[~hidden], return_inverse=True)
    costs = np.bincount(index, 1 + np.log1p(values[~hidden]), len(visible))
    shown, facts = sparse.csr_array(cells[~hidden]), sparse.csr_array(known)
    none = sparse.csr_array((len(known), len(visible)))
    target_gap = np.concatenate([cells[target], -cells[target], np.zeros(len(visible))])
    now, given = np.tile(values[~hidden], 2), np.tile(known @ truth, 2)
    for reach in (seuil, int(values.max()) + 2 * seuil):  # near tables first: much faster
        switch = sparse.csr_array(
            (np.full(len(index), reach), (range(len(index)), index)), shape=(len(index), len(visible))
        )
        found = milp(
            np.concatenate([np.zeros(2 * atoms), costs]),
            integrality=1,
            bounds=Bounds(
                np.append(np.tile(np.maximum(truth - reach, 0), 2), 0 * costs),
                np.append(np.tile(truth + reach, 2), 0 * costs + 1),
            ),
            constraints=[
                LinearConstraint(sparse.block_array([[shown, None, -switch], [None, shown, -switch]]), ub=now),
                LinearConstraint(sparse.block_array([[shown, None, switch], [None, shown, switch]]), lb=now),
                LinearConstraint(sparse.block_array([[facts, None, none], [None, facts, none]]), given, given),
                LinearConstraint(target_gap, lb=seuil),
            ],
        )
        if found.x is not None:
            break
    else:
        raise ValueError("ce qui est connu de tous ne permet pas de protéger une case masquée")
    solution = np.rint(found.x).astype(np.int64)
    pair = solution[: 2 * atoms].reshape(2, atoms).T
    moved = (cells @ pair != values[:, None]).any(axis=1)
    return ~hidden & np.isin(units, units[moved & ~hidden]), pair


def masked(table: pd.DataFrame, hidden: "Flags | pd.Series[bool]", columns: Sequence[str]) -> pd.DataFrame:
    """The table with `s` in these columns of the hidden rows."""
    if not hidden.any():
        return table
    return table.assign(**{c: table[c].astype(object).mask(hidden, HIDDEN) for c in columns})
