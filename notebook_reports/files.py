"""Files: which count, what they hold (SHA-256), written whole or not at all, by one build at a time."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from platform import node
from time import monotonic, sleep

import psutil

from .errors import StudyError

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
    return hashlib.sha256(content).hexdigest()


def file_digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def path_digest(path: Path) -> str:
    """Of a file, or of all the files of a folder and their names.

    Hidden files and those of office programs that have a file open do not count.
    """
    if path.is_file():
        return file_digest(path)
    files = [p for p in below(path) if p.is_file() and not of_desktop(p.name)]
    return digest("\n".join(f"{p.relative_to(path).as_posix()} {file_digest(p)}" for p in files).encode())


def write_atomic(path: Path, content: bytes | str, flush: bool = True) -> None:
    """Write beside the target, flush to disk, then rename over it.

    A reader sees the old file or the new one, never a part. Text is UTF-8 with `\\n`. What is made again where a
    power cut spoilt it needs no `flush`, which waits for the disk.

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
            if flush:
                stream.flush()
                os.fsync(stream.fileno())
        _rename(part, path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
    if flush:
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
            since, writer = part.stat().st_mtime, int(part.name.split(".")[-2])
            with suppress(psutil.NoSuchProcess):
                if psutil.Process(writer).create_time() <= since:  # it lives, and is not another of its number
                    continue
            part.unlink()


MARK = ".construction"  # names the process that builds; network drives often have no locks
_SETTLES = 0.5  # seconds between two looks; a writer needs far less to finish


@contextmanager
def alone(reports: Path, tell: Callable[[str], None], minutes: float = 15) -> Iterator[None]:
    """Wait for the build under way in the folder, saying so once, and keep others waiting.

    Raises
    ------
    StudyError
        When the other build has not finished in time, or the folder went away meanwhile.
    """
    reports.mkdir(parents=True, exist_ok=True)
    file, me, end = reports / MARK, psutil.Process(), monotonic() + 60 * minutes
    mine, told = json.dumps([node(), me.pid, me.create_time()]), False
    while (other := _other(file, mine)) is not None:
        if monotonic() > end:
            raise StudyError(
                f"Rien n'est construit\u00a0: {other} n'a pas fini. Relancez plus "
                f"tard\u202f; si rien n'y tourne, supprimez {file}."
            )
        if not told:
            tell(f"{other} construit déjà dans {reports}\u00a0: attente de sa fin, {minutes} minutes au plus.")
            told = True
        sleep(_SETTLES)
    try:
        yield
        if not file.is_file() or file.read_text(encoding="utf-8") != mine:
            raise StudyError(
                f"{reports}\u00a0: le dossier a été remplacé pendant la construction "
                "(lecteur réseau débranché\u202f?). Rebranchez-le, puis relancez."
            )
    finally:
        with suppress(OSError):
            if file.read_text(encoding="utf-8") == mine:
                file.unlink()


def _other(file: Path, mine: str) -> str | None:
    """Who builds in the folder; None once it is ours."""
    with suppress(FileExistsError), file.open("x", encoding="utf-8") as stream:
        stream.write(mine)
        return None
    try:
        place, pid, born = json.loads(_settled(file))
        if place != node() or abs(psutil.Process(pid).create_time() - born) < 2:
            return f"Le processus {pid} de {place}"
    except FileNotFoundError:
        return "Un autre processus"
    except (ValueError, TypeError, psutil.NoSuchProcess):
        pass  # cut short, or of a process that was killed
    write_atomic(file, mine)  # of several that do, the last one has it
    return None if _settled(file) == mine else "Un autre processus"


def _settled(file: Path) -> str:
    sleep(_SETTLES)
    return file.read_text(encoding="utf-8")
