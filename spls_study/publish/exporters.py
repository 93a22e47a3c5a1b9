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
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from nbconvert.exporters import Exporter
from nbformat import NotebookNode

from ..errors import StudyError
from ..french import long_date
from ..show.blocks import TEMPLATES as BLOCKS
from ..show.typst import call, literal
from ..study import PACKAGE
from . import notebook as nb
from .assemble import body
from .pdf import finished
from .tables import to_csv

TEMPLATES = Path(__file__).parent / "templates"
FONTS = PACKAGE / "fonts"
_FACES = (("Regular", 400, "normal"), ("SemiBold", 600, "normal"), ("Bold", 700, "normal"),
          ("Italic", 400, "italic"))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )
    environment.filters["date_longue"] = long_date
    environment.globals["style"] = Markup(_style())
    return environment


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


def _style() -> str:
    return "\n".join([faces(), (TEMPLATES / "rapport.css").read_text(encoding="utf-8")])


def page(template: str, **values: Any) -> str:
    """An HTML page of the house: `rapport.html.j2` or `index.html.j2`."""
    return _environment().get_template(template).render(**values) + "\n"


class _ReportExporter(Exporter):
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
        content = body(notebook, "html", name)
        sections = re.findall(r'<h2 id="([^"]+)">(.*?)</h2>', content, flags=re.DOTALL)
        html = page(
            "rapport.html.j2",
            document=nb.document(notebook, name),
            sections=[(key, Markup(re.sub(r"<[^>]+>", "", title))) for key, title in sections],
            corps=Markup(content),
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
        source, files = _typst_source(notebook, document, name)
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
    notebook: NotebookNode, document: nb.Document, name: str
) -> tuple[str, dict[str, bytes]]:
    """The Typst document and the files it names: templates, drawings, tables to attach."""
    files = {
        "rapport.typ": (TEMPLATES / "rapport.typ").read_bytes(),
        "blocs.typ": (BLOCKS / "blocs.typ").read_bytes(),
    }
    public = nb.without_internal(notebook)
    for output in nb.outputs(public):
        if svg := output.get("data", {}).get("image/svg+xml"):
            files[f"{sha256(svg.encode()).hexdigest()[:16]}.svg"] = svg.encode()
    attached = []
    for key, table in sorted(nb.tables(public).items()):
        files[f"{key}.csv"] = to_csv(table).encode()
        attached.append(
            f'#pdf.attach({literal(f"{key}.csv")}, relationship: "data", '
            f'mime-type: "text/csv", description: {literal(table["title"])})'
        )
    day = document.date
    look = call("rapport.with", {
        "titre": document.titre, "auteur": document.auteur, "jour": [day.year, day.month, day.day],
        "etude": document.etude, "territoire": document.territoire,
        "edition": f"Édition du {long_date(day)}", "fictif": document.fictif,
    })
    lines = ['#import "rapport.typ": *', '#import "blocs.typ": *', f"#show: {look[1:]}"]
    return "\n".join([*lines, *attached, body(notebook, "typst", name)]), files
