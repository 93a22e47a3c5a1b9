"""What changed between two states of a table, cell by cell."""

import math
from collections import Counter
from collections.abc import Collection, Hashable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

NEW, GONE, CHANGED = "nouveau", "disparu", "modifié"
COLUMNS = ("cle", "colonne", "avant", "apres", "ecart", "nature")
COMPARED = frozenset({"precedent", "statut_precedent", "avant"})  # of an earlier edition, in the table


def differences(before: pd.DataFrame, after: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """The cells that differ, in the order of `after`, rows that are gone last; missing is None or NaN.

    Columns `COLUMNS`: cle (`annee=2013|produit=PLUS`), ecart = apres − avant (days between dates), nature. A new row,
    or one that is gone, has one line for each cell that is filled, or a line without column. Columns of one table
    alone are not compared, unless the other has no column at all (there was no such table). Rows of the same name, by
    `keys` (`row_keys`), are matched in their order.
    """
    before, after = (t.astype("object").where(t.notna(), None) for t in (before, after))
    both = [c for c in after.columns if c in before.columns]
    columns = both or [*after.columns, *before.columns]
    told = COMPARED | {"ecart"} if COMPARED & {*columns} else COMPARED  # a gap to the edition before
    values = [c for c in columns if c not in keys and c not in told]
    old, new = named(before, keys), named(after, keys)
    found: list[tuple[Any, ...]] = []
    for name in [*new, *(n for n in old if n not in new)]:
        nature = NEW if name not in old else GONE if name not in new else CHANGED
        a, b = old.get(name, {}), new.get(name, {})
        cells = [(c, a.get(c), b.get(c)) for c in values if not _same(a.get(c), b.get(c))]
        if not cells and nature != CHANGED:
            cells = [("", None, None)]
        found += [(name, *cell, gap(*cell[1:]), nature) for cell in cells]
    return pd.DataFrame(found, columns=list(COLUMNS), dtype="object")


def named(table: pd.DataFrame, keys: Sequence[str]) -> dict[str, dict[Hashable, Any]]:
    """The rows of a table under the names that `differences` gives them in `cle`."""
    rows: dict[str, dict[Hashable, Any]] = {}
    seen: Counter[str] = Counter()
    for row in table.to_dict("records"):
        name = "|".join(f"{k}={'' if row.get(k) is None else row[k]}" for k in keys)
        seen[name] += 1
        rows[name if seen[name] == 1 else f"{name}|n°{seen[name]}"] = row
    return rows


def gap(before: Any, after: Any) -> Any:
    """`after` − `before`: a number, days between dates, None if there is none."""
    if _is_number(before) and _is_number(after):
        exact = Decimal(str(after)) - Decimal(str(before))
        return int(exact) if exact == exact.to_integral_value() else float(exact)
    days = [as_day(v) for v in (before, after)]
    return (days[1] - days[0]).days if days[0] and days[1] else None


def row_keys(before: pd.DataFrame, after: pd.DataFrame, keys: Sequence[str], dimensions: Collection[str]) -> list[str]:
    """The columns that name a row: `keys` where all are there, else texts and `dimensions`, which may be numbers."""
    there = [c for c in after.columns if c in before.columns] or [*after.columns, *before.columns]
    if keys and {*keys} <= {*there}:
        return [*keys]
    cells = {c: {v for t in (before, after) if c in t for v in t[c] if isinstance(v, str) and v} for c in there}
    return [c for c, texts in cells.items() if c in dimensions or any(as_day(v) is None for v in texts)]


def _same(before: Any, after: Any) -> bool:
    if _is_number(before) and _is_number(after):
        return math.isclose(before, after, rel_tol=1e-9, abs_tol=1e-12)
    return bool(before == after)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def as_day(value: Any) -> date | None:
    """The date that an ISO text is, None for anything else."""
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None
