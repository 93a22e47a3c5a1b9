"""What the sentences of one report share: its territory, its years, its sources, its words."""

from dataclasses import dataclass

import pandas as pd

from notebook_reports.blocks import DOCUMENT, Block
from notebook_reports.french import NNBSP, count, long_date, number, percent, plural, signed
from notebook_reports.text import cartouche

from ..study import REGION, SMALL_BASE, Study, Territory

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
    def source(self) -> str:
        return self.study.source("programmation")

    def nom(self, departement: str) -> str:
        return {REGION: "Région", **self.study.departements}.get(departement, departement)

    def gestionnaire(self, code: str) -> str:
        return next((g.nom for g in self.study.gestionnaires if g.id == code), code)

    def champ(self, what: str, operations: int, logements: int) -> str:
        size = f"{count(operations, 'opération')}, {count(logements, 'logement')}"
        return f"{what}, {self.place}, {self.annee}\u00a0; {size}."

    def inachevee(self) -> str:
        """One sentence on the year under way, empty if there is none."""
        if self.partielle is None:
            return ""
        day = long_date(self.study.etude.extraction)
        return f"L'année {self.partielle} n'est pas finie\u00a0: les données s'arrêtent au {day}."


def change(now: int, before: int, operations: int) -> str:
    """« −12,0 % par rapport à », in dwellings where `operations`, the lesser base, is small."""
    if operations < SMALL_BASE or before == 0:
        return f"{signed(now - before)} {plural(now - before, 'logement')}"
    return signed(round((now / before - 1) * 100, 1), 1) + NNBSP + "%"


def part_or_count(logements: float, total: float, operations: float) -> str:
    """« 52,3 % des », or « 12 des 40 » where the base has too few operations."""
    if operations < SMALL_BASE:
        return f"{number(logements)} des {number(total)}"
    return f"{percent(logements / total)} des"


def chosen(table: pd.DataFrame, **values: object) -> pd.DataFrame:
    """The rows where each column has the given value."""
    for column, value in values.items():
        table = table[table[column] == value]
    return table


def title_block(study: Study, territory: Territory, title: str) -> Block:
    """Study, territory, date of the COPIL, date of the data, edition, author.

    Its `DOCUMENT` representation gives the exporters the document's title, author and date.
    """
    etude = study.etude
    whole = f" ({etude.application_nom})" if etude.application_nom else ""
    lines = {
        "Application": f"{etude.application}{whole}",
        "Territoire": territory.nom if not territory.is_region else f"Région {territory.nom}",
        "Comité de pilotage": long_date(study.copil.date) if study.copil.date else "date à fixer",
        "Édition": long_date(etude.edition),
        "Données": f"extraites le {long_date(etude.extraction)}",
        "Auteurs": study.copil.auteur,
    }
    document = {
        "titre": f"{title} – {territory.nom}",
        "auteur": study.copil.auteur,
        "date": etude.edition.isoformat(),
        "etude": etude.titre,
        "territoire": territory.nom,
        "fictif": etude.donnees_fictives,
    }
    return cartouche(lines, document)


def headline(study: Study, territory: Territory, subject: str, title: str) -> Block:
    """Under a title that is the report's result: what report it is, its dates and authors, in one line.

    Its `DOCUMENT` representation gives the exporters the title, which they write.
    """
    block = title_block(study, territory, title)
    etude, day = study.etude, study.copil.date
    place = f"région {territory.nom}" if territory.is_region else territory.nom
    lines = [
        f"{subject}, {place}",
        f"COPIL du {long_date(day)}" if day else "COPIL à dater",
        f"données au {long_date(etude.extraction)}",
        study.copil.auteur,
    ]
    content = {"lignes": lines, "avertissement": "données fictives" if etude.donnees_fictives else ""}
    document = {**block.extra[DOCUMENT], "titre": title}
    return Block("entete", content, " – ".join([title, *lines]), {DOCUMENT: document})
