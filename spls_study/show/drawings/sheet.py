"""Drawing by the inch: axes that are the whole figure, and words that fit a width.

No layout to compute, which takes matplotlib longer than the drawing, and a height that is known.
"""

import re
from collections.abc import Callable
from functools import cache

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, get_font
from matplotlib.ft2font import LoadFlags

from ..palette import FAMILY, NARROW, SIZE, WIDTH

Draw = Callable[[Figure], None]

LINE = 0.136  # inches from one line of text to the next
CLEAR = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}  # behind a text that a line crosses

_SYLLABLE = re.compile(r"[^aeiouyàâéèêëîïôöùûü][aeiouyàâéèêëîïôöùûü]\w", re.IGNORECASE)


def is_wide(figure: Figure) -> bool:
    """Whether the figure has the width of a page, not of a phone."""
    return float(figure.get_figwidth()) > (WIDTH + NARROW) / 2


def sheet(figure: Figure, height: float) -> Axes:
    """Axes in inches from the top left corner of a figure that gets this height."""
    figure.set_figheight(height)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, figure.get_figwidth()), ylim=(height, 0))
    axes.axis("off")
    return axes


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
