"""The study: `study.toml` as frozen objects, and the one place that knows where files are."""

import csv
import os
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import Field, model_validator

from notebook_reports.errors import UsageError
from notebook_reports.french import long_date

from .keys import REGION as REGION
from .keys import (
    TO_FILL,
    Area,
    Campagne,
    Confidentialite,
    Copil,
    Department,
    Etude,
    Limites,
    Publication,
    Questionnaires,
    Region,
    Rule,
    Specialisation,
)
from .keys import Cadrage as Cadrage
from .keys import Gestionnaire as Gestionnaire
from .keys import Secteur as Secteur
from .toml import Part, read_toml, validated

PACKAGE = Path(__file__).resolve().parent


def carried(installed: str, checkout: str) -> Path:
    """What the program brings: inside the package once installed, else beside it, in a checkout."""
    inside = PACKAGE / installed
    return inside if inside.exists() else PACKAGE.parent / checkout


REFERENCE = carried("reference", "data/reference")
NOTEBOOKS = carried("notebooks", "notebooks")
GUIDES = {  # of who reads the reports, of who makes them
    "lecture.html": carried("lecture.md", "docs/lecture.md"),
    "guide.html": carried("guide.md", "docs/guide.md"),
}
SCHEDULING = carried("planification.md", "docs/planification.md")
CODEBOOKS = carried("codebooks", "data/raw/questionnaires")
LOCK = carried("requirements.lock", "requirements.lock")
SMALL_BASE = 10  # a base below this is given as counts, without percentages


class UnknownTerritory(UsageError):
    """A territory that the study does not have."""


class Territory(Part):
    """What a report is about: one department, or the region with all of them."""

    code: str
    nom: str
    departements: tuple[str, ...]

    @property
    def is_region(self) -> bool:
        return self.code == REGION


class Study(Part):
    etude: Etude
    region: Region
    departements: dict[Department, str] = Field(min_length=1)
    gestionnaires: tuple[Gestionnaire, ...] = Field(default=(), strict=False)
    secteurs: tuple[Secteur, ...] = Field(default=(), strict=False)
    copil: Copil
    questionnaires: Questionnaires = Questionnaires()
    campagne: Campagne | None = None
    confidentialite: Confidentialite = Confidentialite()
    limites: Limites = Limites()
    publication: Publication = Publication()
    specialisation: Specialisation | None = None
    cadrage: tuple[Cadrage, ...] = Field(default=(), strict=False)
    sources: dict[str, str] = Field({})
    tableau_de_bord: dict[Area, Rule] = Field({})
    file: Path = Field(exclude=True)

    @model_validator(mode="before")
    @classmethod
    def _renamed(cls, raw: Any) -> Any:
        if isinstance(raw, dict) and "secret" in raw:
            raise ValueError(
                "[secret] n'est plus une clé\u00a0: écrivez à sa place [confidentialite], puis repondants = 5 (les "
                "réponses de moins de cinq répondants ne sont pas montrées\u202f; 1 ne protège rien)"
            )
        return raw

    @model_validator(mode="after")
    def _coherent(self) -> "Study":
        for part, name in ((self.gestionnaires, "gestionnaires"), (self.cadrage, "cadrage")):
            for item in part:
                if item.departement is not None and item.departement not in self.departements:
                    raise ValueError(f"{name} : le département {item.departement} n'est pas dans [departements]")
        for code in self.copil.messages.keys() - {REGION, *self.departements}:
            raise ValueError(f"copil.message_{code} : le département {code} n'est pas dans [departements]")
        if self.etude.annees[0] > self.etude.annees[1]:
            raise ValueError("etude.annees : la première année dépasse la dernière")
        return self

    @property
    def root(self) -> Path:
        return self.file.parent

    @property
    def raw(self) -> Path:
        return self.root / "data" / "raw"

    @property
    def processed(self) -> Path:
        return self.root / "data" / "processed"

    @property
    def relecture(self) -> Path:
        return self.root / "data" / "relecture"

    @property
    def of_region(self) -> bool:
        """Whether the whole is a region; a set of departments, as `new --departements` writes it, has their codes."""
        return self.region.code != "-".join(sorted(self.departements))

    def place(self, territory: Territory) -> str:
        """« région Poitou-Charentes », « Vienne »; a set of departments that is no region has its name alone."""
        return f"région {territory.nom}" if territory.is_region and self.of_region else territory.nom

    @property
    def territories(self) -> tuple[Territory, ...]:
        """Departments in the order of their codes, then the region."""
        codes = tuple(sorted(self.departements))
        parts = [Territory(code=c, nom=self.departements[c], departements=(c,)) for c in codes]
        return (*parts, Territory(code=REGION, nom=self.region.nom, departements=codes))

    def territory(self, code: str) -> Territory:
        """The territory of that code.

        Raises
        ------
        UnknownTerritory
            When the study has no such department and the code is not `region`.
        """
        found = {t.code: t for t in self.territories}
        if code not in found:
            known = ", ".join(found)
            raise UnknownTerritory(f"Territoire inconnu : « {code} ». Territoires de l'étude : {known}.")
        return found[code]

    @property
    def to_fill(self) -> list[str]:
        """A sentence for each value that `new` left to the analyst and that is still as it wrote it."""
        asked = {
            "date": "donnez la date du comité de pilotage" if self.copil.date is None else "",
            "contact": "donnez l'adresse de qui répond des rapports" if TO_FILL in self.copil.contact else "",
        }
        return [f"{self.file}\u00a0: copil.{key} est à compléter\u202f; {what}." for key, what in asked.items() if what]

    def of_edition(self, edition: date) -> "Study":
        return self.model_copy(update={"etude": self.etude.model_copy(update={"edition": edition})})

    def last_edition(self, reports: Path) -> date | None:
        """The latest edition in a folder of reports that is earlier than the study's own."""
        names = [p.name for p in reports.iterdir() if p.is_dir()] if reports.is_dir() else []
        days = (_iso(name) for name in names)
        return max((day for day in days if day and day < self.etude.edition), default=None)

    def source(self, table: str) -> str:
        """Who supplied a table, for the line under a figure, with the date of the data."""
        origin = self.sources.get(table, self.copil.auteur)
        return f"{origin}, données au {long_date(self.etude.extraction)}"


def declared(name: str) -> list[dict[str, str]]:
    """The lines of a CSV of the package that says what the study's tables are."""
    text = (PACKAGE / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter=";"))


def _iso(text: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text)
    return None


def load_study(file: str | os.PathLike[str] = "study.toml") -> Study:
    """Read and check a study file; a folder means the study.toml in it.

    Raises
    ------
    StudyError
        When the file is missing, is no TOML, has an unknown key or a value of the wrong type.
    """
    path = Path(file).resolve()
    if path.is_dir():
        path /= "study.toml"
    raw = read_toml(path, f"Fichier d'étude introuvable : {path}.")
    return validated(Study, {"file": path} | raw, path.name)
