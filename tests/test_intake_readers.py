import io
import zipfile
from datetime import date, datetime
from typing import Any

import pandas as pd
import pytest
import xlsxwriter
from odf.opendocument import load
from odf.style import Style, TableProperties
from odf.table import Table

from spls_study.intake.readers import read_sheets
from spls_study.intake.sheet import Unreadable
from spls_study.tables import TABLES

HEADER = ["id", "nom", "role", "famille", "departements", "nb_logements"]


def workbook(*rows: list[Any], hidden: bool = False) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "remove_timezone": True}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        book.add_worksheet("Notes").write(0, 0, "Commune")
        sheet = book.add_worksheet("Données")
        if hidden:
            sheet.hide()
        for r, row in enumerate([[], [None, "Rapport 1"], [], HEADER, *rows]):
            for c, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(r, c, datetime(cell.year, cell.month, cell.day), day)
                elif cell == "#VALUE!":
                    sheet.write_formula(r, c, '="a"+1', None, "#VALUE!")
                elif cell is not None:
                    sheet.write(r, c, cell)
    return buffer.getvalue()


def test_typed_cells_become_the_text_that_a_reader_expects() -> None:
    row = [12.0, 1017.25, True, date(2014, 3, 1), 12345678901234, "#VALUE!"]
    (sheet,) = read_sheets(workbook(row), TABLES["organismes"])
    assert sheet.name == "Données"
    assert sheet.cells.to_numpy().tolist() == [["12", "1017.25", "oui", "2014-03-01", "12345678901234", "#VALUE!"]]


def test_lines_are_those_of_the_spreadsheet() -> None:
    (sheet,) = read_sheets(workbook(["a"], [], ["b"]), TABLES["organismes"])
    assert list(sheet.lines) == [5, 6, 7]


def test_a_hidden_sheet_is_not_read() -> None:
    with pytest.raises(Unreadable, match="aucun en-tête reconnu"):
        read_sheets(workbook(["a"], hidden=True), TABLES["organismes"])


def ods(*, hidden: bool) -> bytes:
    buffer = io.BytesIO()
    pd.DataFrame([["a", "A", "bailleur", "OPH", 16, 2.5]], columns=HEADER).to_excel(
        buffer, engine="odf", index=False, sheet_name="Suivi"
    )
    document = load(buffer)
    if hidden:
        style = Style(name="cache", family="table")
        style.addElement(TableProperties(display="false"))
        document.automaticstyles.addElement(style)
        document.getElementsByType(Table)[0].setAttribute("stylename", "cache")
    found = io.BytesIO()
    document.write(found)
    return found.getvalue()


def test_ods() -> None:
    (sheet,) = read_sheets(ods(hidden=False), TABLES["organismes"])
    assert sheet.cells.to_numpy().tolist() == [["a", "A", "bailleur", "OPH", "16", "2.5"]]
    with pytest.raises(Unreadable, match="aucun en-tête reconnu"):
        read_sheets(ods(hidden=True), TABLES["organismes"])


def test_a_damaged_workbook_is_said_so() -> None:
    whole = workbook(["a"])
    for data in (whole[: len(whole) // 2], b"PK\x03\x04" + bytes(50)):
        with pytest.raises(Unreadable, match="classeur abîmé"):
            read_sheets(data, TABLES["organismes"])


def test_another_archive_is_no_workbook() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("lisez-moi.txt", "rien")
    with pytest.raises(Unreadable, match="n'est pas un classeur"):
        read_sheets(buffer.getvalue(), TABLES["organismes"])


def test_old_or_protected_workbooks_are_said_so() -> None:
    with pytest.raises(Unreadable, match=r"ancien format \.xls"):
        read_sheets(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), TABLES["organismes"])
