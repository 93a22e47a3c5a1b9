"""What a build runs again after a change, against what everything run again gives."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from changes import PLACES

Command = Callable[[Path, list[str]], None]


def build(root: Path, command: Command, *options: str) -> set[str]:
    """The runs done, `16/3`."""
    before = _written(root)
    command(root, ["build", *(word for place in PLACES for word in ("--territory", place)), *options])
    return {name for name, when in _written(root).items() if before.get(name) != when}


def follow(
    root: Path,
    command: Command,
    change: Callable[[Path], None],
    expected: set[str],
    everything: set[str],
    compared: bool = True,
) -> None:
    change(root)
    assert build(root, command) == expected
    if compared:
        incremental = _contents(root)
        assert build(root, command, "--force") == everything
        again = _contents(root)
        stale = sorted(n for n in {*again, *incremental} if again.get(n) != incremental.get(n))
        assert not stale, stale


def _written(root: Path) -> dict[str, int]:
    found = root.glob("reports/2014-07-10/*/notebooks/*.ipynb")
    return {f"{p.parts[-3]}/{p.name[0]}": p.stat().st_mtime_ns for p in found}


def _contents(root: Path) -> dict[str, str]:
    folder = root / "reports" / "2014-07-10"
    return {
        p.relative_to(folder).as_posix(): sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*") if p.is_file()
    }
