"""Text files: encoding, separator, quotes."""

import csv
import io
import re
from itertools import islice, zip_longest

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from ..tables import Column
from . import headers
from .sheet import Sheet
from .unreadable import Unreadable

SEPARATORS = (",", ";", "\t")
_SAMPLE = 200_000  # characters in which the first rows are looked for


def read(data: bytes, columns: tuple[Column, ...]) -> Sheet | None:
    """The table of a text file, or None when no separator shows a header."""
    text = decode(data)
    found = []
    for separator in SEPARATORS:
        sample = csv.reader(io.StringIO(text[:_SAMPLE], newline=""), delimiter=separator)
        try:
            rows = list(islice(sample, headers.SEARCHED))
        except csv.Error:
            continue
        index, named = headers.search(rows, columns)
        found.append((named, separator, index, rows))
    named, separator, index, rows = max(found, key=lambda f: f[0], default=(0, "", 0, []))
    if not named:
        return None
    above = sum("\n" in "".join(row) for row in rows[: index + 1])
    quick = None if above else _plain(text, separator, index, max(map(len, rows)))
    return quick or _quoted(text, separator, index)


def decode(data: bytes) -> str:
    """UTF-8 with or without mark, UTF-16 with its mark, else cp1252."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable("ni classeur ni texte lisible\u202f; enregistrez-le en .xlsx ou en CSV UTF-8")


def _quoted(text: str, separator: str, index: int) -> Sheet:
    """Any text file, by the standard reader, record after record."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows, starts, start = [], [], 1
    try:
        for row in reader:
            rows.append(row)
            starts.append(start)
            start = reader.line_num + 1
    except csv.Error:
        raise Unreadable(
            f"guillemet mal fermé dans l'enregistrement qui commence ligne {start}\u202f;"
            " fermez-le ou doublez-le"
        ) from None
    body = zip_longest(*rows[index + 1 :], fillvalue="")
    cells = pd.DataFrame({i: pd.Series(c, dtype="str") for i, c in enumerate(body)})
    return Sheet("", rows[index], cells, np.array(starts[index + 1 :], dtype="int64"))


def _plain(text: str, separator: str, index: int, width: int) -> Sheet | None:
    """The same ten times faster where each line is a record of one width; None elsewhere.

    Arrow forgives what the standard reader refuses (a quote never closed, text after a closing
    quote), so files with such quotes are left to the latter.
    """
    data = text.encode()
    mark = re.escape(separator.encode())
    stray = rb'[^\n"' + mark + rb']"[^\r\n"' + mark + rb"]"
    if data.count(b'"') % 2 or (b'"' in data and re.search(stray, data)):
        return None
    if data.count(b"\r") != data.count(b"\r\n"):
        return None
    names = [str(i) for i in range(width)]
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(data),
            pyarrow.csv.ReadOptions(use_threads=False, skip_rows=index, column_names=names),
            pyarrow.csv.ParseOptions(delimiter=separator, ignore_empty_lines=False),
            pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
        )
    except pa.ArrowInvalid:
        return None
    lines = data.count(b"\n") + (not data.endswith(b"\n"))
    if table.num_rows != lines - index:
        return None
    frame = table.to_pandas().set_axis(range(width), axis=1)
    header = [str(cell) for cell in frame.iloc[0]]
    cells = frame.iloc[1:].reset_index(drop=True)
    return Sheet("", header, cells, np.arange(index + 2, lines + 1))
