"""The parts of study.toml: what each may say."""

from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from .toml import Part

Department = Annotated[str, Field(pattern=r"^(\d{2,3}|2[AB])$")]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$")]  # becomes that of a file or a folder
Asked = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*\.[A-Za-z][A-Za-z0-9_]*$")]  # « bailleurs.B07 »
Share = Annotated[float, Field(gt=0, le=1, strict=False)]
REGION = "region"
TO_FILL = "a-completer"  # what `new` writes for whom it cannot know, alone or in an address
# An area of the dashboard: « conforme » from the first value, « à surveiller » from the second.
Area = Literal["calendrier", "charte", "formations", "points", "gouvernance", "droits", "questionnaires"]
Rule = Annotated[tuple[float, float], Field(strict=False)]


def _date_or_auto(value: Any) -> Any:
    if isinstance(value, str) and value != "auto":
        raise ValueError(f'une date AAAA-MM-JJ sans guillemets, ou "auto", est attendue, lu : {value!r}')
    return None if value == "auto" else value


class Etude(Part):
    """`application`: what is deployed; `application_nom`: its name in full."""

    titre: str
    application: str
    application_nom: str = ""
    edition: date
    extraction_given: Annotated[date | None, BeforeValidator(_date_or_auto)] = Field(alias="extraction")
    annees: tuple[int, int] = Field(strict=False)
    annee_reference: int
    donnees_fictives: bool = False

    @property
    def extraction(self) -> date:
        """Date of the data; where study.toml says « auto », the day before the edition, whichever it is."""
        return self.extraction_given or self.edition - timedelta(days=1)


class Region(Part):
    code: Name
    nom: str


class Gestionnaire(Part):
    id: Name
    nom: str
    departement: Department
    delegataire: bool = False
    alias: tuple[str, ...] = Field(default=(), strict=False)


class Secteur(Part):
    nom: str
    tension: str
    communes: tuple[str, ...] = Field(strict=False)


class Copil(Part):
    """`questions`: questionnaire → the question that the note shows, else its first choice.

    `a_retenir`: the questions of which the note says « k sur n »; `messages`: territory → the team's own
    sentence, from the keys `message` (the region's) and `message_17`. `date` is None as long as study.toml
    has `TO_FILL` there.
    """

    date: Annotated[date | None, BeforeValidator(lambda value: None if value == TO_FILL else value)]
    auteur: str
    contact: str
    questions: dict[str, str] = Field({})
    a_retenir: tuple[Asked, ...] = Field(default=(), strict=False)
    messages: dict[str, str] = Field({})

    @model_validator(mode="before")
    @classmethod
    def _by_territory(cls, raw: Any) -> Any:
        if not isinstance(raw, dict):
            return raw
        own = {key: key.removeprefix("message_") for key in raw if key.startswith("message_")}
        if "message" in raw:
            own["message"] = REGION
        rest = {key: value for key, value in raw.items() if key not in own}
        return rest | {"messages": {code: raw[key] for key, code in own.items()}} if own else raw


class Questionnaires(Part):
    """`par_departement`: the questions that the region's report gives by department."""

    par_departement: tuple[Asked, ...] = Field(default=(), strict=False)


class Campagne(Part):
    """The campaign that opens rights: first day and deadline."""

    debut: date
    fin: date


class Confidentialite(Part):
    """`repondants`: the answers of a smaller group of respondents are not shown; 1 protects nothing."""

    repondants: int = Field(default=5, ge=1)


class Limites(Part):
    """What a received file may be: on disk and once opened (megabytes), and in lines."""

    taille_mo: int = Field(default=1_000, ge=1)
    expansion_mo: int = Field(default=500, ge=1)
    lignes: int = Field(default=5_000_000, ge=1)


class Publication(Part):
    """Which notebooks are published, all when none is named; how many editions `--archive` keeps.

    At least two, since each is compared with the last.
    """

    carnets: tuple[str, ...] = Field(default=(), strict=False)
    editions_gardees: int = Field(default=12, ge=2)


class Specialisation(Part):
    reference: str


class Cadrage(Part):
    """A control total: either `attendu` (equal) or `part_minimale` (strictly above)."""

    indicateur: str
    annee: int
    groupe: str
    departement: Department | None = None
    attendu: int | None = None
    part_minimale: Share | None = None

    @model_validator(mode="after")
    def _one_expectation(self) -> "Cadrage":
        if (self.attendu is None) == (self.part_minimale is None):
            raise ValueError("donnez soit attendu, soit part_minimale")
        return self
