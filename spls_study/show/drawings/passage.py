"""Two columns of names, joined where a name of the first has its like in the second."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure

from ..palette import COLOURS, INK, SIZE
from .sheet import LINE, Draw, is_wide, sheet, wrap

EDGE, ON_A_PHONE = 2.3, 1.5  # inches for the names on either side
TOP, PITCH = 0.38, 0.34  # inches down to the first name, and from one to the next


def beside(
    left: tuple[str, Sequence[str]], right: tuple[str, Sequence[str]], links: Mapping[tuple[int, int], tuple[Any, str]]
) -> Draw:
    """Each side is a head and its names; `links` gives the style and colour of each line."""

    def draw(drawing: Figure) -> None:
        wide, width = is_wide(drawing), drawing.get_figwidth()
        edge, pitch = (EDGE, PITCH) if wide else (ON_A_PHONE, PITCH + 2 * LINE)
        axes = sheet(drawing, TOP + pitch * max(len(left[1]), len(right[1])))
        for x, (head, names), side in ((edge, left, "right"), (width - edge, right, "left")):
            axes.text(x, 0.1, head, ha=side, va="center", size=SIZE, weight="semibold", color=COLOURS[0])
            for y, name in enumerate(names):
                lines = wrap(f"{y + 1}. {name}", edge - 0.05, most=2 if wide else 4)
                axes.text(x, TOP + pitch * y, "\n".join(lines), ha=side, va="center", size=SIZE, color=INK)
        for ends, (style, colour) in links.items():
            heights = [TOP + pitch * end for end in ends]
            axes.plot([edge + 0.08, width - edge - 0.08], heights, linestyle=style, color=colour, linewidth=1.4)

    return draw
