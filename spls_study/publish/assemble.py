"""A notebook as one document in one language, HTML or Typst: text, results, folded code.

Markdown cells go through pandoc, once for the whole notebook; the faces of blocks pass
through it as they are, in raw fences. Only blocks (`show`) bring HTML or Typst of their own,
because they escape their data; any other output is shown as Markdown or as plain text.
"""

import re
from html import escape
from typing import Literal

import pypandoc
from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

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


def body(notebook: NotebookNode, face: Face, title: str) -> str:
    """The notebook's content in HTML or Typst, under a title where it has no heading.

    In HTML, the code of successive cells stands, folded, under their results; Typst has none.

    Raises
    ------
    StudyError
        When an output is an image that nothing describes.
    """
    parts = [] if heading(notebook) else [f"# {as_markdown(title)}"]
    code: list[str] = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            parts += [*_folded(code, face), cell.source]
            code = []
        elif cell.cell_type == "code":
            code += [cell.source] if cell.source.strip() else []
            parts += [part for output in cell.outputs for part in _output(output, face)]
    text = "\n\n".join([*parts, *_folded(code, face)])
    target = "html5" if face == "html" else "typst"
    options = ["--wrap=none", "--sandbox", "--eol=lf", "--mathml"]
    # Verifying the formats would start pandoc eight times more.
    return str(pypandoc.convert_text(text, target, format=_READER, extra_args=options, verify_format=False))


def _output(output: NotebookNode, face: Face) -> list[str]:
    if output.output_type == "stream":
        return [_verbatim(output.text, face)] if output.name == "stdout" else []
    if output.output_type == "error":
        return [_verbatim(f"{output.ename}\u00a0: {output.evalue}", face)]
    data = output.data
    if TYPST in data:
        return [_raw(data["text/html" if face == "html" else TYPST], face)]
    if any(kind in data for kind in _IMAGES):
        raise StudyError("une image sans texte de remplacement\u00a0: montrez-la par show.figure.")
    if "text/markdown" in data:
        return [data["text/markdown"]]
    return [_verbatim(data["text/plain"], face)] if data.get("text/plain") else []


def _folded(code: list[str], face: Face) -> list[str]:
    if face == "typst" or not code:
        return []
    shown = highlight("\n\n".join(code), PythonLexer(), HtmlFormatter(nowrap=True))
    return [
        _raw(
            f'<details class="code"><summary>Afficher le code</summary><pre><code>{shown}</code></pre></details>', face
        )
    ]


def _verbatim(text: str, face: Face) -> str:
    shown = re.sub(r"\x1b\[[0-9;]*m", "", text).strip("\n")
    if face == "html":
        return _raw(f'<pre class="sortie">{escape(shown)}</pre>', face)
    return _raw(f"#raw(block: true, {literal(shown)})", face)


def _raw(text: str, face: Face) -> str:
    """A fence that no run of backticks within it can close."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{{={face}}}\n{text}\n{fence}"
