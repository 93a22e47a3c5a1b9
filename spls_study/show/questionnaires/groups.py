"""The questions put to several groups of people (`commun`), side by side."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import pandas as pd

from ...french import HIDDEN, NNBSP, capital, count, listing, number, quoted
from ...study import SMALL_BASE
from ..blocks import Block
from ..drawings.likert import Panel, bars, diverging, height, scale_height
from ..figure import figure
from ..report import Report
from ..table import LONGEST, table
from ..text import say
from .figures import MOST, drawn, pages
from .vue import VAGUE, Asked, Vue, items

Sides = list[tuple[Vue, Asked]]  # one item, as each group answered it


def common(r: Report, vues: Sequence[Vue]) -> list[Block]:
    """Convergences and divergences; a sentence where a group is too small to be compared."""
    least = r.study.secret.seuil
    enough = [v for v in vues if not v.closed and v.total.repondants >= least]
    if len(enough) < 2:
        return (
            [
                say(
                    f"Il faut au moins {count(least, 'réponse')} dans deux groupes pour les "
                    "comparer\u00a0: les questions communes se lisent dans le rapport régional."
                )
            ]
            if len(vues) > 1
            else []
        )
    choices: list[Sides] = []
    numbers: list[Sides] = []
    scales: dict[tuple[str, ...], list[Sides]] = defaultdict(list)
    for sides in _pairs(enough):
        item = sides[0][1]
        if item.is_scale:
            scales[tuple(item.question.modalites.values())].append(sides)
        else:
            (choices if item.question.choices else numbers).append(sides)
    return [
        *_bars(r, enough, choices),
        *_numbers(numbers),
        *(_scale(r, enough, modalities, group) for modalities, group in scales.items()),
    ]


def _pairs(vues: Sequence[Vue]) -> Iterator[Sides]:
    """The items that several groups answered and that show in each."""
    found: dict[tuple[str, str, str], Sides] = defaultdict(list)
    for v in vues:
        for question in v.codebook.questions:
            if question.commun and question.type != "texte":
                for item in items(v, question):
                    found[question.commun, question.type, item.part].append((v, item))
    return (sides for sides in found.values() if len(sides) > 1 and all(item.state == "visible" for _, item in sides))


def _bars(r: Report, vues: Sequence[Vue], pairs: Sequence[Sides]) -> Iterator[Block]:
    names, panels = [capital(v.asked) for v in vues], [_panel(s, vues) for s in pairs]
    for page in pages(panels, names):
        title = _widest(panels[page], vues)
        yield figure(
            bars(panels[page], names),
            title=title,
            subtitle=f"Part de chaque groupe et nombre de réponses, {r.place}",
            alt=f"Barres groupées, {count(len(panels[page]), 'question')}. {title}",
            scope=_scope(pairs[page]),
            source=_source(r, vues),
            height=height(panels[page], names),
            behind=drawn([item for sides in pairs[page] for _, item in sides]),
        )


def _panel(sides: Sides, vues: Sequence[Vue]) -> Panel:
    """Each modality with one bar a group; a modality is the same where its code is."""
    parts = []
    for v, item in sides:
        rows, base = item.first, int(item.base)
        texts = [HIDDEN if n == HIDDEN else f"{number(n)} sur {number(base)}" for n in rows["effectif"]]
        parts.append(
            pd.DataFrame(
                {
                    "modalite": rows["modalite"],
                    "label": rows["libelle"],
                    "groupe": vues.index(v),
                    "valeur": pd.to_numeric(rows["effectif"], errors="coerce") / base,
                    "bas": float("nan"),
                    "haut": float("nan"),
                    "texte": texts,
                    "fort": False,
                }
            )
        )
    both = pd.concat(parts, ignore_index=True)
    names = both.drop_duplicates("modalite").head(MOST).set_index("modalite")["label"]
    both = both[both["modalite"].isin(names.index)]
    return Panel(sides[0][1].question.libelle, both.assign(label=both["modalite"].map(names)))


def _widest(panels: Sequence[Panel], vues: Sequence[Vue]) -> str:
    """The answer on which the groups differ most, in ten words at most."""
    best = (0.0, "Les groupes donnent les mêmes réponses")
    for panel in panels:
        shares = panel.rows.pivot(index="label", columns="groupe", values="valeur").dropna()
        for label, row in shares.iterrows():
            if label not in VAGUE and len(str(label).split()) <= 5:
                text = f"{quoted(str(label))}\u00a0: plus fréquent chez les {vues[int(row.idxmax())].asked}"
                best = max(best, (float(row.max() - row.min()), text), key=lambda b: b[0])
    return best[1]


def _scale(r: Report, vues: Sequence[Vue], modalities: Sequence[str], pairs: Sequence[Sides]) -> Block:
    rows, best = [], (0.0, f"Appréciations de {listing([v.asked for v in vues])}")
    for sides in pairs:
        label = sides[0][1].label
        own = [item.row(f"{label} – {v.asked}") for v, item in sides]
        rows += own
        title = f"{quoted(label)} sépare le plus les groupes"
        if all(None not in row.counts for row in own) and len(title.split()) <= 12:
            low = [row.ends[0] for row in own]
            best = max(best, (max(low) - min(low), title), key=lambda b: b[0])
    asked = dict.fromkeys(sides[0][1].question.libelle for sides in pairs)
    return figure(
        diverging(rows, modalities, SMALL_BASE),
        title=best[1],
        subtitle=" ".join([*asked, f"Nombre de réponses, {r.place}"]),
        alt=f"Barres divergentes, {count(len(rows), 'ligne')}, de {modalities[0]} à {modalities[-1]}. {best[1]}",
        scope=_scope(pairs),
        source=_source(r, vues),
        height=scale_height(rows, modalities),
        behind=drawn([item for sides in pairs for _, item in sides]),
    )


def _numbers(pairs: Sequence[Sides]) -> Iterator[Block]:
    lines = [
        {
            "Question": item.label if item.part else sides[0][1].question.libelle,
            "Groupe": capital(v.asked),
            "Réponses": number(item.base),
        }
        | item.summary()
        for sides in pairs
        for v, item in sides
    ]
    step = LONGEST - 1  # even: the two groups of a question stay together
    for rank, start in enumerate(range(0, len(lines), step), 1):
        view = pd.DataFrame(lines[start : start + step])
        yield table(
            view,
            "nombres_communs" + f"_{rank}" * (rank > 1),
            "Nombres donnés par chaque groupe, médianes et quartiles",
            right=list(view)[2:],
        )


def _scope(pairs: Sequence[Sides]) -> str:
    hidden = any(HIDDEN in set(item.rows["effectif"]) for sides in pairs for _, item in sides)
    note = f"{NNBSP}; s\u00a0: secret statistique" if hidden else ""
    return f"réponses à chaque question, sans les non-réponses{note}."


def _source(r: Report, vues: Sequence[Vue]) -> str:
    titles = listing([v.codebook.titre for v in vues])
    return f"{titles}, {r.study.source('questionnaires')}."
