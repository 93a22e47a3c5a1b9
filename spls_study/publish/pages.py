"""HTML pages of the house: Jinja's templates, the house's style and font in themselves."""

import base64
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, TemplateError
from markupsafe import Markup

from ..errors import StudyError
from ..french import apostrophes, count, long_date
from ..show.blocks import jinja
from ..study import PACKAGE
from ..words import address

TEMPLATES = Path(__file__).parent / "templates"
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
        f'src:url("data:font/woff2;base64,{_base64((PACKAGE / f"fonts/Inter-{face}.woff2").read_bytes())}") '
        'format("woff2")}'
        for face, weight, style in _FACES
    )


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
