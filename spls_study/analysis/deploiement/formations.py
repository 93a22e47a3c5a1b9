"""Training: sessions, presences against open accounts, satisfaction."""

import pandas as pd

from ...study import REGION
from ..methods.frames import UNKNOWN
from ..methods.intervals import Estimate, estimate
from ..methods.secret import HIDDEN, masked, small
from ..methods.territories import Counts


def formations(sessions: pd.DataFrame, opened: Counts, today: pd.Timestamp, seuil: int) -> pd.DataFrame:
    """Columns territoire, public, sessions (held), places, presents, comptes, part_formes (presences
    over accounts, one at most), a_venir (sessions). Hidden cells are « s ».

    `sessions`: table `formations` of data/processed; `public` is a profile of the accounts. `opened`:
    `rights.campaign(…).profiles`, whose `ouverts_profil` are the accounts, already protected. `today`:
    edition date; later sessions are planned. `seuil`: fewer persons than this are not published.
    """
    held = sessions.date <= today
    keys, sums = ["territoire", "public"], ["sessions", "places", "presents", "a_venir"]
    known = sessions.fillna({"territoire": REGION, "public": UNKNOWN})
    known = known.assign(sessions=held, a_venir=~held, presents=sessions.presents.where(held))
    rows = known.groupby(keys, as_index=False)[sums].sum()
    rows = masked(rows, small(rows.presents, seuil), ["presents"])
    rows["comptes"] = [opened.shown("ouverts_profil", *key) for key in rows[keys].itertuples(index=False, name=None)]
    rows["part_formes"] = list(map(_trained, rows.presents, rows.comptes))
    return rows[[*keys, *sums[:3], "comptes", "part_formes", "a_venir"]]


def _trained(came: object, holders: object) -> object:
    if HIDDEN in (came, holders):
        return HIDDEN
    return min(came / holders, 1.0) if holders else None  # type: ignore[operator]


def satisfaction(sessions: pd.DataFrame, today: pd.Timestamp, seuil: int) -> pd.DataFrame:
    """How many of those present are satisfied, with the exact interval for all who may come.

    Columns territoire, presents, satisfaits, part, ic_bas, ic_haut (Clopper-Pearson: who will come
    is not known). `satisfaction` of a session is the share of its `presents`. A row where fewer
    than `seuil` are present, satisfied or not satisfied is hidden, unless they are none.
    """
    came = (sessions.date <= today) & (sessions.presents > 0)
    told = sessions[came & sessions.satisfaction.notna()]
    told = told.assign(satisfaits=(told.satisfaction * told.presents.astype("float64")).round())
    table = told.groupby("territoire", as_index=False)[["presents", "satisfaits"]].sum()
    table = table.astype({"presents": "int64", "satisfaits": "int64"})
    n, yes = table.presents, table.satisfaits
    found = pd.DataFrame([estimate(y, m, None) for y, m in zip(yes, n, strict=True)], columns=list(Estimate._fields))
    table = table.join(found[["part", "ic_bas", "ic_haut"]])
    few = small(n, seuil) | small(yes, seuil) | small(n - yes, seuil)
    return masked(table, few, table.columns[1:])
