"""What the processes cost, what they share, what the questionnaires say of their steps."""

import pandas as pd

from ...analysis.processus.integration import COVERED
from ...analysis.processus.variants import OWN, SHARED
from ...french import count, listing, number, quoted
from ..blocks import Block
from ..report import Report
from ..table import attach, table
from ..text import bullets, say

COSTS = {
    "gestionnaire": "Gestionnaire",
    "etapes": "Étapes",
    "acteurs": "Acteurs",
    "ressaisies": "Ressaisies",
    "papier": "Papier",
    "courriel": "Courriel",
    "jours_etapes": "Jours dans les étapes",
    "jours_attente": "Jours entre les étapes",
}


def essentials(r: Report, costs: pd.DataFrame, variants: pd.DataFrame, placed: pd.DataFrame) -> Block:
    """Three facts, each with its number: `charges`, `variantes`, `integration`."""
    if costs.empty:
        return say(f"Aucun processus de programmation n'a été décrit pour {r.le}.")
    again, total = int(costs.ressaisies.sum()), int(costs.etapes.sum())
    facts = [
        f"{count(len(costs), 'processus est décrit', 'processus sont décrits')}, "
        f"{count(total, 'étape')} en tout, dont {count(again, 'ressaisie')}."
    ]
    if len(costs) > 1:
        common = int((variants.nature == SHARED).sum())
        facts.append(
            f"{count(common, 'étape est commune', 'étapes sont communes')} à tous les "
            f"gestionnaires, sur {number(len(variants))} différentes."
        )
    if placed.fonction_spls.notna().any():
        covered = int((placed.couverture == COVERED).sum())
        facts.append(
            f"{r.study.etude.application} couvre {count(covered, 'étape')} d'aujourd'hui sur {number(len(placed))}."
        )
    return bullets(facts)


def effort(r: Report, costs: pd.DataFrame, steps: pd.DataFrame) -> list[Block]:
    """Time, double entry, paper and mail by gestionnaire: `charges`; `etapes` beside."""
    if costs.empty:
        return [say("Aucun processus n'est décrit\u00a0: rien ne peut être compté.")]
    view = costs.assign(gestionnaire=costs.gestionnaire.map(r.gestionnaire))
    timed = [f"{row.gestionnaire} {number(row.etapes_minutees)} sur {number(row.etapes)}" for row in view.itertuples()]
    again, total = int(costs.ressaisies.sum()), int(costs.etapes.sum())
    block = table(
        costs,
        "charges",
        f"{count(again, 'ressaisie')} sur {count(total, 'étape')}, et "
        f"{number(int(costs.papier.sum() + costs.courriel.sum()))} passages par le papier ou le "
        "courriel",
        view=view[list(COSTS)],
        headers=COSTS,
        note="Étapes répétées comptées à chaque passage. Jours\u00a0: somme des durées "
        "connues\u202f; des étapes parallèles s'additionnent. n.d.\u00a0: sans date. Étapes "
        f"avec une durée\u00a0: {listing(timed)}.",
    )
    slow = steps.sort_values("duree_mediane", ascending=False, kind="stable").head(3)
    long = [
        f"{row.etape} ({r.gestionnaire(row.gestionnaire)}, {count(row.duree_mediane, 'jour')})"
        for row in slow.dropna(subset=["duree_mediane"]).itertuples()
    ]
    idle = steps[steps.attente > 0].sort_values("attente", ascending=False, kind="stable").head(2)
    held = [
        f"{count(row.attente, 'jour')} avant {quoted(row.etape)} ({r.gestionnaire(row.gestionnaire)})"
        for row in idle.itertuples()
    ]
    return [
        attach(block, {"etapes": steps}),
        say(
            f"Les étapes les plus longues\u00a0: {listing(long)}." if long else "Aucune étape n'a de durée connue.",
            f"Les plus longues attentes\u00a0: {listing(held)}." if held else "",
        ),
    ]


def irritants(r: Report, data: pd.DataFrame) -> list[Block]:
    """What annoys, by step; nothing when nobody said anything."""
    if data.empty:
        return []
    return [
        table(
            data,
            "irritants",
            f"{quoted(data.etape.iloc[0])}\u00a0: l'étape qui suscite le plus de remarques",
            view=data.assign(gestionnaire=data.gestionnaire.map(r.gestionnaire)),
            headers={"etape": "Étape", "gestionnaire": "Gestionnaire", "irritant": "Ce qui gêne"},
        )
    ]


def compared(r: Report, variants: pd.DataFrame, distances: pd.DataFrame) -> list[Block]:
    """Common core, steps of one only, orders that differ: `variantes` and `distances`."""
    if distances.empty:
        return [
            say(
                "La comparaison demande au moins deux processus décrits"
                + ("." if r.lieu.is_region else "\u00a0: elle est dans le rapport régional.")
            )
        ]
    shared, alone = ((variants.nature == nature).sum() for nature in (SHARED, OWN))
    names = variants.gestionnaires.map(lambda ids: listing([r.gestionnaire(i) for i in ids.split("|")]))
    view = variants.assign(gestionnaires=names).drop(columns="rang_median")
    core = table(
        variants,
        "variantes",
        f"{count(shared, 'étape')} sur {number(len(variants))} communes à tous, {number(alone)} propres à un seul",
        view=view.sort_values("nb_gestionnaires", ascending=False, kind="stable"),
        headers={"etape": "Étape", "nature": "Nature", "nb_gestionnaires": "Nombre", "gestionnaires": "Gestionnaires"},
        note="Deux étapes sont la même quand leurs noms le sont, à la casse et aux accents près.",
    )
    far = distances.dropna(subset=["distance"]).sort_values("distance", ascending=False, kind="stable")
    if far.empty:
        return [core, say("Trop peu d'étapes communes pour comparer leur ordre.")]
    pairs = [
        f"{r.gestionnaire(a)} – {r.gestionnaire(b)}"
        for a, b in zip(far.gestionnaire_a, far.gestionnaire_b, strict=True)
    ]
    order = table(
        distances,
        "distances",
        f"{pairs[0]}\u00a0: l'ordre le plus différent"
        if far.distance.iloc[0]
        else "Les étapes communes s'enchaînent partout dans le même ordre",
        view=far.assign(paire=pairs)[["paire", "etapes_communes", "inversees", "paires", "distance"]],
        formats={"distance": lambda d: number(d, 2)},
        headers={
            "paire": "Gestionnaires",
            "etapes_communes": "Étapes communes",
            "paires": "Couples",
            "inversees": "Couples inversés",
            "distance": "Distance (0 à 1)",
        },
        note="Distance de Kendall avec ex æquo (Fagin et al., 2004)\u00a0: part des couples "
        "d'étapes communes que les deux font dans l'ordre contraire, un couple parallèle chez "
        "un seul comptant pour moitié.",
    )
    said = [
        f"{r.gestionnaire(row.gestionnaire_a)} fait "
        f"{' avant '.join(map(quoted, row.exemple.split('|')))}, "
        f"{r.gestionnaire(row.gestionnaire_b)} après."
        for row in far.dropna(subset=["exemple"]).head(4).itertuples()
    ]
    return [core, order, bullets(said)] if said else [core, order]


def answered(r: Report, data: pd.DataFrame) -> list[Block]:
    """What the questionnaires say of each step: `by_step`; nothing without answers."""
    if data.empty:
        return []
    view = data.assign(part=[f"{number(n)} sur {number(of)}" for n, of in zip(data.effectif, data.base, strict=True)])
    first = data.iloc[0]
    return [
        table(
            data,
            "reponses_etapes",
            f"{first.etape}\u00a0: {number(first.effectif)} réponses sur {number(first.base)} s'accordent",
            view=view[["etape", "questionnaire", "question", "reponse", "part"]],
            headers={
                "etape": "Étape",
                "questionnaire": "Questionnaire",
                "question": "Question",
                "reponse": "Réponse la plus donnée",
                "part": "Réponses",
            },
            note="Par étape et par questionnaire, la question sur laquelle les réponses publiées "
            "s'accordent le plus\u202f; le détail est dans le rapport sur les questionnaires.",
        )
    ]
