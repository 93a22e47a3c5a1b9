"""A notebook as one document in one language, HTML or Typst: text and results, without the code.

Markdown cells go through pandoc, once for the whole notebook; the faces of blocks do not. Only
blocks (`show`) bring HTML or Typst of their own, because they escape their data; any other
output is shown as Markdown or as plain text.
"""

import re
from functools import lru_cache
from hashlib import sha256
from html import escape
from itertools import groupby, zip_longest
from typing import Literal

import pypandoc
from nbformat import NotebookNode

from ..errors import StudyError
from ..show.blocks import TYPST
from ..show.text import as_markdown
from ..show.typst import literal
from .notebook import heading

Face = Literal["html", "typst"]
# Pandoc's Markdown as Jupyter reads it; HTML and TeX commands in a text are just text.
_READER = "markdown" + "".join(
    [
        "-raw_html-raw_tex-native_divs-native_spans-markdown_in_html_blocks-citations-smart",
        "-example_lists-fancy_lists-yaml_metadata_block-pandoc_title_block",
        "-blank_before_header-blank_before_blockquote+lists_without_preceding_blankline",
    ]
)
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
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            parts.append(cell.source)
        elif cell.cell_type == "code":
            parts += [part for output in cell.outputs for part in _output(output, face)]
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
    options = ["--wrap=none", "--sandbox", "--eol=lf", "--mathml"]
    # Verifying the formats would start pandoc eight times more.
    made = pypandoc.convert_text(
        text, "html5" if face == "html" else "typst", format=_READER, extra_args=options, verify_format=False
    )
    return [piece.strip("\n") for piece in made.split(mark)]


def _output(output: NotebookNode, face: Face) -> list[str | Raw]:
    if output.output_type == "stream":
        return [_verbatim(output.text, face)] if output.name == "stdout" else []
    if output.output_type == "error":
        return [_verbatim(f"{output.ename}\u00a0: {output.evalue}", face)]
    data = output.data
    if TYPST in data:
        return [Raw(data["text/html" if face == "html" else TYPST])]
    if any(kind in data for kind in _IMAGES):
        raise StudyError("une image sans texte de remplacement\u00a0: montrez-la par show.figure.")
    if "text/markdown" in data:
        return [data["text/markdown"]]
    return [_verbatim(data["text/plain"], face)] if data.get("text/plain") else []


def _verbatim(text: str, face: Face) -> Raw:
    shown = re.sub(r"\x1b\[[0-9;]*m", "", text).strip("\n")
    if face == "html":
        return Raw(f'<pre class="sortie">{escape(shown)}</pre>')
    return Raw(f"#raw(block: true, {literal(shown)})")
