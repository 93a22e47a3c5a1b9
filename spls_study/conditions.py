"""When a question is asked, in words: what forms tell respondents and reports their readers."""

from dataclasses import replace

from notebook_reports.french import quoted

from .codebook import Codebook
from .filters import TICKED, Filter, Group, Not, Test


def condition(codebook: Codebook, tree: Filter, negated: bool = False) -> str:
    """A filter in French, after « si »: « G05 est « Oui » », « B04 n'est ni 0 ni 1 »."""
    match tree:
        case Not(item):
            return condition(codebook, item, not negated)
        case Group(kind, items):
            both = (kind == "and") != negated
            if test := _of_one_answer(items, both != negated):
                return _comparison(codebook, test, both)
            inner = [(i, condition(codebook, i, negated)) for i in items]
            return (" et " if both else " ou ").join(f"({t})" if isinstance(i, Group) else t for i, t in inner)
        case Test():
            return _comparison(codebook, tree, negated)


def _of_one_answer(items: tuple[Filter, ...], excluded: bool) -> Test | None:
    """One test for several of a same answer, each of them negated where `excluded`, none otherwise."""
    inner = [item.item if isinstance(item, Not) else item for item in items]
    tests = [test for test in inner if isinstance(test, Test) and not test.box]
    alike = len(tests) == len(items) and len({(test.question, test.part) for test in tests}) == 1
    if not alike or {isinstance(item, Not) for item in items} != {excluded}:
        return None
    return replace(tests[0], values=tuple(value for test in tests for value in test.values))


def _comparison(codebook: Codebook, test: Test, negated: bool) -> str:
    question = codebook.by_code[test.question]
    values = [test.box] if test.box else [*test.values]
    if question.type != "nombre":
        values = [quoted(question.choices.get(value) or value) for value in values]
    if test.box:
        negated ^= TICKED not in test.values
    if test.box or question.type == "choix_multiple":
        if negated and len(values) > 1:
            return f"ni {' ni '.join(values)} n'est coché à {question.code}"
        state = "n'est pas coché" if negated else "est coché"
        return f"{' ou '.join(values)} {state} à {question.code}"
    where = f"{question.code} ({question.part_label(test.part)})" if test.part else question.code
    if not negated:
        return f"{where} est {' ou '.join(values)}"
    return f"{where} n'est ni {' ni '.join(values)}" if len(values) > 1 else f"{where} n'est pas {values[0]}"
