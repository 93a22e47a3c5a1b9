"""What matplotlib draws, in the house's style, as SVG whose text stays text."""

import io
import re
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from typing import Any

from cycler import cycler
from matplotlib import font_manager
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

from notebook_reports.typst import FONTS

from .narrow import fold
from .palette import COLOURS, GREY, INK, NARROW, PALE, SMALL, WIDTH

FAMILY = "Inter"  # who measures its text needs it from here, where its fonts are added

# Without metadata: they hold the clock, and RDF that is no valid HTML.
_NOTHING: Any = dict.fromkeys(("Date", "Creator", "Format", "Type"))
_extent = lru_cache(maxsize=None)(TextToPath().get_text_width_height_descent)
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

for _font in sorted(FONTS.glob("*.otf")):
    font_manager.fontManager.addfont(_font)

STYLE: dict[Any, Any] = {
    "font.family": FAMILY,
    "font.size": SMALL,
    "svg.fonttype": "none",
    "svg.hashsalt": "spls",
    "text.parse_math": False,  # a dollar in a name is a dollar
    "figure.facecolor": "none",  # the page is what lies behind, white or dark
    "axes.facecolor": "none",
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
    "axes.titley": 1.0,  # found by nobody: looking for marks above it takes a sixth of the time of a figure
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


class Drawn(Figure):
    """What seaborn cannot draw, which heeds the width of its figure and can be drawn again for a phone."""

    def __init__(self, draw: Callable[[Figure], None], width: float = WIDTH) -> None:
        super().__init__(figsize=(width, 2.6))
        self.set_layout_engine("none")
        self._draw = draw
        draw(self)

    def again(self, width: float) -> "Drawn":
        return Drawn(self._draw, width)


class _Renderer(RendererSVG):
    """Measures a text once: matplotlib does so anew for each layout and each drawing, which doubles their time."""

    def get_text_width_height_descent(self, s: str, prop: FontProperties, ismath: Any) -> tuple[float, float, float]:
        return _extent(s, prop.copy(), ismath)


class _Canvas(FigureCanvasSVG):
    def __init__(self, figure: Figure) -> None:
        super().__init__(figure)
        figure.dpi = 72
        width, height = 72 * figure.get_size_inches()
        self.written = io.StringIO()
        self._renderer = _Renderer(width, height, self.written, metadata=_NOTHING)  # type: ignore[no-untyped-call]

    def get_renderer(self) -> _Renderer:
        """Also that of the layout, for which matplotlib would make another."""
        return self._renderer


def svg(figure: Figure) -> str:
    """The figure as SVG without prolog, text kept as text, the same bytes each time.

    Its identifiers begin with a digest of it: several figures share one page.
    """
    # Not `savefig`, which draws everything a first time for a layout that drawing makes anyway.
    canvas = _Canvas(figure)
    figure.draw(canvas.get_renderer())
    canvas.get_renderer().finalize()  # type: ignore[no-untyped-call]
    text = _NOT_XML.sub(" ", canvas.written.getvalue())
    body = text[text.index("<svg") :].strip()
    own = f"f{sha256(body.encode()).hexdigest()[:8]}-"
    return re.sub(r'(\bid="|url\(#|href="#)', lambda found: found.group(1) + own, body)


def svgs(figure: Figure) -> tuple[str, str]:
    """The figure as SVG, then for a phone, empty if the first is as narrow; it changes the figure."""
    wide = svg(figure)
    if figure.get_figwidth() <= NARROW:
        return wide, ""
    if isinstance(figure, Drawn):
        return wide, svg(figure.again(NARROW))
    fold(figure)
    return wide, svg(figure)
