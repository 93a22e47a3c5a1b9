"""The program that makes the reports: its code, its locked versions, what it brings."""

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .files import digest, file_digest
from .typst import FONTS


@dataclass(frozen=True, eq=False)
class Program:
    """
    Parameters
    ----------
    module
        That holds it as `PROGRAM`: a process of another machine has its own there.
    packages
        Whose code makes the reports; the first one's name is the program's.
    lock
        File of the versions locked.
    counted
        Distributions whose version a report's bytes depend on.
    libraries
        Modules that notebooks import, which a fork server may import once for all of them.
    brought
        Name in a manifest → folder of data that notebooks read, the same for each study.
    """

    module: str
    packages: Sequence[str]
    lock: Path
    counted: Sequence[str]
    libraries: Sequence[str] = ()
    brought: Mapping[str, Path] = field(default_factory=dict)

    def __reduce__(self) -> Any:
        return _own, (self.module,)

    @property
    def name(self) -> str:
        return self.packages[0]

    @property
    def version(self) -> str:
        return version(self.name)

    @cached_property
    def homes(self) -> list[Path]:
        """The folders of its packages."""
        specs = [find_spec(name) for name in self.packages]
        return [Path(home).resolve() for spec in specs if spec for home in spec.submodule_search_locations or ()]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of its code."""
        files = [(home, p) for home in self.homes for p in home.rglob("*") if p.is_file() and p.suffix != ".pyc"]
        lines = [f"{p.relative_to(home.parent).as_posix()} {file_digest(p)}" for home, p in files]
        return digest("\n".join(sorted(lines)).encode())

    @cached_property
    def versions(self) -> dict[str, str]:
        """Python and the libraries that a report's bytes depend on."""
        return {"python": platform.python_version(), **{name: version(name) for name in self.counted}}

    @property
    def making(self) -> dict[str, str]:
        """Name → SHA-256 of the code, of the versions locked and of each font."""
        files = [path for path in (self.lock, *sorted(FONTS.glob("*.otf"))) if path.is_file()]
        return {self.name: self.digest, **{path.name: file_digest(path) for path in files}}

    def preload(self) -> None:
        """Let the fork server, where there is one, import its libraries while this process does other things."""
        from .processes import default_way, serve

        if default_way() == "fork":
            serve(list(self.libraries))


def _own(module: str) -> Program:
    found: Program = import_module(module).PROGRAM
    return found
