"""`jupyter nbconvert --to spls_html` and `--to spls_pdf`: its exporters of what `rendering` makes.

A build does without them: importing nbconvert, and the copy that it makes of each notebook, take longer than a page.
"""

from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode

from .rendering import to_html, to_pdf


class ReportHTMLExporter(Exporter):
    """One file that needs neither network nor script, for nbconvert's command."""

    export_from_notebook = "Rapport HTML de l'étude"
    output_mimetype = "text/html"
    file_extension = ".html"

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> tuple[Any, dict[str, Any]]:
        notebook, resources = super().from_notebook_node(nb, resources)
        return to_html(notebook, resources), resources


class ReportPDFExporter(Exporter):
    """Tagged PDF (PDF/UA-1 and PDF/A-3a) made by Typst; each table is attached as CSV."""

    export_from_notebook = "Rapport PDF de l'étude"
    output_mimetype = "application/pdf"
    file_extension = ".pdf"

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> tuple[Any, dict[str, Any]]:
        notebook, resources = super().from_notebook_node(nb, resources)
        return to_pdf(notebook, resources), resources
