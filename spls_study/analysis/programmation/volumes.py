"""How many dwellings, where, for whom and by whom: sums of the programming table, as `active` returns it.

An operation listed in two years counts in each.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...study import SMALL_BASE, Secteur
from ..methods import UNKNOWN, share
from . import grouped, tally, with_part

ELSEWHERE = "Autres communes"
AGED = "Personnes âgées"


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


def volumes_secteur(
    programmation: pd.DataFrame, secteurs: Sequence[Secteur], annee: int, stock: pd.Series
) -> pd.DataFrame:
    """One year by sector of need of study.toml, in their order, then the other communes, against what stands there.

    Columns secteur, tension, groupe, logements, operations, part (of the group), parc_social (missing where no commune
    of the sector is known), pour_100_logements. `stock`: social dwellings by commune, by code of the year studied. A
    commune of two sectors is of the first that lists it.
    """
    tension = {s.nom: s.tension for s in secteurs} | {ELSEWHERE: "–", UNKNOWN: "–"}
    place = {commune: s.nom for s in reversed(secteurs) for commune in s.communes}
    rows = grouped(programmation[programmation["annee"] == annee])
    name = rows["code_insee"].map(place).astype("str").fillna(ELSEWHERE).where(rows["code_insee"].notna(), UNKNOWN)
    table = with_part(tally(rows.assign(secteur=name), ["secteur", "groupe"]), ["groupe"])
    table.insert(1, "tension", table["secteur"].map(tension).astype("str"))
    table = table.sort_values("secteur", key=lambda name: name.map([*tension].index), kind="stable", ignore_index=True)
    here = pd.Index([place.get(code, ELSEWHERE) for code in stock.index], dtype="str")
    table["parc_social"] = table["secteur"].map(stock.groupby(here).sum(min_count=1)).astype("float64")
    return table.assign(pour_100_logements=share(table["logements"] * 100, table["parc_social"]))


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


def pls_beneficiaires(programmation: pd.DataFrame) -> pd.DataFrame:
    """Columns annee, departement, type_beneficiaire, logements, operations, part.

    The share is of all PLS dwellings of the year and department, « Non renseigné » included.
    """
    keys = ["annee", "departement"]
    pls = programmation[programmation["groupe"] == "PLS"]
    return with_part(tally(pls, [*keys, "type_beneficiaire"]), keys)


def part_personnes_agees(beneficiaires: pd.DataFrame) -> pd.DataFrame:
    """Share of the PLS for the elderly; `beneficiaires` is `pls_beneficiaires`.

    Columns annee, departement, logements and operations (of all publics), personnes_agees, part.
    """
    aged = beneficiaires["logements"].where(beneficiaires["type_beneficiaire"] == AGED, 0)
    sums = ["logements", "operations", "personnes_agees"]
    table = beneficiaires.assign(personnes_agees=aged).groupby(["annee", "departement"], as_index=False)[sums].sum()
    return table.assign(part=share(table["personnes_agees"], table["logements"]))


def hhi(values: npt.ArrayLike) -> float:
    """Herfindahl–Hirschman index from 1/n (equal) to 1 (one holds all): sum of squared shares.

    A. O. Hirschman, « The Paternity of an Index », *American Economic Review* 54 (1964).
    """
    x = np.asarray(values, dtype="float64")
    return float(((x / x.sum()) ** 2).sum()) if x.sum() > 0 else float("nan")


def gini(values: npt.ArrayLike) -> float:
    """Gini coefficient without small-sample correction, 0 (equal) to 1 − 1/n.

    Sum of (2i − n − 1) x_i over n times the sum, x sorted upwards: C. Dagum, « Gini ratio », *The New Palgrave*
    (1987); P. M. Dixon et al., *Ecology* 68 (1987).
    """
    x = np.sort(np.asarray(values, dtype="float64"))
    if not x.sum() > 0:
        return float("nan")
    weights = 2 * np.arange(1, len(x) + 1) - len(x) - 1
    return float((weights * x).sum() / (len(x) * x.sum()))


def concentration(programmation: pd.DataFrame) -> pd.DataFrame:
    """Concentration of the dwellings of each year and group among bailleurs with at least one.

    Columns annee, groupe, bailleurs, part_premier, part_trois_premiers, hhi, gini, logements, operations,
    sans_bailleur (dwellings whose bailleur is unknown, outside the rest).
    """
    keys = ["annee", "groupe"]
    whole = tally(grouped(programmation), keys).set_index(keys)
    sizes = grouped(programmation).groupby([*keys, "bailleur"])["nb_logements"].sum()
    table = whole[[]].join(
        sizes[sizes > 0]
        .groupby(keys)
        .agg(
            bailleurs="size",
            part_premier=lambda x: x.max() / x.sum(),
            part_trois_premiers=lambda x: x.nlargest(3).sum() / x.sum(),
            hhi=hhi,
            gini=gini,
            logements="sum",
        )
    )
    table = table.fillna({"bailleurs": 0, "logements": 0}).astype({"bailleurs": "int64", "logements": "int64"})
    missing = whole["logements"] - table["logements"]
    return table.assign(operations=whole["operations"], sans_bailleur=missing).reset_index()
