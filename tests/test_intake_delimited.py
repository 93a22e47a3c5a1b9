import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spls_study.intake.delimited import decode, read
from spls_study.intake.sheet import Sheet, Unreadable
from spls_study.tables import TABLES
from spls_study.words import mended

HEADER = ["id", "nom", "role", "famille", "departements"]
ROW = ["a", "Œuvre d'été", "bailleur", "OPH", "16"]


def sheet(text: str) -> Sheet:
    found = read(text.encode(), TABLES["organismes"])
    assert found is not None
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_separators_and_ends_of_line(encoding: str, separator: str, end: str) -> None:
    text = "".join(separator.join(cells) + end for cells in (HEADER, ROW))
    found = read(text.encode(encoding), TABLES["organismes"])
    assert found is not None
    assert found.header == HEADER
    assert found.cells.to_numpy().tolist() == [ROW]
    assert list(found.lines) == [2]


def test_utf_16_big_endian_with_its_mark() -> None:
    assert decode("\ufeffété".encode("utf-16-be"))[0] == "été"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_stray_byte_is_told_with_its_line_and_changes_nothing_else(mark: bytes) -> None:
    rows = [HEADER, ROW, ["b", "SA de l@Ouest", *ROW[2:]], ["c", "Âgé à l'œuvre", *ROW[2:]]]
    data = mark + "".join(";".join(row) + "\n" for row in rows).encode().replace(b"@", b"\x92")
    found = read(data, TABLES["organismes"])
    assert found is not None
    assert found.header == HEADER
    assert list(found.cells[1]) == ["Œuvre d'été", "SA de l\u2019Ouest", "Âgé à l'œuvre"]
    ((line, _, _, told),) = found.doubts
    assert line == 3 and told.startswith("1 octet d'un autre encodage")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("abc éèàêçôîùœÉÈÀ°’«»", min_size=1), min_size=1, max_size=30), st.data())
def test_french_is_read_whatever_the_encoding(words: list[str], data: st.DataObject) -> None:
    text = "\n".join(["Opération agréée à l’été", *words])
    encoding = data.draw(st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "mac_roman", "utf-16"]))
    assert decode(text.encode(encoding)) == (text, ())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("abc éèêçôîùœÉÈ°’«»\u00a0", min_size=1), min_size=1), st.integers(0, 2))
def test_what_was_read_in_the_wrong_encoding_is_mended(words: list[str], times: int) -> None:
    text = "\n".join([*words, "Agréée"])
    damaged = text
    for _ in range(times):
        damaged = "".join(
            chr(b) if b in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else bytes([b]).decode("cp1252") for b in damaged.encode()
        )
    assert mended(damaged) == text
    assert mended(unicodedata.normalize("NFD", text)) == text


@pytest.mark.parametrize("text", ["CAFÉ»", "château", "l'Île", "Ñandú", "Hôtel Â", "ÅSE"])
def test_what_is_meant_so_is_not_mended(text: str) -> None:
    assert mended(text) == text


@pytest.mark.parametrize("data", [b"\x89PNG\0\0", "a,b".encode("utf-16-le"), b"\x81\x8d"])
def test_what_is_no_text(data: bytes) -> None:
    with pytest.raises(Unreadable, match="ni classeur ni texte lisible"):
        decode(data)


def test_no_header_no_sheet() -> None:
    assert read(b"", TABLES["organismes"]) is None
    assert read(b"un texte\nsans tableau\n", TABLES["organismes"]) is None


def test_title_lines_over_the_header() -> None:
    found = sheet("\nRapport 1\n\n" + ";".join(HEADER) + "\n" + ";".join(ROW) + "\n")
    assert found.header == HEADER
    assert list(found.lines) == [5]


def test_lines_are_those_of_the_file_whatever_cells_hold() -> None:
    rows = 'a,"sur\ntrois\nlignes",bailleur,OPH,16\nb,B,bailleur,ESH,17'
    found = sheet(",".join(HEADER) + "\n" + rows)
    assert list(found.lines) == [2, 5]
    assert list(found.cells[1]) == ["sur\ntrois\nlignes", "B"]


def test_rows_of_any_width() -> None:
    found = sheet(",".join(HEADER) + "\na,A\n\nb,B,bailleur,OPH,16,plus\n")
    assert found.cells.to_numpy().tolist() == [
        ["a", "A", "", "", "", ""],
        [""] * 6,
        ["b", "B", "bailleur", "OPH", "16", "plus"],
    ]


@pytest.mark.parametrize(
    "row",
    [
        'a,"A,bailleur,OPH,16\nb,B,bailleur,OPH,17',  # never closed
        'a,A,bailleur,OPH,"16',
        'a,A,bailleur,OPH,"16\n',
        'a,"A"bis,bailleur,OPH,16',
    ],
)
def test_a_quote_that_is_not_closed_as_it_should(row: str) -> None:
    with pytest.raises(Unreadable, match="commence ligne 2"):
        sheet(",".join(HEADER) + "\n" + row)


@pytest.mark.parametrize(("cell", "value"), [('"a, b"', "a, b"), ('"l\'""Est"""', 'l\'"Est"'), ('5" tube', '5" tube')])
def test_quotes_as_they_should_be(cell: str, value: str) -> None:
    assert sheet(",".join(HEADER) + f"\na,{cell},bailleur,OPH,16\n").cells[1][0] == value
