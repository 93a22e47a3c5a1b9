"""What leaves the analysis of a questionnaire: its tables under statistical secrecy.

`linked` decides which counts are hidden. Besides counts: a test or a stratified estimate is
hidden when its crossed table holds a small count or rests on a hidden one or on a stratum with
few newcomers, for its decimals give the cells back; Holm's family is that of the tests shown.
A quartile needs `seuil` answers on either side (a base of 4 × seuil; 2 × seuil for the median),
a mean rank `seuil` who ranked the item.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from ...codebook import NR, Codebook
from ...study import Territory
from ..methods.past import Told, told
from ..methods.secret import masked, small
from .croisements import corrected, croisements
from .linked import MEAN, NEW, SHUT, Cell, Past, Rate, hidden_cells, hidden_rates
from .redressement import reponses_redressees
from .reponses import RANG_MOYEN, reponses
from .survey import DEPARTEMENT, Survey
from .taux_reponse import TOTAL, non_reponse, taux_reponse

OF_A_CELL = ("effectif", "part", "ic_bas", "ic_haut", "borne_min", "borne_max")
OF_A_BASE = (*OF_A_CELL, "base", "population", "valeur")
OF_A_TEST = ("n", "statistique", "p", "p_holm", "v_cramer", "erreur_p", "conclusion")
OF_AN_ESTIMATE = ("part_brute", "part", "erreur_type", "ic_bas", "ic_haut")
ENOUGH = {"mediane": 2, "q1": 4, "q3": 4}  # answers needed, in thresholds


@dataclass(frozen=True)
class Published:
    """The tables of one questionnaire as they may be shown, each for one territory.

    A hidden cell is `s`; but for that, columns are those of the function of the same name.
    """

    survey: Survey
    seuil: int
    rates: frozenset[Rate]
    cells: frozenset[Cell]

    def within(self, territory: Territory) -> "Published":
        """What the report of a territory needs of it."""
        if territory.is_region:
            return self
        return replace(
            self,
            survey=self.survey.within(territory),
            rates=frozenset(r for r in self.rates if r[2] == territory.code),
            cells=frozenset(c for c in self.cells if c[3] == territory.code),
        )

    def taux_reponse(self, territory: Territory) -> pd.DataFrame:
        table = taux_reponse(self.survey.within(territory))
        for column in ("repondants", "population"):
            names = {s for c, s, t in self.rates if (c, t) == (column, territory.code)}
            table = masked(table, table["strate"].isin(names), [column, "taux"])
        return table

    def reponses(self, territory: Territory) -> pd.DataFrame:
        local = self.survey.within(territory)
        table = reponses(local)
        base, cell, touched = self._hidden(table, territory)
        shut = self._hidden(table.assign(modalite=SHUT), territory)[1]
        ranks = table["sous_question"] == RANG_MOYEN
        few = table["base"].between(1, table["modalite"].map(ENOUGH) * self.seuil, inclusive="left")
        ranked = {i.question.code: i.answered["valeur"].value_counts() for i in local.items}
        asked = zip(table["question"], table["modalite"], strict=True)
        few |= ranks & small([ranked[q].get(m, 0) for q, m in asked], self.seuil)
        if self.seuil == 1:
            few &= False
        few |= cell & (table["modalite"] == MEAN)
        silent = table["modalite"] == NR
        table = masked(table, base & ~silent, OF_A_BASE)
        table = masked(table, base & silent, OF_A_BASE[1:])
        table = masked(table, cell & silent, ["effectif"])
        table = masked(table, cell & ~ranks & ~base & ~silent, OF_A_CELL)
        few = few.fillna(False).astype(bool) | shut & ~silent & table["valeur"].notna()
        return masked(table, (few | ranks & touched) & ~base, ["valeur"])

    def reponses_redressees(self, territory: Territory) -> pd.DataFrame:
        table = reponses_redressees(self.survey.within(territory))
        base, cell, _ = self._hidden(table, territory)
        told = base | cell | small(table["effectif_min"], self.seuil) | bool(self._strata(territory, NEW))
        return masked(masked(table.drop(columns="effectif_min"), told, OF_AN_ESTIMATE), base, ["base"])

    def croisements(self, territory: Territory) -> pd.DataFrame:
        table = croisements(self.survey.within(territory))
        *_, touched = self._hidden(table, territory)
        hidden = (
            touched | table["question_b"].isin(self._strata(territory, NEW)) | small(table["effectif_min"], self.seuil)
        )
        for code in self.survey.departments:
            crossed = table["question_b"] == f"{DEPARTEMENT}={code}"
            hidden |= crossed & self._hidden(table, code)[2]
        table = corrected(table.assign(p=table["p"].mask(hidden)))
        return masked(table.drop(columns=["question", "sous_question", "effectif_min"]), hidden, OF_A_TEST)

    def non_reponse(self, territory: Territory) -> pd.DataFrame:
        local = self.survey.within(territory)
        table, names = non_reponse(local), self._strata(territory)
        hidden = table["critere"].isin(names) | (TOTAL in names)
        if small(local.units["a_repondu"].value_counts(), self.seuil).any():  # p would give their size
            hidden |= table["critere"] == "nb_logements"
        return masked(table, hidden, ["n", "p"])

    def _strata(self, territory: Territory, *also: str) -> set[str]:
        """The strata, and their columns, of which `taux_reponse` hides something."""
        names = {s for c, s, t in self.rates if t == territory.code and c in ("repondants", "population", *also)}
        return names | {s.split("=")[0] for s in names}

    def _hidden(
        self, table: pd.DataFrame, territory: Territory | str
    ) -> tuple["pd.Series[bool]", "pd.Series[bool]", "pd.Series[bool]"]:
        """For each row: is the base hidden, the cell, any cell of the question or part?"""
        code = territory if isinstance(territory, str) else territory.code
        cells = {c[:3] for c in self.cells if c[3] == code}
        questions = {c[:2] for c in cells}
        by_code = self.survey.codebook.by_code
        parts = [
            (q, p if by_code[q].is_grid else "") for q, p in zip(table["question"], table["sous_question"], strict=True)
        ]
        keys = list(zip(parts, table.get("modalite", [""] * len(table)), strict=True))

        def flags(found: list[bool]) -> "pd.Series[bool]":
            return pd.Series(found, index=table.index, dtype=bool)

        return (
            flags([(*part, "") in cells for part in parts]),
            flags([(*part, modality) in cells for part, modality in keys]),
            flags([part in questions for part in parts]),
        )


def publish(survey: Survey, territories: Sequence[Territory], seuil: int, past: Past | None = None) -> Published:
    """Decide what to hide, in the tables of all the study's territories at once.

    A `nominatif` questionnaire, or `seuil` 1, hides nothing. `past`: what `earlier` gives.
    """
    if survey.codebook.nominatif or seuil == 1:
        return Published(survey, 1, frozenset(), frozenset())
    surveys, before = {t.code: survey.within(t) for t in territories}, past or {}
    rates = hidden_rates(survey, surveys, seuil, before)
    return Published(survey, seuil, rates, hidden_cells(survey, surveys, rates, seuil, before))


def earlier(book: Codebook, tables: Mapping[str, Mapping[str, pd.DataFrame]]) -> dict[Rate | Cell, Told]:
    """What an edition told: its tables `taux_reponse` and `reponses`, by territory."""
    found: dict[Rate | Cell, Told] = {}
    for place, table in tables["taux_reponse"].items():
        for row in table[table["questionnaire"] == book.id].itertuples():
            found["repondants", row.strate, place] = told(row.repondants)
            found["population", row.strate, place] = told(row.population)
    for place, table in tables["reponses"].items():
        own = table[(table["questionnaire"] == book.id) & (table["sous_question"] != RANG_MOYEN)]
        for row in own[own["question"].isin(list(book.by_code))].itertuples():
            part = row.sous_question if book.by_code[row.question].is_grid else ""
            found[row.question, part, row.modalite, place] = told(row.effectif)
            if row.modalite != NR:
                found[row.question, part, "", place] = told(row.base)
    return found
