"""A swimlane diagram drawn: its boxes, and arrows that cross neither another nor a box.

An arrow to the next row runs in the gap between the two rows; a return to an earlier step
runs up the right margin, a jump over rows down the left one.
"""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from ...words import fold
from ..palette import COLOURS, GREY, INK, PALE, SIZE, SMALL
from .sheet import LINE, Draw, Points, arrow, is_wide, sheet, wrap
from .swimlane import GAP, HEAD, MARGIN, PAD, Box, Diagram, diagram

# Support → style of its box; another support has the last one. The label is always written.
STYLES = {
    "papier": ("square", "white", "-"),
    "courriel": ("square", "white", (0, (4, 2))),
    "tableur": ("square", "#EDEFF2", "-"),
    "galion": ("round", "#E1EAF3", "-"),
    "": ("round", "white", "-"),
}


def lanes(plan: Diagram, application: str) -> Draw:
    """The diagram, with the boxes of `application` in colour; placed anew on a phone."""

    def draw(drawing: Figure) -> None:
        width = drawing.get_figwidth()
        own = plan if is_wide(drawing) else diagram(plan.steps, width)
        axes = sheet(drawing, own.height)
        for i, name in enumerate(own.actors):
            if name:
                _lane(axes, own, own.left + i * own.width, name)
        for box in own.boxes:
            _box(axes, own, box, application)
        _arrows(axes, own, width)

    return draw


def _lane(axes: Axes, plan: Diagram, x: float, name: str) -> None:
    head = HEAD - 0.1
    axes.fill_between((x, x + plan.width), 0, head, color=COLOURS[0], linewidth=0)
    axes.vlines((x, x + plan.width), 0, plan.height - GAP / 2, color=PALE, linewidth=0.8, zorder=0)
    lines = "\n".join(wrap(name, plan.width - 2 * PAD, SIZE * 1.06, most=2))
    words = axes.text(x + plan.width / 2, head / 2, lines, size=SIZE, color="white", weight="semibold")
    words.set(ha="center", va="center", linespacing=1.1)


def _box(axes: Axes, plan: Diagram, box: Box, application: str) -> None:
    kind = fold(box.support.split("|")[0])
    ours = kind == fold(application)
    shape, fill, line = ("round", COLOURS[0], "-") if ours else STYLES.get(kind, STYLES[""])
    middle, width = plan.middle(box), plan.width - 2 * PAD
    style = f"{shape},pad=0" + (",rounding_size=0.08" if shape == "round" else "")
    patch = FancyBboxPatch((middle - width / 2, box.top), width, box.height, style)
    patch.set(facecolor=fill, edgecolor=COLOURS[0], linestyle=line, linewidth=0.9)
    axes.add_patch(patch)
    texts = [(text, SIZE, "normal") for text in box.lines]
    texts += [(text, SMALL, "semibold" if box.notes.endswith("R") else "normal") for text in box.small]
    for i, (text, size, weight) in enumerate(texts):
        y, colour = box.top + PAD + (i + 0.5) * LINE, "white" if ours else INK
        axes.text(middle, y, text, size=size, weight=weight, color=colour, ha="center", va="center")


def _arrows(axes: Axes, plan: Diagram, width: float) -> None:
    by_length = sorted(plan.edges, key=lambda e: abs(e[1].row - e[0].row))
    backs = [e for e in by_length if e[1].row <= e[0].row]
    jumps = [e for e in by_length if e[1].row > e[0].row + 1]
    for a, b, _ in plan.edges:
        if b.row == a.row + 1:
            arrow(axes, [(plan.middle(a), a.top + a.height), *_entrance(plan, b, plan.middle(a))], GREY)
    for i, (a, b, n) in enumerate(backs):
        x, y = width - MARGIN + 0.08 + 0.07 * (i % 3), (a.top + b.top + b.height) / 2
        arrow(axes, [*_exit(plan, a, x), *_exit(plan, b, x)[::-1]], COLOURS[2], linestyle=(0, (3, 2)))
        axes.text(x + 0.03, y, n, size=SMALL, weight="semibold", va="center", color=COLOURS[2])
    tracks = list(dict.fromkeys(a for a, _, _ in jumps))  # one line for each departure
    for a, b, _ in jumps:
        x = MARGIN - 0.1 - 0.07 * (tracks.index(a) % 3)
        arrow(axes, [*_exit(plan, a, x), *_entrance(plan, b, x)], GREY)


def _entrance(plan: Diagram, box: Box, x: float) -> Points:
    """From the gap above a box into it."""
    y, middle = box.top - GAP / 2, plan.middle(box)
    return [(x, y), (middle, y), (middle, box.top)]


def _exit(plan: Diagram, box: Box, x: float) -> Points:
    """From a box sideways to a margin; under the box when another one stands in the way."""
    right = x > plan.middle(box)
    beside = [b for b in plan.boxes if b.row == box.row and b is not box and (b.lane > box.lane) == right]
    if beside:
        y = box.top + max(b.height for b in [*beside, box]) + GAP / 2
        return [(plan.middle(box), box.top + box.height), (plan.middle(box), y), (x, y)]
    y = box.top + box.height / 2
    return [(plan.middle(box) + (0.5 if right else -0.5) * (plan.width - 2 * PAD), y), (x, y)]
