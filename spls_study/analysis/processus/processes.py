"""Today's programming process of each gestionnaire: steps, time spent, waiting, double entry."""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from ...study import Gestionnaire
from ...words import fold


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
    )
    table = table.reset_index().merge(_waits(rows), on=["gestionnaire", "ordre", "cle"], how="left")
    table = table.drop(columns="cle")
    table.insert(7, "attente", table.pop("attente"))
    return table.astype(dict.fromkeys(("acteur", "support", "ressaisie", "pieces", "irritant"), "str"))


def _listed(values: pd.Series) -> str | float:
    found = list(dict.fromkeys(values.dropna()))
    return "|".join(found) if found else np.nan


def _waits(rows: pd.DataFrame) -> pd.DataFrame:
    """Days from the end of all that comes before to the start of each step: parallel steps wait each its own time.

    Parallel steps have one rank; of a step timed several times, the last time counts.
    """
    keys = ["gestionnaire", "ordre"]
    last = rows.sort_values("date_debut", kind="stable", na_position="first")
    last = last.drop_duplicates([*keys, "cle"], keep="last")
    ranks = last.groupby(keys, as_index=False).agg(fin=("date_fin", lambda days: days.max(skipna=False)))
    ranks["avant"] = ranks.groupby("gestionnaire").fin.shift()
    own = last.merge(ranks[[*keys, "avant"]], on=keys, how="left")
    return own[[*keys, "cle"]].assign(attente=(own.date_debut - own.avant).dt.days.astype("float64"))


def charges(steps_table: pd.DataFrame) -> pd.DataFrame:
    """What each process costs, from the table `etapes`.

    Columns gestionnaire, etapes (steps as listed, every pass), acteurs, ressaisies, papier,
    courriel, tableur (steps that use it), etapes_minutees (with a duration), jours_etapes
    (sum of the known durations), jours_attente (sum of the known positive waits; a rank of
    parallel steps waits as long as the first of them), reprises (steps done again later).
    """
    used_by, own = ("papier", "courriel", "tableur"), steps_table.groupby("gestionnaire", sort=False)
    used = steps_table.support.map(supports, na_action="ignore")
    ranks = steps_table.groupby(["gestionnaire", "ordre"], sort=False).attente.min()
    once = ranks.groupby("gestionnaire", sort=False)
    marks = pd.DataFrame({s: [isinstance(found, set) and s in found for found in used] for s in used_by})
    marks = marks.set_axis(steps_table.index).assign(
        ressaisies=steps_table.ressaisie == "oui",
        reprises=steps_table.assign(cle=steps_table.etape.map(fold)).duplicated(["gestionnaire", "cle"]),
    )
    counts = marks.groupby(steps_table.gestionnaire, sort=False).sum()
    table = pd.DataFrame(
        {
            "etapes": own.size(),
            "acteurs": own.acteur.agg(lambda names: names.str.split("|").explode().nunique()),
            **counts[["ressaisies", *used_by]],
            "etapes_minutees": own.duree_mediane.count(),
            "jours_etapes": own.duree_mediane.sum(min_count=1),
            "jours_attente": once.agg(lambda days: days.clip(lower=0).sum(min_count=1)),
            "reprises": counts.reprises,
        }
    )
    return table.reset_index()


def supports(text: str) -> set[str]:
    """« Papier et courriel » → {papier, courriel}."""
    return {fold(part) for part in re.split(r"[|,;/+]|\bet\b", text) if part.strip()}


def irritants(steps_table: pd.DataFrame) -> pd.DataFrame:
    """What annoys, by step, as written: columns etape, gestionnaire, irritant."""
    told = steps_table.dropna(subset=["irritant"])
    told = told.assign(irritant=told.irritant.str.split("|"), cle=told.etape.map(fold)).explode("irritant")
    own = told.groupby("cle")
    told = told.assign(etape=own.etape.transform("first"), nombre=own.cle.transform("size"))
    told = told.sort_values(["nombre", "cle"], ascending=[False, True], kind="stable")
    return told[["etape", "gestionnaire", "irritant"]].drop_duplicates().reset_index(drop=True)


def durees_communes(steps_table: pd.DataFrame) -> pd.DataFrame:
    """Days of the steps that all the gestionnaires have and have all dated: the only ones that compare.

    Columns etape (first spelling met), then one for each gestionnaire; of a step done several times, the sum.
    No row with less than two gestionnaires.
    """
    table = steps_table.assign(cle=steps_table.etape.map(fold).astype("str"))
    days = table.pivot_table(
        index="cle", columns="gestionnaire", values="duree_mediane", aggfunc=_whole, dropna=False, sort=False
    )
    days = days.reindex(columns=table.gestionnaire.unique()).dropna() if len(table) else days
    names = table.drop_duplicates("cle").set_index("cle").etape
    days.insert(0, "etape", names.reindex(days.index))
    found = days.rename_axis(None, axis="columns").reset_index(drop=True)
    return found if len(found.columns) > 2 else found.head(0)


def _whole(days: pd.Series) -> float:
    """The sum, missing as soon as one is."""
    return float(days.sum(skipna=False))
