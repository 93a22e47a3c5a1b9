"""What a form tells the respondent besides the question: when to answer, and how."""

from collections.abc import Iterator
from itertools import groupby

from ..codebook import Codebook, Question, condition

HOW = {
    "choix_unique": "Une seule réponse.",
    "choix_multiple": "Plusieurs réponses possibles.",
    "echelle": "Une réponse par ligne.",
    "nombre": "En chiffres.",
    "date": "",
    "texte": "",
    "classement": "Une réponse différente à chaque rang.",
}


def sections(codebook: Codebook) -> Iterator[tuple[str, list[Question]]]:
    """The questions by block, in their order: a block that comes back does so under its name « (suite) »."""
    seen = set()
    for block, questions in groupby(codebook.questions, lambda q: q.bloc):
        yield (block or "Questions") + " (suite)" * (block in seen), [*questions]
        seen.add(block)


def guidance(codebook: Codebook, question: Question) -> str:
    """When and how to answer, in the codebook's own words or those of the type of question: « À remplir si G05 est
    « Oui ». Une seule réponse. »"""
    tree = codebook.filters.get(question.code)
    alone = question.type == "echelle" and not question.is_grid
    how = question.aide or HOW["choix_unique" if alone else question.type]
    return f"À remplir si {condition(codebook, tree)}. {how}".rstrip() if tree else how
