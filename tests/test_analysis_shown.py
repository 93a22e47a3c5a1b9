"""What of a questionnaire shows in each territory, and that nothing computed from the rest does."""

import pandas as pd
import pytest
from samples import CHOICE, GRID, REGION, TERRITORIES, Row, answers, asked, codebook, organismes, question, told

from spls_study.analysis.questionnaires.shown import Shown, decide, together
from spls_study.analysis.questionnaires.tables import croisements
from spls_study.study import Territory

FILTERED = question("F", "choix_unique", modalites={"z": "Z"}, filtre="U == 'o'")
BY_CODE = {t.code: t for t in TERRITORIES}


def landlords(**places: int) -> pd.DataFrame:
    """So many bailleurs of each place: `d16_17` works in two departments."""
    rows = (
        f"{place}.{i} {'OPH' if i % 2 else 'ESH'} {place.removeprefix('d').replace('_', '|')} -"
        for place, number in places.items()
        for i in range(number)
    )
    return organismes(" | ".join(rows))


def alternating(frame: pd.DataFrame, silent: int = 0) -> list[tuple[str, str, str, str]]:
    """All bailleurs answer « o » or « n » in turn to U, but the `silent` first of each place."""
    ranks = ((who, int(who.rpartition(".")[2])) for who in frame["id"][:-1])
    return [(who, "U", "", "NR" if rank < silent else "on"[rank % 2]) for who, rank in ranks]


def decided(*questions: Row, silent: int = 0, least: int = 5, **places: int) -> Shown:
    frame = landlords(**places)
    said = alternating(frame, silent)
    if FILTERED in questions:
        said += [(who, "F", "", "z") for who, *_, value in said if value == "o"]
    return decide(asked(codebook(*questions), frame, said), TERRITORIES, least)


def shows(found: Shown, code: str = "U") -> set[str]:
    return {territory for question, _, territory in found.cells if question == code}


def reasons(found: Shown, territory: Territory) -> str:
    table = found.tables(territory)["reponses_non_montrees"]
    return told(table, "question reponses_recues motif").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("places", "shown", "why"),
    [
        # 17 and 79 together leave the four of 16.
        ({"d16": 4, "d17": 6, "d79": 7}, {"79", "region"}, {"16": "U 4 trop peu : il en faut 5", "79": ""}),
        # 16 leaves three of the region.
        (
            {"d16": 9, "d17": 3},
            {"region"},
            {"16": "U 9 la différence entre territoires serait celle de moins de 5 répondants"},
        ),
        # 16 and 17 less the region: the two of both.
        ({"d16": 7, "d17": 6, "d16_17": 2}, {"16", "region"}, {"16": "", "region": ""}),
    ],
)
def test_a_group_of_few_does_not_show_nor_one_that_leaves_few(
    places: dict[str, int], shown: set[str], why: dict[str, str]
) -> None:
    found = decided(CHOICE, **places)
    assert shows(found) == shown
    assert {code: reasons(found, BY_CODE[code]) for code in why} == why
    for code, place in BY_CODE.items():
        tables = found.tables(place)
        assert tables["reponses"].empty == (code not in shown) != tables["reponses_non_montrees"].empty
    assert told(found.tables(BY_CODE["17"])["reponses_non_montrees"], "questionnaire groupe libelle") == "b 17 ?"
    assert found.tables(REGION)["reponses"]["effectif"].sum() == sum(places.values())


def test_the_group_is_those_who_answered_the_question() -> None:
    for silent, expected in ((1, {"16", "17", "region"}), (2, {"region"})):
        found = decided(CHOICE, silent=silent, d16=6, d17=6)
        assert shows(found) == expected
        assert found.tables(BY_CODE["16"])["taux_reponse"]["repondants"].iloc[0] == 6


def test_a_filtered_question_does_not_show_where_its_filter_does_not() -> None:
    found = decided(CHOICE, FILTERED, d16=20, d17=3)
    assert shows(found) == {"region"}
    assert shows(found, "F") == {"region"}
    assert reasons(found, BY_CODE["16"]).endswith("F - la question qui la filtre n'est pas montrée")
    # It counts who answered it.
    found = decided(CHOICE, FILTERED, d16=8, d17=12)  # « o »: 4 and 6
    assert shows(found) == {"16", "17", "region"} and shows(found, "F") == {"region"}
    assert reasons(found, BY_CODE["16"]) == "F 4 trop peu : il en faut 5"


def test_everything_shows_by_name_or_where_one_respondent_is_enough() -> None:
    for least, nominatif in ((1, False), (5, True)):
        book = codebook(CHOICE, FILTERED, nominatif=nominatif)
        found = decide(asked(book, landlords(d16=2, d17=1), answers("d16.0 U o")), TERRITORIES, least)
        assert shows(found) == shows(found, "F") == set(BY_CODE)
        assert all(found.tables(t)["reponses_non_montrees"].empty for t in TERRITORIES)
        assert found.tables(BY_CODE["79"])["reponses"]["base"].dropna().tolist() == [0, 0, 0]


def test_numbers_and_rankings_show_or_not_like_the_others_and_the_number_of_free_answers_is_nobodys() -> None:
    ranking = question("R", "classement", modalites={"p": "P"})
    frame = landlords(d16=4, d17=5, d79=5)
    rows = " | ".join(f"{who} N 3 | {who} R.1 p" for who in frame["id"][:-1]) + " | d16.0 T bien"
    book = codebook(question("N", "nombre"), ranking, question("T", "texte"))
    found = decide(asked(book, frame, answers(rows)), TERRITORIES, 5)
    assert shows(found, "N") == shows(found, "R") == {"17", "region"} and shows(found, "T") == set(BY_CODE)
    here, there = (found.tables(BY_CODE[code])["reponses"].query("question != 'T'") for code in ("16", "17"))
    assert here.empty
    assert set(there["modalite"]) == {"n", "moyenne", "mediane", "q1", "q3", "p", "NR"}
    assert there.loc[there["sous_question"] == "rang_moyen", "valeur"].tolist() == [1.0]


def test_a_part_of_a_grid_has_its_own_respondents() -> None:
    frame = landlords(d16=6, d17=6)
    silent = {"d16.1", "d16.2"}
    rows = " | ".join(f"{who} G.S1 1 | {who} G.S2 {'NR' if who in silent else 1}" for who in frame["id"][:-1])
    found = decide(asked(codebook(GRID), frame, answers(rows)), TERRITORIES, 5)
    assert {(p, t) for _, p, t in found.cells} == {("S1", t) for t in ("16", "17", "region")} | {("S2", "region")}


def test_crossings_show_where_both_groups_do_and_the_family_is_of_all_tests() -> None:
    found = decided(CHOICE, question("M", "choix_multiple", modalites={"x": "X"}), d16=4, d17=12, d79=8)
    table, every = found.tables(REGION)["croisements"], croisements(found.local["region"])
    assert set(table["question_b"]) == {"departement=17", "famille"}  # 79 waits: with 17 it leaves the four of 16
    assert set(every["question_b"]) == {"departement=16", "departement=17", "departement=79", "famille"}
    held = every.set_index(["question_a", "question_b"])["p_holm"]
    for row in table[table["p"].notna()].itertuples():
        assert row.p_holm == held[row.question_a, row.question_b]


def test_a_stratum_of_few_is_not_compared() -> None:
    for of_coop, kept in ((4, set()), (5, {"famille"})):
        frame = organismes(" | ".join(f"a.{i} {'Coop' if i < of_coop else 'OPH'} 16 -" for i in range(12)))
        found = decide(asked(codebook(CHOICE), frame, alternating(frame)), TERRITORIES, 5).tables(REGION)
        assert set(found["croisements"]["question_b"]) - {"departement=16"} == kept
        assert found["reponses_redressees"]["strates"].unique().tolist() == [2 if kept else 1]


def test_strata_are_not_told_apart_when_they_leave_few_of_another_territory() -> None:
    # All OPH of the region are in 16 but two: beside the strata of the region, those of 16 would tell the two.
    rows = [f"a.{i} {'OPH' if i < 6 else 'ESH'} 16 -" for i in range(12)]
    rows += [f"b.{i} {'OPH' if i < 2 else 'ESH'} 17 -" for i in range(8)]
    frame = organismes(" | ".join(rows))
    found = decide(asked(codebook(CHOICE), frame, alternating(frame)), TERRITORIES, 5)
    assert shows(found) == {"16", "17", "region"}
    assert len(found.tables(REGION)["reponses_redressees"]) and found.tables(BY_CODE["16"])["reponses_redressees"].empty
    for number in (9, 10):  # fewer than ten asked need neither tests nor estimates
        tables = decided(CHOICE, d16=number).tables(REGION)
        assert {tables[name].empty for name in ("croisements", "reponses_redressees", "non_reponse")} == {number < 10}


def test_the_tables_of_several_questionnaires_stand_together_and_have_their_columns_without_any() -> None:
    found = decided(CHOICE, d16=12, d17=6)
    one, both = together([found], BY_CODE["16"]), together([found, found], BY_CODE["16"])
    for name, none in together([], BY_CODE["16"]).items():
        assert none.empty and list(none.dtypes) == list(one[name].dtypes) and [*none] == [*one[name]]
        assert len(both[name]) == 2 * len(one[name]), name
    pd.testing.assert_frame_equal(one["reponses"], found.tables(BY_CODE["16"])["reponses"])
