"""Filters: the grammar and nothing else, three-valued truth."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spls_study.filters import NR, FilterError, Group, Not, Test, parse, truth

ANSWERS = {("A", ""): ("A1",), ("M", ""): ("X", "Y"), ("N", ""): ("3",), ("E", ""): (NR,), ("T", "S1"): ("E4",)}


def resolve(name, index):
    """Questions A, N, E, Z (never put), multiple choice M (boxes X, Y, Z), grid T (S1)."""
    name, _, part = name.partition("_")
    if name == "M" and (part or index) in ("X", "Y", "Z"):
        return "M", "", part or index
    if (name, part or index) in {("A", ""), ("N", ""), ("E", ""), ("Z", ""), ("M", ""), ("T", "S1")}:
        return name, part or index, ""
    raise FilterError(f"« {name} » inconnu")


TRUTHS = {
    True: "A == 'A1' | A in ('A1', 'A2') | A not in {'A2'} | A in ('A1') | M == 'X' | M[Z] == 'N' and M[X] == 'Y' | "
    "T_S1 == 'E4' and T[S1] == 'E4' | N == 3 and N == '3.0' | E == 'A1' or A == 'A1' | Z != 'A1' | "
    "A\u202f==\u00a0'A1'",
    False: "A != 'A1' | A in ['A2'] | M_Z == 'Y' | E == 'A1' and A == 'A2' | Z == 'A1'",
    None: "E == 'A1' | E != 'A1' | E == 'A1' and A == 'A1' | not (A == 'A2' or E == 'A1')",
}


@pytest.mark.parametrize("expected", TRUTHS)
def test_truth(expected):
    for text in TRUTHS[expected].split(" | "):
        assert truth(parse(text, resolve), ANSWERS) is expected, text


REFUSED = """
A | 'A1' | A == B | 'A1' == A | A == 'A1' == 'A1' | A < 'A1' | A is 'A1' | A == None | A == True | A == b'x'
A == f'{A}' | A == 1j | A in A | A == ('A1',) | A() == 'A1' | A.b == 'x' | A[0:1] == 'x' | lambda: A
A == 'x' if A else 1 | [a for a in A] == 'x' | A := 'x' | A == 'x'; B | A = 'x' | __import__('os').system('x')
().__class__ == 'x' | A == 'x' & B == 'y' | -A == 'x' | A == -1 | A == 'x | Inconnu == 'x' | T == 'x' | M[W] == 'Y'
"""
LONG = ["", "\0", "A == 'x'\nimport os", "(" * 400 + "A" + ")" * 400, "not " * 200 + "A", "A == 'x' and " * 90]


@pytest.mark.parametrize("text", [*LONG, *(text for line in REFUSED.split("\n") for text in line.split(" | ") if text)])
def test_whatever_is_not_in_the_grammar_is_refused(text):
    with pytest.raises(FilterError):
        parse(text, resolve)


LEAVES = st.sampled_from(["A == 'A1'", "A != 'A1'", "E == 'A1'", "M in ('X','Z')", "N == 4"])
FILTERS = st.recursive(
    LEAVES,
    lambda inner: (
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})")
        | inner.map(lambda t: f"not ({t})")
    ),
    max_leaves=6,
)


@given(FILTERS)
def test_not_turns_truth_round_and_keeps_the_unknown(text):
    value, turned = (truth(parse(form.format(text), resolve), ANSWERS) for form in ("{}", "not ({})"))
    assert turned is (None if value is None else not value)


@given(st.text(alphabet="AMN'()[]{}=!<>,._ orandti13:*\\\"x", max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_string_gives_a_tree_or_a_refusal(text):
    try:
        tree = parse(text, resolve)
    except FilterError:
        return
    assert isinstance(tree, (Test, Not, Group))
