"""Dots: values against a reference, medians with their quartiles."""

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from ...french import NNBSP, number
from ..figure import COLOURS, GREY, PLAIN, SMALL
from .bars import Bars
from .sheet import Draw, length, small_multiples, wrap


def dots(panels: Sequence[Bars], line: float, line_label: str) -> Draw:
    """Dots on one scale against a reference value; rows sorted, as for bars."""
    top = max(line, *(float(max(panel.values)) for panel in panels))

    def paint(ax: Axes, panel: Bars) -> None:
        places = range(len(panel.labels))
        ax.hlines(places, line, panel.values, color=panel.colours, linewidth=1.4)
        ax.scatter(panel.values, places, color=panel.colours, s=34, zorder=3)
        for y, value, text in zip(places, panel.values, panel.told, strict=True):
            right = value >= line
            ax.annotate(
                text,
                (value, y),
                xytext=(6 if right else -6, 0),
                va="center",
                textcoords="offset points",
                ha="left" if right else "right",
            )
        ax.axvline(line, color=GREY, linewidth=0.9)
        ax.text(line + top * 0.02, -0.9, line_label, va="top", color=GREY)
        _names(ax, panel.labels)
        ax.set(xlim=(-top * 0.2, top * 1.25), ylim=(len(places) - 0.4, -0.9))

    height = 0.7 + 0.3 * max(len(panel.labels) for panel in panels)
    left = _room([label for panel in panels for label in panel.labels])
    return small_multiples({panel.title: panel for panel in panels}, paint, height, left)


def ranges(table: pd.DataFrame, panels: Mapping[str, str], labels: Sequence[str]) -> Draw:
    """Median and quartiles by row: columns etape (the panel), label, mediane, q1, q3, n.

    A quartile that is not reached has no end on that side; a row without median says so.
    """
    reached = table[["mediane", "q1", "q3"]].max().max()
    top = float(reached) if pd.notna(reached) else 1.0

    def paint(ax: Axes, rows: pd.DataFrame) -> None:
        for y, label in enumerate(labels):
            row = rows.loc[label]
            if row["n"] == 0 or pd.isna(row["mediane"]):
                text = "pas de dates" if row["n"] == 0 else "non atteinte"
                ax.text(top * 0.02, y, text, va="center", color=GREY)
                continue
            end = row["q3"] if pd.notna(row["q3"]) else top * 1.12
            ax.hlines(y, row["q1"], end, color=PLAIN, linewidth=5)
            ax.scatter(row["mediane"], y, color=COLOURS[0], s=30, zorder=3)
            ax.annotate(
                f"{number(row['mediane'])}{NNBSP}j",
                (row["mediane"], y),
                xytext=(0, 5),
                textcoords="offset points",
                ha="center",
            )
        _names(ax, labels)
        ax.set(xlim=(0, top * 1.15), ylim=(len(labels) - 0.5, -0.7))
        ax.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
        ax.grid(axis="x")

    drawn = {title: table[table["etape"] == key].set_index("label") for key, title in panels.items()}
    return small_multiples(drawn, paint, 0.8 + 0.38 * len(labels), _room(labels), 0.25, shared=True)


def _folded(label: str) -> list[str]:
    return wrap(label, 1.2, SMALL, most=2)


def _room(labels: Sequence[str]) -> float:
    return 0.1 + max(length(line, SMALL) for label in labels for line in _folded(label))


def _names(ax: Axes, labels: Sequence[str]) -> None:
    """Labels of rows from top to bottom, and no scale."""
    ax.set_yticks(range(len(labels)), ["\n".join(_folded(label)) for label in labels])
    ax.set_ylim(max(len(labels), 2) - 0.4, -0.6)
    ax.spines["bottom"].set_visible(False)
    ax.set_xticks([])
