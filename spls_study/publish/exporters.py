"""nbconvert exporters of an executed notebook: a self-contained HTML page, an accessible PDF.

`jupyter nbconvert --to spls_html` and `--to spls_pdf` use them too (entry points).
"""

import base64
import re
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import typst
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError
from markupsafe import Markup
from nbconvert.exporters import Exporter
from nbformat import NotebookNode

from .. import __version__
from ..errors import StudyError
from ..french import apostrophes, count, long_date
from ..show.blocks import TEMPLATES as BLOCKS
from ..show.typst import call, literal
from ..study import PACKAGE
from ..words import address
from . import notebook as nb
from .anchors import with_anchors
from .assemble import body
from .pdf import finished
from .tables import to_csv

TEMPLATES = Path(__file__).parent / "templates"
TEMPLATES_OF = "modeles"  # the key of `resources` that holds a study's own templates
FONTS = PACKAGE / "fonts"
_FACES = (("Regular", 400, "normal"), ("SemiBold", 600, "normal"), ("Bold", 700, "normal"), ("Italic", 400, "italic"))


@cache
def _environment(own: Path, there: tuple[Path, ...]) -> Environment:
    """`there`: what `own` holds, since Jinja would not look for a template that appears."""
    environment = Environment(
        loader=FileSystemLoader([own, TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["date_longue"] = long_date
    environment.filters["compte"] = count
    environment.filters["adresse"] = address
    script = (TEMPLATES / "recherche.js").read_text(encoding="utf-8")
    environment.globals |= {
        "recherche": Markup(script),
        "empreinte_recherche": base64.b64encode(sha256(script.encode()).digest()).decode("ascii"),
    }
    return environment


@cache
def faces() -> str:
    """The house's font as CSS, in itself."""
    found = []
    for face, weight, style in _FACES:
        data = base64.b64encode((FONTS / f"Inter-{face}.woff2").read_bytes()).decode("ascii")
        found.append(
            f"@font-face{{font-family:Inter;font-weight:{weight};font-style:{style};"
            f'src:url("data:font/woff2;base64,{data}") format("woff2")}}'
        )
    return "\n".join(found)


def page(template: str, own: Path = TEMPLATES, **values: Any) -> str:
    """An HTML page of the house, from one of its templates.

    Parameters
    ----------
    own
        Folder whose files replace the templates of the same name.
    """
    css = _template("rapport.css", own).read_text(encoding="utf-8")
    values["style"] = Markup(f"{faces()}\n{css}")
    try:
        environment = _environment(own, tuple(sorted(own.glob("*"))))
        return apostrophes(environment.get_template(template).render(**values)) + "\n"
    except (TemplateError, UnicodeDecodeError) as error:
        raise StudyError(f"Modèle à corriger, {template}\u00a0: {error}.") from error


def _code(resources: Any) -> str:
    """What the footer says for `verify --code` to find the report; nothing out of a build."""
    code = resources.get("code", "")
    return f", code {code} (spls_study {__version__})" if code else ""


def _template(name: str, own: Path) -> Path:
    return own / name if (own / name).is_file() else TEMPLATES / name


class _ReportExporter(Exporter):
    optimistic_validation = True  # of the notebook, once: not after each preprocessor

    def _prepared(self, notebook: NotebookNode, resources: Any) -> tuple[NotebookNode, Any, str]:
        notebook, resources = super().from_notebook_node(notebook, resources)
        return notebook, resources, resources.get("metadata", {}).get("name", "")


class ReportHTMLExporter(_ReportExporter):
    """One file that needs neither network nor script."""

    export_from_notebook = "Rapport HTML de l'étude"
    output_mimetype = "text/html"

    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(  # type: ignore[override]  # nbconvert's own exporters do so
        self, nb_: NotebookNode, resources: Any = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        notebook, resources, name = self._prepared(nb_, resources)
        content = with_anchors(body(notebook, "html", name))
        sections = re.findall(r'<h2 id="([^"]+)">(.*?)</h2>', content, flags=re.DOTALL)
        html = page(
            "rapport.html.j2",
            resources.get(TEMPLATES_OF, TEMPLATES),
            document=nb.document(notebook, name),
            sections=[(key, Markup(re.sub(r"<[^>]+>", "", title))) for key, title in sections],
            corps=Markup(content),
            accessibilite=resources.get("accessibilite", ""),
            code=_code(resources),
        )
        return html, resources


class ReportPDFExporter(_ReportExporter):
    """Tagged PDF (PDF/UA-1 and PDF/A-3a) made by Typst; each table shown is attached as CSV."""

    export_from_notebook = "Rapport PDF de l'étude"
    output_mimetype = "application/pdf"

    def _file_extension_default(self) -> str:
        return ".pdf"

    def from_notebook_node(  # type: ignore[override]  # nbconvert's own exporters do so
        self, nb_: NotebookNode, resources: Any = None, **kw: Any
    ) -> tuple[bytes, dict[str, Any]]:
        notebook, resources, name = self._prepared(nb_, resources)
        document = nb.document(notebook, name)
        source, files = _typst_source(
            notebook, document, name, resources.get(TEMPLATES_OF, TEMPLATES), _code(resources)
        )
        day = document.date
        try:
            pdf: bytes = typst.compile(  # type: ignore[call-overload]  # its stub lacks dict
                {"main": source.encode(), **files},
                font_paths=[str(FONTS)],
                ignore_system_fonts=True,
                pdf_standards=["ua-1", "a-3a"],
                timestamp=datetime(day.year, day.month, day.day, tzinfo=UTC),
            )
        except typst.TypstError as error:
            raise StudyError(f"Typst refuse le document\u00a0: {error}") from error
        return finished(pdf), resources


def _typst_source(
    notebook: NotebookNode, document: nb.Document, name: str, own: Path, code: str
) -> tuple[str, dict[str, bytes]]:
    """The Typst document and the files it names: templates, drawings, tables to attach."""
    files = {
        **{p.name: p.read_bytes() for p in own.glob("*") if p.is_file()},  # a logo, for instance
        "rapport.typ": _template("rapport.typ", own).read_bytes(),
        "blocs.typ": (BLOCKS / "blocs.typ").read_bytes(),
    }
    public = nb.without_internal(notebook)
    for output in nb.outputs(public):
        if svg := output.get("data", {}).get("image/svg+xml"):
            files[f"{sha256(svg.encode()).hexdigest()[:16]}.svg"] = apostrophes(svg).encode()
    attached = []
    for key, table in sorted(nb.tables(public).items()):
        files[f"{key}.csv"] = to_csv(table).encode()
        attached.append(
            f'#pdf.attach({literal(f"{key}.csv")}, relationship: "data", '
            f'mime-type: "text/csv", description: {literal(table["title"])})'
        )
    day = document.date
    look = call(
        "rapport.with",
        {
            "titre": document.titre,
            "auteur": document.auteur,
            "jour": [day.year, day.month, day.day],
            "etude": document.etude,
            "territoire": document.territoire,
            "edition": f"Édition du {long_date(day)}{code}",
            "fictif": document.fictif,
        },
    )
    lines = ['#import "rapport.typ": *', '#import "blocs.typ": *', f"#show: {look[1:]}"]
    return apostrophes("\n".join([*lines, *attached, body(notebook, "typst", name)])), files
