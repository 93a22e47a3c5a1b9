"""Bars from 0: horizontal ones by name, columns by year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ...french import number
from ..figure import COLOURS, GREY, PALE, PLAIN, SIZE, SMALL, WIDTH
from .sheet import GUTTER, HEAD, Draw, length, sheet, wrap


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


def horizontal_bars(panels: Sequence[Bars]) -> Draw:
    """Panels one beside the other, each with its own labels and scale."""
    slot = (WIDTH + GUTTER) / len(panels)
    labels = [[wrap(label, slot * 0.42, SMALL, most=2) for label in panel.labels] for panel in panels]
    pitch = 0.36 if any(len(lines) > 1 for own in labels for lines in own) else 0.28
    head = 0.05 + HEAD * any(panel.title for panel in panels)

    def draw(drawing: Figure) -> None:
        ax = sheet(drawing, head + pitch * max(map(len, labels)))
        for i, (panel, own) in enumerate(zip(panels, labels, strict=True)):
            zero = slot * i + 0.06 + max(length(line, SMALL) for lines in own for line in lines)
            room = slot * (i + 1) - GUTTER - zero - 0.06 - max(length(text, SMALL) for text in panel.told)
            ends = [value * room / (max(panel.values) or 1) for value in panel.values]
            middles = [head + pitch * (j + 0.5) for j in range(len(own))]
            ax.text(slot * i, 0.05, panel.title, size=9, weight="semibold", va="top")
            ax.barh(middles, ends, 0.19, zero, color=panel.colours)
            for y, lines, end, text in zip(middles, own, ends, panel.told, strict=True):
                ax.text(zero - 0.06, y, "\n".join(lines), ha="right", va="center", linespacing=0.95)
                ax.text(zero + end + 0.05, y, text, va="center")

    return draw


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
