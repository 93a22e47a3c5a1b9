"""A process as a diagram, and the same steps in words."""

import pandas as pd

from ...analysis.processus.integration import ADAPT, COVERED, OUTSIDE
from ...french import count, listing, number
from ...words import fold
from .. import Block, Report, bullets, figure, say
from ..drawings.lanes import lanes
from ..drawings.swimlane import actor, diagram


def today(r: Report, steps: pd.DataFrame) -> list[Block]:
    """Each gestionnaire's process drawn, then told step by step; `steps` is `etapes`."""
    blocks = []
    for code, own in steps.groupby("gestionnaire", sort=False):
        name = r.gestionnaire(str(code))
        again, returns = int((own.ressaisie == "oui").sum()), int(own.etape.map(fold).duplicated().sum())
        facts = [count(len(own), "étape"), count(again, "ressaisie") if again else "sans ressaisie"]
        title = f"{name}\u00a0: {', '.join([*facts, *([count(returns, 'retour')] if returns else [])])}"
        blocks += _told_and_drawn(r, own, title, "Processus de programmation actuel", f"la programmation à {name}")
    here = [g for g in r.study.gestionnaires if g.departement in r.lieu.departements]
    none = [g.nom for g in here if g.id not in set(steps.gestionnaire)]
    if none:
        text = f"Le processus de {listing(none)} n'a pas été décrit\u00a0: il n'entre dans aucune comparaison."
        blocks.append(say(text))
    return blocks


def goal(r: Report, target: pd.DataFrame) -> list[Block]:
    """The target process, drawn as today's: rows of `etapes_spls`."""
    name = r.study.etude.application
    if target.empty:
        return [say(f"Le processus cible dans {name} n'a pas encore été décrit.")]
    tools = {COVERED: name, ADAPT: f"{name}, à adapter", OUTSIDE: f"hors {name}"}
    support, none = target.couverture.map(tools).astype("str"), float("nan")
    rows = target.assign(
        acteur=target.acteur_cible, support=support, duree_mediane=none, attente=none, ressaisie="non"
    ).sort_values("ordre", kind="stable")
    covered = int((rows.couverture == COVERED).sum())
    title = f"Cible\u00a0: {name} couvre {number(covered)} des {count(len(rows), 'étape')}"
    return _told_and_drawn(r, rows, title, f"Processus cible avec {name}", "la programmation cible")


def _told_and_drawn(r: Report, rows: pd.DataFrame, title: str, subtitle: str, what: str) -> list[Block]:
    plan = diagram(rows)
    back = [n for a, b, n in plan.edges if b.row <= a.row]
    legend = {
        subtitle: True,
        "une colonne par acteur, le support sous chaque étape": True,
        "j\u00a0: jours": rows.duree_mediane.notna().any(),
        "R\u00a0: donnée saisie une seconde fois": (rows.ressaisie == "oui").any(),
        f"en pointillé, retour (étape {listing(back)})": bool(back),
    }
    size = f"{count(len(rows), 'étape')}, {count(len(plan.actors), 'acteur')}"
    return [
        figure(
            lanes(plan, r.study.etude.application),
            title=title,
            subtitle="\u202f; ".join(text for text, there in legend.items() if there),
            source=r.study.source("processus"),
            alt=f"Logigramme de {what}\u00a0: {size}\u202f; le texte qui suit le raconte.",
        ),
        bullets(_told(rows), ordered=True),
    ]


def _told(rows: pd.DataFrame) -> list[str]:
    """Each step as a sentence, numbered as on the diagram."""
    ranks = rows.ordre.value_counts()
    seen: dict[tuple[str, str], int] = {}
    told = []
    for i, row in enumerate(rows.itertuples(), 1):
        key = (fold(row.etape), actor(row.acteur))
        how = [row.support.replace("|", " et ") if isinstance(row.support, str) else "support non renseigné"]
        if pd.notna(row.duree_mediane):
            how.append(count(row.duree_mediane, "jour") if row.duree_mediane else "le jour même")
        if row.attente > 0:
            how.append(f"après {count(row.attente, 'jour')} d'attente")
        if row.ressaisie == "oui":
            how.append("ressaisie")
        if ranks[row.ordre] > 1:
            how.append("en parallèle")
        if seen.setdefault(key, i) < i:
            how.append(f"retour à l'étape {seen[key]}")
        step = row.etape[:1].lower() + row.etape[1:]
        told.append(f"{actor(row.acteur)}\u00a0: {step} ({', '.join(how)}).")
    return told
