"""A table: what is read on the page, signs with their words among it, and the tidy data written beside the report."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd

from notebook_reports import french
from notebook_reports.blocks import TABLE, Block, resource

Cell = str | dict[str, str]  # a text; or `texte` with the `svg` drawn in its place, empty where it is read first
Format = Callable[[Any], str]
LONGEST = 15  # rows of a table on the page
VOID = (french.NOT_APPLICABLE, french.MISSING)
NUMBER = re.compile(r"(plus de )?[+\u2212]?\d+([\u202f,]\d+)*(\u202f%)?( \(.*\)| \w+)?")
FORMATS: dict[str, Format] = {"annee": str}
EXPLORER: dict[str, Any] = {
    "maxBytes": 0,  # every row
    "showIndex": False,
    "text_in_header_can_be_selected": False,
    "style": "width:100%;margin:0",
    "column_filters": "footer",
    "language": {
        "search": "Chercher\u00a0:",
        "info": "_START_ à _END_ sur _TOTAL_ lignes",
        "infoEmpty": "aucune ligne",
        "infoFiltered": "(choisies parmi _MAX_)",
        "lengthMenu": "_MENU_ lignes par page",
        "zeroRecords": "Aucune ligne ne convient.",
        "emptyTable": "Ce tableau est vide.",
    },
}
SIGNS = {  # of an account: what is drawn in a square of ten, its word in a cell and in the key
    "utilises": ('<circle cx="5" cy="5" r="3.7"/>', "utilisé", "utilisé"),
    "ouverts": (
        '<circle cx="5" cy="5" r="3.2" fill="none" stroke="currentColor"/><path d="M5 1.8a3.2 3.2 0 0 0 0 6.4z"/>',
        "jamais utilisé",
        "ouvert, jamais utilisé",
    ),
    "en_attente": (
        '<circle cx="5" cy="5" r="3.2" fill="none" stroke="currentColor"/>',
        "en attente",
        "en attente\u00a0: invité ou demandé",
    ),
    "refuses": (
        '<path d="M2 2l6 6M8 2l-6 6" fill="none" stroke="currentColor" stroke-width="1.2"/>',
        "refusé",
        "refusé ou retiré",
    ),
}
A_LINE = 8  # signs
LABELS = {  # where the name of a column lacks accents or words
    "annee": "Année",
    "attribues": "Attribués",
    "connectes": "Utilisés",
    "decision": "Décision",
    "demandes": "Demandés",
    "demandes_en_attente": "En attente",
    "departement": "Département",
    "departements": "Départements",
    "ecart": "Écart",
    "etape": "Étape",
    "ic_bas": "IC 95\u202f%, bas",
    "ic_haut": "IC 95\u202f%, haut",
    "jours_attente": "Plus longue attente (jours)",
    "observe": "Observé",
    "presents": "Présents",
    "prevu": "Prévu",
    "profil_demande": "Profil demandé",
    "reponse": "Réponse la plus donnée",
    "reponses": "Réponses",
    "role": "Rôle",
}


def table(
    data: pd.DataFrame,
    name: str,
    caption: str,
    *,
    view: pd.DataFrame | Mapping[str, Any] | None = None,
    formats: Mapping[str, Format] | None = None,
    headers: Mapping[str, str] | None = None,
    note: str | Iterable[str] = "",
    longest: int = LONGEST,
    dense: bool = False,
    internal: bool = False,
) -> Block:
    """
    Parameters
    ----------
    data
        Tidy table, written unrounded as `tables/<name>.csv`; plain column index.
    name
        Identifier of the table (design.md §4).
    caption
        The message of the table, one sentence without full stop.
    view
        What the page shows (a table, or its columns), when it is not `data` itself: eight columns at
        most, the first one the row header; of more than `longest` rows the first ones, which the note says.
    formats
        Column → function of one value to text; `french.cell` by default. Void and missing
        values are never formatted, nor what `signs` and `alert` make.
    headers
        Column → label on the page, where it is neither that of `LABELS` nor its name.
    note
        Under the table; of several sentences the empty ones are dropped.
    dense
        In small type, its rows close: a board, a matrix; so is what has signs or more than `LONGEST` rows.
    internal
        Written to `interne/` only, absent from every report.
    """
    shown = data if view is None else pd.DataFrame(view)
    notes = [note] if isinstance(note, str) else list(note)
    if len(shown) > longest:
        many = french.number(len(shown))
        notes.append(f"{longest} premières lignes sur {many}\u00a0; le fichier joint les donne toutes.")
        shown = shown.head(longest)
    formats, labels = FORMATS | dict(formats or {}), LABELS | dict(headers or {})
    columns = [[_text(cell, formats.get(c, french.cell)) for cell in cells] for c, cells in shown.items()]
    drawn = any(isinstance(cell, dict) and cell["svg"] for column in columns for cell in column)
    content = {
        "legende": caption,
        "entetes": [labels.get(c, french.capital(c).replace("_", " ")) for c in shown.columns],
        "numeriques": [i > 0 and _are_numbers(column) for i, column in enumerate(columns)],
        "lignes": [list(row) for row in zip(*columns, strict=True)],
        "dense": dense or drawn or len(shown) > LONGEST,
        "cles": [{"svg": _drawn([svg]), "texte": word} for svg, _, word in SIGNS.values()] if drawn else [],
        "note": " ".join(filter(None, notes)),
    }
    return Block("tableau", content, caption, {TABLE: resource(data, name, caption)}, internal)


def explorer(data: pd.DataFrame) -> Any:
    """A table to sort, search and filter in JupyterLab, without any network; a report shows nothing of it.

    Parameters
    ----------
    data
        Any table; its index is not shown.
    """
    from itables.widget import ITable  # slow to import, for who explores alone

    return ITable(data, **EXPLORER)


def signs(counts: Iterable[int]) -> Cell:
    """A cell with a sign an account, in the order of `SIGNS`, and its words for who does not see them.

    >>> signs([2, 0, 1, 0])["texte"]
    '2 utilisés, 1 en attente'
    """
    given = [(*sign, n) for sign, n in zip(SIGNS.values(), counts, strict=True) if n]
    if not given:
        return french.NOT_APPLICABLE
    said = ", ".join(french.count(n, word, None if word.endswith("é") else word) for _, word, _, n in given)
    return {"texte": said, "svg": _drawn([svg for svg, *_, n in given for _ in range(n)])}


def alert(text: str) -> Cell:
    """A cell that is read first."""
    return {"texte": text, "svg": ""}


def _drawn(signs: list[str]) -> str:
    """Signs side by side."""
    width, height = min(len(signs), A_LINE) * 10, -(-len(signs) // A_LINE) * 10
    parts = [f'<g transform="translate({i % A_LINE * 10} {i // A_LINE * 10})">{one}</g>' for i, one in enumerate(signs)]
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} fill="currentColor">{"".join(parts)}</svg>'


def _text(value: Any, form: Format) -> Cell:
    if isinstance(value, dict):
        return value
    void = (isinstance(value, str) and value in VOID) or pd.isna(value)
    return french.cell(value) if void else form(value)


def _are_numbers(cells: list[Cell]) -> bool:
    """Whether a column shows numbers, missing ones among them: it is aligned on the right."""
    texts = [cell if isinstance(cell, str) else cell["texte"] * (not cell["svg"]) for cell in cells if cell not in VOID]
    return bool(texts) and all(map(NUMBER.fullmatch, texts))
