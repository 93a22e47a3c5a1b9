"""What every table of programming volumes shares: what counts, groups, bailleurs, bases."""

import unicodedata
from collections.abc import Sequence

import pandas as pd

from ..study import SMALL_BASE, Territory

GROUPS = ("PLUS-PLAI", "PLS")
_GROUP_OF = {"PLUS": "PLUS-PLAI", "PLAI": "PLUS-PLAI", "PLAI_ADP": "PLUS-PLAI", "PLS": "PLS"}
UNKNOWN = "Non renseigné"
_ANNULLED = r"^annul|(?<!non )(?<!pas )\bannule(?:e?s?)\b"


def prepare(table: pd.DataFrame) -> pd.DataFrame:
    """The checked table `programmation` (or `rapprochement`) with what the analyses need.

    Adds annee (= annee_programmation), groupe (`PLUS-PLAI`, `PLS`, else the product itself),
    bailleur (SIREN, else the name) and annulee; empty departement, gestionnaire and
    type_beneficiaire become « Non renseigné », a category like another.
    """
    produit = table["produit"]
    known = {c: table[c].fillna(UNKNOWN) for c in
             ("departement", "gestionnaire", "type_beneficiaire")}
    return table.assign(
        **known,
        annee=table["annee_programmation"].astype("int64"),
        nb_logements=table["nb_logements"].astype("int64"),
        groupe=produit.map(_GROUP_OF).fillna(produit),
        bailleur=_bailleur(table),
        annulee=fold(table["statut"]).str.contains(_ANNULLED, na=False).astype(bool),
    )


def active(prepared: pd.DataFrame) -> pd.DataFrame:
    """Without what `statut` says annulled; without statut all rows count (design.md §3)."""
    return prepared[~prepared["annulee"]].reset_index(drop=True)


def last_year(programmation: pd.DataFrame) -> pd.DataFrame:
    """Each operation in its last year only: what a sum over years may add."""
    last = programmation.groupby("numero_operation")["annee"].transform("max")
    return programmation[programmation["annee"] == last]


def within(table: pd.DataFrame, territory: Territory) -> pd.DataFrame:
    """The rows of a territory; the region keeps rows whose department is not known."""
    if territory.is_region:
        return table
    return table[table["departement"].isin(territory.departements)].reset_index(drop=True)


def tally(rows: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Dwellings and operations by cell: columns `by`, logements, operations.

    An operation counts once in each cell where it has a row.
    """
    return rows.groupby(list(by), as_index=False).agg(
        logements=("nb_logements", "sum"), operations=("numero_operation", "nunique")
    )


def grouped(programmation: pd.DataFrame) -> pd.DataFrame:
    """The rows of the two groups of products."""
    return programmation[programmation["groupe"].isin(GROUPS)]


def share(values: pd.Series, totals: pd.Series) -> pd.Series:
    """Values over totals, missing where the total is zero."""
    return values / totals.where(totals > 0).astype("float64")


def petits_effectifs(
    programmation: pd.DataFrame, departements: Sequence[str], years: Sequence[int]
) -> pd.DataFrame:
    """Cells with fewer than `SMALL_BASE` operations, zero included: counts, no percentages.

    Columns annee, departement, groupe, logements, operations.
    """
    cells = tally(grouped(programmation), ["annee", "departement", "groupe"])
    grid = pd.MultiIndex.from_product(
        [years, departements, GROUPS], names=["annee", "departement", "groupe"]
    )
    full = cells.set_index(list(grid.names)).reindex(grid, fill_value=0).reset_index()
    return full[full["operations"] < SMALL_BASE].reset_index(drop=True)


def fold(text: pd.Series) -> pd.Series:
    """Lower case, without accents, single spaces; missing stays missing."""
    return text.map(_fold, na_action="ignore").astype("str")


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).casefold().split())


def _bailleur(table: pd.DataFrame) -> pd.Series:
    """First nine digits of the SIRET, else the name whatever its case; else missing."""
    siren = table["moa_siret"].str.extract(r"^\s*(\d{9})", expand=False)
    return siren.fillna(fold(table["moa_nom"]))
