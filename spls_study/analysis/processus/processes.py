"""Today's programming process of each gestionnaire: steps, time spent, waiting, double entry."""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from ...study import Gestionnaire
from ...words import fold

STEP = ["gestionnaire", "ordre", "cle"]
LISTED = ["acteur", "support", "pieces", "irritant"]


def keyed(steps: pd.DataFrame) -> pd.DataFrame:
    """With `cle`, the step's name whatever its spelling: two steps are one when their keys are equal."""
    return steps.assign(cle=steps.etape.map(fold, na_action="ignore").astype("str"))


def labels(steps: pd.DataFrame) -> "pd.Series[str]":
    """Key of a step → its first spelling."""
    return steps.drop_duplicates("cle").set_index("cle").etape


def steps(processus: pd.DataFrame, gestionnaires: Sequence[Gestionnaire]) -> pd.DataFrame:
    """The rows of the table `processus` of these gestionnaires, ready to count, in their order, then that of `ordre`.

    The columns of `processus` with gestionnaire by its id in the study, `cle` and `jours` (duree_jours, else date_fin
    less date_debut; missing when negative).
    """
    names = {name: g.id for g in gestionnaires for name in own_names(g)}
    who, again = (processus[c].map(fold, na_action="ignore").astype("str") for c in ("gestionnaire", "ressaisie"))
    table = keyed(processus).assign(gestionnaire=who.map(names), ressaisie=again)
    table = table.dropna(subset=["gestionnaire", "cle"])
    spent = table.duree_jours.astype("float64").fillna((table.date_fin - table.date_debut).dt.days)
    rank = table.gestionnaire.map({g.id: i for i, g in enumerate(gestionnaires)})
    table = table.assign(jours=spent.where(spent >= 0), rang=rank)
    return table.sort_values(["rang", "ordre"], kind="stable", ignore_index=True).drop(columns="rang")


def own_names(gestionnaire: Gestionnaire) -> set[str]:
    """All ways to name a gestionnaire, folded."""
    return {fold(name) for name in (gestionnaire.id, gestionnaire.nom, *gestionnaire.alias)}


def etapes(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per step of each gestionnaire, in the order in which they happen; `rows` is `steps`.

    As design.md §4, with attente (days between the last end before and this start; missing without dates, negative
    when they overlap), pieces, irritant; duree_mediane is over the times the step was timed.
    """
    grouped = rows.groupby(STEP, sort=False, dropna=False)
    table = grouped.agg(
        etape=("etape", "first"),
        acteur=("acteur", _listed),
        support=("support", _listed),
        duree_mediane=("jours", "median"),
        ressaisie=("ressaisie", "max"),
        pieces=("pieces", _listed),
        irritant=("irritant", _listed),
    )
    table = table.reset_index().merge(_waits(rows), on=STEP, how="left").drop(columns="cle")
    table.insert(7, "attente", table.pop("attente"))
    return table.astype(dict.fromkeys((*LISTED, "ressaisie"), "str"))


def _listed(values: pd.Series) -> str | float:
    return "|".join(dict.fromkeys(values.dropna())) or np.nan


def _waits(rows: pd.DataFrame) -> pd.DataFrame:
    """Days from the end of all that comes before to the start of each step: parallel steps wait each its own time.

    Parallel steps have one rank; of a step timed several times, the last time counts.
    """
    keys = ["gestionnaire", "ordre"]
    last = rows.sort_values("date_debut", kind="stable", na_position="first").drop_duplicates(STEP, keep="last")
    ranks = last.groupby(keys, as_index=False).agg(fin=("date_fin", lambda days: days.max(skipna=False)))
    ranks["avant"] = ranks.groupby("gestionnaire").fin.shift()
    own = last.merge(ranks[[*keys, "avant"]], on=keys, how="left")
    return own[STEP].assign(attente=(own.date_debut - own.avant).dt.days.astype("float64"))


def supports(text: str) -> set[str]:
    """« Papier et courriel » → {papier, courriel}."""
    return {fold(part) for part in re.split(r"[|,;/+]|\bet\b", text) if part.strip()}
