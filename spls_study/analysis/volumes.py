"""How many dwellings, where and through whom: sums of the programming table, as `prepare` and
`active` return it. An operation listed in two years counts in each."""

from collections.abc import Collection, Sequence

import pandas as pd

from ..study import Secteur
from .programmation import UNKNOWN, grouped, last_year, share, tally

ELSEWHERE = "Autres communes"
OTHERS = "Autres"
STATE, DELEGATED = "Services de l'État", "Délégataires"


def volumes(programmation: pd.DataFrame) -> pd.DataFrame:
    """Columns annee, departement, produit, logements, operations."""
    return tally(programmation, ["annee", "departement", "produit"])


def volumes_gestionnaire(programmation: pd.DataFrame) -> pd.DataFrame:
    """Columns annee, gestionnaire, produit, logements, operations."""
    return tally(programmation, ["annee", "gestionnaire", "produit"])


def volumes_service(programmation: pd.DataFrame, delegataires: Collection[str]) -> pd.DataFrame:
    """State services against delegated authorities.

    Columns annee, service, groupe, logements, operations, part (of the year's group).
    """
    service = programmation["gestionnaire"].map(
        lambda g: DELEGATED if g in delegataires else UNKNOWN if g == UNKNOWN else STATE
    )
    cells = tally(grouped(programmation.assign(service=service.astype("str"))),
                  ["annee", "service", "groupe"])
    total = cells.groupby(["annee", "groupe"])["logements"].transform("sum")
    return cells.assign(part=share(cells["logements"], total))


def parts_departement(programmation: pd.DataFrame, departements: Sequence[str]) -> pd.DataFrame:
    """Each department's share of the region, zero where it has nothing.

    Columns annee, groupe, departement, logements, part, operations, operations_region (base of
    the share). `programmation` is the whole region's, whatever the report; a group that the
    region lacks in a year has no row.
    """
    keys = ["annee", "groupe", "departement"]
    cells = tally(grouped(programmation), keys)
    names = sorted({*departements, *cells["departement"]})
    years = cells[["annee", "groupe"]].drop_duplicates()
    full = years.merge(pd.DataFrame({"departement": pd.Series(names, dtype="str")}), how="cross")
    full = full.merge(cells, on=keys, how="left", validate="one_to_one")
    counts = full[["logements", "operations"]].fillna(0).astype("int64")
    total = counts.groupby([full["annee"], full["groupe"]]).transform("sum")
    return full[keys].assign(
        logements=counts["logements"], part=share(counts["logements"], total["logements"]),
        operations=counts["operations"], operations_region=total["operations"],
    )


def specialisation(parts: pd.DataFrame, reference: pd.DataFrame, annee: int) -> pd.DataFrame:
    """Location quotient: share of the dwellings over share of the reference.

    Above 1, the department programmes more than its weight. Definition: P. S. Florence,
    *Report on the Location of Industry* (PEP, 1939); W. Isard, *Methods of Regional
    Analysis* (MIT Press, 1960), ch. 7.

    Parameters
    ----------
    parts
        `parts_departement`.
    reference
        Columns departement, valeur; a missing value makes every share unknown, hence no row.

    Returns
    -------
    Columns departement, groupe, part_logements, part_reference, quotient.
    """
    columns = ["departement", "groupe", "part_logements", "part_reference", "quotient"]
    weights = reference.set_index("departement")["valeur"].astype("float64")
    rows = parts[(parts["annee"] == annee) & parts["departement"].isin(weights.index)]
    if weights.isna().any() or not weights.sum() > 0:
        rows = rows.iloc[:0]
    weight = rows["departement"].map(weights / weights.sum()).astype("float64")
    rows = rows.assign(part_logements=rows["part"], part_reference=weight,
                       quotient=share(rows["part"], weight))
    return rows.sort_values(["departement", "groupe"])[columns].reset_index(drop=True)


def volumes_commune(programmation: pd.DataFrame) -> pd.DataFrame:
    """Over all years, each operation in its last.

    Columns code_insee, commune (a label read there), groupe, logements, operations; rows
    without code_insee are absent.
    """
    rows = grouped(last_year(programmation))
    label = rows.groupby("code_insee")["commune"].min()
    cells = tally(rows, ["code_insee", "groupe"])
    cells.insert(1, "commune", cells["code_insee"].map(label).fillna(cells["code_insee"]))
    return cells


def volumes_secteur(programmation: pd.DataFrame, secteurs: Sequence[Secteur]) -> pd.DataFrame:
    """By sector of need of study.toml, in their order, then the other communes.

    Columns annee, secteur, tension, groupe, logements, operations. A commune listed twice
    belongs to the first sector that lists it.
    """
    of_commune = {c: s.nom for s in reversed(secteurs) for c in s.communes}
    tension = {s.nom: s.tension for s in secteurs} | {ELSEWHERE: "–", UNKNOWN: "–"}
    code = programmation["code_insee"]
    name = code.map(of_commune).astype("str").fillna(ELSEWHERE).where(code.notna(), UNKNOWN)
    cells = tally(grouped(programmation.assign(secteur=name)), ["annee", "secteur", "groupe"])
    cells.insert(2, "tension", cells["secteur"].map(tension).astype("str"))
    rank = {n: i for i, n in enumerate(tension)}
    order = cells.assign(rang=cells["secteur"].map(rank)).sort_values(["annee", "rang", "groupe"])
    return order.drop(columns="rang").reset_index(drop=True)


def volumes_zone(programmation: pd.DataFrame) -> pd.DataFrame:
    """By zone ABC and by zone 1/2/3, where the extract has them.

    Columns annee, zonage (ABC, 123), zone, groupe, logements, operations; within a zonage that
    no row fills nothing is returned, within one that some rows fill the rest is « Non renseigné ».
    """
    tables = []
    for column, zoning in (("zone_abc", "ABC"), ("zone_123", "123")):
        filled = programmation if programmation[column].notna().any() else programmation.iloc[:0]
        rows = filled.assign(zonage=zoning, zone=filled[column].fillna(UNKNOWN))
        tables.append(tally(grouped(rows), ["annee", "zonage", "zone", "groupe"]))
    return pd.concat(tables, ignore_index=True)


def volumes_famille(volumes_table: pd.DataFrame, most: int = 6) -> pd.DataFrame:
    """`volumes` folded to what one page holds.

    Columns annee, ligne (departement; beyond `most`, the smallest are `Autres`), colonne
    (PLUS; PLAI, adapted ones included; PLS; Autres), logements.
    """
    size = volumes_table.groupby("departement")["logements"].sum().sort_values(ascending=False)
    kept = list(size.index if len(size) <= most else size.index[: most - 1])
    family = {"PLUS": "PLUS", "PLAI": "PLAI", "PLAI_ADP": "PLAI", "PLS": "PLS"}
    table = volumes_table.assign(
        ligne=volumes_table["departement"].where(volumes_table["departement"].isin(kept), OTHERS),
        colonne=volumes_table["produit"].map(family).fillna(OTHERS),
    )
    return table.groupby(["annee", "ligne", "colonne"], as_index=False)["logements"].sum()
