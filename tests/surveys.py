"""Small questionnaires for the tests of analysis."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from spls_study.analysis.questionnaires.survey import Survey, survey
from spls_study.codebook import Codebook
from spls_study.study import Territory

REGION = Territory(code="region", nom="Région", departements=("16", "17", "79"))
TERRITORIES = (*(Territory(code=d, nom=d, departements=(d,)) for d in REGION.departements), REGION)


def codebook(*questions: Mapping[str, Any], **more: Any) -> Codebook:
    """Asks the bailleurs, by department and famille, unless told otherwise."""
    given = {
        "id": "b",
        "titre": "Bailleurs",
        "repondant": "organisme",
        "population": "bailleur",
        "strates": ("departement", "famille"),
    } | more
    return Codebook(question=[{"libelle": "?"} | dict(q) for q in questions], **given)


def organismes(*rows: tuple[str, str, str, int | None]) -> pd.DataFrame:
    """Bailleurs: id, famille, departements, nb_logements; and a gestionnaire."""
    frame = pd.DataFrame(
        [*rows, ("DD016", "DDT", "16", None)], columns=["id", "famille", "departements", "nb_logements"]
    )
    text = {"id": "str", "famille": "str", "departements": "str", "nb_logements": "Int64"}
    roles = ["bailleur"] * len(rows) + ["gestionnaire"]
    return frame.astype(text).assign(nom=frame["id"].astype("str"), role=pd.Series(roles, dtype="str"))


def answers(rows: Sequence[tuple[str, str, str, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["repondant", "question", "sous_question", "valeur"], dtype="str")


def asked(book: Codebook, frame: pd.DataFrame, rows: Sequence[tuple[str, str, str, str]]) -> Survey:
    return survey(book, answers(rows), frame)
