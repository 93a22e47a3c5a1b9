"""Panels of bars, one a question."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from math import fsum
from textwrap import wrap
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..palette import COLOURS, GREY, INK, NARROW, SIZE, WIDTH
from .sheet import GUTTER, Draw, is_wide, legend, sheet

BAR = "#6F8FB3"
PITCH, LINE, LEGEND = 0.2, 0.145, 0.3  # inches: bar to bar, line to line, above all


@dataclass(frozen=True)
class Panel:
    """One question: rows label, valeur (share), bas, haut (nan if none), texte,
    fort (in the first colour) and, to compare, groupe (0, 1…: bars of one label together)."""

    title: str
    rows: pd.DataFrame

    @cached_property
    def groups(self) -> int:
        return int(self.rows["groupe"].nunique())


@dataclass(frozen=True)
class Column:
    """Where panels stand one under the other: inches from the left edge, characters of a line."""

    left: float
    zero: float
    right: float
    whole: float  # what the width from `zero` to `right` stands for: room for texts beyond 100 %
    title: int
    label: int

    def titled(self, panel: Panel) -> list[str]:
        return wrap(panel.title, self.title, break_on_hyphens=False)

    def labels(self, panel: Panel) -> dict[str, list[str]]:
        return {
            text: wrap(text, self.label, max_lines=3, placeholder="\u00a0…") for text in panel.rows["label"].unique()
        }

    def pitches(self, panel: Panel) -> list[float]:
        """Height of each label's place."""
        bars = PITCH * (0.4 + 0.6 * panel.groups)
        return [max(bars, LINE * len(lines) + 0.04) for lines in self.labels(panel).values()]

    def height(self, panel: Panel) -> float:
        return fsum(self.pitches(panel)) + LINE * len(self.titled(panel)) + 0.2


SECOND = (WIDTH + GUTTER) / 2
WIDE = Column(0, 2.7, WIDTH, 1.25, 104, 44)
HALVES = [Column(x, x + 1.5, x + WIDTH - SECOND, 1.55, 50, 25) for x in (0, SECOND)]
NARROWED = Column(0, 1.5, NARROW, 1.55, 56, 25)


def columns(panels: Sequence[Panel]) -> list[tuple[Column, list[Panel]]]:
    """Two columns about as high, read down the first then the second; one for one panel."""
    if len(panels) == 1:
        return [(WIDE, list(panels))]
    ends = [0, *accumulate(HALVES[0].height(p) for p in panels)]
    cut = min(range(1, len(panels)), key=lambda i: max(ends[i], ends[-1] - ends[i]))
    return list(zip(HALVES, [list(panels[:cut]), list(panels[cut:])], strict=True))


def height(panels: Sequence[Panel], groups: Sequence[str] = ()) -> float:
    """Of the figure, in inches."""
    return max(fsum(map(column.height, own)) for column, own in columns(panels)) + LEGEND * bool(groups)


def bars(panels: Sequence[Panel], groups: Sequence[str] = ()) -> Draw:
    """Bars from 0 on one scale of shares; a thin line is the interval."""

    def draw(drawing: Figure) -> None:
        placed = columns(panels) if is_wide(drawing) else [(NARROWED, list(panels))]
        whole = max(fsum(map(column.height, own)) for column, own in placed) + LEGEND * bool(groups)
        ax = sheet(drawing, whole)
        for column, own in placed:
            top = LEGEND * bool(groups)
            for panel in own:
                _panel(ax, column, panel, top)
                top += column.height(panel)
        if groups:
            legend(drawing, {name: (COLOURS[i % 4], _hatch(i)) for i, name in enumerate(groups)})

    return draw


def _hatch(group: int) -> str:
    """Tells the groups in grey too."""
    return "/" * (4 * group)


def _panel(ax: Axes, column: Column, panel: Panel, top: float) -> None:
    title, labels, pitches = column.titled(panel), column.labels(panel), column.pitches(panel)
    ax.text(column.left, top, "\n".join(title), va="top", size=SIZE, weight="semibold", linespacing=1.15)
    top += LINE * len(title) + 0.06
    *starts, bottom = accumulate(pitches, initial=top)
    ax.vlines(column.zero, top, bottom, color=GREY, linewidth=0.8, zorder=2)
    middles = [start + pitch / 2 for start, pitch in zip(starts, pitches, strict=True)]
    for y, lines in zip(middles, labels.values(), strict=True):
        ax.text(column.zero - 0.05, y, "\n".join(lines), ha="right", va="center_baseline", linespacing=0.95)

    thick, inch = PITCH * (0.7 if panel.groups == 1 else 0.62), (column.right - column.zero) / column.whole
    places = panel.rows["label"].map(dict(zip(labels, middles, strict=True)))
    rows = panel.rows.assign(y=places + (panel.rows["groupe"] - (panel.groups - 1) / 2) * thick)
    sure = rows[rows["haut"] > rows["bas"]]
    colours, hatches = [COLOURS[0] if strong else BAR for strong in rows["fort"]], None
    if panel.groups > 1:
        colours, hatches = [COLOURS[g % 4] for g in rows["groupe"]], [_hatch(g) for g in rows["groupe"]]
    style: dict[str, Any] = {"color": colours, "hatch": hatches, "edgecolor": "white", "linewidth": 0}
    ax.barh(rows["y"], rows["valeur"] * inch, thick * 0.95, column.zero, **style)
    for colour, width in (("white", 2.8), (INK, 1.1)):
        ax.hlines(sure["y"], column.zero + sure["bas"] * inch, column.zero + sure["haut"] * inch, colour, lw=width)
    for y, end, text in zip(rows["y"], rows[["valeur", "haut"]].max(axis=1), rows["texte"], strict=True):
        x = column.zero + end * inch + 0.09  # nearer, a line reads as a minus
        ax.text(x, y, text, va="center_baseline", color=INK)
