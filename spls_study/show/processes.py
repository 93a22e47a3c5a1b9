"""Notebook 4, first half: today's processes as diagrams and in words, their cost, compared."""

import pandas as pd

from ..analysis.integration import ADAPT, COVERED, OUTSIDE
from ..analysis.variants import OWN, SHARED
from ..analysis.words import fold
from .blocks import Block
from .figure import figure
from .french import count, listing, number, quoted
from .report import Report
from .swimlane import actor, diagram, draw
from .table import attach, table
from .text import bullets, say

COSTS = {"gestionnaire": "Gestionnaire", "etapes": "Étapes", "acteurs": "Acteurs",
         "ressaisies": "Ressaisies", "papier": "Papier", "courriel": "Courriel",
         "jours_etapes": "Jours dans les étapes", "jours_attente": "Jours entre les étapes"}


def essentials(r: Report, costs: pd.DataFrame, variants: pd.DataFrame,
               placed: pd.DataFrame) -> Block:
    """Three facts, each with its number: `charges`, `variantes`, `integration`."""
    if costs.empty:
        return say(f"Aucun processus de programmation n'a été décrit pour {r.le}.")
    again, total = int(costs.ressaisies.sum()), int(costs.etapes.sum())
    facts = [f"{count(len(costs), 'processus est décrit', 'processus sont décrits')}, "
             f"{count(total, 'étape')} en tout, dont {count(again, 'ressaisie')}."]
    if len(costs) > 1:
        common = int((variants.nature == SHARED).sum())
        facts.append(f"{count(common, 'étape est commune', 'étapes sont communes')} à tous les "
                     f"gestionnaires, sur {number(len(variants))} différentes.")
    if placed.fonction_spls.notna().any():
        covered = int((placed.couverture == COVERED).sum())
        facts.append(f"{r.study.etude.application} couvre {count(covered, 'étape')} d'aujourd'hui "
                     f"sur {number(len(placed))}.")
    return bullets(facts)


def today(r: Report, steps: pd.DataFrame) -> list[Block]:
    """Each gestionnaire's process drawn, then told step by step; `steps` is `etapes`."""
    blocks = []
    for code, own in steps.groupby("gestionnaire", sort=False):
        name = r.gestionnaire(str(code))
        again = int((own.ressaisie == "oui").sum())
        returns = int(own.etape.map(fold).duplicated().sum())
        facts = [count(len(own), "étape"), count(again, "ressaisie") if again else "sans ressaisie",
                 *([count(returns, "retour")] if returns else [])]
        blocks += _told_and_drawn(r, own, f"{name}\u00a0: {', '.join(facts)}",
                                  "Processus de programmation actuel", f"la programmation à {name}")
    here = [g for g in r.study.gestionnaires if g.departement in r.lieu.departements]
    none = [g.nom for g in here if g.id not in set(steps.gestionnaire)]
    if none:
        blocks.append(say(f"Le processus de {listing(none)} n'a pas été décrit\u00a0: il n'entre "
                          "dans aucune comparaison."))
    return blocks


def goal(r: Report, target: pd.DataFrame) -> list[Block]:
    """The target process, drawn as today's: rows of `etapes_spls`."""
    name = r.study.etude.application
    if target.empty:
        return [say(f"Le processus cible dans {name} n'a pas encore été décrit.")]
    tools = {COVERED: name, ADAPT: f"{name}, à adapter", OUTSIDE: f"hors {name}"}
    rows = target.assign(
        acteur=target.acteur_cible, support=target.couverture.map(tools).astype("str"),
        duree_mediane=float("nan"), attente=float("nan"), ressaisie="non",
    ).sort_values("ordre", kind="stable")
    covered = int((rows.couverture == COVERED).sum())
    return _told_and_drawn(
        r, rows, f"Cible\u00a0: {name} couvre {number(covered)} des {count(len(rows), 'étape')}",
        f"Processus cible avec {name}", "la programmation cible")


def _told_and_drawn(r: Report, rows: pd.DataFrame, title: str, subtitle: str,
                    what: str) -> list[Block]:
    application = r.study.etude.application
    plan = diagram(rows, application)
    back = [n for a, b, n in plan.edges if b.row <= a.row]
    legend = [subtitle, "une colonne par acteur, le support sous chaque étape"]
    if rows.duree_mediane.notna().any():
        legend.append("j\u00a0: jours")
    if (rows.ressaisie == "oui").any():
        legend.append("R\u00a0: donnée saisie une seconde fois")
    if back:
        legend.append(f"en pointillé, retour (étape {listing(back)})")
    return [
        figure(lambda drawing: draw(drawing, plan, application), title=title,
               subtitle="\u202f; ".join(legend), source=r.study.source("processus"),
               alt=f"Logigramme de {what}\u00a0: {count(len(rows), 'étape')}, "
                   f"{count(len(plan.actors), 'acteur')}\u202f; le texte qui suit le raconte.",
               height=plan.height),
        bullets(_told(rows), ordered=True)]


def _told(rows: pd.DataFrame) -> list[str]:
    """Each step as a sentence, numbered as on the diagram."""
    ranks = rows.ordre.value_counts()
    seen: dict[tuple[str, str], int] = {}
    told = []
    for i, row in enumerate(rows.itertuples(), 1):
        key = (fold(row.etape), actor(row.acteur))
        how = [row.support.replace("|", " et ") if isinstance(row.support, str)
               else "support non renseigné"]
        if pd.notna(row.duree_mediane):
            how.append(count(row.duree_mediane, "jour") if row.duree_mediane else "le jour même")
        if row.attente > 0:
            how.append(f"après {count(row.attente, 'jour')} d'attente")
        if row.ressaisie == "oui":
            how.append("ressaisie")
        if ranks[row.ordre] > 1:
            how.append("en parallèle")
        if key in seen:
            how.append(f"retour à l'étape {seen[key]}")
        seen.setdefault(key, i)
        step = row.etape[:1].lower() + row.etape[1:]
        told.append(f"{actor(row.acteur)}\u00a0: {step} ({', '.join(how)}).")
    return told


def effort(r: Report, costs: pd.DataFrame, steps: pd.DataFrame) -> list[Block]:
    """Time, double entry, paper and mail by gestionnaire: `charges`; `etapes` beside."""
    if costs.empty:
        return [say("Aucun processus n'est décrit\u00a0: rien ne peut être compté.")]
    view = costs.assign(gestionnaire=costs.gestionnaire.map(r.gestionnaire))
    timed = [f"{row.gestionnaire} {number(row.etapes_minutees)} sur {number(row.etapes)}"
             for row in view.itertuples()]
    again, total = int(costs.ressaisies.sum()), int(costs.etapes.sum())
    block = table(
        costs, "charges", f"{count(again, 'ressaisie')} sur {count(total, 'étape')}, et "
        f"{number(int(costs.papier.sum() + costs.courriel.sum()))} passages par le papier ou le "
        "courriel", view=view[list(COSTS)], headers=COSTS,
        note="Étapes répétées comptées à chaque passage. Jours\u00a0: somme des durées "
             "connues\u202f; des étapes parallèles s'additionnent. n.d.\u00a0: sans date. Étapes "
             f"avec une durée\u00a0: {listing(timed)}.")
    slow = steps.sort_values("duree_mediane", ascending=False, kind="stable").head(3)
    long = [f"{row.etape} ({r.gestionnaire(row.gestionnaire)}, {count(row.duree_mediane, 'jour')})"
            for row in slow.dropna(subset=["duree_mediane"]).itertuples()]
    idle = steps[steps.attente > 0].sort_values("attente", ascending=False, kind="stable").head(2)
    held = [f"{count(row.attente, 'jour')} avant {quoted(row.etape)} "
            f"({r.gestionnaire(row.gestionnaire)})" for row in idle.itertuples()]
    return [attach(block, {"etapes": steps}), say(
        f"Les étapes les plus longues\u00a0: {listing(long)}." if long else
        "Aucune étape n'a de durée connue.",
        f"Les plus longues attentes\u00a0: {listing(held)}." if held else "")]


def irritants(r: Report, data: pd.DataFrame) -> list[Block]:
    """What annoys, by step; nothing when nobody said anything."""
    if data.empty:
        return []
    return [table(
        data, "irritants",
        f"{quoted(data.etape.iloc[0])}\u00a0: l'étape qui suscite le plus de remarques",
        view=data.assign(gestionnaire=data.gestionnaire.map(r.gestionnaire)).head(15),
        headers={"etape": "Étape", "gestionnaire": "Gestionnaire", "irritant": "Ce qui gêne"})]


def compared(r: Report, variants: pd.DataFrame, distances: pd.DataFrame) -> list[Block]:
    """Common core, steps of one only, orders that differ: `variantes` and `distances`."""
    if distances.empty:
        return [say("La comparaison demande au moins deux processus décrits"
                    + ("." if r.lieu.is_region else "\u00a0: elle est dans le rapport régional."))]
    shared, alone = ((variants.nature == nature).sum() for nature in (SHARED, OWN))
    names = variants.gestionnaires.map(
        lambda ids: listing([r.gestionnaire(i) for i in ids.split("|")]))
    view = variants.assign(gestionnaires=names).drop(columns="rang_median")
    core = table(
        variants, "variantes", f"{count(shared, 'étape')} sur {number(len(variants))} communes à "
        f"tous, {number(alone)} propres à un seul",
        view=view.sort_values("nb_gestionnaires", ascending=False, kind="stable").head(20),
        headers={"etape": "Étape", "nature": "Nature", "nb_gestionnaires": "Nombre",
                 "gestionnaires": "Gestionnaires"},
        note="Deux étapes sont la même quand leurs noms le sont, à la casse et aux accents près.")
    far = distances.dropna(subset=["distance"]).sort_values(
        "distance", ascending=False, kind="stable")
    if far.empty:
        return [core, say("Trop peu d'étapes communes pour comparer leur ordre.")]
    pairs = [f"{r.gestionnaire(a)} – {r.gestionnaire(b)}"
             for a, b in zip(far.gestionnaire_a, far.gestionnaire_b, strict=True)]
    order = table(
        distances, "distances", f"{pairs[0]}\u00a0: l'ordre le plus différent"
        if far.distance.iloc[0] else "Les étapes communes s'enchaînent partout dans le même ordre",
        view=far.assign(paire=pairs)[
            ["paire", "etapes_communes", "inversees", "paires", "distance"]].head(15),
        formats={"distance": lambda d: number(d, 2)},
        headers={"paire": "Gestionnaires", "etapes_communes": "Étapes communes",
                 "paires": "Couples", "inversees": "Couples inversés",
                 "distance": "Distance (0 à 1)"},
        note="Distance de Kendall avec ex æquo (Fagin et al., 2004)\u00a0: part des couples "
             "d'étapes communes que les deux font dans l'ordre contraire, un couple parallèle chez "
             "un seul comptant pour moitié.")
    said = [f"{r.gestionnaire(row.gestionnaire_a)} fait "
            f"{' avant '.join(map(quoted, row.exemple.split('|')))}, "
            f"{r.gestionnaire(row.gestionnaire_b)} après."
            for row in far.dropna(subset=["exemple"]).head(4).itertuples()]
    return [core, order, bullets(said)] if said else [core, order]


def answered(r: Report, data: pd.DataFrame) -> list[Block]:
    """What the questionnaires say of each step: `by_step`; nothing without answers."""
    if data.empty:
        return []
    view = data.assign(part=[f"{number(n)} sur {number(of)}"
                             for n, of in zip(data.effectif, data.base, strict=True)])
    first = data.iloc[0]
    return [table(
        data, "reponses_etapes", f"{first.etape}\u00a0: {number(first.effectif)} réponses sur "
        f"{number(first.base)} s'accordent",
        view=view[["etape", "questionnaire", "question", "reponse", "part"]].head(15),
        headers={"etape": "Étape", "questionnaire": "Questionnaire", "question": "Question",
                 "reponse": "Réponse la plus donnée", "part": "Réponses"},
        note="Par étape et par questionnaire, la question sur laquelle les réponses publiées "
             "s'accordent le plus\u202f; le détail est dans le rapport sur les questionnaires.")]
