"""Accounts as they stand at the date of extraction, one per person, organisme and profile; in counts."""

from collections.abc import Iterable
from datetime import date

import numpy as np
import pandas as pd

from ...words import fold
from ..methods import UNKNOWN

REFUSED, WITHDRAWN = "refusée", "retirée"
INVITED, ASKED, GRANTED = "invitée", "demandée", "attribuée"
OPENED, CONNECTED = "ouverte", "connectée"
_CLOSED = {"refus": REFUSED, "rejet": REFUSED, "retir": WITHDRAWN, "annul": WITHDRAWN, "abandon": WITHDRAWN}
_DATES = ["date_invitation", "date_demande", "date_ouverture", "date_premiere_connexion"]
MEASURES = ["demandes", "attribues", "ouverts", "connectes"]


def profile_names(profils: pd.DataFrame) -> dict[str, str]:
    """Any way to write a profile, folded (name, label, former names) → its name."""
    names: dict[str, str] = {}
    for column in ("alias", "libelle", "profil"):  # a name in use wins over a former one
        for profil, text in zip(profils.profil, profils[column], strict=True):
            names |= dict.fromkeys(map(fold, "" if pd.isna(text) else text.split("|")), profil)
    return names


def accounts(comptes: pd.DataFrame, profils: pd.DataFrame, extraction: date) -> pd.DataFrame:
    """The table `comptes` as of the extraction.

    A profile renamed on the way has its present name; what is dated after the extraction has not happened yet; of
    several requests of one person for one profile in one organisme, the last one counts.

    Its columns, with profil (profil_attribue, else profil_demande, else UNKNOWN), interface (of that profile), etat
    (REFUSED and WITHDRAWN by statut; else the furthest of INVITED, ASKED, GRANTED, OPENED, CONNECTED), debut
    (date_invitation, else date_demande), jours (from debut to date_ouverture, else to the extraction; missing when
    negative), en_cours (neither refused nor withdrawn), demande (an invitation alone is no request), ouvert.
    """
    today, names, table = pd.Timestamp(extraction), profile_names(profils), comptes.copy()
    for column in _DATES:
        table[column] = table[column].where(table[column] <= today)
    for column in ("profil_demande", "profil_attribue"):
        table[column] = table[column].map(lambda p: names.get(fold(p), p), na_action="ignore").astype("str")
    table = table.sort_values("date_demande", kind="stable", na_position="first")
    table = table.drop_duplicates(["compte", "organisme", "profil_demande"], keep="last").sort_index()
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
    states = [(status.str.startswith(word, na=False), state) for word, state in _CLOSED.items()]
    states += [
        (table.date_premiere_connexion.notna(), CONNECTED),
        (table.date_ouverture.notna(), OPENED),
        (table.profil_attribue.notna(), GRANTED),
        (table.date_demande.notna() | table.profil_demande.notna(), ASKED),
    ]
    found = np.select([where for where, _ in states], [state for _, state in states], INVITED)
    return pd.Series(found, index=table.index, dtype="str")


def comptes_par(table: pd.DataFrame, column: str, names: Iterable[str] | None = None) -> pd.DataFrame:
    """How many accounts have reached what: the column, MEASURES; those of `names` in their order, else all by name."""
    granted = table.en_cours & table.profil_attribue.notna()
    reached = [table.profil_demande.notna(), granted, table.ouvert, table.etat == CONNECTED]
    found = pd.DataFrame(dict(zip(MEASURES, reached, strict=True))).groupby(table[column]).sum()
    found = found if names is None else found.reindex([*names], fill_value=0)
    return found.astype("int64").rename_axis(column).reset_index().astype({column: "str"})


def comptes_profil(table: pd.DataFrame, profils: pd.DataFrame) -> pd.DataFrame:
    """Columns profil, MEASURES: demandes by profil_demande, refused and withdrawn ones too, the others without these.

    In the order of the table `profils`, then those that it does not know; a profile nobody asked for has zeros.
    """
    asked = table.profil_demande.value_counts()
    others = {*table.profil, *asked.index} - {*profils.profil}
    found = comptes_par(table, "profil", [*profils.profil, *sorted(others)])
    found["demandes"] = found.profil.map(asked).fillna(0).astype("int64")
    met = found.profil.isin(profils.profil) | found[MEASURES].any(axis=1)
    return found[met].reset_index(drop=True)
