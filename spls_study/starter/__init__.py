"""A new study: a folder that an analyst fills, without any copy of the program."""

import json
import re
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from notebook_reports.errors import UsageError
from notebook_reports.files import write_atomic

from ..study import CODEBOOKS, SCHEDULING, load_study
from ..tables import TABLES
from .places import Place, of_codes, of_region
from .templates import template

FILES = Path(__file__).parent / "files"
SCHEDULES = FILES.with_name("planification")  # for a build every night
OURS = "SPLS"  # the application that the codebooks of the program name


@dataclass(frozen=True)
class Plan:
    """
    Parameters
    ----------
    code
        Of the region: INSEE's, or that of any set of departments.
    application
        What is deployed.
    day
        Date of the edition, and of the data as long as nobody says better.
    """

    code: str
    nom: str
    places: tuple[Place, ...]
    application: str
    day: date
    extraction: date
    annees: tuple[int, int]
    donnees_fictives: bool = False

    @property
    def autorite(self) -> str:
        """The State's regional service that steers the study."""
        service = self.places[0].service
        return f"{service if service in ('DEAL', 'DRIHL') else 'DREAL'} {self.nom}"


def rendered(name: str, plan: Plan) -> str:
    """A text of `files/` for this plan."""
    texts = Environment(
        loader=FileSystemLoader(FILES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    texts.filters["toml"] = partial(json.dumps, ensure_ascii=False)
    return texts.get_template(name).render(plan=plan)


def plan_of(region: str | None, departements: str | None, nom: str | None, application: str, day: date) -> Plan:
    """What the command asks: a region by its code, or departments `16,17` under a name.

    Raises
    ------
    UsageError
        For an unknown code, for both or neither, for several departments without a name.
    """
    if (region is None) == (departements is None):
        raise UsageError("Dites soit --region CODE, soit --departements 16,17 --nom NOM.")
    if region is not None:
        places = of_region(region)
        code, name = places[0].region, nom or places[0].nom_region
    else:
        places = of_codes((departements or "").split(","))
        name = nom or (places[0].nom if len(places) == 1 else "")
        code = "-".join(p.code for p in places)
    if not name:
        raise UsageError("Plusieurs départements\u00a0: donnez-leur un nom par --nom.")
    return Plan(code, name, places, application, day, day, (day.year - 4, day.year))


def write_new(folder: Path, plan: Plan) -> None:
    """Write the study's folder.

    Raises
    ------
    UsageError
        When the folder exists and is not empty: nothing is ever written over.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} existe déjà et n'est pas un dossier vide\u202f; donnez un autre dossier.")
    write_atomic(folder / "study.toml", rendered("study.toml", plan))
    study = load_study(folder / "study.toml")
    for table in TABLES:
        write_atomic(study.raw / f"{table}.xlsx", template(table, study))
    word = json.dumps(plan.application, ensure_ascii=False)[1:-1]
    schedule = SCHEDULING.read_text(encoding="utf-8").replace(OURS, plan.application)
    write_atomic(folder / "docs" / "planification.md", schedule)
    for file in sorted(CODEBOOKS.glob("*.toml")):
        text = file.read_text(encoding="utf-8").replace(OURS, word)
        text = re.sub(r"^cloture = .*$", f"# cloture = {plan.day}", text, flags=re.MULTILINE)
        write_atomic(study.raw / "questionnaires" / file.name, text)
    for file in sorted(SCHEDULES.glob("*")):
        write_atomic(folder / "planification" / file.name, file.read_bytes())
    write_atomic(folder / "README.md", rendered("README.md", plan))
    write_atomic(folder / ".gitignore", (FILES / "gitignore").read_bytes())
