"""The PLS: for whom, and in establishments of which size."""

import pandas as pd

from ..methods.frames import UNKNOWN, share
from . import last_year, tally, with_part

AGED = "Personnes âgées"
ORDINARY = ("Ménages", UNKNOWN)  # dwellings, not an establishment for a public
SIZES = {"moins de 20": 0, "20 à 49": 20, "50 à 79": 50, "80 et plus": 80}  # lower bounds


def pls_beneficiaires(programmation: pd.DataFrame) -> pd.DataFrame:
    """Columns annee, departement, type_beneficiaire, logements, operations, part.

    The share is of all PLS dwellings of the year and department, « Non renseigné » included.
    """
    keys = ["annee", "departement"]
    pls = programmation[programmation["groupe"] == "PLS"]
    return with_part(tally(pls, [*keys, "type_beneficiaire"]), keys)


def pls_etablissements(programmation: pd.DataFrame) -> pd.DataFrame:
    """Size of the establishments: operations in PLS for a public other than households.

    Over all years, each operation in its last; its size is its PLS dwellings for that public.
    Columns departement, type_beneficiaire, taille, etablissements, logements.
    """
    rows = last_year(programmation)
    rows = rows[(rows["groupe"] == "PLS") & ~rows["type_beneficiaire"].isin(ORDINARY)]
    each = tally(rows, ["departement", "type_beneficiaire", "numero_operation"])
    bounds = [*SIZES.values(), float("inf")]
    size = pd.cut(each["logements"], bounds, right=False, labels=list(SIZES))
    table = (
        each.assign(taille=size)
        .groupby(["departement", "type_beneficiaire", "taille"], as_index=False, observed=True)
        .agg(etablissements=("numero_operation", "nunique"), logements=("logements", "sum"))
    )
    return table.astype({"taille": "str"})


def part_personnes_agees(beneficiaires: pd.DataFrame) -> pd.DataFrame:
    """Share of the PLS for the elderly; `beneficiaires` is `pls_beneficiaires`.

    Columns annee, departement, logements and operations (of all publics), personnes_agees, part.
    """
    keys = ["annee", "departement"]
    aged = beneficiaires["logements"].where(beneficiaires["type_beneficiaire"] == AGED, 0)
    table = (
        beneficiaires.assign(personnes_agees=aged)
        .groupby(keys, as_index=False)[["logements", "operations", "personnes_agees"]]
        .sum()
    )
    return table.assign(part=share(table["personnes_agees"], table["logements"]))
