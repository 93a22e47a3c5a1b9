"""A figure: a drawing with all its words around it."""

from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING

from notebook_reports.blocks import Block, Tables, attach

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LONGEST = 150  # characters of a text alternative


def figure(
    draw: "Callable[[Figure], None]",
    *,
    title: str,
    subtitle: str,
    alt: str,
    reading: str = "",
    scope: str = "",
    source: str,
    data: Tables | None = None,
) -> Block:
    """
    Parameters
    ----------
    draw
        Draws on an empty figure, in the house style, to which it gives its height.
    title
        The message, ten words or fewer.
    subtitle
        Measure, territory, period, unit.
    alt
        Kind + what + message; what is beyond 150 characters is cut.
    reading, scope, source
        The lines « Lecture », « Champ » (with n) and « Source » under the figure.
    data
        Tables to write beside the report, by name.
    """
    import matplotlib  # slow to import: who only publishes does without

    from .canvas import STYLE, Drawn, svgs

    with matplotlib.rc_context(STYLE):
        svg, narrow = svgs(Drawn(draw))
    if len(alt) > LONGEST:
        alt = alt[: LONGEST - 1].rsplit(" ", 1)[0] + "…"
    words = {"titre": title, "sous_titre": subtitle, "alternative": alt}
    content = words | {
        "notes": [
            f"{label}\u00a0: {text}"
            for label, text in (("Lecture", reading), ("Champ", scope), ("Source", source))
            if text
        ],
        "fichier": f"{sha256(svg.encode()).hexdigest()[:16]}.svg",
    }
    block = Block("graphique", content, f"{title}. {alt}", {"image/svg+xml": svg}, narrow=narrow)
    return attach(block, data or {})
