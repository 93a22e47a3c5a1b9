"""What a new study is about, and its study.toml."""

import json
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from .places import Place

FILES = Path(__file__).parent / "files"
SCHEDULES = FILES.with_name("planification")  # for a build every night


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
