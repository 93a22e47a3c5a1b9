"""A process as a swimlane diagram: a step a line, from top to bottom, under the actor that does it.

The words of a step stand on its left, so that fifteen of them hold on half a page; parallel steps have one rank, and
the line that joins the steps splits before them.
"""

from itertools import accumulate, pairwise, product
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from notebook_reports.french import NNBSP, UNKNOWN, number

from ...words import fold
from ..palette import COLOURS, GREY, INK, PALE, SIZE, SMALL
from .sheet import CLEAR, LINE, Draw, is_wide, length, sheet, wrap

NAME, TIME = 2.4, 0.54  # inches of the step's words, and of each column of days
HEAD, BOX, GAP, PAD = {True: 0.33, False: 0.46}, 0.17, 0.05, 0.03  # heads have two lines, three on a phone
HEAD_SIZE, BOLD = SMALL, 1.06  # points of the heads, and how much wider their letters are than those measured
# Support → style of its box; another support has the last one. The label is always written.
STYLES = {
    "papier": ("square", "#FBE9DC", "-"),
    "courriel": ("square", "white", (0, (4, 2))),
    "tableur": ("square", "#EDEFF2", "-"),
    "galion": ("round", "#D3E2F2", "-"),
    "": ("round", "white", "-"),
}


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
    rows = [*steps.itertuples()]
    actors = list(dict.fromkeys(actor(row.acteur) for row in rows))
    times = {"Attente": "attente", "Durée": "duree_mediane"}
    times = {head: column for head, column in times.items() if (steps[column] > 0).any()}

    def draw(drawing: Figure) -> None:
        wide, whole = is_wide(drawing), drawing.get_figwidth()
        head = HEAD[wide]
        name = NAME if wide else 0.0  # on a phone the words stand above the box
        left = name + TIME * len(times)
        lanes = _lanes(actors, rows, left, whole)
        lines = [wrap(text, (name or whole) - 0.1, most=2) for text in told(steps)]
        middles, y = [], head + GAP
        for own in lines:
            high = LINE * len(own)
            middles.append(y + (max(BOX, high) / 2 if wide else high + 0.02 + BOX / 2))
            y += (max(BOX, high) if wide else high + 0.02 + BOX) + GAP
        axes = sheet(drawing, y)
        axes.fill_between((0, whole), 0, head, color=COLOURS[0], linewidth=0)
        for i, told_of in enumerate(times):
            _head(axes, told_of, name + TIME * (i + 0.5), TIME, head)
        for who, (start, width) in lanes.items():
            _head(axes, who, start + width / 2, width, head)
            axes.vlines(start, 0, y, color=PALE, linewidth=0.8, zorder=0)
        _links(axes, rows, middles, {who: start + width / 2 for who, (start, width) in lanes.items()})
        for row, middle, own in zip(rows, middles, lines, strict=True):
            top = middle if wide else middle - BOX / 2 - 0.02 - LINE * len(own) / 2
            words = axes.text(0.02, top, "\n".join(own), size=SIZE, color=INK, va="center", linespacing=1.05)
            words.set_bbox(None if wide else CLEAR)
            for i, column in enumerate(times.values()):
                days = getattr(row, column)
                said = f"{number(days)}{NNBSP}j" if days > 0 else "–"
                axes.text(name + TIME * (i + 0.9), middle, said, size=SMALL, color=INK, va="center", ha="right")
            _box(axes, row, middle, lanes[actor(row.acteur)], (left, whole), application)

    return draw


def told(steps: pd.DataFrame) -> list[str]:
    """The words of each step: its number, its name, where it returns to, what goes on beside it."""
    ranks, seen, texts = steps.ordre.value_counts(), dict[tuple[str, str], int](), []
    for i, row in enumerate(steps.itertuples(), 1):
        first = seen.setdefault((fold(row.etape), actor(row.acteur)), i)
        notes = ["en parallèle"] if ranks[row.ordre] > 1 else []
        notes += [f"retour à {first}"] if first < i else []
        texts.append(f"{i}. {row.etape}" + (f" ({', '.join(notes)})" if notes else ""))
    return texts


def actor(name: str | float) -> str:
    return name.replace("|", ", ") if isinstance(name, str) else UNKNOWN


def _lanes(actors: list[str], rows: list[Any], left: float, whole: float) -> dict[str, tuple[float, float]]:
    """Where the lane of each actor starts and how wide it is: where there is room, none cuts a word of its head, and
    then none is narrower than its boxes."""
    least = {who: max(length(word, HEAD_SIZE) for word in who.split() or [""]) * BOLD + 2 * PAD for who in actors}
    boxes = dict(least)
    for row in rows:
        boxes[actor(row.acteur)] = max(boxes[actor(row.acteur)], _support(row)[1] + 2 * PAD)
    fits = next((own for own in (boxes, least) if sum(own.values()) <= whole - left), dict.fromkeys(actors, 0.0))
    spare = (whole - left - sum(fits.values())) / len(actors)
    widths = [own + spare for own in fits.values()]
    starts = accumulate(widths[:-1], initial=left)
    return dict(zip(actors, zip(starts, widths, strict=True), strict=True))


def _head(axes: Axes, name: str, x: float, width: float, high: float) -> None:
    lines = "\n".join(wrap(name, (width - 2 * PAD) / BOLD + 1e-6, HEAD_SIZE, most=int(high / LINE)))
    words = axes.text(x, high / 2, lines, size=SMALL, color="white", weight="semibold")
    words.set(ha="center", va="center", linespacing=1.05)


def _box(
    axes: Axes, row: Any, middle: float, lane: tuple[float, float], limits: tuple[float, float], application: str
) -> None:
    """Its support in a box, wider than its lane where the words are: it stands alone on its line."""
    (start, width), (left, whole) = lane, limits
    x = start + width / 2
    kind = fold(row.support.split("|")[0]) if isinstance(row.support, str) else ""
    ours, again = kind == fold(application), row.ressaisie == "oui"
    label, least = _support(row)
    width = min(max(width - 2 * PAD, least), whole - left)
    x = min(max(x, left + width / 2), whole - width / 2 - 0.01)
    shape, fill, line = ("round", COLOURS[0], "-") if ours else STYLES.get(kind, STYLES[""])
    style = f"{shape},pad=0" + (",rounding_size=0.06" if shape == "round" else "")
    patch = FancyBboxPatch((x - width / 2, middle - BOX / 2), width, BOX, style)
    patch.set(facecolor=fill, edgecolor=COLOURS[0], linestyle=line, linewidth=0.9)
    axes.add_patch(patch)
    words = axes.text(x, middle, label, size=SMALL, weight="semibold" if again else "normal")
    words.set(color="white" if ours else INK, ha="center", va="center")


def _support(row: Any) -> tuple[str, float]:
    """The words of its box, and the least width of this."""
    again = row.ressaisie == "oui"
    support = row.support.replace("|", ", ") if isinstance(row.support, str) else "non renseigné"
    label = "".join(wrap(support, 1.3, SMALL, most=1)) + " · R" * again
    return label, length(label, SMALL) * (1.08 if again else 1) + 4 * PAD


def _links(axes: Axes, rows: list[Any], middles: list[float], places: dict[str, float]) -> None:
    """From each step of a rank to each of the next; a line stays in its lane but just above the latter."""
    ranks: dict[float, list[int]] = {}
    for i, row in enumerate(rows):
        ranks.setdefault(row.ordre, []).append(i)
    for before, after in pairwise(ranks.values()):
        for a, b in product(before, after):
            x, end = places[actor(rows[a].acteur)], places[actor(rows[b].acteur)]
            turn = middles[after[0]] - BOX / 2 - GAP / 2
            axes.plot([x, x, end, end], [middles[a], turn, turn, middles[b]], color=GREY, linewidth=1, zorder=0.5)
