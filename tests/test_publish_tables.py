"""CSV and workbook: unrounded values, and text that no spreadsheet runs."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from notebook_reports.errors import StudyError
from notebook_reports.tables import named, to_csv, to_workbook


def a_table(rows: list[list[object]], columns: list[str], name: str = "t") -> dict[str, object]:
    return {"name": name, "title": "Titre", "columns": columns, "data": rows}


def test_csv_is_unrounded_with_empty_for_missing() -> None:
    rows = [["PLUS", 0.1 + 0.2, None], ["a,b", -3, "s"], ["x", 1584, "2014-07-10"]]
    assert to_csv(a_table(rows, ["produit", "part", "jour"])) == (
        'produit,part,jour\nPLUS,0.30000000000000004,\n"a,b",-3,s\nx,1584,2014-07-10\n'
    )


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0")))
@settings(max_examples=60)
def test_text_never_begins_as_a_formula_and_numbers_stay(text: str) -> None:
    rows = list(csv.reader(io.StringIO(to_csv(a_table([[text, -1.5]], ["a", "=b"])))))
    assert rows[0] == ["a", "'=b"]
    assert rows[1] == [f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") and text else text, "-1.5"]


def test_workbook_has_contents_first_then_a_sheet_per_table() -> None:
    long = "x" * 40
    tables = {
        "volumes": (a_table([["=1+1", 0.5, None], ["http://a", -2, "s"]], ["a", "b", "c"]), "1_p"),
        f"{long}1": (a_table([[1]], ["a"]), "2_q"),
        f"{long}2": (a_table([[2]], ["a"]), "2_q"),
    }
    content = to_workbook(tables, date(2014, 7, 10))
    assert content == to_workbook(tables, date(2014, 7, 10))
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames[:2] == ["Lisez-moi", "volumes"] and len(book.sheetnames) == 4
    assert [c.value for c in book["Lisez-moi"][2]] == ["volumes", "Titre", "1_p", "volumes"]
    sheet = book["volumes"]
    assert [c.value for c in sheet[2]] == ["'=1+1", 0.5, None]
    assert [c.value for c in sheet[3]] == ["http://a", -2, "s"]
    assert sheet["A2"].data_type == "s" and sheet["A3"].hyperlink is None
    assert sheet.freeze_panes == "A2" and sheet["A1"].font.bold
    assert [book[name]["A2"].value for name in book.sheetnames[2:]] == [1, 2]


@pytest.mark.parametrize("name", ["../x", "a/b", "", "é", "a.b"])
def test_an_identifier_that_is_no_file_name_is_refused(name: str) -> None:
    with pytest.raises(StudyError, match="identifiant"):
        named(a_table([], [], name))
