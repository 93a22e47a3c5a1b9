"""What the rows of a table must be beyond the kinds of their columns: rows in, amended rows out."""

import re
from collections.abc import Callable

import pandas as pd

from ..study import Study
from . import identifiers, programmation
from .sieve import Sieve
from .values import each

Rules = Callable[[Study, pd.DataFrame, Sieve], pd.DataFrame]


def _organismes(study: Study, frame: pd.DataFrame, sieve: Sieve) -> pd.DataFrame:
    """Departments as « 16|17 », SIREN of nine digits."""

    def listed(text: str) -> str | None:
        codes = [identifiers.department(p, study) for p in re.split(r"[|,;/\n]", text) if p.strip()]
        return "|".join(sorted({c for c in codes if c})) if all(codes) else None

    departements = each(frame["departements"], listed)
    unread = frame["departements"].notna() & departements.isna()
    reason = "liste de départements illisible (attendu\u00a0: 16|17)\u202f; la cellule est vidée"
    sieve.warn(unread, "departements", reason)
    siren, doubtful = identifiers.siren(frame["siren"])
    sieve.warn(doubtful, "siren", "SIREN dont la clé est fausse, gardé tel quel")
    return frame.assign(departements=departements, siren=siren)


def _comptes(study: Study, frame: pd.DataFrame, sieve: Sieve) -> pd.DataFrame:
    """Departments as their codes; an unreadable one counts in the region only."""
    return frame.assign(departement=identifiers.departments(frame["departement"], study, sieve))


def _processus(study: Study, frame: pd.DataFrame, sieve: Sieve) -> pd.DataFrame:
    """Gestionnaires as their id; dates in their order."""
    back = frame["date_fin"] < frame["date_debut"]
    sieve.warn(back, "date_fin", "fin antérieure au début\u202f; l'étape n'a pas de durée")
    return frame.assign(gestionnaire=programmation.managers(study, frame["gestionnaire"], sieve))


RULES: dict[str, Rules] = {
    "programmation": programmation.rules,
    "rapprochement": programmation.rules,
    "organismes": _organismes,
    "comptes": _comptes,
    "processus": _processus,
}
