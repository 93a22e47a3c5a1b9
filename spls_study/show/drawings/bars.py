"""Horizontal bars from 0, by name."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from ...french import number
from ..palette import COLOURS, PLAIN, SMALL
from .sheet import GUTTER, HEAD, Draw, is_wide, length, sheet, wrap


@dataclass(frozen=True)
class Bars:
    """One panel of rows: those that are `strong` in colour, the others in grey; without `texts`, their values."""

    title: str
    labels: Sequence[str]
    values: Sequence[float]
    strong: Sequence[bool]
    texts: Sequence[str] = ()

    @property
    def told(self) -> Sequence[str]:
        return self.texts or [number(value) for value in self.values]

    @property
    def colours(self) -> list[str]:
        return [COLOURS[0] if strong else PLAIN for strong in self.strong]


def horizontal_bars(panels: Sequence[Bars]) -> Draw:
    """Panels one beside the other, one under the other on a phone, each with its own labels and scale."""

    def draw(drawing: Figure) -> None:
        across = len(panels) if is_wide(drawing) else 1
        slot = (drawing.get_figwidth() + GUTTER) / across
        labels = [[wrap(label, slot * 0.42, SMALL, most=2) for label in panel.labels] for panel in panels]
        pitch = 0.36 if any(len(lines) > 1 for own in labels for lines in own) else 0.28
        head = 0.05 + HEAD * any(panel.title for panel in panels)
        high = head + pitch * max(map(len, labels))
        ax = sheet(drawing, high * len(panels) / across)
        for j, (panel, own) in enumerate(zip(panels, labels, strict=True)):
            i, top = (j, 0.0) if across > 1 else (0, high * j)
            zero = slot * i + 0.06 + max(length(line, SMALL) for lines in own for line in lines)
            room = slot * (i + 1) - GUTTER - zero - 0.06 - max(length(text, SMALL) for text in panel.told)
            ends = [value * room / (max(panel.values) or 1) for value in panel.values]
            middles = [top + head + pitch * (line + 0.5) for line in range(len(own))]
            ax.text(slot * i, top + 0.05, panel.title, size=9, weight="semibold", va="top")
            ax.barh(middles, ends, 0.19, zero, color=panel.colours)
            for y, lines, end, text in zip(middles, own, ends, panel.told, strict=True):
                ax.text(zero - 0.06, y, "\n".join(lines), ha="right", va="center", linespacing=0.95)
                ax.text(zero + end + 0.05, y, text, va="center")

    return draw
