"""Two columns of names, joined where a name of the first has its like in the second."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure

from ..figure import COLOURS, INK, WIDTH
from .bars import Draw
from .swimlane import SIZE, wrap

EDGE = 2.3  # inches for the names on either side


def beside(
    left: tuple[str, Sequence[str]], right: tuple[str, Sequence[str]], links: Mapping[tuple[int, int], tuple[Any, str]]
) -> Draw:
    """Each side is a head and its names; `links` gives the style and colour of each line."""

    def draw(drawing: Figure) -> None:
        drawing.set_layout_engine("none")
        axes = drawing.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, WIDTH), ylim=(max(len(left[1]), len(right[1])) - 0.4, -1.1))
        axes.axis("off")
        for x, (head, names), side in ((EDGE, left, "right"), (WIDTH - EDGE, right, "left")):
            axes.text(x, -0.8, head, ha=side, va="center", size=SIZE, weight="semibold", color=COLOURS[0])
            for y, name in enumerate(names):
                lines = wrap(f"{y + 1}. {name}", EDGE - 0.05, most=2)
                axes.text(x, y, "\n".join(lines), ha=side, va="center", size=SIZE, color=INK)
        for ends, (style, colour) in links.items():
            axes.plot([EDGE + 0.08, WIDTH - EDGE - 0.08], ends, linestyle=style, color=colour, linewidth=1.4)

    return draw
