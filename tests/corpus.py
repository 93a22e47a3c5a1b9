"""Files that people send, or that someone wants us to open, built in memory: the same each time.

A case is a name, the name of the file in data/raw, its bytes, and what must come of it: rows
accepted and rows refused, or the words of the sentence that sets the file aside.
"""

import io
import random
import re
import unicodedata
import zipfile
from dataclasses import dataclass

import openpyxl
from books import q

from conftest import HEADER as OPERATION

HEADER = ["id", "nom", "role", "famille", "departements", "nb_logements"]
ROW = ["B1", "Office d'été", "bailleur", "OPH", "16", "120"]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TOO_LARGE = "relevez expansion_mo dans la partie [limites]"
ODF = "urn:oasis:names:tc:opendocument:xmlns"


# A questionnaire with every kind of question.
SETTINGS = {"repondant": "organisme", "population": "bailleur", "date_reponse": "submitdate", "strates": ["famille"]}
SETTINGS["accord"] = "diffusion"
QUESTIONS = [
    q("U", "choix_unique", "Unique ?", modalites={"A1": "L'agence", "A2": "Le siège"}, autre=True),
    q("M", "choix_multiple", "Multiple ?", sous_questions={"SQ001": "Papier", "SQ002": "Courriel"}, autre=True)
    | {"filtre": "U != 'A2'"},
    q("E", "echelle", "Échelle ?", modalites={"E1": "Non", "E2": "Oui"})
    | {"sous_questions": {"S1": "Délais", "S2": "Pièces"}},
    q("N", "nombre", "Nombre ?"),
    q("D", "date", "Date ?"),
    q("R", "classement", "Rangs ?", modalites={"P": "Premier", "D": "Deuxième", "T": "Troisième"}, rangs=2),
    q("T", "texte", "Texte ?"),
]


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


def text(*rows, sep=";", end="\n"):
    return "".join(sep.join(row) + end for row in [HEADER, *rows])


def archive(parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as found:
        for name, content in parts.items():
            found.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def book(sheets, *, merged=(), hidden=()):
    """A workbook as spreadsheets write it: name → rows; areas of each sheet whose cells are one."""
    found, stream = openpyxl.Workbook(), io.BytesIO()
    found.remove(found.active)
    for name, rows in sheets.items():
        sheet = found.create_sheet(name)
        for cells in rows:
            sheet.append([*cells])
        for area in merged:
            sheet.merge_cells(area)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    found.save(stream)
    return stream.getvalue()


with zipfile.ZipFile(io.BytesIO(book({"F": []}))) as _empty:
    PARTS = {name: _empty.read(name) for name in _empty.namelist() if "docProps" not in name}  # which tell the time


def xlsx(rows, *, parts=None, dimension="A1:F2", strings=(), prolog=""):
    """A workbook of one sheet from the XML of its rows."""
    shared = "".join(f"<si><t>{s}</t></si>" for s in strings)
    made = {
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{shared}</sst>',
        "xl/worksheets/sheet1.xml": f'{prolog}<worksheet xmlns="{MAIN}">'
        f'<dimension ref="{dimension}"/><sheetData>{rows}</sheetData></worksheet>',
    }
    return archive(PARTS | made | (parts or {}))


def row(number, cells):
    inner = "".join(
        f'<c r="{chr(65 + i)}{number}" t="inlineStr"><is><t>{cell}</t></is></c>' for i, cell in enumerate(cells)
    )
    return f'<row r="{number}">{inner}</row>'


TOP = row(1, HEADER) + row(2, ROW)


def ods(rows, encrypted=False, hidden=False):
    """A file of one sheet from the XML of its rows."""
    names = " ".join(f'xmlns:{n}="{ODF}:{n}:1.0"' for n in ("office", "style", "table", "text", "manifest"))
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    shown = "false" if hidden else "true"
    content = (
        f'<office:document-content {names} office:version="1.2"><office:automatic-styles><style:style style:name="s"'
        f' style:family="table"><style:table-properties table:display="{shown}"/></style:style>'
        '</office:automatic-styles><office:body><office:spreadsheet><table:table table:name="F"'
        f' table:style-name="s">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    listed = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{media}">{secret}</manifest:file-entry>'
        for path, media, secret in (
            ("/", kind, ""),
            ("content.xml", "text/xml", "<manifest:encryption-data/>" * encrypted),
        )
    )
    parts = {"mimetype": kind, "content.xml": b"\x8f\x01secret" if encrypted else content}
    return archive(parts | {"META-INF/manifest.xml": f"<manifest:manifest {names}>{listed}</manifest:manifest>"})


def line(cells, rows=1, columns=1):
    inner = "".join(
        f'<table:table-cell table:number-columns-repeated="{columns}"'
        + (f' office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' if cell else "/>")
        for cell in cells
    )
    return f'<table:table-row table:number-rows-repeated="{rows}">{inner}</table:table-row>'


LINES = line(HEADER) + line(ROW)


def lying(data, part, size):
    """The archive with another size stated for a part, in both of its directories."""
    with zipfile.ZipFile(io.BytesIO(data)) as found:
        true = found.getinfo(part.decode()).file_size.to_bytes(4, "little")
    return data.replace(true, size.to_bytes(4, "little"))


def outcome(file, files, accepted=0, refused=0, **words):
    """Cases that end alike."""
    return [Case(name, file, data, accepted, refused, **words) for name, data in files.items()]


def texts():
    file, one = "organismes.csv", text(ROW).encode()
    accents = text(["B1", "Été à l'œuvre €", *ROW[2:]])
    order = [5, 2, 0, 4, 1, 3]
    moved = "\n".join(";".join(cells[i] for i in order) for cells in (HEADER, ROW))
    strange = "مكتب 🏠👨‍👩‍👧 \u202egnitirw\u202c \u200b"
    read = {
        "columns in another order": moved.encode(),
        "decomposed accents": unicodedata.normalize("NFD", accents.replace("depart", "départ")).encode(),
        "right to left, emoji, turned around": text([strange, strange, *ROW[2:]]).encode(),
        "a cell of 1 MB": text(["B1", "x" * 10**6, *ROW[2:]]).encode(),
        "a quoted cell of 1 MB of lines": text(["B1", '"' + "y;\n" * 350_000 + '"', *ROW[2:]]).encode(),
        "a million empty rows": one + b";;;;;\n" * 10**6,
        "formulas": text(["=1+1", '@SUM("a")', *ROW[2:]]).encode(),
    }
    no_text = {
        "UTF-16 without its mark": accents.encode("utf-16-le"),
        "UTF-32": accents.encode("utf-32"),
        "bytes of no encoding": one + b"\x81\x8d\n",
        "NUL in a cell": one.replace(b"Office", b"Of\0fice"),
        "a lone surrogate in UTF-16": b"\xff\xfe" + text(ROW).encode("utf-16-le") + b"\x00\xd8",
        "noise": b"\0" + random.Random(1).randbytes(5_000),
    }
    no_header = {
        "nothing": b"",
        "a mark only": b"\xef\xbb\xbf",
        "lines only": b"\n" * 500,
        "another separator": text(ROW, sep="|").encode(),
        "a PDF": b"%PDF-1.7\n" + b"x\n" * 99,
        "no header": (";".join(ROW) + "\n").encode(),
        "HTML": b"<html><table><tr><td>id</table>",
    }
    wide = {
        "a header of 3 000 columns": text().strip().encode() + b";x" * 3_000,
        "a row of 3 000 cells": one + b"x;" * 3_000,
    }
    address = text([*ROW[:5], "a" * 10**6]).encode()
    return [
        *outcome(file, read, 1),
        *outcome(file, no_text, aside="ni classeur ni texte lisible"),
        *outcome(file, no_header, aside="aucun en-tête reconnu"),
        *outcome(file, wide, aside="2\u202f000 cellules"),
        Case("a column twice", file, one.replace(b"famille", b"nom"), aside="en double"),
        Case("a column missing", file, one.replace(b"famille", b"x"), aside="absente"),
        Case("an address of 1 MB", file, address, 1, warned="nombre illisible"),
        Case("too many cells in a row", file, text([*ROW, "y"]).encode(), refused=1, why="plus de cellules"),
        Case("ten thousand times one row", file, text(*[ROW] * 10_000).encode(), 1, 9_999, why="même clé"),
    ]


def numbers():
    """nb_logements is the measure: unreadable, it refuses the row; a day only loses its cell."""

    def rows(cells):
        first = ";2013;DDTM 17;La Rochelle;;Office;PLUS;;;"
        lines = [f"{number}{first}{cell}" for number, cell in enumerate(cells)]
        return "\n".join([";".join((*OPERATION, "date_agrement")), *lines]).encode()

    unread = "1e309 0x10 nan inf -inf ١٢ １２ ² 1e2 1_000 --1 =12".split()
    unread += ["12 000 00", "9" * 400, "1" * 5_000]
    read = ["12", "+12", "1\u202f584", "'12", "12,0", "12.000"]
    days = "01/01/1900 31/12/9999 0001-01-01 9999-12-31 29/02/2013 00/00/0000 2013-13-45 ٠١/٠١/٢٠١٣".split()
    days += ["2958465", "1", "99999999", "1e309"]
    file = "programmation.csv"
    return [
        Case("no numbers", file, rows(f"{cell};" for cell in unread), refused=len(unread), why="nombre"),
        Case("numbers", file, rows(f"{cell};" for cell in read), len(read)),
        Case("no dates", file, rows(f"12;{cell}" for cell in days), len(days), warned="date"),
    ]


def workbooks():
    file, fine = "organismes.xlsx", xlsx(TOP)
    values = zip("ABCDEF", ("1e309", "NaN", "-inf", "1e308", "2", "1e309"), strict=True)
    odd = "".join(f'<c r="{c}2"><v>{v}</v></c>' for c, v in values)
    read = {
        "a workbook": fine,
        "a dimension that lies": xlsx(TOP, dimension="A1:XFD1048576"),
        "cells without a reference": xlsx(re.sub(' r="[^"]*"', "", TOP)),
        "styled empty rows": xlsx(TOP + "".join(f'<row r="{i}"><c r="A{i}" s="0"/></row>' for i in range(3, 100_000))),
    }
    far = '<row r="{1}"><c r="{0}{1}"><v>1</v></c></row>'.format
    prefixed = f"<x:row xmlns:x='{MAIN}' r='1048576'><x:c r = 'XFD1048576'><x:v>1</x:v></x:c></x:row>"
    texts = '<row r="3">' + '<c t="s"><v>0</v></c>' * 1_000 + "</row>"
    too_large = {
        "a cell at the last place": xlsx(TOP + far("XFD", 1_048_576)),
        "a cell beyond": xlsx(TOP + far("ZZZZZZZZ", 99_999_999_999)),
        "no references at the bottom": xlsx(TOP + '<row r="1048576">' + "<c><v>1</v></c>" * 16_384 + "</row>"),
        "a prefix and other quotes": xlsx(TOP + prefixed),
        "one long text a thousand times": xlsx(TOP + texts, strings=["x" * 600_000]),
        "an archive of 600 MB in 600 kB": xlsx(TOP, parts={"xl/media/image1.png": bytes(600_000_000)}),
    }
    many = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10 if i else "x" * 99}">' for i in range(12))
    damaged = {
        "a size that lies": lying(xlsx(TOP + "<row/>" * 300_000), b"xl/worksheets/sheet1.xml", 900),
        "entities that multiply": entities("&e11;", many),
        "an entity outside": entities("&e;", '<!ENTITY e SYSTEM "file:///etc/passwd">'),
        **{f"cut at {n} %": fine[: max(30, len(fine) * n // 100)] for n in (1, 25, 50, 75, 99)},
        "an archive and nothing more": archive({"../../etc/x.txt": "x"}),
        "a document": archive({"word/document.xml": "<w/>"}),
        "no XML where a sheet is": xlsx(TOP, parts={"xl/worksheets/sheet1.xml": "<worksheet><sheetData>"}),
    }
    locked = bytearray(fine)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for found in re.finditer(re.escape(mark), fine):
            locked[found.start() + place] |= 1
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4_000)
    computed = [["Liste des organismes"], HEADER, ROW, ["B2", "=CONCATENATE(1,2)", "bailleur", "OPH", "17", 3]]
    computed += [["B3", "#REF!", "bailleur", "OPH", "17", "=1/0"]]
    return [
        *outcome(file, read, 1),
        Case("a workbook named .csv", "organismes.csv", fine, 1),
        Case("formulas, an error, merged cells", file, book({"F": computed}, merged=["A1:F1"]), 3),
        Case("infinite numbers", file, xlsx(row(1, HEADER) + f'<row r="2">{odd}</row>'), 1, warned="nombre illisible"),
        *outcome(file, too_large, aside=TOO_LARGE),
        *outcome(file, damaged, aside="classeur abîmé"),
        Case("an old workbook", file, old, aside="mot de passe, ou ancien format .xls"),
        Case("a protected archive", file, bytes(locked), aside="sans mot de passe"),
        Case("format .xlsb", file, archive({"xl/workbook.bin": b"\x83\x01"}), aside=".xlsb"),
    ]


def entities(cell, told):
    return xlsx(row(1, HEADER) + row(2, [cell, *ROW[1:]]), prolog=f"<!DOCTYPE w [{told}]>")


def open_documents():
    file = "organismes.ods"
    too_large = {
        "a row a milliard times": line(["x"], 10**9),
        "a cell a milliard times": line(["x"], 1, 10**9),
        "a far cell": line([""], 10**9) + line(["x"]),
        "a long text repeated": line(["x" * 10**6], 10, 100),
    }
    return [
        Case("ODS", file, ods(LINES), 1),
        Case("ODS, protected", file, ods(LINES, encrypted=True), aside="mot de passe"),
        Case("ODS, empty to the last row", file, ods(LINES + line([""], 1_048_570, 16_384)), 1),
        Case("ODS, a row 200 times", file, ods(LINES + line(["B2", *ROW[1:]], 200)), 2, 199, why="même clé"),
        *outcome(file, {f"ODS, {told}": ods(LINES + more) for told, more in too_large.items()}, aside=TOO_LARGE),
    ]


CASES = [*texts(), *numbers(), *workbooks(), *open_documents()]
