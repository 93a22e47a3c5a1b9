"""What the answers to a question make the note say: « 16 bailleurs sur 24 n'ont reçu aucune date limite »."""

from collections.abc import Mapping, Sequence

import pandas as pd

from ...codebook import NR, Codebook, Question
from ..methods.frames import frame

TYPES = {"reference": "str", "phrase": "str", "effectif": "int64", "base": "int64", "ex_aequo": "bool"}


def phrases(
    references: Sequence[str], answers: Mapping[str, pd.DataFrame], codebooks: Mapping[str, Codebook]
) -> pd.DataFrame:
    """For each question named, the phrase of its codebook that most answers back.

    Columns reference, phrase, effectif, base, ex_aequo (of phrases that as many answers back, the first one of
    the codebook is said). A question that does not show, that has no phrase or is a grid,
    has no row.

    Parameters
    ----------
    references
        « bailleurs.B07 ».
    answers
        Questionnaire → its table `reponses`.
    """
    rows = []
    for reference in references:
        name, _, code = reference.partition(".")
        question = codebooks[name].by_code.get(code) if name in codebooks else None
        if question is None or question.is_grid or name not in answers:
            continue
        table = answers[name]
        own = table[(table.question == code) & (table.modalite != NR) & table.effectif.notna()]
        counts = _counts(question, own)
        most = max(counts.values(), default=0)
        base = int(own.base.max()) if len(own) else 0
        first = [key for key, n in counts.items() if n == most > 0]
        rows += [(reference, question.phrases[key], most, base, len(first) > 1) for key in first[:1]]
    return frame(rows, TYPES)


def _counts(question: Question, own: pd.DataFrame) -> dict[str, int]:
    """How many back each phrase; the sides of a scale are its modalities but for the middle one."""
    found = dict(zip(own.modalite, own.effectif, strict=True))
    half, codes = len(question.modalites) // 2, [*question.modalites]
    sides = {"bas": codes[:half], "haut": codes[len(codes) - half :]}
    return {key: int(sum(found.get(code, 0) for code in sides.get(key, [key]))) for key in question.phrases}
