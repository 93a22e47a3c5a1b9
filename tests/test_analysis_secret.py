"""Secrecy is tested by attack: from what shows alone, how far apart may a hidden count be?"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from surveys import REGION, TERRITORIES, asked, codebook, organismes

from spls_study.analysis.methods.secret import HIDDEN, masked, small, suppress
from spls_study.analysis.questionnaires.published import Published, publish

SEUIL = 3
MANY = 500  # more than any count of these tests
Sum = Sequence[int]  # how a count is a sum of unknowns


def width(target: Sum, shown: Sequence[tuple[Sum, float]]) -> float:
    """The attacker's interval on a sum of whole unknowns from zero, given other sums."""
    weights = np.asarray(target, dtype=float)
    system = LinearConstraint(np.array([s for s, _ in shown]), *[[v for _, v in shown]] * 2) if shown else ()
    low, high = (milp(sign * weights, integrality=1, constraints=system, bounds=Bounds(0, MANY)) for sign in (1, -1))
    assert low.status == high.status == 0, "the published tables contradict one another"
    return float(-high.fun - low.fun)


def crossed(inner: np.ndarray) -> pd.DataFrame:
    """A table of counts with all its margins, in long form."""
    full = inner
    for axis in range(inner.ndim):
        full = np.concatenate([full, full.sum(axis=axis, keepdims=True)], axis=axis)
    labels = [[*map(str, range(n)), "total"] for n in inner.shape]
    index = pd.MultiIndex.from_product(labels, names=list("abc")[: inner.ndim])
    return pd.Series(full.ravel(), index, name="n").reset_index()


def sums(table: pd.DataFrame, dims: Sequence[str]) -> list[list[int]]:
    inner = table[(table[list(dims)] != "total").all(axis=1)]
    return [
        [int(all(row[d] in ("total", atom[d]) for d in dims)) for _, atom in inner.iterrows()]
        for _, row in table.iterrows()
    ]


def hidden_cells(table: pd.DataFrame, dims: Sequence[str], seuil: int) -> "pd.Series[bool]":
    """What `suppress` hides of a table with all its margins."""
    inner = table.loc[(table[list(dims)] != "total").all(axis=1), "n"]
    flags = suppress(sums(table, dims), inner, small(table["n"], seuil), seuil)
    return pd.Series(flags, table.index)


@settings(max_examples=15, deadline=None)
@given(st.sampled_from([(2, 2), (3, 4), (4, 1), (2, 2, 3)]), st.integers(0, 2**20), st.sampled_from([1.0, 3.0, 8.0]))
def test_no_hidden_cell_of_a_table_is_recovered(shape: tuple[int, ...], seed: int, mean: float) -> None:
    table = crossed(np.random.default_rng(seed).poisson(mean, shape))
    dims = list("abc")[: len(shape)]
    hidden = hidden_cells(table, dims, SEUIL)
    assert hidden[table["n"].between(1, SEUIL - 1)].all()
    rows = sums(table, dims)
    shown = [(r, n) for r, n, h in zip(rows, table["n"], hidden, strict=True) if not h]
    for row, h in zip(rows, hidden, strict=True):
        assert not h or width(row, shown) >= SEUIL


def test_what_is_hidden_in_a_small_table() -> None:
    table = crossed(np.array([[1, 9], [8, 7]]))
    flags = hidden_cells(table, ["a", "b"], SEUIL)
    # In a 2 × 2 table with margins, one hidden cell hides all four.
    shown = masked(table, flags, ["n"])["n"].tolist()
    assert shown == [HIDDEN, HIDDEN, 10, HIDDEN, HIDDEN, 15, 9, 16, 25]


def test_zero_and_the_threshold_show_and_seuil_1_hides_nothing() -> None:
    assert not hidden_cells(crossed(np.array([[0, 3], [5, 3]])), ["a", "b"], 3).any()
    assert not hidden_cells(crossed(np.array([[1, 1], [1, 1]])), ["a", "b"], 1).any()


def test_two_hidden_cells_of_one_unit_each_are_not_enough() -> None:
    # 1 and 1 hidden beside a total of 12 leave [0, 2], which is narrower than 3.
    flags = hidden_cells(crossed(np.array([1, 1, 10])), ["a"], SEUIL)
    assert flags.tolist() == [True, True, True, False]


def test_known_sums_may_forbid() -> None:
    with pytest.raises(ValueError, match="connu"):
        suppress([[1, 0]], [1, 1], [True], SEUIL, known=[[1, 1]])


BOOK = codebook(
    {"code": "U", "type": "choix_unique", "modalites": {"o": "", "n": "", "p": ""}},
    {"code": "F", "type": "choix_unique", "modalites": {"y": "", "z": ""}, "filtre": "U == 'o'"},
    {"code": "M", "type": "choix_multiple", "modalites": {"x": "", "y": "", "z": ""}},
    {"code": "N", "type": "nombre"},
)


def draw(seed: int, units: int) -> Published:
    """Random answers of bailleurs at work in one department or several."""
    rng = np.random.default_rng(seed)
    places = ["16", "16", "17", "17", "79", "16|17", "17|79", "16|17|79"]
    frame = organismes(*((f"u{i}", str(rng.choice(["OPH", "ESH"])), str(rng.choice(places)), 9) for i in range(units)))
    said = []
    for i in np.flatnonzero(rng.random(units) < 0.75):
        u = str(rng.choice(["o", "o", "o", "n", "p", "NR"]))
        boxes = [b for b in "xyz" if rng.random() < 0.4] or ["NR"]
        said += [(f"u{i}", "U", "", u), (f"u{i}", "N", "", str(i))]
        said += [(f"u{i}", "M", "", b) for b in boxes]
        said += [(f"u{i}", "F", "", str(rng.choice(["y", "z", "NR"])))] * (u == "o")
    return publish(asked(BOOK, frame, said), TERRITORIES, SEUIL)


def attack(published: Published, question: str) -> list[float]:
    """The attacker's interval on every hidden count of one question, over all the reports.

    Unknown: for each group of bailleurs at work in the same departments (the frame is public),
    how many did not answer, did, and chose each modality.
    """
    patterns = sorted(set(published.survey.units["departements"]))
    choices = list(BOOK.by_code[question].choices)
    kinds = ["NR", "", *choices, *(f"non {c}" for c in choices if question == "M")]

    def total(territory: str, *wanted: str) -> list[int]:
        return [int((territory in (REGION.code, *p.split("|"))) and k in wanted) for p in patterns for k in kinds]

    def link(pattern: str, parts: Sequence[str]) -> list[int]:
        return [(p == pattern) * ((k in parts) - (k == "")) for p in patterns for k in kinds]

    shown: list[tuple[Sum, float]] = []
    hidden: list[Sum] = []

    def see(value: object, row: list[int]) -> None:
        if value == HIDDEN:
            hidden.append(row)
        else:
            shown.append((row, float(value)))  # type: ignore[arg-type]

    groups = [[c, f"non {c}"] for c in choices] if question == "M" else [choices] if choices else []
    shown += [(link(p, parts), 0.0) for p in patterns for parts in groups]
    for territory in TERRITORIES:
        table = published.reponses(territory)
        table = table[table["question"] == question]
        if BOOK.by_code[question].filtre is None:
            rates = published.taux_reponse(territory).set_index("strate")
            see(rates.loc["total", "repondants"], total(territory.code, "NR", ""))
        else:
            source = published.reponses(territory)
            filtered = source[(source["question"] == "U") & (source["modalite"] == "o")]
            see(filtered["effectif"].iloc[0], total(territory.code, "NR", ""))
        for row in table.itertuples():
            kind = "" if row.modalite == "n" and question == "N" else row.modalite
            if kind not in kinds:  # a mean or a quartile: no count
                continue
            if not pd.isna(row.effectif):
                see(row.effectif, total(territory.code, kind))
            if kind != "NR":
                see(row.base, total(territory.code, ""))
    return [width(row, shown) for row in hidden]


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**20), st.integers(4, 40))
def test_no_hidden_answer_is_recovered_from_all_the_reports(seed: int, units: int) -> None:
    published = draw(seed, units)
    for question in ("U", "F", "M", "N"):
        assert min(attack(published, question), default=SEUIL) >= SEUIL
    for territory in TERRITORIES:
        counts = published.reponses(territory)
        counts = counts[counts["modalite"] != "NR"][["effectif", "base"]].stack().dropna()
        assert not counts[counts != HIDDEN].astype(float).isin([1, 2]).any()


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**20), st.integers(4, 40))
def test_no_hidden_rate_is_recovered(seed: int, units: int) -> None:
    published = draw(seed, units)
    everybody = published.survey.units
    groups = sorted(set(zip(everybody["departements"], everybody["famille"], strict=True)))
    shown: list[tuple[Sum, float]] = []
    hidden: list[Sum] = []
    for territory in TERRITORIES:
        for row in published.taux_reponse(territory).itertuples():
            name, _, value = row.strate.partition("=")
            inside = [
                (territory.is_region or territory.code in places.split("|"))
                and (name == "total" or value in (famille, *places.split("|")))
                for places, famille in groups
            ]
            # Unknown: in each group, who answered, then who did not.
            sums = {"repondants": [*map(int, inside), *[0] * len(groups)], "population": [*map(int, inside)] * 2}
            for column, one in sums.items():
                seen = getattr(row, column)
                if seen == HIDDEN:
                    hidden.append(one)
                else:
                    shown.append((one, float(seen)))
            assert (row.taux == HIDDEN) == (HIDDEN in (row.repondants, row.population))
    assert all(width(one, shown) >= SEUIL for one in hidden)


def one_department(*counts: int) -> list[tuple[str, str, str, str]]:
    values = [v for v, n in zip("onp", counts, strict=True) for _ in range(n)]
    return [(f"u{i}", "U", "", v) for i, v in enumerate(values)]


def test_a_hidden_row_shows_nothing_of_itself() -> None:
    frame = organismes(*((f"u{i}", "OPH", "16", None) for i in range(20)))
    survey = asked(BOOK, frame, one_department(9, 6, 1))
    table = publish(survey, TERRITORIES, SEUIL).reponses(REGION)
    table = table[table["question"] == "U"].set_index("modalite")
    measures = ["effectif", "part", "ic_bas", "ic_haut", "borne_min", "borne_max"]
    assert (table.loc[["n", "p"], measures] == HIDDEN).all(axis=None)
    assert table.loc["o", "effectif"] == 9 and table["base"].dropna().tolist() == [16, 16, 16]


def test_a_question_with_too_few_answers_shows_nothing() -> None:
    frame = organismes(*((f"u{i}", "OPH", "16", None) for i in range(20)))
    said = one_department(2, 0, 0) + [(f"u{i}", "U", "", "NR") for i in range(2, 9)]
    table = publish(asked(BOOK, frame, said), TERRITORIES, SEUIL).reponses(REGION)
    table = table[table["question"] == "U"]
    assert (table[["effectif", "base", "part", "population", "valeur"]] == HIDDEN).all(axis=None)


def test_quartiles_need_answers_on_either_side() -> None:
    frame = organismes(*((f"u{i}", "OPH", "16", None) for i in range(12)))
    for n, shown in (
        (2, set()),
        (3, {"n", "moyenne"}),
        (6, {"n", "moyenne", "mediane"}),
        (12, {"n", "moyenne", "mediane", "q1", "q3"}),
    ):
        said = [(f"u{i}", "N", "", str(i)) for i in range(n)]
        table = publish(asked(BOOK, frame, said), TERRITORIES, SEUIL).reponses(REGION)
        table = table[(table["question"] == "N") & (table["modalite"] != "NR")]
        assert set(table.loc[table["valeur"] != HIDDEN, "modalite"]) == shown


def test_means_that_give_one_answer_back_together_show_for_the_region_only() -> None:
    places = ["16"] * 4 + ["17"] * 4 + ["79"] * 4
    said = [(f"u{i}", "N", "", str(i)) for i in range(len(places) + 1)]
    for last, shown in (("16", "16"), ("16|17", REGION.code)):  # 16 + 17 + 79 - region is that of the last one
        frame = organismes(*((f"u{i}", "OPH", place, None) for i, place in enumerate([*places, last])))
        published = publish(asked(BOOK, frame, said), TERRITORIES, SEUIL)
        means = {
            t.code: table.loc[(table["question"] == "N") & (table["modalite"] == "moyenne"), "valeur"].iloc[0]
            for t in TERRITORIES
            if len(table := published.reponses(t))
        }
        assert means[REGION.code] == 6 and (means["16"] == HIDDEN) == (shown == REGION.code)


def test_a_crossing_of_small_cells_shows_nothing_and_leaves_the_family() -> None:
    frame = organismes(*((f"u{i}", "OPH", "16" if i < 8 else "17", None) for i in range(16)))
    survey = asked(BOOK, frame, one_department(8, 8, 0))
    clear = publish(survey, TERRITORIES, SEUIL).croisements(REGION).iloc[0]
    assert (clear.question_b, clear.n, clear.statistique) == ("departement=16", 16, 16.0)
    mixed = publish(asked(BOOK, frame, one_department(9, 7, 0)), TERRITORIES, SEUIL)
    row = mixed.croisements(REGION).iloc[0]
    assert {row.n, row.statistique, row.p, row.p_holm, row.v_cramer, row.conclusion} == {HIDDEN}


@pytest.mark.parametrize("nominatif, seuil", [(True, 3), (False, 1)])
def test_nominative_questionnaires_and_seuil_1_hide_nothing(nominatif: bool, seuil: int) -> None:
    book = BOOK.model_copy(update={"nominatif": nominatif})
    frame = organismes(("u0", "OPH", "16", 5), ("u1", "ESH", "17", 9))
    said = [("u0", "U", "", "o"), ("u0", "N", "", "4"), ("u1", "M", "", "x")]
    published = publish(asked(book, frame, said), TERRITORIES, seuil)
    for territory in TERRITORIES:
        for table in (
            published.reponses(territory),
            published.taux_reponse(territory),
            published.croisements(territory),
            published.non_reponse(territory),
            published.reponses_redressees(territory),
        ):
            assert not (table.astype(object) == HIDDEN).any(axis=None)


def test_the_same_answers_hide_the_same_cells() -> None:
    first, again = draw(7, 30), draw(7, 30)
    assert (first.cells, first.rates) == (again.cells, again.rates)
    assert first.cells
