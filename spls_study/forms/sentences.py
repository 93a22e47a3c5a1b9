"""What a form tells the respondent besides the question: when to answer, and how."""

from ..codebook import Codebook, Question
from ..filters import Filter, Group, Not, Test

HOW = {
    "choix_unique": "Une seule réponse.",
    "choix_multiple": "Plusieurs réponses possibles.",
    "echelle": "Une réponse par ligne.",
    "nombre": "En chiffres.",
    "date": "",
    "texte": "",
    "classement": "Une réponse différente à chaque rang.",
}


def guidance(codebook: Codebook, question: Question) -> str:
    """When and how to answer: « À remplir si G05 : « Oui ». Une seule réponse. »"""
    tree = codebook.filters.get(question.code)
    when = f"À remplir si {condition(codebook, tree)}." if tree else ""
    return " ".join(part for part in (when, how(question)) if part)


def how(question: Question) -> str:
    """How to answer: the codebook's own words, else those of the type of question."""
    alone = question.type == "echelle" and not question.is_grid
    return question.aide or HOW["choix_unique" if alone else question.type]


def condition(codebook: Codebook, tree: Filter, negated: bool = False) -> str:
    """A filter in French: « G05 : « Oui » »."""
    match tree:
        case Not(item):
            return condition(codebook, item, not negated)
        case Group(kind, items):
            word = " et " if (kind == "and") != negated else " ou "
            inner = [(i, condition(codebook, i, negated)) for i in items]
            return word.join(f"({t})" if isinstance(i, Group) else t for i, t in inner)
        case Test():
            return _comparison(codebook, tree, negated)


def _comparison(codebook: Codebook, test: Test, negated: bool) -> str:
    question = codebook.by_code[test.question]
    if test.box:
        ticked = ("Y" in test.values) != negated
        state = "cochée" if ticked else "non cochée"
        return f"{question.code}\u00a0: «\u00a0{question.choices[test.box]}\u00a0» {state}"
    where = f"{question.code} ({question.part_label(test.part)})" if test.part else question.code
    values = [f"«\u00a0{question.choices.get(v, v)}\u00a0»" for v in test.values]
    return f"{where}\u00a0: " + ("autre que " if negated else "") + " ou ".join(values)
