"""When a question is asked, in words: what forms tell respondents and reports their readers."""

from notebook_reports.french import quoted

from .codebook import Codebook
from .filters import Filter, Group, Not, Test


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
        return f"{question.code}\u00a0: {quoted(question.choices[test.box])} {state}"
    where = f"{question.code} ({question.part_label(test.part)})" if test.part else question.code
    values = [quoted(question.choices.get(v, v)) for v in test.values]
    return f"{where}\u00a0: " + ("autre que " if negated else "") + " ou ".join(values)
