"""Text files and workbooks → sheets of text cells, each knowing its line; merged cells, errors, hidden sheets."""

import unicodedata
from datetime import date
from itertools import product

import corpus
import pytest
from corpus import book, line, ods, xlsx
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import told

from conftest import HEADER as OPERATION
from conftest import ROW as PLUS
from spls_study.intake import check
from spls_study.intake.delimited import decode
from spls_study.intake.readers import read_sheets
from spls_study.intake.sheets import Unreadable
from spls_study.intake.table import headers_of
from spls_study.keys import Limites
from spls_study.tables import read_table
from spls_study.words import mended

HEADER = ["id", "nom", "role", "famille", "departements"]
ROW = ["a", "Œuvre d'été", "bailleur", "OPH", "16"]
BODIES = headers_of("organismes")


def sheet(data, encoding="utf-8"):
    data = data if isinstance(data, bytes) else data.encode(encoding)
    (found,) = read_sheets(data, Limites(), BODIES)
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_separators_and_ends_of_line(encoding):
    for separator, end in product([",", ";", "\t"], ["\n", "\r\n", "\r"]):
        text = "".join(separator.join(cells) + end for cells in (HEADER, ROW))
        found = sheet(text, encoding)
        assert found.header == HEADER and found.cells.to_numpy().tolist() == [ROW] and list(found.cells.index) == [2]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_stray_byte_is_told_with_its_line_and_changes_nothing_else(mark):
    rows = [HEADER, ROW, ["b", "SA de l@Ouest", *ROW[2:]], ["c", "Âgé à l'œuvre", *ROW[2:]]]
    found = sheet(mark + "".join(";".join(row) + "\n" for row in rows).encode().replace(b"@", b"\x92"))
    assert found.header == HEADER and list(found.cells[1]) == ["Œuvre d'été", "SA de l\u2019Ouest", "Âgé à l'œuvre"]
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


def test_lines_are_those_of_the_file_whatever_stands_above_and_whatever_cells_hold():
    found = sheet("\nRapport 1\n\n" + ";".join(HEADER) + "\n" + ";".join(ROW) + "\n")
    assert found.header == HEADER and list(found.cells.index) == [5]
    found = sheet(",".join(HEADER) + '\na,"sur\ntrois\nlignes",bailleur,OPH,16\nb,B,bailleur,ESH,17')
    assert list(found.cells.index) == [2, 5] and list(found.cells[1]) == ["sur\ntrois\nlignes", "B"]
    found = sheet(",".join(HEADER) + "\na,A\n\nb,B,bailleur,OPH,16,plus\n")  # rows of any width
    widest = ["b", "B", "bailleur", "OPH", "16", "plus"]
    assert found.cells.to_numpy().tolist() == [["a", "A", "", "", "", ""], widest]


def test_a_quote_that_is_not_closed_as_it_should_sets_the_file_aside_and_others_are_read():
    never = 'a,"A,bailleur,OPH,16\nb,B,bailleur,OPH,17'
    for record in (never, 'a,A,bailleur,OPH,"16', 'a,A,bailleur,OPH,"16\n', 'a,"A"bis,bailleur,OPH,16'):
        with pytest.raises(Unreadable, match="commence ligne 2"):
            sheet(",".join(HEADER) + "\n" + record)
    for cell, value in (('"a, b"', "a, b"), ('"l\'""Est"""', 'l\'"Est"'), ('5" tube', '5" tube')):
        assert sheet(",".join(HEADER) + f"\na,{cell},bailleur,OPH,16\n").cells.iat[0, 1] == value


# Workbooks


def workbook(*rows, hidden=()):
    titles = [[], [None, "Rapport 1"], [], [*HEADER, "nb_logements"]]
    return book({"Notes": [["Commune"]], "Données": [*titles, *rows]}, hidden=hidden)


def test_typed_cells_become_the_text_that_a_reader_expects():
    typed = [12.0, 1017.25, True, date(2014, 3, 1), 12345678901234, "#VALUE!"]
    found = sheet(workbook(typed, [], ["b"]))
    assert found.name == "Données" and list(found.cells.index) == [5, 7]
    assert found.cells.to_numpy()[0].tolist() == ["12", "1017.25", "oui", "2014-03-01", "12345678901234", "#VALUE!"]
    numbers = "".join(f'<table:table-cell office:value-type="float" office:value="{n}"/>' for n in (16, 2.5))
    found = sheet(ods(line(HEADER) + f"<table:table-row>{numbers}</table:table-row>"))
    assert found.cells.to_numpy()[0].tolist()[:2] == ["16", "2.5"]


def test_hidden_sheets_are_not_read():  # what else cannot be read is in the corpus
    for data in (workbook(["a"], hidden=["Données"]), ods(line(HEADER), hidden=True)):
        with pytest.raises(Unreadable, match="aucun en-tête reconnu"):
            sheet(data)


FIRST, SECOND = [*PLUS.values()], [*["" for _ in range(6)], "PLAI", *[*PLUS.values()][7:]]
LINES = (["Programmation 2013"], OPERATION, FIRST, SECOND)


def merged_xlsx(*more):
    return book({"S": LINES}, merged=("A1:J1", *(f"{column}3:{column}4" for column in "ABCDEF"), *more))


def merged_book():
    title, header, first, second = map(line, LINES)
    first = first.replace("<table:table-cell", '<table:table-cell table:number-rows-spanned="2"', 6)
    return ods(title + header + first + second)


@pytest.mark.parametrize(("kind", "data"), [("xlsx", merged_xlsx()), ("ods", merged_book())], ids=["xlsx", "ods"])
def test_cells_merged_down_a_column_are_those_of_each_row(study, kind, data):
    (study.raw / f"programmation.{kind}").write_bytes(data)
    report = check(study)
    assert report.set_aside == () and report.refusals.empty
    read = told(read_table(study, "programmation"), "numero_operation produit code_insee")
    assert read == "2013DD0170001 PLUS 17300 | 2013DD0170001 PLAI 17300"


def test_cells_are_merged_below_a_second_header_too(study):
    rows = [
        [*(PLUS | {"numero_operation": n, "produit": p}).values()]
        for n, p in (("1", "PLS"), ("2", "PLUS"), ("", "PLAI"))
    ]
    (study.raw / "programmation.xlsx").write_bytes(
        book({"S": [OPERATION, rows[0], OPERATION, *rows[1:]]}, merged=["A4:A5"])
    )
    check(study)
    read = told(read_table(study, "programmation"), "numero_operation produit ligne")
    assert read == "1 PLS 2 | 2 PLUS 4 | 2 PLAI 5"


def test_a_measure_that_two_rows_share_is_not_counted_twice(study):
    (study.raw / "programmation.xlsx").write_bytes(merged_xlsx("J3:J4"))
    assert told(check(study).refusals, "ligne colonne motif") == "4 nb_logements cellule vide\u202f; remplissez-la"


def test_merged_cells_of_ods_where_rows_and_cells_are_repeated_and_errors_without_styles():
    cell = "<table:table-cell{}><text:p>a</text:p></table:table-cell>".format
    row = "<table:table-row{}>{}</table:table-row>".format
    wide, high = (f' table:number-{what}="{n}"' for what, n in (("columns-repeated", 4), ("rows-spanned", 2)))
    repeated = row(' table:number-rows-repeated="3"', cell("")) + row("", cell(wide) + cell(high))
    assert sheet(ods(line(HEADER) + repeated)).merged == ((5, 4, 6),)
    broken = {"xl/styles.xml": "<styleSheet><fills><fill/></fills></styleSheet>"}
    wrong = '<row r="2"><c r="B2" t="e"><v>#N/A</v></c><c t="e"><v>#REF!</v></c></row>'
    found = sheet(xlsx(corpus.row(1, HEADER) + wrong, parts=broken))
    assert found.cells.to_numpy().tolist() == [["", "#N/A", "", "", ""]]


def test_a_formula_without_its_result_is_told(study):
    """As openpyxl writes it, and LimeSurvey 3 an answer that begins with =."""
    rows = [
        [*(PLUS | {"numero_operation": number, "nb_logements": dwellings}).values(), surface, '=IF(A2="","","B1")']
        for number, dwellings, surface in (("0", "12", "=12*60"), ("1", "=6*2", "720"))
    ]
    (study.raw / "programmation.xlsx").write_bytes(book({"S": [[*OPERATION, "surface_utile", "zone_abc"], *rows]}))
    report = check(study)
    assert told(report.refusals, "ligne colonne valeur") == "3 nb_logements #FORMULE =6*2"
    assert "rouvrez le classeur dans un tableur" in report.refusals["motif"][0]
    emptied = told(report.warnings, "ligne colonne valeur")
    assert emptied == '2 surface_utile #FORMULE =12*60 | 2 zone_abc #FORMULE =IF(A2="","","B1")'
