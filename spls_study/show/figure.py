"""A figure: a matplotlib drawing as SVG whose text stays text, with all its words around it."""

import io
import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import matplotlib
from matplotlib import font_manager
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from ..study import PACKAGE
from .blocks import Block
from .table import Tables, attach, resource

WIDTH = 6.5  # inches: the text width of an A4 page, so that type is printed at its size
COLOURS = ("#12436D", "#28A197", "#801650", "#F46A25")  # ONS and GAF palette, in this order
GREY, PALE, INK = "#6B7280", "#D5D8DC", "#1F2933"
PLAIN = "#8A94A3"  # what is not highlighted: 3:1 against white and against the first colour
SMALL, SIZE = 8, 8.5  # points: the smallest type that is printed, and that of what is read first
LONGEST = 150  # characters of a text alternative

# Without metadata: they hold the clock, and RDF that is no valid HTML.
_NOTHING: Any = dict.fromkeys(("Date", "Creator", "Format", "Type"))
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

for _font in sorted((PACKAGE / "fonts").glob("*.otf")):
    font_manager.fontManager.addfont(_font)

STYLE: dict[Any, Any] = {
    "font.family": "Inter",
    "font.size": SMALL,
    "svg.fonttype": "none",
    "svg.hashsalt": "spls",
    "text.parse_math": False,  # a dollar in a name is a dollar
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": GREY,
    "axes.spines.left": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.titlesize": 9,
    "axes.titlelocation": "left",
    "axes.titlepad": 5,
    "axes.titleweight": "semibold",
    "xtick.color": INK,
    "xtick.major.size": 0,
    "ytick.color": INK,
    "ytick.major.size": 0,
    "legend.frameon": False,
    "legend.handlelength": 1.3,
    "legend.columnspacing": 1.2,
    "grid.color": PALE,
    "grid.linewidth": 0.6,
    "figure.constrained_layout.use": True,
}


def figure(
    draw: Callable[[Figure], None],
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
    with matplotlib.rc_context(STYLE):
        drawing = Figure(figsize=(WIDTH, 2.6))
        canvas = FigureCanvasSVG(drawing)
        draw(drawing)
        buffer = io.StringIO()
        # Not `savefig`, which draws everything a first time for a layout that drawing makes anyway.
        canvas.print_svg(buffer, metadata=_NOTHING)  # type: ignore[no-untyped-call]
    svg = _standalone(_NOT_XML.sub(" ", buffer.getvalue()))
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


def _standalone(svg: str) -> str:
    """Without prolog, and with identifiers of its own: several figures share one page."""
    body = svg[svg.index("<svg") :].strip()
    own = f"f{sha256(body.encode()).hexdigest()[:8]}-"
    return re.sub(r'(\bid="|url\(#|href="#)', lambda found: found.group(1) + own, body)
