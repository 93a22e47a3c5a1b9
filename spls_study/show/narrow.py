"""A chart as seaborn drew it on the width of a page, folded for that of a phone.

Type keeps its size: names of rows take more lines, panels side by side come one under the other, the cells of
a matrix get the names of their rows above them.
"""

from itertools import product
from textwrap import fill
from typing import Any

from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec, SubplotSpec
from matplotlib.legend import Legend
from matplotlib.patches import Rectangle
from matplotlib.text import Annotation

from .palette import NARROW, SIZE

LINE = 0.14  # inches from one line of text to the next
NAME = 22  # characters of a line of a row's name
A_CHARACTER = 0.068  # inches, on average
ACROSS = 2  # columns of small multiples


def fold(figure: Figure) -> None:
    """Give the figure its narrow width, and its axes the places that this leaves them."""
    placed = [(ax, spec) for ax in figure.axes if (spec := ax.get_subplotspec()) is not None]
    if figure.get_layout_engine() is None:
        _blocks(figure, {(spec.rowspan.start, spec.colspan.start): ax for ax, spec in placed}, placed[0][1])
        return
    figure.set_figwidth(NARROW)
    placed.sort(key=lambda one: (one[1].colspan.start, one[1].rowspan.start))
    heights = []
    for ax, spec in placed:
        ratios: Any = spec.get_gridspec().get_height_ratios()
        own = figure.get_figheight() * sum(ratios[line] for line in spec.rowspan) / sum(ratios)
        matrix = next((c for c in ax.collections if isinstance(c, QuadMesh)), None)
        heights.append(_matrix(ax, matrix) if matrix else max(own, _names(ax)))
        ax.set_title(fill(ax.get_title("left"), int(NARROW / A_CHARACTER)), loc="left")
    figure.set_figheight(sum(heights) + sum(_keys(figure, legend) for legend in [*figure.legends]))
    column = GridSpec(len(placed), 1, figure=figure, height_ratios=heights)
    for line, (ax, _) in enumerate(placed):
        ax.set_subplotspec(column[line, 0])
        ax.tick_params(labelleft=True)
    for ax, _ in placed:
        _thin(ax)


def before(ax: Axes, name: str) -> None:
    """The name of a row of small multiples, on the left of its axes."""
    ax.annotate(
        name, (0, 0.25), xytext=(-6, 0), size=SIZE, xycoords="axes fraction", textcoords="offset points", ha="right",
        va="center",
    )  # fmt: skip


def _keys(figure: Figure, legend: Legend) -> float:
    """Put the keys under the figure one under the other where their line is too long; the inches that this adds."""
    texts = [text.get_text() for text in legend.get_texts()]
    if sum(len(text) + 5 for text in texts) * A_CHARACTER < NARROW:
        return 0.0
    legend.remove()
    handles = [handle for handle in legend.legend_handles if handle is not None]
    figure.legend(handles, texts, loc="outside lower center", frameon=False)
    return LINE * 1.3 * (len(texts) - 1)


def _lines(texts: list[str]) -> int:
    """Of the longest."""
    return max((text.count("\n") + 1 for text in texts), default=0)


def _names(ax: Axes) -> float:
    """Break the names of rows; the height that all rows then need."""
    texts = [label.get_text() for label in ax.get_yticklabels()]
    if not any(map(str.isalpha, "".join(texts))):
        return 0.0
    broken = [fill(text, NAME) for text in texts]
    ax.set_yticks(ax.get_yticks(), broken)
    return (_lines(broken) * LINE + 0.06) * len(texts) + 0.2


def _thin(ax: Axes) -> None:
    """Leave out every other label of a horizontal scale whose labels would touch."""
    ticks, texts = ax.get_xticks(), [label.get_text() for label in ax.get_xticklabels()]
    room = NARROW * 0.75 / A_CHARACTER
    if any(texts) and sum(len(text) + 1 for text in texts) > room and _lines(texts) == 1:
        ax.set_xticks(ticks, [text if (len(texts) - 1 - i) % 2 == 0 else "" for i, text in enumerate(texts)])


def _matrix(ax: Axes, mesh: QuadMesh) -> float:
    """Cells that are read across the whole width, under the name of their row; the height in inches."""
    values: Any = mesh.get_array()
    rows, columns = values.shape
    width = int(NARROW / columns / A_CHARACTER)
    texts = [text for text in ax.texts if text.get_text()]
    for text in texts:
        text.set_text(fill(text.get_text(), width))
    high = LINE * (max(_lines([text.get_text() for text in texts]), 1) + 1) + 0.06
    name = (LINE + 0.03) / high  # its share of the row
    colours: Any = mesh.to_rgba(values).reshape(rows, columns, 4)
    for row, column in product(range(rows), range(columns)):
        ax.add_patch(Rectangle((column, row + name), 1, 1 - name, fc=colours[row, column], ec="white", lw=1))
    mesh.remove()
    for text in texts:
        x, y = text.get_position()
        text.set_position((x, int(y) + (1 + name) / 2))
    for row, label in enumerate(ax.get_yticklabels()):
        ax.text(0.03, row + name / 2, label.get_text(), va="center", weight="semibold")
    heads = [fill(label.get_text(), width) for label in ax.get_xticklabels()]
    ax.set_xticks(ax.get_xticks(), heads)
    ax.set_yticks([])
    return float(high * rows + LINE * _lines(heads) + 0.1)


def _blocks(figure: Figure, there: dict[tuple[int, int], Axes], spec: SubplotSpec) -> None:
    """Small multiples two columns at a time, block under block, the names of the rows before each."""
    rows, columns = (1 + max(place) for place in zip(*there, strict=True))
    old: Any = spec.get_gridspec().get_subplot_params(figure)
    wide, high = figure.get_size_inches()
    left, head, foot = old.left * wide, (1 - old.top) * high, old.bottom * high
    a_row = (high - head - foot) / rows
    ratios = [1.0] * rows + [head / a_row, *[1.0] * rows] * (-(-columns // ACROSS) - 1)  # a head before each block
    whole = head + foot + a_row * sum(ratios)
    figure.set_size_inches(NARROW, whole)
    grid = GridSpec(
        len(ratios), min(ACROSS, columns), figure=figure, height_ratios=ratios,
        left=left / NARROW, right=old.right, top=1 - head / whole, bottom=foot / whole,
        wspace=old.wspace, hspace=old.hspace,
    )  # fmt: skip
    for (row, column), ax in there.items():
        block, across = divmod(column, ACROSS)
        ax.set_subplotspec(grid[block * (rows + 1) + row, across])
        if block and not across:
            named = [t for t in there[row, 0].texts if isinstance(t, Annotation) and t.xycoords == "axes fraction"]
            for name in named:
                before(ax, name.get_text())
