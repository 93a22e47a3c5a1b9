"""A process as a swimlane diagram: actors side by side, steps from top to bottom; where all stands.

Top to bottom because a page is taller than wide: fifteen boxes side by side would leave no
room for their words. One row holds one step, or the parallel ones.
"""

from dataclasses import dataclass, field
from itertools import pairwise, product

import pandas as pd

from ...french import NNBSP, UNKNOWN, number
from ...words import fold
from ..palette import SMALL, WIDTH
from .sheet import LINE, wrap

GAP, HEAD, MARGIN, PAD = 0.14, 0.42, 0.26, 0.035  # inches: row to row, actors, either side, inside a box
THINNEST = 1.2  # inches of a lane on a phone


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
    width: float  # of a lane
    height: float
    steps: pd.DataFrame = field(repr=False)

    def middle(self, box: Box) -> float:
        return self.left + (box.lane + 0.5) * self.width


def diagram(steps: pd.DataFrame, whole: float = WIDTH) -> Diagram:
    """Place the steps in a diagram of that width; where lanes would be too thin for words, in one lane.

    Parameters
    ----------
    steps
        Columns ordre, etape, acteur, support, duree_mediane, ressaisie, in order; equal
        `ordre`: parallel; a step named again by the same actor: a return to it.
    """
    actors = list(dict.fromkeys(actor(a) for a in steps.acteur))
    alone = whole < WIDTH and whole / len(actors) < THINNEST
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
                if alone and lane not in here:
                    here[lane] = Box(rows + len(here), 0, [key[1]])
                box = nodes[key] = here.setdefault(lane, Box(rows, lane))
                box.names.append(f"{visit}. {step.etape}")
                box.support = "" if pd.isna(step.support) else step.support
                box.notes = _notes(step.support, step.duree_mediane, step.ressaisie)
            visited.append((nodes[key], str(visit)))
        rows += len(here) if alone else bool(here)
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
    lanes = [""] if alone else actors
    width = (whole - left - right) / len(lanes)
    return Diagram(lanes, boxes, links, left, width, _stack(boxes, rows, width, 0.05 if alone else HEAD), steps)


def actor(name: str | float) -> str:
    return name.replace("|", ", ") if isinstance(name, str) else UNKNOWN


def _notes(support: str | float, days: float, again: str | float) -> str:
    parts = [
        support.replace("|", ", ") if isinstance(support, str) else "",
        f"{number(days)}{NNBSP}j" if days > 0 else "",
        "R" if again == "oui" else "",
    ]
    return " · ".join(p for p in parts if p)


def _stack(boxes: list[Box], rows: int, width: float, top: float) -> float:
    """Give every box its top and height; the height of the whole."""
    y = top
    for row in range(rows):
        here = [b for b in boxes if b.row == row]
        for box in here:
            box.lines = [line for name in box.names for line in wrap(name, width - 4 * PAD)]
            box.small = wrap(box.notes, width - 4 * PAD, SMALL) if box.notes else []
            box.height = LINE * (len(box.lines) + len(box.small)) + 2 * PAD
            box.top = y
        y += max(b.height for b in here) + GAP
    return y
