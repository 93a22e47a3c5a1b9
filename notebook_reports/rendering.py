"""An executed notebook as what is read: a self-contained HTML page, an accessible PDF.

Of `resources` they take the notebook's name, `modeles` (folder of a study's own templates),
`titres` (pattern of identifiers → what a table attached holds), `accessibilite` (address of the statement),
`liens` (name → address, above the page) and `code` (by which `verify --code` finds the report).
"""

import base64
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from html import escape
from itertools import count, groupby, zip_longest
from typing import Any, Literal

import pikepdf
import pypandoc
import typst
from markupsafe import Markup
from nbformat import NotebookNode
from pikepdf import Array, Dictionary, Name

from . import notebook as nb
from .blocks import ELEMENT, TEMPLATES, TYPST, as_markdown
from .errors import StudyError
from .french import apostrophes, long_date
from .notebook import heading
from .pages import page, template, themed
from .tables import to_csv, told
from .typst import call, compiled, cut, literal

TEMPLATES_OF, TITLES = "modeles", "titres"


def to_html(notebook: NotebookNode, resources: Any) -> str:
    """The page of an executed notebook."""
    document, shown = _document(notebook, resources), nb.published(notebook)
    content, colours = themed(body(shown, "html", document.titre))
    sections = re.findall(r'<h2 id="([^"]+)">(.*?)</h2>', content, flags=re.DOTALL)
    return page(
        "rapport.html.j2",
        resources.get(TEMPLATES_OF, TEMPLATES),
        document=document,
        sections=[(key, Markup(re.sub(r"<[^>]+>", "", title))) for key, title in sections],
        corps=Markup(content),
        couleurs=Markup(colours),
        accessibilite=resources.get("accessibilite", ""),
        liens=resources.get("liens", {}),
        code=resources.get("code", ""),
    )


def to_pdf(notebook: NotebookNode, resources: Any) -> bytes:
    """The document of an executed notebook.

    Raises
    ------
    StudyError
        When Typst refuses it.
    """
    document = _document(notebook, resources)
    day = datetime(document.date.year, document.date.month, document.date.day, tzinfo=UTC)
    files = _typst_files(nb.published(notebook), document, resources)
    try:
        return finished(compiled(files, pdf_standards=["ua-1", "a-3a"], timestamp=day))
    except typst.TypstError as error:
        raise StudyError(f"Typst refuse le document\u00a0: {error}") from error


def _document(notebook: NotebookNode, resources: Any) -> nb.Document:
    return nb.document(notebook, resources.get("metadata", {}).get("name", ""))


def _typst_files(notebook: NotebookNode, document: nb.Document, resources: Any) -> dict[str, bytes]:
    """The Typst document `main` and what it names: templates, drawings, tables to attach."""
    own, titles = resources.get(TEMPLATES_OF, TEMPLATES), resources.get(TITLES, {})
    named = [*own.glob("*"), template("rapport.typ", own), TEMPLATES / "blocs.typ"]  # of its own, a logo for instance
    files = {path.name: path.read_bytes() for path in named if path.is_file()}
    for output in nb.outputs(notebook):
        if svg := output.get("data", {}).get("image/svg+xml"):
            files[f"{sha256(svg.encode()).hexdigest()[:16]}.svg"] = apostrophes(svg).encode()
    attached = []
    for key, table in sorted(nb.tables(notebook).items()):
        files[f"{key}.csv"] = to_csv(table).encode()
        attached.append(
            f'#pdf.attach({literal(f"{key}.csv")}, relationship: "data", '
            f'mime-type: "text/csv", description: {literal(told(table, titles))})'
        )
    day = document.date
    look = {
        "titre": document.titre,
        "auteur": document.auteur,
        "jour": [day.year, day.month, day.day],
        "etude": document.etude,
        "territoire": document.territoire,
        "edition": f"Édition du {long_date(day)}{resources.get('code', '')}",
        "fictif": document.fictif,
    }
    imports = ['#import "rapport.typ": *', '#import "blocs.typ": *']
    head = [*imports, f"#show: {call('rapport.with', look)[1:]}", "#show: regroupe"]
    source = "\n".join([*head, *attached, body(notebook, "typst", document.titre)])
    return files | {"main": apostrophes(source).encode()}


Face = Literal["html", "typst"]
# Pandoc's Markdown as Jupyter reads it; HTML and TeX commands in a text are just text.
_READER = "markdown" + "".join(
    [
        "-raw_html-raw_tex-native_divs-native_spans-markdown_in_html_blocks-citations-smart",
        "-example_lists-fancy_lists-yaml_metadata_block-pandoc_title_block",
        "-blank_before_header-blank_before_blockquote+lists_without_preceding_blankline",
    ]
)
_MARKS = {"Figure": "<figure", "Tableau": '<div class="tableau"'}
_IMAGES = ("image/png", "image/jpeg", "image/svg+xml")


class Raw(str):
    """HTML or Typst, not Markdown."""


def body(notebook: NotebookNode, face: Face, title: str) -> str:
    """The notebook's content in HTML or Typst, under a title where it has no heading.

    Raises
    ------
    StudyError
        When an output is an image that nothing describes.
    """
    parts: list[str | Raw] = [] if heading(notebook) else [f"# {as_markdown(title)}"]
    numbers = count(1)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            parts.append(cell.source)
        elif cell.cell_type == "code":
            parts += [part for output in cell.outputs for part in _output(output, face, numbers)]
    return _joined(parts, face)


def _joined(parts: list[str | Raw], face: Face) -> str:
    """The texts converted, with what stands raw between them."""
    runs = [(kind, list(run)) for kind, run in groupby(parts, type)]
    texts = ["\n\n".join(run) if kind is str else "" for kind, run in runs]  # "": something raw stands here
    raw = ["\n".join(run) for kind, run in runs if kind is not str]
    found = [piece for pair in zip_longest(_converted(tuple(texts), face), raw, fillvalue="") for piece in pair]
    return "\n\n".join(filter(None, found)) + "\n"


@lru_cache(maxsize=64)  # a notebook's texts are the same for all territories
def _converted(texts: tuple[str, ...], face: Face) -> list[str]:
    """What pandoc makes of the texts before, between and after the empty ones."""
    mark = f"partie-{sha256(repr(texts).encode()).hexdigest()}"  # that no text can hold
    # Tildes: backticks would close what a text leaves open.
    text = "\n\n".join(text or f"~~~{{={face}}}\n{mark}\n~~~" for text in texts)
    if face == "typst":
        text = re.sub(r"\S+", lambda word: word[0] if "](data:" in word[0] else cut(word[0]), text)
    options = ["--wrap=none", "--sandbox", "--eol=lf", "--mathml"]
    # Verifying the formats would start pandoc eight times more.
    made = pypandoc.convert_text(
        text, "html5" if face == "html" else "typst", format=_READER, extra_args=options, verify_format=False
    )
    return [piece.strip("\n") for piece in made.split(mark)]


def _output(output: NotebookNode, face: Face, numbers: Iterator[int]) -> list[str | Raw]:
    """`numbers`: of the figures and tables of a page, whose anchors are `element-1`…"""
    if output.output_type == "stream":
        return [_verbatim(output.text, face)] if output.name == "stdout" else []
    if output.output_type == "error":
        return [_verbatim(f"{output.ename}\u00a0: {output.evalue}", face)]
    data = output.data
    if TYPST in data:
        if not data["text/plain"]:  # a block that says nothing, for the tables that it brings
            return []
        if face == "typst":
            return [Raw(data[TYPST])]
        mark = _MARKS.get(output.metadata.get(ELEMENT, {}).get("genre"))
        html = data["text/html"]
        return [Raw(html.replace(mark, f'{mark} id="element-{next(numbers)}"', 1) if mark else html)]
    if any(kind in data for kind in _IMAGES):
        raise StudyError("une image sans texte de remplacement\u00a0: montrez-la par r.figure.")
    if "text/markdown" in data:
        return [data["text/markdown"]]
    return [_verbatim(data["text/plain"], face)] if data.get("text/plain") else []


def _verbatim(text: str, face: Face) -> Raw:
    shown = re.sub(r"\x1b\[[0-9;]*m", "", text).strip("\n")
    if face == "html":
        return Raw(f'<pre class="sortie">{escape(shown)}</pre>')
    return Raw(f"#raw(block: true, {literal(shown)})")


def finished(pdf: bytes) -> bytes:
    """The document with the first cell of each body row tagged as its header.

    Typst has no way to say it, and a screen reader then reads numbers without their row. The
    same bytes come out of the same document.
    """
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for item in document.objects:
            if isinstance(item, pikepdf.Stream):
                _end_clearly(item)
            elif isinstance(item, Dictionary) and item.get("/S") == Name.TR and item.P.get("/S") == Name.TBody:
                first = item.K[0] if isinstance(item.K, Array) else item.K
                if first.get("/S") == Name.TD:
                    first.S = Name.TH
                    scope = Dictionary(O=Name.Table, Scope=Name.Row)  # an object is of one document
                    first.A = Array([scope, *first.get("/A", [])])
        out = io.BytesIO()
        # Each stream stays as it is written: re-encoding would end it in CR again.
        document.save(
            out, deterministic_id=True, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none
        )
    return out.getvalue()


def _end_clearly(stream: pikepdf.Stream) -> None:
    """PDF/A 6.1.7.1: data that end in CR, followed by the LF before `endstream`, look shorter.

    The last byte of Flate data is a checksum, the same however they are compressed: such
    data are written as text (ASCII85), which ends in `~>`.
    """
    raw = stream.read_raw_bytes()
    if raw.endswith(b"\r"):
        filters, parameters = _listed(stream, "/Filter"), _listed(stream, "/DecodeParms")
        stream.write(
            base64.a85encode(raw) + b"~>",
            filter=Array([Name.ASCII85Decode, *filters]),
            decode_parms=Array([None, *parameters]) if parameters else None,
        )


def _listed(stream: pikepdf.Stream, key: str) -> list[pikepdf.Object]:
    value: Any = stream.get(key, [])
    return list(value) if isinstance(value, Array | list) else [value]
