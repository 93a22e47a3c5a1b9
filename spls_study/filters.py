"""The filter of a question (« asked only if »): parsed into a small tree, never evaluated.

Grammar: a code `==`, `!=`, `in` or `not in` a literal; `and`, `or`, `not`, parentheses.
A sub-question is written `B01_SQ001` or `B01[SQ001]`.
"""

import ast
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

NR = "NR"  # a non-answer
TICKED, UNTICKED = "Y", "N"  # what a box of a multiple choice is worth in a filter
LONGEST = 1_000

Part = tuple[str, str]  # (question, sous_question), the latter "" where there is none
Answers = Mapping[Part, tuple[str, ...]]  # one respondent; no key: the question was not put


class FilterError(ValueError):
    """A filter outside the grammar; the message is French."""


@dataclass(frozen=True)
class Test:
    """One answer against literals; `box` is the box of a multiple choice, else empty."""

    question: str
    part: str
    box: str
    values: tuple[str, ...]

    __test__ = False  # pytest: not a test class


@dataclass(frozen=True)
class Not:
    item: "Filter"


@dataclass(frozen=True)
class Group:
    kind: Literal["and", "or"]
    items: tuple["Filter", ...]


Filter = Test | Not | Group
Resolve = Callable[[str, str], tuple[str, str, str]]  # (name, index) → (question, part, box)


def parse(text: str, resolve: Resolve) -> Filter:
    """The tree of a filter.

    Parameters
    ----------
    resolve
        Gives the (question, part, box) of a name and its index (or ""); raises FilterError
        for an unknown one.

    Raises
    ------
    FilterError
        For whatever is not in the grammar.
    """
    if len(text) > LONGEST:
        raise FilterError(f"le filtre dépasse {LONGEST} caractères")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's advice on escapes is of no use here
            body = ast.parse(" ".join(text.split()), mode="eval").body
        return _tree(body, resolve)
    except FilterError:
        raise
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise FilterError("écriture non reconnue") from None


def _tree(node: ast.expr, resolve: Resolve) -> Filter:
    match node:
        case ast.BoolOp(op=op, values=values):
            kind: Literal["and", "or"] = "and" if isinstance(op, ast.And) else "or"
            return Group(kind, tuple(_tree(v, resolve) for v in values))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return Not(_tree(operand, resolve))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            several = isinstance(op, (ast.In, ast.NotIn))
            if not several and not isinstance(op, (ast.Eq, ast.NotEq)):
                raise FilterError("seuls ==, != et in sont admis")
            test = Test(*resolve(*_name(left)), _literals(right, several))
            return Not(test) if isinstance(op, (ast.NotEq, ast.NotIn)) else test
    raise FilterError("écriture non reconnue (code == 'valeur', and, or, not, parenthèses)")


def _name(node: ast.expr) -> tuple[str, str]:
    match node:
        case ast.Name(id=name):
            return name, ""
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Name(id=index)):
            return name, index
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str() | int() as i)):
            return name, str(i)
    raise FilterError("à gauche, le code d'une question est attendu")


def _literals(node: ast.expr, several: bool) -> tuple[str, ...]:
    if several and isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        return tuple(v for item in node.elts for v in _literals(item, False))
    if isinstance(node, ast.Constant) and type(node.value) in (str, int, float):
        return (str(node.value),)
    raise FilterError("à droite, une valeur entre apostrophes est attendue")


def truth(node: Filter, answers: Answers) -> bool | None:
    """Whether a respondent passes; None where it hangs on a non-answer (Kleene's logic).

    A question that was not put has no value: it equals nothing.
    """
    match node:
        case Not(item):
            inner = truth(item, answers)
            return None if inner is None else not inner
        case Group(kind, items):
            found = [truth(i, answers) for i in items]
            decisive = kind == "or"
            if decisive in found:
                return decisive
            return None if None in found else not decisive
        case Test(question, part, box, values):
            given = answers.get((question, part), ())
            if given == (NR,):
                return None
            if box:
                given = (TICKED if box in given else UNTICKED,)
            return any(_same(g, v) for g in given for v in values)


def _same(given: str, literal: str) -> bool:
    if given == literal:
        return True
    try:
        return float(given) == float(literal)
    except ValueError:
        return False


def tests(node: Filter) -> tuple[Test, ...]:
    """Every comparison of the tree, from left to right."""
    match node:
        case Test():
            return (node,)
        case Not(item):
            return tests(item)
        case Group(_, items):
            return tuple(t for i in items for t in tests(i))
