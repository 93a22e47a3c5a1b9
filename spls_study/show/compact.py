"""For a note of two pages: headings that a cell computes, tables with boxes to tick, drawings with words beside."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

import pandas as pd

from notebook_reports.blocks import TABLE, Block, Tables, attach, resource
from notebook_reports.french import MISSING, typography

from ..words import fold
from .blocks import alternative, file_name

Run = dict[str, str]  # `style`: "", fort, alerte, rang, ligne (begins a line), case (so does a box); `texte`
Cell = str | Run | Sequence[str | Run]
STATES = {"conforme": "●", "à surveiller": "■", "en alerte": "▲"}


def run(style: str, text: str) -> Run:
    """A part of a cell.

    >>> run("fort", "Clause C4 :")
    {'style': 'fort', 'texte': 'Clause C4\\xa0:'}
    """
    return {"style": style, "texte": typography(text)}


line, strong, alert = (partial(run, style) for style in ("ligne", "fort", "alerte"))


def boxes(options: Iterable[str]) -> list[Run]:
    """One box to tick an option."""
    return [run("case", option) for option in options]


def state(word: str) -> Cell:
    """A state as shape and word: « ■ à surveiller »."""
    return [strong(f"{STATES[word]} {word}")] if word in STATES else MISSING


def fiche(
    data: pd.DataFrame,
    name: str,
    caption: str,
    headers: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    widths: Sequence[float],
    *,
    numbers: Sequence[int] = (),
    note: str = "",
    tables: Tables | None = None,
) -> Block:
    """
    Parameters
    ----------
    data
        Tidy table, written unrounded as `tables/<name>.csv`.
    rows
        What the page shows: the first cell of a row is its header.
    widths
        Of the columns, as shares of the page.
    numbers
        Columns aligned on the right.
    """
    content = {
        "legende": typography(caption),
        "entetes": [typography(header) for header in headers],
        "lignes": [[_runs(cell) for cell in row] for row in rows],
        "largeurs": list(widths),
        "droite": [i in numbers for i in range(len(headers))],
        "note": typography(note),
    }
    block = Block("fiche", content, typography(caption), {TABLE: resource(data, name, typography(caption))})
    return attach(block, tables or {})


def heading(text: str) -> Block:
    """A heading of the second level, compact, whose words a cell computes."""
    told = typography(text)
    return Block("intertitre", {"texte": told, "ancre": fold(told).replace(" ", "-")}, told)


def mentions(*sentences: str, tables: Tables | None = None) -> Block:
    """What is said in small letters, with the tables to write; empty sentences are dropped."""
    text = typography(" ".join(filter(None, sentences)))
    return attach(Block("mentions", {"texte": text}, text), tables or {})


def _runs(cell: Cell) -> list[Run]:
    parts = [cell] if isinstance(cell, (str, dict)) else cell
    return [run("", part) if isinstance(part, str) else part for part in parts]


def vignette(
    drawings: tuple[str, str], part: float, *, title: str, subtitle: str, alt: str, beside: Iterable[str], note: str
) -> Block:
    """A drawing at its own size, with words beside it where it leaves room.

    Parameters
    ----------
    drawings
        SVG, then that for a phone, empty if the first is as narrow (`charts.svgs`).
    part
        Its width, as a share of the page's.
    alt
        Kind, what, the values that matter; beyond 150 characters it is cut.
    beside
        Sentences at its right.
    """
    svg, narrow = drawings
    words: dict[str, Any] = {
        "titre": title,
        "sous_titre": subtitle,
        "alternative": alternative(alt),
        "fichier": file_name(svg),
        "part": part,
        "points": list(beside),
        "note": note,
    }
    return Block("vignette", words, f"{title}. {alt}", {"image/svg+xml": svg}, narrow=narrow)
