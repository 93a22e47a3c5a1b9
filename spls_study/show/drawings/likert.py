"""Scales as bars that diverge from their middle."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ...french import percent
from ..palette import GREY, PLAIN, SMALL
from .sheet import LINE, Draw, is_wide, legend, sheet, wrap

NAMES, ON_A_PHONE, END = 2.1, 1.4, 0.45  # inches for the names of rows, and for the share at either end of a bar
BAR = 0.22
LOW, NEITHER, HIGH = ("#801650", "#C77BA0"), PLAIN, ("#5B8FC7", "#12436D")
DARK = (LOW[0], HIGH[1])


def colours(modalities: int) -> list[str]:
    """From one end of a scale to the other: darker at the ends, grey in the middle."""
    half = modalities // 2
    low, high = [LOW[0]] * half, [HIGH[1]] * half
    if half > 1:
        low[-1], high[0] = LOW[1], HIGH[0]
    return [*low, *[NEITHER] * (modalities % 2), *high]


@dataclass(frozen=True)
class Scale:
    """One row: the counts of its modalities out of `base` answers."""

    label: str
    counts: Sequence[int]
    base: int

    @property
    def ends(self) -> tuple[float, float]:
        """Shares of the two halves, without the middle of an odd scale."""
        half = len(self.counts) // 2
        return sum(self.counts[:half]) / self.base, sum(self.counts[-half:]) / self.base


def diverging(rows: Sequence[Scale], modalities: Sequence[str], small_base: int) -> Draw:
    """Counts on either side of the middle of the scale, with the share of each side."""
    palette = colours(len(modalities))
    reach = max((1 + abs(low - high)) / 2 for low, high in (row.ends for row in rows))

    def draw(drawing: Figure) -> None:
        left, width = NAMES if is_wide(drawing) else ON_A_PHONE, drawing.get_figwidth()
        middle = (left + width) / 2
        inch = (middle - left - END) / reach
        names = [wrap(f"{row.label} (n\u00a0=\u00a0{row.base})", left - 0.1, SMALL, most=9) for row in rows]
        heights = [LINE * max(2, len(lines)) + 0.08 for lines in names]
        key = 0.28 + 0.16 * (sum(map(len, modalities)) > 75) + 0.3 * (not is_wide(drawing))
        *tops, bottom = accumulate(heights, initial=key)
        ax = sheet(drawing, bottom)
        ax.vlines(middle, tops[0], bottom, color=GREY, linewidth=0.8, zorder=0)
        for row, lines, top, height in zip(rows, names, tops, heights, strict=True):
            y = top + height / 2
            ax.text(left - 0.05, y, "\n".join(lines), ha="right", va="center", linespacing=1.05)
            if row.base >= small_base:
                for share, x, where in zip(
                    row.ends, (left + END - 0.07, width - END + 0.07), ("right", "left"), strict=True
                ):
                    ax.text(x, y, percent(share, 0), ha=where, va="center")
            _bar(ax, middle, y, row, palette, inch)
        legend(drawing, {name: (colour, "") for name, colour in zip(modalities, palette, strict=True)})

    return draw


def _bar(ax: Axes, middle: float, y: float, row: Scale, palette: Sequence[str], inch: float) -> None:
    """The counts end to end, those of the middle of the scale astride the middle of the drawing."""
    low, high = row.ends
    left = middle - (1 + low - high) / 2 * inch
    for count, colour in zip(row.counts, palette, strict=True):
        width = count / row.base * inch
        if count:
            ax.barh(y, width, BAR, left, color=colour, edgecolor="white")
            paint = "white" if colour in DARK else "black"
            ax.text(left + width / 2, y, str(count), ha="center", va="center", color=paint)
        left += width
