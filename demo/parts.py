"""What the modules of the demonstration share: editions, parts, and files with fixed bytes."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter

from spls_study.study import Study, load_study

EPOCH = (1980, 1, 1, 0, 0, 0)
DATA = Path(__file__).parent / "data"
STUDY = Path(__file__).parent.parent / "study.toml"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
CREATED = datetime(2014, 7, 1)
Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Edition:
    """One state of the study: `folder` under the target, its edition and extraction dates."""

    folder: str
    edition: date
    extraction: date


@dataclass(frozen=True)
class Part:
    """What one module gives an edition: files by path under data/raw.

    `told`: what their README says of them, by place; `relecture`: files under data/relecture,
    written only where there is none, for they bear marks that people make.
    """

    files: Mapping[str, bytes]
    told: Mapping[str, str] = field(default_factory=dict)
    relecture: Mapping[str, bytes] = field(default_factory=dict)


@cache
def root() -> Study:
    """The study of the demonstration: its territories and gestionnaires."""
    return load_study(STUDY)


def listed(name: str) -> list[list[str]]:
    """The rows of a table of `demo/data`: what was invented by hand, an empty cell is ''."""
    text = (DATA / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.reader(text.splitlines(), delimiter=";"))[1:]


def to_csv(rows: Rows, encoding: str = "utf-8-sig", delimiter: str = ";") -> bytes:
    """Rows as a French spreadsheet saves them: dd/mm/yyyy, decimal comma."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(
        [_french_cell(cell) for cell in row] for row in rows
    )
    return text.getvalue().encode(encoding)


def to_xlsx(sheets: Mapping[str, Rows]) -> bytes:
    """A workbook; None is an empty cell, a date is a true date."""
    content = io.BytesIO()
    options = {"default_date_format": "dd/mm/yyyy", "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, {"in_memory": True, **options}) as book:
        book.set_properties({"created": CREATED, "comments": "Données fictives"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for r, row in enumerate(rows):
                sheet.write_row(r, 0, row)
    return content.getvalue()


def to_ods(sheet: str, rows: Rows) -> bytes:
    """An ODS workbook of one sheet, written plainly: odfpy's bytes change from call to call."""
    lines = "\n".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        mimetype = zipfile.ZipInfo("mimetype", EPOCH)  # first and not compressed, says ODF
        archive.writestr(mimetype, ODS, zipfile.ZIP_STORED)
        for name, text in (
            ("META-INF/manifest.xml", _MANIFEST),
            ("content.xml", _CONTENT.format(sheet=escape(sheet), rows=lines)),
        ):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), text, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def _ods_cell(cell: Any) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, date):
        kind, shown = f'date" office:date-value="{cell}', f"{cell:%d/%m/%Y}"
    elif isinstance(cell, (int, float)):
        kind, shown = f'float" office:value="{cell}', str(cell).replace(".", ",")
    else:
        kind, shown = "string", escape(str(cell))
    return f'<table:table-cell office:value-type="{kind}"><text:p>{shown}</text:p></table:table-cell>'


def _french_cell(cell: Any) -> Any:
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return str(cell).replace(".", ",") if isinstance(cell, float) else cell


_CONTENT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">
<office:body><office:spreadsheet><table:table table:name="{sheet}">
{rows}
</table:table></office:spreadsheet></office:body></office:document-content>
"""
_MANIFEST = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
 manifest:version="1.2">
<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>
"""
