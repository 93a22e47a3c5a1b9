"""What the rows of `organismes` must be."""

import re

import pandas as pd

from ..study import Study
from . import identifiers
from .sieve import Sieve
from .values import each


def rules(study: Study, frame: pd.DataFrame, sieve: Sieve) -> pd.DataFrame:
    """Departments as « 16|17 », SIREN of nine digits."""
    departements = each(frame["departements"], lambda text: _listed(text, study))
    sieve.warn(
        frame["departements"].notna() & departements.isna(),
        "departements",
        "liste de départements illisible (attendu\u00a0: 16|17)\u202f; la cellule est vidée",
    )
    siren, doubtful = identifiers.siren(frame["siren"])
    sieve.warn(doubtful, "siren", "SIREN dont la clé est fausse, gardé tel quel")
    return frame.assign(departements=departements, siren=siren)


def _listed(text: str, study: Study) -> str | None:
    parts = [p for p in re.split(r"[|,;/\n]", text) if p.strip()]
    codes = [identifiers.department(p, study) for p in parts]
    return "|".join(sorted({c for c in codes if c})) if all(codes) else None
