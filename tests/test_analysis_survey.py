from math import isnan

import numpy as np
import pandas as pd
import pytest
from samples import CHOICE, GRID, TERRITORIES, asked, codebook, organismes, question

from spls_study.analysis.questionnaires.croisements import croisements, non_reponse
from spls_study.analysis.questionnaires.redressement import Stratum, collapse, reponses_redressees, stratified
from spls_study.analysis.questionnaires.reponses import reponses
from spls_study.analysis.questionnaires.survey import absents, taux_reponse

FRAME = organismes(
    ("a", "OPH", "16", 100),
    ("b", "OPH", "16|17", 200),
    ("c", "ESH", "17", 300),
    ("d", "ESH", "17", 400),
    ("e", "ESH", "16|17", 500),
)
BOXES = question("M", "choix_multiple", modalites={"x": "X", "y": "Y"}, autre=True)


def row(table: pd.DataFrame, **keys: str) -> pd.Series:
    found = table[(table[list(keys)] == pd.Series(keys)).all(axis=1)]
    assert len(found) == 1
    return found.iloc[0]


def test_choice_of_a_sample() -> None:
    said = [("a", "U", "", "o"), ("b", "U", "", "o"), ("c", "U", "", "n"), ("d", "U", "", "NR")]
    table = reponses(asked(codebook(CHOICE), FRAME, said))
    assert table["modalite"].tolist() == ["o", "n", "NR"]
    yes = row(table, modalite="o")
    assert (yes.effectif, yes.base, yes.part, yes.population) == (2, 3, 2 / 3, 5)
    assert (yes.borne_min, yes.borne_max) == (2 / 5, 4 / 5)
    # Of 5 of whom 3 answered: at least the 2 seen; with 5 bearers the « non » could not be.
    assert (yes.ic_bas, yes.ic_haut) == (2 / 5, 4 / 5)
    silent = row(table, modalite="NR")
    assert silent.effectif == 1 and pd.isna(silent.base) and isnan(silent.part)


def test_a_department_counts_all_who_work_there() -> None:
    said = [(r, "U", "", v) for r, v in zip("abce", "oonn", strict=True)]
    survey = asked(codebook(CHOICE), FRAME, said)
    found = {t.code: reponses(survey.within(t)) for t in TERRITORIES}
    assert found["16"]["effectif"].tolist() == [2, 1, 0]
    assert found["17"]["effectif"].tolist() == [1, 2, 0]
    assert found["region"]["effectif"].tolist() == [2, 2, 0]
    assert found["79"]["effectif"].tolist() == [0, 0, 0]
    assert {c: int(t["population"].iloc[0]) for c, t in found.items()} == {"16": 3, "17": 4, "79": 0, "region": 5}
    census = row(found["16"], modalite="o")
    assert census.ic_bas == census.ic_haut == census.part == 2 / 3


def test_boxes_are_shares_of_respondents() -> None:
    said = [(who, "M", "", what) for who, what in zip("aabcd", ["x", "y", "x", "autre", "NR"], strict=True)]
    table = reponses(asked(codebook(BOXES), FRAME, said)).set_index("modalite")
    assert table["effectif"].to_dict() == {"x": 2, "y": 1, "autre": 1, "NR": 1}
    assert table.loc[["x", "y", "autre"], "part"].tolist() == [2 / 3, 1 / 3, 1 / 3]


def test_numbers_dates_rankings_texts_and_grids() -> None:
    book = codebook(
        question("N", "nombre"),
        question("D", "date"),
        question("C", "classement", modalites={"p": "P", "q": "Q"}),
        question("T", "texte"),
        GRID,
    )
    said = [(r, "N", "", v) for r, v in zip("abcd", ["1", "2", "4", "10.5"], strict=True)]
    said += [("a", "D", "", "1970-01-11"), ("b", "T", "", "bien"), ("a", "T", "", "NR")]
    ranked = ("a", "p", "q"), ("b", "p", "NR"), ("c", "q", "p"), ("d", "NR", "NR")
    for who, first, second in ranked:
        said += [(who, "C", "1", first), (who, "C", "2", second)]
    for who, here, there in (("a", "1", "2"), ("b", "1", "NR")):
        said += [(who, "G", "S1", here), (who, "G", "S2", there)]
    table = reponses(asked(book, FRAME, said))
    number = table[table["question"] == "N"].set_index("modalite")["valeur"].dropna()
    # Type 7: positions 1.75, 2.5 and 3.25 of 1, 2, 4, 10.5.
    assert number.to_dict() == {"n": 4, "moyenne": 4.375, "mediane": 3, "q1": 1.75, "q3": 5.625}
    assert row(table, question="D", modalite="mediane").valeur == 10
    first = row(table, question="C", sous_question="1", modalite="p")
    assert (first.effectif, first.base, first.part) == (2, 3, 2 / 3)
    assert row(table, question="C", sous_question="rang_moyen", modalite="p").valeur == 4 / 3
    assert row(table, question="C", sous_question="rang_moyen", modalite="q").valeur == 3 / 2
    assert row(table, question="C", modalite="NR").effectif == 1
    assert row(table, question="T", modalite="n").effectif == 1
    assert row(table, question="G", sous_question="S2", modalite="2").base == 1
    assert row(table, question="G", sous_question="S1", modalite="1").base == 2


def test_a_filtered_question_concerns_a_known_number_only_if_all_answered_the_filter() -> None:
    filtered = question("F", "choix_unique", modalites={"z": "Z"}, filtre="U == 'o'")
    said = [(r, "U", "", v) for r, v in zip("abcde", "oonno", strict=True)]
    said += [("a", "F", "", "z"), ("b", "F", "", "z"), ("e", "F", "", "NR")]
    book = codebook(CHOICE, filtered)
    known = row(reponses(asked(book, FRAME, said)), question="F", modalite="z")
    assert (known.population, known.base, known.borne_min) == (3, 2, 2 / 3)
    said[3] = ("d", "U", "", "NR")
    unknown = row(reponses(asked(book, FRAME, said)), question="F", modalite="z")
    assert pd.isna(unknown.population) and isnan(unknown.borne_min)
    assert unknown.ic_bas == pytest.approx(0.025 ** (1 / 2))  # Clopper-Pearson, 2 of 2


def test_without_a_frame_or_with_a_number() -> None:
    said = [(str(i), "U", "", "o") for i in range(4)]
    free = asked(codebook(CHOICE, population=None, repondant=None, strates=()), FRAME, said)
    assert free.population is None and taux_reponse(free)["taux"].isna().all()
    assert absents(free).empty and non_reponse(free).empty and reponses_redressees(free, 1).empty
    assert asked(codebook(CHOICE, population=9), FRAME, said).population == 9
    assert asked(codebook(CHOICE, population=3), FRAME, said).population is None
    nobody = asked(codebook(CHOICE), FRAME.iloc[:0], [])
    assert reponses(nobody)["effectif"].tolist() == [0, 0, 0]


def test_rates_and_the_chase_list() -> None:
    survey = asked(codebook(CHOICE), FRAME, [("a", "U", "", "o"), ("e", "U", "", "NR")])
    rates = taux_reponse(survey).set_index("strate")
    assert rates[["population", "repondants"]].T.to_dict("list") == {
        "total": [5, 2],
        "departement=16": [3, 2],
        "departement=17": [4, 1],
        "famille=ESH": [3, 1],
        "famille=OPH": [2, 1],
    }
    assert rates.loc["departement=16", "taux"] == 2 / 3
    assert absents(survey)["organisme"].tolist() == ["b", "c", "d"]
    tests = non_reponse(survey).set_index("critere")["p"]
    # Both answers come from the three of Charente: 3 of the 10 pairs.
    assert tests["departement=16"] == pytest.approx(0.4)
    # Sizes 100 and 500 against 200, 300, 400: the middle of the distribution.
    assert tests["nb_logements"] == 1.0


def test_a_stratum_of_the_answers_wins_over_that_of_the_organisme() -> None:
    said = [("a", "U", "", "o"), ("a", "departement", "", "79"), ("b", "U", "", "o")]
    units = asked(codebook(CHOICE), FRAME, said).units.set_index("repondant")["departements"]
    assert (units["a"], units["b"]) == ("79", "16|17")


def test_crossings_make_one_family() -> None:
    frame = organismes(*((f"{d}{i}", "OPH", d, None) for d in ("16", "17") for i in range(4)))
    said = [(r, "U", "", "o" if r.startswith("16") else "n") for r in frame["id"][:-1]]
    said += [(r, "M", "", "x" if r.startswith("16") else "y") for r in frame["id"][:-1]]
    table = croisements(asked(codebook(CHOICE, BOXES), frame, said))
    assert table["question_a"].unique().tolist() == ["U", "M[x]", "M[y]", "M[autre]"]
    tested = row(table, question_a="U", question_b="departement=16")
    assert (tested.n, tested.statistique, tested.v_cramer) == (8, 8.0, 1.0)
    assert tested.p == pytest.approx(2 / 70)
    assert table["p"].notna().sum() == 6  # « autre » never ticked, one famille: no test
    assert tested.p_holm == pytest.approx(6 * 2 / 70)
    assert tested.conclusion == "écart non établi"
    assert row(table, question_a="U", question_b="famille").conclusion == "sans objet"


def test_stratified_estimate_of_cochran() -> None:
    # W = 3/4, 1/4; p = 1/2, 1; only the first stratum varies, (1 - 4/30) × 1/4 / 3.
    part, error, low, high = stratified([Stratum(30, 4, (2,)), Stratum(10, 5, (5,))], 0)
    assert part == 0.75 * 0.5 + 0.25
    assert error == pytest.approx(0.75 * ((1 - 4 / 30) / 12) ** 0.5)
    assert low < part < high
    assert stratified([Stratum(2, 2, (1,)), Stratum(3, 3, (0,))], 0) == (0.2, 0.0, 0.2, 0.2)
    assert np.isnan(stratified([Stratum(9, 1, (1,))], 0)[1])


STRATA = [Stratum(20, 8, (3,)), Stratum(6, 3, (1,)), Stratum(9, 1, (1,)), Stratum(5, 0, (0,)), Stratum(1, 1, (1,))]
LARGER = [Stratum(9, 5, (3,)), Stratum(4, 4, (1,)), Stratum(8, 6, (2,))]


@pytest.mark.parametrize(
    ("strata", "least", "joined"),
    [
        # The empty one joins the census of one: 6 units, 1 answer. That joins the stratum of 6: 12
        # units, 4 answers. The stratum of 9 then joins those 12.
        (STRATA, 1, [Stratum(20, 8, (3,)), Stratum(21, 5, (3,))]),
        (STRATA, 6, [Stratum(41, 13, (6,))]),
        (STRATA[2:3], 1, STRATA[2:3]),
        (LARGER, 4, LARGER),
        (LARGER, 5, [Stratum(9, 5, (3,)), Stratum(12, 10, (3,))]),
    ],
)
def test_short_strata_join_the_smallest_other(strata: list[Stratum], least: int, joined: list[Stratum]) -> None:
    assert collapse(strata, least) == joined


def test_an_interval_stays_within_what_is_known() -> None:
    # 11 of 12 answered, 9 in this way: at least 9, at most 10 of the 12.
    *_, low, high = stratified([Stratum(6, 5, (4,)), Stratum(6, 6, (5,))], 0)
    assert low >= 9 / 12 and high == 10 / 12


def test_weighting_by_famille() -> None:
    said = [("a", "U", "", "o"), ("b", "U", "", "o"), ("c", "U", "", "n"), ("d", "U", "", "n")]
    table = reponses_redressees(asked(codebook(CHOICE), FRAME, said), 1)
    yes = row(table, modalite="o")
    assert (yes.part_brute, yes.part, yes.strate, yes.strates) == (0.5, 2 / 5, "famille", 2)
    assert yes.erreur_type == 0  # all of each famille say the same
