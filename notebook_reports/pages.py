"""HTML pages of the house: Jinja's templates, the house's style and font in themselves."""

import base64
import re
from colorsys import hls_to_rgb, rgb_to_hls
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, TemplateError
from markupsafe import Markup

from .blocks import TEMPLATES, jinja
from .errors import StudyError
from .french import apostrophes, count, long_date
from .publication import address
from .typst import FONTS

_FACES = (("Regular", 400, "normal"), ("SemiBold", 600, "normal"), ("Bold", 700, "normal"), ("Italic", 400, "italic"))


def page(name: str, own: Path = TEMPLATES, **values: Any) -> str:
    """An HTML page from the template of that name; `own` as `template`."""
    css = template("rapport.css", own).read_text(encoding="utf-8")
    values["style"] = Markup(f"{faces()}\n{css}")
    try:
        environment = _environment(own, tuple(sorted(own.glob("*"))))
        return apostrophes(environment.get_template(name).render(**values)) + "\n"
    except (TemplateError, UnicodeDecodeError) as error:
        raise StudyError(f"Modèle à corriger, {name}\u00a0: {error}.") from error


def template(name: str, own: Path) -> Path:
    """A template; the files of the folder `own` replace those of the same name."""
    return own / name if (own / name).is_file() else TEMPLATES / name


@cache
def _environment(own: Path, there: tuple[Path, ...]) -> Environment:
    """`there`: what `own` holds, since Jinja would not look for a template that appears."""
    environment = jinja(own, TEMPLATES)
    environment.filters |= {"date_longue": long_date, "compte": count, "adresse": address}
    script = (TEMPLATES / "recherche.js").read_text(encoding="utf-8")
    environment.globals |= {
        "recherche": Markup(script),
        "empreinte_recherche": _base64(sha256(script.encode()).digest()),
    }
    return environment


@cache
def faces() -> str:
    """The house's font as CSS."""
    return "\n".join(
        f"@font-face{{font-family:Inter;font-weight:{weight};font-style:{style};"
        f'src:url("data:font/woff2;base64,{_base64((FONTS / f"Inter-{face}.woff2").read_bytes())}") '
        'format("woff2")}'
        for face, weight, style in _FACES
    )


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


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
