"""Which files a run opens, noted by the process that runs it as it opens them.

What is opened without Python's knowing is not seen: by C code given a path, except `pandas.read_parquet`, and by
other programs. `may_be_unseen` tells the code that does so.
"""

import os
import re
import sys
import threading
from contextlib import suppress
from hashlib import sha256
from importlib.util import source_from_cache
from pathlib import Path
from typing import Any

from .files import file_digest

OPENED = "fichiers_ouverts"  # in an executed notebook's metadata: path → SHA-256
LIST = "CARNET_FICHIERS"  # environment variable: the file to which a run adds what it opens
_UNSEEN = re.compile(
    r"\b(pyarrow|polars|duckdb|subprocess|os\.(system|popen))\b|^\s*!|^%%(bash|sh|script|cmd)\b", re.MULTILINE
)
_EVENTS = frozenset({"open", "os.listdir", "os.scandir", "sqlite3.connect"})  # of Python's, which tell many others
_WRITES = os.O_WRONLY | os.O_EXCL
_IMPORTS = "importlib"  # looks through folders for modules and their versions: what it finds is opened


def digest(path: Path) -> str:
    """SHA-256 of a file, or of the names in a folder (but those of office programs and hidden ones); "" for none."""
    try:
        if path.is_dir():
            names = sorted(p.name for p in path.iterdir() if not p.name.startswith((".", "~$")))
            return sha256("\n".join(names).encode()).hexdigest()
        return file_digest(path)
    except OSError:
        return ""


def note(file: str) -> None:
    """Add each file that this process opens for reading, or folder that it lists, to `file`, as it was when first seen.

    Lines of SHA-256, or nothing for what is not there, a space, and the path (a folder's ends with a separator).
    """
    apart = tuple({f"{p.rstrip(os.sep)}{os.sep}" for p in (sys.prefix, sys.base_prefix, *_system())})
    seen: set[str] = set()
    busy = threading.local()

    def heed(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in _EVENTS or hasattr(busy, "noting"):
            return
        busy.noting = True
        try:
            name = _told(event, arguments)
            if name and name not in seen and not name.startswith(apart):
                seen.add(name)
                path = Path(name)
                expected = path.is_dir() if name.endswith(os.sep) else path.is_file()
                if expected or not path.exists():
                    with open(file, "ab") as stream:  # noqa: PTH123  # the events of a Path are many
                        stream.write(f"{digest(path)} {name}\n".encode("utf-8", "surrogateescape"))
        except (OSError, ValueError):
            pass  # a name that no file can have: the cell will be told
        finally:
            del busy.noting

    sys.addaudithook(heed)
    with suppress(ImportError):
        from pyarrow import parquet

        plain = parquet.read_table

        def read_table(source: Any, *arguments: Any, **options: Any) -> Any:
            if isinstance(source, (str, os.PathLike)):
                heed("open", (source, "rb", 0))
            return plain(source, *arguments, **options)

        parquet.read_table = read_table  # pandas gives it paths, which it opens without Python


def may_be_unseen(code: str) -> bool:
    """Whether a cell may read what `note` does not see."""
    return bool(_UNSEEN.search(code))


def noted(file: Path) -> dict[str, str]:
    """Path → SHA-256 of what a run opened: what `note` wrote."""
    if not file.is_file():
        return {}
    lines = file.read_bytes().decode("utf-8", "surrogateescape").splitlines()
    found = (line.partition(" ") for line in reversed(lines))
    return {name: value for value, _, name in found}


def _system() -> list[str]:
    """Folders of the system and of this run's libraries: what they hold is not what a notebook is about."""
    own = ["/proc", "/sys", "/dev", "/etc", "/usr", "/lib", "/System", "/Library", os.environ.get("SYSTEMROOT", "")]
    return [p for p in (*own, os.environ.get("IPYTHONDIR", "")) if p]


def _told(event: str, arguments: tuple[Any, ...]) -> str:
    """The file that is opened for reading, or the folder listed, with a separator at its end; empty for any other."""
    target = arguments[0]
    if isinstance(target, int):
        return ""
    if event == "open":
        _, mode, flags = arguments
        if (isinstance(mode, str) and mode[:1] in "wxa" and "+" not in mode) or flags & _WRITES:
            return ""
        name = _absolute(target)
        return source_from_cache(name) if name.endswith(".pyc") and "__pycache__" in name else name
    if event == "sqlite3.connect":
        return "" if target == ":memory:" else _absolute(target)
    return "" if _IMPORTS in sys._getframe(2).f_code.co_filename else _absolute(target or ".").rstrip(os.sep) + os.sep


def _absolute(path: Any) -> str:
    return os.path.abspath(os.fsdecode(path))  # noqa: PTH100  # links are followed when it is named


def main() -> None:
    """An ordinary kernel that notes what it opens."""
    from ipykernel.kernelapp import launch_new_instance

    note(os.environ[LIST])
    launch_new_instance()


if __name__ == "__main__":
    main()
