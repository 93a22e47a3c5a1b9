"""A calendar as a Gantt chart: the plan above, what happened or is expected below it."""

from collections.abc import Callable
from textwrap import fill
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from notebook_reports.french import month, short_date, signed

from ..palette import COLOURS, GREY, PALE, PLAIN, SMALL
from .sheet import CLEAR, LINE, Draw, arrow, is_wide, length, sheet

REAL, CRITICAL = COLOURS[0], COLOURS[2]
PLAN: dict[str, Any] = {"facecolor": PALE, "edgecolor": GREY, "linewidth": 0.5}
HATCH = "/////"  # in grey the two colours are one
LATER = pd.Timedelta(days=21)  # how far an open task is drawn past the last date
TOP, PITCH = 0.28, 0.2  # inches down to the first line, and from one to the next
LONGEST = 62  # characters of a name with its responsable
AFTER = 0.45  # inches on the right of the last day, for the slip


def gantt(calendar: pd.DataFrame, today: pd.Timestamp) -> Draw:
    """
    Parameters
    ----------
    calendar
        Rows of `analysis.calendrier.calendrier`, in order.
    today
        The day of the vertical line.
    """
    dates = calendar[["debut_prevu", "fin_prevue", "debut_estime", "fin_estimee"]]
    first = min(dates.min().min(), today) - pd.Timedelta(days=3)
    last = max(dates.max().max(), today)
    end = last + (LATER if calendar.fin_estimee.isna().any() else pd.Timedelta(days=6))
    months = pd.date_range(first, end, freq="MS", normalize=True)
    months = months[months >= first][:: 1 + (end - first).days // 300]  # about ten lines a year

    who = (" – " + calendar.responsable).fillna("")
    names = [fill(name, LONGEST, max_lines=1, placeholder="…") for name in calendar.libelle + who]

    def draw(drawing: Figure) -> None:
        width, wide = drawing.get_figwidth(), is_wide(drawing)
        above = 0 if wide else LINE  # names stand beside their bars, or above
        rows = calendar.assign(y=[TOP + above + (PITCH + above) * i for i in range(len(calendar))])
        left = max(length(name, SMALL) for name in names) + 0.12 if wide else 0.05
        bottom = rows.y.max() + 0.7 * PITCH

        def x(day: pd.Timestamp) -> float:
            return float(left + (day - first) / (end - first) * (width - AFTER - left))

        ax = sheet(drawing, bottom + (0.5 if wide else 0.65))
        for y, name in zip(rows.y, names, strict=True):
            if wide:
                ax.text(left - 0.05, y, name, ha="right", va="center_baseline")
            else:
                ax.text(left, y - 0.75 * LINE, name, va="center_baseline", bbox=CLEAR)
        ax.vlines([x(day) for day in months], TOP - 0.1, bottom, color=PALE, linewidth=0.6, zorder=0)
        ax.hlines(bottom, left, x(end), color=GREY, linewidth=0.8)
        for day in months:
            ax.text(max(x(day), 0.15), bottom + 0.11, month(day.month), ha="center", va="center")
        for row in rows.itertuples():
            _task(ax, row, x, end, today)
            _slip(ax, row, x)
        _arrows(ax, rows, x)
        ax.vlines(x(today), TOP - 0.1, bottom, color=COLOURS[3], linewidth=1.2)
        ax.text(x(today), TOP - 0.12, f"édition du {short_date(today)}", ha="center", va="bottom")
        _key(drawing, 6 if wide else 3)

    return draw


def _slip(ax: Axes, row: Any, x: Callable[[pd.Timestamp], float]) -> None:
    """How many days late what is not finished would end."""
    if pd.notna(row.retard_jours) and row.retard_jours > 0 and pd.isna(row.fin_reelle):
        colour = CRITICAL if row.critique else REAL
        ax.text(
            x(row.fin_estimee) + 0.09,
            row.y,
            f"{signed(row.retard_jours)}\u00a0j",
            va="center",
            color=colour,
            bbox=CLEAR,
        )


def _task(ax: Axes, row: Any, x: Callable[[pd.Timestamp], float], end: pd.Timestamp, today: pd.Timestamp) -> None:
    """The plan in grey; below it, filled up to today, what happened, then what is expected."""
    colour = CRITICAL if row.critique else REAL
    if row.type == "jalon":
        planned = row.fin_prevue if pd.notna(row.fin_prevue) else row.debut_prevu
        filled = colour if pd.notna(row.fin_reelle) else "white"
        ax.plot(x(planned), row.y, "D", markersize=6.5, mfc="white", mec=GREY)
        ax.plot(x(row.fin_estimee), row.y, "D", markersize=4.5, mec=colour, mew=1.4, mfc=filled)
        return
    ahead = {"facecolor": "white", "edgecolor": colour, "linewidth": 1.1, "hatch": HATCH if row.critique else None}
    bars = [(row.debut_prevu, row.fin_prevue, -0.2, 0.22, PLAN), (row.debut_estime, row.fin_estimee, 0.14, 0.34, ahead)]
    if pd.notna(row.debut_reel) or pd.notna(row.fin_reelle):
        done = min(row.fin_estimee, today) if pd.notna(row.fin_estimee) else today
        bars.append((row.debut_estime, done, 0.14, 0.34, {"color": colour}))
    for first, last, shift, thick, style in bars:
        if pd.notna(first):
            start, stop = x(first), x(last if pd.notna(last) else end)
            ax.barh(row.y + shift * PITCH, stop - start, thick * PITCH, start, **style)


def _arrows(ax: Axes, rows: pd.DataFrame, x: Callable[[pd.Timestamp], float]) -> None:
    """From the end of a task to the beginning of the one that depends on it."""
    ended = rows.dropna(subset="fin_estimee").set_index("id")
    for row in rows.dropna(subset=["depend_de", "debut_estime"]).itertuples():
        for name in map(str.strip, row.depend_de.split("|")):
            if name not in ended.index:
                continue
            before, start = ended.loc[name], x(row.debut_estime)
            y, side = before.y + 0.14 * PITCH, -0.32 if row.y > before.y else 0.32
            colour, width = (CRITICAL, 1.1) if row.pousse_par == name else (PLAIN, 0.6)
            arrow(ax, [(x(before.fin_estimee), y), (start, y), (start, row.y + side * PITCH)], colour, width)


def _key(drawing: Figure, across: int) -> None:
    handles = [
        Patch(**PLAN, label="prévu"),
        Patch(facecolor=REAL, label="commencé ou fini"),
        Patch(facecolor="white", edgecolor=REAL, linewidth=1.1, label="à venir, estimé"),
        Patch(facecolor="white", edgecolor=CRITICAL, linewidth=1.1, hatch=HATCH, label="sans marge"),
        Line2D([], [], marker="D", linestyle="", mfc="white", mec=REAL, markersize=5, label="jalon"),
        Line2D([], [], color=CRITICAL, linewidth=1.1, label="retarde"),
    ]
    drawing.legend(handles=handles, loc="lower center", ncols=across, borderpad=0)
