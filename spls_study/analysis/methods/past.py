"""Secrecy between editions: who reads this one has read the last one too.

The attacker supposes that a unit counted in the last edition is still counted, with the same
answer. The counts of both editions are then one system of linked tables (Hundepool et al.,
Statistical Disclosure Control, Wiley, 2012, doi 10.1002/9781118348239, ch. 4). What the last one
hid must stay `seuil` wide, and a change of 1 to `seuil` - 1 in a count since it last showed, in
whichever edition, is hidden like such a count: it is the newcomers'.
"""

from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import LinearConstraint, milp

from .secret import HIDDEN, Flags, Whole, small, suppress

K = TypeVar("K")


class Hidden(str):
    """HIDDEN, of a count that an edition before the last one told: `was`."""

    was: int

    def __new__(cls, was: int) -> "Hidden":
        self = super().__new__(cls, HIDDEN)
        self.was = was
        return self


Told = int | str | None  # a count as published: HIDDEN, None where it was not published


def last(value: Told) -> int | None:
    """The number that was told last of a count."""
    return value.was if isinstance(value, Hidden) else value if isinstance(value, int) else None


def carried(older: Mapping[K, Told], newer: Mapping[K, Told]) -> dict[K, Told]:
    """What `newer` told, with what `older` had told last of the counts that it hid."""
    known = {name: last(older.get(name)) for name, value in newer.items() if value == HIDDEN}
    return {**newer, **{name: Hidden(n) for name, n in known.items() if n is not None}}


def told(cell: str) -> Told:
    """A cell of a published table, read back as text."""
    return HIDDEN if cell == HIDDEN else int(float(cell)) if cell else None


def changed(counts: npt.ArrayLike, then: Sequence[Told], seuil: int) -> Flags:
    """Which counts changed by so few units that the difference would show their answers."""
    now = np.asarray(counts).tolist()
    return small([0 if (was := last(t)) is None else abs(n - was) for n, t in zip(now, then, strict=True)], seuil)


def suppress_since(
    cells: npt.ArrayLike,
    atoms: npt.ArrayLike,
    hidden: npt.ArrayLike,
    seuil: int,
    *,
    then: Sequence[Told],
    grows: npt.ArrayLike,
    known: npt.ArrayLike,
    tied: Sequence[int] | None = None,
) -> Flags:
    """`suppress`, knowing what the last edition told.

    A hidden cell is `seuil` wide, or as wide as what it showed and what shows whatever happens
    leave it.

    Parameters
    ----------
    then
        What it told of each cell, then of each sum of `known` (0 for one that is always 0).
    grows
        Sums of atoms that no unit leaves from one edition to the next.
    """
    matrix, truth = np.asarray(cells, dtype=np.int64), np.asarray(atoms, dtype=np.int64)
    given, size = np.asarray(known, dtype=np.int64).reshape(-1, len(truth)), len(matrix)
    chosen = np.asarray(hidden, dtype=bool)
    ties = np.asarray(range(size) if tied is None else tied, dtype=np.int64)
    if all(value is None for value in then[:size]):
        return suppress(matrix, truth, chosen, seuil, known=given, tied=ties.tolist())
    was = np.array([value == HIDDEN for value in then], dtype=bool)
    shown = np.array([isinstance(value, int) for value in then], dtype=bool)
    rows, growing = np.vstack([matrix, given]), np.asarray(grows, dtype=np.int64)
    try:
        first = _world(rows[shown], [v for v in then if isinstance(v, int)], growing, truth)
        gain = growing @ (truth - first)
        growing, gain = growing[gain >= 0], gain[gain >= 0]  # others contradict what is supposed
        # Atoms: those of the last edition, of this one, then what each sum gained.
        before, now, more = np.split(np.eye(2 * len(truth) + len(gain), dtype=np.int64), [len(truth), 2 * len(truth)])
        found = suppress(
            np.vstack([matrix @ now, rows[was] @ before]),
            np.concatenate([first, truth, gain]),
            np.append(chosen, np.ones(was.sum(), dtype=bool)),
            seuil,
            known=np.vstack([given @ now, rows[shown] @ before, growing @ (now - before) - more]),
            tied=np.append(ties, ties.max(initial=0) + 1 + np.arange(was.sum())).tolist(),
            soft=True,
        )
        return found[:size]
    except ValueError:  # the editions contradict one another: what was hidden stays hidden
        chosen = chosen | was[:size]
    try:
        return suppress(matrix, truth, chosen, seuil, known=given, tied=ties.tolist())
    except ValueError:
        return np.ones(size, dtype=bool)


def _world(shown: Whole, values: Sequence[int], grows: Whole, truth: Whole) -> Whole:
    """Atoms that agree with what the last edition told, and with growth as far as can be."""
    lack = -sparse.eye_array(len(grows))
    system = [LinearConstraint(sparse.block_array([[sparse.csr_array(grows), lack]]), ub=grows @ truth)]
    if len(shown):
        none = sparse.csr_array((len(shown), len(grows)))
        rows = sparse.block_array([[sparse.csr_array(shown), none]])
        system.append(LinearConstraint(rows, values, values))
    cost = np.concatenate([np.zeros(len(truth)), np.ones(len(grows))])
    found = milp(cost, integrality=1, constraints=system)
    if found.x is None:
        raise ValueError("ce que la dernière édition a publié n'a pas de solution")
    atoms: Whole = np.rint(found.x[: len(truth)]).astype(np.int64)
    return atoms
