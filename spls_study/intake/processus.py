"""What the rows of `processus` must be."""

import pandas as pd

from ..study import Study
from .programmation import managers
from .sieve import Sieve


def rules(study: Study, frame: pd.DataFrame, sieve: Sieve) -> pd.DataFrame:
    """Gestionnaires as their id; dates in their order."""
    sieve.warn(
        frame["date_fin"] < frame["date_debut"], "date_fin", "fin antérieure au début\u202f; l'étape n'a pas de durée"
    )
    return frame.assign(gestionnaire=managers(study, frame["gestionnaire"], sieve))
