"""The bytes of a received file, where it keeps within the limits of study.toml, opened too."""

import io
import zipfile
from pathlib import Path

from notebook_reports.errors import because
from notebook_reports.french import number

from ..keys import Limites
from .grid import Grid
from .sheet import DAMAGED, PROTECTED, Unreadable

_MEGA = 1_000_000
_CHUNK = 1 << 20
_PARTS = 10_000  # of an archive


def read_within(path: Path, limits: Limites) -> bytes:
    """Read a file whole.

    Raises
    ------
    Unreadable
        When it cannot be read, or is beyond a limit: on disk, in lines, once opened.
    """
    try:
        if path.stat().st_size > limits.taille_mo * _MEGA:
            raise _beyond("taille_mo", f"fichier de plus de {number(limits.taille_mo)}\u00a0Mo")
        data = path.read_bytes()
    except OSError as error:
        raise Unreadable(because(error)) from None
    if data.startswith(b"PK\x03\x04"):
        _measure(data, limits)
    elif len(data) > limits.lignes and _lines(data) > limits.lignes:
        raise _beyond("lignes", f"plus de {number(limits.lignes)} lignes")
    return data


def _lines(data: bytes) -> int:
    old = data.count(b"\r") - data.count(b"\r\n") if b"\r" in data else 0
    return data.count(b"\n") + old


def _beyond(key: str, what: str) -> Unreadable:
    return Unreadable(
        f"{what}\u202f; si ce fichier est bien celui que vous attendiez, relevez"
        f" {key} dans la partie [limites] de study.toml"
    )


def _measure(data: bytes, limits: Limites) -> None:
    """Open a workbook for its size only, by its content: what an archive states may be a lie."""
    most, found = limits.expansion_mo * _MEGA, Grid()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if any(part.flag_bits & 1 for part in parts):
                raise Unreadable(PROTECTED)
            if any(part.filename.lower() == "xl/workbook.bin" for part in parts):
                raise Unreadable("format .xlsb\u202f; enregistrez-le en .xlsx")
            if len(parts) > _PARTS:
                raise Unreadable(DAMAGED)
            first = ("manifest.xml", "sharedStrings.xml")
            for part in sorted(parts, key=lambda p: not p.filename.endswith(first)):
                part.file_size = most + 2 * _CHUNK  # to its real end, or past the limit
                reader = found.part(part.filename)
                with archive.open(part) as stream:
                    while chunk := stream.read(_CHUNK):
                        reader.feed(chunk)
                        if found.size > most:
                            size = number(limits.expansion_mo)
                            raise _beyond(
                                "expansion_mo", f"classeur qui, une fois ouvert, occuperait plus de {size}\u00a0Mo"
                            )
                        if found.rows > limits.lignes:
                            raise _beyond("lignes", f"plus de {number(limits.lignes)} lignes")
                reader.feed(b"", last=True)
    except Unreadable:
        raise
    except Exception:  # zipfile raises whatever a damaged archive makes it meet
        raise Unreadable(DAMAGED) from None
