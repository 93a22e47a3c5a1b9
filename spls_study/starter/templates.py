"""The XLSX template of a table: a sheet to fill, drop-down lists, a notice for each column."""

from typing import Any

from xlsxwriter.utility import xl_col_to_name

from notebook_reports.french import quoted

from ..forms.sheets import DAYS, Book, between, on_paper, set_height
from ..study import REGION, Study
from ..tables import NOTICES, TABLES, Column

LAST = 9_999  # row to which the lists and the checks reach
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
    book = Book(table, [table, "Notice"], _STYLES)
    sheet, notice = book.sheets
    _notice(notice, table, study, book.style)
    for place, column in enumerate(TABLES[table]):
        sheet.set_column(place, place, max(13, len(column.name) + 3), book.style[column.kind])
        sheet.write_string(0, place, column.name, book.style["required" if column.required else "optional"])
        told = {
            "input_title": column.name,
            "error_title": column.name,
            "input_message": f"{column.meaning}.\n{_needed(column).capitalize()}.",
            "error_message": f"Attendu\u00a0: {_form(column, study)}."[:255],
        }
        sheet.data_validation(1, place, LAST, place, told | _rule(column, study, book))
    sheet.freeze_panes(1, 0)
    return book.content()


def _choices(column: Column, study: Study) -> tuple[str, ...]:
    """A closed list, or what the study itself declares."""
    codes, services = tuple(sorted(study.departements)), tuple(g.nom for g in study.gestionnaires)
    own = {"departement": codes, "territoire": (*codes, REGION), "gestionnaire": services}
    return column.values or own.get(column.name, ())


def _rule(column: Column, study: Study, book: Book) -> dict[str, Any]:
    if choices := _choices(column, study):
        # What the study declares may grow: another value is only questioned.
        return book.among(choices) | {"error_type": "stop" if column.values else "warning"}
    if column.kind == "date":
        return DAYS
    kinds = {"texte": "any", "entier": "integer", "décimal": "decimal"}
    return between(kinds[column.kind], column.minimum, column.maximum)


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
    widths = (30, 24, 52, 40, 28)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width, style["wrapped"])
    what = f"Sans elle\u00a0: {told.sans}. Remplissez la feuille {quoted(table)}\u202f; gardez sa première ligne."
    sheet.write_string(0, 0, f"{told.titre}.", style["title"])
    sheet.write_string(1, 0, what, style["title"])
    sheet.write_row(3, 0, _HEADERS, style["required"])
    for place, column in enumerate(TABLES[table]):
        name = f"{xl_col_to_name(place)}\u00a0: {column.name}"
        cells = (name, _needed(column), column.meaning, _form(column, study), column.example)
        sheet.write_row(place + 4, 0, cells, style["wrapped"])
        set_height(sheet, place + 4, cells, widths)
    on_paper(sheet)
