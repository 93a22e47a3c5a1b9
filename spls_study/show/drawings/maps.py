"""A map of communes as circles over the outlines of departments, drawn without any network."""

from collections.abc import Mapping, Sequence
from math import cos, fsum, pi, radians
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from notebook_reports.french import number

from ..palette import COLOURS, GREY
from .sheet import Draw, small_multiples

Ring = list[list[float]]
LARGEST = 320.0  # area of the largest circle, in points²
NAMED = 3  # communes of a panel that bear their name


def circles(outlines: Sequence[Ring], places: pd.DataFrame, panels: Mapping[str, str]) -> Draw:
    """Circles whose area is the number of dwellings, one panel a group, on one scale.

    The largest communes of each panel bear their name and number, but for one at the height of a
    larger one, whose label it would cover. Longitudes are shrunk by the cosine of the mean
    latitude, which is true enough at the size of a region.

    Parameters
    ----------
    outlines
        Rings of longitude and latitude.
    places
        Columns groupe, commune, logements, longitude, latitude.
    panels
        Group → title.
    """
    xs, ys = zip(*(point for ring in outlines for point in ring), strict=True)
    shrink = cos(radians(fsum(ys) / len(ys)))
    middle = (min(xs) * shrink + max(xs) * shrink) / 2
    gap = (max(ys) - min(ys)) * 0.07
    top = float(places["logements"].max())

    def paint(ax: Axes, rows: pd.DataFrame) -> None:
        for ring in outlines:
            ax.fill([p[0] * shrink for p in ring], [p[1] for p in ring], fc="#F1F3F6", ec=GREY, linewidth=0.7)
        rows = rows.sort_values(["logements", "commune"], ascending=[False, True])
        ax.scatter(
            rows["longitude"] * shrink,
            rows["latitude"],
            s=rows["logements"] / top * LARGEST,
            color=COLOURS[0],
            alpha=0.55,
            edgecolor="white",
            linewidth=0.4,
        )
        for row in _apart(rows.head(2 * NAMED), gap)[:NAMED]:
            x = row.longitude * shrink
            left = x > middle
            radius = (row.logements / top * LARGEST / pi) ** 0.5
            ax.annotate(
                f"{row.commune}\u00a0: {number(row.logements)}",
                (x, row.latitude),
                xytext=(-radius - 2 if left else radius + 2, 0),
                textcoords="offset points",
                ha="right" if left else "left",
                va="center",
                bbox={"facecolor": "white", "alpha": 0.75, "pad": 0.6, "edgecolor": "none"},
            )
        ax.set_aspect("equal")
        ax.set_axis_off()

    drawn = {title: places[places["groupe"] == group] for group, title in panels.items()}
    return small_multiples(drawn, paint, height=3.3)


def filled(ax: Axes, outlines: Sequence[Ring], shapes: Sequence[tuple[Ring, str]]) -> None:
    """Outlines of departments, and shapes filled each with its colour.

    Parameters
    ----------
    outlines, shapes
        Rings of longitude and latitude.
    """
    ys = [point[1] for ring in outlines for point in ring]
    shrink = cos(radians(fsum(ys) / len(ys)))
    for ring in outlines:
        ax.fill([p[0] * shrink for p in ring], [p[1] for p in ring], fc="#F1F3F6", ec="none")
    for ring, colour in shapes:
        ax.fill([p[0] * shrink for p in ring], [p[1] for p in ring], fc=colour, ec=colour, linewidth=0.3)
    for ring in outlines:
        ax.plot([p[0] * shrink for p in ring], [p[1] for p in ring], color=GREY, linewidth=0.6)
    ax.set_aspect("equal")
    ax.set_axis_off()


def _apart(rows: pd.DataFrame, gap: float) -> list[Any]:
    """The rows, in order, whose latitude is at least `gap` from those kept before."""
    kept: list[Any] = []
    for row in rows.itertuples():
        if all(abs(row.latitude - other.latitude) >= gap for other in kept):
            kept.append(row)
    return kept
