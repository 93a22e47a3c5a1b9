"""Drawing by the inch: axes that are the whole figure, and words that fit a width.

No layout to compute, which takes matplotlib longer than the drawing, and a height that is known.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from math import ceil
from typing import Any, TypeVar

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, get_font
from matplotlib.ft2font import LoadFlags
from matplotlib.patches import FancyArrowPatch, Patch
from matplotlib.path import Path

from ..canvas import FAMILY
from ..palette import NARROW, SIZE, WIDTH

Draw = Callable[[Figure], None]
Points = list[tuple[float, float]]
P = TypeVar("P")

LINE = 0.136  # inches from one line of text to the next
GUTTER = 0.25  # inches between two panels
HEAD = 0.27  # inches for the title of a panel
CLEAR = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}  # behind a text that a line crosses

_SYLLABLE = re.compile(r"[^aeiouyàâéèêëîïôöùûü][aeiouyàâéèêëîïôöùûü]\w", re.IGNORECASE)


def is_wide(figure: Figure) -> bool:
    """Whether the figure has the width of a page, not of a phone."""
    return float(figure.get_figwidth()) > (WIDTH + NARROW) / 2


def sheet(figure: Figure, height: float) -> Axes:
    """Axes in inches from the top left corner of a figure that gets this height."""
    figure.set_layout_engine("none")
    figure.set_figheight(height)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, figure.get_figwidth()), ylim=(height, 0))
    axes.axis("off")
    return axes


def small_multiples(panels: Mapping[str, P], paint: Callable[[Axes, P], None], height: float) -> Draw:
    """Panels one beside the other, one under the other on a phone, each painted under its title."""
    top, bottom = HEAD * any(panels) + 0.05, 0.05

    def draw(drawing: Figure) -> None:
        width = drawing.get_figwidth()
        across = len(panels) if is_wide(drawing) else 1
        slot, lines = (width + GUTTER) / across, -(-len(panels) // across)
        drawing.set_layout_engine("none")
        drawing.set_figheight(height * lines)
        for i, (title, panel) in enumerate(panels.items()):
            x, y = slot * (i % across) / width, (lines - 1 - i // across + bottom / height) / lines
            ax = drawing.add_axes((x, y, (slot - GUTTER) / width, (1 - (top + bottom) / height) / lines))
            ax.set_title(title)
            paint(ax, panel)

    return draw


def length(text: str, size: float) -> float:
    """Inches of one line of text."""
    return sum(map(_advance, text)) * size / 72


@cache
def _advance(character: str) -> float:
    """The width of a character, for a size of one: shaping a whole line, as when it is drawn, takes a millisecond."""
    font = get_font(findfont(FAMILY))
    font.set_size(100, 72)
    glyph = font.load_glyph(font.get_char_index(ord(character)), LoadFlags.NO_HINTING)
    return float(glyph.linearHoriAdvance) / 65536 / 100


def wrap(text: str, width: float, size: float = SIZE, most: int = 3) -> list[str]:
    """Lines no wider than `width` inches; a word too long is cut, what is too much is « … »."""
    lines = [""]
    for word in re.split("[\t-\r ]+", text):  # not at a no-break space
        for piece in _pieces(word, width, size):
            longer = f"{lines[-1]} {piece}".strip()
            if length(longer, size) <= width:
                lines[-1] = longer
            else:
                lines.append(piece)
    lines = [line for line in lines if line]
    return lines if len(lines) <= most else [*lines[: most - 1], lines[most - 1] + "\u00a0…"]


def _pieces(word: str, width: float, size: float) -> list[str]:
    pieces = []
    while length(word, size) > width and len(word) > 2:
        fits = [n for n in range(1, len(word)) if length(word[:n] + "-", size) <= width] or [1]
        cut = max([n for n in fits if _SYLLABLE.match(word, n) and n > 2] or fits)
        pieces.append(word[:cut] + "-")
        word = word[cut:]
    return [*pieces, word]


def legend(figure: Figure, entries: Mapping[str, tuple[str, str]]) -> None:
    """Name → colour and hatching, at the top left: on two lines where one is too short."""
    several = (2 if sum(map(len, entries)) > 75 else 1) if is_wide(figure) else ceil(len(entries) / 2)
    patches = [Patch(facecolor=colour, hatch=hatch, edgecolor="white") for colour, hatch in entries.values()]
    figure.legend(patches, list(entries), loc="upper left", ncols=ceil(len(entries) / several), borderpad=0)


def arrow(axes: Axes, points: Points, colour: str, linewidth: float = 1, linestyle: Any = "-") -> None:
    """A broken line that ends in a head."""
    head = FancyArrowPatch(path=Path(points), arrowstyle="-|>", mutation_scale=7, color=colour, zorder=1)
    head.set(linewidth=linewidth, linestyle=linestyle)
    axes.add_patch(head)
