"""What the rows of a table must be beyond the kinds of their columns: rows in, amended rows out."""

from collections.abc import Callable

import pandas as pd

from notebook_reports.french import long_date

from ..study import Study
from ..tables import TABLES
from . import identifiers, programmation
from .sieve import Sieve

Rules = Callable[[Study, pd.DataFrame, Sieve], pd.DataFrame]
# All their dates tell what has happened: plans (`calendrier`, sessions, deadlines) have later dates by right.
PAST = ("programmation", "rapprochement", "comptes")


def checked(study: Study, table: str, frame: pd.DataFrame, sieve: Sieve) -> pd.DataFrame:
    """Amend and check the rows."""
    for column in (c.name for c in TABLES[table] if c.kind == "date" and table in PAST):
        told = (
            f"date postérieure à l'extraction ({long_date(study.etude.extraction)}), gardée telle quelle\u202f;"
            " à vérifier, ou corrigez etude.extraction"
        )
        sieve.warn(frame[column] > pd.Timestamp(study.etude.extraction), column, told)
    return RULES[table](study, frame, sieve) if table in RULES else frame


def _organismes(study: Study, frame: pd.DataFrame, sieve: Sieve) -> pd.DataFrame:
    """SIREN of nine digits."""
    siren, doubtful = identifiers.siren(frame["siren"])
    sieve.warn(doubtful, "siren", "SIREN dont la clé est fausse, gardé tel quel\u202f; à vérifier")
    return frame.assign(siren=siren)


def _calendrier(study: Study, frame: pd.DataFrame, sieve: Sieve) -> pd.DataFrame:
    """Ends after beginnings."""
    ends = {}
    for start, end in (("debut_prevu", "fin_prevue"), ("debut_reel", "fin_reelle")):
        back = frame[end] < frame[start]
        sieve.warn(
            back, end, f"fin antérieure au début ({start})\u202f; corrigez l'une des deux\u202f; la cellule est vidée"
        )
        ends[end] = frame[end].mask(back)
    return frame.assign(**ends)


def _formations(study: Study, frame: pd.DataFrame, sieve: Sieve) -> pd.DataFrame:
    for few, many, told in (
        ("presents", "inscrits", "présents que d'inscrits"),
        ("inscrits", "places", "inscrits que de places"),
    ):
        sieve.warn((frame[few] > frame[many]).fillna(False), few, f"plus de {told}, gardé tel quel\u202f; à vérifier")
    return frame


def _processus(study: Study, frame: pd.DataFrame, sieve: Sieve) -> pd.DataFrame:
    """Gestionnaires as their id; dates in their order."""
    back = frame["date_fin"] < frame["date_debut"]
    sieve.warn(back, "date_fin", "fin antérieure au début\u202f; l'étape n'a pas de durée, corrigez l'une des deux")
    return frame.assign(gestionnaire=programmation.managers(study, frame["gestionnaire"], sieve))


RULES: dict[str, Rules] = {
    "programmation": programmation.rules,
    "rapprochement": programmation.rules,
    "organismes": _organismes,
    "calendrier": _calendrier,
    "formations": _formations,
    "processus": _processus,
}
