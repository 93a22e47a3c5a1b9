"""What is followed of the roll-out: charte de gestion, training, points discussed, governance; their dashboard."""

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from ...study import REGION, Territory
from ..droits.organismes import prets
from ..methods import UNKNOWN, frame, share
from ..methods.intervals import estimate
from .calendrier import retard

POSITIONS = {"accord": "accords", "réserve": "reserves", "refus": "refus", "en attente": "en_attente"}
TO_COME = ["id", "date", "territoire", "public", "theme", "places", "inscrits"]
OPINIONS = dict.fromkeys(("part", "ic_bas", "ic_haut"), "float64")
CLOSED = frozenset({"clos", "close", "fermé", "traité", "soldé", "réglé"})
BOARD = {"domaine": "str", "mesure": "float64", "seuil_conforme": "float64", "seuil_surveiller": "float64"}


def of_territory(bodies: pd.DataFrame, territory: Territory) -> set[str]:
    """Identifiers of the organismes that work in the territory (`departements` is `a|b`)."""
    if territory.is_region:
        return set(bodies.id)
    where = bodies.departements.fillna("").str.split("|")
    return set(bodies.id[[territory.code in codes for codes in where]])


def of_place(table: pd.DataFrame, territory: Territory) -> pd.DataFrame:
    """The rows of a territory by their column `territoire`; empty and `region` are everywhere."""
    if territory.is_region:
        return table
    kept = table.territoire.isna() | table.territoire.isin([REGION, territory.code])
    return table[kept].reset_index(drop=True)


# The charter
def positions(charter: pd.DataFrame) -> pd.DataFrame:
    """The last position of each signatory on each clause; one who said nothing is waited for.

    Columns clause, theme, texte, organisme, position; every signatory of the table on every clause.
    """
    latest = charter.sort_values(["date", "clause", "organisme"], na_position="first")
    latest = latest.drop_duplicates(["clause", "organisme"], keep="last")
    told = latest.groupby("clause")[["theme", "texte"]].last()
    keys = ["clause", "organisme"]
    every = pd.MultiIndex.from_product([sorted(charter[key].dropna().unique()) for key in keys], names=keys)
    said = latest.set_index(keys).position.reindex(every).fillna("en attente").reset_index()
    return said.join(told, on="clause")[["clause", "theme", "texte", "organisme", "position"]]


def charte(said: pd.DataFrame, previous: pd.DataFrame | None = None) -> pd.DataFrame:
    """The clauses (design.md §4), and statut_precedent, of the table of the last edition.

    A refusal makes the clause « bloquée »; else it is « en attente » while someone has not answered, « avec réserves »
    while a reserve stands, else « adoptée ». `said`: `positions`, of the signatories that count.
    """
    counts = pd.crosstab(said.clause, said.position).reindex(columns=list(POSITIONS), fill_value=0)
    table = counts.rename(columns=POSITIONS).rename_axis(None, axis="columns").reset_index()
    table.insert(1, "theme", table.clause.map(said.groupby("clause").theme.first()))
    table["statut"] = np.select(
        [table.refus > 0, table.en_attente > 0, table.reserves > 0],
        ["bloquée", "en attente", "avec réserves"],
        "adoptée",
    )
    known = {} if previous is None else dict(zip(previous.clause, previous.statut, strict=True))
    return table.assign(statut_precedent=table.clause.map(known).astype("str"))


# Training
def formations(sessions: pd.DataFrame, accounts: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    """The sessions held (design.md §4), and inscrits: who registered for them.

    `public` is a profile of the accounts; comptes are those open, of that profile and territory.
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
    """How many of those present are satisfied, with the exact interval for all who may come (Clopper–Pearson).

    Columns territoire, presents (who gave an opinion), satisfaits, part, ic_bas, ic_haut. A territory where fewer than
    `repondants` gave one has no row.
    """
    held = _known(sessions[(sessions.date <= today) & (sessions.presents > 0) & sessions.satisfaction.notna()])
    pleased = (held.satisfaction * held.presents.astype("float64")).round().astype("int64")
    counts = held.assign(satisfaits=pleased).groupby("territoire", as_index=False)[["presents", "satisfaits"]].sum()
    counts = counts[counts.presents >= repondants].astype({"presents": "int64"}).reset_index(drop=True)
    found = [estimate(y, n, None)[:3] for y, n in zip(counts.satisfaits, counts.presents, strict=True)]
    return counts.join(frame(found, OPINIONS))


def _known(sessions: pd.DataFrame) -> pd.DataFrame:
    return sessions.fillna({"territoire": REGION, "public": UNKNOWN})


# Points
def points_discussion(points: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    """The points (design.md §4, with what was written of each), overdue first, then open, then closed; the oldest
    first.
    """
    closed = points.statut.str.strip().str.casefold().isin(CLOSED)
    table = points[["id", "theme", "point"]].assign(
        statut=closed.map({True: "clos", False: "ouvert"}).astype("str"),
        age_jours=(today - points.date).dt.days.astype("Int64").mask(closed),
        responsable=points.responsable,
        echeance=points.echeance,
        en_retard=~closed & (points.echeance < today),
        **{name: points[name] for name in ("decision", "action", "options", "proposition", "clause")},
    )
    late = table.assign(clos=closed, date=points.date).sort_values(
        ["en_retard", "clos", "date", "id"], ascending=[False, True, True, True], ignore_index=True
    )
    return late[table.columns]


# Governance and dashboard
def gouvernance(seats: pd.DataFrame, bodies: pd.DataFrame, here: Collection[str]) -> pd.DataFrame:
    """Who of `here` sits where and comes (design.md §4); `reunions` are the meetings of the instance that anyone
    attended.
    """
    seats = seats.assign(jour=seats.presences.str.split("|")).explode("jour").astype({"jour": "str"})
    seats["jour"] = seats.jour.str.strip().replace("", None)
    meetings, known = seats.groupby("instance").jour.nunique(), bodies.set_index("id")
    own = seats[seats.organisme.isin(list(here))]
    own = own.assign(famille=own.organisme.map(known.famille))
    own["organisme"] = own.organisme.map(known.nom).fillna(own.organisme)
    table = own.groupby(["instance", "organisme"], as_index=False).agg(
        famille=("famille", "first"), presences=("jour", "nunique")
    )
    return table.assign(reunions=table.instance.map(meetings).astype("int64"))


def mesures(
    milestones: pd.DataFrame,
    charter: pd.DataFrame,
    trained: pd.DataFrame,
    states: pd.DataFrame,
    points: pd.DataFrame,
    seats: pd.DataFrame,
    territory: str,
    rate: float | None = None,
) -> dict[str, float]:
    """Area → its measure, for `tableau_de_bord`; an area without data is left out. `rate`: of landlords' answers."""
    found: dict[str, float] = {}
    if len(milestones):
        found["calendrier"] = float(retard(milestones) or 0)
    if len(charter):
        found["charte"] = float((charter.statut == "adoptée").mean())
    if len(points):
        late = points.en_retard[points.statut == "ouvert"]
        found["points"] = float(late.mean()) if len(late) else 0.0
    if len(seats) and seats.reunions.sum():
        found["gouvernance"] = float(seats.presences.sum() / seats.reunions.sum())
    own = trained if territory == REGION else trained[trained.territoire == territory]
    if places := own.places[own.presents.notna()].sum():
        found["formations"] = min(float(own.presents.sum() / places), 1.0)
    ready, landlords = prets(states)
    if landlords:
        found["droits"] = ready / landlords
    if rate is not None:
        found["questionnaires"] = rate
    return found


def tableau_de_bord(measures: Mapping[str, float], rules: Mapping[str, tuple[float, float]]) -> pd.DataFrame:
    """The status of each area that has a measure: columns BOARD, statut.

    `rules`: area → « conforme » from, « à surveiller » from; beyond, « en alerte ». Where the first is the greater,
    more is better.
    """
    rows = []
    for area, (good, fair) in rules.items():
        if area in measures:
            value, sign = measures[area], 1 if good > fair else -1
            reached = [sign * value >= sign * bound for bound in (good, fair)]
            status = "conforme" if reached[0] else "à surveiller" if reached[1] else "en alerte"
            rows.append((area, value, good, fair, status))
    return frame(rows, BOARD | {"statut": "str"})
