"""Text files and workbooks → sheets of text cells, each knowing its line; merged cells, errors, hidden sheets."""

import io
import unicodedata
import zipfile
from datetime import date, datetime
from itertools import product

import openpyxl
import pandas as pd
import pytest
import xlsxwriter
from corpus import ods, row, xlsx
from hypothesis import given, settings
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet, load
from odf.style import Style, TableProperties
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P

from conftest import HEADER as OPERATION
from conftest import ROW as PLUS
from spls_study.intake import check
from spls_study.intake.delimited import decode, read
from spls_study.intake.marks import left_out, merged
from spls_study.intake.readers import read_sheets
from spls_study.intake.sheet import Unreadable
from spls_study.tables import TABLES, read_table
from spls_study.words import mended

HEADER = ["id", "nom", "role", "famille", "departements"]
ROW = ["a", "Œuvre d'été", "bailleur", "OPH", "16"]
BODIES = TABLES["organismes"]


def sheet(text):
    found = read(text.encode(), BODIES)
    assert found is not None
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_separators_and_ends_of_line(encoding):
    for separator, end in product([",", ";", "\t"], ["\n", "\r\n", "\r"]):
        text = "".join(separator.join(cells) + end for cells in (HEADER, ROW))
        found = read(text.encode(encoding), BODIES)
        assert found is not None and found.header == HEADER
        assert found.cells.to_numpy().tolist() == [ROW] and list(found.lines) == [2]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_stray_byte_is_told_with_its_line_and_changes_nothing_else(mark):
    rows = [HEADER, ROW, ["b", "SA de l@Ouest", *ROW[2:]], ["c", "Âgé à l'œuvre", *ROW[2:]]]
    found = read(mark + "".join(";".join(row) + "\n" for row in rows).encode().replace(b"@", b"\x92"), BODIES)
    assert found is not None and found.header == HEADER
    assert list(found.cells[1]) == ["Œuvre d'été", "SA de l\u2019Ouest", "Âgé à l'œuvre"]
    ((line, _, _, told),) = found.doubts
    assert line == 3 and told.startswith("1 octet d'un autre encodage")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("abc éèàêçôîùœÉÈÀ°’«»", min_size=1), min_size=1, max_size=30), st.data())
def test_french_is_read_whatever_the_encoding(words, data):
    text = "\n".join(["Opération agréée à l’été", *words])
    encoding = data.draw(st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "mac_roman", "utf-16"]))
    assert decode(text.encode(encoding)) == (text, ())
    assert decode(("\ufeff" + text).encode("utf-16-be"))[0] == text


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("abc éèêçôîùœÉÈ°’«»\u00a0", min_size=1), min_size=1), st.integers(0, 2))
def test_what_was_read_in_the_wrong_encoding_is_mended(words, times):
    text = "\n".join([*words, "Agréée"])
    damaged = text
    for _ in range(times):
        damaged = "".join(
            chr(b) if b in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else bytes([b]).decode("cp1252") for b in damaged.encode()
        )
    assert mended(damaged) == text
    assert mended(unicodedata.normalize("NFD", text)) == text


def test_what_is_meant_so_is_not_mended():
    for text in ("CAFÉ»", "château", "l'Île", "Ñandú", "Hôtel Â", "ÅSE"):
        assert mended(text) == text


def test_what_is_no_text_or_has_no_header():
    for data in (b"\x89PNG\0\0", "a,b".encode("utf-16-le"), b"\x81\x8d"):
        with pytest.raises(Unreadable, match="ni classeur ni texte lisible"):
            decode(data)
    assert read(b"", BODIES) is None and read(b"un texte\nsans tableau\n", BODIES) is None


def test_lines_are_those_of_the_file_whatever_stands_above_and_whatever_cells_hold():
    found = sheet("\nRapport 1\n\n" + ";".join(HEADER) + "\n" + ";".join(ROW) + "\n")
    assert found.header == HEADER and list(found.lines) == [5]
    found = sheet(",".join(HEADER) + '\na,"sur\ntrois\nlignes",bailleur,OPH,16\nb,B,bailleur,ESH,17')
    assert list(found.lines) == [2, 5] and list(found.cells[1]) == ["sur\ntrois\nlignes", "B"]
    found = sheet(",".join(HEADER) + "\na,A\n\nb,B,bailleur,OPH,16,plus\n")  # rows of any width
    widest = ["b", "B", "bailleur", "OPH", "16", "plus"]
    assert found.cells.to_numpy().tolist() == [["a", "A", "", "", "", ""], [""] * 6, widest]


@pytest.mark.parametrize(
    "row",
    [
        'a,"A,bailleur,OPH,16\nb,B,bailleur,OPH,17',  # never closed
        'a,A,bailleur,OPH,"16',
        'a,A,bailleur,OPH,"16\n',
        'a,"A"bis,bailleur,OPH,16',
    ],
)
def test_a_quote_that_is_not_closed_as_it_should(row):
    with pytest.raises(Unreadable, match="commence ligne 2"):
        sheet(",".join(HEADER) + "\n" + row)


@pytest.mark.parametrize(("cell", "value"), [('"a, b"', "a, b"), ('"l\'""Est"""', 'l\'"Est"'), ('5" tube', '5" tube')])
def test_quotes_as_they_should_be(cell, value):
    assert sheet(",".join(HEADER) + f"\na,{cell},bailleur,OPH,16\n").cells[1][0] == value


# Workbooks


def workbook(*rows, hidden=False):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "remove_timezone": True}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        book.add_worksheet("Notes").write(0, 0, "Commune")
        sheet = book.add_worksheet("Données")
        if hidden:
            sheet.hide()
        for r, cells in enumerate([[], [None, "Rapport 1"], [], [*HEADER, "nb_logements"], *rows]):
            for c, cell in enumerate(cells):
                if isinstance(cell, date):
                    sheet.write_datetime(r, c, datetime(cell.year, cell.month, cell.day), day)
                elif cell == "#VALUE!":
                    sheet.write_formula(r, c, '="a"+1', None, "#VALUE!")
                elif cell is not None:
                    sheet.write(r, c, cell)
    return buffer.getvalue()


def suivi(*, hidden):
    """An ODS file of one sheet, as pandas writes it."""
    buffer, found = io.BytesIO(), io.BytesIO()
    data = pd.DataFrame([["a", "A", "bailleur", "OPH", 16, 2.5]], columns=[*HEADER, "nb_logements"])
    data.to_excel(buffer, engine="odf", index=False, sheet_name="Suivi")
    document = load(buffer)
    if hidden:
        style = Style(name="cache", family="table")
        style.addElement(TableProperties(display="false"))
        document.automaticstyles.addElement(style)
        document.getElementsByType(Table)[0].setAttribute("stylename", "cache")
    document.write(found)
    return found.getvalue()


def test_typed_cells_become_the_text_that_a_reader_expects():
    cells = [12.0, 1017.25, True, date(2014, 3, 1), 12345678901234, "#VALUE!"]
    (sheet,) = read_sheets(workbook(cells, [], ["b"]), BODIES)
    assert sheet.name == "Données" and list(sheet.lines) == [5, 6, 7]
    assert sheet.cells.to_numpy()[0].tolist() == ["12", "1017.25", "oui", "2014-03-01", "12345678901234", "#VALUE!"]
    (sheet,) = read_sheets(suivi(hidden=False), BODIES)
    assert sheet.cells.to_numpy().tolist() == [["a", "A", "bailleur", "OPH", "16", "2.5"]]


def test_what_cannot_be_read_says_why():
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("lisez-moi.txt", "rien")
    whole = workbook(["a"])
    for data, words in (
        (workbook(["a"], hidden=True), "aucun en-tête reconnu"),
        (suivi(hidden=True), "aucun en-tête reconnu"),
        (whole[: len(whole) // 2], "classeur abîmé"),
        (b"PK\x03\x04" + bytes(50), "classeur abîmé"),
        (other.getvalue(), "n'est pas un classeur"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), r"ancien format \.xls"),
    ):
        with pytest.raises(Unreadable, match=words):
            read_sheets(data, BODIES)


FIRST, SECOND = [*PLUS.values()], [*["" for _ in range(6)], "PLAI", *[*PLUS.values()][7:]]
LINES = (["Programmation 2013"], OPERATION, FIRST, SECOND)


def merged_xlsx(*more):
    book = openpyxl.Workbook()
    for line in LINES:
        book.active.append(list(line))
    for area in ("A1:J1", *(f"{column}3:{column}4" for column in "ABCDEF"), *more):
        book.active.merge_cells(area)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def merged_ods():
    book, sheet = OpenDocumentSpreadsheet(), Table(name="S")
    book.spreadsheet.addElement(sheet)
    for line in LINES:
        row = TableRow()
        for place, text in enumerate(line):
            spans = {"numberrowsspanned": 2, "numbercolumnsspanned": 1} if line is FIRST and place < 6 else {}
            cell = TableCell(valuetype="string", **spans) if text else CoveredTableCell()
            if text:
                cell.addElement(P(text=text))
            row.addElement(cell)
        sheet.addElement(row)
    stream = io.BytesIO()
    book.write(stream)
    return stream.getvalue()


@pytest.mark.parametrize(("kind", "data"), [("xlsx", merged_xlsx()), ("ods", merged_ods())], ids=["xlsx", "ods"])
def test_cells_merged_down_a_column_are_those_of_each_row(study, kind, data):
    (study.raw / f"programmation.{kind}").write_bytes(data)
    report = check(study)
    assert report.set_aside == () and report.refusals.empty
    rows = read_table(study, "programmation")
    assert list(rows["numero_operation"]) == ["2013DD0170001"] * 2 and list(rows["produit"]) == ["PLUS", "PLAI"]
    assert list(rows["code_insee"]) == ["17300"] * 2


def test_a_measure_that_two_rows_share_is_not_counted_twice(study):
    (study.raw / "programmation.xlsx").write_bytes(merged_xlsx("J3:J4"))
    refused = check(study).refusals[["ligne", "colonne", "motif"]].to_numpy().tolist()
    assert refused == [[4, "nb_logements", "cellule vide\u202f; remplissez-la"]]


def test_merged_cells_of_ods_where_rows_and_cells_are_repeated_and_errors_without_styles():
    cell = "<table:table-cell{}><text:p>a</text:p></table:table-cell>".format
    line = "<table:table-row{}>{}</table:table-row>".format
    wide, high = (f' table:number-{what}="{n}"' for what, n in (("columns-repeated", 4), ("rows-spanned", 2)))
    rows = line(' table:number-rows-repeated="3"', cell("")) + line("", cell(wide) + cell(high))
    assert merged(ods(rows)) == {"F": [(3, 4, 2)]} and merged(xlsx("")) == {}
    broken = {"xl/styles.xml": "<styleSheet><fills><fill/></fills></styleSheet>"}
    wrong = '<row r="2"><c r="B2" t="e"><v>#N/A</v></c><c t="e"><v>#REF!</v></c></row>'
    assert left_out(xlsx(row(1, ["a"]) + wrong, parts=broken)) == {"F": {(1, 1): "#N/A"}}


def test_a_formula_without_its_result_is_told(study):
    """As openpyxl writes it, and LimeSurvey 3 an answer that begins with =."""
    book = openpyxl.Workbook()
    book.active.append([*OPERATION, "surface_utile", "zone_abc"])
    for number, (dwellings, surface) in enumerate([("12", "=12*60"), ("=6*2", "720")]):
        row = PLUS | {"numero_operation": str(number), "nb_logements": dwellings}
        book.active.append([*row.values(), surface, '=IF(A2="","","B1")'])
    book.save(study.raw / "programmation.xlsx")
    report = check(study)
    place = ["ligne", "colonne", "valeur"]
    assert report.refusals[place].to_numpy().tolist() == [[3, "nb_logements", "#FORMULE =6*2"]]
    assert "rouvrez le classeur dans un tableur" in report.refusals["motif"][0]
    emptied = [[2, "surface_utile", "#FORMULE =12*60"], [2, "zone_abc", '#FORMULE =IF(A2="","","B1")']]
    assert report.warnings[place].to_numpy().tolist() == emptied
