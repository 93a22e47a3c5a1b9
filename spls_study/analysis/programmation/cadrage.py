"""Does it add up: control totals of the study, and a second source down to operations."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ...study import Cadrage
from ..methods import frame
from . import active, tally

CONFORM, GAP = "conforme", "écart"
WHY = ("autre produit", "annulée", "rejetée")
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
    reason = pd.Series("nombre différent", both.index, dtype="str")
    wanted = pd.MultiIndex.from_frame(both[keys[:2]])
    sources = {"logements": (ours, "la programmation"), "logements_rapprochement": (theirs, "la 2de source")}
    for column, (table, source) in sources.items():
        state = table["exclue"].fillna("autre produit")  # why that source lacks a row, nearest explanation first
        said = {s: wanted.isin(pd.MultiIndex.from_frame(table.loc[state == s, keys[:2]])) for s in WHY}
        said["autre année"] = both["numero_operation"].isin(table["numero_operation"])
        why = np.select([*said.values()], [f"{s} dans {source}" for s in said], f"absente de {source}")
        reason = reason.mask(both[column].isna(), pd.Series(why, both.index, dtype="str"))
        both[column] = both[column].fillna(0).astype("int64")
    both["ecart"] = both["logements"] - both["logements_rapprochement"]
    return both.assign(motif=reason.astype("str").where(both["ecart"] != 0))
