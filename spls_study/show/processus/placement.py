"""Today's steps placed in the application, and what is left to decide."""

import pandas as pd

from ...analysis.processus.integration import ADAPT, ALL, COVERED, NO_TARGET, OUTSIDE
from ...french import NOT_APPLICABLE, count, listing, number, quoted
from ...words import fold
from .. import Block, Report, attach, bullets, figure, say, table
from ..drawings.passage import beside
from ..palette import COLOURS, GREY

LINES = {COVERED: ("-", COLOURS[0]), ADAPT: ((0, (5, 2)), COLOURS[2]), OUTSIDE: (":", GREY)}


def placed(r: Report, data: pd.DataFrame, new: pd.DataFrame, target: pd.DataFrame) -> list[Block]:
    """How many steps are covered and what is new; in a department, what each must change.

    Tables `integration`, `nouvelles` and `etapes_spls`.
    """
    if data.empty or target.empty:
        return [say("La comparaison demande un processus décrit et une cible.")]
    name = r.study.etude.application
    counts = pd.crosstab(data.gestionnaire, data.couverture)
    counts = counts.reindex(data.gestionnaire.unique(), columns=[COVERED, ADAPT, OUTSIDE], fill_value=0)
    counts["sans_cible"] = (data.ecart == NO_TARGET).groupby(data.gestionnaire).sum()
    summary = counts.rename_axis(None, axis="columns").rename_axis("gestionnaire").reset_index()
    covered = f"{number(int(counts[COVERED].sum()))} des {count(len(data), 'étape')} d'aujourd'hui"
    first = table(
        summary,
        "integration_synthese",
        f"{name} couvre {covered}",
        formats={"gestionnaire": r.gestionnaire},
        headers={COVERED: "Couvertes", OUTSIDE: f"Hors {name}", "sans_cible": "dont absentes de la cible"},
        note="Une étape répétée compte une fois.",
    )
    blocks = [attach(first, {"integration": data, "etapes_nouvelles": new})]
    for code, own in data.groupby("gestionnaire", sort=False) if not r.lieu.is_region else ():
        blocks += [_passage(r, own, target, str(code)), _changes(r, own, str(code))]
    added = [
        f"{r.gestionnaire(str(code))}\u00a0: {listing([quoted(e) for e in own.etape])}."
        for code, own in new.groupby("gestionnaire", sort=False)
    ]
    return [*blocks, *([say("Des étapes de la cible n'existent pas aujourd'hui."), bullets(added)] if added else [])]


def _changes(r: Report, own: pd.DataFrame, code: str) -> Block:
    change = own[own.ecart != "aucun"].reset_index(drop=True)
    if change.empty:
        return say(f"{r.gestionnaire(code)}\u00a0: aucune étape ne change.")
    name = r.study.etude.application
    view = change[["etape", "fonction_spls", "couverture", "ecart"]].fillna(NOT_APPLICABLE)
    return table(
        change,
        f"changements_{code}",
        f"{r.gestionnaire(code)}\u00a0: {count(len(change), 'étape change', 'étapes changent')}",
        view=view.replace({"couverture": {OUTSIDE: f"hors {name}"}}),
        headers={"fonction_spls": f"Fonction de {name}", "ecart": "Ce qui change"},
    )


def _passage(r: Report, places: pd.DataFrame, target: pd.DataFrame, code: str) -> Block:
    """Today's steps beside the target's, joined where they are the same."""
    left, right = list(places.etape), list(target.sort_values("ordre", kind="stable").etape)
    rank = {fold(step): i for i, step in enumerate(right)}
    pairs = zip(map(fold, left), places.couverture, strict=True)
    links = {(i, rank[step]): LINES[kind] for i, (step, kind) in enumerate(pairs) if step in rank}
    kept, outside = int((places.ecart != NO_TARGET).sum()), f"hors {r.study.etude.application}"
    return figure(
        beside((f"{r.gestionnaire(code)}, aujourd'hui", left), ("Cible", right), links),
        title=f"{r.gestionnaire(code)}\u00a0: {number(kept)} étapes sur {number(len(left))} dans la cible",
        subtitle="Étapes d'aujourd'hui et de la cible\u202f; trait plein\u00a0: couvert\u202f; tireté\u00a0: à "
        f"adapter\u202f; pointillé\u00a0: {outside}",
        alt=f"Deux colonnes reliées\u00a0: les {number(len(left))} étapes d'aujourd'hui, les {number(len(right))} de "
        "la cible\u202f; le tableau des changements dit tout.",
        source=r.study.source("etapes_spls"),
    )


def decisions(r: Report, data: pd.DataFrame, described: int) -> list[Block]:
    """Who must decide what, before when, of `described` processes; what the charter settles."""
    if not described:
        return [say("Les décisions à prendre se déduisent des processus décrits\u00a0: il n'y en a pas encore.")]
    if data.empty:
        return [say("Aucune décision n'attend\u00a0: chaque étape d'aujourd'hui est couverte.")]

    def named(ids: str) -> str:
        codes = ids.split("|")
        return (
            ids if ids == ALL else "tous" if len(codes) == described > 2 else listing(list(map(r.gestionnaire, codes)))
        )

    view = data[["etape", "sujets", "gestionnaires", "qui", "jalon", "avant_le"]]
    if data.avant_le.isna().all():
        view = view.drop(columns=["jalon", "avant_le"])
    charte = [quoted(step) for step in data.etape[data.charte]]
    settled = f"La charte de gestion doit régler {count(len(charte), 'étape')}\u00a0: {listing(charte)}."
    return [
        table(
            data,
            "decisions",
            f"{count(len(data), 'étape attend', 'étapes attendent')} une décision",
            view=view,
            formats={"gestionnaires": named, "qui": named, "sujets": lambda s: s.replace("|", ", ")},
            headers={"sujets": "À régler", "gestionnaires": "Concerne", "qui": "Qui décide"},
        ),
        say(settled if charte else "Aucun de ces points ne relève de la charte de gestion."),
    ]
