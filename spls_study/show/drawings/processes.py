"""A process, as a swimlane diagram, whole, or as a strip of boxes: what the application does of each step.

In a swimlane a step is a line, from top to bottom, under the actor that does it. Its words stand on its left, so that
fifteen of them hold on half a page; parallel steps have one rank, and the line that joins the steps splits before them.
"""

from itertools import accumulate, pairwise, product
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Rectangle

from notebook_reports.french import NNBSP, UNKNOWN, number

from ...words import fold
from ..palette import COLOURS, GREY, INK, PALE, SIZE, SMALL
from .sheet import CLEAR, LINE, Draw, is_wide, length, sheet, wrap

NAME, TIME = 2.4, 0.54  # inches of the step's words, and of each column of days
HEAD, BOX, GAP, PAD = {True: 0.33, False: 0.46}, 0.17, 0.05, 0.03  # heads have two lines, three on a phone
BOLD = 1.06  # how much wider the letters of the heads are than those measured
# Support → style of its box; another support has the last one. The label is always written.
STYLES = {
    "papier": ("square", "#FBE9DC", "-"),
    "courriel": ("square", "white", (0, (4, 2))),
    "tableur": ("square", "#EDEFF2", "-"),
    "galion": ("round", "#D3E2F2", "-"),
    "": ("round", "white", "-"),
}
# Where a step goes → face, edge, ink, dash of its box in a strip: told apart in grey too.
LOOKS = {
    "couvert": (COLOURS[0], COLOURS[0], "white", "-"),
    "à adapter": ("#8FB3D9", "#8FB3D9", INK, "-"),
    "hors SPLS": ("white", INK, INK, "-"),
    "sans place": ("white", COLOURS[2], COLOURS[2], (0, (3, 2))),
}


def strip(steps: pd.DataFrame, application: str) -> Draw:
    """Boxes in order, seven a row, four on a phone.

    Parameters
    ----------
    steps
        `integration.reprise` of one gestionnaire, in order.
    application
        Its name, said of the steps that it covers.
    """
    words = {"couvert": application, "hors SPLS": f"hors {application}"}
    high, gap = 0.6, 0.07  # inches

    def draw(drawing: Figure) -> None:
        a_row = 7 if is_wide(drawing) else 4
        width = (drawing.get_figwidth() + gap) / a_row - gap
        ax = sheet(drawing, -(-len(steps) // a_row) * (high + gap))
        for i, step in enumerate(steps.itertuples()):
            x, y = i % a_row * (width + gap), 0.02 + i // a_row * (high + gap)
            face, edge, ink, dash = LOOKS.get(step.couverture, ("white", GREY, INK, "-"))
            ax.add_patch(Rectangle((x, y), width, high, fc=face, ec=edge, ls=dash, lw=0.9))
            title = "\n".join(wrap(f"{i + 1} {step.etape}", width - 0.08, SMALL))
            ax.text(x + 0.04, y + 0.035, title, va="top", color=ink, linespacing=1.0)
            told = words.get(step.couverture, step.couverture) + " · R" * step.ressaisie
            ax.text(x + 0.04, y + high - 0.035, told, va="bottom", color=ink, weight="semibold")

    return draw


def swimlane(steps: pd.DataFrame, application: str) -> Draw:
    """
    Parameters
    ----------
    steps
        Columns ordre, etape, acteur, support, duree_mediane, attente, ressaisie, in order; equal `ordre`: parallel;
        a step named again by the same actor: a return to it. Days have a column where one at least is known.
    application
        Whose boxes are in colour.
    """
    acteur = steps["acteur"].map(lambda who: who.replace("|", ", ") if isinstance(who, str) else UNKNOWN)
    rows = [*steps.assign(acteur=acteur, ressaisie=steps["ressaisie"] == "oui").itertuples()]
    actors = [*dict.fromkeys(acteur)]
    times = {"Attente": "attente", "Durée": "duree_mediane"}
    times = {head: column for head, column in times.items() if (steps[column] > 0).any()}
    words = told(rows)

    def draw(drawing: Figure) -> None:
        wide, whole = is_wide(drawing), drawing.get_figwidth()
        head = HEAD[wide]
        name = NAME if wide else 0.0  # on a phone the words stand above the box
        left = name + TIME * len(times)
        lanes = _lanes(actors, rows, left, whole)
        lines = [wrap(text, (name or whole) - 0.1, most=2) for text in words]
        middles, y = [], head + GAP
        for own in lines:
            high = LINE * len(own)
            middles.append(y + (max(BOX, high) / 2 if wide else high + 0.02 + BOX / 2))
            y += (max(BOX, high) if wide else high + 0.02 + BOX) + GAP
        axes = sheet(drawing, y)
        axes.fill_between((0, whole), 0, head, color=COLOURS[0], linewidth=0)
        for i, title in enumerate(times):
            _head(axes, title, name + TIME * (i + 0.5), TIME, head)
        for who, (start, width) in lanes.items():
            _head(axes, who, start + width / 2, width, head)
            axes.vlines(start, 0, y, color=PALE, linewidth=0.8, zorder=0)
        _links(axes, rows, middles, {who: start + width / 2 for who, (start, width) in lanes.items()})
        for row, middle, own in zip(rows, middles, lines, strict=True):
            top = middle if wide else middle - BOX / 2 - 0.02 - LINE * len(own) / 2
            step = axes.text(0.02, top, "\n".join(own), size=SIZE, color=INK, va="center", linespacing=1.05)
            step.set_bbox(None if wide else CLEAR)
            for i, column in enumerate(times.values()):
                days = getattr(row, column)
                said = f"{number(days)}{NNBSP}j" if days > 0 else "–"
                axes.text(name + TIME * (i + 0.9), middle, said, size=SMALL, color=INK, va="center", ha="right")
            _box(axes, row, middle, lanes[row.acteur], (left, whole), fold(application))

    return draw


def told(rows: list[Any]) -> list[str]:
    """The words of each step: its number, its name, where it returns to, what goes on beside it."""
    ranks, seen, texts = [row.ordre for row in rows], dict[tuple[str, str], int](), []
    for i, row in enumerate(rows, 1):
        first = seen.setdefault((fold(row.etape), row.acteur), i)
        notes = ["en parallèle"] * (ranks.count(row.ordre) > 1) + [f"retour à {first}"] * (first < i)
        texts.append(f"{i}. {row.etape}" + (f" ({', '.join(notes)})" if notes else ""))
    return texts


def _lanes(actors: list[str], rows: list[Any], left: float, whole: float) -> dict[str, tuple[float, float]]:
    """Where the lane of each actor starts and how wide it is: where there is room, none cuts a word of its head, and
    then none is narrower than its boxes."""
    least = {who: max(length(word, SMALL) for word in who.split() or [""]) * BOLD + 2 * PAD for who in actors}
    boxes = dict(least)
    for row in rows:
        boxes[row.acteur] = max(boxes[row.acteur], _support(row)[1] + 2 * PAD)
    fits = next((own for own in (boxes, least) if sum(own.values()) <= whole - left), dict.fromkeys(actors, 0.0))
    spare = (whole - left - sum(fits.values())) / len(actors)
    widths = [own + spare for own in fits.values()]
    starts = accumulate(widths[:-1], initial=left)
    return dict(zip(actors, zip(starts, widths, strict=True), strict=True))


def _head(axes: Axes, name: str, x: float, width: float, high: float) -> None:
    lines = "\n".join(wrap(name, (width - 2 * PAD) / BOLD + 1e-6, SMALL, most=int(high / LINE)))
    look: dict[str, Any] = {"color": "white", "weight": "semibold", "ha": "center", "va": "center"}
    axes.text(x, high / 2, lines, size=SMALL, linespacing=1.05, **look)


def _box(
    axes: Axes, row: Any, middle: float, lane: tuple[float, float], limits: tuple[float, float], application: str
) -> None:
    """Its support in a box, wider than its lane where the words are: it stands alone on its line."""
    (start, width), (left, whole) = lane, limits
    x = start + width / 2
    kind = fold(row.support.split("|")[0]) if isinstance(row.support, str) else ""
    label, least = _support(row)
    width = min(max(width - 2 * PAD, least), whole - left)
    x = min(max(x, left + width / 2), whole - width / 2 - 0.01)
    ours = kind == application
    shape, fill, line = ("round", COLOURS[0], "-") if ours else STYLES.get(kind, STYLES[""])
    style = f"{shape},pad=0" + (",rounding_size=0.06" if shape == "round" else "")
    patch = FancyBboxPatch((x - width / 2, middle - BOX / 2), width, BOX, style)
    patch.set(facecolor=fill, edgecolor=COLOURS[0], linestyle=line, linewidth=0.9)
    axes.add_patch(patch)
    ink, weight = "white" if ours else INK, "semibold" if row.ressaisie else "normal"
    axes.text(x, middle, label, size=SMALL, weight=weight, color=ink, ha="center", va="center")


def _support(row: Any) -> tuple[str, float]:
    """The words of its box, and the least width of this."""
    support = row.support.replace("|", ", ") if isinstance(row.support, str) else "non renseigné"
    label = "".join(wrap(support, 1.3, SMALL, most=1)) + " · R" * row.ressaisie
    return label, length(label, SMALL) * (1.08 if row.ressaisie else 1) + 4 * PAD


def _links(axes: Axes, rows: list[Any], middles: list[float], places: dict[str, float]) -> None:
    """From each step of a rank to each of the next; a line stays in its lane but just above the latter."""
    ranks: dict[float, list[int]] = {}
    for i, row in enumerate(rows):
        ranks.setdefault(row.ordre, []).append(i)
    for before, after in pairwise(ranks.values()):
        for a, b in product(before, after):
            x, end = places[rows[a].acteur], places[rows[b].acteur]
            turn = middles[after[0]] - BOX / 2 - GAP / 2
            axes.plot([x, x, end, end], [middles[a], turn, turn, middles[b]], color=GREY, linewidth=1, zorder=0.5)
