"""The house's theme over seaborn, what its charts have in common, and a figure as the SVG that is published."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate
from textwrap import fill

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import PercentFormatter

from notebook_reports.french import NNBSP, number

from .show import canvas
from .show.canvas import STYLE, Drawn
from .show.drawings.sheet import CLEAR, LINE, length, wrap
from .show.palette import COLOURS, GREY, INK, PALE, PLAIN, SIZE, SMALL, WIDTH

__all__ = ["CLEAR", "COLOURS", "GREY", "INK", "PALE", "PLAIN", "WIDTH"]
STRONG = COLOURS[0]
HALF = 0.484 * WIDTH  # inches: two drawings side by side
ANSWERS = {  # what a bar of answers stands for → its colour; from one end of a scale to the other, then its ink
    **{"tete": STRONG, "reste": PLAIN, "bas2": COLOURS[2], "bas1": "#C77BA0", "milieu": PLAIN},
    **{"haut1": "#5B8FC7", "haut2": STRONG},
}
ON_DARK = ("bas2", "haut2")
PITCH, BAR = 0.27, 0.115  # inches from one column of marks to the next, and of the thickness of a bar
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


def panel(
    names: Sequence[str], heads: Sequence[int], columns: Sequence[str], key: Mapping[str, str], drawn: bool
) -> tuple[Figure, Axes, Axes, pd.Series]:
    """Rows at half the width: their names, never cut, room for bars, a column of marks for each of `columns`.

    Parameters
    ----------
    names
        Of the rows, from the top.
    heads
        Rows that name those that follow, as wide as the panel.
    key
        A colour of `ANSWERS` → what it stands for, above the bars.
    drawn
        Whether there are bars.

    Returns
    -------
    The figure, the axes of the bars, those of the marks (the same, without `columns`), and the height of each row.
    """
    marks = (PITCH if drawn else 1.2 * PITCH) * len(columns)
    most = (1.42 if len(columns) > 2 else 1.7) if drawn else HALF - marks - 0.06
    wide = 0.94 * HALF  # of a text in semibold, measured as if it were not
    lines = [wrap(name, wide if i in heads else most, SMALL, most=9) for i, name in enumerate(names)]
    widths = [length(line, SMALL) for i, own in enumerate(lines) if i not in heads for line in own]
    left = (max(widths, default=0) + 0.06) if drawn else most
    across = (len(key) or 1) if sum(length(name, SMALL) + 0.3 for name in key.values()) < HALF else 2
    top = 0.16 * bool(columns) + (0.165 * -(-len(key) // across) + 0.06) * bool(key)
    heights = [LINE * len(own) + 0.03 for own in lines]
    *starts, bottom = accumulate(heights, initial=top)
    places = pd.Series([start + height / 2 for start, height in zip(starts, heights, strict=True)])
    figure = plt.figure(figsize=(HALF, bottom), layout="none")
    where = (HALF - marks) / HALF
    ax = figure.add_axes((left / HALF, 0, where - left / HALF, 1), ylim=(bottom, 0))
    ax.set(xlabel=" ", ylabel=" ")  # seaborn, where it finds none, makes all the marks of the axis to know if they show
    side = figure.add_axes((where, 0, marks / HALF, 1), ylim=(bottom, 0), facecolor="none") if columns else ax
    for i, (y, own) in enumerate(zip(places, lines, strict=True)):
        aside = i not in heads and drawn
        ax.annotate(
            "\n".join(own),
            (0, y),
            xycoords=("axes fraction", "data"),
            xytext=(-3.6 if aside else (0.08 * (i not in heads) - left) * 72, 0),
            textcoords="offset points",
            ha="right" if aside else "left",
            va="center",
            linespacing=1.0,
            weight="semibold" if i in heads else "normal",
        )
    for i, name in enumerate(columns):
        side.text(i, top - 0.04, name, ha="center", weight="semibold")
    if columns:
        side.set(xlabel=" ", ylabel=" ", xlim=(-0.5, len(columns) - 0.5))
    if key:
        patches = [Patch(facecolor=ANSWERS[shade]) for shade in key]
        figure.legend(
            patches, [*key.values()], loc="upper left", ncols=across, borderpad=0, handlelength=0.8, borderaxespad=0,
            columnspacing=0.8, handletextpad=0.4,
        )  # fmt: skip
    return figure, ax, side, places


def thickness(places: pd.Series) -> float:
    """Of bars at these heights, as seaborn has it: a share of the least distance between two."""
    return BAR / (float(places.diff().min()) if len(places) > 1 else 1)


def words(
    ax: Axes, told: pd.DataFrame, bars: pd.DataFrame, places: pd.Series, ticks: pd.DataFrame | None = None
) -> None:
    """What stands on bars and at their ends, with room for it; no scale, a line where bars begin.

    Parameters
    ----------
    told
        y, x, texte, teinte: that of the bar that it stands on, empty at the end of one.
    bars
        bout: where each ends, from 0.
    places
        Height of each row.
    ticks
        y, bout: marks that no word may stand on.
    """
    ax.set(xlabel="", ylabel="", xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    ends = told[(told["teinte"] == "") & (len(bars) > 0)]
    widths = {i: length(text, SMALL) + 0.08 for i, text in ends["texte"].items()}
    starts, inch = dict(told["x"]), 1.0
    if len(bars):
        least, most = min(bars["bout"].min(), 0), max(bars["bout"].max(), 0.01)
        tick = {} if ticks is None else dict(zip(ticks["y"], ticks["bout"], strict=True))
        most = max([most, *tick.values()])
        width = ax.get_position().width * HALF
        inch = most / (width - max(widths.values(), default=0.02))
        for i, word in ends.iterrows():
            if -0.02 <= (tick.get(word["y"], math.inf) - word["x"]) / inch <= widths[i]:
                starts[i] = tick[word["y"]]
        room = max((starts[i] / inch + widths[i] for i in widths), default=0)
        ax.vlines(0, places.iloc[0] - BAR, places.iloc[-1] + BAR, GREY, linewidth=0.8)
        ax.set_xlim(1.01 * least, inch * max(width, room))
    for i, word in told.iterrows():
        ax.annotate(
            word["texte"],
            (starts[i], places[word["y"]]),
            xytext=(3 if i in widths else 0, 0),
            textcoords="offset points",
            ha="left" if i in widths else "center",
            va="center",
            color="white" if word["teinte"] in ON_DARK else "black" if word["teinte"] else INK,
            annotation_clip=False,
        )


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
