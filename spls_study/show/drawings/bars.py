"""Bars from 0: horizontal ones by name, columns by year."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import Any, TypeVar

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ...french import number
from ..figure import COLOURS, GREY, PALE, PLAIN, SIZE, WIDTH
from .sheet import length, sheet

Draw = Callable[[Figure], None]
P = TypeVar("P")


@dataclass(frozen=True)
class Bars:
    """One panel of rows: those that are `strong` in colour, the others in grey; without `texts`, their values."""

    title: str
    labels: Sequence[str]
    values: Sequence[float]
    strong: Sequence[bool]
    texts: Sequence[str] = ()

    @property
    def told(self) -> Sequence[str]:
        return self.texts or [number(value) for value in self.values]

    @property
    def colours(self) -> list[str]:
        return [COLOURS[0] if strong else PLAIN for strong in self.strong]


def small_multiples(
    panels: Mapping[str, P], paint: Callable[[Axes, P], None], height: float = 2.6, **options: Any
) -> Draw:
    """Panels one beside the other, each painted under its title."""

    def draw(drawing: Figure) -> None:
        drawing.set_figheight(height)
        axes = drawing.subplots(1, len(panels), squeeze=False, **options)[0]
        for ax, (title, panel) in zip(axes, panels.items(), strict=True):
            ax.set_title(title)
            paint(ax, panel)

    return draw


def horizontal_bars(panels: Sequence[Bars]) -> Draw:
    """Panels each with its own labels and scale."""
    width = 30 // len(panels) + 8
    folded = any(len(label) > width for panel in panels for label in panel.labels)

    def paint(ax: Axes, panel: Bars) -> None:
        drawn = ax.barh(range(len(panel.labels)), panel.values, color=panel.colours, height=0.68)
        ax.bar_label(drawn, panel.told, padding=3)
        names(ax, panel.labels, width)
        ax.set_xlim(0, (float(max(panel.values)) or 1.0) * (1.15 if len(panels) == 1 else 1.35))

    height = 0.55 + (0.36 if folded else 0.28) * max(len(panel.labels) for panel in panels)
    return small_multiples({panel.title: panel for panel in panels}, paint, height)


def column_grid(
    table: pd.DataFrame, rows: Mapping[str, str], columns: Sequence[str], years: Sequence[int], partial: int | None
) -> Draw:
    """Columns by year on one scale: a line of panels for each row, one panel for each column.

    Parameters
    ----------
    table
        Columns annee, ligne, colonne, logements; an absent cell is 0.
    rows
        Key → label, in order.
    partial
        A year not over: drawn paler, with a star on its label.
    """
    values = table.groupby(["ligne", "colonne", "annee"])["logements"].sum()
    inch = 0.6 / (float(values.max()) or 1.0 if len(values) else 1.0)
    colours = [PALE if year == partial else COLOURS[0] for year in years]
    step = 2 if len(years) * len(columns) > 16 else 1  # one label in two where they crowd
    labels = ["" if (len(years) - 1 - i) % step else f"{year}{'*' * (year == partial)}" for i, year in enumerate(years)]
    heads = {row: fill(label, 12) for row, label in rows.items()}
    left = 0.15 + max(length(line, SIZE) for head in heads.values() for line in head.split("\n"))
    width = (WIDTH - left) / len(columns)
    pitch = (width - 0.12) / len(years)

    def panel(ax: Axes, x: float, y: float, heights: Sequence[int]) -> None:
        middles = [x + pitch * (i + 0.5) for i in range(len(years))]
        tops = [-height * inch for height in heights]
        ax.bar(middles, tops, pitch * 0.72, y, color=colours, edgecolor=COLOURS[0], linewidth=0.6)
        ax.hlines(y, x, x + pitch * len(years), color=GREY, linewidth=0.8)
        for middle, top, height in zip(middles, tops, heights, strict=True):
            ax.text(middle, y + top - 0.03, number(height), ha="center", va="bottom")

    def draw(drawing: Figure) -> None:
        ax = sheet(drawing, 0.45 + 0.85 * len(rows))
        for i, column in enumerate(columns):
            ax.text(left + width * i, 0.08, column, size=9, weight="semibold", va="center")
            for j, row in enumerate(rows):
                heights = [int(values.get((row, column, year), 0)) for year in years]
                panel(ax, left + width * i, 0.2 + 0.85 * (j + 1), heights)
            for k, label in enumerate(labels):
                ax.text(left + width * i + pitch * (k + 0.5), 0.35 + 0.85 * len(rows), label, ha="center", va="center")
        for j, head in enumerate(heads.values()):
            ax.text(left - 0.08, 0.85 * (j + 1) - 0.1, head, size=SIZE, ha="right", va="center")

    return draw


def names(ax: Axes, labels: Sequence[str], width: int) -> None:
    """Labels of rows from top to bottom, folded on two lines at most, and no scale."""
    folded = [fill(" ".join(text.split()), width, max_lines=2, placeholder="\u00a0…") for text in labels]
    ax.set_yticks(range(len(folded)), folded)
    ax.set_ylim(max(len(folded), 2) - 0.4, -0.6)
    ax.spines["bottom"].set_visible(False)
    ax.set_xticks([])
