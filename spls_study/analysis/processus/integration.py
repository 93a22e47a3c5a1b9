"""Where each of today's steps goes in the application, and what is left to decide."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ...study import Gestionnaire
from ...words import fold
from .processes import keyed, own_names, supports

COVERED, ADAPT, OUTSIDE = "couvert", "à adapter", "hors SPLS"
NO_TARGET = "sans équivalent dans la cible"
NO_PLACE = "sans place"
NO_MORE = "ressaisie à supprimer"
ALL = "équipe projet"


def integration(
    steps: pd.DataFrame, target: pd.DataFrame, application: str, gestionnaires: Sequence[Gestionnaire]
) -> pd.DataFrame:
    """Each gestionnaire's steps of today placed against the target (design.md §4), its passes together.

    ecart says what changes (support, acteur, ressaisie, `;` between, « aucun » when nothing does); a step that the
    target does not know is OUTSIDE and says NO_TARGET. `application`: as written in the column `support`. Where an
    actor is one of `gestionnaires`, it is the target's « Gestionnaire ».
    """
    today = _today(steps).merge(_goal(target), on="cle", how="left", validate="many_to_one")
    own = {g.id: own_names(g) for g in gestionnaires}
    gaps = [_gap(row, application, own.get(row.gestionnaire, set())) for row in today.itertuples()]
    covered = today.couverture.fillna(OUTSIDE).astype("str")
    today = today.assign(couverture=covered, ecart=pd.Series(gaps, dtype="str", index=today.index))
    return today[["etape", "gestionnaire", "fonction_spls", "couverture", "ecart", "acteur", "acteur_cible"]]


def nouvelles(steps: pd.DataFrame, target: pd.DataFrame) -> pd.DataFrame:
    """Steps of the target that a gestionnaire does not have today.

    Columns etape, gestionnaire, fonction_spls, couverture, acteur_cible; steps outside the application are no novelty.
    """
    goal, keys = _goal(target), ["gestionnaire", "cle"]
    every = steps[["gestionnaire"]].drop_duplicates().merge(goal[goal.couverture != OUTSIDE], how="cross")
    have = pd.MultiIndex.from_frame(every[keys]).isin(pd.MultiIndex.from_frame(_today(steps)[keys]))
    new = every[~have].rename(columns={"nom": "etape"}).reset_index(drop=True)
    return new[["etape", "gestionnaire", "fonction_spls", "couverture", "acteur_cible"]].astype("str")


def decisions(placed: pd.DataFrame, new: pd.DataFrame, milestones: pd.DataFrame, today: date) -> pd.DataFrame:
    """What must be decided before the application is used (design.md §4); what concerns most gestionnaires first.

    objet holds acteur, outil, périmètre, nouveauté; charte tells a matter for the charte de gestion: it binds both
    sides or several gestionnaires. jalon is the milestone whose estimated day is the echeance.
    """
    topics = pd.concat(
        table.loc[where, ["etape", "gestionnaire"]].assign(sujet=name)
        for name, table, where in (
            ("outil", placed, placed.couverture == ADAPT),
            ("acteur", placed, placed.ecart.str.contains("acteur\u00a0:")),
            ("périmètre", placed, placed.couverture == OUTSIDE),
            ("nouveauté", new, new.couverture.notna()),
        )
    )
    own = keyed(topics).groupby("cle", sort=False)
    objects, services = (own[column].agg(lambda of: "|".join(of.unique())) for column in ("sujet", "gestionnaire"))
    table = pd.DataFrame({"etape": own.etape.first(), "objet": objects, "gestionnaires": services})
    many = table.gestionnaires.str.count(r"\|") + 1
    charte = (many > 1) | table.objet.str.contains("acteur|nouveauté")
    coming = milestones[(milestones.fin_estimee > pd.Timestamp(today)) & milestones.fin_reelle.isna()]
    coming = coming.sort_values(["fin_estimee", "id"], ignore_index=True)
    words = (coming.libelle.fillna("") + " " + coming.etape.fillna("")).map(fold).astype("str")
    first = words.str.contains("charte").to_numpy(dtype=bool)  # the next one that speaks of it, else the next
    due = coming.reindex(np.where(charte, first.argmax() if len(coming) else 0, 0))
    table = table.assign(
        qui=table.gestionnaires.mask(charte, ALL),
        echeance=due.fin_estimee.array,
        charte=charte,
        jalon=due.libelle.array,
        n=many,
    )
    table = table.sort_values(["n", "cle"], ascending=[False, True], kind="stable", ignore_index=True)
    return table.drop(columns="n")


def reprise(steps: pd.DataFrame, placed: pd.DataFrame) -> pd.DataFrame:
    """Each step of `etapes`, every pass, with where it goes: what the application takes over, what it ends.

    couverture is that of `integration`, NO_PLACE where the target does not know the step; supprimee is a re-entry that
    the application ends.
    """
    keys = ["gestionnaire", "cle"]
    goal = keyed(placed)
    goal["couverture"] = goal.couverture.mask(goal.ecart == NO_TARGET, NO_PLACE)
    goal["fin"] = goal.ecart.str.contains(NO_MORE, regex=False).astype(bool)
    table = keyed(steps).assign(ressaisie=steps.ressaisie == "oui")
    table = table.merge(goal[[*keys, "couverture", "fin"]], on=keys, how="left", validate="many_to_one")
    table["etape"] = table.groupby("cle").etape.transform("first")  # one spelling for all gestionnaires
    table["supprimee"] = table.ressaisie & table.fin.fillna(False).astype(bool)
    return table[["gestionnaire", "ordre", "etape", "support", "ressaisie", "couverture", "supprimee"]]


def concerning(table: pd.DataFrame, gestionnaires: Sequence[str]) -> pd.DataFrame:
    """The `decisions` that concern these gestionnaires, all parties kept in view."""
    kept = [bool(set(ids.split("|")) & set(gestionnaires)) for ids in table.gestionnaires]
    return table[pd.Series(kept, table.index, dtype=bool)].reset_index(drop=True)


def _goal(target: pd.DataFrame) -> pd.DataFrame:
    goal = keyed(target.sort_values("ordre", kind="stable")).rename(columns={"etape": "nom"})
    return goal.drop_duplicates("cle")[["cle", "nom", "fonction_spls", "couverture", "acteur_cible"]]


def _today(steps: pd.DataFrame) -> pd.DataFrame:
    table = keyed(steps)
    again = table.groupby(["gestionnaire", "cle"]).ressaisie.transform("max")
    return table.assign(ressaisie=again).drop_duplicates(["gestionnaire", "cle"])


def _gap(row: Any, application: str, own: set[str]) -> str:
    """What a gestionnaire changes at one step, in words."""
    if pd.isna(row.couverture):
        return NO_TARGET
    gaps = []
    if pd.notna(row.acteur_cible) and pd.notna(row.acteur):
        actor = fold(row.acteur)
        if fold(row.acteur_cible) not in ({actor, "gestionnaire"} if actor in own else {actor}):
            gaps.append(f"acteur\u00a0: {row.acteur} → {row.acteur_cible}")
    if row.couverture != OUTSIDE:
        used = set() if pd.isna(row.support) else supports(row.support)
        if used != {fold(application)}:
            old = "support inconnu" if not used else row.support.replace("|", " et ")
            gaps.append(f"support\u00a0: {old} → {application}")
        if row.ressaisie == "oui":
            gaps.append(NO_MORE)
    return "\u202f; ".join(gaps) or "aucun"
