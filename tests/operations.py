"""Checked rows of `programmation`, told by what differs from an ordinary one."""

from typing import Any

import pandas as pd

from spls_study.analysis.programmation import active, prepare
from spls_study.tables import empty

ORDINARY: dict[str, Any] = {
    "numero_operation": "2013DD0170001",
    "annee_programmation": 2013,
    "departement": "17",
    "gestionnaire": "DD017",
    "commune": "La Rochelle",
    "code_insee": "17300",
    "moa_siret": "00000001800012",
    "moa_nom": "Office",
    "produit": "PLUS",
    "nature_logement": "Logements ordinaires",
    "type_beneficiaire": "Ménages",
    "nb_logements": 10,
    "type_habitat": "collectif",
}
SHORT = {"op": "numero_operation", "an": "annee_programmation", "dep": "departement", "n": "nb_logements"}


def checked(*rows: dict[str, Any]) -> pd.DataFrame:
    """The table as intake leaves it; `op`, `an`, `dep`, `n` are short for columns."""
    model = empty("programmation")
    full = [ORDINARY | {SHORT.get(k, k): v for k, v in row.items()} for row in rows]
    return pd.DataFrame(full, columns=list(model.columns)).astype(model.dtypes.to_dict())


def counted(*rows: dict[str, Any]) -> pd.DataFrame:
    """The same as the analyses take it."""
    return active(prepare(checked(*rows)))


def cells(table: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    return list(table[list(columns)].itertuples(index=False, name=None))
