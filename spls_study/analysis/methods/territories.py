"""Counts of accounts that every territory publishes, protected together.

The region's report shows the sum of what its departments' reports show: a count hidden in one
must not be worked out from the others. So the cells of all territories are one system.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...study import REGION, Territory
from .past import Told, changed, suppress_since
from .secret import HIDDEN, small

Label = tuple[str, str, tuple[str, ...]]  # measure, territory, key


@dataclass(frozen=True)
class Measure:
    """A published count: by which columns, of which units; `tie`: measures hidden together.

    `step`, from 1: a unit that reached it, after those of lower numbers, does not go back.
    """

    name: str
    by: tuple[str, ...]
    where: "pd.Series[bool]"
    tie: str = ""
    step: int = 0


@dataclass(frozen=True)
class Counts:
    """Counts of all territories, and which of them are hidden."""

    values: dict[Label, int]
    hidden: dict[Label, bool]

    def summed(self, name: str, *parts: str) -> "Counts":
        """With a measure more, of whole territories: the sum of `parts`, hidden where one is."""
        places = [place for measure, place, _ in self.values if measure == parts[0]]
        values = {(name, p, ()): sum(self.values[part, p, ()] for part in parts) for p in places}
        hidden = {(name, p, ()): any(self.hidden[part, p, ()] for part in parts) for p in places}
        return Counts(self.values | values, self.hidden | hidden)

    def number(self, measure: str, territory: str) -> int | None:
        """A count of the whole territory, None where it is hidden."""
        label = (measure, territory, ())
        return None if self.hidden.get(label) else self.values.get(label, 0)

    def within(self, territory: Territory) -> "Counts":
        """Those that its report may show, all for the region; of hidden ones, no value."""
        kept = [label for label in self.values if territory.is_region or label[1] == territory.code]
        return Counts({k: 0 if self.hidden[k] else self.values[k] for k in kept}, {k: self.hidden[k] for k in kept})

    def shown(self, measure: str, territory: str, *key: str) -> object:
        """The count, or HIDDEN; 0 for a key that has no unit."""
        label = (measure, territory, key)
        return HIDDEN if self.hidden.get(label) else self.values.get(label, 0)

    def column(self, measure: str, territory: str, keys: Sequence[str]) -> pd.Series:
        """What is shown of each key: whole numbers, or objects where one is HIDDEN."""
        found = pd.Series([self.shown(measure, territory, key) for key in keys], dtype=object)
        return found if (found == HIDDEN).any() else found.astype("Int64")


def count(
    units: pd.DataFrame,
    measures: Sequence[Measure],
    departments: Sequence[str],
    seuil: int,
    fixed: Mapping[Label, bool] | None = None,
    past: Mapping[Label, Told] | None = None,
) -> Counts:
    """Count units by territory and decide what to hide.

    Parameters
    ----------
    units
        One row per account, with departement and the columns of `by`; a department that is not
        in `departments` counts in the region only.
    fixed
        Cells settled by an earlier system: True, hidden; False, shown whatever happens.
    past
        What the last edition told of these counts.
    """
    keys = sorted({c for m in measures for c in m.by})
    flags = pd.DataFrame({m.name: m.where for m in measures}, index=units.index)
    place = units.departement.where(units.departement.isin(list(departments)), "")
    own = pd.concat([place.rename("departement"), units[keys], flags], axis=1)
    combos = own[keys].drop_duplicates().sort_values(keys) if keys else pd.DataFrame(index=[0])
    kinds = own[[*keys, *flags]].drop_duplicates().sort_values([*keys, *flags])
    if len(kinds) > len(combos):  # a reader cannot rule out a combination that nobody has
        kept = flags.drop_duplicates()
        states = [
            kept.assign(**{m.name: False for m in measures if m.step >= step})
            for step in sorted({m.step for m in measures if m.step > 1} if past else ())
        ]
        kinds = combos.merge(pd.concat([kept, *states]).drop_duplicates().sort_values(list(flags)), how="cross")
    places = pd.DataFrame({"departement": sorted({*departments, *place.unique()})})
    atoms = places.merge(kinds, how="cross")
    sizes = own.groupby(list(own.columns), as_index=False).size()
    atoms = atoms.merge(sizes, on=list(own.columns), how="left", validate="one_to_one")
    number = atoms["size"].fillna(0).to_numpy(dtype=np.int64)

    has = {(c, k): (atoms[c] == k).to_numpy() for c in keys for k in atoms[c].unique()}
    inside = {t: (atoms.departement == t).to_numpy() for t in departments}
    own_place = [(atoms.departement == place).to_numpy() for place in places.departement]
    inside[REGION] = np.ones(len(atoms), dtype=bool)
    labels: list[Label] = []
    masks: list[np.ndarray] = []
    grows: list[np.ndarray] = []
    ties: list[Label] = []
    for m in measures:
        met = combos[list(m.by)].drop_duplicates().itertuples(index=False, name=None)
        for key in met if m.by else [()]:
            mine = atoms[m.name].to_numpy(dtype=bool)
            for part in zip(m.by, key, strict=True):
                mine = mine & has[part]
            if m.step:
                grows += [mine & there for there in own_place]
            for territory in (*departments, REGION):
                labels.append((m.name, territory, key))
                ties.append((m.tie or m.name, territory, key))
                masks.append(mine & inside[territory])
    matrix = np.array(masks, dtype=np.int64).reshape(len(labels), len(atoms))
    totals = matrix @ number
    settled = fixed or {}
    was = past or {}
    listed = {label[:2] for label in was}  # a row that is not there is nobody
    then = [was.get(label, 0 if label[:2] in listed else None) for label in labels]
    few = small(totals, seuil) | changed(totals, then, seuil)
    hide = np.array([settled.get(label, tiny) for label, tiny in zip(labels, few, strict=True)], dtype=bool)
    free = np.array([settled.get(label) is not False for label in labels], dtype=bool)
    names = {t: i for i, t in enumerate(dict.fromkeys(ties))}
    result = np.zeros(len(labels), dtype=bool)
    if hide.any() or past:
        try:
            result[free] = suppress_since(
                matrix[free],
                number,
                hide[free],
                seuil,
                known=matrix[~free],
                tied=[names[t] for t, f in zip(ties, free, strict=True) if f],
                then=[then[i] for i in (*np.flatnonzero(free), *np.flatnonzero(~free))],
                grows=np.array(grows, dtype=np.int64).reshape(len(grows), len(atoms)),
            )
        except ValueError:  # no way to keep the settled totals and show anything beside them
            result[free] = True
    return Counts(dict(zip(labels, totals.tolist(), strict=True)), dict(zip(labels, result.tolist(), strict=True)))
