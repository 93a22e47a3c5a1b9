"""The demonstration's answers: as its README says, and nobody's name comes out."""

import re
from pathlib import Path

import pandas as pd
import pytest

from demo import questionnaires, write_demo
from demo.organismes import BAILLEURS
from spls_study.analysis.questionnaires.shown import decide
from spls_study.analysis.questionnaires.survey import survey
from spls_study.codebook import NR
from spls_study.intake import check
from spls_study.intake.reponses import Received, read_questionnaires
from spls_study.intake.verbatims import FILE, publishable
from spls_study.questionnaires import load_codebooks, read_answers
from spls_study.study import PACKAGE, REGION, Study, load_study
from spls_study.tables import read_table

SECRET = re.compile(r"tartempion|durandal|@|36 ?49|39[. ]98", re.IGNORECASE)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, Received]:
    folder = tmp_path_factory.mktemp("demo")
    write_demo(folder)
    study = load_study(folder / "study.toml")
    check(study)
    return study, read_questionnaires(study, read_table(study, "organismes"))


def test_five_gestionnaires_and_20_landlords_answer(demo: tuple[Study, Received]) -> None:
    study, received = demo
    assert read_answers(study, "gestionnaires")["repondant"].nunique() == 5
    who = set(read_answers(study, "bailleurs")["repondant"])
    assert len(who) == 20 and who < {b.id for b in BAILLEURS}
    rate = {
        f: len(who & {b.id for b in BAILLEURS if b.famille == f}) / sum(b.famille == f for b in BAILLEURS)
        for f in ("OPH", "MOI")
    }
    assert rate["OPH"] > rate["MOI"] > 0  # unequal answers are what the analysis must correct
    assert not received.set_aside and not received.ignored
    assert sum(f.refusees for f in received.files) == 2


def test_every_mistake_of_the_readme_is_found(demo: tuple[Study, Received]) -> None:
    study, received = demo
    refusals, warnings = pd.concat(received.refusals), pd.concat(received.warnings)
    assert sorted(w.split(",")[0].split(" par")[0] for w in refusals["motif"]) == ["remplacée", "réponse incomplète"]
    assert sorted(warnings["colonne"]) == ["B08", "B09", "B11", "G16[SQ003]", "organisme"]
    table = read_answers(study, "bailleurs")
    assert not len(table[(table["repondant"] == "B07") & (table["question"] == "B08")])
    third = table[(table["repondant"] == "B03") & (table["question"] == "B09")]
    assert list(third["valeur"]) == [NR]


def test_since_july_each_group_that_shows_has_gained_nobody_or_enough(tmp_path: Path) -> None:
    write_demo(tmp_path)
    found = []
    for file in ("study.toml", "demo/intermediaire/study.toml"):
        study = load_study(tmp_path / file)
        check(study)
        book, answers = load_codebooks(study)["bailleurs"], read_answers(study, "bailleurs")
        asked = survey(book, answers, read_table(study, "organismes"))
        found.append(decide(asked, study.territories, study.confidentialite.repondants))
    july, october = found
    gained = {}
    for place in study.territories:
        before, after = ({i.key: set(i.answered["repondant"]) for i in s.local[place.code].items} for s in found)
        for key, who in after.items():
            assert before[key] <= who
            if (*key, place.code) in july.cells & october.cells:
                gained[*key, place.code] = len(who - before[key])
    assert set(gained.values()) == {0, 5}
    assert {cell[2] for cell, number in gained.items() if number} == {"17", "region"}
    for one in found:
        closed = [i for i in one.local[REGION].items if i.question.choices and i.question.filtre is None]
        cells = [(*i.key, place.code) for i in closed for place in study.territories]
        assert sum(cell not in one.cells for cell in cells) < 0.05 * len(cells)


def test_an_answer_came_after_the_closing(tmp_path: Path) -> None:
    write_demo(tmp_path)
    study = load_study(tmp_path / "demo/intermediaire/study.toml")
    report = check(study)
    late = report.refusals[report.refusals["motif"].str.contains("après la clôture du 26/09/2014")]
    assert late["valeur"].tolist() == ["2014-09-29 10:30:00"]
    assert any("bailleurs_2014-10-01.csv, submitdate\u00a0: réponse reçue après" in line for line in report.lines)
    who = set(read_answers(study, "bailleurs")["repondant"])
    assert len(who) == 25 and f"B{questionnaires.LATE}" not in who


def test_numbers_are_coherent(demo: tuple[Study, Received]) -> None:
    study, _ = demo
    for id, code in (("gestionnaires", "G18"), ("bailleurs", "B16")):
        table = read_answers(study, id)
        funnel = table[(table["question"] == code) & (table["valeur"] != NR)]
        wide = funnel.pivot(index="repondant", columns="sous_question", values="valeur").astype(int)
        assert (wide["SQ001"] >= wide["SQ002"]).all() and (wide["SQ002"] >= wide["SQ003"]).all()
        assert (wide["SQ002"] == wide["SQ003"] + wide["SQ004"]).all()


def test_no_contact_comes_out(demo: tuple[Study, Received]) -> None:
    study, received = demo
    typed = read_answers(study, "bailleurs")["valeur"]
    assert typed.str.contains(SECRET).sum() > 10  # the trap is set
    shown = publishable(study, read_table(study, "organismes"))
    assert len(shown) >= 8
    assert shown["texte"].str.contains("[nom]", regex=False).any()
    assert not shown["texte"].str.contains(SECRET).any()
    for table in (*received.refusals, *received.warnings):
        assert not table["valeur"].astype("str").str.contains(SECRET).any()


def test_the_review_shipped_is_what_check_writes(tmp_path: Path) -> None:
    write_demo(tmp_path)
    study = load_study(tmp_path / "study.toml")
    before = (study.relecture / FILE).read_bytes()
    check(study)
    read_questionnaires(study, read_table(study, "organismes"))
    assert (study.relecture / FILE).read_bytes() == before


def test_marks_already_made_are_not_written_over(tmp_path: Path) -> None:
    review = tmp_path / "data" / "relecture" / FILE
    review.parent.mkdir(parents=True)
    review.write_bytes(b"des marques")
    write_demo(tmp_path)
    assert review.read_bytes() == b"des marques"


def test_the_codebooks_are_the_projects_own(demo: tuple[Study, Received]) -> None:
    study, _ = demo
    assert load_codebooks(study) == load_codebooks(load_study(PACKAGE.parent / "study.toml"))
    assert {b.rang for b in BAILLEURS} > questionnaires.ABSENT
