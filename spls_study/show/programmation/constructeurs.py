"""Which bailleurs build, how concentrated, who comes and who stops."""

from collections.abc import Sequence

import pandas as pd

from ...french import NOT_APPLICABLE, count, listing, number, points
from ...study import SMALL_BASE
from .. import GROUPS, LONGEST, TOO_SMALL, Block, Report, chosen, figure, part_or_count, say, table
from ..drawings.bars import Bars, horizontal_bars

RANKED = 12  # bailleurs of the ranked chart
NAMED = 5  # names in a sentence


def concentration(r: Report, indices: pd.DataFrame) -> Block:
    """Years × groups; `indices` is `concentration` of the territory."""
    if indices.empty:
        return say("Aucun logement dont le bailleur soit connu.", data={"concentration": indices})
    view = indices[["annee", "groupe", "bailleurs", "part_premier", "part_trois_premiers", "hhi", "gini"]]
    enough = indices["operations"] >= SMALL_BASE
    view = view.astype("object").where(view.notna(), NOT_APPLICABLE)
    view.loc[~enough, view.columns[3:]] = NOT_APPLICABLE
    caption = f"Concentration des logements entre bailleurs, {r.place}"
    for many in chosen(indices, annee=r.annee, groupe="PLUS-PLAI")["bailleurs"]:
        caption = f"{count(many, 'bailleur')} en PLUS et PLAI en {r.annee}"
    unknown = int(indices["sans_bailleur"].sum())
    return table(
        indices,
        "concentration",
        caption,
        view=view.tail(LONGEST),
        formats={
            "groupe": GROUPS.__getitem__,
            "part_premier": points,
            "part_trois_premiers": points,
            "hhi": lambda index: number(index, 2),
            "gini": lambda index: number(index, 2),
        },
        headers={"part_premier": "Premier (%)", "part_trois_premiers": "Trois premiers (%)", "hhi": "HHI"},
        note=(
            f"{count(unknown, 'logement')} sans bailleur connu, hors de ce tableau." if unknown else "",
            "" if enough.all() else TOO_SMALL,
            f"Source\u00a0: {r.source}.",
        ),
    )


def classement(r: Report, landlords: pd.DataFrame) -> Block:
    """Ranked bailleurs of the year; `landlords` is `bailleurs` of the territory."""
    rows = landlords[landlords["logements_annee"] > 0]
    data = {"bailleurs": landlords}
    if rows.empty:
        return say(f"Aucun bailleur n'a programmé en {r.annee} dans {r.le}.", data=data)
    sizes, top = rows["logements_annee"], rows.head(RANKED)
    amount = part_or_count(sizes.head(3).sum(), sizes.sum(), rows["operations_annee"].sum())
    title = f"Trois bailleurs\u00a0: {amount} logements de {r.annee}"
    if len(rows) < 4:
        title = f"{count(len(rows), 'bailleur programme', 'bailleurs programment')} en {r.annee}"
    return figure(
        horizontal_bars([Bars("", top["nom"], top["logements_annee"], [i < 3 for i in range(len(top))])]),
        title=title,
        subtitle=f"Logements PLUS, PLAI et PLS par bailleur, {r.place}, {r.annee}"
        + f"\u00a0; les {RANKED} premiers" * (len(rows) > RANKED),
        alt=f"Barres par bailleur, du plus grand au plus petit. {title}.",
        scope=f"{count(len(rows), 'bailleur')}, {count(sizes.sum(), 'logement')}, {r.place}, {r.annee}.",
        source=r.source,
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
