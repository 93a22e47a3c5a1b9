"""What matplotlib draws, in the house's style, as SVG whose text stays text."""

import io
import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import matplotlib
from cycler import cycler
from matplotlib import font_manager
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from ..study import PACKAGE
from .palette import COLOURS, GREY, INK, PALE, SMALL, WIDTH

FAMILY = "Inter"  # who measures its text needs it from here, where its fonts are added

# Without metadata: they hold the clock, and RDF that is no valid HTML.
_NOTHING: Any = dict.fromkeys(("Date", "Creator", "Format", "Type"))
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

for _font in sorted((PACKAGE / "fonts").glob("*.otf")):
    font_manager.fontManager.addfont(_font)

STYLE: dict[Any, Any] = {
    "font.family": FAMILY,
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
    "axes.prop_cycle": cycler(color=COLOURS),
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
    "figure.constrained_layout.use": True,  # for who does not draw by the inch
}


def drawn(draw: Callable[[Figure], None]) -> str:
    """The drawing as SVG."""
    with matplotlib.rc_context(STYLE):
        drawing = Figure(figsize=(WIDTH, 2.6))
        canvas = FigureCanvasSVG(drawing)
        draw(drawing)
        buffer = io.StringIO()
        # Not `savefig`, which draws everything a first time for a layout that drawing makes anyway.
        canvas.print_svg(buffer, metadata=_NOTHING)  # type: ignore[no-untyped-call]
    return _standalone(_NOT_XML.sub(" ", buffer.getvalue()))


def _standalone(svg: str) -> str:
    """Without prolog, and with identifiers of its own: several figures share one page."""
    body = svg[svg.index("<svg") :].strip()
    own = f"f{sha256(body.encode()).hexdigest()[:8]}-"
    return re.sub(r'(\bid="|url\(#|href="#)', lambda found: found.group(1) + own, body)
