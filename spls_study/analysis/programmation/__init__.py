"""What every table of programming volumes shares: what counts, groups, bailleurs, bases."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ...study import Territory
from ...words import plain
from ..methods import UNKNOWN, share

GROUPS = ("PLUS-PLAI", "PLS")
_GROUP_OF = {"PLUS": "PLUS-PLAI", "PLAI": "PLUS-PLAI", "PLAI_ADP": "PLUS-PLAI", "PLS": "PLS"}
_EXCLUDED = {  # what `statut` may say of an operation that is not programmed
    "annulée": r"^annul|(?<!non )(?<!pas )\bannulee?s?\b",
    "rejetée": r"^(?:rejet|refus)|(?<!non )(?<!pas )\b(?:rejete|refuse)e?s?\b",
}


def prepare(table: pd.DataFrame) -> pd.DataFrame:
    """The checked table `programmation` (or `rapprochement`) with what the analyses need.

    Adds annee, groupe (`PLUS-PLAI`, `PLS`, else the product itself), bailleur (first nine digits of the SIRET, else
    the name whatever its case) and exclue (« annulée » or « rejetée » where `statut` says so, else missing); empty
    departement, gestionnaire and type_beneficiaire become « Non renseigné », a category like another.
    """
    produit = table["produit"]
    said = [says(table["statut"], pattern) for pattern in _EXCLUDED.values()]
    excluded = pd.Series(np.select(said, [*_EXCLUDED], ""), table.index, dtype="str")
    siren = table["moa_siret"].str.extract(r"^\s*(\d{9})", expand=False)
    return table.fillna(dict.fromkeys(("departement", "gestionnaire", "type_beneficiaire"), UNKNOWN)).assign(
        annee=table["annee_programmation"].astype("int64"),
        nb_logements=table["nb_logements"].astype("int64"),
        groupe=produit.map(_GROUP_OF).fillna(produit),
        bailleur=siren.fillna(folded(table["moa_nom"])),
        exclue=excluded.where(excluded != ""),
    )


def active(prepared: pd.DataFrame) -> pd.DataFrame:
    """Without what `statut` says annulled or rejected; without statut all rows count (design.md §3)."""
    return prepared[prepared["exclue"].isna()].reset_index(drop=True)


def sans(programmation: pd.DataFrame, column: str) -> list[str]:
    """Gestionnaires none of whose rows fills a column: `statut`, so nothing could be left out; `date_agrement`."""
    filled = programmation.groupby("gestionnaire")[column].count()
    return sorted(filled.index[filled == 0])


def last_year(programmation: pd.DataFrame) -> pd.DataFrame:
    """Each operation in its last year only: what a sum over years may add."""
    last = programmation.groupby("numero_operation")["annee"].transform("max")
    return programmation[programmation["annee"] == last]


def within(table: pd.DataFrame, territory: Territory) -> pd.DataFrame:
    """The rows of a territory; the region keeps rows whose department is not known."""
    if territory.is_region:
        return table
    return table[table["departement"].isin(territory.departements)].reset_index(drop=True)


def grouped(programmation: pd.DataFrame) -> pd.DataFrame:
    """The rows of the two groups of products."""
    return programmation[programmation["groupe"].isin(GROUPS)]


def tally(rows: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Columns `by`, logements, operations: an operation counts once in each cell where it has a row."""
    return rows.groupby(list(by), as_index=False).agg(
        logements=("nb_logements", "sum"), operations=("numero_operation", "nunique")
    )


def with_part(cells: pd.DataFrame, whole: Sequence[str]) -> pd.DataFrame:
    """`tally` with part: of the dwellings of all cells alike in the columns `whole`."""
    total = cells.groupby(list(whole))["logements"].transform("sum")
    return cells.assign(part=share(cells["logements"], total))


def folded(text: pd.Series) -> pd.Series:
    """Lower case, without accents, single spaces; missing stays missing."""
    return text.map(lambda t: " ".join(plain(t).split()), na_action="ignore").astype("str")


def says(statut: pd.Series, pattern: str) -> "pd.Series[bool]":
    """Where `statut`, without case or accents, matches a pattern; not where it is missing."""
    return folded(statut).str.contains(pattern, na=False).astype(bool)
