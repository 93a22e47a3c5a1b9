"""The house's theme over seaborn, what its charts have in common, and a figure as the SVG that is published."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from textwrap import fill

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from .french import NNBSP, number, percent
from .show import canvas
from .show.canvas import STYLE, Drawn
from .show.drawings.sheet import CLEAR
from .show.palette import COLOURS, GREY, INK, PALE, PLAIN, SIZE, SMALL, WIDTH

__all__ = ["CLEAR", "COLOURS", "GREY", "INK", "PALE", "PLAIN", "WIDTH"]
STRONG = COLOURS[0]
HALF = 0.484 * WIDTH  # inches: two drawings side by side
LONGEST_NAME = 34  # characters of a line of a row's name
# Seaborn gives sizes of its own to what these do not name.
SIZES = dict.fromkeys(("xtick.labelsize", "ytick.labelsize", "axes.labelsize", "legend.fontsize"), SMALL)
LINES = {
    "axes.linewidth": 0.8,
    "lines.linewidth": 1.6,
    "patch.linewidth": 0.0,
    "xtick.bottom": False,
    "ytick.left": False,
}


def style() -> None:
    """Set the theme: font, sizes, colours that survive colour-blindness and grey printing, few lines."""
    sns.set_theme(style="white", palette=COLOURS, rc={**STYLE, **SIZES, **LINES})


def svgs(figure: Figure) -> tuple[str, str]:
    """The figure as SVG, then for a phone, empty if the first is as narrow; the figure is closed."""
    plt.close(figure)
    return canvas.svgs(figure)


def drawn(draw: Callable[[Figure], None]) -> Figure:
    """What seaborn cannot draw, as a figure like another."""
    return Drawn(draw)


def grid(
    rows: Sequence[str], columns: Sequence[str], height: float = 0.85, left: float = 0.95
) -> tuple[Figure, Iterator[tuple[Axes, str, str]]]:
    """Small multiples on one scale, a line of axes for each row, names at the edges.

    Parameters
    ----------
    rows, columns
        Names, in order.
    height, left
        Inches of a line, and of the names on its left.

    Returns
    -------
    The figure, and its axes with their row and column, from left to right and from top to bottom.

    Examples
    --------
    >>> figure, places = grid(["Vienne"], ["PLUS", "PLS"])
    >>> [(row, column) for _, row, column in places]
    [('Vienne', 'PLUS'), ('Vienne', 'PLS')]
    """
    head, foot = 0.42, 0.25
    whole = head + height * len(rows) + foot
    places = {
        "left": left / WIDTH,
        "right": 0.985,
        "top": 1 - head / whole,
        "bottom": foot / whole,
        "wspace": 0.08,
        "hspace": 0.3,
    }
    figure, axes = plt.subplots(
        len(rows),
        len(columns),
        figsize=(WIDTH, whole),
        sharex=True,
        sharey=True,
        squeeze=False,
        layout="none",
        gridspec_kw=places,
    )
    for ax, name in zip(axes[0], columns, strict=True):
        ax.set_title(name, pad=9)
    for ax, name in zip(axes[:, 0], rows, strict=True):
        ax.annotate(
            fill(name, 13),
            (0, 0.25),
            xytext=(-6, 0),
            size=SIZE,
            xycoords="axes fraction",
            textcoords="offset points",
            ha="right",
            va="center",
        )
    names = [(row, column) for row in rows for column in columns]
    return figure, ((ax, *name) for ax, name in zip(axes.flat, names, strict=True))


def bars(ax: Axes, texts: Callable[[float], str] | Sequence[str] = number) -> None:
    """Horizontal bars as the house has them: a number at each end, names in two lines at most, no scale."""
    for drawn in ax.containers:
        if callable(texts):
            ax.bar_label(drawn, fmt=texts, padding=3)  # type: ignore[arg-type]
        else:
            ax.bar_label(drawn, labels=list(texts), padding=3)  # type: ignore[arg-type]
    names = [fill(label.get_text(), LONGEST_NAME, max_lines=2, placeholder="…") for label in ax.get_yticklabels()]
    ax.set_yticks(ax.get_yticks(), names)
    ax.set(xlabel="", ylabel="", xticks=[])
    ax.spines["bottom"].set_visible(False)
    ax.margins(x=0.14)


def unfinished(ax: Axes, years: Sequence[int], year: int | None) -> None:
    """Columns by year: the year under way paler, with a star; one year in two is named."""
    labels = [f"{y}{'*' * (y == year)}" if (len(years) - 1 - i) % 2 == 0 else "" for i, y in enumerate(years)]
    ax.set_xticks(range(len(years)), labels)
    for patch in ax.patches:
        middle = round(patch.get_x() + patch.get_width() / 2)  # type: ignore[attr-defined]
        if year is not None and years[middle] == year:
            patch.set(facecolor=PALE, edgecolor=STRONG, linewidth=0.6)


def shares(ax: Axes) -> None:
    """A vertical scale of shares, in per cent, with its lines."""
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=f"{NNBSP}%"))
    ax.grid(axis="y")


def line_ends(ax: Axes, rows: pd.DataFrame, x: str, y: str, name: str, colours: Mapping[str, str]) -> None:
    """Names and shares at the ends of lines, in place of a legend, pushed apart where they would touch."""
    gap, last = 0.075 * ax.get_ylim()[1], -1.0
    for _, row in rows.sort_values([y, name]).iterrows():
        last = max(row[y], last + gap)
        strong = colours[row[name]] == STRONG
        ax.annotate(
            f"{row[name]} {percent(row[y], 0)}",
            (row[x], last),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            color=STRONG if strong else GREY,
            weight="semibold" if strong else "normal",
            annotation_clip=False,
        )
