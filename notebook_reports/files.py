"""Files: which count, what they hold (SHA-256), written whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from time import monotonic, sleep

import psutil

PATIENCE = 1.0  # seconds: what watches files (antivirus, indexer, synchronisation) holds them no longer


_DESKTOP = ("thumbs.db", "desktop.ini", "ehthumbs.db")


def below(folder: Path) -> Iterator[Path]:
    """The files below a folder and its linked folders, by path, each folder once; links that are broken too."""
    seen: set[str] = set()
    found: list[Path] = []
    for root, inside, names in os.walk(folder, followlinks=True):
        real = os.path.realpath(root)
        inside[:] = [] if real in seen else inside
        found += [Path(root, name) for name in names] if real not in seen else []
        seen.add(real)
    yield from sorted(path for path in found if path.is_file() or path.is_symlink())


def of_desktop(name: str) -> bool:
    """Whether a file is hidden, or what a desktop or an office program leaves beside those of its user."""
    return name.startswith((".", "~$")) or name.lower() in _DESKTOP


def digest(content: bytes) -> str:
    """SHA-256, as hexadecimal text."""
    return sha256(content).hexdigest()


def file_digest(path: Path) -> str:
    with path.open("rb") as stream:
        found = sha256()
        while part := stream.read(1 << 20):
            found.update(part)
    return found.hexdigest()


def path_digest(path: Path) -> str:
    """Of a file, or of all the files of a folder and their names.

    Hidden files and those of office programs that have a file open do not count.
    """
    if path.is_file():
        return file_digest(path)
    files = [p for p in below(path) if p.is_file() and not of_desktop(p.name)]
    return digest("\n".join(f"{p.relative_to(path).as_posix()} {file_digest(p)}" for p in files).encode())


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
        _rename(part, path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
    _keep_names(path.parent)


def _rename(part: Path, path: Path) -> None:
    """Try again for a second: Windows refuses while another program looks at the file."""
    end = monotonic() + PATIENCE
    while True:
        try:
            part.replace(path)
            return
        except PermissionError:
            if monotonic() > end:
                raise
            sleep(0.05)


def _keep_names(folder: Path) -> None:
    """Flush the folder too, where the system can: a power cut does not undo the renaming."""
    if hasattr(os, "O_DIRECTORY"):
        with suppress(OSError):
            descriptor = os.open(folder, os.O_DIRECTORY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def sweep(folder: Path) -> None:
    """Remove what `write_atomic` was writing below a folder when its process was killed."""
    for part in folder.rglob(".*.part"):
        with suppress(OSError, ValueError):  # gone meanwhile, or not ours
            if not is_writing(int(part.name.split(".")[-2]), part.stat().st_mtime):
                part.unlink()


def is_writing(pid: int, since: float) -> bool:
    """Whether the process still lives, and is not another that was given its number."""
    try:
        return bool(psutil.Process(pid).create_time() <= since)
    except psutil.NoSuchProcess:
        return False
