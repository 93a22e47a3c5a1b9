"""Drawings that know nothing of housing: each function returns what `figure` draws.

Every value is labelled where it stands, so that no axis of values and no legend is needed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from .figure import COLOURS, GREY, PALE
from .french import NNBSP, month, number

Draw = Callable[[Figure], None]
SMALL = 8  # points: the smallest type that is printed


@dataclass(frozen=True)
class Bars:
    """One panel of horizontal bars: label, valeur, texte, fort (in colour, else grey)."""

    title: str
    rows: pd.DataFrame


def horizontal_bars(panels: Sequence[Bars]) -> Draw:
    """Panels one beside the other, each with its own labels and scale; bars from 0."""

    def draw(drawing: Figure) -> None:
        axes = drawing.subplots(1, len(panels), squeeze=False)[0]
        for ax, panel in zip(axes, panels, strict=True):
            rows = panel.rows
            top = float(rows["valeur"].max()) or 1.0
            places = range(len(rows))
            colours = [COLOURS[0] if strong else "#A3ACB8" for strong in rows["fort"]]
            ax.barh(places, rows["valeur"], color=colours, height=0.68)
            for y, value, text in zip(places, rows["valeur"], rows["texte"], strict=True):
                ax.text(value + top * 0.02, y, text, va="center", fontsize=SMALL)
            _names(ax, rows["label"], 30 // len(panels) + 8)
            ax.set_xlim(0, top * (1.15 if len(panels) == 1 else 1.35))
            _bare(ax, panel.title)
            ax.spines["bottom"].set_visible(False)
            ax.set_xticks([])

    return draw


def column_grid(
    table: pd.DataFrame, rows: Mapping[str, str], columns: Mapping[str, str],
    years: Sequence[int], partial: int | None,
) -> Draw:
    """Columns by year on one scale: a line of panels for each row, one panel for each column.

    Parameters
    ----------
    table
        Columns annee, ligne, colonne, logements; an absent cell is 0.
    rows, columns
        Key → label, in order.
    partial
        A year not over: drawn paler, with a star on its label.
    """
    values = table.groupby(["ligne", "colonne", "annee"])["logements"].sum()
    top = float(values.max()) if len(values) else 1.0

    def draw(drawing: Figure) -> None:
        axes = drawing.subplots(len(rows), len(columns), squeeze=False)
        for i, (row, row_label) in enumerate(rows.items()):
            for ax, (column, label) in zip(axes[i], columns.items(), strict=True):
                heights = [int(values.get((row, column, year), 0)) for year in years]
                colours = [PALE if year == partial else COLOURS[0] for year in years]
                edges = [COLOURS[0]] * len(years)
                ax.bar(range(len(years)), heights, color=colours, edgecolor=edges, width=0.72,
                       linewidth=0.6)
                for x, height in enumerate(heights):
                    ax.text(x, height + top * 0.04, number(height), ha="center", fontsize=SMALL)
                ax.set_ylim(0, (top or 1) * 1.2)
                ax.set_xlim(-0.6, len(years) - 0.4)
                _bare(ax, label if i == 0 else "")
                ax.set_yticks([])
                crowded = len(years) * len(columns) > 16
                ticks = (_years(years, partial, 2 if crowded else 1) if i == len(rows) - 1
                         else [""] * len(years))
                ax.set_xticks(range(len(years)), ticks, fontsize=SMALL)
                ax.tick_params(length=0)
            axes[i][0].set_ylabel(fill(row_label, 12), rotation=0, ha="right", va="center",
                               fontsize=8.5, labelpad=6)

    return draw


def cumulative(table: pd.DataFrame, panels: Mapping[str, str], strong: int) -> Draw:
    """Share reached by month, a panel a group, year `strong` in colour against grey ones.

    `table` has columns annee, groupe, mois, part_cumulee; an even year is the dashed line.
    """

    def draw(drawing: Figure) -> None:
        axes = drawing.subplots(1, len(panels), squeeze=False, sharey=True)[0]
        for ax, (group, label) in zip(axes, panels.items(), strict=True):
            rows = table[table["groupe"] == group]
            ax.plot([0, 12], [0, 1], color=GREY, linestyle=(0, (4, 3)), linewidth=0.9)
            ax.text(5.4, 0.47, "année régulière", ha="right", fontsize=SMALL, color=GREY)
            for year in sorted(set(rows["annee"]), key=lambda y: (y == strong, y)):
                line = rows[rows["annee"] == year]
                own = year == strong
                ax.plot([0, *line["mois"]], [0, *line["part_cumulee"]],
                        color=COLOURS[0] if own else "#B4BBC4", linewidth=2.2 if own else 1.1)
            if strong in set(rows["annee"]):
                line = rows[(rows["annee"] == strong) & (rows["mois"] == 10)]
                ax.text(10.25, float(line["part_cumulee"].iloc[0]) - 0.02, str(strong),
                        color=COLOURS[0], fontsize=9, fontweight="semibold", va="top")
            _bare(ax, label)
            ax.set_xlim(0, 12)
            ax.set_ylim(0, 1.02)
            ax.set_xticks([m - 0.5 for m in (1, 4, 7, 10, 12)],
                          [month(m) for m in (1, 4, 7, 10, 12)], fontsize=SMALL)
            ax.tick_params(length=0)
            ax.set_yticks([0, 0.25, 0.5, 0.75, 1])
            ax.yaxis.set_major_formatter(PercentFormatter(1, symbol=f"{NNBSP}%"))
            ax.grid(axis="y")

    return draw


def dots(panels: Sequence[Bars], line: float, line_label: str) -> Draw:
    """Dots on one scale against a reference value; `Bars` rows, sorted, as for bars."""
    top = max([line, *(float(p.rows["valeur"].max()) for p in panels)])

    def draw(drawing: Figure) -> None:
        axes = drawing.subplots(1, len(panels), squeeze=False)[0]
        for ax, panel in zip(axes, panels, strict=True):
            rows = panel.rows
            places = range(len(rows))
            colours = [COLOURS[0] if strong else "#8A94A3" for strong in rows["fort"]]
            ax.hlines(places, line, rows["valeur"], color=colours, linewidth=1.4)
            ax.scatter(rows["valeur"], places, color=colours, s=34, zorder=3)
            for y, value, text in zip(places, rows["valeur"], rows["texte"], strict=True):
                right = value >= line
                ax.annotate(text, (value, y), xytext=(6 if right else -6, 0), va="center",
                            textcoords="offset points", ha="left" if right else "right",
                            fontsize=SMALL)
            ax.axvline(line, color=GREY, linewidth=0.9)
            ax.text(line + top * 0.02, -0.9, line_label, va="top", fontsize=SMALL, color=GREY)
            _names(ax, rows["label"], 18)
            ax.set_ylim(len(rows) - 0.4, -0.9)
            ax.set_xlim(-top * 0.2, top * 1.25)
            _bare(ax, panel.title)
            ax.spines["bottom"].set_visible(False)
            ax.set_xticks([])

    return draw


def ranges(table: pd.DataFrame, panels: Mapping[str, str], labels: Sequence[str]) -> Draw:
    """Median and quartiles by row: columns panneau, label, mediane, q1, q3, n.

    A quartile that is not reached has no end on that side; a row without median says so.
    """
    reached = table[["mediane", "q1", "q3"]].max().max()
    top = float(reached) if pd.notna(reached) else 1.0

    def draw(drawing: Figure) -> None:
        axes = drawing.subplots(1, len(panels), squeeze=False, sharey=True)[0]
        for ax, (key, title) in zip(axes, panels.items(), strict=True):
            rows = table[table["panneau"] == key].set_index("label")
            for y, label in enumerate(labels):
                row = rows.loc[label]
                if row["n"] == 0 or pd.isna(row["mediane"]):
                    text = "pas de dates" if row["n"] == 0 else "non atteinte"
                    ax.text(top * 0.02, y, text, va="center", fontsize=SMALL, color=GREY)
                    continue
                end = row["q3"] if pd.notna(row["q3"]) else top * 1.12
                ax.hlines(y, row["q1"], end, color="#9DB2CB", linewidth=5)
                ax.scatter(row["mediane"], y, color=COLOURS[0], s=30, zorder=3)
                ax.annotate(f"{number(row['mediane'])}{NNBSP}j", (row["mediane"], y),
                            xytext=(0, 5), textcoords="offset points", ha="center",
                            fontsize=SMALL)
            _names(ax, pd.Series(list(labels)), 18)
            ax.set_ylim(len(labels) - 0.5, -0.7)
            ax.set_xlim(0, top * 1.15)
            _bare(ax, title)
            ax.tick_params(length=0)
            ax.xaxis.get_major_locator().set_params(nbins=4)
            ax.tick_params(axis="x", labelsize=SMALL)
            ax.grid(axis="x")

    return draw


def _years(years: Sequence[int], partial: int | None, step: int) -> list[str]:
    """Labels of the years, one in `step`, the last one always."""
    last = len(years) - 1
    return [("" if (last - i) % step else f"{year}*" if year == partial else str(year))
            for i, year in enumerate(years)]


def _names(ax: Axes, labels: pd.Series, width: int) -> None:
    """Labels of rows from top to bottom, folded on two lines at most."""
    folded = ["\n".join(fill(" ".join(t.split()), width).split("\n")[:2]) for t in labels]
    ax.set_yticks(range(len(folded)), folded, fontsize=SMALL)
    ax.tick_params(length=0)
    ax.set_ylim(max(len(folded), 2) - 0.4, -0.6)


def _bare(ax: Axes, title: str) -> None:
    ax.set_title(title, fontsize=9, fontweight="semibold", loc="left", pad=5)
    ax.spines["left"].set_visible(False)
    ax.set_axisbelow(True)
