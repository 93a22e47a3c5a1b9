"""Writing files whole or not at all: the one place that writes what others read."""

import os
from contextlib import suppress
from pathlib import Path


def append_line(path: Path, line: str) -> None:
    """Add a line to a log that others may be reading."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8", newline="\n") as stream:
        stream.write(line + "\n")


def write_atomic(path: Path, content: bytes | str) -> None:
    """Write beside the target, flush to disk, then rename over it.

    A reader sees the old file or the new one, never a part. Text is UTF-8 with `\\n`.

    Raises
    ------
    OSError
        When the disk or the folder refuses; the old file is then untouched.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(part, path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
