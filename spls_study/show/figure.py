"""A figure: a drawing with all its words around it."""

from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING

from .blocks import Block
from .table import Tables, attach, resource

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH = 6.5  # inches: the text width of an A4 page, so that type is printed at its size
COLOURS = ("#12436D", "#28A197", "#801650", "#F46A25")  # ONS and GAF palette, in this order
GREY, PALE, INK = "#6B7280", "#D5D8DC", "#1F2933"
PLAIN = "#8A94A3"  # what is not highlighted: 3:1 against white and against the first colour
SMALL, SIZE = 8, 8.5  # points: the smallest type that is printed, and that of what is read first
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
    behind: Tables | None = None,
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
    behind
        Tables that were drawn, by name, where the report writes them from elsewhere.
    """
    from .canvas import drawn  # matplotlib is slow to import: who only publishes does without

    svg = drawn(draw)
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
    block = Block(
        "graphique",
        content,
        f"{title}. {alt}",
        {"image/svg+xml": svg},
        behind=[resource(rows, name, title) for name, rows in (behind or {}).items()],
    )
    return attach(block, data or {})
