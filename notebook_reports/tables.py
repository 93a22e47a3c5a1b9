"""Tables beside the reports: CSV and one workbook, from what the notebooks showed."""

import csv
import io
import re
from collections.abc import Mapping
from datetime import date, datetime
from fnmatch import fnmatchcase
from typing import Any

import xlsxwriter

from .errors import StudyError
from .french import apostrophes, capital

Table = Mapping[str, Any]  # name, title, columns, data
_FORMULA = ("=", "+", "-", "@", "\t")
_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]+")


def named(table: Table) -> str:
    """The identifier of a table, which becomes the name of a file.

    Raises
    ------
    StudyError
        When it holds anything but letters without accent, digits, `_` and `-`.
    """
    if not _IDENTIFIER.fullmatch(table["name"]):
        raise StudyError(f"identifiant de tableau refusé\u00a0: «\u00a0{table['name']}\u00a0».")
    return str(table["name"])


def safe(value: Any) -> Any:
    """Text that a spreadsheet would read as a formula gets an apostrophe; numbers never."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def to_csv(table: Table) -> str:
    """UTF-8 text, `,`, point decimal, unrounded, missing empty."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([safe(c) for c in table["columns"]])
    writer.writerows([["" if v is None else safe(v) for v in row] for row in table["data"]])
    return stream.getvalue()


def told(table: Table, titles: Mapping[str, str]) -> str:
    """What a table holds, for who sees its name alone.

    Parameters
    ----------
    titles
        Pattern of identifiers → what the first that fits says; else a table has its own title, or its identifier.
    """
    name = named(table)
    known = next((title for pattern, title in titles.items() if fnmatchcase(name, pattern)), table["title"])
    return apostrophes(known or capital(name.replace("_", " ")))


def to_workbook(tables: Mapping[str, tuple[Table, str]], edition: date, titles: Mapping[str, str]) -> bytes:
    """One sheet per table, after « Lisez-moi »; the same bytes from the same tables.

    Parameters
    ----------
    tables
        Identifier → table, name of the notebook that shows it.
    titles
        As `told` has them.
    """
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(stream, options)
    book.set_properties(
        {"created": datetime(edition.year, edition.month, edition.day), "title": "Tableaux", "language": "fr-FR"}
    )
    bold, sheets = book.add_format({"bold": True, "bottom": 1}), _sheet_names(list(tables))
    contents = [[sheets[key], told(table, titles), source, key] for key, (table, source) in tables.items()]
    _sheet(book, "Lisez-moi", ["Feuille", "Contenu", "Carnet", "Identifiant"], contents, bold)
    for key, (table, _) in tables.items():
        _sheet(book, sheets[key], table["columns"], table["data"], bold)
    book.close()
    return stream.getvalue()


def _sheet(book: Any, name: str, columns: list[str], rows: list[list[Any]], bold: Any) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, [safe(c) for c in columns], bold)
    for number, row in enumerate(rows, start=1):
        sheet.write_row(number, 0, [safe(value) for value in row])  # nothing where it is None
    for column, header in enumerate(columns):
        lengths = [len(str(row[column])) for row in rows[:200] if row[column] is not None]
        sheet.set_column(column, column, min(60, 2 + max([len(header), *lengths])))


def _sheet_names(keys: list[str]) -> dict[str, str]:
    """Excel allows 31 characters: a longer identifier is cut and numbered."""
    names: dict[str, str] = {}
    for key in keys:
        name, number = key[:31], 1
        while name.lower() in {n.lower() for n in names.values()}:
            number += 1
            name = f"{key[:28]}~{number}"
        names[key] = name
    return names
