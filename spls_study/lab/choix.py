"""What an analyst chooses, and the study read for it."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TypeVar

import pandas as pd

from .. import views
from ..french import quoted
from ..journal import collecting
from ..reads import Source
from ..study import REGION, Study, Territory

T = TypeVar("T")
CONTROLS = (views.cadrage, views.rapprochement)  # whose totals are of all products


@dataclass(frozen=True)
class Choix:
    """Territory, and what narrows it: year of reference, product, questionnaire; empty for all."""

    territoire: str = REGION
    annee: int | None = None
    produit: str = ""
    questionnaire: str = ""

    def written(self) -> str:
        """As arguments of a call."""
        return ", ".join(f"{f.name}={getattr(self, f.name)!r}" for f in fields(self) if getattr(self, f.name))


class Narrowed(Source):
    """A study's inputs, with the programmed operations of one product."""

    def __init__(self, study: Study, produit: str) -> None:
        super().__init__(study)
        self._produit = produit

    def table(self, name: str) -> pd.DataFrame:
        table = super().table(name)
        if name == "programmation" and self._produit:
            table = table[table.produit == self._produit].reset_index(drop=True)
        return table


class Lecteur:
    """Reads views as `Reader` does, narrowed; `filtres` says which choices counted.

    The notebook's names `study` and `lire` are this study and this object.
    """

    def __init__(self, study: Study, choix: Choix) -> None:
        year = choix.annee or study.etude.annee_reference
        etude = study.etude.model_copy(update={"annee_reference": year})
        self.study = study.model_copy(update={"etude": etude})
        self.choix, self.lieu = choix, study.territory(choix.territoire)
        self.filtres: set[str] = set()
        self._whole, self._narrowed = Source(self.study), Narrowed(self.study, choix.produit)

    def __call__(self, view: Callable[[Source, Territory], T]) -> T:
        product, asked = self.choix.produit, self.choix.questionnaire
        with collecting() as names:
            value = view(self._whole if view in CONTROLS else self._narrowed, self.lieu)
        if product and view not in CONTROLS and "data/processed/programmation.parquet" in names:
            self.filtres.add(f"produit {product} seulement")
        if asked and isinstance(value, dict) and view in (views.questionnaires, views.enquetes):
            self.filtres.add(f"questionnaire {quoted(asked)} seulement")
            return {k: v for k, v in value.items() if k == asked}  # type: ignore[return-value]
        return value
