"""What Typst leaves to do in a tagged PDF: row headers, and streams that any reader can delimit."""

import base64
import io
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name


def finished(pdf: bytes) -> bytes:
    """The document with the first cell of each body row tagged as its header.

    Typst has no way to say it, and a screen reader then reads numbers without their row. The
    same bytes come out of the same document.
    """
    with pikepdf.open(io.BytesIO(pdf)) as document:
        _mark(document.Root.StructTreeRoot)
        for item in document.objects:
            if isinstance(item, pikepdf.Stream):
                _end_clearly(item)
        out = io.BytesIO()
        # Each stream stays as it is written: re-encoding would end it in CR again.
        document.save(
            out, deterministic_id=True, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none
        )
    return out.getvalue()


def _mark(element: pikepdf.Object, in_body: bool = False) -> None:
    if isinstance(element, Array):
        for child in element:
            _mark(child, in_body)
    elif isinstance(element, Dictionary) and "/K" in element:
        kind = element.get("/S")
        if kind == Name.TR and in_body:
            first = element.K[0] if isinstance(element.K, Array) else element.K
            if first.get("/S") == Name.TD:
                first.S = Name.TH
                scope = Dictionary(O=Name.Table, Scope=Name.Row)  # an object is of one document
                first.A = Array([scope, *first.get("/A", [])])
        else:
            _mark(element.K, kind == Name.TBody)


def _end_clearly(stream: pikepdf.Stream) -> None:
    """PDF/A 6.1.7.1: data that end in CR, followed by the LF before `endstream`, look shorter.

    The last byte of Flate data is a checksum, the same however they are compressed: such
    data are written as text (ASCII85), which ends in `~>`.
    """
    raw = stream.read_raw_bytes()
    if raw.endswith(b"\r"):
        filters, parameters = _listed(stream, "/Filter"), _listed(stream, "/DecodeParms")
        stream.write(
            base64.a85encode(raw) + b"~>",
            filter=Array([Name.ASCII85Decode, *filters]),
            decode_parms=Array([None, *parameters]) if parameters else None,
        )


def _listed(stream: pikepdf.Stream, key: str) -> list[pikepdf.Object]:
    value: Any = stream.get(key, [])
    return list(value) if isinstance(value, Array | list) else [value]
