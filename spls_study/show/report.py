"""What the sentences of one report share: its territory, its years, its sources, its words."""

from dataclasses import dataclass

import pandas as pd

from ..study import SMALL_BASE, Study, Territory
from .french import NNBSP, count, long_date, number, percent, signed

GROUPS = {"PLUS-PLAI": "PLUS et PLAI", "PLS": "PLS"}
TOO_SMALL = f"«\u00a0–\u00a0»\u00a0: moins de {SMALL_BASE} opérations, ni pourcentage ni indice."


@dataclass(frozen=True)
class Report:
    """A study read for one territory."""

    study: Study
    lieu: Territory

    @property
    def annee(self) -> int:
        return self.study.etude.annee_reference

    @property
    def annees(self) -> list[int]:
        first, last = self.study.etude.annees
        return list(range(first, last + 1))

    @property
    def partielle(self) -> int | None:
        """The year that the extraction leaves unfinished, if it is studied."""
        year = self.study.etude.extraction.year
        return year if year in self.annees else None

    @property
    def place(self) -> str:
        return f"région {self.lieu.nom}" if self.lieu.is_region else self.lieu.nom

    @property
    def le(self) -> str:
        return "la région" if self.lieu.is_region else "le département"

    @property
    def du(self) -> str:
        return "de la région" if self.lieu.is_region else "du département"

    @property
    def source(self) -> str:
        return self.study.source("programmation")

    def nom(self, departement: str) -> str:
        return self.study.departements.get(departement, departement)

    def gestionnaire(self, code: str) -> str:
        return next((g.nom for g in self.study.gestionnaires if g.id == code), code)

    def champ(self, what: str, operations: int, logements: int, when: str = "") -> str:
        size = f"{count(operations, 'opération')}, {count(logements, 'logement')}"
        return f"{what}, {self.place}, {when or self.annee}\u00a0; {size}."

    def inachevee(self) -> str:
        """One sentence on the year under way, empty if there is none."""
        if self.partielle is None:
            return ""
        day = long_date(self.study.etude.extraction)
        return f"L'année {self.partielle} n'est pas finie\u00a0: les données s'arrêtent au {day}."


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def points(share: float) -> str:
    """A share as a number of per cent, for a column whose header bears the unit."""
    return percent(share).removesuffix(f"{NNBSP}%")


def change(now: int, before: int, operations: int) -> str:
    """« −12,0 % par rapport à », in dwellings where `operations`, the lesser base, is small."""
    if operations < SMALL_BASE or before == 0:
        difference = signed(now - before)
        return f"{difference} {'logement' if abs(now - before) < 2 else 'logements'}"
    return signed(round((now / before - 1) * 100, 1), 1) + NNBSP + "%"


def part_or_count(part: float, logements: int, total: int, base: int) -> str:
    """« 52,3 % des », or « 12 des 40 » where the base has too few operations."""
    if base < SMALL_BASE:
        return f"{number(logements)} des {number(total)}"
    return f"{percent(part)} des"


def chosen(table: pd.DataFrame, **values: object) -> pd.DataFrame:
    """The rows where each column has the given value."""
    for column, value in values.items():
        table = table[table[column] == value]
    return table
