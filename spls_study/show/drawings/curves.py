"""Curves of a share that grows: over the months of a year, over days."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from ...french import NNBSP
from ..figure import COLOURS, INK, SMALL, WIDTH
from .sheet import Draw, length

DASHES = ("-", (0, (4, 2)), ":", "-.")
MONTHS = (1, 4, 7, 10, 12)
SCALE = 0.45  # inches for the shares on the left


def opened(rows: pd.DataFrame) -> Draw:
    """Share opened by day since the invitation, a curve an interface: interface, jour, survie."""

    right = SCALE + 0.05 + max(length(f"{name}m", SMALL) for name in rows.interface.unique())

    def draw(drawing: Figure) -> None:
        drawing.set_layout_engine("none")
        ax = drawing.add_axes((SCALE / WIDTH, 0.17, 1 - right / WIDTH, 0.8))
        for i, (name, own) in enumerate(rows.groupby("interface")):
            days, share = [0, *own.jour], [0.0, *(1 - own.survie)]
            ax.plot(
                days,
                share,
                color=COLOURS[i % 4],
                linewidth=2,
                marker="os^D"[i % 4],
                markersize=4.5,
                linestyle=DASHES[i % 4],
                drawstyle="steps-post",
            )
            ax.annotate(
                str(name),
                (days[-1], share[-1]),
                xytext=(5, 0),
                va="center",
                textcoords="offset points",
                color=INK if i else COLOURS[0],  # text needs more contrast than lines
                fontweight="semibold",
            )
        ax.set(xlim=(0, float(rows.jour.max()) * 1.08), ylim=(0, 1.03), xlabel="Jours depuis l'invitation")
        _shares(ax)

    return draw


def _shares(ax: Axes) -> None:
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1])
    ax.yaxis.set_major_formatter(PercentFormatter(1, symbol=f"{NNBSP}%"))
    ax.grid(axis="y")
