"""Bars from 0: horizontal ones by name, columns by year."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import Any, TypeVar

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ...french import number
from ..figure import COLOURS, PALE, PLAIN, SMALL

Draw = Callable[[Figure], None]
P = TypeVar("P")


@dataclass(frozen=True)
class Bars:
    """One panel of rows: label, valeur, texte, fort (in colour, else grey)."""

    title: str
    rows: pd.DataFrame

    @classmethod
    def of(
        cls, title: str, labels: pd.Series, values: pd.Series, strong: Any, texts: Sequence[str] | None = None
    ) -> "Bars":
        """The rows from their columns; without `texts`, the values as they are."""
        return cls(
            title,
            pd.DataFrame(
                {"label": labels, "valeur": values, "texte": texts or [number(v) for v in values], "fort": strong}
            ),
        )

    @property
    def colours(self) -> list[str]:
        return [COLOURS[0] if strong else PLAIN for strong in self.rows["fort"]]


def small_multiples(panels: Mapping[str, P], paint: Callable[[Axes, P], None], **options: Any) -> Draw:
    """Panels one beside the other, each painted under its title."""

    def draw(drawing: Figure) -> None:
        axes = drawing.subplots(1, len(panels), squeeze=False, **options)[0]
        for ax, (title, panel) in zip(axes, panels.items(), strict=True):
            paint(ax, panel)
            bare(ax, title)

    return draw


def horizontal_bars(panels: Sequence[Bars]) -> Draw:
    """Panels each with its own labels and scale."""

    def paint(ax: Axes, panel: Bars) -> None:
        rows = panel.rows
        top = float(rows["valeur"].max()) or 1.0
        ax.barh(range(len(rows)), rows["valeur"], color=panel.colours, height=0.68)
        for y, (value, text) in enumerate(zip(rows["valeur"], rows["texte"], strict=True)):
            ax.text(value + top * 0.02, y, text, va="center", fontsize=SMALL)
        names(ax, rows["label"], 30 // len(panels) + 8)
        ax.set_xlim(0, top * (1.15 if len(panels) == 1 else 1.35))
        no_scale(ax)

    return small_multiples({p.title: p for p in panels}, paint)


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
    top = float(values.max()) if len(values) else 1.0
    places = range(len(years))
    colours = [PALE if year == partial else COLOURS[0] for year in years]
    step = 2 if len(years) * len(columns) > 16 else 1  # one label in two where they crowd
    labels = ["" if (len(years) - 1 - i) % step else f"{year}{'*' * (year == partial)}" for i, year in enumerate(years)]

    def draw(drawing: Figure) -> None:
        axes = drawing.subplots(len(rows), len(columns), squeeze=False)
        for i, (row, row_label) in enumerate(rows.items()):
            for ax, column in zip(axes[i], columns, strict=True):
                heights = [int(values.get((row, column, year), 0)) for year in years]
                ax.bar(places, heights, color=colours, edgecolor=COLOURS[0], width=0.72, linewidth=0.6)
                for x, height in enumerate(heights):
                    ax.text(x, height + top * 0.04, number(height), ha="center", fontsize=SMALL)
                ax.set_ylim(0, (top or 1) * 1.2)
                ax.set_xlim(-0.6, len(years) - 0.4)
                bare(ax, "" if i else column)
                ax.set_yticks([])
                ax.set_xticks(places, labels if i == len(rows) - 1 else [""] * len(years), fontsize=SMALL)
                ax.tick_params(length=0)
            axes[i][0].set_ylabel(fill(row_label, 12), rotation=0, ha="right", va="center", fontsize=8.5, labelpad=6)

    return draw


def names(ax: Axes, labels: Sequence[str], width: int) -> None:
    """Labels of rows from top to bottom, folded on two lines at most."""
    folded = ["\n".join(fill(" ".join(t.split()), width).split("\n")[:2]) for t in labels]
    ax.set_yticks(range(len(folded)), folded, fontsize=SMALL)
    ax.tick_params(length=0)
    ax.set_ylim(max(len(folded), 2) - 0.4, -0.6)


def bare(ax: Axes, title: str) -> None:
    ax.set_title(title, fontsize=9, fontweight="semibold", loc="left", pad=5)
    ax.spines["left"].set_visible(False)
    ax.set_axisbelow(True)


def no_scale(ax: Axes) -> None:
    ax.spines["bottom"].set_visible(False)
    ax.set_xticks([])
