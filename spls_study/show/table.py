"""A table: what is read on the page, and the tidy data written beside the report."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd

from notebook_reports import french
from notebook_reports.blocks import TABLE, Block, resource

from .signs import Cell, key, plain

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
        "cles": key() if drawn else [],
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


def _text(value: Any, form: Format) -> Cell:
    if isinstance(value, dict):
        return value
    if (isinstance(value, str) and value in VOID) or pd.isna(value):
        return french.cell(value)
    return form(value)


def _are_numbers(cells: list[Cell]) -> bool:
    """Whether a column shows numbers, missing ones among them: it is aligned on the right."""
    filled = [cell for cell in cells if cell not in VOID]
    return bool(filled) and all(NUMBER.fullmatch(plain(cell)) for cell in filled)
