"""Curves of a share that grows: over the months of a year, over days."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from ...french import NNBSP, month
from ..figure import COLOURS, GREY, PLAIN, SMALL, WIDTH
from .sheet import Draw, length, small_multiples

DASHES = ("-", (0, (4, 2)), ":", "-.")
MONTHS = (1, 4, 7, 10, 12)
SCALE = 0.45  # inches for the shares on the left


def cumulative(table: pd.DataFrame, panels: Mapping[str, str], strong: int) -> Draw:
    """Share reached by month, a panel a group, year `strong` in colour against grey ones.

    `table` has columns annee, groupe, mois, part_cumulee.
    """

    def paint(ax: Axes, rows: pd.DataFrame) -> None:
        ax.plot([0, 12], [0, 1], color=GREY, linestyle=(0, (4, 3)), linewidth=0.9)
        ax.text(5.4, 0.47, "année régulière", ha="right", color=GREY)
        for year in sorted(set(rows["annee"]), key=lambda y: (y == strong, y)):
            line, own = rows[rows["annee"] == year], year == strong
            ax.plot(
                [0, *line["mois"]],
                [0, *line["part_cumulee"]],
                color=COLOURS[0] if own else PLAIN,
                linewidth=2.2 if own else 1.1,
            )
            if own:
                autumn = float(line.loc[line["mois"] == 10, "part_cumulee"].iloc[0])
                ax.text(10.25, autumn - 0.02, str(year), color=COLOURS[0], fontsize=9, fontweight="semibold", va="top")
        ax.set(xlim=(0, 12), ylim=(0, 1.02))
        ax.set_xticks([m - 0.5 for m in MONTHS], [month(m) for m in MONTHS])
        _shares(ax)

    drawn = {label: table[table["groupe"] == group] for group, label in panels.items()}
    return small_multiples(drawn, paint, 2.6, SCALE, 0.25, shared=True)


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
                color=COLOURS[i % 4],
                fontweight="semibold",
            )
        ax.set(xlim=(0, float(rows.jour.max()) * 1.08), ylim=(0, 1.03), xlabel="Jours depuis l'invitation")
        _shares(ax)

    return draw


def _shares(ax: Axes) -> None:
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1])
    ax.yaxis.set_major_formatter(PercentFormatter(1, symbol=f"{NNBSP}%"))
    ax.grid(axis="y")
