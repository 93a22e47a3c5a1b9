"""The answers to closed questions and numbers of one questionnaire, drawn block by block."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import pandas as pd

from ...conditions import condition
from ...french import HIDDEN, NNBSP, capital, count, number, percent, quoted
from ...study import SMALL_BASE
from ..blocks import Block
from ..drawings.likert import Panel, bars, diverging, height, scale_height
from ..figure import figure
from ..report import Report, chosen
from ..table import table
from ..text import say
from .vue import VAGUE, Asked, Vue

MOST, TALLEST = 12, 7.0  # modalities of a panel, inches of a figure


def figures(r: Report, v: Vue, rank: int, name: str, seen: Sequence[Asked]) -> Iterator[Block]:
    """Bars, then scales, then numbers, of the visible items of one block of questions."""
    name = name or v.codebook.titre
    yield from _bars(r, v, name, [i for i in seen if i.question.choices and not i.is_scale])
    scales: dict[tuple[str, ...], list[Asked]] = defaultdict(list)
    for item in seen:
        if item.is_scale:
            scales[tuple(item.question.modalites.values())].append(item)
    for modalities, group in scales.items():
        yield _scale(r, v, name, modalities, group)
    numbers = [i for i in seen if not i.question.choices]
    if len(numbers) == 1:
        yield _number(numbers[0])
    elif numbers:
        lines = [
            {"Question": f"{i.question.code}. {i.label}", "Réponses": number(i.base)} | i.summary() for i in numbers
        ]
        rows = pd.concat([i.rows for i in numbers])
        yield table(
            rows,
            f"nombres_{v.codebook.id}_{rank}",
            f"{name}\u00a0: médianes et quartiles",
            view=pd.DataFrame(lines),
            right=list(lines[0])[1:],
            note="s\u00a0: secret statistique." if HIDDEN in set(rows["valeur"]) else "",
        )


def _number(item: Asked) -> Block:
    told = item.summary()
    ends = [told["Premier quartile"], told["Troisième quartile"]]
    quartiles = (
        f"quartiles {' et '.join(ends)}" if HIDDEN not in ends else ("quartiles couverts par le secret statistique")
    )
    return say(
        f"{item.question.code}. {item.question.libelle} Médiane {told['Médiane']}, "
        f"{quartiles} ({count(item.base, 'réponse')})."
    )


def pages(panels: Sequence[Panel], groups: Sequence[str] = ()) -> Iterator[slice]:
    """Which panels make each figure, so that it holds on a page."""
    start = 0
    for end in range(1, len(panels) + 1):
        if end == len(panels) or height(panels[start : end + 1], groups) > TALLEST:
            yield slice(start, end)
            start = end


def _bars(r: Report, v: Vue, name: str, seen: Sequence[Asked]) -> Iterator[Block]:
    panels = [_panel(item) for item in seen]
    for page in pages(panels):
        title = _lead(seen[page]) or f"{name}\u00a0: réponses"
        yield figure(
            bars(panels[page]),
            title=title,
            subtitle=f"{capital(v.asked)}, {r.place}, nombre de réponses par modalité",
            alt=f"Barres horizontales, {count(len(panels[page]), 'question')}. {title}",
            reading=_reading(v, seen[page]),
            scope=_scope(v, seen[page]),
            source=_source(r, v),
            height=height(panels[page]),
            behind=drawn(seen[page]),
        )


def drawn(seen: Sequence[Asked]) -> dict[str, pd.DataFrame]:
    """The rows of `reponses` that a figure shows."""
    return {"reponses": pd.concat([i.rows for i in seen], ignore_index=True)}


def _panel(item: Asked) -> Panel:
    rows, base = item.first, int(item.base)
    counts = pd.to_numeric(rows["effectif"], errors="coerce")
    if item.question.type != "choix_unique":  # hidden counts rank between those seen and none
        order = counts.fillna(0.5).sort_values(ascending=False, kind="stable").index
        rows, counts = rows.loc[order], counts.loc[order]
    ends = rows[["ic_bas", "ic_haut"]].apply(pd.to_numeric, errors="coerce")
    if base < SMALL_BASE:
        ends[:] = float("nan")
    texts = [
        HIDDEN if n == HIDDEN else number(n) + (f" ({percent(n / base, 0)})" if base >= SMALL_BASE else "")
        for n in rows["effectif"]
    ]
    if item.question.type == "classement":
        ranks = chosen(item.rows, sous_question="rang_moyen").set_index("modalite")["valeur"]
        texts = [
            t if pd.isna(k) or k == HIDDEN else f"{t}, rang {number(k, 1)}"
            for t, k in zip(texts, rows["modalite"].map(ranks), strict=True)
        ]
    title = " – ".join(filter(None, (item.question.libelle, item.part and item.label)))
    return Panel(
        f"{item.question.code}. {title} (n\u00a0=\u00a0{base})",
        pd.DataFrame(
            {
                "label": rows["libelle"],
                "groupe": 0,
                "valeur": counts / base,
                "bas": ends["ic_bas"],
                "haut": ends["ic_haut"],
                "texte": texts,
                "fort": counts == counts.max(),
            }
        ).head(MOST),
    )


def _lead(seen: Sequence[Asked]) -> str:
    """The largest share that shows, in ten words at most; a vague answer for want of others."""
    best = (False, 0.0, "")
    for item in seen:
        for row in item.first[item.first["effectif"] != HIDDEN].itertuples():
            text = f"{quoted(row.libelle)}\u00a0: {row.effectif} réponses sur {row.base}"
            if row.effectif > 1 and len(text.split()) <= 12:
                found = (row.libelle not in VAGUE, row.effectif / row.base, text)
                best = max(best, found, key=lambda b: b[:2])
    return best[2]


def _reading(v: Vue, seen: Sequence[Asked]) -> str:
    """The largest bar that shows put into words, where the base allows a share."""
    rows = pd.concat([i.first for i in seen])
    rows = rows[(rows["effectif"] != HIDDEN) & (rows["base"].astype(float) >= SMALL_BASE)]
    if rows.empty:
        return ""
    row = rows.loc[rows["effectif"].astype(float).idxmax()]
    whole = "d'une population inconnue" if pd.isna(row.population) else (f"de l'ensemble des {v.asked} concernés")
    return (
        f"{quoted(row.libelle)} ({row.question})\u00a0: {number(row.effectif)} réponses sur "
        f"{number(row.base)}, soit {percent(row.part, 0)}{NNBSP}; entre "
        f"{percent(row.ic_bas, 0)} et {percent(row.ic_haut, 0)} {whole} (trait fin, "
        f"intervalle exact à 95{NNBSP}%)."
    )


def _scope(v: Vue, seen: Sequence[Asked]) -> str:
    asked = {
        i.question.code: f"{i.question.code} est posée si {condition(v.codebook, tree)}"
        for i in seen
        if (tree := v.codebook.filters.get(i.question.code))
    }
    hidden = any(HIDDEN in set(i.rows["effectif"]) for i in seen)
    return (
        f"{NNBSP}; ".join(
            [
                f"n\u00a0=\u00a0{number(v.total.repondants)} réponses au questionnaire, sans les "
                "non-réponses à une question",
                *asked.values(),
                *(["s\u00a0: secret statistique"] if hidden else []),
            ]
        )
        + "."
    )


def _source(r: Report, v: Vue) -> str:
    return f"{v.codebook.titre}, {r.study.source('reponses_' + v.codebook.id)}."


def _scale(r: Report, v: Vue, name: str, modalities: Sequence[str], seen: Sequence[Asked]) -> Block:
    rows = [item.row(item.label) for item in seen]
    whole = [row for row in rows if None not in row.counts]
    low = max(whole, key=lambda row: row.ends[0]).label if len(whole) > 1 else ""
    title = f"Au plus bas\u00a0: {quoted(low)}"
    if not low or len(title.split()) > 12:
        title = _lead(seen) or f"{name}\u00a0: réponses"
    shares = f"{NNBSP}; aux bouts, part de chaque moitié" if any(row.base >= SMALL_BASE for row in whole) else ""
    asked = dict.fromkeys(f"{i.question.code}. {i.question.libelle}" for i in seen if i.part)
    return figure(
        diverging(rows, modalities, SMALL_BASE),
        title=title,
        subtitle=" ".join([*asked, f"{capital(v.asked)}, {r.place}, nombre de réponses{shares}"]),
        alt=f"Barres divergentes, {count(len(rows), 'ligne')}, de {modalities[0]} à {modalities[-1]}. {title}",
        scope=_scope(v, seen),
        source=_source(r, v),
        height=scale_height(rows, modalities),
        behind=drawn(seen),
    )
