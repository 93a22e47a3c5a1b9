"""Bars from 0: horizontal ones by name, columns by year."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import Any, TypeVar

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ...french import number
from ..figure import COLOURS, PALE, PLAIN, SIZE

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
            ax.set_title(title)
            paint(ax, panel)

    return draw


def horizontal_bars(panels: Sequence[Bars]) -> Draw:
    """Panels each with its own labels and scale."""

    def paint(ax: Axes, panel: Bars) -> None:
        rows = panel.rows
        top = float(rows["valeur"].max()) or 1.0
        drawn = ax.barh(range(len(rows)), rows["valeur"], color=panel.colours, height=0.68)
        ax.bar_label(drawn, rows["texte"], padding=3)
        names(ax, rows["label"], 30 // len(panels) + 8)
        ax.set_xlim(0, top * (1.15 if len(panels) == 1 else 1.35))

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
    colours = [PALE if year == partial else COLOURS[0] for year in years]
    step = 2 if len(years) * len(columns) > 16 else 1  # one label in two where they crowd
    labels = ["" if (len(years) - 1 - i) % step else f"{year}{'*' * (year == partial)}" for i, year in enumerate(years)]

    def draw(drawing: Figure) -> None:
        axes = drawing.subplots(len(rows), len(columns), squeeze=False)
        for line, row in zip(axes, rows, strict=True):
            for ax, column in zip(line, columns, strict=True):
                heights = [int(values.get((row, column, year), 0)) for year in years]
                drawn = ax.bar(range(len(years)), heights, color=colours, edgecolor=COLOURS[0], width=0.72, lw=0.6)
                ax.bar_label(drawn, list(map(number, heights)), padding=1.5)
                ax.set(xlim=(-0.6, len(years) - 0.4), ylim=(0, (top or 1) * 1.2), xticks=[], yticks=[])
            line[0].set_ylabel(fill(rows[row], 12), rotation=0, ha="right", va="center", fontsize=SIZE, labelpad=6)
        for ax, column in zip(axes[0], columns, strict=True):
            ax.set_title(column)
        for ax in axes[-1]:
            ax.set_xticks(range(len(years)), labels)

    return draw


def names(ax: Axes, labels: Sequence[str], width: int) -> None:
    """Labels of rows from top to bottom, folded on two lines at most, and no scale."""
    folded = ["\n".join(fill(" ".join(t.split()), width).split("\n")[:2]) for t in labels]
    ax.set_yticks(range(len(folded)), folded)
    ax.set_ylim(max(len(folded), 2) - 0.4, -0.6)
    ax.spines["bottom"].set_visible(False)
    ax.set_xticks([])
