"""The guides of the study as pages of each edition, beside the reports that they explain."""

import csv
import re

from ..french import long_date
from ..show.blocks import DOCUMENT, Block
from .compose import composed
from .exporters import TEMPLATES_OF, ReportHTMLExporter
from .publication import INDEX, STATEMENT, Publication

# An example of a file, under the heading that begins with the file's name.
_EXAMPLE = re.compile(r"(^### `([^`]+)`(?:(?!^#).)*?)^```csv\n(.*?)^```$", re.M | re.S)


def guide_page(publication: Publication, text: str) -> str:
    """A Markdown text as a report that nothing was executed for, with the edition's date."""
    about = {
        "titre": text.partition("\n")[0].removeprefix("# "),
        "auteur": publication.author,
        "etude": publication.title,
        "date": publication.edition.isoformat(),
        "fictif": publication.fictitious,
    }
    book = composed([_EXAMPLE.sub(_as_table, text), {DOCUMENT: about}])
    links = {f"Édition du {long_date(publication.edition)}": INDEX}
    resources = {TEMPLATES_OF: publication.templates, "accessibilite": STATEMENT, "liens": links}
    return str(ReportHTMLExporter().from_notebook_node(book, resources)[0])  # type: ignore[no-untyped-call]


def _as_table(found: re.Match[str]) -> str:
    """The example on its side: files have more columns than a page has room for."""
    above, name, example = found.groups()
    lines = [*csv.reader(example.splitlines(), delimiter=";")]
    shown = Block(
        "tableau",
        {
            "legende": f"Exemple\u00a0: {name}.csv",
            "note": "",
            "entetes": ["colonne", *(f"ligne {n}" for n in range(2, len(lines) + 1))],
            "lignes": [[cell or "(vide)" for cell in column] for column in zip(*lines, strict=True)],
            "numeriques": [False] * len(lines),
        },
        name,
    )
    return f"{above}```{{=html}}\n{shown.html()}\n```"
