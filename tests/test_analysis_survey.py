"""What answers are counted to, at what rate, against what; crossings and stratified estimates; worked by hand."""

import numpy as np
import pytest
from samples import CHOICE, GRID, TERRITORIES, answers, asked, codebook, organismes, question, told

from spls_study.analysis.questionnaires import tables as q
from spls_study.analysis.questionnaires.survey import absents, taux_reponse

FRAME = organismes("a OPH 16 100 | b OPH 16|17 200 | c ESH 17 300 | d ESH 17 400 | e ESH 16|17 500")
BOXES = question("M", "choix_multiple", modalites={"x": "X", "y": "Y"}, autre=True)
SHARES = "modalite effectif base part"


def test_choice_of_a_sample() -> None:
    table = q.reponses(asked(codebook(CHOICE), FRAME, answers("a U o | b U o | c U n | d U NR")))
    # Of 5 of whom 3 answered: at least the 2 seen; with 5 bearers the « non » could not be.
    assert told(table, f"{SHARES} population borne_min borne_max ic_bas ic_haut") == (
        "o 2 3 0.666667 5 0.4 0.8 0.4 0.8 | n 1 3 0.333333 5 0.2 0.6 0.2 0.6 | NR 1 - - 5 - - - -"
    )


def test_a_department_counts_all_who_work_there() -> None:
    survey = asked(codebook(CHOICE), FRAME, answers("a U o | b U o | c U n | e U n"))
    found = {t.code: q.reponses(survey.within(t)) for t in TERRITORIES}
    assert {code: told(table, "effectif population") for code, table in found.items()} == {
        "16": "2 3 | 1 3 | 0 3",
        "17": "1 4 | 2 4 | 0 4",
        "79": "0 0 | 0 0 | 0 0",
        "region": "2 5 | 2 5 | 0 5",
    }
    assert told(found["16"][:1], "part ic_bas ic_haut") == "0.666667 0.666667 0.666667"  # a census


def test_boxes_numbers_dates_rankings_texts_and_grids() -> None:
    ranking = question("C", "classement", modalites={"p": "P", "q": "Q"})
    book = codebook(BOXES, question("N", "nombre"), question("D", "date"), ranking, question("T", "texte"), GRID)
    said = "a N 1 | b N 2 | c N 4 | d N 10.5 | a D 1970-01-11 | b T bien | a T NR | "
    said += "a C.1 p | a C.2 q | b C.1 p | b C.2 NR | c C.1 q | c C.2 p | d C.1 NR | d C.2 NR | "
    said += "a G.S1 1 | a G.S2 2 | b G.S1 1 | b G.S2 NR | a M x | a M y | b M x | c M autre | d M NR"
    table = q.reponses(asked(book, FRAME, answers(said)))
    found = {code: told(own, f"sous_question {SHARES} valeur") for code, own in table.groupby("question")}
    # Boxes are shares of respondents.
    assert found["M"] == " x 2 3 0.666667 - |  y 1 3 0.333333 - |  autre 1 3 0.333333 - |  NR 1 - - -"
    # Type 7: positions 1.75, 2.5 and 3.25 of 1, 2, 4, 10.5.
    quartiles = " n 4 4 - 4 |  moyenne - 4 - 4.375 |  mediane - 4 - 3 |  q1 - 4 - 1.75 |  q3 - 4 - 5.625 |  NR 0 - - -"
    assert found["N"] == quartiles
    assert " mediane - 1 - 10 |" in found["D"]
    assert found["C"] == (
        "1 p 2 3 0.666667 - | 1 q 1 3 0.333333 - | rang_moyen p - - - 1.33333 | rang_moyen q - - - 1.5 |  NR 1 - - -"
    )
    assert found["T"] == " n 1 1 - 1 |  NR 1 - - -"
    assert found["G"] == ("S1 1 2 2 1 - | S1 2 0 2 0 - | S1 NR 0 - - - | S2 1 0 1 0 - | S2 2 1 1 1 - | S2 NR 1 - - -")


def test_a_filtered_question_concerns_a_known_number_only_if_all_answered_the_filter() -> None:
    filtered = question("F", "choix_unique", modalites={"z": "Z"}, filtre="U == 'o'")
    for who, population, bound, value in (
        ("d U n", "3", "borne_min", "0.666667"),
        ("d U NR", "-", "ic_bas", f"{0.025 ** (1 / 2):g}"),  # not known of how many: Clopper-Pearson, 2 of 2
    ):
        said = answers(f"a U o | b U o | c U n | {who} | e U o | a F z | b F z | e F NR")
        table = q.reponses(asked(codebook(CHOICE, filtered), FRAME, said)).query("question == 'F' and modalite == 'z'")
        assert told(table, f"base population {bound}") == f"2 {population} {value}"


def test_without_a_frame_or_with_a_number() -> None:
    said = answers("0 U o | 1 U o | 2 U o | 3 U o")
    free = asked(codebook(CHOICE, population=None, repondant=None, strates=()), FRAME, said)
    assert free.population is None and taux_reponse(free)["taux"].isna().all()
    assert absents(free).empty and q.non_reponse(free).empty and q.reponses_redressees(free, 1).empty
    assert asked(codebook(CHOICE, population=9), FRAME, said).population == 9
    assert asked(codebook(CHOICE, population=3), FRAME, said).population is None
    nobody = asked(codebook(CHOICE), FRAME.iloc[:0], [])
    assert q.reponses(nobody)["effectif"].tolist() == [0, 0, 0]


def test_rates_and_the_chase_list() -> None:
    survey = asked(codebook(CHOICE), FRAME, answers("a U o | e U NR"))
    assert told(taux_reponse(survey), "strate population repondants taux") == (
        "total 5 2 0.4 | departement=16 3 2 0.666667 | departement=17 4 1 0.25 | famille=ESH 3 1 0.333333 | "
        "famille=OPH 2 1 0.5"
    )
    assert absents(survey)["organisme"].tolist() == ["b", "c", "d"]
    own = asked(codebook(CHOICE), FRAME, answers("a U o | a departement 79 | b U o"))  # a stratum of the answers wins
    assert told(own.units[:2], "repondant departements") == "a 79 | b 16|17"
    tests = q.non_reponse(survey).set_index("critere")["p"]
    # Both answers come from the three of Charente: 3 of the 10 pairs.
    assert tests["departement=16"] == pytest.approx(0.4)
    # Sizes 100 and 500 against 200, 300, 400: the middle of the distribution.
    assert tests["nb_logements"] == 1.0


def test_crossings_make_one_family() -> None:
    frame = organismes(" | ".join(f"{d}{i} OPH {d} -" for d in ("16", "17") for i in range(4)))
    said = answers(" | ".join(f"16{i} U o | 16{i} M x | 17{i} U n | 17{i} M y" for i in range(4)))
    table = q.croisements(asked(codebook(CHOICE, BOXES), frame, said))
    assert table["question_a"].unique().tolist() == ["U", "M[x]", "M[y]", "M[autre]"]
    tested, family = table[(table.question_a == "U") & (table.question_b != "departement=17")].itertuples()
    assert (tested.n, tested.statistique, tested.v_cramer) == (8, 8.0, 1.0)
    assert tested.p == pytest.approx(2 / 70)
    assert table["p"].notna().sum() == 6  # « autre » never ticked, one famille: no test
    assert tested.p_holm == pytest.approx(6 * 2 / 70)
    assert (tested.conclusion, family.conclusion) == ("écart non établi", "sans objet")


def test_stratified_estimate_of_cochran() -> None:
    # W = 3/4, 1/4; p = 1/2, 1; only the first stratum varies, (1 - 4/30) × 1/4 / 3.
    part, error, low, high = q.stratified([q.Stratum(30, 4, (2,)), q.Stratum(10, 5, (5,))], 0)
    assert part == 0.75 * 0.5 + 0.25
    assert error == pytest.approx(0.75 * ((1 - 4 / 30) / 12) ** 0.5)
    assert low < part < high
    assert q.stratified([q.Stratum(2, 2, (1,)), q.Stratum(3, 3, (0,))], 0) == (0.2, 0.0, 0.2, 0.2)
    assert np.isnan(q.stratified([q.Stratum(9, 1, (1,))], 0)[1])
    # 11 of 12 answered, 9 in this way: at least 9, at most 10 of the 12.
    *_, low, high = q.stratified([q.Stratum(6, 5, (4,)), q.Stratum(6, 6, (5,))], 0)
    assert low >= 9 / 12 and high == 10 / 12
    table = q.reponses_redressees(asked(codebook(CHOICE), FRAME, answers("a U o | b U o | c U n | d U n")), 1)
    # All of each famille say the same: no error.
    assert told(table[:1], "modalite part_brute part strate strates erreur_type") == "o 0.5 0.4 famille 2 0"


def test_short_strata_join_the_smallest_other() -> None:
    # The empty one joins the census of one: 6 units, 1 answer. That joins the stratum of 6: 12 units, 4 answers. The
    # stratum of 9 then joins those 12.
    strata = [q.Stratum(*one) for one in ((20, 8, (3,)), (6, 3, (1,)), (9, 1, (1,)), (5, 0, (0,)), (1, 1, (1,)))]
    larger = [q.Stratum(*one) for one in ((9, 5, (3,)), (4, 4, (1,)), (8, 6, (2,)))]
    assert q.collapse(strata, 1) == [q.Stratum(20, 8, (3,)), q.Stratum(21, 5, (3,))]
    assert q.collapse(strata, 6) == [q.Stratum(41, 13, (6,))]
    assert q.collapse(strata[2:3], 1) == strata[2:3] and q.collapse(larger, 4) == larger
    assert q.collapse(larger, 5) == [q.Stratum(9, 5, (3,)), q.Stratum(12, 10, (3,))]
