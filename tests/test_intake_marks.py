"""Merged cells are each row's, cells in error are told, and numbers that lost digits are refused."""

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from corpus import ods, xlsx
from corpus import row as row_of
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P

from conftest import HEADER, ROW
from spls_study.intake import CheckReport, check
from spls_study.intake.marks import left_out, merged
from spls_study.intake.table import TOTAL
from spls_study.study import Study
from spls_study.tables import read_table

PLUS, PLAI = [*ROW.values()], [*["" for _ in range(6)], "PLAI", *[*ROW.values()][7:]]


def as_xlsx() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for line in (["Programmation 2013"], HEADER, PLUS, PLAI):
        sheet.append(list(line))
    sheet.merge_cells("A1:J1")
    for column in "ABCDEF":
        sheet.merge_cells(f"{column}3:{column}4")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_ods() -> bytes:
    book, sheet = OpenDocumentSpreadsheet(), Table(name="S")
    book.spreadsheet.addElement(sheet)
    for line in (["Programmation 2013"], HEADER, PLUS, PLAI):
        row = TableRow()
        for place, text in enumerate(line):
            spans = {"numberrowsspanned": 2, "numbercolumnsspanned": 1} if line is PLUS and place < 6 else {}
            cell = TableCell(valuetype="string", **spans) if text else CoveredTableCell()
            if text:
                cell.addElement(P(text=text))
            row.addElement(cell)
        sheet.addElement(row)
    stream = io.BytesIO()
    book.write(stream)
    return stream.getvalue()


@pytest.mark.parametrize(("name", "data"), [("programmation.xlsx", as_xlsx()), ("programmation.ods", as_ods())])
def test_cells_merged_down_a_column_are_those_of_each_row(study: Study, name: str, data: bytes) -> None:
    (study.raw / name).write_bytes(data)
    report = check(study)
    assert report.set_aside == () and report.refusals.empty
    rows = read_table(study, "programmation")
    assert list(rows["numero_operation"]) == ["2013DD0170001"] * 2 and list(rows["produit"]) == ["PLUS", "PLAI"]
    assert list(rows["code_insee"]) == ["17300"] * 2


def test_a_measure_that_two_rows_share_is_not_counted_twice(study: Study) -> None:
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx()))
    book.active.merge_cells("J3:J4")
    book.save(study.raw / "programmation.xlsx")
    ((line, column, reason),) = check(study).refusals[["ligne", "colonne", "motif"]].to_numpy().tolist()
    assert (line, column, reason) == (4, "nb_logements", "cellule vide\u202f; remplissez-la")


def test_merged_cells_of_ods_where_rows_and_cells_are_repeated() -> None:
    cell = "<table:table-cell{}><text:p>a</text:p></table:table-cell>".format
    row = "<table:table-row{}>{}</table:table-row>".format
    wide, high = (f' table:number-{what}="{n}"' for what, n in (("columns-repeated", 4), ("rows-spanned", 2)))
    rows = row(' table:number-rows-repeated="3"', cell("")) + row("", cell(wide) + cell(high))
    assert merged(ods(rows)) == {"F": [(3, 4, 2)]}
    assert merged(xlsx("")) == {}


def test_cells_in_error_are_found_without_reading_styles() -> None:
    broken = {"xl/styles.xml": "<styleSheet><fills><fill/></fills></styleSheet>"}
    cell = '<row r="2"><c r="B2" t="e"><v>#N/A</v></c><c t="e"><v>#REF!</v></c></row>'
    assert left_out(xlsx(row_of(1, ["a"]) + cell, parts=broken)) == {"F": {(1, 1): "#N/A"}}


@pytest.mark.parametrize("number", ["2,01386E+12", "2.01386e12", "2E+12"])
def test_a_number_that_lost_its_digits_refuses_its_row(
    study: Study, programmation: Callable[..., Path], number: str
) -> None:
    programmation({"numero_operation": number}, {"numero_operation": "2E12", "moa_siret": "4,84E+13"})
    report: CheckReport = check(study)
    ((line, told),) = report.refusals[["ligne", "motif"]].to_numpy().tolist()
    assert line == 2 and "notation scientifique" in told and "format Texte" in told
    assert list(report.warnings["valeur"]) == ["4,84E+13"]
    assert read_table(study, "programmation")["moa_siret"].isna().all()


def test_a_row_without_number_is_a_total_only_where_it_adds_up(
    study: Study, programmation: Callable[..., Path]
) -> None:
    bare = {"numero_operation": "", "commune": "", "annee_programmation": ""}
    programmation(
        {"nb_logements": "5"},
        {"nb_logements": "7", "produit": "PLAI"},
        bare | {"nb_logements": "12"},
        {"nb_logements": "3", "produit": "PLS"},
        bare | {"nb_logements": "3"},
        bare | {"nb_logements": "15"},
        bare | {"nb_logements": "4"},
        bare | {"nb_logements": "15", "numero_operation": "Total 2013"},
    )
    told = check(study).refusals[["ligne", "motif"]].to_numpy().tolist()
    assert told == [
        [4, TOTAL],
        *[[line, TOTAL] for line in (6, 7)],
        [8, "cellule vide\u202f; remplissez-la"],
        [9, TOTAL],
    ]


def test_a_formula_without_its_result_is_told(study: Study, programmation: Callable[..., Path]) -> None:
    """As openpyxl writes it, and LimeSurvey 3 an answer that begins with =."""
    book = openpyxl.Workbook()
    header = [*HEADER, "surface_utile", "zone_abc"]
    book.active.append(header)
    for number, (dwellings, surface) in enumerate([("12", "=12*60"), ("=6*2", "720")]):
        row = ROW | {"numero_operation": str(number), "nb_logements": dwellings}
        book.active.append([*row.values(), surface, '=IF(A2="","","B1")'])
    book.save(study.raw / "programmation.xlsx")
    report = check(study)
    refused = report.refusals[["ligne", "colonne", "valeur"]].to_numpy().tolist()
    assert refused == [[3, "nb_logements", "#FORMULE =6*2"]]
    assert "rouvrez le classeur dans un tableur" in report.refusals["motif"][0]
    emptied = report.warnings[["ligne", "colonne", "valeur"]].to_numpy().tolist()
    assert emptied == [[2, "surface_utile", "#FORMULE =12*60"], [2, "zone_abc", '#FORMULE =IF(A2="","","B1")']]
