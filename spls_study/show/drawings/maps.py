"""Maps over the outlines of departments, drawn without any network: communes as circles, shapes that are filled.

Rings are of longitude and latitude; longitudes are shrunk by the cosine of the mean latitude, which is true enough at
the size of a region.
"""

from collections.abc import Mapping, Sequence
from math import cos, pi, radians
from statistics import fmean
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from notebook_reports.french import number

from ..palette import COLOURS, GREY
from .sheet import Draw, is_wide

Ring = list[list[float]]
LAND = "#F1F3F6"
LARGEST = 320.0  # area of the largest circle, in points²
NAMED = 3  # communes of a panel that bear their name
HIGH, GUTTER, HEAD, EDGE = 3.3, 0.25, 0.27, 0.05  # inches: of a panel, between two, of a title, around


def circles(outlines: Sequence[Ring], places: pd.DataFrame, panels: Mapping[str, str]) -> Draw:
    """Circles whose area is the number of dwellings, one panel a group, on one scale.

    The largest communes of each panel bear their name and number, but for one at the height of a
    larger one, whose label it would cover.

    Parameters
    ----------
    places
        Columns groupe, commune, logements, longitude, latitude.
    panels
        Group → title; one beside the other, one under the other on a phone.
    """
    shrink = _shrink(outlines)
    xs, ys = zip(*(point for ring in outlines for point in ring), strict=True)
    middle = (min(xs) * shrink + max(xs) * shrink) / 2
    gap = (max(ys) - min(ys)) * 0.07
    areas = places["logements"] / float(places["logements"].max()) * LARGEST
    placed = places.assign(x=places["longitude"] * shrink, area=areas)
    placed = placed.sort_values(["logements", "commune"], ascending=[False, True])

    def paint(ax: Axes, rows: pd.DataFrame) -> None:
        for ring in outlines:
            ax.fill(*_flat(ring, shrink), fc=LAND, ec=GREY, linewidth=0.7)
        look: dict[str, Any] = {"color": COLOURS[0], "alpha": 0.55, "edgecolor": "white", "linewidth": 0.4}
        ax.scatter(rows["x"], rows["latitude"], s=rows["area"], **look)
        named: list[Any] = []
        for row in rows.head(2 * NAMED).itertuples():
            if all(abs(row.latitude - other.latitude) >= gap for other in named):
                named.append(row)
        for row in named[:NAMED]:
            left, radius = row.x > middle, (row.area / pi) ** 0.5
            ax.annotate(
                f"{row.commune}\u00a0: {number(row.logements)}", (row.x, row.latitude),
                xytext=(-radius - 2 if left else radius + 2, 0), textcoords="offset points",
                ha="right" if left else "left", va="center",
                bbox={"facecolor": "white", "alpha": 0.75, "pad": 0.6, "edgecolor": "none"},
            )  # fmt: skip
        ax.set_aspect("equal")
        ax.set_axis_off()

    def draw(drawing: Figure) -> None:
        width = drawing.get_figwidth()
        across = len(panels) if is_wide(drawing) else 1
        slot, lines = (width + GUTTER) / across, -(-len(panels) // across)
        drawing.set_figheight(HIGH * lines)
        for i, (group, title) in enumerate(panels.items()):
            x, y = slot * (i % across) / width, (lines - 1 - i // across + EDGE / HIGH) / lines
            ax = drawing.add_axes((x, y, (slot - GUTTER) / width, (1 - (HEAD + 2 * EDGE) / HIGH) / lines))
            ax.set_title(title)
            paint(ax, placed[placed["groupe"] == group])

    return draw


def filled(ax: Axes, outlines: Sequence[Ring], shapes: Sequence[tuple[Ring, str]]) -> None:
    """Outlines of departments, and shapes filled each with its colour."""
    shrink = _shrink(outlines)
    for ring in outlines:
        ax.fill(*_flat(ring, shrink), fc=LAND, ec="none")
    for ring, colour in shapes:
        ax.fill(*_flat(ring, shrink), fc=colour, ec=colour, linewidth=0.3)
    for ring in outlines:
        ax.plot(*_flat(ring, shrink), color=GREY, linewidth=0.6)
    ax.set_aspect("equal")
    ax.set_axis_off()


def _shrink(outlines: Sequence[Ring]) -> float:
    return cos(radians(fmean(point[1] for ring in outlines for point in ring)))


def _flat(ring: Ring, shrink: float) -> tuple[list[float], list[float]]:
    return [point[0] * shrink for point in ring], [point[1] for point in ring]
