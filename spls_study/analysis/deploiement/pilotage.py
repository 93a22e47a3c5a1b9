"""The steering of the roll-out: points discussed, governance, dashboard."""

from collections.abc import Collection, Mapping

import pandas as pd

from ...study import REGION, Territory
from ..droits.organismes import prets
from ..methods.frames import frame
from .calendrier import retard

CLOSED = frozenset({"clos", "close", "fermé", "traité", "soldé", "réglé"})


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


def points_discussion(points: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    """The points, overdue first, then open, then closed; the oldest first.

    Columns id, theme, point, statut (ouvert, clos), age_jours (of an open point), responsable,
    echeance, en_retard (open and past its date), then decision, action, options, proposition and clause.
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


def decisions_prises(points: pd.DataFrame, previous: pd.DataFrame) -> pd.DataFrame:
    """The decisions taken, those since the last edition first, then those not done.

    Columns id, point, decision, action, responsable, echeance, nouvelle (not in the last edition, or another then;
    missing where there is no last edition), faite (the point is closed).

    `points`: Table `points_discussion`. `previous`: Columns id, decision and edition of that of the last edition.
    """
    taken = points[points.decision.notna()]
    known = dict(zip(previous.id, previous.decision, strict=True))
    new = pd.Series([known.get(i) != d for i, d in zip(taken.id, taken.decision, strict=True)], taken.index, "boolean")
    table = taken[["id", "point", "decision", "action", "responsable", "echeance"]].assign(
        nouvelle=new if previous.edition.notna().any() else pd.NA, faite=taken.statut == "clos"
    )
    order = ["nouvelle", "faite", "id"]
    table = table.astype({"nouvelle": "boolean"})
    return table.sort_values(order, ascending=[False, True, True], ignore_index=True)


def gouvernance(seats: pd.DataFrame, bodies: pd.DataFrame, here: Collection[str]) -> pd.DataFrame:
    """Who sits where and comes.

    Columns instance, organisme (its name), famille, presences, reunions; `reunions` are the
    meetings of the instance that anyone attended.

    `seats`: Table `gouvernance`: `presences` lists the meetings attended, as dates `a|b`. `bodies`:
    Table `organismes`. `here`: The organismes to keep; meetings are those of all.
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


def familles(seats: pd.DataFrame) -> pd.DataFrame:
    """`gouvernance` by family: instance, famille, organismes, presences, reunions (possible)."""
    return seats.groupby(["instance", "famille"], as_index=False, dropna=False).agg(
        organismes=("organisme", "nunique"), presences=("presences", "sum"), reunions=("reunions", "sum")
    )


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
    """Area → its measure, for `tableau_de_bord`; an area without data is left out.

    `milestones`, `charter`, `trained`, `states`, `points`, `seats`: Tables `jalons`, `charte`,
    `formations`, `etat_organismes`, `points_discussion` and `gouvernance`. `rate`: The landlords who answered,
    of those asked.
    """
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
    """The status of each area, by the rule of study.toml.

    Columns domaine, mesure, seuil_conforme, seuil_surveiller, statut.

    `measures`: Area → its measure; an area without data is left out. `rules`: Area → value from
    which it is « conforme », value from which it is « à surveiller »; beyond, « en alerte ». Where
    the first is the greater, more is better.
    """
    rows = []
    for area, (good, fair) in rules.items():
        if area in measures:
            value, sign = measures[area], 1 if good > fair else -1
            reached = [sign * value >= sign * bound for bound in (good, fair)]
            status = "conforme" if reached[0] else "à surveiller" if reached[1] else "en alerte"
            rows.append((area, value, good, fair, status))
    numbers = dict.fromkeys(("mesure", "seuil_conforme", "seuil_surveiller"), "float64")
    return frame(rows, {"domaine": "str"} | numbers | {"statut": "str"})
