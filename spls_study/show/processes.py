"""Notebook 4: today's processes as diagrams and in words, compared, then placed in the application."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure

from ..analysis.integration import ADAPT, ALL, COVERED, NO_TARGET, OUTSIDE
from ..analysis.variants import OWN, SHARED
from ..analysis.words import fold
from .blocks import Block
from .charts import Draw
from .figure import COLOURS, GREY, INK, WIDTH, figure
from .french import NOT_APPLICABLE, count, listing, number, quoted
from .report import Report, capital
from .swimlane import SIZE, actor, diagram, draw, wrap
from .table import attach, table
from .text import bullets, say

LINES = {COVERED: ("-", COLOURS[0]), ADAPT: ((0, (5, 2)), COLOURS[2]), OUTSIDE: (":", GREY)}


def essentials(r: Report, costs: pd.DataFrame, variants: pd.DataFrame, placed: pd.DataFrame) -> Block:
    """Three facts, each with its number: `charges`, `variantes`, `integration`."""
    if costs.empty:
        return say(f"Aucun processus de programmation n'a été décrit pour {r.le}.")
    again, total = int(costs.ressaisies.sum()), int(costs.etapes.sum())
    facts = [f"{count(len(costs), 'processus est décrit', 'processus sont décrits')}, "
             f"{count(total, 'étape')} en tout, dont {count(again, 'ressaisie')}."]
    if len(costs) > 1:
        common = int((variants.nature == SHARED).sum())
        facts.append(f"{count(common, 'étape est commune', 'étapes sont communes')} à tous les gestionnaires, "
                     f"sur {number(len(variants))} différentes.")
    if placed.fonction_spls.notna().any():
        covered = int((placed.couverture == COVERED).sum())
        facts.append(f"{r.study.etude.application} couvre {count(covered, 'étape')} d'aujourd'hui sur {number(len(placed))}.")
    return bullets(facts)


def today(r: Report, steps: pd.DataFrame) -> list[Block]:
    """Each gestionnaire's process drawn, then told step by step; `steps` is `etapes`."""
    blocks = []
    for code, own in steps.groupby("gestionnaire", sort=False):
        name = r.gestionnaire(str(code))
        again = int((own.ressaisie == "oui").sum())
        returns = int(own.etape.map(fold).duplicated().sum())
        title = f"{name}\u00a0: {count(len(own), 'étape')}" + (
            f", {count(again, 'ressaisie')}" if again else ", sans ressaisie") + (
            f", {count(returns, 'retour')}" if returns else "")
        blocks += [_lanes(r, own, title, "Processus de programmation actuel", f"la programmation à {name}"),
                   bullets(_told(own), ordered=True)]
    here = [g for g in r.study.gestionnaires if g.departement in r.lieu.departements]
    none = [g.nom for g in here if g.id not in set(steps.gestionnaire)]
    if none:
        blocks.append(say(f"Le processus de {listing(none)} n'a pas été décrit\u00a0: il n'entre dans aucune "
                          "comparaison."))
    return blocks


def goal(r: Report, target: pd.DataFrame) -> list[Block]:
    """The target process, drawn as today's: rows of `etapes_spls`."""
    if target.empty:
        return [say(f"Le processus cible dans {r.study.etude.application} n'a pas encore été décrit.")]
    name = r.study.etude.application
    tools = {COVERED: name, ADAPT: f"{name}, à adapter", OUTSIDE: f"hors {name}"}
    rows = target.sort_values("ordre", kind="stable").assign(
        acteur=target.acteur_cible, support=target.couverture.map(tools), duree_mediane=float("nan"),
        ressaisie="non")
    covered = int((rows.couverture == COVERED).sum())
    return [
        _lanes(r, rows, f"Cible\u00a0: {name} couvre {number(covered)} des {count(len(rows), 'étape')}",
               f"Processus cible avec {name}", "la programmation cible"),
        bullets(_told(rows), ordered=True),
    ]


def _lanes(r: Report, rows: pd.DataFrame, title: str, subtitle: str, what: str) -> Block:
    application = r.study.etude.application
    plan = diagram(rows, application)
    legend = "R\u00a0: donnée saisie une seconde fois\u202f; j\u00a0: jours" if rows.duree_mediane.notna().any() or (
        rows.ressaisie == "oui").any() else ""
    back = [n for a, b, n in plan.edges if b.row <= a.row]
    loops = f"\u202f; en pointillé, retour (étape {listing(back)})" if back else ""
    return figure(
        lambda drawing: draw(drawing, plan, application), title=title,
        subtitle=f"{subtitle}\u202f; une colonne par acteur, le support sous chaque étape"
        + (f"\u202f; {legend}" if legend else "") + loops,
        alt=f"Logigramme de {what}\u00a0: {count(len(rows), 'étape')}, "
            f"{count(len(plan.actors), 'acteur')}\u202f; le texte qui suit le raconte.",
        source=r.study.source("processus"), height=plan.height)


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
        wait = getattr(row, "attente", float("nan"))
        if pd.notna(wait) and wait > 0:
            how.append(f"après {count(wait, 'jour')} d'attente")
        if row.ressaisie == "oui":
            how.append("ressaisie")
        if ranks[row.ordre] > 1:
            how.append("en parallèle")
        if key in seen:
            how.append(f"retour à l'étape {seen[key]}")
        seen.setdefault(key, i)
        told.append(f"{actor(row.acteur)}\u00a0: {row.etape[:1].lower()}{row.etape[1:]} ({', '.join(how)}).")
    return told


def effort(r: Report, costs: pd.DataFrame, steps: pd.DataFrame) -> list[Block]:
    """Time, double entry, paper and mail by gestionnaire: `charges`; `etapes` beside."""
    if costs.empty:
        return [say("Aucun processus n'est décrit\u00a0: rien ne peut être compté.")]
    named = costs.assign(gestionnaire=costs.gestionnaire.map(r.gestionnaire))
    again, total = int(costs.ressaisies.sum()), int(costs.etapes.sum())
    paper = int(costs.papier.sum() + costs.courriel.sum())
    view = named[["gestionnaire", "etapes", "acteurs", "ressaisies", "papier", "courriel", "jours_etapes", "jours_attente"]]
    block = attach(table(
        costs, "charges", f"{count(again, 'ressaisie')} sur {count(total, 'étape')}, et {number(paper)} passages par "
        "le papier ou le courriel", view=view,
        headers={"gestionnaire": "Gestionnaire", "etapes": "Étapes", "acteurs": "Acteurs", "ressaisies": "Ressaisies",
                 "papier": "Papier", "courriel": "Courriel", "jours_etapes": "Jours dans les étapes",
                 "jours_attente": "Jours entre les étapes"},
        note="Étapes répétées comptées à chaque passage. Jours\u00a0: somme des durées connues\u202f; des étapes "
             f"parallèles s'additionnent. n.d.\u00a0: sans date. Étapes avec une durée\u00a0: "
             f"{listing([f'{n} {number(k)} sur {number(e)}' for n, k, e in zip(named.gestionnaire, named.etapes_minutees, named.etapes, strict=True)])}."),
        {"etapes": steps})
    timed = steps.dropna(subset=["duree_mediane"]).sort_values("duree_mediane", ascending=False, kind="stable").head(3)
    waited = steps[steps.attente > 0].sort_values("attente", ascending=False, kind="stable").head(2)
    said = [f"{row.etape} ({r.gestionnaire(row.gestionnaire)}, {count(row.duree_mediane, 'jour')})" for row in timed.itertuples()]
    held = [f"{count(row.attente, 'jour')} avant «\u00a0{row.etape}\u00a0» ({r.gestionnaire(row.gestionnaire)})" for row in waited.itertuples()]
    return [block, say(f"Les étapes les plus longues\u00a0: {listing(said)}." if said else
                       "Aucune étape n'a de durée connue.",
                       f"Les plus longues attentes\u00a0: {listing(held)}." if held else "")]


def compared(r: Report, variants: pd.DataFrame, distances: pd.DataFrame) -> list[Block]:
    """Common core, steps of one only, orders that differ: `variantes` and `distances`."""
    shared, alone = variants[variants.nature == SHARED], variants[variants.nature == OWN]
    total = variants.gestionnaires.str.split("|").explode().nunique()
    if total < 2:
        return [say("La comparaison demande au moins deux processus décrits"
                    + ("." if r.lieu.is_region else "\u00a0: elle est dans le rapport régional."))]
    names = variants.gestionnaires.str.split("|").map(lambda ids: listing([r.gestionnaire(i) for i in ids]))
    view = variants.assign(gestionnaires=names)[["etape", "nature", "nb_gestionnaires", "gestionnaires"]]
    blocks = [table(
        variants, "variantes", f"{count(len(shared), 'étape')} sur {number(len(variants))} communes à tous, "
        f"{number(len(alone))} propres à un seul", view=view.sort_values("nb_gestionnaires", ascending=False, kind="stable").head(20),
        headers={"etape": "Étape", "nature": "Nature", "nb_gestionnaires": "Nombre", "gestionnaires": "Gestionnaires"},
        note="Deux étapes sont la même quand leurs noms sont les mêmes, à la casse et aux accents près.")]
    known = distances.dropna(subset=["distance"])
    if known.empty:
        return [*blocks, say("Trop peu d'étapes communes pour comparer leur ordre.")]
    far = known.sort_values("distance", ascending=False, kind="stable")
    pairs = [f"{r.gestionnaire(a)} – {r.gestionnaire(b)}" for a, b in zip(far.gestionnaire_a, far.gestionnaire_b, strict=True)]
    rows = pd.DataFrame({"paire": pairs, "etapes_communes": far.etapes_communes.to_numpy(),
                         "inversees": far.inversees.to_numpy(), "paires": far.paires.to_numpy(), "distance": far.distance.to_numpy()})
    order = "Les étapes communes s'enchaînent partout dans le même ordre" if far.distance.iloc[0] == 0 else (
        f"{pairs[0]}\u00a0: l'ordre le plus différent")
    blocks.append(table(
        distances, "distances", order, view=rows.head(15), formats={"distance": lambda d: number(d, 2)},
        headers={"paire": "Paire", "etapes_communes": "Étapes communes", "inversees": "Couples inversés",
                 "paires": "Couples", "distance": "Distance (0 à 1)"},
        note="Distance de Kendall avec ex æquo (Fagin et al., 2004)\u00a0: part des couples d'étapes communes que "
             "les deux font dans l'ordre contraire, un couple parallèle chez un seul comptant pour moitié."))
    said = []
    for row in far.dropna(subset=["exemple"]).itertuples():
        first, then = row.exemple.split("|")
        said.append(f"{r.gestionnaire(row.gestionnaire_a)} fait «\u00a0{first}\u00a0» avant «\u00a0{then}\u00a0», "
                    f"{r.gestionnaire(row.gestionnaire_b)} après.")
    return [*blocks, bullets(said[:4])] if said else blocks


def irritants(r: Report, data: pd.DataFrame) -> list[Block]:
    if data.empty:
        return []
    first = data.etape.value_counts(sort=False)
    top = first[first == first.max()].index[0]
    return [table(data, "irritants", f"«\u00a0{top}\u00a0»\u00a0: l'étape qui suscite le plus de remarques",
                 view=data.assign(gestionnaire=data.gestionnaire.map(r.gestionnaire)).head(15),
                 headers={"etape": "Étape", "gestionnaire": "Gestionnaire", "irritant": "Ce qui gêne"})]


def placed(r: Report, data: pd.DataFrame, new: pd.DataFrame, steps: pd.DataFrame,
           target: pd.DataFrame) -> list[Block]:
    """How many steps are covered and what is new; in a department, what each must change.

    Tables `integration`, `nouvelles`, `etapes` and `etapes_spls`.
    """
    if data.empty or target.empty:
        return [say("La comparaison demande un processus décrit et une cible.")]
    name = r.study.etude.application
    counts = pd.crosstab(data.gestionnaire, data.couverture).reindex(
        index=data.gestionnaire.unique(), columns=[COVERED, ADAPT, OUTSIDE], fill_value=0)
    summary = counts.rename_axis(None, axis="columns").rename_axis("gestionnaire").reset_index()
    summary["sans_cible"] = [int(((data.gestionnaire == g) & (data.ecart == NO_TARGET)).sum())
                             for g in summary.gestionnaire]
    covered, total = int(counts[COVERED].sum()), len(data)
    blocks = [attach(table(
        summary, "integration_synthese", f"{name} couvre {number(covered)} des {count(total, 'étape')} d'aujourd'hui",
        view=summary.assign(gestionnaire=summary.gestionnaire.map(r.gestionnaire)),
        headers={"gestionnaire": "Gestionnaire", COVERED: "Couvertes", ADAPT: "À adapter", OUTSIDE: f"Hors {name}",
                 "sans_cible": "dont absentes de la cible"},
        note="Une étape répétée compte une fois."), {"integration": data, "etapes_nouvelles": new})]
    for code, own in data.groupby("gestionnaire", sort=False):
        if not r.lieu.is_region:
            blocks += [_passage(r, steps[steps.gestionnaire == code], own, target, str(code)),
                       *_changes(r, own, str(code))]
    added = [f"{r.gestionnaire(str(code))} n'a pas aujourd'hui\u00a0: "
             f"{listing([quoted(e) for e in own.etape])}."
             for code, own in new.groupby("gestionnaire", sort=False)]
    return [*blocks, say("Des étapes de la cible sont nouvelles."), bullets(added)] if added else blocks


def _changes(r: Report, own: pd.DataFrame, code: str) -> list[Block]:
    change = own[own.ecart != "aucun"].reset_index(drop=True)
    if change.empty:
        return [say(f"{r.gestionnaire(code)}\u00a0: aucune étape ne change.")]
    return [table(
        change, f"changements_{code}",
        f"{r.gestionnaire(code)}\u00a0: {count(len(change), 'étape change', 'étapes changent')}",
        view=change[["etape", "fonction_spls", "couverture", "ecart"]].fillna(NOT_APPLICABLE),
        headers={"etape": "Étape", "fonction_spls": f"Fonction de {r.study.etude.application}",
                 "couverture": "Couverture", "ecart": "Ce qui change"})]


def _passage(r: Report, own: pd.DataFrame, placed_own: pd.DataFrame, target: pd.DataFrame, code: str) -> Block:
    """Today's steps beside the target's, joined where they are the same."""
    left = list(own.drop_duplicates("etape").etape)
    right = list(target.sort_values("ordre", kind="stable").etape)
    kept = sum(e != NO_TARGET for e in placed_own.ecart)
    return figure(
        _beside(left, right, dict(zip(placed_own.etape, placed_own.couverture, strict=True)), r.gestionnaire(code)),
        title=f"{r.gestionnaire(code)}\u00a0: {number(kept)} étapes sur {number(len(placed_own))} ont leur place dans la cible",
        subtitle=f"Étapes d'aujourd'hui et de la cible\u202f; trait plein\u00a0: couvert\u202f; tireté\u00a0: à adapter\u202f; "
                 f"pointillé\u00a0: hors {r.study.etude.application}",
        alt=f"Deux colonnes reliées\u00a0: les {number(len(left))} étapes d'aujourd'hui, les {number(len(right))} de la "
            "cible\u202f; le tableau des changements dit tout.",
        source=r.study.source("etapes_spls"), height=0.4 + 0.34 * max(len(left), len(right)))


def _beside(left: Sequence[str], right: Sequence[str], coverage: dict[str, str], name: str) -> Draw:
    def drawn(drawing: Figure) -> None:
        drawing.set_layout_engine("none")
        axes = drawing.add_axes((0, 0, 1, 1))
        rows = max(len(left), len(right))
        axes.set(xlim=(0, WIDTH), ylim=(rows - 0.4, -1.1))
        axes.axis("off")
        for x, side, head, align in ((2.3, left, f"{name}, aujourd'hui", "right"), (WIDTH - 2.3, right, "Cible", "left")):
            axes.text(x, -0.8, head, ha=align, va="center", size=SIZE, weight="semibold", color=COLOURS[0])
            for y, step in enumerate(side):
                lines = wrap(f"{y + 1}. {step}", 2.25, most=2)
                axes.text(x, y, "\n".join(lines), ha=align, va="center", size=SIZE, color=INK)
        places = {fold(step): y for y, step in enumerate(right)}
        for y, step in enumerate(left):
            if (goal_row := places.get(fold(step))) is not None:
                style, colour = LINES[coverage.get(step, OUTSIDE)]
                axes.plot([2.38, WIDTH - 2.38], [y, goal_row], linestyle=style, color=colour, linewidth=1.4)
    return drawn


def decisions(r: Report, data: pd.DataFrame, described: int) -> list[Block]:
    """Who must decide what, before when, of `described` processes; what the charter must settle."""
    if not described:
        return [say("Les décisions à prendre se déduisent des processus décrits\u00a0: il n'y en a pas encore.")]
    if data.empty:
        return [say("Aucune décision n'attend\u00a0: chaque étape d'aujourd'hui est couverte.")]
    names = data.gestionnaires.str.split("|")
    everyone = names.map(lambda ids: "tous" if len(ids) == described > 2
                         else listing([r.gestionnaire(i) for i in ids]))
    view = pd.DataFrame({
        "etape": data.etape, "sujets": data.sujets.str.replace("|", ", "), "concerne": everyone,
        "qui": [w if w == ALL else listing([r.gestionnaire(i) for i in w.split("|")]) for w in data.qui],
        "jalon": [NOT_APPLICABLE if pd.isna(j) else j for j in data.jalon], "avant_le": data.avant_le})
    if data.avant_le.isna().all():
        view = view.drop(columns=["jalon", "avant_le"])
    charte = list(data.etape[data.charte])
    return [
        table(data, "decisions", f"{count(len(data), 'étape attend', 'étapes attendent')} une décision", view=view.head(15),
              headers={"etape": "Étape", "sujets": "À régler", "concerne": "Concerne", "qui": "Qui décide",
                       "jalon": "Jalon", "avant_le": "Avant le"},
              note="" if len(data) <= 15 else f"Quinze premières\u202f; les {number(len(data) - 15)} autres sont dans le classeur."),
        say(f"La charte de gestion doit régler {count(len(charte), 'étape')}\u00a0: "
            f"{listing([quoted(e) for e in charte])}." if charte else
            "Aucun de ces points ne relève de la charte de gestion."),
    ]
