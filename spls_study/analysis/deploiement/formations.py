"""Training: sessions held and to come, presences against open accounts, satisfaction."""

import pandas as pd

from ...study import REGION
from ..methods.frames import UNKNOWN, share
from ..methods.intervals import Estimate, estimate

TO_COME = ["id", "date", "territoire", "public", "theme", "places", "inscrits"]


def formations(sessions: pd.DataFrame, accounts: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    """Columns territoire, public, sessions, places, presents (of the sessions held), comptes (open,
    of that profile and territory), part_formes (presences over accounts, one at most; missing
    without account), inscrits (registered for the sessions held).

    `sessions`: table `formations` of data/processed; `public` is a profile of the accounts.
    `accounts`: what `accounts` returns, of the whole study. `today`: edition date; later sessions
    are to come.
    """
    held = _known(sessions[sessions.date <= today]).groupby(["territoire", "public"])
    table = pd.DataFrame(
        {"sessions": held.size(), "places": held.places.sum(), "presents": held.presents.sum(min_count=1)}
    )
    opened = accounts[accounts.ouvert]
    placed = pd.concat([opened, opened.assign(departement=REGION)])
    counts = placed.groupby(["departement", "profil"]).size().rename_axis(table.index.names)
    table["comptes"] = counts.reindex(table.index, fill_value=0)
    table["part_formes"] = share(table.presents.astype("float64"), table.comptes).clip(upper=1)
    table["inscrits"] = held.inscrits.sum(min_count=1)
    return table.reset_index()


def a_venir(sessions: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    """The sessions to come, by date: columns `TO_COME`."""
    table = _known(sessions[~(sessions.date <= today)])
    return table.sort_values(["date", "id"], ignore_index=True)[TO_COME]


def satisfaction(sessions: pd.DataFrame, today: pd.Timestamp, repondants: int) -> pd.DataFrame:
    """How many of those present are satisfied, with the exact interval for all who may come.

    Columns territoire, presents (who gave an opinion), satisfaits, part, ic_bas, ic_haut
    (Clopper–Pearson: who will come is not known). `satisfaction` of a session is the share of its
    `presents`. A territory where fewer than `repondants` gave one has no row.
    """
    held = _known(sessions[(sessions.date <= today) & (sessions.presents > 0) & sessions.satisfaction.notna()])
    pleased = (held.satisfaction * held.presents.astype("float64")).round().astype("int64")
    counts = held.assign(satisfaits=pleased).groupby("territoire", as_index=False)[["presents", "satisfaits"]].sum()
    counts = counts[counts.presents >= repondants].astype({"presents": "int64"}).reset_index(drop=True)
    found = [estimate(y, n, None) for y, n in zip(counts.satisfaits, counts.presents, strict=True)]
    return counts.join(pd.DataFrame(found, columns=list(Estimate._fields)).iloc[:, :3])


def _known(sessions: pd.DataFrame) -> pd.DataFrame:
    return sessions.fillna({"territoire": REGION, "public": UNKNOWN})
