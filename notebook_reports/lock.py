"""One build at a time in a folder of reports, which may be on a network drive.

Such drives often have no locks: a file names the process that builds, and counts for nothing
once that process is dead.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from platform import node
from time import monotonic, sleep

import psutil

from .errors import StudyError
from .files import write_atomic

NAME = ".construction"
PATIENCE = 15  # minutes
_SETTLES = 0.5  # seconds between two looks; a writer needs far less to finish


@contextmanager
def alone(reports: Path, tell: Callable[[str], None], minutes: float = PATIENCE) -> Iterator[None]:
    """Wait for the build under way in the folder, saying so once, and keep others waiting.

    Raises
    ------
    StudyError
        When the other build has not finished in time, or the folder went away meanwhile.
    """
    reports.mkdir(parents=True, exist_ok=True)
    file, me, end = reports / NAME, psutil.Process(), monotonic() + 60 * minutes
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
