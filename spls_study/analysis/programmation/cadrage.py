"""Does it add up: control totals of the study, and a second source down to operations."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ...study import Cadrage
from ..methods import frame
from . import active, tally

CONFORM, GAP = "conforme", "écart"
TYPES = {"indicateur": "str", "attendu": "float64", "observe": "float64", "ecart": "float64", "statut": "str"}


def cadrage(programmation: pd.DataFrame, controls: Sequence[Cadrage]) -> pd.DataFrame:
    """The control totals against the data of the whole region, the same in every report. Columns TYPES.

    An amount conforms if equal, a share if strictly above its minimum; a share of nothing is missing, and a gap.
    """
    rows = []
    for control in controls:
        scope = programmation[(programmation["annee"] == control.annee) & (programmation["groupe"] == control.groupe)]
        here = scope if control.departement is None else scope[scope["departement"] == control.departement]
        seen, total = float(here["nb_logements"].sum()), scope["nb_logements"].sum()
        if control.attendu is not None:
            expected, conforms = float(control.attendu), seen == control.attendu
        else:
            expected, seen = control.part_minimale or 0.0, seen / total if total else float("nan")
            conforms = seen > expected
        rows.append((control.indicateur, expected, seen, seen - expected, CONFORM if conforms else GAP))
    return frame(rows, TYPES)


def rapprochement_operations(ours: pd.DataFrame, theirs: pd.DataFrame) -> pd.DataFrame:
    """Two sources operation by operation, and why they differ, for the years that the second one covers.

    Columns annee, departement (ours where we know the operation), numero_operation, produit, logements,
    logements_rapprochement, ecart (ours − theirs), motif (empty where there is no gap). Both are as `prepare` returns
    them, annulled and rejected rows included.
    """
    keys = ["annee", "numero_operation", "produit"]
    covered = set(theirs["annee"])
    kept = [active(t[t["annee"].isin(covered)]) for t in (ours, theirs)]
    place = pd.concat(kept).drop_duplicates(keys).set_index(keys)["departement"]
    sums = [tally(t, keys).set_index(keys)["logements"] for t in kept]
    both = pd.DataFrame({"departement": place, "logements": sums[0], "logements_rapprochement": sums[1]})
    both = both.sort_index().reset_index()[["annee", "departement", *keys[1:], "logements", "logements_rapprochement"]]
    reason = pd.Series("nombre différent", both.index)
    sources = {"logements": (ours, "la programmation"), "logements_rapprochement": (theirs, "la 2de source")}
    for column, (table, source) in sources.items():
        absent = both[column].isna()
        reason[absent] = _absence(both[absent], table) + source
        both[column] = both[column].fillna(0).astype("int64")
    both["ecart"] = both["logements"] - both["logements_rapprochement"]
    return both.assign(motif=reason.astype("str").where(both["ecart"] != 0))


def rapprochement(operations: pd.DataFrame) -> pd.DataFrame:
    """Totals of the two sources; each gap is the sum of its operations' gaps.

    `operations` is `rapprochement_operations`. Columns annee, departement, produit, logements,
    logements_rapprochement, ecart, operations (that differ).
    """
    sums = ["logements", "logements_rapprochement", "ecart", "operations"]
    gaps = operations.assign(operations=(operations["ecart"] != 0).astype("int64"))
    return gaps.groupby(["annee", "departement", "produit"], as_index=False)[sums].sum()


def _absence(rows: pd.DataFrame, source: pd.DataFrame) -> pd.Series:
    """Why the source lacks these rows, nearest explanation first."""
    keys = ["annee", "numero_operation"]
    wanted = pd.MultiIndex.from_frame(rows[keys])
    states = {"autre produit": source["exclue"].isna()}
    states |= {state: source["exclue"] == state for state in ("annulée", "rejetée")}
    found = {said: wanted.isin(pd.MultiIndex.from_frame(source.loc[kept, keys])) for said, kept in states.items()}
    found["autre année"] = rows["numero_operation"].isin(source["numero_operation"])
    reasons = np.select([*found.values()], [f"{said} dans " for said in found], "absente de ")
    return pd.Series(reasons, index=rows.index, dtype="str")
