"""A block: one thing a reader sees, with a face in HTML, one in Typst, one in plain text.

A block is its kind and its content, plain text only. The HTML face is the macro of that kind
in `templates/blocs.html.j2` (escaped by Jinja), the Typst face a call of the function of
that name in `templates/blocs.typ` (text as string literals). A new kind of block is one
macro and one function.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from . import typst

TEMPLATES = Path(__file__).parent / "templates"
TYPST = "text/vnd.typst"
TABLE = "application/vnd.dataresource+json"
DOCUMENT = "application/vnd.spls-document+json"
ELEMENT = "element"  # in the metadata of an output
Bundle = tuple[dict[str, Any], dict[str, Any]]  # faces by MIME type, metadata
Tables = Mapping[str, pd.DataFrame]  # by name


@dataclass(frozen=True)
class Block:
    """
    Parameters
    ----------
    kind
        Name of the HTML macro and of the Typst function.
    content
        Keyword arguments of both: text, numbers, lists and dicts of these.
    text
        The gist in plain text: what a terminal or a screen reader's user gets.
    extra
        Further representations by MIME type (the SVG of a figure, the data of a table).
    internal
        For the project team only: left out of every published report.
    narrow
        The SVG that replaces the figure's on a phone, where it was too wide.
    """

    kind: str
    content: dict[str, Any]
    text: str
    extra: dict[str, Any] = field(default_factory=dict)
    internal: bool = False
    narrow: str = ""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Bundle:
        faces = {"text/plain": self.text, "text/html": self.html(), TYPST: self.typst(), **self.extra}
        return faces, {**({"interne": True} if self.internal else {}), **self.element}

    @property
    def element(self) -> dict[str, dict[str, str]]:
        """How an index finds a figure or a table: its kind, its title, other words of it, each once."""
        known, title = self.content, self.content.get("titre", self.content.get("legende"))
        if title is None:
            return {}
        kind, words = "Figure", known.get("sous_titre", "")
        if "legende" in known:
            names = (_words(row[0]) for row in known["lignes"])
            kind, words = "Tableau", " ".join([*known["entetes"], *names])
        return {ELEMENT: {"genre": kind, "titre": title, "mots": " ".join(dict.fromkeys(words.split()))}}

    @property
    def tables(self) -> list[dict[str, Any]]:
        """The data of the tables shown or attached."""
        found = self.extra.get(TABLE, [])
        return found if isinstance(found, list) else [found]

    def html(self) -> str:
        svg = self.extra.get("image/svg+xml")
        given = {**self.content, **({"svg": Markup(svg), "etroit": Markup(self.narrow)} if svg else {})}
        return str(getattr(_MACROS, self.kind)(**given)).strip()

    def typst(self) -> str:
        return typst.call(self.kind, self.content)


def jinja(*folders: Path) -> Environment:
    """For HTML: data are escaped, what a template lacks is an error."""
    return Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


_MACROS: Any = jinja(TEMPLATES).get_template("blocs.html.j2").module


def _words(cell: Any) -> str:
    """Of a cell: a text, signs with their words, several texts beside each other."""
    if isinstance(cell, list):
        return " ".join(map(_words, cell))
    return str(cell["texte"] if isinstance(cell, dict) else cell)


def attach(block: Block, tables: Tables) -> Block:
    """The block with tables that are written beside the report and not printed on the page.

    Its `TABLE` representation is then a list of resources, those it had first.
    """
    if not tables:
        return block
    resources = [*block.tables, *(resource(data, name, "") for name, data in tables.items())]
    return replace(block, extra={**block.extra, TABLE: resources})


def resource(data: pd.DataFrame, name: str, caption: str) -> dict[str, Any]:
    """The data as JSON values: unrounded, ISO dates, missing as null."""
    rows = [[_plain(value) for value in row] for row in data.itertuples(index=False, name=None)]
    return {"name": name, "title": caption, "columns": list(data.columns), "data": rows}


def _plain(value: Any) -> Any:
    if pd.isna(value):
        return None
    if isinstance(value, date):
        return value.isoformat()[:10]
    return value.item() if hasattr(value, "item") else value


def say(*sentences: str, data: Tables | None = None, kind: str = "phrase") -> Block:
    """A paragraph of plain text, with the tables to write; empty sentences are dropped.

    Of another kind: `chapo`, what can be read alone, under the title; `mention`, method and abbreviations, in small
    type after the rest.
    """
    text = " ".join(filter(None, sentences))
    return attach(Block(kind, {"texte": text}, text), data or {})


lead, mention = partial(say, kind="chapo"), partial(say, kind="mention")


def bullets(items: Iterable[str], data: Tables | None = None) -> Block:
    """A list of plain-text items, with the tables to write."""
    texts = [item for item in items if item]
    block = Block("liste", {"items": texts}, "\n".join(f"- {t}" for t in texts))
    return attach(block, data or {})


def rows_of_text(caption: str, headers: list[str], rows: list[list[Any]], *notes: str, dense: bool = False) -> Block:
    """A table of the page alone, of texts: no data are written; empty notes are dropped."""
    content = {
        "legende": caption,
        "entetes": headers,
        "numeriques": [False] * len(headers),
        "lignes": rows,
        "dense": dense,
        "note": " ".join(filter(None, notes)),
    }
    return Block("tableau", content, caption)


def as_markdown(text: str) -> str:
    """Text as Markdown that shows it as it is, its no-break spaces too, on one line, without control characters."""
    line = re.sub("[\t-\r ]+", " ", typst.CONTROL.sub(" ", text)).strip(" ")
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", line)
