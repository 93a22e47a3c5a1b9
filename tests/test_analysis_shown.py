"""What of a questionnaire shows in each territory, and that nothing computed from the rest does."""

import pandas as pd
import pytest
from samples import CHOICE, GRID, REGION, TERRITORIES, Row, asked, codebook, organismes, question

from spls_study.analysis.questionnaires.croisements import croisements
from spls_study.analysis.questionnaires.shown import Shown, decide, together
from spls_study.study import Territory

FILTERED = question("F", "choix_unique", modalites={"z": "Z"}, filtre="U == 'o'")
BY_CODE = {t.code: t for t in TERRITORIES}


def landlords(**places: int) -> list[tuple[str, str, str, int | None]]:
    """So many bailleurs of each place: `d16_17` works in two departments."""
    return [
        (f"{place}.{i}", "OPH" if i % 2 else "ESH", place.removeprefix("d").replace("_", "|"), None)
        for place, number in places.items()
        for i in range(number)
    ]


def decided(*questions: Row, silent: int = 0, least: int = 5, **places: int) -> Shown:
    """All answer « o » or « n » in turn to U, but the `silent` first of each place."""
    frame = organismes(*landlords(**places))
    said = []
    for who in frame.loc[frame["role"] == "bailleur", "id"]:
        rank = int(who.split(".")[1])
        value = "NR" if rank < silent else "on"[rank % 2]
        said.append((who, "U", "", value))
        said += [(who, "F", "", "z")] if value == "o" and any(q["code"] == "F" for q in questions) else []
    return decide(asked(codebook(*questions), frame, said), TERRITORIES, least)


def shows(found: Shown, code: str = "U") -> set[str]:
    return {territory for question, _, territory in found.cells if question == code}


def reasons(found: Shown, territory: Territory) -> list[list[object]]:
    return (
        found.tables(territory)["reponses_non_montrees"][["question", "reponses_recues", "motif"]].to_numpy().tolist()
    )


def test_four_answers_in_a_department_do_not_show() -> None:
    found = decided(CHOICE, d16=4, d17=6, d79=7)
    assert shows(found) == {"79", "region"}  # 17 and 79 together leave the four of 16
    assert reasons(found, BY_CODE["16"]) == [["U", 4, "trop peu\u00a0: il en faut 5"]]
    assert reasons(found, BY_CODE["79"]) == []
    table = found.tables(BY_CODE["16"])["reponses_non_montrees"]
    assert table[["questionnaire", "groupe", "libelle"]].to_numpy().tolist() == [["b", "16", "?"]]
    assert found.tables(BY_CODE["16"])["reponses"].empty
    assert found.tables(REGION)["reponses"]["effectif"].tolist() == [9, 8, 0]


def test_a_department_that_leaves_three_of_the_region_waits() -> None:
    found = decided(CHOICE, d16=9, d17=3)
    assert shows(found) == {"region"}
    assert reasons(found, BY_CODE["16"]) == [
        ["U", 9, "la différence entre territoires serait celle de moins de 5 répondants"]
    ]


def test_two_departments_that_overlap_and_leave_two_by_their_sum() -> None:
    found = decided(CHOICE, d16=7, d17=6, d16_17=2)
    assert shows(found) == {"16", "region"}  # 16 and 17 less the region: the two of both
    assert [r[0] for r in reasons(found, BY_CODE["17"])] == ["U"]


@pytest.mark.parametrize("silent, expected", [(0, {"16", "17", "region"}), (1, {"16", "17", "region"}), (2, set())])
def test_the_group_is_those_who_answered_the_question(silent: int, expected: set[str]) -> None:
    found = decided(CHOICE, silent=silent, d16=6, d17=6)
    assert shows(found) == (expected or {"region"})
    assert found.tables(BY_CODE["16"])["taux_reponse"]["repondants"].iloc[0] == 6


def test_a_filtered_question_does_not_show_where_its_filter_does_not() -> None:
    found = decided(CHOICE, FILTERED, d16=20, d17=3)
    assert shows(found) == {"region"}
    assert shows(found, "F") == {"region"}
    rows = found.tables(BY_CODE["16"])["reponses_non_montrees"].set_index("question")
    assert pd.isna(rows.reponses_recues["F"]) and rows.motif["F"] == "la question qui la filtre n'est pas montrée"


def test_a_filtered_question_counts_who_answered_it() -> None:
    found = decided(CHOICE, FILTERED, d16=8, d17=12)  # « o »: 4 and 6
    assert shows(found) == {"16", "17", "region"} and shows(found, "F") == {"region"}
    assert reasons(found, BY_CODE["16"]) == [["F", 4, "trop peu\u00a0: il en faut 5"]]


@pytest.mark.parametrize("least, nominatif", [(1, False), (5, True)])
def test_everything_shows_by_name_or_where_one_respondent_is_enough(least: int, nominatif: bool) -> None:
    frame = organismes(*landlords(d16=2, d17=1))
    book = codebook(CHOICE, FILTERED, nominatif=nominatif)
    found = decide(asked(book, frame, [("d16.0", "U", "", "o")]), TERRITORIES, least)
    assert shows(found) == shows(found, "F") == set(BY_CODE)
    assert all(found.tables(t)["reponses_non_montrees"].empty for t in TERRITORIES)
    assert found.tables(BY_CODE["79"])["reponses"]["base"].dropna().tolist() == [0, 0, 0]


def test_the_number_of_free_answers_is_nobodys_answer() -> None:
    book = codebook(question("T", "texte"))
    frame = organismes(*landlords(d16=2, d17=9))
    found = decide(asked(book, frame, [("d16.0", "T", "", "bien")]), TERRITORIES, 5)
    assert shows(found, "T") == set(BY_CODE)


def test_numbers_and_rankings_show_or_not_like_the_others() -> None:
    book = codebook(question("N", "nombre"), question("R", "classement", modalites={"p": "P"}))
    frame = organismes(*landlords(d16=4, d17=5, d79=5))
    rows = [(who, code, part, value) for who in frame["id"][:-1] for code, part, value in (
        ("N", "", "3"), ("R", "1", "p"))]  # fmt: skip
    found = decide(asked(book, frame, rows), TERRITORIES, 5)
    assert shows(found, "N") == shows(found, "R") == {"17", "region"}
    here, there = (found.tables(BY_CODE[code])["reponses"] for code in ("16", "17"))
    assert here.empty
    assert set(there["modalite"]) == {"n", "moyenne", "mediane", "q1", "q3", "p", "NR"}
    assert there.loc[there["sous_question"] == "rang_moyen", "valeur"].tolist() == [1.0]


def test_a_part_of_a_grid_has_its_own_respondents() -> None:
    frame = organismes(*landlords(d16=6, d17=6))
    rows = [(who, "G", part, "NR" if part == "S2" and who.startswith("d16.1") else "1") for who in frame["id"][:-1]
            for part in ("S1", "S2")]  # fmt: skip
    rows += [("d16.2", "G", "S2", "NR")]
    rows.remove(("d16.2", "G", "S2", "1"))
    found = decide(asked(codebook(GRID), frame, rows), TERRITORIES, 5)
    assert {(p, t) for _, p, t in found.cells} == {("S1", t) for t in ("16", "17", "region")} | {("S2", "region")}


def test_crossings_show_where_both_groups_do_and_the_family_is_of_all_tests() -> None:
    found = decided(CHOICE, question("M", "choix_multiple", modalites={"x": "X"}), d16=4, d17=12, d79=8)
    table, every = found.tables(REGION)["croisements"], croisements(found.local["region"])
    assert set(table["question_b"]) == {"departement=17", "famille"}  # 79 waits: with 17 it leaves the four of 16
    assert set(every["question_b"]) == {"departement=16", "departement=17", "departement=79", "famille"}
    held = every.set_index(["question_a", "question_b"])["p_holm"]
    for row in table[table["p"].notna()].itertuples():
        assert row.p_holm == held[row.question_a, row.question_b]


@pytest.mark.parametrize("of_coop, kept", [(4, set()), (5, {"famille"})])
def test_a_stratum_of_few_is_not_compared(of_coop: int, kept: set[str]) -> None:
    frame = organismes(*[(f"a{i}", "Coop" if i < of_coop else "OPH", "16", None) for i in range(12)])
    said = [(who, "U", "", "on"[int(who[1:]) % 2]) for who in frame["id"][:-1]]
    found = decide(asked(codebook(CHOICE), frame, said), TERRITORIES, 5)
    assert set(found.tables(REGION)["croisements"]["question_b"]) - {"departement=16"} == kept
    table = found.tables(REGION)["reponses_redressees"]
    assert table["strates"].unique().tolist() == [2 if kept else 1]


def test_strata_are_not_told_apart_when_they_leave_few_of_another_territory() -> None:
    # All OPH of the region are in 16 but two: beside the strata of the region, those of 16 would tell the two.
    rows = [(f"a{i}", "OPH" if i < 6 else "ESH", "16", None) for i in range(12)]
    rows += [(f"b{i}", "OPH" if i < 2 else "ESH", "17", None) for i in range(8)]
    frame = organismes(*rows)
    said = [(who, "U", "", "on"[int(who[1:]) % 2]) for who in frame["id"][:-1]]
    found = decide(asked(codebook(CHOICE), frame, said), TERRITORIES, 5)
    assert shows(found) == {"16", "17", "region"}
    assert len(found.tables(REGION)["reponses_redressees"]) and found.tables(BY_CODE["16"])["reponses_redressees"].empty


def test_fewer_than_ten_asked_need_neither_tests_nor_estimates() -> None:
    for number, some in ((9, False), (10, True)):
        found = decided(CHOICE, d16=number)
        tables = found.tables(REGION)
        shown = [len(tables[name]) > 0 for name in ("croisements", "reponses_redressees", "non_reponse")]
        assert shown == [some] * 3


def test_the_tables_of_several_questionnaires_stand_together_and_have_their_columns_without_any() -> None:
    found = decided(CHOICE, d16=12, d17=6)
    one, both = together([found], BY_CODE["16"]), together([found, found], BY_CODE["16"])
    for name, none in together([], BY_CODE["16"]).items():
        assert none.empty and list(none.dtypes) == list(one[name].dtypes) and [*none] == [*one[name]]
        assert len(both[name]) == 2 * len(one[name]), name
    pd.testing.assert_frame_equal(one["reponses"], found.tables(BY_CODE["16"])["reponses"])
