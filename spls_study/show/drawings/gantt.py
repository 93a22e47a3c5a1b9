"""A calendar as a Gantt chart: the plan above, what happened or is expected below it."""

from textwrap import shorten
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import MonthLocator, date2num, num2date
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter

from ...french import month, short_date
from ..figure import COLOURS, GREY, PALE, PLAIN, SMALL
from .bars import Draw

REAL, CRITICAL = COLOURS[0], COLOURS[2]
PLAN: dict[str, Any] = {"facecolor": PALE, "edgecolor": GREY, "linewidth": 0.5}
HATCH = "/////"  # in grey the two colours are one
LATER = pd.Timedelta(days=21)  # how far an open task is drawn past the last date


def gantt(calendar: pd.DataFrame, today: pd.Timestamp) -> Draw:
    """
    Parameters
    ----------
    calendar
        `analysis.calendrier.calendrier`, in the order of its stages.
    today
        The day of the vertical line.
    """
    dates = calendar[["debut_prevu", "fin_prevue", "debut_estime", "fin_estimee"]]
    first, last = min(dates.min().min(), today), max(dates.max().max(), today)
    end = last + (LATER if calendar.fin_estimee.isna().any() else pd.Timedelta(days=6))
    stage = calendar.etape.fillna("")
    new = (stage != stage.shift()).cumsum()  # each stage leaves a line for its name
    places = {task: i + int(n) for i, (task, n) in enumerate(zip(calendar.id, new, strict=True))}

    def draw(drawing: Figure) -> None:
        ax = drawing.subplots()
        for row in calendar.itertuples():
            _task(ax, row, places[row.id], end, today)
        _arrows(ax, calendar, places)
        ax.axvline(_x(today), color=COLOURS[3], linewidth=1.2)
        ax.text(_x(today), -1.1, f"édition du {short_date(today)}", ha="center", va="bottom", fontsize=SMALL)
        _rows(ax, calendar, places)
        ax.set_xlim(_x(first - pd.Timedelta(days=3)), _x(end))
        ten_lines_a_year = 1 + (end - first).days // 300
        ax.xaxis.set_major_locator(MonthLocator(interval=ten_lines_a_year))  # type: ignore[no-untyped-call]
        ax.xaxis.set_major_formatter(FuncFormatter(lambda day, _: month(num2date(day).month)))  # type: ignore[no-untyped-call]
        ax.grid(axis="x")
        ax.set_axisbelow(True)
        ax.tick_params(length=0, labelsize=SMALL)
        ax.spines["left"].set_visible(False)
        _key(drawing)

    return draw


def height(calendar: pd.DataFrame) -> float:
    """Inches for one line a task and one a stage, so that type keeps its size."""
    return 0.75 + 0.21 * (len(calendar) + int(calendar.etape.nunique()))


def _task(ax: Axes, row: Any, y: float, end: pd.Timestamp, today: pd.Timestamp) -> None:
    """The plan in grey; below it, filled up to today, what happened, then what is expected."""
    colour = CRITICAL if row.critique else REAL
    if row.type == "jalon":
        planned = row.fin_prevue if pd.notna(row.fin_prevue) else row.debut_prevu
        ax.plot(_x(planned), y, "D", markersize=6.5, mfc="white", mec=GREY)
        ax.plot(
            _x(row.fin_estimee),
            y,
            "D",
            markersize=4.5,
            mec=colour,
            mew=1.4,
            mfc=colour if pd.notna(row.fin_reelle) else "white",
        )
        return
    ahead = {"facecolor": "white", "edgecolor": colour, "linewidth": 1.1, "hatch": HATCH if row.critique else None}
    bars = [(row.debut_prevu, row.fin_prevue, -0.2, 0.22, PLAN), (row.debut_estime, row.fin_estimee, 0.14, 0.34, ahead)]
    if pd.notna(row.debut_reel) or pd.notna(row.fin_reelle):
        done = min(row.fin_estimee, today) if pd.notna(row.fin_estimee) else today
        bars.append((row.debut_estime, done, 0.14, 0.34, {"color": colour}))
    for first, last, shift, thick, style in bars:
        if pd.notna(first):
            stop = last if pd.notna(last) else end
            ax.barh(y + shift, _x(stop) - _x(first), left=_x(first), height=thick, **style)


def _arrows(ax: Axes, calendar: pd.DataFrame, places: dict[str, int]) -> None:
    ends = dict(zip(calendar.id, calendar.fin_estimee, strict=True))
    for row in calendar[calendar.depend_de.notna() & calendar.debut_estime.notna()].itertuples():
        for name in map(str.strip, row.depend_de.split("|")):
            if pd.isna(ends.get(name)):
                continue
            pushed = row.pousse_par == name
            below = places[row.id] > places[name]
            ax.annotate(
                "",
                (_x(row.debut_estime), places[row.id] - (0.32 if below else -0.32)),
                xytext=(_x(ends[name]), places[name] + 0.14),
                arrowprops={
                    "arrowstyle": "-|>",
                    "color": CRITICAL if pushed else PLAIN,
                    "linewidth": 1.1 if pushed else 0.6,
                    "shrinkA": 0,
                    "shrinkB": 0,
                    "mutation_scale": 6,
                    "connectionstyle": "angle,angleA=0,angleB=90,rad=0",
                },
            )


def _rows(ax: Axes, calendar: pd.DataFrame, places: dict[str, int]) -> None:
    labels = [(places[r.id], r.libelle, "normal") for r in calendar.itertuples()]
    labels += [
        (places[r.id] - 1, str(r.etape), "semibold")
        for r in calendar.drop_duplicates("etape").itertuples()
        if pd.notna(r.etape)
    ]
    ax.set_yticks(
        [y for y, _, _ in labels], [shorten(text, 52, placeholder="…") for _, text, _ in labels], fontsize=SMALL
    )
    for tick, (_, _, weight) in zip(ax.get_yticklabels(), labels, strict=True):
        tick.set_fontweight(weight)
    ax.set_ylim(max(places.values(), default=0) + 0.7, -0.9)


def _x(day: pd.Timestamp) -> float:
    return float(date2num(day))  # type: ignore[no-untyped-call]


def _key(drawing: Figure) -> None:
    handles = [
        Patch(**PLAN, label="prévu"),
        Patch(facecolor=REAL, label="commencé ou fini"),
        Patch(facecolor="white", edgecolor=REAL, label="à venir, estimé"),
        Patch(facecolor="white", edgecolor=CRITICAL, hatch=HATCH, label="sans marge"),
        Line2D([], [], marker="D", linestyle="", mfc="white", mec=REAL, markersize=5, label="jalon"),
        Line2D([], [], color=CRITICAL, linewidth=1.1, label="retarde"),
    ]
    drawing.legend(
        handles=handles,
        loc="outside lower center",
        ncol=len(handles),
        frameon=False,
        fontsize=SMALL,
        handlelength=1.4,
        columnspacing=1.2,
    )
