"""What is left to do in the campaign, and for which organismes."""

from datetime import date

import pandas as pd

from .accounts import INVITED, OPENED
from .organismes import NEEDED, NOTHING, par_organisme, unable

ANSWER, OPEN = "Répondre à l'invitation", "Ouvrir le compte demandé"
CONNECT, NARROW = "Se connecter une première fois", "Prendre un profil plus étroit"
TYPES = {"action": "str", "organismes": "str", "concernes": "int64", "comptes": "Int64", "jours": "Int64"}


def a_faire(table: pd.DataFrame, states: pd.DataFrame, broad: pd.DataFrame, extraction: date) -> pd.DataFrame:
    """What is left to do, what keeps an organisme out first; organismes are named, no person is.

    Columns action, organismes (names, `|` between), concernes (how many), comptes and jours (since
    when the oldest waits), missing where there is no account yet.

    Parameters
    ----------
    table
        What `accounts` returns, of the territory, with nom.
    states
        `etat_organismes` of those that work there.
    broad
        `trop_larges` of the territory.
    """
    waiting = table[table.en_cours & ~table.ouvert]
    bodies = par_organisme(states)
    rows: list[tuple[object, ...]] = []

    def add(action: str, names: pd.Series, comptes: int | None = None, since: pd.Series | None = None) -> None:
        if len(names):
            days = None if since is None else (pd.Timestamp(extraction) - since.min()).days
            there = sorted(names.unique())
            rows.append((action, "|".join(there), len(there), comptes, pd.NA if pd.isna(days) else days))

    absent = bodies[(bodies.etat == NOTHING) & (bodies.en_attente == 0)]
    for role in [*NEEDED, *sorted(set(absent.role) - set(NEEDED))]:
        add(f"Inviter chaque {role} sans demande", absent.nom[absent.role == role])
    for role, right in NEEDED.items():
        add(f"Obtenir le droit de {right}", bodies.nom[bodies.etat.eq(unable(right)) & (bodies.role == role)])
    for action, own in ((ANSWER, waiting[waiting.etat == INVITED]), (OPEN, waiting[waiting.etat != INVITED])):
        add(action, own.nom, len(own), own.debut)
    unused = table[table.etat == OPENED]
    add(CONNECT, unused.nom, len(unused), unused.date_ouverture)
    names = table.drop_duplicates("organisme").set_index("organisme").nom
    add(NARROW, broad.organisme.map(names), int(broad.comptes.sum()))
    return pd.DataFrame(rows, columns=[*TYPES]).astype(TYPES)
