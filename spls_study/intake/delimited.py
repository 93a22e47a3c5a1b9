"""Text files: encoding, separator, quotes."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import islice, zip_longest

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from notebook_reports.french import count

from . import sheets
from .sheets import SEARCHED, Doubt, Headers, Sheet, Unreadable

SEPARATORS = (",", ";", "\t")
_BLOCK = 1 << 22  # bytes that a thread reads at once
_TOO_WIDE = "une ligne de plus de 2\u202f000 cellules\u202f; gardez les colonnes utiles"
_CODED = pa.dictionary(pa.int32(), pa.string())
_SAMPLE = 200_000  # bytes in which the first rows are looked for
_FRENCH = frozenset("àâçèéêëîïôùûœÀÂÇÈÉÊËÎÏÔÙÛŒ°²«»€’–…")
_WIDEST = 2_000  # cells of a row
_WINDOWS = "as Windows"  # what to do with bytes that are no UTF-8
csv.field_size_limit(2**31 - 1)  # the size of the file is the limit, see `limits`


def read(data: bytes, headers: Headers) -> Iterator[Sheet]:
    """The table of a text file; none when no separator shows a header."""
    data, doubts = _as_utf8(data)
    start = data[:_SAMPLE].decode(errors="ignore")
    found = []
    for separator in SEPARATORS:
        sample = csv.reader(io.StringIO(start, newline=""), delimiter=separator)
        with suppress(csv.Error):
            rows = list(islice(sample, SEARCHED))
            index, named = headers.search(rows)
            found.append((named, separator, index, rows))
    named, separator, index, rows = max(found, key=lambda f: f[0], default=(0, "", 0, []))
    if not named:
        return
    if max(map(len, rows)) > _WIDEST:
        raise Unreadable(_TOO_WIDE)
    above = sum("\n" in "".join(row) for row in rows[: index + 1])
    quick = None if above else _plain(data, separator, index, rows)
    yield replace(quick or _quoted(data.decode(), separator, index), doubts=doubts)


def _as_utf8(data: bytes) -> tuple[bytes, tuple[Doubt, ...]]:
    """The text that `decode` gives, as UTF-8; most files are so already and are not copied."""
    if b"\0" not in data:
        with suppress(pa.ArrowInvalid):
            ends = pa.py_buffer(np.array([0, len(data)], dtype="int64"))
            whole = pa.Array.from_buffers(pa.large_binary(), 1, [None, ends, pa.py_buffer(data)])
            whole.cast(pa.large_string())  # which looks, and copies nothing
            return data.removeprefix(codecs.BOM_UTF8), ()
    text, doubts = decode(data)
    return text.encode(), doubts


def decode(data: bytes) -> tuple[str, tuple[Doubt, ...]]:
    """UTF-8, where some bytes may be foreign to it, UTF-16 with its mark, else cp1252 or MacRoman.

    The mark of UTF-8 is a proof of it; without, letters that it has right outnumber what it has wrong.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _readable(_decoded(data, "utf-16")), ()
    try:
        return _readable(data.decode("utf-8-sig")), ()
    except UnicodeDecodeError as error:
        line = 1 + len(re.findall(rb"\r\n?|\n", error.object[: error.start]))
    read = data.decode("utf-8-sig", "replace")
    wrong = read.count("\ufffd") - data.count("\ufffd".encode())
    right = len(read) - sum(map(len, re.findall("[\0-\x7f\ufffd]+", read)))
    if data.startswith(codecs.BOM_UTF8) or right > wrong:
        foreign = f"{count(wrong, 'octet')} d'un autre encodage que le reste (UTF-8), à partir de cette ligne"
        return _readable(data.decode("utf-8-sig", _WINDOWS)), ((line, "", "", f"{foreign}\u202f; vérifiez-la"),)
    windows, mac = (_decoded(data, encoding) for encoding in ("cp1252", "mac_roman"))
    likely, french = (sum(c in _FRENCH for c in text) for text in (windows, mac))
    is_mac = french > likely and 2 * french > sum(not c.isascii() for c in mac)
    return _readable(mac if is_mac else windows), ()


def _decoded(data: bytes, encoding: str) -> str:
    """Empty where a byte is none of that encoding's."""
    with suppress(UnicodeDecodeError):
        return data.decode(encoding)
    return ""


def _readable(text: str) -> str:
    if not text or "\0" in text:
        raise Unreadable("ni classeur ni texte lisible\u202f; enregistrez-le en .xlsx ou en CSV UTF-8")
    return text


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are foreign to UTF-8, as Windows has them."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(_WINDOWS, _as_windows)


def _quoted(text: str, separator: str, index: int) -> Sheet:
    """Any text file, by the standard reader, record after record."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows, starts, start = [], [], 1
    try:
        for row in reader:
            if len(row) > _WIDEST:
                raise Unreadable(_TOO_WIDE)
            rows.append(row)
            starts.append(start)
            start = reader.line_num + 1
    except csv.Error:
        raise Unreadable(
            f"guillemet mal fermé dans l'enregistrement qui commence ligne {start}\u202f; fermez-le ou doublez-le"
        ) from None
    cells = zip_longest(*rows[index + 1 :], fillvalue="")
    return sheets.under("", rows[index], cells, starts[index], starts[index + 1 :])


def _plain(data: bytes, separator: str, index: int, rows: list[list[str]]) -> Sheet | None:
    """The same ten times faster where each line is a record of one width; None elsewhere.

    Arrow forgives what the standard reader refuses (a quote never closed, text after a closing
    quote), so files with such quotes are left to the latter.
    """
    quoted = b'"' in data
    stray = rb'"(?<=[^\n"%b]")[^\r\n"%b]' % (2 * (separator.encode(),))  # neither first nor last in a cell, nor doubled
    if quoted and (data.count(b'"') % 2 or re.search(stray, data)):
        return None
    if b"\r" in data and data.count(b"\r") != data.count(b"\r\n"):
        return None
    names = [str(i) for i in range(max(map(len, rows)))]
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(data),
            pyarrow.csv.ReadOptions(block_size=_BLOCK, skip_rows=index + 1, column_names=names),
            pyarrow.csv.ParseOptions(delimiter=separator, ignore_empty_lines=False),
            pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(names, _CODED)),
        )
    except pa.ArrowInvalid:
        return None
    if quoted and index + 1 + table.num_rows != data.count(b"\n") + (not data.endswith(b"\n")):
        return None  # a cell of several lines
    return sheets.under("", rows[index], map(_cells, table.unify_dictionaries().columns), index + 1)


def _cells(column: pa.ChunkedArray) -> pd.Categorical:
    """As `to_pandas`, in half the time."""
    whole = column.combine_chunks()
    texts = pd.Index(pd.array(whole.dictionary, dtype="str"))
    return pd.Categorical.from_codes(whole.indices.to_numpy(), dtype=pd.CategoricalDtype(texts))
