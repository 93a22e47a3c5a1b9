"""A calendar in bars: what was planned above, what happened or is expected below; whole, or a few tasks of a note."""

from collections.abc import Callable
from textwrap import fill
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, Patch
from matplotlib.path import Path

from notebook_reports.french import month, plural, short_date, signed

from ..palette import COLOURS, GREY, PALE, PLAIN, SMALL
from .sheet import CLEAR, LINE, Draw, is_wide, length, sheet

Place = Callable[[pd.Timestamp], float]  # of a day, in inches from the left
REAL, CRITICAL, TODAY = COLOURS[0], COLOURS[2], COLOURS[3]
PLAN: dict[str, Any] = {"facecolor": PALE, "edgecolor": GREY, "linewidth": 0.5}
HATCH = "/////"  # in grey the two colours are one
LATER = pd.Timedelta(days=21)  # how far an open task is drawn past the last date
DAY = pd.Timedelta(days=1)
TOP, PITCH = 0.28, 0.2  # inches down to the first line of `gantt`, and from one to the next
LONGEST = 62  # characters of a name with its responsable


def gantt(calendar: pd.DataFrame, today: pd.Timestamp) -> Draw:
    """
    Parameters
    ----------
    calendar
        Rows of `analysis.calendrier.calendrier`, in order.
    today
        The day of the vertical line.
    """
    first, end, months = _days(calendar, today, LATER if calendar.fin_estimee.isna().any() else 6 * DAY)
    months = months[:: 1 + (end - first).days // 300]  # about ten lines a year
    who = (" – " + calendar.responsable).fillna("")
    names = [fill(name, LONGEST, max_lines=1, placeholder="…") for name in calendar.libelle + who]

    def draw(drawing: Figure) -> None:
        wide = is_wide(drawing)
        above = 0 if wide else LINE  # names stand beside their bars, or above
        rows = calendar.assign(y=[TOP + above + (PITCH + above) * i for i in range(len(calendar))])
        left = max(length(name, SMALL) for name in names) + 0.12 if wide else 0.05
        bottom = rows.y.max() + 0.7 * PITCH
        x = _scale(first, end, left, drawing.get_figwidth() - 0.45)  # room for the slip
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
        _arrows(ax, rows, x)
        ax.vlines(x(today), TOP - 0.1, bottom, color=TODAY, linewidth=1.2)
        ax.text(x(today), TOP - 0.12, f"édition du {short_date(today)}", ha="center", va="bottom")
        drawing.legend(handles=_key(), loc="lower center", ncols=6 if wide else 3, borderpad=0)

    return draw


def agenda(rows: pd.DataFrame, today: pd.Timestamp) -> Draw:
    """In a few lines, the slip written on each bar.

    Parameters
    ----------
    rows
        Rows of `calendrier`, in order.
    today
        The day of the vertical line.
    """
    top, pitch, thick = 0.17, 0.265, 0.085  # inches
    first, end, months = _days(rows, today, 5 * DAY)

    def draw(drawing: Figure) -> None:
        wide = is_wide(drawing)
        left, above = (2.2, 0) if wide else (0.05, LINE)
        bottom = top + (pitch + above) * len(rows)
        x = _scale(first, end, left, drawing.get_figwidth() - 0.85)
        ax = sheet(drawing, bottom + 0.14)
        ax.vlines([x(day) for day in months], top - 0.05, bottom, color=PALE, linewidth=0.8, zorder=0)
        for day in months:
            ax.text(x(day) + 0.03, 0.02, month(day.month), va="top")
        for i, row in enumerate(rows.itertuples()):
            y = top + (pitch + above) * i + above
            if wide:
                name = fill(row.libelle, 38, max_lines=2, placeholder="…")
                ax.text(left - 0.08, y + pitch / 2, name, ha="right", va="center", linespacing=1.0)
            else:
                ax.text(left, y + 0.04, fill(row.libelle, 60, max_lines=1, placeholder="…"), va="bottom", bbox=CLEAR)
            colour = CRITICAL if row.critique else REAL
            planned = row.debut_prevu if pd.notna(row.debut_prevu) else row.fin_prevue
            spans = [(planned, row.fin_prevue, 0.05, PLAIN), (row.debut_estime, row.fin_estimee, 0.15, colour)]
            for start, stop, shift, shade in spans:
                stop = stop if pd.notna(stop) else start
                ax.barh(y + shift, max(x(stop + DAY) - x(start), 0.05), thick, x(start), color=shade, align="edge")
            if pd.notna(row.retard_jours) and row.retard_jours:
                late = f"{signed(row.retard_jours)} {plural(row.retard_jours, 'jour')}"
                last = max(day for day in (row.fin_estimee, row.fin_prevue) if pd.notna(day))
                ax.text(x(last + DAY) + 0.06, y + 0.17, late, va="center", color=colour, weight="semibold")
        ax.vlines(x(today), top - 0.05, bottom, color=TODAY, linewidth=1.2)
        ax.text(max(x(today), 0.3), bottom, "aujourd'hui", ha="center", va="top", color=GREY)

    return draw


def _days(
    rows: pd.DataFrame, today: pd.Timestamp, past: pd.Timedelta
) -> tuple[pd.Timestamp, pd.Timestamp, list[pd.Timestamp]]:
    """The first day drawn, the last, so far past all dates, and those that begin a month."""
    dates = rows[["debut_prevu", "fin_prevue", "debut_estime", "fin_estimee"]]
    first, end = min(dates.min().min(), today) - 3 * DAY, max(dates.max().max(), today) + past
    return first, end, [day for day in pd.date_range(first, end, freq="MS", normalize=True) if day >= first]


def _scale(first: pd.Timestamp, end: pd.Timestamp, left: float, right: float) -> Place:
    return lambda day: float(left + (day - first) / (end - first) * (right - left))


def _task(ax: Axes, row: Any, x: Place, end: pd.Timestamp, today: pd.Timestamp) -> None:
    """The plan in grey; below it, filled up to today, what happened, then what is expected; how late it would end."""
    colour = CRITICAL if row.critique else REAL
    if row.type == "jalon":
        planned = row.fin_prevue if pd.notna(row.fin_prevue) else row.debut_prevu
        filled = colour if pd.notna(row.fin_reelle) else "white"
        ax.plot(x(planned), row.y, "D", markersize=6.5, mfc="white", mec=GREY)
        ax.plot(x(row.fin_estimee), row.y, "D", markersize=4.5, mec=colour, mew=1.4, mfc=filled)
    else:
        ahead = {"facecolor": "white", "edgecolor": colour, "linewidth": 1.1, "hatch": HATCH if row.critique else None}
        bars = [(row.debut_prevu, row.fin_prevue, -0.2, 0.22, PLAN)]
        bars += [(row.debut_estime, row.fin_estimee, 0.14, 0.34, ahead)]
        if pd.notna(row.debut_reel) or pd.notna(row.fin_reelle):
            done = min(row.fin_estimee, today) if pd.notna(row.fin_estimee) else today
            bars += [(row.debut_estime, done, 0.14, 0.34, {"color": colour})]
        for first, last, shift, thick, style in bars:
            if pd.notna(first):
                start, stop = x(first), x(last if pd.notna(last) else end)
                ax.barh(row.y + shift * PITCH, stop - start, thick * PITCH, start, **style)
    if pd.notna(row.retard_jours) and row.retard_jours > 0 and pd.isna(row.fin_reelle):
        late = f"{signed(row.retard_jours)}\u00a0j"
        ax.text(x(row.fin_estimee) + 0.09, row.y, late, va="center", color=colour, bbox=CLEAR)


def _arrows(ax: Axes, rows: pd.DataFrame, x: Place) -> None:
    """From the end of a task to the beginning of the one that depends on it."""
    ended = rows.dropna(subset="fin_estimee").set_index("id")
    for row in rows.dropna(subset=["depend_de", "debut_estime"]).itertuples():
        for name in map(str.strip, row.depend_de.split("|")):
            if name not in ended.index:
                continue
            before, start = ended.loc[name], x(row.debut_estime)
            y, side = before.y + 0.14 * PITCH, -0.32 if row.y > before.y else 0.32
            colour, width = (CRITICAL, 1.1) if row.pousse_par == name else (PLAIN, 0.6)
            path = Path([(x(before.fin_estimee), y), (start, y), (start, row.y + side * PITCH)])
            arrow = FancyArrowPatch(path=path, arrowstyle="-|>", mutation_scale=7, color=colour, lw=width, zorder=1)
            ax.add_patch(arrow)


def _key() -> list[Any]:
    return [
        Patch(**PLAN, label="prévu"),
        Patch(facecolor=REAL, label="commencé ou fini"),
        Patch(facecolor="white", edgecolor=REAL, linewidth=1.1, label="à venir, estimé"),
        Patch(facecolor="white", edgecolor=CRITICAL, linewidth=1.1, hatch=HATCH, label="sans marge"),
        Line2D([], [], marker="D", linestyle="", mfc="white", mec=REAL, markersize=5, label="jalon"),
        Line2D([], [], color=CRITICAL, linewidth=1.1, label="retarde"),
    ]
