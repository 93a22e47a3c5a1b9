"""What the processes cost, what they share, what the questionnaires say of their steps."""

import pandas as pd

from ...analysis.processus.integration import COVERED
from ...analysis.processus.variants import OWN, SHARED
from ...french import count, listing, number, quoted
from .. import Block, Report, attach, bullets, say, table

COSTS = ["gestionnaire", "etapes", "acteurs", "ressaisies", "papier", "courriel", "jours_etapes", "jours_attente"]


def essentials(r: Report, costs: pd.DataFrame, variants: pd.DataFrame, placed: pd.DataFrame) -> Block:
    """Three facts, each with its number: `charges`, `variantes`, `integration`."""
    if costs.empty:
        return say(f"Aucun processus de programmation n'a été décrit pour {r.le}.")
    again, total = int(costs.ressaisies.sum()), int(costs.etapes.sum())
    described = count(len(costs), "processus est décrit", "processus sont décrits")
    facts = [f"{described}, {count(total, 'étape')} en tout, dont {count(again, 'ressaisie')}."]
    if len(costs) > 1:
        common = count((variants.nature == SHARED).sum(), "étape est commune", "étapes sont communes")
        facts.append(f"{common} à tous les gestionnaires, sur {number(len(variants))} différentes.")
    if placed.fonction_spls.notna().any():
        covered = count((placed.couverture == COVERED).sum(), "étape")
        facts.append(f"{r.study.etude.application} couvre {covered} d'aujourd'hui sur {number(len(placed))}.")
    return bullets(facts)


def effort(r: Report, costs: pd.DataFrame, steps: pd.DataFrame) -> list[Block]:
    """Time, double entry, paper and mail by gestionnaire: `charges`; `etapes` beside."""
    if costs.empty:
        return [say("Aucun processus n'est décrit\u00a0: rien ne peut être compté.")]
    timed = [
        f"{r.gestionnaire(row.gestionnaire)} {number(row.etapes_minutees)} sur {number(row.etapes)}"
        for row in costs.itertuples()
    ]
    again, total = int(costs.ressaisies.sum()), int(costs.etapes.sum())
    passages = f"{number(int(costs.papier.sum() + costs.courriel.sum()))} passages par le papier ou le courriel"
    block = table(
        costs,
        "charges",
        f"{count(again, 'ressaisie')} sur {count(total, 'étape')}, et {passages}",
        view=costs[COSTS],
        formats={"gestionnaire": r.gestionnaire},
        headers={
            "etapes": "Étapes",
            "jours_etapes": "Jours dans les étapes",
            "jours_attente": "Jours entre les étapes",
        },
        note="Étapes répétées comptées à chaque passage. Jours\u00a0: somme des durées connues\u202f; des étapes "
        f"parallèles s'additionnent. n.d.\u00a0: sans date. Étapes avec une durée\u00a0: {listing(timed)}.",
    )
    long, held = _longest(r, steps, "duree_mediane", 3), _longest(r, steps, "attente", 2)
    return [
        attach(block, {"etapes": steps}),
        say(
            f"Les étapes les plus longues\u00a0: {listing(long)}." if long else "Aucune étape n'a de durée connue.",
            f"Les plus longues attentes, avant\u00a0: {listing(held)}." if held else "",
        ),
    ]


def _longest(r: Report, steps: pd.DataFrame, column: str, most: int) -> list[str]:
    rows = steps[steps[column] > 0].sort_values(column, ascending=False, kind="stable").head(most)
    return [
        f"{quoted(step)} ({r.gestionnaire(who)}, {count(days, 'jour')})"
        for step, who, days in zip(rows.etape, rows.gestionnaire, rows[column], strict=True)
    ]


def irritants(r: Report, data: pd.DataFrame) -> list[Block]:
    """What annoys, by step; nothing when nobody said anything."""
    if data.empty:
        return []
    caption = f"{quoted(data.etape.iloc[0])}\u00a0: l'étape qui suscite le plus de remarques"
    formats, headers = {"gestionnaire": r.gestionnaire}, {"irritant": "Ce qui gêne"}
    return [table(data, "irritants", caption, formats=formats, headers=headers)]


def compared(r: Report, variants: pd.DataFrame, distances: pd.DataFrame) -> list[Block]:
    """Common core, steps of one only, orders that differ: `variantes` and `distances`."""
    if distances.empty:
        where = "." if r.lieu.is_region else "\u00a0: elle est dans le rapport régional."
        return [say(f"La comparaison demande au moins deux processus décrits{where}")]
    shared, alone = ((variants.nature == nature).sum() for nature in (SHARED, OWN))
    common = f"{count(shared, 'étape')} sur {number(len(variants))} communes à tous"
    core = table(
        variants,
        "variantes",
        f"{common}, {number(alone)} propres à un seul",
        view=variants.drop(columns="rang_median").sort_values("nb_gestionnaires", ascending=False, kind="stable"),
        formats={"gestionnaires": lambda ids: listing(list(map(r.gestionnaire, ids.split("|"))))},
        headers={"nb_gestionnaires": "Nombre"},
        note="Deux étapes sont la même quand leurs noms le sont, à la casse et aux accents près.",
    )
    far = distances.dropna(subset=["distance"]).sort_values("distance", ascending=False, kind="stable")
    if far.empty:
        return [core, say("Trop peu d'étapes communes pour comparer leur ordre.")]
    far["couples"] = far.gestionnaire_a.map(r.gestionnaire) + " – " + far.gestionnaire_b.map(r.gestionnaire)
    same = "Les étapes communes s'enchaînent partout dans le même ordre"
    order = table(
        distances,
        "distances",
        f"{far.couples.iloc[0]}\u00a0: l'ordre le plus différent" if far.distance.iloc[0] else same,
        view=far[["couples", "etapes_communes", "inversees", "paires", "distance"]],
        formats={"distance": lambda d: number(d, 2)},
        headers={
            "couples": "Gestionnaires",
            "etapes_communes": "Étapes communes",
            "paires": "Couples",
            "inversees": "Couples inversés",
            "distance": "Distance (0 à 1)",
        },
        note="Distance de Kendall avec ex æquo (Fagin et al., 2004)\u00a0: part des couples d'étapes communes que les "
        "deux font dans l'ordre contraire, un couple parallèle chez un seul comptant pour moitié.",
    )
    said = [
        f"{r.gestionnaire(row.gestionnaire_a)} fait {' avant '.join(map(quoted, row.exemple.split('|')))}, "
        f"{r.gestionnaire(row.gestionnaire_b)} après."
        for row in far.dropna(subset=["exemple"]).head(4).itertuples()
    ]
    return [core, order, *([bullets(said)] if said else [])]


def answered(r: Report, data: pd.DataFrame) -> list[Block]:
    """What the questionnaires say of each step: `by_step`; nothing without answers."""
    if data.empty:
        return []
    first = data.iloc[0]
    shown = data.assign(
        reponses=[f"{number(n)} sur {number(of)}" for n, of in zip(data.effectif, data.base, strict=True)]
    )
    return [
        table(
            data,
            "reponses_etapes",
            f"{first.etape}\u00a0: {number(first.effectif)} réponses sur {number(first.base)} s'accordent",
            view=shown.drop(columns=["effectif", "base"]),
            note="Par étape et par questionnaire, la question sur laquelle les réponses s'accordent le plus\u202f; "
            "plusieurs réponses, chacune donnée autant de fois, y sont à égalité. Le détail est dans le rapport sur "
            "les questionnaires.",
        )
    ]
