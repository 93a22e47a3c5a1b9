"""Sentences and lists whose numbers are computed, the key figures."""

import re
from collections.abc import Iterable
from typing import Any

from .blocks import Block, Tables, attach
from .french import agreed, number
from .typst import CONTROL


def say(*sentences: str, data: Tables | None = None) -> Block:
    """A paragraph of plain text, with the tables to write; empty sentences are dropped."""
    text = " ".join(s for s in sentences if s)
    block = Block("phrase", {"texte": text}, text)
    return attach(block, data or {})


def bullets(items: Iterable[str], ordered: bool = False, data: Tables | None = None) -> Block:
    """A list of plain-text items, with the tables to write."""
    texts = [item for item in items if item]
    block = Block("liste", {"items": texts, "ordonnee": ordered}, "\n".join(f"- {t}" for t in texts))
    return attach(block, data or {})


def lead(*sentences: str) -> Block:
    """What can be read alone, under the title."""
    text = " ".join(filter(None, sentences))
    return Block("chapo", {"texte": text}, text)


def mention(text: str) -> Block:
    """Method, abbreviations: in small type, after the rest."""
    return Block("mention", {"texte": text}, text)


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


def tiles(figures: Iterable[dict[str, Any]], data: Tables | None = None) -> Block:
    """Key figures in real text: `valeur`, `unite`, `libelle`, `evolution` (may be empty)."""
    items = [{key: str(f.get(key, "")) for key in ("valeur", "unite", "libelle", "evolution")} for f in figures]
    text = "\n".join(" ".join(v for v in item.values() if v) for item in items)
    return attach(Block("tuiles", {"items": items}, text), data or {})


def tile(value: Any, unit: str, label: str, evolution: str = "") -> dict[str, str]:
    """A key figure for `tiles`: a share (unit `part`) in %, a number with its unit in agreement; a text as it is."""
    if isinstance(value, str):
        shown = value, unit
    elif unit == "part":
        shown = number(value * 100, 1), "%"
    else:
        shown = number(value, 0 if float(value).is_integer() else 1), agreed(value, unit)
    return {"valeur": shown[0], "unite": shown[1], "libelle": label, "evolution": evolution}


def as_markdown(text: str) -> str:
    """Text as Markdown that shows it as it is, its no-break spaces too, on one line, without control characters."""
    line = re.sub("[\t-\r ]+", " ", CONTROL.sub(" ", text)).strip(" ")
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", line)
