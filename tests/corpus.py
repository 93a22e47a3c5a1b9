"""Files that people send, or that someone wants us to open, built in memory: the same each time.

A case is a name, the name of the file in data/raw, its bytes, and what must come of it: rows
accepted and rows refused, or the words of the sentence that sets the file aside.
"""

import io
import random
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import openpyxl

HEADER = ["id", "nom", "role", "famille", "departements", "nb_logements"]
ROW = ["B1", "Office d'été", "bailleur", "OPH", "16", "120"]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
ODF = "urn:oasis:names:tc:opendocument:xmlns"


@dataclass(frozen=True)
class Case:
    name: str
    file: str
    data: bytes
    accepted: int = 0
    refused: int = 0
    aside: str = ""
    warned: str = ""  # words of a warning
    why: str = ""  # words of the refusals


def text(*rows: Sequence[str], sep: str = ";", end: str = "\n") -> str:
    return "".join(sep.join(row) + end for row in [HEADER, *rows])


def xlsx(
    rows: str,
    *,
    parts: dict[str, str | bytes] | None = None,
    dimension: str = "A1:F2",
    strings: Sequence[str] = (),
    prolog: str = "",
) -> bytes:
    """A workbook of one sheet from the XML of its rows."""
    shared = "".join(f"<si><t>{s}</t></si>" for s in strings)
    found: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": _relations("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets>'
        '<sheet name="F" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relations("worksheet", "worksheets/sheet1.xml"),
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{shared}</sst>',
        "xl/worksheets/sheet1.xml": f'{prolog}<worksheet xmlns="{MAIN}">'
        f'<dimension ref="{dimension}"/><sheetData>{rows}</sheetData></worksheet>',
    }
    return archive(found | (parts or {}))


def _relations(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{REL}/{kind}" Target="{target}"/></Relationships>'
    )


def archive(parts: dict[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as found:
        for name, content in parts.items():
            found.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def row(number: int, cells: Sequence[str]) -> str:
    inner = "".join(
        f'<c r="{chr(65 + i)}{number}" t="inlineStr"><is><t>{cell}</t></is></c>' for i, cell in enumerate(cells)
    )
    return f'<row r="{number}">{inner}</row>'


TOP = row(1, HEADER) + row(2, ROW)


def ods(rows: str, encrypted: bool = False) -> bytes:
    names = " ".join(f'xmlns:{n}="{ODF}:{n}:1.0"' for n in ("office", "table", "text", "manifest"))
    secret = "<manifest:encryption-data/>" if encrypted else ""
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return archive(
        {
            "mimetype": kind,
            "content.xml": b"\x8f\x01secret"
            if encrypted
            else f'<office:document-content {names} office:version="1.2"><office:body><office:spreadsheet>'
            f'<table:table table:name="F">{rows}</table:table></office:spreadsheet></office:body>'
            "</office:document-content>",
            "META-INF/manifest.xml": f"<manifest:manifest {names}><manifest:file-entry"
            f' manifest:full-path="/" manifest:media-type="{kind}"/><manifest:file-entry'
            f' manifest:full-path="content.xml" manifest:media-type="text/xml">{secret}'
            "</manifest:file-entry></manifest:manifest>",
        }
    )


def line(cells: Sequence[str], rows: int = 1, columns: int = 1) -> str:
    inner = "".join(
        f'<table:table-cell table:number-columns-repeated="{columns}"'
        + (f' office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' if cell else "/>")
        for cell in cells
    )
    return f'<table:table-row table:number-rows-repeated="{rows}">{inner}</table:table-row>'


LINES = line(HEADER) + line(ROW)


def cells_bytes() -> bytes:
    """A workbook as spreadsheets write it, with formulas, an error and merged cells."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"] = "Liste des organismes"
    sheet.merge_cells("A1:F1")
    sheet.append(HEADER)
    sheet.append(ROW)
    sheet.append(["B2", "=CONCATENATE(1,2)", "bailleur", "OPH", "17", 3])
    sheet.append(["B3", "#REF!", "bailleur", "OPH", "17", "=1/0"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def lying(data: bytes, part: bytes, size: int) -> bytes:
    """The archive with another size stated for a part, in both of its directories."""
    with zipfile.ZipFile(io.BytesIO(data)) as found:
        true = found.getinfo(part.decode()).file_size.to_bytes(4, "little")
    return data.replace(true, size.to_bytes(4, "little"))


def texts() -> Iterator[Case]:
    one, name = text(ROW), "organismes.csv"
    accents = text(["B1", "Été à l'œuvre €", *ROW[2:]])
    yield from (Case(f"encoded in {e}", name, accents.encode(e), 1) for e in ("utf-8", "utf-8-sig", "cp1252", "utf-16"))
    yield Case("UTF-16 big endian", name, b"\xfe\xff" + accents.encode("utf-16-be"), 1)
    neither = "ni classeur ni texte lisible"
    for told, data in {
        "UTF-16 without its mark": accents.encode("utf-16-le"),
        "UTF-32": accents.encode("utf-32"),
        "bytes of no encoding": one.encode() + b"\x81\x8d\n",
        "NUL in a cell": one.replace("Office", "Of\0fice").encode(),
        "a lone surrogate in UTF-16": b"\xff\xfe" + one.encode("utf-16-le") + b"\x00\xd8",
        "noise": b"\0" + random.Random(1).randbytes(5_000),
    }.items():
        yield Case(told, name, data, aside=neither)
    no_header = "aucun en-tête reconnu"
    for told, data in {
        "nothing": b"",
        "a mark only": b"\xef\xbb\xbf",
        "lines only": b"\n" * 500,
        "another separator": text(ROW, sep="|").encode(),
        "a PDF": b"%PDF-1.7\n" + b"x\n" * 99,
        "no header": (";".join(ROW) + "\n").encode(),
        "HTML": b"<html><table><tr><td>id</table>",
    }.items():
        yield Case(told, name, data, aside=no_header)
    for told, sep in (("commas", ","), ("tabs", "\t")):
        yield Case(told, name, text(ROW, sep=sep).encode(), 1)
    for told, end in (("CR LF", "\r\n"), ("CR alone", "\r")):
        yield Case(told, name, text(ROW, end=end).encode(), 1)
    order = [5, 2, 0, 4, 1, 3]
    other = ";".join(HEADER[i] for i in order) + "\n" + ";".join(ROW[i] for i in order) + "\n"
    yield Case("columns in another order", name, other.encode(), 1)
    yield Case("a column twice", name, one.replace("famille", "nom").encode(), aside="en double")
    yield Case("a column missing", name, one.replace("famille", "x").encode(), aside="absente")
    yield Case(
        "decomposed accents",
        name,
        unicodedata.normalize("NFD", accents.replace("departements", "départements")).encode(),
        1,
    )
    strange = "مكتب 🏠👨‍👩‍👧 \u202egnitirw\u202c \u200b"
    yield Case("right to left, emoji, turned around", name, text([strange, strange, *ROW[2:]]).encode(), 1)
    yield Case("a cell of 1 MB", name, text(["B1", "x" * 10**6, *ROW[2:]]).encode(), 1)
    yield Case("a quoted cell of 1 MB of lines", name, text(["B1", '"' + "y;\n" * 350_000 + '"', *ROW[2:]]).encode(), 1)
    yield Case("an address of 1 MB", name, text([*ROW[:5], "a" * 10**6]).encode(), 1, warned="nombre illisible")
    yield Case("a quote never closed", name, text(['"B1', *ROW[1:]]).encode(), aside="guillemet")
    yield Case("too many cells in a row", name, text([*ROW, "y"]).encode(), refused=1, why="plus de cellules")
    yield Case("a header of 3 000 columns", name, text().strip().encode() + b";x" * 3_000, aside="2\u202f000 cellules")
    yield Case("a row of 3 000 cells", name, one.encode() + b"x;" * 3_000, aside="2\u202f000 cellules")
    yield Case("a million empty rows", name, one.encode() + b";;;;;\n" * 10**6, 1)
    yield Case("formulas", name, text(["=1+1", '@SUM("a")', *ROW[2:]]).encode(), 1)
    yield Case("ten thousand times one row", name, text(*[ROW] * 10_000).encode(), 1, 9_999, why="même clé")


def numbers() -> Iterator[Case]:
    """nb_logements is the measure: unreadable, it refuses the row."""
    names = (
        "numero_operation;annee_programmation;gestionnaire;commune;moa_siret;moa_nom;produit;"
        "nature_logement;type_beneficiaire;nb_logements;date_agrement\n"
    )
    first = "1;2013;DDTM 17;La Rochelle;;Office;PLUS;;;"
    for value in (
        "1e309",
        "9" * 400,
        "1" * 5_000,
        "0x10",
        "nan",
        "inf",
        "-inf",
        "١٢",
        "１２",
        "²",
        "1e2",
        "1_000",
        "12 000 00",
        "--1",
        "=12",
    ):
        yield Case(
            f"number {value[:9]}", "programmation.csv", f"{names}{first}{value};\n".encode(), refused=1, why="nombre"
        )
    for value in ("12", "+12", "1\u202f584", "'12", "12,0", "12.000"):
        yield Case(f"number {value}", "programmation.csv", f"{names}{first}{value};\n".encode(), 1)
    for value in (
        "01/01/1900",
        "31/12/9999",
        "0001-01-01",
        "9999-12-31",
        "2958465",
        "1",
        "99999999",
        "29/02/2013",
        "00/00/0000",
        "2013-13-45",
        "٠١/٠١/٢٠١٣",
        "1e309",
    ):
        yield Case(f"date {value}", "programmation.csv", f"{names}{first}12;{value}\n".encode(), 1, warned="date")


def workbooks() -> Iterator[Case]:
    name, fine = "organismes.xlsx", xlsx(TOP)
    yield Case("a workbook", name, fine, 1)
    yield Case("a workbook named .csv", "organismes.csv", fine, 1)
    yield Case("a dimension that lies", name, xlsx(TOP, dimension="A1:XFD1048576"), 1)
    yield Case("formulas, an error, merged cells", name, cells_bytes(), 3)
    plain = TOP.replace(' r="1"', "").replace(' r="2"', "")
    for letter in "ABCDEF":
        plain = plain.replace(f' r="{letter}1"', "").replace(f' r="{letter}2"', "")
    yield Case("cells without a reference", name, xlsx(plain), 1)
    styled = "".join(f'<row r="{i}"><c r="A{i}" s="0"/></row>' for i in range(3, 100_000))
    yield Case("styled empty rows", name, xlsx(TOP + styled), 1)
    odd = "".join(
        f'<c r="{c}2"><v>{v}</v></c>'
        for c, v in zip("ABCDEF", ("1e309", "NaN", "-inf", "1e308", "2", "1e309"), strict=True)
    )
    yield Case("infinite numbers", name, xlsx(row(1, HEADER) + f'<row r="2">{odd}</row>'), 1, warned="nombre illisible")
    too_large = "relevez expansion_mo dans la partie [limites]"
    far = '<row r="{1}"><c r="{0}{1}"><v>1</v></c></row>'
    for place in (("XFD", 1_048_576), ("ZZZZZZZZ", 99_999_999_999)):
        yield Case(f"a cell at {place[0]}{place[1]}", name, xlsx(TOP + far.format(*place)), aside=too_large)
    yield Case(
        "a row without references at the bottom",
        name,
        xlsx(TOP + '<row r="1048576">' + "<c><v>1</v></c>" * 16_384 + "</row>"),
        aside=too_large,
    )
    yield Case(
        "a prefix and other quotes",
        name,
        xlsx(TOP + f"<x:row xmlns:x='{MAIN}' r='1048576'><x:c r = 'XFD1048576'><x:v>1</x:v></x:c></x:row>"),
        aside=too_large,
    )
    refers = '<row r="3">' + '<c t="s"><v>0</v></c>' * 1_000 + "</row>"
    yield Case("one long text a thousand times", name, xlsx(TOP + refers, strings=["x" * 600_000]), aside=too_large)
    yield Case(
        "an archive of 600 MB in 600 kB",
        name,
        xlsx(TOP, parts={"xl/media/image1.png": bytes(600_000_000)}),
        aside=too_large,
    )
    damaged = "classeur abîmé"
    bomb = xlsx(TOP + "<row/>" * 300_000)
    yield Case("a size that lies", name, lying(bomb, b"xl/worksheets/sheet1.xml", 900), aside=damaged)
    entities = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10 if i else "x" * 99}">' for i in range(12))
    yield Case(
        "entities that multiply",
        name,
        xlsx(row(1, HEADER) + row(2, ["&e11;", *ROW[1:]]), prolog=f"<!DOCTYPE w [{entities}]>"),
        aside=damaged,
    )
    outside = '<!DOCTYPE w [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    yield Case(
        "an entity outside", name, xlsx(row(1, HEADER) + row(2, ["&e;", *ROW[1:]]), prolog=outside), aside=damaged
    )
    for share in (1, 25, 50, 75, 99):
        yield Case(f"cut at {share} %", name, fine[: max(30, len(fine) * share // 100)], aside=damaged)
    yield Case("an archive and nothing more", name, archive({"../../etc/x.txt": "x"}), aside=damaged)
    yield Case("a document", name, archive({"word/document.xml": "<w/>"}), aside=damaged)
    yield Case(
        "no XML where a sheet is",
        name,
        xlsx(TOP, parts={"xl/worksheets/sheet1.xml": "<worksheet><sheetData>"}),
        aside=damaged,
    )
    yield Case("format .xlsb", name, archive({"xl/workbook.bin": b"\x83\x01"}), aside=".xlsb")
    secret = "mot de passe"
    yield Case("a protected workbook", name, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4_000), aside=secret)
    locked = bytearray(fine)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = -1
        while (start := locked.find(mark, start + 1)) >= 0:
            locked[start + place] |= 1
    yield Case("a protected archive", name, bytes(locked), aside=secret)
    name = "organismes.ods"
    yield Case("ODS", name, ods(LINES), 1)
    yield Case("ODS, protected", name, ods(LINES, encrypted=True), aside=secret)
    yield Case("ODS, empty to the last row", name, ods(LINES + line([""], 1_048_570, 16_384)), 1)
    yield Case("ODS, a row 200 times", name, ods(LINES + line(["B2", *ROW[1:]], 200)), 2, 199, why="même clé")
    for told, more in {
        "a row a milliard times": line(["x"], 10**9),
        "a cell a milliard times": line(["x"], 1, 10**9),
        "a far cell": line([""], 10**9) + line(["x"]),
        "a long text repeated": line(["x" * 10**6], 10, 100),
    }.items():
        yield Case(f"ODS, {told}", name, ods(LINES + more), aside=too_large)


CASES = [*texts(), *numbers(), *workbooks()]
