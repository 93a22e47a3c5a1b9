"""Training: sessions, presences against open accounts, satisfaction."""

import pandas as pd

from ..study import REGION
from .intervals import estimate
from .secret import HIDDEN
from .territories import Counts

UNKNOWN = "Non renseigné"


def formations(
    sessions: pd.DataFrame, opened: Counts, today: pd.Timestamp, seuil: int
) -> pd.DataFrame:
    """
    Parameters
    ----------
    sessions
        Table `formations` of data/processed; `public` is a profile of the accounts.
    opened
        `rights.campaign(…).profiles`, whose `ouverts_profil` are the accounts, already protected.
    today
        Edition date; later sessions are planned.
    seuil
        Fewer persons than this are not published.

    Returns
    -------
    Columns territoire, public, sessions (held), places, presents, comptes, part_formes (presences
    over accounts, one at most), a_venir (sessions). Hidden cells are « s ».
    """
    held = sessions.date <= today
    rows = sessions.assign(
        territoire=sessions.territoire.fillna(REGION), public=sessions.public.fillna(UNKNOWN),
        tenue=held, a_venir=~held, presents=sessions.presents.where(held),
    ).groupby(["territoire", "public"], as_index=False).agg(
        sessions=("tenue", "sum"), places=("places", "sum"), presents=("presents", "sum"),
        a_venir=("a_venir", "sum"),
    )
    comptes = [opened.shown("ouverts_profil", place, public)
               for place, public in zip(rows.territoire, rows.public, strict=True)]
    presents = [HIDDEN if 0 < n < seuil else n for n in rows.presents]
    rows["presents"] = pd.Series(presents, index=rows.index, dtype=object)
    rows["comptes"] = pd.Series(comptes, index=rows.index, dtype=object)
    rows["part_formes"] = pd.Series(
        [_trained(p, c) for p, c in zip(presents, comptes, strict=True)],
        index=rows.index, dtype=object)
    return rows[["territoire", "public", "sessions", "places", "presents", "comptes",
                 "part_formes", "a_venir"]].infer_objects()


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
    told = told.assign(oui=(told.satisfaction * told.presents.astype("float64")).round())
    sums = told.groupby("territoire", as_index=False)[["presents", "oui"]].sum()
    rows: list[tuple[object, ...]] = []
    for place, n, yes in sums.itertuples(index=False):
        n, yes = int(n), int(yes)
        if any(0 < count < seuil for count in (n, yes, n - yes)):
            rows.append((place, *[HIDDEN] * 5))
        else:
            found = estimate(yes, n, None)
            rows.append((place, n, yes, found.part, found.ic_bas, found.ic_haut))
    columns = ["territoire", "presents", "satisfaits", "part", "ic_bas", "ic_haut"]
    return pd.DataFrame(rows, columns=columns)
