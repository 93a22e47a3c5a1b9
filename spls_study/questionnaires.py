"""The questionnaires of a study: their codebooks, and the answers that were checked."""

from contextlib import suppress
from pathlib import Path

import pandas as pd

from notebook_reports.errors import StudyError

from .codebook import Codebook
from .study import Study
from .toml import read_toml, to_correct, validated

ANSWERS = ["repondant", "question", "sous_question", "valeur"]


def load_codebook(path: Path) -> Codebook:
    """Read and check one codebook.

    Raises
    ------
    StudyError
        Naming the file, the question and the key to correct.
    """
    codebook = validated(Codebook, read_toml(path, f"Questionnaire introuvable : {path.name}."), path.name)
    if codebook.id != path.stem:
        raise to_correct(
            path.name, f"id : « {path.stem} » est attendu, comme le nom du fichier, lu : « {codebook.id} »"
        )
    return codebook


def codebook_files(study: Study) -> list[Path]:
    """`data/raw/questionnaires/<id>.toml`, in the order of the ids."""
    return sorted((study.raw / "questionnaires").glob("*.toml"))


def load_codebooks(study: Study) -> dict[str, Codebook]:
    """The codebooks by id. One that is to be corrected is left out: `check` sets it aside."""
    found = {}
    for path in codebook_files(study):
        with suppress(StudyError):
            found[path.stem] = load_codebook(path)
    return found


def read_answers(study: Study, questionnaire: str) -> pd.DataFrame:
    """The checked answers (repondant, question, sous_question, valeur), empty if none came."""
    path = study.processed / f"reponses_{questionnaire}.parquet"
    return pd.read_parquet(path) if path.exists() else pd.DataFrame(columns=ANSWERS, dtype="str")
