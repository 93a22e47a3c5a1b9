"""Today's steps placed in the application, and what is left to decide."""

import pandas as pd

from ...analysis.processus.integration import ADAPT, ALL, COVERED, NO_TARGET, OUTSIDE
from ...french import NOT_APPLICABLE, count, listing, number, quoted
from ...words import fold
from ..blocks import Block
from ..drawings.passage import beside
from ..figure import COLOURS, GREY, figure
from ..report import Report
from ..table import attach, table
from ..text import bullets, say

LINES = {COVERED: ("-", COLOURS[0]), ADAPT: ((0, (5, 2)), COLOURS[2]), OUTSIDE: (":", GREY)}


def placed(r: Report, data: pd.DataFrame, new: pd.DataFrame, target: pd.DataFrame) -> list[Block]:
    """How many steps are covered and what is new; in a department, what each must change.

    Tables `integration`, `nouvelles` and `etapes_spls`.
    """
    if data.empty or target.empty:
        return [say("La comparaison demande un processus décrit et une cible.")]
    name = r.study.etude.application
    counts = pd.crosstab(data.gestionnaire, data.couverture).reindex(
        index=data.gestionnaire.unique(), columns=[COVERED, ADAPT, OUTSIDE], fill_value=0
    )
    summary = counts.rename_axis(None, axis="columns").rename_axis("gestionnaire").reset_index()
    lost = data[data.ecart == NO_TARGET].groupby("gestionnaire").size()
    summary["sans_cible"] = summary.gestionnaire.map(lost).fillna(0).astype("Int64")
    blocks = [
        attach(
            table(
                summary,
                "integration_synthese",
                f"{name} couvre {number(int(counts[COVERED].sum()))} des {count(len(data), 'étape')} d'aujourd'hui",
                view=summary.assign(gestionnaire=summary.gestionnaire.map(r.gestionnaire)),
                headers={
                    "gestionnaire": "Gestionnaire",
                    COVERED: "Couvertes",
                    ADAPT: "À adapter",
                    OUTSIDE: f"Hors {name}",
                    "sans_cible": "dont absentes de la cible",
                },
                note="Une étape répétée compte une fois.",
            ),
            {"integration": data, "etapes_nouvelles": new},
        )
    ]
    for code, own in data.groupby("gestionnaire", sort=False):
        if not r.lieu.is_region:
            blocks += [_passage(r, own, target, str(code)), _changes(r, own, str(code))]
    added = [
        f"{r.gestionnaire(str(code))}\u00a0: {listing([quoted(e) for e in own.etape])}."
        for code, own in new.groupby("gestionnaire", sort=False)
    ]
    if added:
        blocks += [say("Des étapes de la cible n'existent pas aujourd'hui."), bullets(added)]
    return blocks


def _changes(r: Report, own: pd.DataFrame, code: str) -> Block:
    change = own[own.ecart != "aucun"].reset_index(drop=True)
    if change.empty:
        return say(f"{r.gestionnaire(code)}\u00a0: aucune étape ne change.")
    name = r.study.etude.application
    return table(
        change,
        f"changements_{code}",
        f"{r.gestionnaire(code)}\u00a0: {count(len(change), 'étape change', 'étapes changent')}",
        view=change[["etape", "fonction_spls", "couverture", "ecart"]]
        .replace({"couverture": {OUTSIDE: f"hors {name}"}})
        .fillna(NOT_APPLICABLE),
        headers={
            "etape": "Étape",
            "fonction_spls": f"Fonction de {name}",
            "couverture": "Couverture",
            "ecart": "Ce qui change",
        },
    )


def _passage(r: Report, places: pd.DataFrame, target: pd.DataFrame, code: str) -> Block:
    """Today's steps beside the target's, joined where they are the same."""
    left = list(places.etape)
    right = list(target.sort_values("ordre", kind="stable").etape)
    rank = {fold(step): i for i, step in enumerate(right)}
    links = {
        (i, rank[fold(row.etape)]): LINES[row.couverture]
        for i, row in enumerate(places.itertuples())
        if fold(row.etape) in rank
    }
    kept = int((places.ecart != NO_TARGET).sum())
    return figure(
        beside((f"{r.gestionnaire(code)}, aujourd'hui", left), ("Cible", right), links),
        title=f"{r.gestionnaire(code)}\u00a0: {number(kept)} étapes sur {number(len(left))} dans la cible",
        subtitle="Étapes d'aujourd'hui et de la cible\u202f; trait plein\u00a0: couvert\u202f; "
        "tireté\u00a0: à adapter\u202f; pointillé\u00a0: hors "
        f"{r.study.etude.application}",
        alt=f"Deux colonnes reliées\u00a0: les {number(len(left))} étapes d'aujourd'hui, les "
        f"{number(len(right))} de la cible\u202f; le tableau des changements dit tout.",
        source=r.study.source("etapes_spls"),
        height=0.4 + 0.34 * max(len(left), len(right)),
    )


def decisions(r: Report, data: pd.DataFrame, described: int) -> list[Block]:
    """Who must decide what, before when, of `described` processes; what the charter settles."""
    if not described:
        return [say("Les décisions à prendre se déduisent des processus décrits\u00a0: il n'y en a pas encore.")]
    if data.empty:
        return [say("Aucune décision n'attend\u00a0: chaque étape d'aujourd'hui est couverte.")]

    def named(ids: str) -> str:
        codes = ids.split("|")
        names = [r.gestionnaire(code) for code in codes]
        return "tous" if len(codes) == described > 2 else listing(names)

    view = pd.DataFrame(
        {
            "Étape": data.etape,
            "À régler": data.sujets.str.replace("|", ", "),
            "Concerne": data.gestionnaires.map(named),
            "Qui décide": data.qui.map(lambda who: who if who == ALL else named(who)),
            "Jalon": data.jalon,
            "Avant le": data.avant_le,
        }
    )
    if data.avant_le.isna().all():
        view = view.drop(columns=["Jalon", "Avant le"])
    charte = [quoted(step) for step in data.etape[data.charte]]
    return [
        table(data, "decisions", f"{count(len(data), 'étape attend', 'étapes attendent')} une décision", view=view),
        say(
            f"La charte de gestion doit régler {count(len(charte), 'étape')}\u00a0: {listing(charte)}."
            if charte
            else "Aucun de ces points ne relève de la charte de gestion."
        ),
    ]
