"""Today's programming process of each gestionnaire: steps, time spent, waiting, double entry."""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from ...study import Gestionnaire
from ...words import fold
from ..methods.frames import frame


def steps(processus: pd.DataFrame, gestionnaires: Sequence[Gestionnaire]) -> pd.DataFrame:
    """The rows of the table `processus` of these gestionnaires, ready to count.

    The columns of `processus` with gestionnaire by its id in the study, `cle` (the step's
    name whatever its spelling: two gestionnaires' steps are one when their keys are equal)
    and `jours` (duree_jours, else date_fin less date_debut; missing when negative); in the
    order of `gestionnaires`, then of `ordre`.
    """
    names = {name: g.id for g in gestionnaires for name in own_names(g)}
    name, step, again = (
        processus[c].map(fold, na_action="ignore").astype("str") for c in ("gestionnaire", "etape", "ressaisie")
    )
    table = processus.assign(gestionnaire=name.map(names), cle=step, ressaisie=again)
    table = table.dropna(subset=["gestionnaire", "cle"])
    spent = table.duree_jours.astype("float64").fillna((table.date_fin - table.date_debut).dt.days)
    rank = table.gestionnaire.map({g.id: i for i, g in enumerate(gestionnaires)})
    table = table.assign(jours=spent.where(spent >= 0), rang=rank)
    return table.sort_values(["rang", "ordre"], kind="stable", ignore_index=True).drop(columns="rang")


def own_names(gestionnaire: Gestionnaire) -> set[str]:
    """All ways to name a gestionnaire, folded."""
    return {fold(name) for name in (gestionnaire.id, gestionnaire.nom, *gestionnaire.alias)}


def etapes(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per step of each gestionnaire, in the order in which they happen.

    Columns gestionnaire, ordre, etape, acteur, support, duree_mediane (days, over the times the
    step was timed), ressaisie (oui as soon as one row says so), attente (days between the last end
    before and this start; missing without dates, negative when they overlap), pieces, irritant.

    `rows`: What `steps` returns.
    """
    grouped = rows.groupby(["gestionnaire", "ordre", "cle"], sort=False, dropna=False)
    table = grouped.agg(
        etape=("etape", "first"),
        acteur=("acteur", _listed),
        support=("support", _listed),
        duree_mediane=("jours", "median"),
        ressaisie=("ressaisie", "max"),
        pieces=("pieces", _listed),
        irritant=("irritant", _listed),
    ).reset_index()
    texts = ["acteur", "support", "ressaisie", "pieces", "irritant"]
    table = table.astype(dict.fromkeys(texts, "str")).merge(
        _waits(rows), on=["gestionnaire", "ordre"], how="left", validate="many_to_one"
    )
    return table[
        [
            "gestionnaire",
            "ordre",
            "etape",
            "acteur",
            "support",
            "duree_mediane",
            "ressaisie",
            "attente",
            "pieces",
            "irritant",
        ]
    ]


def _listed(values: pd.Series) -> str | float:
    found = list(dict.fromkeys(values.dropna()))
    return "|".join(found) if found else np.nan


def _waits(rows: pd.DataFrame) -> pd.DataFrame:
    """Days from the end of all that comes before to the start of each rank of steps.

    Parallel steps have one rank; of a step timed several times, the last time counts.
    """
    last = rows.sort_values("date_debut", kind="stable", na_position="first")
    last = last.drop_duplicates(["gestionnaire", "ordre", "cle"], keep="last")
    ranks = last.groupby(["gestionnaire", "ordre"], as_index=False).agg(
        debut=("date_debut", "min"), fin=("date_fin", lambda days: days.max(skipna=False))
    )
    before = ranks.groupby("gestionnaire").fin.shift()
    return ranks[["gestionnaire", "ordre"]].assign(attente=(ranks.debut - before).dt.days.astype("float64"))


def charges(steps_table: pd.DataFrame) -> pd.DataFrame:
    """What each process costs, from the table `etapes`.

    Columns gestionnaire, etapes (steps as listed, every pass), acteurs, ressaisies, papier,
    courriel, tableur (steps that use it), etapes_minutees (with a duration), jours_etapes
    (sum of the known durations), jours_attente (sum of the known positive waits; a rank of
    parallel steps waits once), reprises (steps done again later).
    """
    rows, used_by = [], ("papier", "courriel", "tableur")
    for name, own in steps_table.groupby("gestionnaire", sort=False):
        used = own.support.dropna().map(supports)
        waits = own.drop_duplicates("ordre").attente.clip(lower=0)
        rows.append(
            (
                name,
                len(own),
                own.acteur.str.split("|").explode().nunique(),
                (own.ressaisie == "oui").sum(),
                *(sum(s in found for found in used) for s in used_by),
                own.duree_mediane.count(),
                own.duree_mediane.sum(min_count=1),
                waits.sum(min_count=1),
                own.etape.map(fold).duplicated().sum(),
            )
        )
    counts = ("etapes", "acteurs", "ressaisies", *used_by, "etapes_minutees")
    return frame(
        rows,
        {"gestionnaire": "str"}
        | dict.fromkeys(counts, "int64")
        | {"jours_etapes": "float64", "jours_attente": "float64", "reprises": "int64"},
    )


def supports(text: str) -> set[str]:
    """« Papier et courriel » → {papier, courriel}."""
    return {fold(part) for part in re.split(r"[|,;/+]|\bet\b", text) if part.strip()}


def irritants(steps_table: pd.DataFrame) -> pd.DataFrame:
    """What annoys, by step, as written: columns etape, gestionnaire, irritant."""
    told = steps_table.dropna(subset=["irritant"])
    told = told.assign(irritant=told.irritant.str.split("|"), cle=told.etape.map(fold))
    told = told.explode("irritant")
    names = told.drop_duplicates("cle").set_index("cle").etape
    many = told.cle.map(told.groupby("cle").size())
    told = told.assign(etape=told.cle.map(names), nombre=many)
    told = told.sort_values(["nombre", "cle"], ascending=[False, True], kind="stable")
    return told[["etape", "gestionnaire", "irritant"]].drop_duplicates().reset_index(drop=True)
