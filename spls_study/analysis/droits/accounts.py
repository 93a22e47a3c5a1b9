"""Accounts as they stand at the date of extraction: one per person, organisme and profile."""

from datetime import date

import numpy as np
import pandas as pd

from ...words import fold
from ..methods.frames import UNKNOWN

REFUSED, WITHDRAWN = "refusée", "retirée"
INVITED, ASKED, GRANTED = "invitée", "demandée", "attribuée"
OPENED, CONNECTED = "ouverte", "connectée"
_CLOSED = {"refus": REFUSED, "rejet": REFUSED, "retir": WITHDRAWN, "annul": WITHDRAWN, "abandon": WITHDRAWN}
_DATES = ["date_invitation", "date_demande", "date_ouverture", "date_premiere_connexion"]


def profile_names(profils: pd.DataFrame) -> dict[str, str]:
    """Any way to write a profile, folded (name, label, former names) → its name."""
    names: dict[str, str] = {}
    for column in ("alias", "libelle", "profil"):  # a name in use wins over a former one
        for profil, text in zip(profils.profil, profils[column], strict=True):
            names |= dict.fromkeys(map(fold, "" if pd.isna(text) else text.split("|")), profil)
    return names


def accounts(comptes: pd.DataFrame, profils: pd.DataFrame, extraction: date) -> pd.DataFrame:
    """The table `comptes` as of the extraction.

    A profile renamed on the way has its present name; what is dated after the extraction has
    not happened yet; of several requests of one person for one profile in one organisme, the
    last one counts.

    The columns of `comptes` (fonction missing: UNKNOWN), with profil (profil_attribue, else
    profil_demande, else UNKNOWN), interface (of that profile), etat (REFUSED and WITHDRAWN by
    statut; else the furthest of INVITED, ASKED, GRANTED, OPENED, CONNECTED), debut
    (date_invitation, else date_demande), jours (from debut to date_ouverture, else to the
    extraction; missing without debut or when negative), en_cours (neither refused nor
    withdrawn), demande (en_cours and asked for: an invitation alone is no request), ouvert.
    """
    today = pd.Timestamp(extraction)
    names = profile_names(profils)
    table = comptes.copy()
    for column in _DATES:
        table[column] = table[column].where(table[column] <= today)
    for column in ("profil_demande", "profil_attribue"):
        named = table[column].map(lambda p: names.get(fold(p), p), na_action="ignore")
        table[column] = named.astype("str")
    table = table.sort_values("date_demande", kind="stable", na_position="first")
    person = ["compte", "organisme", "profil_demande"]
    table = table.drop_duplicates(person, keep="last").sort_index()
    table["fonction"] = table.fonction.fillna(UNKNOWN)
    table["profil"] = table.profil_attribue.fillna(table.profil_demande).fillna(UNKNOWN)
    table["interface"] = table.profil.map(profils.set_index("profil").interface).astype("str").fillna(UNKNOWN)
    table["etat"] = _states(table)
    table["en_cours"] = ~table.etat.isin([REFUSED, WITHDRAWN])
    table["demande"] = table.en_cours & (table.etat != INVITED)
    table["ouvert"] = table.etat.isin([OPENED, CONNECTED])
    table["debut"] = table.date_invitation.fillna(table.date_demande)
    days = (table.date_ouverture.fillna(today) - table.debut).dt.days.astype("float64")
    table["jours"] = days.where(days >= 0)
    return table.reset_index(drop=True)


def _states(table: pd.DataFrame) -> pd.Series:
    status = table.statut.map(fold, na_action="ignore").astype("str")
    closed = [status.str.startswith(word, na=False) for word in _CLOSED]
    reached = {
        CONNECTED: table.date_premiere_connexion,
        OPENED: table.date_ouverture,
        GRANTED: table.profil_attribue,
        ASKED: table.date_demande.astype("str").fillna(table.profil_demande),
    }
    states = np.select(
        [*closed, *(column.notna() for column in reached.values())], [*_CLOSED.values(), *reached], INVITED
    )
    return pd.Series(states, index=table.index, dtype="str")


def relances(table: pd.DataFrame, extraction: date) -> pd.DataFrame:
    """Whom to chase; names organismes, for the project team only.

    Columns organisme, profil, demandes_en_attente (live, not open), jours_attente (of the
    oldest, since its invitation or request; missing without date); the longest wait first.
    """
    waiting = table[table.en_cours & ~table.ouvert]
    days = (pd.Timestamp(extraction) - waiting.debut).dt.days
    waiting = waiting.assign(attente=days.astype("Int64"))
    rows = waiting.groupby(["organisme", "profil"], as_index=False).agg(
        demandes_en_attente=("compte", "size"), jours_attente=("attente", "max")
    )
    return rows.sort_values(["jours_attente", "organisme", "profil"], ascending=[False, True, True], ignore_index=True)
