"""The XLSX template of a table: a sheet to fill, drop-down lists, a notice for each column."""

import io
from datetime import datetime
from typing import Any

import xlsxwriter

from ..forms.lists import Lists
from ..french import quoted
from ..study import REGION, Study
from ..tables import NOTICES, TABLES, Column

LAST = 9_999  # row to which the lists and the checks reach
FAR = 10**9
_EPOCH = datetime(2014, 1, 1)  # not the clock: the same bytes each time
_BASE: dict[str, Any] = {"font_name": "Arial", "font_size": 10, "valign": "top"}
_STYLES: dict[str, dict[str, Any]] = {
    "texte": {"num_format": "@"},
    "date": {"num_format": "dd/mm/yyyy"},
    "entier": {},
    "décimal": {},
    "required": {"bold": True, "bottom": 2, "bg_color": "#EEF2F6"},
    "optional": {"bottom": 2},
    "wrapped": {"text_wrap": True},
    "title": {"bold": True},
}
_HEADERS = ("Colonne à remplir", "Faut-il la remplir\u202f?", "Ce qu'on y met", "Forme", "Exemple")


def template(table: str, study: Study) -> bytes:
    """Empty: `intake` reads it as a table without a row."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"title": table, "created": _EPOCH})
        style = {name: book.add_format({**_BASE, **more}) for name, more in _STYLES.items()}
        sheet = book.add_worksheet(table)
        _notice(book.add_worksheet("Notice"), table, study, style)
        lists = Lists(book)
        for place, column in enumerate(TABLES[table]):
            sheet.set_column(place, place, max(13, len(column.name) + 3), style[column.kind])
            sheet.write_string(0, place, column.name, style["required" if column.required else "optional"])
            sheet.data_validation(
                1,
                place,
                LAST,
                place,
                {
                    "input_title": column.name,
                    "error_title": column.name,
                    "input_message": f"{column.meaning}.\n{_needed(column).capitalize()}.",
                    "error_message": f"Attendu\u00a0: {_form(column, study)}."[:255],
                    **_rule(column, study, lists),
                },
            )
        sheet.freeze_panes(1, 0)
    return stream.getvalue()


def _choices(column: Column, study: Study) -> tuple[str, ...]:
    """A closed list, or what the study itself declares."""
    codes = tuple(sorted(study.departements))
    own = {
        "departement": codes,
        "territoire": (*codes, REGION),
        "gestionnaire": tuple(g.nom for g in study.gestionnaires),
    }
    return column.values or own.get(column.name, ())


def _rule(column: Column, study: Study, lists: Lists) -> dict[str, Any]:
    if choices := _choices(column, study):
        # What the study declares may grow: another value is only questioned.
        return {
            "validate": "list",
            "source": lists.source(choices),
            "error_type": "stop" if column.values else "warning",
        }
    if column.kind == "date":
        return {"validate": "date", "criteria": ">=", "value": datetime(1990, 1, 1)}
    kinds = {"texte": "any", "entier": "integer", "décimal": "decimal"}
    return {
        "validate": kinds[column.kind],
        "criteria": "between",
        "minimum": -FAR if column.minimum is None else column.minimum,
        "maximum": FAR if column.maximum is None else column.maximum,
    }


def _needed(column: Column) -> str:
    if column.filled:
        return "à remplir à chaque ligne"
    return "colonne à garder, cellule vide si on ne sait pas" if column.required else "facultatif"


def _form(column: Column, study: Study) -> str:
    """How a value is written, in a few words."""
    if choices := _choices(column, study):
        return "un choix de la liste\u00a0: " + ", ".join(choices)
    kind = {"date": "date jj/mm/aaaa", "entier": "nombre entier"}.get(column.kind, column.kind)
    span = [column.minimum, column.maximum]
    return kind if None in span else f"{kind}, de {span[0]} à {span[1]}"


def _notice(sheet: Any, table: str, study: Study, style: dict[str, Any]) -> None:
    """The meaning of each column; a letter before its name, or it would be read as a header."""
    told = NOTICES[table]
    for place, width in enumerate((30, 24, 52, 40, 28)):
        sheet.set_column(place, place, width, style["wrapped"])
    sheet.write_string(0, 0, f"{told.titre}.", style["title"])
    sheet.write_string(
        1,
        0,
        f"Sans elle\u00a0: {told.sans}. Remplissez la feuille {quoted(table)}\u202f; gardez sa première ligne.",
        style["title"],
    )
    sheet.write_row(3, 0, _HEADERS, style["required"])
    for place, column in enumerate(TABLES[table]):
        letter = xlsxwriter.utility.xl_col_to_name(place)
        cells = (
            f"{letter}\u00a0: {column.name}",
            _needed(column),
            column.meaning,
            _form(column, study),
            column.example,
        )
        for column_, text in enumerate(cells):
            sheet.write_string(place + 4, column_, text, style["wrapped"])
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
