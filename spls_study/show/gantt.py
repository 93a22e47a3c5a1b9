"""A calendar as a Gantt chart: the plan above, what happened or is expected below it."""

from collections.abc import Callable
from textwrap import shorten
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import MonthLocator, date2num, num2date
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter

from .figure import COLOURS, GREY, PALE
from .french import month, short_date

SMALL = 8
REAL, CRITICAL = COLOURS[0], COLOURS[2]
HATCH = "/////"  # in grey the two colours are one
LATER = pd.Timedelta(days=21)  # how far an open task is drawn past the last date


def gantt(calendar: pd.DataFrame, today: pd.Timestamp) -> Callable[[Figure], None]:
    """
    Parameters
    ----------
    calendar
        `analysis.calendrier.calendrier`, in the order of its stages.
    today
        The day of the vertical line.
    """
    dates = calendar[["debut_prevu", "fin_prevue", "debut_estime", "fin_estimee"]]
    first = min(dates.min().min(), today)
    last = max(dates.max().max(), today)
    end = last + (LATER if calendar.fin_estimee.isna().any() else pd.Timedelta(days=6))
    places = _places(calendar)

    def draw(drawing: Figure) -> None:
        ax = drawing.subplots()
        for row in calendar.itertuples():
            _task(ax, row, places[row.id], end, today)
        _arrows(ax, calendar, places)
        ax.axvline(_x(today), color=COLOURS[3], linewidth=1.2)
        ax.text(_x(today), -1.1, f"édition du {short_date(today)}", ha="center",
                va="bottom", fontsize=SMALL)
        _rows(ax, calendar, places)
        ax.set_xlim(_x(first - pd.Timedelta(days=3)), _x(end))
        ax.xaxis.set_major_locator(_months(first, end))
        ax.xaxis.set_major_formatter(FuncFormatter(_month))
        ax.grid(axis="x")
        ax.set_axisbelow(True)
        ax.tick_params(length=0, labelsize=SMALL)
        ax.spines["left"].set_visible(False)
        _key(drawing)

    return draw


def height(calendar: pd.DataFrame) -> float:
    """Inches for one line a task and one a stage, so that type keeps its size."""
    return 0.75 + 0.21 * (len(calendar) + int(calendar.etape.nunique()))


def _places(calendar: pd.DataFrame) -> dict[str, float]:
    """Task → its line, each stage leaving one for its name."""
    stage = calendar.etape.fillna("")
    new = (stage != stage.shift()).cumsum()
    return {task: i + int(n) for i, (task, n) in enumerate(zip(calendar.id, new, strict=True))}


def _task(ax: Axes, row: Any, y: float, end: pd.Timestamp, today: pd.Timestamp) -> None:
    """The plan in grey; below it, filled up to today, what happened, then what is expected."""
    colour = CRITICAL if row.critique else REAL
    if row.type == "jalon":
        planned = row.fin_prevue if pd.notna(row.fin_prevue) else row.debut_prevu
        ax.plot(_x(planned), y, "D", markersize=6.5, mfc="white", mec=GREY)
        ax.plot(_x(row.fin_estimee), y, "D", markersize=4.5, mec=colour, mew=1.4,
                mfc=colour if pd.notna(row.fin_reelle) else "white")
        return
    begun = pd.notna(row.debut_reel) or pd.notna(row.fin_reelle)
    bars: list[tuple[pd.Timestamp, pd.Timestamp, float, float, dict[str, Any]]] = [
        (row.debut_prevu, row.fin_prevue, -0.2, 0.22,
         {"color": PALE, "edgecolor": GREY, "linewidth": 0.5}),
        (row.debut_estime, row.fin_estimee, 0.14, 0.34,
         {"facecolor": "white", "edgecolor": colour, "linewidth": 1.1,
          "hatch": HATCH if row.critique else None}),
    ]
    if begun:
        done = min(row.fin_estimee, today) if pd.notna(row.fin_estimee) else today
        bars.append((row.debut_estime, done, 0.14, 0.34, {"color": colour}))
    for first, last, shift, thick, style in bars:
        if pd.notna(first):
            stop = last if pd.notna(last) else end
            ax.barh(y + shift, _x(stop) - _x(first), left=_x(first),
                    height=thick, **style)


def _arrows(ax: Axes, calendar: pd.DataFrame, places: dict[str, float]) -> None:
    ends = dict(zip(calendar.id, calendar.fin_estimee, strict=True))
    for row in calendar[calendar.depend_de.notna()].itertuples():
        for name in row.depend_de.split("|"):
            stop = ends.get(name.strip())
            if stop is None or pd.isna(stop) or pd.isna(row.debut_estime):
                continue
            pushed = row.pousse_par == name.strip()
            below = places[row.id] > places[name.strip()]
            ax.annotate(
                "", (_x(row.debut_estime), places[row.id] - (0.32 if below else -0.32)),
                xytext=(_x(stop), places[name.strip()] + 0.14),
                arrowprops={"arrowstyle": "-|>", "color": CRITICAL if pushed else "#8A94A3",
                            "linewidth": 1.1 if pushed else 0.6, "shrinkA": 0, "shrinkB": 0,
                            "mutation_scale": 6,
                            "connectionstyle": "angle,angleA=0,angleB=90,rad=0"},
            )


def _rows(ax: Axes, calendar: pd.DataFrame, places: dict[str, float]) -> None:
    labels = [(places[r.id], shorten(r.libelle, 52, placeholder="…"), False)
              for r in calendar.itertuples()]
    firsts = calendar.drop_duplicates("etape")
    labels += [(places[r.id] - 1, shorten(str(r.etape), 52, placeholder="…"), True)
               for r in firsts.itertuples() if pd.notna(r.etape)]
    ax.set_yticks([y for y, _, _ in labels], [text for _, text, _ in labels], fontsize=SMALL)
    for tick, (_, _, strong) in zip(ax.get_yticklabels(), labels, strict=True):
        tick.set_fontweight("semibold" if strong else "normal")
    ax.set_ylim(max(places.values(), default=0) + 0.7, -0.9)


def _months(first: pd.Timestamp, end: pd.Timestamp) -> MonthLocator:
    """Ten lines at most in a year."""
    return MonthLocator(interval=1 + (end - first).days // 300)  # type: ignore[no-untyped-call]


def _x(day: pd.Timestamp) -> float:
    return float(date2num(day))  # type: ignore[no-untyped-call]


def _month(value: float, _: int) -> str:
    return month(num2date(value).month)  # type: ignore[no-untyped-call]


def _key(drawing: Figure) -> None:
    handles = [
        Patch(facecolor=PALE, edgecolor=GREY, linewidth=0.5, label="prévu"),
        Patch(facecolor=REAL, label="commencé ou fini"),
        Patch(facecolor="white", edgecolor=REAL, label="à venir, estimé"),
        Patch(facecolor="white", edgecolor=CRITICAL, hatch=HATCH, label="sans marge"),
        Line2D([], [], marker="D", linestyle="", mfc="white", mec=REAL, markersize=5,
               label="jalon"),
        Line2D([], [], color=CRITICAL, linewidth=1.1, label="retarde"),
    ]
    drawing.legend(handles=handles, loc="outside lower center", ncol=len(handles), frameon=False,
                   fontsize=SMALL, handlelength=1.4, columnspacing=1.2)
