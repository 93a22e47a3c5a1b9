"""A calendar in a few bars: planned above, real or estimated below, the slip written on it."""

from textwrap import fill

import pandas as pd
from matplotlib.figure import Figure

from notebook_reports.french import month, plural, signed

from ..palette import COLOURS, GREY, PALE, PLAIN
from .sheet import CLEAR, LINE, Draw, is_wide, sheet

LEFT, TOP, PITCH, BAR = 2.2, 0.17, 0.265, 0.085  # inches
LONGEST, WHOLE = 38, 60  # characters of a line of a name, beside its bars or above them


def agenda(rows: pd.DataFrame, today: pd.Timestamp) -> Draw:
    """
    Parameters
    ----------
    rows
        Rows of `calendrier`, in order.
    today
        The day of the vertical line.
    """
    dates = rows[["debut_prevu", "fin_prevue", "debut_estime", "fin_estimee"]]
    first = min(dates.min().min(), today) - pd.Timedelta(days=3)
    end = max(dates.max().max(), today) + pd.Timedelta(days=5)
    months = [day for day in pd.date_range(first, end, freq="MS", normalize=True) if day >= first]

    def draw(drawing: Figure) -> None:
        width, wide = drawing.get_figwidth(), is_wide(drawing)
        left, above = (LEFT, 0) if wide else (0.05, LINE)  # names stand beside their bars, or above
        pitch = PITCH + above
        bottom = TOP + pitch * len(rows)

        def x(day: pd.Timestamp) -> float:
            return float(left + (day - first) / (end - first) * (width - 0.85 - left))

        ax = sheet(drawing, bottom + 0.14)
        ax.vlines([x(day) for day in months], TOP - 0.05, bottom, color=PALE, linewidth=0.8, zorder=0)
        for day in months:
            ax.text(x(day) + 0.03, 0.02, month(day.month), va="top")
        for i, row in enumerate(rows.itertuples()):
            y = TOP + pitch * i + above
            if wide:
                name = fill(row.libelle, LONGEST, max_lines=2, placeholder="…")
                ax.text(left - 0.08, y + PITCH / 2, name, ha="right", va="center", linespacing=1.0)
            else:
                name = fill(row.libelle, WHOLE, max_lines=1, placeholder="…")
                ax.text(left, y + 0.04, name, va="bottom", bbox=CLEAR)
            colour = COLOURS[2] if row.critique else COLOURS[0]
            planned = row.debut_prevu if pd.notna(row.debut_prevu) else row.fin_prevue
            spans = [(planned, row.fin_prevue, 0.05, PLAIN), (row.debut_estime, row.fin_estimee, 0.15, colour)]
            for start, stop, shift, shade in spans:
                stop = stop if pd.notna(stop) else start
                long = max(x(stop + pd.Timedelta(days=1)) - x(start), 0.05)
                ax.barh(y + shift, long, BAR, x(start), color=shade, align="edge")
            if pd.notna(row.retard_jours) and row.retard_jours:
                late = f"{signed(row.retard_jours)} {plural(row.retard_jours, 'jour')}"
                last = max(day for day in (row.fin_estimee, row.fin_prevue) if pd.notna(day))
                ax.text(
                    x(last + pd.Timedelta(days=1)) + 0.06, y + 0.17, late, va="center", color=colour, weight="semibold"
                )
        ax.vlines(x(today), TOP - 0.05, bottom, color=COLOURS[3], linewidth=1.2)
        ax.text(max(x(today), 0.3), bottom, "aujourd'hui", ha="center", va="top", color=GREY)

    return draw
