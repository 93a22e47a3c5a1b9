"""The answers to closed questions and numbers, drawn: those of one group, or of several side by side."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from ...conditions import condition
from ...french import NNBSP, capital, count, listing, number, percent, quoted
from ...study import SMALL_BASE
from .. import Block, Report, chosen, figure, table
from ..drawings.answers import Panel, bars, height
from ..drawings.likert import diverging
from ..drawings.sheet import Draw
from .titles import lead, lowest, parting, widest
from .vue import Sides

MOST, TALLEST = 12, 7.0  # modalities of a panel, inches of a figure


def figures(r: Report, name: str, numbers: str, found: Sequence[Sides]) -> Iterator[Block]:
    """Bars, then scales, then the table `numbers`, of items with answers; `name` heads what has no message."""
    yield from _bars(r, name, [s for s in found if s[0][1].question.choices and not s[0][1].is_scale])
    scales: dict[tuple[str, ...], list[Sides]] = defaultdict(list)
    for sides in found:
        if sides[0][1].is_scale:
            scales[tuple(sides[0][1].question.modalites.values())].append(sides)
    for modalities, group in scales.items():
        yield _scale(r, name, modalities, group)
    yield from _numbers(name, numbers, [s for s in found if not s[0][1].question.choices])


def _bars(r: Report, name: str, found: Sequence[Sides]) -> Iterator[Block]:
    several = len(found) > 0 and len(found[0]) > 1
    groups = [capital(v.asked) for v, _ in found[0]] if several else []
    panels = [_panel(sides) for sides in found]
    for page in pages(panels, groups):
        here, drawn = found[page], panels[page]
        title = widest(drawn, here[0]) if several else lead(here) or f"{name}\u00a0: réponses"
        measure = "Part de chaque groupe et nombre de réponses" if several else "Nombre de réponses par modalité"
        kind = f"Barres {'groupées' if several else 'horizontales'}, {count(len(drawn), 'question')}"
        reading = "" if several else _reading(here)
        yield _figure(r, here, bars(drawn, groups), title, measure, kind, reading)


def _figure(
    r: Report, found: Sequence[Sides], draw: Draw, title: str, measure: str, kind: str, reading: str = ""
) -> Block:
    books = [v.codebook for v, _ in found[0]]
    source = "questionnaires" if len(books) > 1 else f"reponses_{books[0].id}"
    return figure(
        draw,
        title=title,
        subtitle=f"{measure}, {listing([v.asked for v, _ in found[0]])}, {r.place}",
        alt=f"{kind}. {title}",
        reading=reading,
        scope=_scope(found),
        source=f"{listing([book.titre for book in books])}, {r.study.source(source)}.",
    )


def pages(panels: Sequence[Panel], groups: Sequence[str] = ()) -> Iterator[slice]:
    """Which panels make each figure, so that it holds on a page."""
    start = 0
    for end in range(1, len(panels) + 1):
        if end == len(panels) or height(panels[start : end + 1], groups) > TALLEST:
            yield slice(start, end)
            start = end


def _panel(sides: Sides) -> Panel:
    """Each modality with one bar a group; a modality is the same where its code is."""
    alone, item = len(sides) == 1, sides[0][1]
    parts = []
    for group, (_, own) in enumerate(sides):
        base, rows = own.base, own.first
        if alone and item.question.type != "choix_unique":
            rows = rows.sort_values("effectif", ascending=False, kind="stable")
        shares, counts = alone and base >= SMALL_BASE, rows["effectif"]
        ends = rows[["ic_bas", "ic_haut"]] * (1.0 if shares else float("nan"))
        part = {"modalite": rows["modalite"], "label": rows["libelle"], "groupe": group, "valeur": counts / base}
        part |= {"bas": ends["ic_bas"], "haut": ends["ic_haut"], "fort": alone & (counts == counts.max())}
        of = "" if alone else f" sur {number(base)}"
        part["texte"] = [number(n) + (f" ({percent(n / base, 0)})" if shares else of) for n in counts]
        parts.append(pd.DataFrame(part))
    both = pd.concat(parts, ignore_index=True)
    if alone and item.question.type == "classement":
        ranks = chosen(item.rows, sous_question="rang_moyen").set_index("modalite")["valeur"]
        ranks = both["modalite"].map(ranks)
        both["texte"] += [f", rang {number(rank, 1)}" if pd.notna(rank) else "" for rank in ranks]
    names = both.drop_duplicates("modalite").head(MOST).set_index("modalite")["label"]
    both = both[both["modalite"].isin(names.index)]
    title = item.question.libelle
    if alone:
        named = f" – {item.label}" if item.part else ""
        title = f"{item.question.code}. {title}{named} (n\u00a0=\u00a0{item.base})"
    return Panel(title, both.assign(label=both["modalite"].map(names)))


def _reading(found: Sequence[Sides]) -> str:
    """The largest bar put into words, where the base allows a share."""
    rows = pd.concat([item.first for sides in found for _, item in sides], ignore_index=True)
    rows = rows[rows["base"] >= SMALL_BASE]
    if rows.empty:
        return ""
    row = rows.loc[rows["effectif"].idxmax()]
    whole = f"de l'ensemble des {found[0][0][0].asked} concernés"
    return (
        f"{quoted(row.libelle)} ({row.question})\u00a0: {number(row.effectif)} réponses sur {number(row.base)}, soit "
        f"{percent(row.part, 0)}{NNBSP}; entre {percent(row.ic_bas, 0)} et {percent(row.ic_haut, 0)} "
        f"{'d’une population inconnue' if pd.isna(row.population) else whole} (trait fin, intervalle exact à "
        f"95{NNBSP}%)."
    )


def _scope(found: Sequence[Sides]) -> str:
    said = ["réponses à chaque question, sans les non-réponses"]
    if len(found[0]) == 1:
        (v, _), items = found[0][0], [sides[0][1] for sides in found]
        said = [f"{v.rate}, sans les non-réponses à une question"]
        for code in dict.fromkeys(i.question.code for i in items):
            if tree := v.codebook.filters.get(code):
                said.append(f"{code} est posée si {condition(v.codebook, tree)}")
    return f"{NNBSP}; ".join(said) + "."


def _scale(r: Report, name: str, modalities: Sequence[str], found: Sequence[Sides]) -> Block:
    several = len(found[0]) > 1
    rows = [[item.row(item.label + f" – {v.asked}" * several) for v, item in sides] for sides in found]
    flat = [row for own in rows for row in own]
    title = parting(found, rows) if several else lowest(flat) if len(flat) > 1 else lead(found)
    shares = not several and any(row.base >= SMALL_BASE for row in flat)
    asked = dict.fromkeys(f"{i.question.code}. {i.question.libelle}" for sides in found for _, i in sides[:1] if i.part)
    measure = " ".join([*asked, "Nombre de réponses" + " (aux bouts, part de chaque moitié)" * shares])
    kind = f"Barres divergentes, {count(len(flat), 'ligne')}, de {modalities[0]} à {modalities[-1]}"
    drawing = diverging(flat, modalities, SMALL_BASE)
    return _figure(r, found, drawing, title or f"{name}\u00a0: réponses", measure, kind)


def _numbers(name: str, identifier: str, found: Sequence[Sides]) -> Iterator[Block]:
    lines: list[dict[str, Any]] = [
        {"Question": f"{item.question.code}. {item.label}" if len(sides) == 1 else item.label}
        | ({"Groupe": capital(v.asked)} if len(sides) > 1 else {})
        | {"Réponses": item.base}
        | item.summary()
        for sides in found
        for v, item in sides
    ]
    if lines:
        rows = pd.concat([item.rows for sides in found for _, item in sides])
        yield table(rows, identifier, f"{name}\u00a0: médianes et quartiles", view=pd.DataFrame(lines))
