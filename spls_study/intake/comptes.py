"""What the rows of `comptes` must be."""

import pandas as pd

from ..study import Study
from . import identifiers
from .sieve import Sieve


def rules(study: Study, frame: pd.DataFrame, sieve: Sieve) -> pd.DataFrame:
    """Departments as their codes; an unreadable one counts in the region only."""
    place = identifiers.departments(frame["departement"], study)
    unread = frame["departement"].notna() & place.isna()
    sieve.warn(unread, "departement", "département illisible\u202f; la cellule est vidée")
    return frame.assign(departement=place)
