"""A process as a strip of boxes, in order: what the application does of each step."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ..palette import COLOURS, GREY, INK, SMALL
from .sheet import Draw, is_wide, sheet, wrap

A_ROW, A_NARROW_ROW, HEIGHT, GAP = 7, 4, 0.6, 0.07  # boxes; inches
# Where a step goes → face, edge, ink, dash: told apart in grey too.
LOOKS = {
    "couvert": (COLOURS[0], COLOURS[0], "white", "-"),
    "à adapter": ("#8FB3D9", "#8FB3D9", INK, "-"),
    "hors SPLS": ("white", INK, INK, "-"),
    "sans place": ("white", COLOURS[2], COLOURS[2], (0, (3, 2))),
}


def strip(steps: pd.DataFrame, application: str) -> Draw:
    """
    Parameters
    ----------
    steps
        `integration.reprise` of one gestionnaire, in order.
    application
        Its name, said of the steps that it covers.
    """
    words = {"couvert": application, "hors SPLS": f"hors {application}"}

    def draw(drawing: Figure) -> None:
        a_row = A_ROW if is_wide(drawing) else A_NARROW_ROW
        width = (drawing.get_figwidth() + GAP) / a_row - GAP
        ax = sheet(drawing, -(-len(steps) // a_row) * (HEIGHT + GAP))
        for i, step in enumerate(steps.itertuples()):
            x, y = i % a_row * (width + GAP), 0.02 + i // a_row * (HEIGHT + GAP)
            face, edge, ink, dash = LOOKS.get(step.couverture, ("white", GREY, INK, "-"))
            ax.add_patch(Rectangle((x, y), width, HEIGHT, fc=face, ec=edge, ls=dash, lw=0.9))
            title = "\n".join(wrap(f"{i + 1} {step.etape}", width - 0.08, SMALL))
            ax.text(x + 0.04, y + 0.035, title, va="top", color=ink, linespacing=1.0)
            told = words.get(step.couverture, step.couverture) + " · R" * step.ressaisie
            ax.text(x + 0.04, y + HEIGHT - 0.035, told, va="bottom", color=ink, weight="semibold")

    return draw
