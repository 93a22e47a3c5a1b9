"""Drawings of answers: panels of bars, and scales as bars that diverge from their middle.

What secrecy hides has no length here: it is drawn as « s ».
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import ceil
from textwrap import wrap
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from ...french import HIDDEN, percent
from ..figure import COLOURS, GREY, INK, PLAIN, SMALL, WIDTH
from .bars import Draw, no_scale

BAR = "#6F8FB3"
PITCH, LINE, GUTTER = 0.2, 0.145, 0.25  # inches: bar to bar, line to line, between columns
LOW, MIDDLE, HIGH = ("#801650", "#C77BA0"), PLAIN, ("#5B8FC7", "#12436D")
DARK = (LOW[0], HIGH[1])


@dataclass(frozen=True)
class Panel:
    """One question: rows label, valeur (share, nan if hidden), bas, haut (nan if none), texte,
    fort (in the first colour) and, to compare, groupe (0, 1…: bars of one label together)."""

    title: str
    rows: pd.DataFrame

    def folded(self, wide: bool) -> list[str]:
        return wrap(self.title, 104 if wide else 50, break_on_hyphens=False)

    def labels(self, wide: bool) -> dict[str, list[str]]:
        return {text: wrap(text, 44 if wide else 25)[:3] for text in self.rows["label"].unique()}

    def pitches(self, wide: bool) -> list[float]:
        """Height of each row, in inches."""
        bar = PITCH * (0.4 + 0.6 * self.rows["groupe"].nunique())
        return [max(bar, LINE * len(lines) + 0.04) for lines in self.labels(wide).values()]

    def height(self, wide: bool) -> float:
        return sum(self.pitches(wide)) + LINE * len(self.folded(wide)) + 0.2


def columns_of(panels: Sequence[Panel]) -> list[list[Panel]]:
    """Two columns about as high, read down the first then the second; one for one panel."""
    if len(panels) == 1:
        return [list(panels)]
    heights = [p.height(False) for p in panels]
    cut = min(range(1, len(panels)), key=lambda i: max(sum(heights[:i]), sum(heights[i:])))
    return [list(panels[:cut]), list(panels[cut:])]


def height(panels: Sequence[Panel], groups: Sequence[str] = ()) -> float:
    """Of the figure, in inches."""
    columns = columns_of(panels)
    tall = max(sum(p.height(len(columns) == 1) for p in column) for column in columns)
    return tall + 0.3 * bool(groups)


def bars(panels: Sequence[Panel], groups: Sequence[str] = ()) -> Draw:
    """Bars from 0 on one scale of shares; a thin line is the interval."""
    columns = columns_of(panels)
    wide, full = len(columns) == 1, height(panels, groups)

    def draw(drawing: Figure) -> None:
        drawing.set_layout_engine("none")  # each panel has its place, in inches
        for place, column in enumerate(columns):
            x, top = place * (WIDTH + GUTTER) / 2, full - 0.3 * bool(groups)
            for panel in column:
                titled = top - LINE * len(panel.folded(wide)) - 0.06
                drawing.text(
                    x / WIDTH,
                    top / full,
                    "\n".join(panel.folded(wide)),
                    va="top",
                    fontsize=8.5,
                    fontweight="semibold",
                    linespacing=1.15,
                )
                left = x + (2.7 if wide else 1.5)
                right = WIDTH if wide else x + (WIDTH - GUTTER) / 2
                inner = sum(panel.pitches(wide))
                _panel(
                    drawing.add_axes((left / WIDTH, (titled - inner) / full, (right - left) / WIDTH, inner / full)),
                    panel,
                    wide,
                )
                top -= panel.height(wide)
        if groups:
            _legend(drawing, {g: _fill(i) for i, g in enumerate(groups)}, "upper left")

    return draw


def _fill(group: int) -> dict[str, Any]:
    """Colour, and hatching that tells the groups in grey too."""
    return {"facecolor": COLOURS[group % 4], "hatch": "/" * (4 * group), "edgecolor": "white"}


def _panel(ax: Axes, panel: Panel, wide: bool) -> None:
    labels, groups = panel.labels(wide), panel.rows["groupe"].nunique()
    ends = list(accumulate(panel.pitches(wide)))
    middles = [end - pitch / 2 for end, pitch in zip(ends, panel.pitches(wide), strict=True)]
    place, thick = dict(zip(labels, middles, strict=True)), PITCH * (0.7 if groups == 1 else 0.62)
    for row in panel.rows.itertuples():
        y = place[row.label] + (row.groupe - (groups - 1) / 2) * thick
        plain = {"facecolor": COLOURS[0] if row.fort else BAR}
        look: dict[str, Any] = _fill(row.groupe) if groups > 1 else plain
        end = 0.0
        if not pd.isna(row.valeur):
            ax.barh(y, row.valeur, height=thick * 0.95, linewidth=0, **look)
            end = max(row.valeur, row.haut if not pd.isna(row.haut) else 0)
        if not pd.isna(row.bas) and row.haut > row.bas:
            for colour, width in (("white", 2.8), (INK, 1.1)):
                ax.hlines(y, row.bas, row.haut, color=colour, linewidth=width)
        ax.text(
            end + 0.025, y, row.texte, va="center_baseline", fontsize=SMALL, color=GREY if row.texte == HIDDEN else INK
        )
    ax.axvline(0, color=GREY, linewidth=0.8, clip_on=False)
    ax.set_yticks(middles, ["\n".join(t) for t in labels.values()], fontsize=SMALL, linespacing=0.95)
    ax.set_ylim(ends[-1], 0)
    ax.set_xlim(0, 1.25 if wide else 1.55)
    _bare(ax)


def _bare(ax: Axes) -> None:
    no_scale(ax)
    ax.tick_params(length=0)
    ax.spines["left"].set_visible(False)


def _legend(drawing: Figure, entries: Mapping[str, dict[str, Any]], where: Any) -> None:
    several = 2 if sum(map(len, entries)) > 75 else 1
    drawing.legend(
        [Patch(**look) for look in entries.values()],
        list(entries),
        fontsize=SMALL,
        loc=where,
        ncols=ceil(len(entries) / several),
        frameon=False,
        handlelength=1.2,
        columnspacing=1.2,
        borderpad=0,
    )


def colours(modalities: int) -> list[str]:
    """From one end of a scale to the other: darker at the ends, grey in the middle."""
    half = modalities // 2
    low, high = [LOW[0]] * half, [HIGH[1]] * half
    if half > 1:
        low[-1], high[0] = LOW[1], HIGH[0]
    return [*low, *[MIDDLE] * (modalities % 2), *high]


@dataclass(frozen=True)
class Scale:
    """One row: the counts of its modalities (None where hidden) out of `base` answers."""

    label: str
    counts: Sequence[int | None]
    base: int

    @property
    def ends(self) -> tuple[float, float]:
        """Shares of the two halves, without the middle of an odd scale."""
        half, counts = len(self.counts) // 2, [c or 0 for c in self.counts]
        return sum(counts[:half]) / self.base, sum(counts[-half:]) / self.base


def scale_height(rows: Sequence[Scale], modalities: Sequence[str]) -> float:
    lines = sum(max(2, len(wrap(row.label, 34))) for row in rows)
    return 0.25 + LINE * lines + 0.08 * len(rows) + 0.16 * (sum(map(len, modalities)) > 75)


def diverging(rows: Sequence[Scale], modalities: Sequence[str], small_base: int) -> Draw:
    """Counts on either side of the middle of the scale, with the share of each side.

    A row with a hidden count has no bar: where the middle falls is not known.
    """
    palette = colours(len(modalities))
    sides = {row.label: _sides(row) for row in rows if None not in row.counts}
    reach = max([max(pair) for pair in sides.values()], default=1.0)

    def draw(drawing: Figure) -> None:
        ax = drawing.subplots()
        for y, row in enumerate(rows):
            if row.label not in sides:
                _coded(ax, y, row.counts, palette, reach)
                continue
            left = -sides[row.label][0]
            if row.base >= small_base:
                for share, x, where in zip(row.ends, (-1, 1), ("right", "left"), strict=True):
                    ax.text(x * (reach + 0.03), y, percent(share, 0), ha=where, va="center", fontsize=SMALL)
            for count, colour in zip(row.counts, palette, strict=True):
                if not count:
                    continue
                width = count / row.base
                ax.barh(y, width, left=left, height=0.62, color=colour, edgecolor="white")
                ax.text(
                    left + width / 2,
                    y,
                    str(count),
                    ha="center",
                    va="center",
                    fontsize=SMALL,
                    color="white" if colour in DARK else "black",
                )
                left += width
        if sides:
            ax.axvline(0, color=GREY, linewidth=0.8, zorder=0)
        ax.set_yticks(
            range(len(rows)), ["\n".join(wrap(f"{r.label} (n\u00a0=\u00a0{r.base})", 34)) for r in rows], fontsize=SMALL
        )
        ax.set_ylim(len(rows) - 0.5, -0.5)
        ax.set_xlim(-reach * 1.3, reach * 1.3)
        _bare(ax)
        _legend(drawing, {m: {"facecolor": c} for m, c in zip(modalities, palette, strict=True)}, "outside upper left")

    return draw


def _sides(row: Scale) -> tuple[float, float]:
    """How far the bar reaches on each side of the middle."""
    middle = (1 - sum(row.ends)) / 2
    return row.ends[0] + middle, row.ends[1] + middle


def _coded(ax: Axes, y: int, counts: Sequence[int | None], palette: Sequence[str], reach: float) -> None:
    """The counts one beside the other, each after a square of its colour."""
    for k, (count, colour) in enumerate(zip(counts, palette, strict=True)):
        x = (k - (len(counts) - 1) / 2) * reach * 0.4
        ax.scatter(x - reach * 0.05, y, marker="s", s=26, color=colour, zorder=3)
        ax.text(
            x + reach * 0.01,
            y,
            HIDDEN if count is None else str(count),
            va="center",
            fontsize=SMALL,
            color=GREY if count is None else INK,
        )
