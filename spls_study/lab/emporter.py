"""A figure as files to take away, in links that need no server: SVG, PNG, the tables behind it."""

import base64
from collections.abc import Sequence
from datetime import date
from html import escape

from ..publish.tables import Table, named, to_csv, to_workbook
from ..show.blocks import TEMPLATES, Block
from ..show.typst import compiled
from .carnet import FIGURE

PAGE = (
    '#import "blocs.typ": *\n#set page(width: 18cm, height: auto, margin: 6mm)\n'
    '#set text(lang: "fr", font: "Inter", size: 10.5pt, fill: rgb("#1F2933"))\n'
    "#show figure: set align(left)\n#show figure.caption: set align(left)\n"
)
KINDS = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def image(block: Block, kind: str) -> bytes:
    """The figure with its title and notes, letters drawn: the same wherever it is pasted."""
    files = {"main": (PAGE + block.typst()).encode(), "blocs.typ": (TEMPLATES / "blocs.typ").read_bytes()}
    if FIGURE in block.extra:
        files[block.content["fichier"]] = block.extra[FIGURE].encode()
    return compiled(files, format=kind, ppi=220)


def liens(block: Block, tables: Sequence[Table], name: str, carnet: str, edition: date) -> str:
    """HTML links that download the figure and its tables."""
    files = [(f"{name}.{kind}", kind.upper(), image(block, kind)) for kind in ("svg", "png")]
    files += [(f"{name}_{named(t)}.csv", f"{named(t)}.csv", to_csv(t).encode()) for t in tables]
    files += [(f"{name}.xlsx", "XLSX", to_workbook({named(t): (t, carnet) for t in tables}, edition))]
    return " ".join(_link(*file) for file in files)


def _link(file: str, label: str, data: bytes) -> str:
    content = f"data:{KINDS[file.rpartition('.')[2]]};base64,{base64.b64encode(data).decode()}"
    return f'<a download="{escape(file)}" href="{content}">{escape(label)}</a>'
