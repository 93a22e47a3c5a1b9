"""Does it add up: control totals of the study, and a second source down to operations."""

from collections.abc import Sequence

import pandas as pd

from ..study import Cadrage
from .programmation import tally

CONFORM, GAP = "conforme", "écart"


def cadrage(programmation: pd.DataFrame, controls: Sequence[Cadrage]) -> pd.DataFrame:
    """The control totals against the data of the whole region, the same in every report.

    Columns indicateur, attendu, observe, ecart, statut. An amount conforms if equal, a share
    (0 to 1) if strictly above its minimum; a share of nothing is missing, and a gap.
    """
    rows = []
    for control in controls:
        scope = programmation[(programmation["annee"] == control.annee)
                              & (programmation["groupe"] == control.groupe)]
        total = int(scope["nb_logements"].sum())
        own = (scope if control.departement is None
               else scope[scope["departement"] == control.departement])
        here = int(own["nb_logements"].sum())
        if control.attendu is not None:
            expected, seen = float(control.attendu), float(here)
            conforms = seen == expected
        else:
            expected = float(control.part_minimale or 0)
            seen = here / total if total else float("nan")
            conforms = seen > expected
        rows.append((control.indicateur, expected, seen, seen - expected,
                     CONFORM if conforms else GAP))
    types = {"indicateur": "str", "attendu": "float64", "observe": "float64", "ecart": "float64",
             "statut": "str"}
    return pd.DataFrame(rows, columns=list(types)).astype(types)


def rapprochement_operations(ours: pd.DataFrame, theirs: pd.DataFrame) -> pd.DataFrame:
    """Two sources operation by operation, and why they differ.

    Parameters
    ----------
    ours, theirs
        `programmation` and `rapprochement` as `prepare` returns them, annulled rows included.

    Returns
    -------
    Columns annee, departement, numero_operation, produit, logements, logements_rapprochement,
    ecart (ours − theirs), motif (empty where there is no gap); one row for each operation, year
    and product of either source, for the years that the second one covers. The department is
    ours where we know the operation.
    """
    keys = ["annee", "numero_operation", "produit"]
    covered = set(theirs["annee"])
    kept = [t[~t["annulee"] & t["annee"].isin(covered)] for t in (ours, theirs)]
    sums = [tally(t, keys).set_index(keys)["logements"] for t in kept]
    place = pd.concat(kept).drop_duplicates(keys).set_index(keys)["departement"]
    both = pd.DataFrame({"logements": sums[0], "logements_rapprochement": sums[1],
                         "departement": place}).sort_index().reset_index()
    lacking = [("la programmation", ours, both["logements"].isna()),
               ("la 2de source", theirs, both["logements_rapprochement"].isna())]
    both["motif"] = "nombre différent"
    for source, table, absent in lacking:
        both.loc[absent, "motif"] = _absence(both[absent], table) + source
    for name in ("logements", "logements_rapprochement"):
        both[name] = both[name].fillna(0).astype("int64")
    both["ecart"] = both["logements"] - both["logements_rapprochement"]
    both["motif"] = both["motif"].astype("str").where(both["ecart"] != 0)
    return both[["annee", "departement", "numero_operation", "produit", "logements",
                 "logements_rapprochement", "ecart", "motif"]]


def rapprochement(operations: pd.DataFrame) -> pd.DataFrame:
    """Totals of the two sources; each gap is the sum of its operations' gaps.

    `operations` is `rapprochement_operations`. Columns annee, departement, produit, logements,
    logements_rapprochement, ecart, operations (that differ).
    """
    gaps = operations.assign(operations=(operations["ecart"] != 0).astype("int64"))
    return gaps.groupby(["annee", "departement", "produit"], as_index=False)[
        ["logements", "logements_rapprochement", "ecart", "operations"]].sum()


def _absence(rows: pd.DataFrame, source: pd.DataFrame) -> pd.Series:
    """Why the source lacks these rows, nearest explanation first."""
    numbers = set(source["numero_operation"])
    active = source[~source["annulee"]]
    listed = set(zip(active["annee"], active["numero_operation"], strict=True))
    dropped = source[source["annulee"]]
    annulled = set(zip(dropped["annee"], dropped["numero_operation"], strict=True))

    def why(year: int, number: str) -> str:
        if (year, number) in listed:
            return "autre produit dans "
        if (year, number) in annulled:
            return "annulée dans "
        return "autre année dans " if number in numbers else "absente de "

    reasons = [why(y, n) for y, n in zip(rows["annee"], rows["numero_operation"], strict=True)]
    return pd.Series(reasons, index=rows.index, dtype="str")
