"""How many dwellings, where, through and for whom: sums of the programming table, as `active` returns it.

An operation listed in two years counts in each.
"""

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from ...study import SMALL_BASE, Secteur
from ..methods import UNKNOWN, share
from . import grouped, last_year, tally, with_part

ELSEWHERE = "Autres communes"
OTHERS = "Autres"
STATE, DELEGATED = "Services de l'État", "Délégataires"
AGED = "Personnes âgées"
ORDINARY = ("Ménages", UNKNOWN)  # dwellings, not an establishment for a public
SIZES = {"moins de 20": 0, "20 à 49": 20, "50 à 79": 50, "80 et plus": 80}  # lower bounds


def volumes_service(programmation: pd.DataFrame, delegataires: Collection[str]) -> pd.DataFrame:
    """State services against delegated authorities.

    Columns annee, service, groupe, logements, operations, part (of the year's group).
    """
    who = programmation["gestionnaire"]
    service = who.where(who == UNKNOWN, STATE).mask(who.isin(delegataires), DELEGATED)
    rows = grouped(programmation.assign(service=service))
    return with_part(tally(rows, ["annee", "service", "groupe"]), ["annee", "groupe"])


def parts_departement(programmation: pd.DataFrame, departements: Sequence[str]) -> pd.DataFrame:
    """Each department's share of the whole region, zero where it has nothing (design.md §4).

    With operations and operations_region, base of the share. A group that the region lacks in a year has no row.
    """
    whole, counts = ["annee", "groupe"], ["logements", "operations"]
    cells = tally(grouped(programmation), [*whole, "departement"])
    names = pd.Series(sorted({*departements, *cells["departement"]}), name="departement", dtype="str")
    full = cells[whole].drop_duplicates().merge(names, how="cross").merge(cells, how="left")
    full[counts] = full[counts].fillna(0).astype("int64")
    base = full.groupby(whole)["operations"].transform("sum")
    full = with_part(full, whole)[[*whole, "departement", "logements", "part", "operations"]]
    return full.assign(operations_region=base)


def specialisation(parts: pd.DataFrame, reference: pd.DataFrame, annee: int) -> pd.DataFrame:
    """Location quotient: share of the dwellings over share of the reference (design.md §4).

    Above 1, the department programmes more than its weight. Definition: P. S. Florence, *Report on the Location of
    Industry* (PEP, 1939); W. Isard, *Methods of Regional Analysis* (MIT Press, 1960), ch. 7. One missing value of the
    `reference` (departement, valeur) makes every share unknown, hence no row.
    """
    weights = reference.set_index("departement")["valeur"].astype("float64")
    rows = parts[(parts["annee"] == annee) & parts["departement"].isin(weights.index)]
    if weights.isna().any() or not weights.sum() > 0:
        rows = rows.iloc[:0]
    weight = rows["departement"].map(weights / weights.sum()).astype("float64")
    rows = rows[["departement", "groupe"]].assign(
        part_logements=rows["part"], part_reference=weight, quotient=share(rows["part"], weight)
    )
    return rows.sort_values(["departement", "groupe"], ignore_index=True)


def volumes_commune(programmation: pd.DataFrame) -> pd.DataFrame:
    """Over all years, each operation in its last.

    Columns code_insee, commune (a label read there), groupe, logements, operations; rows without code_insee are
    absent.
    """
    rows = grouped(last_year(programmation))
    label = rows.groupby("code_insee")["commune"].min()
    cells = tally(rows, ["code_insee", "groupe"])
    cells.insert(1, "commune", cells["code_insee"].map(label).fillna(cells["code_insee"]))
    return cells


def volumes_secteur(programmation: pd.DataFrame, secteurs: Sequence[Secteur]) -> pd.DataFrame:
    """By sector of need of study.toml, in their order, then the other communes.

    Columns annee, secteur, tension, groupe, logements, operations.
    """
    tension = {s.nom: s.tension for s in secteurs} | {ELSEWHERE: "–", UNKNOWN: "–"}
    code = programmation["code_insee"]
    name = code.map(_sectors(secteurs)).astype("str").fillna(ELSEWHERE).where(code.notna(), UNKNOWN)
    cells = tally(grouped(programmation.assign(secteur=name)), ["annee", "secteur", "groupe"])
    cells.insert(2, "tension", cells["secteur"].map(tension).astype("str"))
    cells = cells.sort_values("secteur", key=lambda name: name.map([*tension].index), kind="stable")
    return cells.sort_values(["annee"], kind="stable", ignore_index=True)


def _sectors(secteurs: Sequence[Secteur]) -> dict[str, str]:
    """Commune → the first sector that lists it."""
    return {commune: s.nom for s in reversed(secteurs) for commune in s.communes}


def secteurs_et_parc(sectors: pd.DataFrame, annee: int, stock: pd.Series, secteurs: Sequence[Secteur]) -> pd.DataFrame:
    """The sectors of one year, `volumes_secteur`, against the social dwellings that stand there.

    Columns secteur, tension, groupe, logements, part (of the group), parc_social (missing where no commune of the
    sector is known), pour_100_logements. `stock`: social dwellings by commune, by code of the year studied.
    """
    place = _sectors(secteurs)
    here = pd.Index([place.get(code, ELSEWHERE) for code in stock.index], dtype="str")
    parc = stock.groupby(here).sum(min_count=1)
    table = with_part(sectors[sectors["annee"] == annee], ["groupe"])
    table["parc_social"] = table["secteur"].map(parc).astype("float64")
    table["pour_100_logements"] = share(table["logements"] * 100, table["parc_social"])
    columns = ["secteur", "tension", "groupe", "logements", "part", "parc_social", "pour_100_logements"]
    return table[columns].reset_index(drop=True)


def par_tension(table: pd.DataFrame) -> pd.DataFrame:
    """`secteurs_et_parc` with the sectors of one tension together, where there are several: « Secteurs détendus »."""
    several = table.groupby("tension")["secteur"].transform("nunique") > 1
    named = table.assign(secteur=table["secteur"].mask(several, "Secteurs " + table["tension"] + "s"))
    sums = named.groupby(["secteur", "tension", "groupe"], as_index=False)[["logements", "part", "parc_social"]].sum()
    return sums.assign(pour_100_logements=share(sums["logements"] * 100, sums["parc_social"]))


def volumes_zone(programmation: pd.DataFrame) -> pd.DataFrame:
    """By zone ABC and by zone 1/2/3, where the extract has them, or has that of another row of the commune.

    Columns annee, zonage (ABC, 123), zone, groupe, logements, operations; within a zonage that no row fills nothing is
    returned, within one that some rows fill the rest is « Non renseigné ».
    """
    commune = programmation["code_insee"]
    tables = []
    for column, zoning in (("zone_abc", "ABC"), ("zone_123", "123")):
        filled = programmation if programmation[column].notna().any() else programmation.iloc[:0]
        of_commune = filled[column].groupby(commune).agg(["first", "nunique"]).query("nunique == 1")["first"]
        zone = filled[column].fillna(commune.map(of_commune).astype("str"))
        rows = filled.assign(zonage=zoning, zone=zone.fillna(UNKNOWN))
        tables.append(tally(grouped(rows), ["annee", "zonage", "zone", "groupe"]))
    return pd.concat(tables, ignore_index=True)


def par_lieu(
    cells: pd.DataFrame, keys: Sequence[str], groupes: Mapping[str, str], whole: Sequence[str]
) -> pd.DataFrame:
    """Places × groups of one year, as a page shows them: dwellings, and their part where the base is large enough.

    Columns `keys`, then for each of `groupes` (group → label) its label (dwellings) and « label (%) »: points, « – »
    where the base, of equal values in the columns `whole`, has fewer than `SMALL_BASE` operations.
    """
    base = cells.groupby(list(whole))
    total, operations = (base[column].transform("sum") for column in ("logements", "operations"))
    cells = cells.assign(part=share(cells["logements"], total).mask(operations < SMALL_BASE))
    view = cells[list(keys)].drop_duplicates(ignore_index=True)
    for groupe, label in groupes.items():
        own = cells[cells["groupe"] == groupe]
        found = view[list(keys)].merge(own, how="left", on=list(keys))
        if len(own) and own["part"].notna().all():
            found = found.fillna({"part": 0.0})
        view[label] = found["logements"].fillna(0).astype("int64")
        view[f"{label} (%)"] = found["part"].astype("object").fillna("–")
    return view


def volumes_famille(volumes_table: pd.DataFrame, most: int = 6) -> pd.DataFrame:
    """`volumes` folded to what one page holds.

    Columns annee, ligne (departement; beyond `most`, the smallest are `Autres`), colonne (PLUS; PLAI, adapted ones
    included; PLS; Autres), logements.
    """
    size = volumes_table.groupby("departement")["logements"].sum().sort_values(ascending=False)
    kept = list(size.index if len(size) <= most else size.index[: most - 1])
    family = {"PLUS": "PLUS", "PLAI": "PLAI", "PLAI_ADP": "PLAI", "PLS": "PLS"}
    place, product = volumes_table["departement"], volumes_table["produit"]
    table = volumes_table.assign(
        ligne=place.where(place.isin(kept), OTHERS), colonne=product.map(family).fillna(OTHERS)
    )
    return table.groupby(["annee", "ligne", "colonne"], as_index=False)["logements"].sum()


def pls_beneficiaires(programmation: pd.DataFrame) -> pd.DataFrame:
    """Columns annee, departement, type_beneficiaire, logements, operations, part.

    The share is of all PLS dwellings of the year and department, « Non renseigné » included.
    """
    keys = ["annee", "departement"]
    pls = programmation[programmation["groupe"] == "PLS"]
    return with_part(tally(pls, [*keys, "type_beneficiaire"]), keys)


def pls_etablissements(programmation: pd.DataFrame) -> pd.DataFrame:
    """Size of the establishments: operations in PLS for a public other than households.

    Over all years, each operation in its last; its size is its PLS dwellings for that public. Columns departement,
    type_beneficiaire, taille, etablissements, logements.
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
    aged = beneficiaires["logements"].where(beneficiaires["type_beneficiaire"] == AGED, 0)
    sums = ["logements", "operations", "personnes_agees"]
    table = beneficiaires.assign(personnes_agees=aged).groupby(["annee", "departement"], as_index=False)[sums].sum()
    return table.assign(part=share(table["personnes_agees"], table["logements"]))
