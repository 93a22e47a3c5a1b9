"""What is drawn on white, for a dark page: each colour gets one whose contrasts are the same."""

import re
from colorsys import hls_to_rgb, rgb_to_hls

GROUND = 0.0089  # relative luminance of the dark page, `--fond` in rapport.css
_SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")  # never a text, in which `>` is written `&gt;`
_COLOUR = re.compile(r"#([0-9a-f]{6})\b")


def themed(html: str) -> tuple[str, str]:
    """The page with a variable for each colour of its drawings, and the style sheet of their dark values."""
    found: set[str] = set()

    def named(colour: re.Match[str]) -> str:
        found.add(colour[1])
        return f"var(--c{colour[1]}, #{colour[1]})"

    def drawing(svg: re.Match[str]) -> str:
        return _TAG.sub(lambda tag: _COLOUR.sub(named, tag[0]) if "style=" in tag[0] else tag[0], svg[0])

    shown = _SVG.sub(drawing, html)
    values = "".join(f"--c{colour}:{dark(colour)};" for colour in sorted(found))
    return shown, f"@media screen and (prefers-color-scheme:dark){{:root{{{values}}}}}" if found else ""


def dark(colour: str) -> str:
    """The colour of that hue whose contrast with the dark page is that of `colour` with white.

    >>> dark("ffffff"), dark("12436d")
    ('var(--fond)', '#9ecaef')
    """
    if colour == "ffffff":
        return "var(--fond)"
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4))
    hue, _, saturation = rgb_to_hls(red, green, blue)
    wanted = (GROUND + 0.05) * 1.05 / (_luminance(red, green, blue) + 0.05) - 0.05
    low, high = 0.0, 1.0
    for _ in range(12):
        middle = (low + high) / 2
        if _luminance(*hls_to_rgb(hue, middle, saturation)) < wanted:
            low = middle
        else:
            high = middle
    return "#" + "".join(f"{round(255 * part):02x}" for part in hls_to_rgb(hue, high, saturation))


def _luminance(red: float, green: float, blue: float) -> float:
    """Relative luminance (WCAG)."""
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in (red, green, blue)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
