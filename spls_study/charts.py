"""The house's theme over seaborn, what its charts have in common, and a figure as the SVG that is published."""

import io
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from itertools import accumulate, product
from textwrap import fill
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Patch
from matplotlib.textpath import TextToPath
from matplotlib.ticker import PercentFormatter

from notebook_reports.french import NNBSP, number

from .show.drawings.sheet import CLEAR, LINE, length, wrap
from .show.narrow import before, fold
from .show.palette import COLOURS, FAMILY, GREY, INK, NARROW, PALE, PLAIN, SMALL, WIDTH

__all__ = ["CLEAR", "COLOURS", "GREY", "INK", "PALE", "PLAIN", "WIDTH"]
STRONG = COLOURS[0]
HALF = 0.484 * WIDTH  # inches: two drawings side by side
ANSWERS = {  # what a bar of answers stands for → its colour; from one end of a scale to the other, then its ink
    **{"tete": STRONG, "reste": PLAIN, "bas2": COLOURS[2], "bas1": "#C77BA0", "milieu": PLAIN},
    **{"haut1": "#5B8FC7", "haut2": STRONG},
}
ON_DARK = ("bas2", "haut2")
PITCH, BAR = 0.27, 0.115  # inches from one column of marks to the next, and of the thickness of a bar
UNNAMED: dict[str, Any] = {"xlabel": " ", "ylabel": " "}  # without a name, seaborn makes all marks to know if they show
LONGEST_NAME = 34  # characters of a line of a row's name
STYLE: dict[Any, Any] = {
    "font.family": FAMILY,
    "svg.fonttype": "none",
    "svg.hashsalt": "spls",
    "text.parse_math": False,  # a dollar in a name is a dollar
    # Seaborn gives sizes of its own to what these do not name.
    **dict.fromkeys(("font.size", "xtick.labelsize", "ytick.labelsize", "axes.labelsize", "legend.fontsize"), SMALL),
    **dict.fromkeys(("figure.facecolor", "axes.facecolor"), "none"),  # the page lies behind, white or dark
    **dict.fromkeys(("text.color", "axes.labelcolor", "xtick.color", "ytick.color"), INK),
    **dict.fromkeys(("axes.spines.left", "axes.spines.top", "axes.spines.right"), False),
    **dict.fromkeys(("xtick.major.size", "ytick.major.size", "patch.linewidth"), 0),
    "axes.edgecolor": GREY,
    "axes.linewidth": 0.8,
    "axes.titlesize": 9,
    "axes.titlelocation": "left",
    "axes.titlepad": 5,
    "axes.titley": 1.0,  # found by nobody: looking for marks above it takes a sixth of the time of a figure
    "axes.titleweight": "semibold",
    "legend.frameon": False,
    "legend.handlelength": 1.3,
    "legend.columnspacing": 1.2,
    "grid.color": PALE,
    "grid.linewidth": 0.6,
    "lines.linewidth": 1.6,
    "figure.constrained_layout.use": True,  # for who does not draw by the inch
}
# Without metadata: they hold the clock, and RDF that is no valid HTML.
_NOTHING: Any = dict.fromkeys(("Date", "Creator", "Format", "Type"))
_extent = lru_cache(maxsize=None)(TextToPath().get_text_width_height_descent)
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def style() -> None:
    """Set the theme: font, sizes, colours that survive colour-blindness and grey printing, few lines."""
    sns.set_theme(style="white", palette=COLOURS, rc=STYLE)


class Drawn(Figure):
    """What seaborn cannot draw, as a figure like another; it heeds its width, and can be drawn again for a phone."""

    def __init__(self, draw: Callable[[Figure], None], width: float = WIDTH) -> None:
        super().__init__(figsize=(width, 2.6))
        self.set_layout_engine("none")
        self.again = draw
        draw(self)


def svgs(figure: Figure) -> tuple[str, str]:
    """The figure as SVG, then for a phone, empty if the first is as narrow; the figure is closed."""
    plt.close(figure)
    wide = _svg(figure)
    if figure.get_figwidth() <= NARROW:
        return wide, ""
    if isinstance(figure, Drawn):
        return wide, _svg(Drawn(figure.again, NARROW))
    fold(figure)
    return wide, _svg(figure)


class _Renderer(RendererSVG):
    """Measures a text once: matplotlib does so anew for each layout and each drawing, which doubles their time."""

    def get_text_width_height_descent(self, s: str, prop: FontProperties, ismath: Any) -> tuple[float, float, float]:
        return _extent(s, prop.copy(), ismath)


class _Canvas(FigureCanvasSVG):
    def __init__(self, figure: Figure) -> None:
        super().__init__(figure)
        figure.dpi = 72
        width, height = 72 * figure.get_size_inches()
        self.written = io.StringIO()
        self._renderer = _Renderer(width, height, self.written, metadata=_NOTHING)  # type: ignore[no-untyped-call]

    def get_renderer(self) -> _Renderer:
        """Also that of the layout, for which matplotlib would make another."""
        return self._renderer


def _svg(figure: Figure) -> str:
    """The figure as SVG without prolog, text kept as text, the same bytes each time.

    Its identifiers begin with a digest of it: several figures share one page.
    """
    # Not `savefig`, which draws everything a first time for a layout that drawing makes anyway.
    canvas = _Canvas(figure)
    figure.draw(canvas.get_renderer())
    canvas.get_renderer().finalize()  # type: ignore[no-untyped-call]
    text = _NOT_XML.sub(" ", canvas.written.getvalue())
    body = text[text.index("<svg") :].strip()
    own = f"f{sha256(body.encode()).hexdigest()[:8]}-"
    return re.sub(r'(\bid="|url\(#|href="#)', lambda found: found.group(1) + own, body)


def grid(rows: Sequence[str], columns: Sequence[str]) -> tuple[Figure, Iterator[tuple[Axes, str, str]]]:
    """Small multiples on one scale, a line of axes for each row, names at the edges.

    Returns the figure, and its axes with their row and column, from left to right and from top to bottom.

    >>> figure, places = grid(["Vienne"], ["PLUS", "PLS"])
    >>> [(row, column) for _, row, column in places]
    [('Vienne', 'PLUS'), ('Vienne', 'PLS')]
    """
    head, high, left, foot = 0.42, 0.85, 0.95, 0.25  # inches: of the names, of a line
    whole = head + high * len(rows) + foot
    where = {"left": left / WIDTH, "right": 0.985, "top": 1 - head / whole, "bottom": foot / whole}
    figure, axes = plt.subplots(
        len(rows), len(columns), figsize=(WIDTH, whole), sharex=True, sharey=True, squeeze=False, layout="none",
        gridspec_kw={**where, "wspace": 0.08, "hspace": 0.3},
    )  # fmt: skip
    plt.setp([*axes.flat], **UNNAMED)
    for ax, name in zip(axes[0], columns, strict=True):
        ax.set_title(name, pad=9)
    for ax, name in zip(axes[:, 0], rows, strict=True):
        before(ax, fill(name, 13))
    names = product(rows, columns)
    return figure, ((ax, *name) for ax, name in zip(axes.flat, names, strict=True))


def panel(
    names: Sequence[str], heads: Sequence[int], columns: Sequence[str], key: Mapping[str, str], barred: bool
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
    barred
        Whether there are bars.

    Returns
    -------
    The figure, the axes of the bars, those of the marks (the same, without `columns`), and the height of each row.
    """
    marks = (PITCH if barred else 1.2 * PITCH) * len(columns)
    most = (1.42 if len(columns) > 2 else 1.7) if barred else HALF - marks - 0.06
    wide = 0.94 * HALF  # of a text in semibold, measured as if it were not
    lines = [wrap(name, wide if i in heads else most, SMALL, most=9) for i, name in enumerate(names)]
    widths = [length(line, SMALL) for i, own in enumerate(lines) if i not in heads for line in own]
    left = (max(widths, default=0) + 0.06) if barred else most
    across = (len(key) or 1) if sum(length(name, SMALL) + 0.3 for name in key.values()) < HALF else 2
    top = 0.16 * bool(columns) + (0.165 * -(-len(key) // across) + 0.06) * bool(key)
    heights = [LINE * len(own) + 0.03 for own in lines]
    *starts, bottom = accumulate(heights, initial=top)
    places = pd.Series([start + height / 2 for start, height in zip(starts, heights, strict=True)])
    figure = plt.figure(figsize=(HALF, bottom), layout="none")
    where = (HALF - marks) / HALF
    ax = figure.add_axes((left / HALF, 0, where - left / HALF, 1), ylim=(bottom, 0))
    ax.set(**UNNAMED)
    side = figure.add_axes((where, 0, marks / HALF, 1), ylim=(bottom, 0), facecolor="none") if columns else ax
    for i, (y, own) in enumerate(zip(places, lines, strict=True)):
        aside = i not in heads and barred
        ax.annotate(
            "\n".join(own), (0, y), xytext=(-3.6 if aside else (0.08 * (i not in heads) - left) * 72, 0),
            xycoords=("axes fraction", "data"), textcoords="offset points", ha="right" if aside else "left",
            va="center", linespacing=1.0, weight="semibold" if i in heads else "normal",
        )  # fmt: skip
    for i, name in enumerate(columns):
        side.text(i, top - 0.04, name, ha="center", weight="semibold")
    if columns:
        side.set(**UNNAMED, xlim=(-0.5, len(columns) - 0.5))
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
    starts = dict(told["x"])
    if len(bars):
        marks = {} if ticks is None else dict(zip(ticks["y"], ticks["bout"], strict=True))
        least, most = min(bars["bout"].min(), 0), max([bars["bout"].max(), 0.01, *marks.values()])
        width = ax.get_position().width * HALF
        inch = most / (width - max(widths.values(), default=0.02))
        for i, word in ends.iterrows():
            if -0.02 <= (marks.get(word["y"], math.inf) - word["x"]) / inch <= widths[i]:
                starts[i] = marks[word["y"]]
        room = max((starts[i] / inch + widths[i] for i in widths), default=0)
        ax.vlines(0, places.iloc[0] - BAR, places.iloc[-1] + BAR, GREY, linewidth=0.8)
        ax.set_xlim(1.01 * least, inch * max(width, room))
    for i, word in told.iterrows():
        at_end, shade = i in widths, word["teinte"]
        ax.annotate(
            word["texte"], (starts[i], places[word["y"]]), xytext=(3 if at_end else 0, 0), textcoords="offset points",
            ha="left" if at_end else "center", va="center", annotation_clip=False,
            color="white" if shade in ON_DARK else "black" if shade else INK,
        )  # fmt: skip


def bars(ax: Axes, texts: Callable[[float], str] | Sequence[str] = number) -> None:
    """Horizontal bars as the house has them: a number at each end, names in two lines at most, no scale."""
    for bar in ax.containers:
        told: dict[str, Any] = {"fmt": texts} if callable(texts) else {"labels": [*texts]}
        ax.bar_label(bar, padding=3, **told)  # type: ignore[arg-type]
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
        if years[middle] == year:
            patch.set(facecolor=PALE, edgecolor=STRONG, linewidth=0.6)


def shares(ax: Axes) -> None:
    """A vertical scale of shares, in per cent, with its lines."""
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=f"{NNBSP}%"))
    ax.grid(axis="y")
