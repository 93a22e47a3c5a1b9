"""Which bailleurs build, how concentrated, who comes and who stops."""

from collections.abc import Sequence

import pandas as pd

from ...french import NOT_APPLICABLE, count, listing, number, points
from ...study import SMALL_BASE
from ..blocks import Block
from ..drawings.bars import Bars, horizontal_bars
from ..figure import figure
from ..report import GROUPS, TOO_SMALL, Report, chosen, part_or_count
from ..table import LONGEST, table
from ..text import say

RANKED = 12  # bailleurs of the ranked chart
NAMED = 5  # names in a sentence


def concentration(r: Report, indices: pd.DataFrame) -> Block:
    """Years × groups; `indices` is `concentration` of the territory."""
    if indices.empty:
        return say("Aucun logement dont le bailleur soit connu.", data={"concentration": indices})
    enough = indices["operations"] >= SMALL_BASE
    view = pd.DataFrame(
        {
            "Année": indices["annee"].astype("str"),
            "Groupe": indices["groupe"].map(GROUPS),
            "Bailleurs": indices["bailleurs"],
        }
    )
    for column, label in (
        ("part_premier", "Premier (%)"),
        ("part_trois_premiers", "Trois premiers (%)"),
        ("hhi", "HHI"),
        ("gini", "Gini"),
    ):
        view[label] = [
            NOT_APPLICABLE if pd.isna(v) else points(v) if label.endswith("(%)") else number(v, 2)
            for v in indices[column].where(enough)
        ]
    social = chosen(indices, annee=r.annee, groupe="PLUS-PLAI")
    caption = f"Concentration des logements entre bailleurs, {r.place}"
    if len(social):
        caption = f"{count(social['bailleurs'].iloc[0], 'bailleur')} en PLUS et PLAI en {r.annee}"
    unknown = int(indices["sans_bailleur"].sum())
    return table(
        indices,
        "concentration",
        caption,
        view=view.tail(LONGEST),
        right=list(view.columns[3:]),
        note=(f"{count(unknown, 'logement')} sans bailleur connu, hors de ce tableau. " if unknown else "")
        + (f"{TOO_SMALL} " if not enough.all() else "")
        + f"Source\u00a0: {r.source}.",
    )


def classement(r: Report, landlords: pd.DataFrame) -> Block:
    """Ranked bailleurs of the year; `landlords` is `bailleurs` of the territory."""
    rows = landlords[landlords["logements_annee"] > 0]
    data = {"bailleurs": landlords}
    if rows.empty:
        return say(f"Aucun bailleur n'a programmé en {r.annee} dans {r.le}.", data=data)
    sizes, top = rows["logements_annee"], rows.head(RANKED)
    if len(rows) < 4:
        title = (
            f"{len(rows)} bailleurs seulement programment en {r.annee}"
            if len(rows) > 1
            else f"Un seul bailleur programme en {r.annee}"
        )
    else:
        amount = part_or_count(sizes.head(3).sum(), sizes.sum(), rows["operations_annee"].sum())
        title = f"Trois bailleurs\u00a0: {amount} logements de {r.annee}"
    return figure(
        horizontal_bars([Bars.of("", top["nom"], top["logements_annee"], [i < 3 for i in range(len(top))])]),
        title=title,
        subtitle=f"Logements PLUS, PLAI et PLS par bailleur, {r.place}, {r.annee}"
        + (f"\u00a0; les {RANKED} premiers" if len(rows) > RANKED else ""),
        alt=f"Barres par bailleur, du plus grand au plus petit. {title}.",
        scope=f"{count(len(rows), 'bailleur')}, {count(sizes.sum(), 'logement')}, {r.place}, {r.annee}.",
        source=r.source,
        height=0.5 + 0.27 * len(top),
        data=data,
    )


def mouvements(r: Report, landlords: pd.DataFrame) -> Block:
    """Newcomers and those who stopped, in words."""
    if landlords.empty or (landlords["premiere_annee"] >= r.annee).all():
        return say(f"Rien n'est connu avant {r.annee}\u00a0: on ne peut dire ni qui arrive ni qui s'arrête.")
    new, gone = (list(chosen(landlords, situation=s)["nom"]) for s in ("nouveau", "arrêté"))
    return say(
        f"{count(len(new), 'bailleur')} sans opération avant {r.annee}\u00a0: {_named(new)}."
        if new
        else f"Tous les bailleurs de {r.annee} ou après avaient déjà programmé avant.",
        f"{count(len(gone), 'bailleur')} sans opération après {r.annee - 1}\u00a0: {_named(gone)}."
        if gone
        else f"Aucun des bailleurs d'avant {r.annee} ne s'est arrêté.",
    )


def _named(names: Sequence[str]) -> str:
    more = [count(len(names) - NAMED, "autre")] if len(names) > NAMED else []
    return listing([*names[:NAMED], *more])
