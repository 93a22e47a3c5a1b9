"""Training: sessions, presences against open accounts, satisfaction."""

import pandas as pd

from ...study import REGION
from ..methods.frames import UNKNOWN
from ..methods.intervals import Estimate, estimate
from ..methods.past import changed, told
from ..methods.secret import HIDDEN, Flags, masked, small
from ..methods.territories import Counts


def formations(
    sessions: pd.DataFrame, opened: Counts, today: pd.Timestamp, seuil: int, past: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Columns territoire, public, sessions (held), places, presents, comptes, part_formes (presences
    over accounts, one at most), a_venir (sessions). Hidden cells are « s ».

    `sessions`: table `formations` of data/processed; `public` is a profile of the accounts. `opened`:
    `rights.campaign(…).profiles`, whose `ouverts_profil` are the accounts, already protected. `today`:
    edition date; later sessions are planned. `seuil`: fewer persons than this are not published,
    nor so few since `past`, this table in the last edition, as text.
    """
    held = sessions.date <= today
    keys, sums = ["territoire", "public"], ["sessions", "places", "presents", "a_venir"]
    known = sessions.fillna({"territoire": REGION, "public": UNKNOWN})
    known = known.assign(sessions=held, a_venir=~held, presents=sessions.presents.where(held))
    rows = known.groupby(keys, as_index=False)[sums].sum()
    rows = masked(rows, _few(rows, keys, "presents", seuil, past), ["presents"])
    rows["comptes"] = [opened.shown("ouverts_profil", *key) for key in rows[keys].itertuples(index=False, name=None)]
    rows["part_formes"] = list(map(_trained, rows.presents, rows.comptes))
    return rows[[*keys, *sums[:3], "comptes", "part_formes", "a_venir"]]


def _few(rows: pd.DataFrame, key: list[str], column: str, seuil: int, past: pd.DataFrame | None) -> Flags:
    """Which counts are small, or have changed so little since `past`."""
    before = {} if past is None else past.astype({column: "str"}).set_index(key)[column].map(told).to_dict()
    then = [before.get(k) for k in rows.set_index(key).index]
    return small(rows[column], seuil) | changed(rows[column], then, seuil)


def _trained(came: object, holders: object) -> object:
    if HIDDEN in (came, holders):
        return HIDDEN
    return min(came / holders, 1.0) if holders else None  # type: ignore[operator]


def satisfaction(
    sessions: pd.DataFrame, trained: pd.DataFrame, today: pd.Timestamp, seuil: int, past: pd.DataFrame | None = None
) -> pd.DataFrame:
    """How many of those present are satisfied, with the exact interval for all who may come.

    Columns territoire, presents, satisfaits, part, ic_bas, ic_haut (Clopper-Pearson: who will come
    is not known). `satisfaction` of a session is the share of its `presents`. A row where fewer
    than `seuil` are present, satisfied or not satisfied is hidden, unless they are none; so is one
    where so few are since the last edition, or which would tell what `trained`, the table
    `formations`, hides.

    `past`: This table in the last edition, as text.
    """
    came = sessions[(sessions.date <= today) & (sessions.presents > 0)]
    judged = came.presents.where(came.satisfaction.notna(), 0)
    counts = came.assign(
        presents=judged,
        satisfaits=(came.satisfaction * judged.astype("float64")).round(),
        sans_avis=came.presents - judged,
    )
    counts = counts.groupby("territoire", as_index=False)[["presents", "satisfaits", "sans_avis"]].sum()
    counts = counts.astype({c: "int64" for c in counts.columns[1:]})
    counts = counts[counts.presents > 0].reset_index(drop=True)
    if past is not None:
        past = past[past.presents != HIDDEN].astype({"presents": "int64", "satisfaits": "int64"})
    few = counts.territoire.isin(trained.territoire[trained.presents == HIDDEN]) | small(counts.sans_avis, seuil)
    for column in ("presents", "satisfaits", "autres"):
        few |= _few(_split(counts), ["territoire"], column, seuil, None if past is None else _split(past))
    found = [estimate(y, n, None) for y, n in zip(counts.satisfaits, counts.presents, strict=True)]
    table = counts.drop(columns="sans_avis").join(pd.DataFrame(found, columns=list(Estimate._fields)).iloc[:, :3])
    return masked(table, few, table.columns[1:])


def _split(counts: pd.DataFrame) -> pd.DataFrame:
    return counts.assign(autres=counts.presents - counts.satisfaits)
