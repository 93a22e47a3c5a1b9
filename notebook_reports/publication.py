"""What is published: a folder of notebooks, for territories, into an edition of reports; by which program."""

import platform
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .errors import StudyError, UsageError
from .files import digest, file_digest
from .typst import FONTS

DRAFT = "brouillon"

INDEX = "index.html"  # in the edition's folder
STATEMENT = "accessibilite.html"  # likewise
WORKBOOK = "tableaux.xlsx"  # below a territory's folder
KEY_FIGURES = "chiffres_cles"  # the table cle, valeur, unite, libelle, source, on which the index opens


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
    titles
        Pattern of identifiers of tables → what they hold, for workbooks and attachments.
    """

    module: str
    packages: Sequence[str]
    lock: Path
    counted: Sequence[str]
    libraries: Sequence[str] = ()
    brought: Mapping[str, Path] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)

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


@dataclass(frozen=True)
class Publication:
    """
    Parameters
    ----------
    program
        Which makes the reports.
    file
        The study file, passed to notebooks as `etude`; notebooks run in its folder.
    territories
        Code → name, in the order of the index, which opens on the key figures of the first.
    notebooks
        Folder of the notebooks `<number>_<name>.ipynb`. Those of `notebooks` beside the study
        file replace the ones of the same name, or are added.
    reports
        Folder that holds a folder per edition.
    inputs
        Patterns of the files beside the study file that notebooks may read, which travel with them.
    author, contact
        Who answers for the reports, and where readers may write.
    cite
        Sentences of the index that say where the data come from.
    files_read
        Raw file or folder → its sha256, table and rows: lues, acceptees, refusees.
    only
        Names of the notebooks that are published; all when empty.
    outlines
        GeoJSON of the territories, for the map of the index.
    guides
        Name of a page of each edition → Markdown text that it shows; the first is for readers.
    synonyms
        Words that the index takes for each other, apart by commas, a line for each meaning.
    origins
        Name → file or folder that an edition is made from, whatever its date; or its SHA-256 when it was read, empty
        for what could not be.
    engine
        `jupyter`: notebooks run in ordinary kernels.
    draft
        Built beside the editions, to become one when it is whole: see `archive`.
    """

    program: Program
    file: Path
    title: str
    edition: date
    territories: Mapping[str, str]
    notebooks: Path
    reports: Path
    inputs: Sequence[str] = ()
    author: str = ""
    contact: str = ""
    cite: Callable[[], Sequence[str]] = tuple
    fictitious: bool = False
    files_read: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    only: Sequence[str] = ()
    outlines: Path | None = None
    guides: Mapping[str, Path] = field(default_factory=dict)
    synonyms: Sequence[str] = ()
    origins: Mapping[str, Path | str] = field(default_factory=dict)
    engine: str = ""
    draft: bool = False

    @property
    def folder(self) -> Path:
        """Where this edition's reports are."""
        return self.reports / (DRAFT if self.draft else self.edition.isoformat())

    @property
    def templates(self) -> Path:
        """Files of the study that replace those of `templates` of the same name."""
        return self.file.parent / "modeles"

    def found(self) -> list[Path]:
        """The notebooks, the study's own in place of the others of the same name."""
        files = numbered(self.notebooks, self.file.parent / "notebooks")
        unknown = sorted({*self.only} - {f.stem for f in files})
        if unknown:
            raise StudyError(f"{self.file.name}, publication.carnets\u00a0: carnet inconnu, {', '.join(unknown)}.")
        return [f for f in files if not self.only or f.stem in self.only]


def numbered(*folders: Path) -> list[Path]:
    """The notebooks `<number>_<name>.ipynb` by number; of one name, that of the last folder."""
    files = {f.name: f for folder in folders for f in folder.glob("*_*.ipynb") if re.match(r"\d", f.name)}
    return sorted(files.values(), key=lambda f: (int(re.match(r"\d+", f.name)[0]), f.name))  # type: ignore[index]


@dataclass(frozen=True)
class Run:
    """One notebook for one territory."""

    notebook: Path
    territory: str

    @property
    def name(self) -> str:
        return f"{self.territory}/{self.notebook.stem}"

    @property
    def notebook_path(self) -> str:
        """The executed notebook, below the edition's folder."""
        return f"{self.territory}/notebooks/{self.notebook.stem}.ipynb"

    @property
    def partial_path(self) -> str:
        """The notebook of a failed run, up to where it stopped."""
        return f"{self.territory}/notebooks/{self.notebook.stem}.echec.ipynb"


def runs(
    publication: Publication, territories: list[str] | None = None, notebooks: list[str] | None = None
) -> list[Run]:
    """The runs asked for, all when nothing is said; a notebook is a name or its number.

    Raises
    ------
    UsageError
        For a territory or a notebook that is not there.
    """
    names = {file: {file.stem, file.name, file.stem.partition("_")[0]} for file in publication.found()}
    places, books = list(publication.territories), ", ".join(file.stem for file in names) or "aucun"
    for what, asked, known, there in (
        ("Territoire", territories, {*places}, f"Territoires de l'étude\u00a0: {', '.join(places)}"),
        ("Carnet", notebooks, set().union(*names.values()), f"Carnets\u00a0: {books}"),
    ):
        for name in asked or ():
            if name not in known:
                raise UsageError(f"{what} inconnu\u00a0: «\u00a0{name}\u00a0». {there}.")
    chosen = [file for file, own in names.items() if not notebooks or own & {*notebooks}]
    return [Run(file, code) for code in places if not territories or code in territories for file in chosen]


def address(text: str) -> str:
    """The first e-mail address in a text, empty when there is none."""
    found = re.search(r"[\w.+-]+@[\w.-]+\w", text, re.ASCII)
    return found[0] if found else ""
