"""What all analyses share: tables of known types, shares, the category of what is unknown; beside it, statistics."""

from collections.abc import Iterable, Mapping

import pandas as pd

UNKNOWN = "Non renseigné"


def frame(rows: Iterable[object], types: Mapping[str, str]) -> pd.DataFrame:
    """Rows as a table of these columns, each of its type, even when there is no row."""
    return pd.DataFrame(list(rows), columns=list(types)).astype(types)


def share(values: pd.Series, totals: pd.Series) -> pd.Series:
    """Values over totals, missing where the total is zero."""
    return values / totals.where(totals > 0).astype("float64")
