"""A process as a swimlane diagram: actors side by side, steps from top to bottom.

Top to bottom because a page is taller than wide: fifteen boxes side by side would leave no
room for their words. One row holds one step, or the parallel ones. An arrow to the next row
runs in the gap between the two rows; a return to an earlier step runs up the right margin,
a jump over rows down the left one. So no arrow crosses another or a box.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise, product

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import FancyBboxPatch
from matplotlib.textpath import text_to_path

from ...french import NNBSP, UNKNOWN, number
from ...words import fold
from ..canvas import FAMILY
from ..figure import COLOURS, GREY, INK, PALE, SMALL, WIDTH

SIZE = 8.5
LINE = 0.136  # inches from one line of text to the next
GAP, HEAD, MARGIN, PAD = 0.14, 0.42, 0.26, 0.035
LONGEST = 3  # lines of a step's name; the list beside tells it whole

_SYLLABLE = re.compile(r"[^aeiouyàâéèêëîïôöùûü][aeiouyàâéèêëîïôöùûü]\w", re.IGNORECASE)

# Support → style of its box; another support has the last one. The label is always written.
STYLES = {
    "papier": ("square", "white", "-"),
    "courriel": ("square", "white", (0, (4, 2))),
    "tableur": ("square", "#EDEFF2", "-"),
    "galion": ("round", "#E1EAF3", "-"),
    "": ("round", "white", "-"),
}


@dataclass(eq=False)
class Box:
    """Steps of one actor in one row: several when they are parallel."""

    row: int
    lane: int
    names: list[str] = field(default_factory=list)
    notes: str = ""
    support: str = ""
    lines: list[str] = field(default_factory=list)
    small: list[str] = field(default_factory=list)
    top: float = 0
    height: float = 0


@dataclass(frozen=True)
class Diagram:
    actors: list[str]
    boxes: list[Box]
    edges: list[tuple[Box, Box, str]]  # from, to, number of the pass that an edge back begins
    left: float
    width: float
    height: float

    def middle(self, box: Box) -> float:
        return self.left + (box.lane + 0.5) * self.width


def diagram(steps: pd.DataFrame, application: str) -> Diagram:
    """Place the steps.

    Parameters
    ----------
    steps
        Columns ordre, etape, acteur, support, duree_mediane, ressaisie, in order; equal
        `ordre`: parallel; a step named again by the same actor: a return to it.
    application
        The support to highlight.
    """
    actors = list(dict.fromkeys(actor(a) for a in steps.acteur))
    nodes: dict[tuple[str, str], Box] = {}
    groups: list[list[tuple[Box, str]]] = []
    rows = visit = 0
    for _, group in steps.groupby("ordre", sort=True):
        here: dict[int, Box] = {}
        visited: list[tuple[Box, str]] = []
        for step in group.itertuples():
            visit += 1
            key = (fold(step.etape), actor(step.acteur))
            if key not in nodes:
                lane = actors.index(key[1])
                box = nodes[key] = here.setdefault(lane, Box(rows, lane))
                box.names.append(f"{visit}. {step.etape}")
                box.support = "" if pd.isna(step.support) else step.support
                box.notes = _notes(step.support, step.duree_mediane, step.ressaisie)
            visited.append((nodes[key], str(visit)))
        rows += bool(here)
        groups.append(visited)
    edges: dict[tuple[Box, Box], str] = {}
    for before, after in pairwise(groups):
        for (a, _), (b, n) in product(before, after):
            if a is not b:
                edges.setdefault((a, b), n)
    links = [(a, b, n) for (a, b), n in edges.items()]
    left = MARGIN if any(b.row > a.row + 1 for a, b in edges) else 0.0
    right = MARGIN if any(b.row <= a.row for a, b in edges) else 0.0
    boxes = list(dict.fromkeys(nodes.values()))
    width = (WIDTH - left - right) / len(actors)
    return Diagram(actors, boxes, links, left, width, _stack(boxes, rows, width))


def actor(name: str | float) -> str:
    return name.replace("|", ", ") if isinstance(name, str) else UNKNOWN


def _notes(support: str | float, days: float, again: str | float) -> str:
    parts = [
        support.replace("|", ", ") if isinstance(support, str) else "",
        f"{number(days)}{NNBSP}j" if days > 0 else "",
        "R" if again == "oui" else "",
    ]
    return " · ".join(p for p in parts if p)


def _stack(boxes: list[Box], rows: int, width: float) -> float:
    """Give every box its top and height; the height of the whole."""
    y = HEAD
    for row in range(rows):
        here = [b for b in boxes if b.row == row]
        for box in here:
            box.lines = [line for name in box.names for line in wrap(name, width - 4 * PAD)]
            box.small = wrap(box.notes, width - 4 * PAD, SMALL) if box.notes else []
            box.height = LINE * (len(box.lines) + len(box.small)) + 2 * PAD
            box.top = y
        y += max(b.height for b in here) + GAP
    return y


@cache
def _length(text: str, size: float) -> float:
    font = FontProperties(family=FAMILY, size=size)
    return float(text_to_path.get_text_width_height_descent(text, font, False)[0]) / 72


def wrap(text: str, width: float, size: float = SIZE, most: int = LONGEST) -> list[str]:
    """Lines no wider than `width` inches; a word too long is cut, what is too much is « … »."""
    lines = [""]
    for word in text.split():
        for piece in _pieces(word, width, size):
            longer = f"{lines[-1]} {piece}".strip()
            if _length(longer, size) <= width:
                lines[-1] = longer
            else:
                lines.append(piece)
    lines = [line for line in lines if line]
    return lines if len(lines) <= most else [*lines[: most - 1], lines[most - 1] + "\u00a0…"]


def _pieces(word: str, width: float, size: float) -> list[str]:
    pieces = []
    while _length(word, size) > width and len(word) > 2:
        fits = [n for n in range(1, len(word)) if _length(word[:n] + "-", size) <= width] or [1]
        cut = max([n for n in fits if _SYLLABLE.match(word, n) and n > 2] or fits)
        pieces.append(word[:cut] + "-")
        word = word[cut:]
    return [*pieces, word]


def draw(figure: Figure, plan: Diagram, application: str) -> None:
    """Draw a placed process on a figure of its width and height."""
    figure.set_layout_engine("none")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, WIDTH), ylim=(plan.height, 0))
    axes.axis("off")
    _lanes(axes, plan)
    for box in plan.boxes:
        _box(axes, plan, box, application)
    for a, b, _ in plan.edges:
        if b.row == a.row + 1:
            y = b.top - GAP / 2
            _arrow(
                axes,
                [(plan.middle(a), a.top + a.height), (plan.middle(a), y), (plan.middle(b), y), (plan.middle(b), b.top)],
            )
    by_length = sorted(plan.edges, key=lambda e: abs(e[1].row - e[0].row))
    backs = [e for e in by_length if e[1].row <= e[0].row]
    jumps = [e for e in by_length if e[1].row > e[0].row + 1]
    for i, (a, b, n) in enumerate(backs):
        x = WIDTH - MARGIN + 0.08 + 0.07 * (i % 3)
        _arrow(axes, [*_exit(plan, a, x), *_exit(plan, b, x)[::-1]], dashed=True)
        axes.text(
            x + 0.03, (a.top + b.top + b.height) / 2, n, size=SMALL, weight="semibold", va="center", color=COLOURS[2]
        )
    tracks = list(dict.fromkeys(a for a, _, _ in jumps))  # one line for each departure
    for a, b, _ in jumps:
        x = MARGIN - 0.1 - 0.07 * (tracks.index(a) % 3)
        y = b.top - GAP / 2
        _arrow(axes, [*_exit(plan, a, x), (x, y), (plan.middle(b), y), (plan.middle(b), b.top)])


def _lanes(axes: Axes, plan: Diagram) -> None:
    for i, name in enumerate(plan.actors):
        x = plan.left + i * plan.width
        axes.fill_between((x, x + plan.width), 0, HEAD - 0.1, color=COLOURS[0], linewidth=0)
        axes.vlines((x, x + plan.width), 0, plan.height - GAP / 2, color=PALE, linewidth=0.8, zorder=0)
        lines = wrap(name, plan.width - 2 * PAD, SIZE * 1.06, most=2)
        axes.text(
            x + plan.width / 2,
            (HEAD - 0.1) / 2,
            "\n".join(lines),
            size=SIZE,
            color="white",
            weight="semibold",
            ha="center",
            va="center",
            linespacing=1.1,
        )


def _box(axes: Axes, plan: Diagram, box: Box, application: str) -> None:
    kind = fold(box.support.split("|")[0])
    ours = kind == fold(application)
    shape, fill, line = ("round", COLOURS[0], "-") if ours else STYLES.get(kind, STYLES[""])
    middle, width = plan.middle(box), plan.width - 2 * PAD
    style = f"{shape},pad=0" + (",rounding_size=0.08" if shape == "round" else "")
    axes.add_patch(
        FancyBboxPatch(
            (middle - width / 2, box.top),
            width,
            box.height,
            boxstyle=style,
            facecolor=fill,
            edgecolor=COLOURS[0],
            linestyle=line,
            linewidth=0.9,
        )
    )
    colour = "white" if ours else INK
    for i, text in enumerate([*box.lines, *box.small]):
        note = i >= len(box.lines)
        axes.text(
            middle,
            box.top + PAD + (i + 0.5) * LINE,
            text,
            size=SMALL if note else SIZE,
            color=colour,
            ha="center",
            va="center",
            weight="semibold" if note and box.notes.endswith("R") else "normal",
        )


def _exit(plan: Diagram, box: Box, x: float) -> list[tuple[float, float]]:
    """From a box sideways to a margin; under the box when another one stands in the way."""
    right = x > plan.middle(box)
    row = [b for b in plan.boxes if b.row == box.row and b is not box]
    beside = [b for b in row if (b.lane > box.lane) == right]
    if beside:
        y = box.top + max(b.height for b in [*beside, box]) + GAP / 2
        return [(plan.middle(box), box.top + box.height), (plan.middle(box), y), (x, y)]
    y = box.top + box.height / 2
    return [(plan.middle(box) + (0.5 if right else -0.5) * (plan.width - 2 * PAD), y), (x, y)]


def _arrow(axes: Axes, points: Sequence[tuple[float, float]], dashed: bool = False) -> None:
    colour = COLOURS[2] if dashed else GREY
    xs, ys = zip(*points, strict=True)
    axes.plot(
        xs, ys, color=colour, linewidth=1, linestyle=(0, (3, 2)) if dashed else "-", solid_joinstyle="miter", zorder=1
    )
    axes.annotate(
        "",
        xy=points[-1],
        xytext=points[-2],
        zorder=2,
        arrowprops={
            "arrowstyle": "-|>,head_width=0.22,head_length=0.4",
            "color": colour,
            "linewidth": 0,
            "shrinkA": 0,
            "shrinkB": 0,
        },
    )
