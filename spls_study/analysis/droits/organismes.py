"""Which organismes can work in the application: the measures of the campaign."""

from collections.abc import Sequence

import pandas as pd

from ...words import fold
from ..methods import UNKNOWN
from .accounts import CONNECTED

# Role → the right without which it cannot do its part; any account will do for the others.
NEEDED = {"bailleur": "transmettre", "gestionnaire": "programmer"}
READY, NOTHING, UNABLE = "prêt", "aucun accès", "ne peut pas {}"
COLUMNS = ["organisme", "nom", "role", "famille", "departements", "profil"]
COUNTS = ["utilises", "ouverts", "en_attente", "refuses"]
INVITED, OTHERS = "Sans profil", "Autres profils"


def etat_organismes(table: pd.DataFrame, bodies: pd.DataFrame, profils: pd.DataFrame) -> pd.DataFrame:
    """Who may do what, in each organisme (design.md §4); those with nothing come first, by role.

    `table` is of the whole study: an organisme is the same wherever it works. `bodies`: the rows of `organismes` to
    keep.
    """
    reached = pd.DataFrame(
        {
            "utilises": table.etat == CONNECTED,
            "ouverts": table.ouvert & (table.etat != CONNECTED),
            "en_attente": table.en_cours & ~table.ouvert,
            "refuses": ~table.en_cours,
        }
    )
    asked = reached.groupby([table.organisme, table.profil]).sum().reset_index()
    asked["rang"] = asked.profil.map({name: i for i, name in enumerate(profils.profil)})
    asked["profil"] = asked.profil.replace(UNKNOWN, None)
    found = bodies.assign(nom=bodies.nom.fillna(bodies.id), etat=_states(table, bodies, profils))
    found = found.rename(columns={"id": "organisme"}).merge(asked, on="organisme", how="left")
    found[COUNTS] = found[COUNTS].fillna(0).astype("int64")
    roles = {role: i for i, role in enumerate(NEEDED)}
    order = found.assign(r=found.role.map(roles).fillna(len(roles)), e=_rank(found.etat))
    order = order.sort_values(["r", "e", "nom", "organisme", "rang"], kind="stable", ignore_index=True)
    return order[[*COLUMNS, *COUNTS, "etat"]].astype({"profil": "str"})


def _states(table: pd.DataFrame, bodies: pd.DataFrame, profils: pd.DataFrame) -> pd.Series:
    rights = {p.profil: set(map(fold, str(p.droits).split("|"))) for p in profils.itertuples()}
    held: dict[str, set[str]] = {}
    for account in table[table.ouvert].itertuples():
        held.setdefault(account.organisme, set()).update(rights.get(account.profil, ()))
    states = []
    for body in bodies.itertuples():
        needed = NEEDED.get(body.role)
        ready = READY if needed is None or needed in held.get(body.id, ()) else UNABLE.format(needed)
        states.append(ready if body.id in held else NOTHING)
    return pd.Series(states, bodies.index, dtype="str")


def _rank(states: pd.Series) -> pd.Series:
    return states.map({NOTHING: 0, READY: 2}).fillna(1)


def par_organisme(states: pd.DataFrame) -> pd.DataFrame:
    """`etat_organismes` with one row an organisme, its counts added up."""
    return states.groupby([*COLUMNS[:-1], "etat"], as_index=False, sort=False, dropna=False)[COUNTS].sum()


def tableau(states: pd.DataFrame, profils: Sequence[str], widest: int = 5) -> pd.DataFrame:
    """The board: a row an organisme, those with nothing first, then by number of accounts.

    Columns organisme, nom, famille, departements, etat, then the profiles asked for in the order of `profils`, INVITED
    for who has asked none, each cell holding the four numbers of COUNTS. Of more profiles than `widest`, the most
    asked for have a column, OTHERS has the rest.
    """
    asked = states.dropna(subset=["profil"])
    sizes = asked[COUNTS].sum(axis=1).groupby(asked.profil).sum().sort_values(ascending=False, kind="stable")
    kept = sizes.index if len(sizes) <= widest else sizes.index[: widest - 1]
    column = states.profil.where(states.profil.isin(kept), OTHERS).mask(states.profil.isna(), INVITED)
    order = {name: i for i, name in enumerate([*profils, *sorted(set(kept) - set(profils)), OTHERS, INVITED])}
    counts = states.groupby([states.organisme, column])[COUNTS].sum()
    counts = counts[counts.any(axis=1)]
    cells = pd.Series([*counts.itertuples(index=False, name=None)], index=counts.index, dtype="object").unstack()
    cells = cells[sorted(cells.columns, key=order.__getitem__)]
    rows = par_organisme(states)
    rows = rows.assign(comptes=rows[COUNTS].sum(axis=1), rang=_rank(rows.etat))
    rows = rows.sort_values(["rang", "comptes", "nom", "organisme"], kind="stable", ignore_index=True)
    found = rows[["organisme", "nom", "famille", "departements", "etat"]].join(cells, on="organisme")
    nothing = (0,) * len(COUNTS)
    return found.assign(**{c: [n if isinstance(n, tuple) else nothing for n in found[c]] for c in cells.columns})


def prets(states: pd.DataFrame) -> tuple[int, int]:
    """How many landlords can transmit, of how many: « the » measure of the campaign."""
    landlords = par_organisme(states[states.role == "bailleur"])
    return int((landlords.etat == READY).sum()), len(landlords)
