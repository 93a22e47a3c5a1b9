"""Drawings of answers: panels of bars, and scales as bars that diverge from their middle.

What secrecy hides has no length here: it is drawn as « s ».
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from textwrap import wrap

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from .charts import SMALL, Draw
from .figure import COLOURS, GREY, INK
from .french import HIDDEN, percent

BAR, PITCH, LINE = "#6F8FB3", 0.2, 0.145  # inches: from a bar to the next, from a line to the next
LOW, MIDDLE, HIGH = ("#801650", "#C77BA0"), "#8A94A3", ("#5B8FC7", "#12436D")
DARK = (LOW[0], HIGH[1])


@dataclass(frozen=True)
class Panel:
    """One question: rows label, valeur (share, nan if hidden), bas, haut (nan if none), texte,
    fort (in the first colour) and, to compare, groupe (0, 1…: bars of one label together)."""

    title: str
    rows: pd.DataFrame

    def folded(self, wide: bool) -> list[str]:
        return wrap(self.title, 92 if wide else 46)

    def labels(self, wide: bool) -> list[list[str]]:
        return [wrap(text, 40 if wide else 23)[:3] for text in self.rows["label"].unique()]

    def inner(self, wide: bool) -> float:
        """Height of the bars, in inches; a label on several lines makes all rows taller."""
        lines = max(len(label) for label in self.labels(wide))
        groups = self.rows["groupe"].nunique()
        return len(self.labels(wide)) * max(PITCH * (0.4 + 0.6 * groups), LINE * lines + 0.03)

    def height(self, wide: bool) -> float:
        return self.inner(wide) + LINE * len(self.folded(wide)) + 0.14


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
    return tall + 0.1 + 0.3 * bool(groups)


def bars(panels: Sequence[Panel], groups: Sequence[str] = ()) -> Draw:
    """Bars from 0 on one scale of shares; a thin line is the interval."""
    columns = columns_of(panels)
    wide, full = len(columns) == 1, height(panels)

    def draw(drawing: Figure) -> None:
        drawing.get_layout_engine().set(h_pad=0.02, hspace=0.0, w_pad=0.05)  # type: ignore[union-attr]
        grid = drawing.add_gridspec(1, len(columns))
        for place, column in enumerate(columns):
            spare = full - sum(p.height(wide) for p in column)
            ratios = [p.inner(wide) for p in column] + [max(spare, 0.01)]
            cells = grid[place].subgridspec(len(ratios), 1, height_ratios=ratios)
            drawing.add_subplot(cells[-1]).set_axis_off()
            for panel, cell in zip(column, cells, strict=False):
                _panel(drawing, cell, panel, wide)
        if groups:
            _legend(drawing, {g: _fill(i) for i, g in enumerate(groups)})

    return draw


def _fill(group: int) -> dict[str, str]:
    """Colour, and hatching that tells the groups in grey too."""
    return {"facecolor": COLOURS[group % 4], "hatch": "/" * (4 * group), "edgecolor": "white"}


def _panel(drawing: Figure, cell: object, panel: Panel, wide: bool) -> None:
    ax = drawing.add_subplot(cell)  # type: ignore[call-overload]
    labels, groups = panel.labels(wide), panel.rows["groupe"].nunique()
    place = {text: i for i, text in enumerate(panel.rows["label"].unique())}
    for row in panel.rows.itertuples():
        y = place[row.label] + (row.groupe - (groups - 1) / 2) * 0.8 / groups
        look = _fill(row.groupe) if groups > 1 else {
            "facecolor": COLOURS[0] if row.fort else BAR}
        end = 0.0
        if not pd.isna(row.valeur):
            ax.barh(y, row.valeur, height=0.7 / groups, linewidth=0, **look)
            end = max(row.valeur, row.haut if not pd.isna(row.haut) else 0)
        if not pd.isna(row.bas) and row.haut > row.bas:
            for colour, width in (("white", 2.8), (INK, 1.1)):
                ax.hlines(y, row.bas, row.haut, color=colour, linewidth=width)
        ax.text(end + 0.025, y, row.texte, va="center", fontsize=SMALL,
                color=GREY if row.texte == HIDDEN else INK)
    ax.axvline(0, color=GREY, linewidth=0.8)
    ax.set_yticks(range(len(labels)), ["\n".join(t) for t in labels], fontsize=SMALL,
                  linespacing=0.95)
    ax.set_ylim(len(labels) - 0.5, -0.5)
    ax.set_xlim(0, 1.25 if wide else 1.55)
    ax.set_xticks([])
    ax.tick_params(length=0)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    ax.set_title("\n".join(panel.folded(wide)), fontsize=8.5, fontweight="semibold", pad=3, x=0,
                 loc="left")
    ax.title.set_visible(False)
    ax._left_title.set_in_layout(True)


def _legend(drawing: Figure, entries: Mapping[str, Mapping[str, str]]) -> None:
    several = 2 if sum(map(len, entries)) > 75 else 1
    drawing.legend([Patch(**look) for look in entries.values()], list(entries), fontsize=SMALL,
                   loc="outside upper left", ncols=ceil(len(entries) / several), frameon=False,
                   handlelength=1.2, columnspacing=1.2, borderpad=0)


def colours(modalities: int) -> list[str]:
    """From one end of a scale to the other: darker at the ends, grey in the middle."""
    half = modalities // 2
    low = LOW if half > 1 else LOW[:1]
    high = HIGH if half > 1 else HIGH[1:]
    return [*([low[0]] * (half - len(low))), *low, *([MIDDLE] * (modalities % 2)), *high,
            *([high[-1]] * (half - len(high)))]


@dataclass(frozen=True)
class Scale:
    """One row: the counts of its modalities (None where hidden) out of `base` answers."""

    label: str
    counts: Sequence[int | None]
    base: int


def scale_height(rows: Sequence[Scale], modalities: Sequence[str]) -> float:
    lines = sum(max(2, len(wrap(row.label, 34))) for row in rows)
    return 0.25 + LINE * lines + 0.08 * len(rows) + 0.16 * (sum(map(len, modalities)) > 75)


def diverging(rows: Sequence[Scale], modalities: Sequence[str], small_base: int) -> Draw:
    """Counts on either side of the middle of the scale, with the share of each side.

    A row with a hidden count has no bar: where the middle falls is not known.
    """
    palette = colours(len(modalities))

    def draw(drawing: Figure) -> None:
        ax = drawing.subplots()
        for y, row in enumerate(rows):
            shown = [c for c in row.counts if c is not None]
            if len(shown) < len(row.counts):
                _coded(ax, y, row.counts, palette)
                continue
            half = len(shown) // 2
            middle = shown[half] / 2 if len(shown) % 2 else 0
            left = -(sum(shown[:half]) + middle) / row.base
            if row.base >= small_base:
                for x, side, where in ((-1.03, shown[:half], "right"), (1.03, shown[-half:], "left")):
                    ax.text(x, y, percent(sum(side) / row.base, 0), ha=where, va="center",
                            fontsize=SMALL)
            for count, colour in zip(shown, palette, strict=True):
                width = count / row.base
                ax.barh(y, width, left=left, height=0.62, color=colour, edgecolor="white")
                if count:
                    ax.text(left + width / 2, y, str(count), ha="center", va="center",
                            fontsize=SMALL, color="white" if colour in DARK else "black")
                left += width
        ax.axvline(0, color=GREY, linewidth=0.8, zorder=0)
        ax.set_yticks(range(len(rows)), ["\n".join(wrap(f"{r.label} (n\u00a0=\u00a0{r.base})", 34))
                                         for r in rows], fontsize=SMALL)
        ax.set_ylim(len(rows) - 0.5, -0.5)
        ax.set_xlim(-1.2, 1.2)
        ax.set_xticks([])
        ax.tick_params(length=0)
        for side in ("left", "bottom"):
            ax.spines[side].set_visible(False)
        _legend(drawing, {m: {"facecolor": c} for m, c in zip(modalities, palette, strict=True)})

    return draw


def _coded(ax: object, y: int, counts: Sequence[int | None], palette: Sequence[str]) -> None:
    """The counts one beside the other, each after a square of its colour."""
    for k, (count, colour) in enumerate(zip(counts, palette, strict=True)):
        x = (k - (len(counts) - 1) / 2) * 0.4
        ax.scatter(x - 0.05, y, marker="s", s=26, color=colour, zorder=3)  # type: ignore[attr-defined]
        ax.text(x + 0.02, y, HIDDEN if count is None else str(count), va="center",  # type: ignore[attr-defined]
                fontsize=SMALL, color=GREY if count is None else INK,
                backgroundcolor="white")
