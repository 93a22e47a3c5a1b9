"""Every export of LimeSurvey gives the same checked answers: real files, then those of a small LimeSurvey."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from limesurvey import FORMS, Answers, exported, heads, imported

from conftest import pairs
from spls_study.codebook import AUTRE, NR, Codebook, load_codebook, read_answers
from spls_study.columns import columns
from spls_study.forms.limesurvey import survey
from spls_study.intake.exports import Exported
from spls_study.intake.readers import read_sheets
from spls_study.intake.reponses import accept, interpret, read_questionnaires
from spls_study.intake.sheets import Rows, Unreadable, end_to_end
from spls_study.keys import Limites
from spls_study.study import PACKAGE, Study
from spls_study.tables import empty
from spls_study.words import bare, mended, squeeze

FILES = Path(__file__).parent / "fixtures" / "limesurvey"
BAILLEURS = PACKAGE.parent / "data" / "raw" / "questionnaires" / "bailleurs.toml"
BY_CODE = "choisissez «\u00a0Code de la question\u00a0»"
Found = set[tuple[str, str, str, str]]


def read(study: Study, codebook: Path, *names: str) -> tuple[Found, list[str]]:
    """The checked answers of these files, and what is said of them."""
    folder = study.raw / "questionnaires"
    folder.mkdir(exist_ok=True)
    (folder / codebook.name).write_bytes(codebook.read_bytes())
    for name in names:
        (folder / name).write_bytes((FILES / name).read_bytes())
    report = read_questionnaires(study)
    table = read_answers(study, codebook.stem)
    return set(table.itertuples(index=False, name=None)), [*report.set_aside, *report.lines]


TOLD = (
    "B01//autre B02//SQ001 B02//SQ003 B02//autre B04//3 B08//2014-02-28 B11//12.5 B12/SQ004/E4 B14/1/A6 B14/3/A4 "
    "B16/SQ005/0 B26//=1+1 diffusion//oui"
)
WHO = (
    "sa fictive du seuil | b05 | regie fictive d'ebene-sur-ca | sem fictive de la plaine | maison fictive des embruns"
    " | sem fictive de l'anse | cooperative fictive du ponant"
)


@pytest.fixture
def twelve(study: Study) -> Found:
    """The answers of `bailleurs_code_long.csv`; some of them as the file shows them."""
    found, _ = read(study, BAILLEURS, "bailleurs_code_long.csv")
    assert found >= {("sa fictive du seuil", *answer.split("/")) for answer in TOLD.split()}
    assert ("sem fictive de la plaine", "diffusion", "", "non") not in found  # N/A: not answered
    assert {who for who, *_ in found} == {*WHO.split(" | ")}
    (study.raw / "questionnaires" / "bailleurs_code_long.csv").unlink()
    return found


@pytest.mark.parametrize("name", "full_long.csv ct_long.csv code_conv.csv vvexport.csv xls_full_long.xlsx".split())
def test_every_form_gives_the_twelve_answers(study: Study, twelve: Found, name: str) -> None:
    found, said = read(study, BAILLEURS, f"bailleurs_{name}")
    refused = ("regie fictive d'ebene-sur-ca", "diffusion", "", "non")  # « convert N to 2 » writes 2 there too
    assert found - {refused} == twelve
    assert not [line for line in said if "absente" in line or "mis de côté" in line]


def test_abbreviated_heads_of_two_questions_say_which_option_to_choose(study: Study) -> None:
    found, said = read(study, BAILLEURS, "bailleurs_abbr_long.csv")
    assert not found
    assert said[0].startswith("questionnaires/bailleurs_abbr_long.csv\u00a0: l'en-tête «\u00a0Quels navigateu")
    assert "B18[A1] et B18[A2]" in said[0] and BY_CODE in said[0]


@pytest.mark.parametrize("name", "abbr code conv ct full full_A01_renamed nosubmitdate vv".split())
def test_a_survey_without_respondent(study: Study, name: str) -> None:
    found, said = read(study, FILES / "associations.toml", f"associations_{name}.csv")
    expected = {("R00001", "A01", "", "A1"), ("R00001", "A02", "", "2"), ("R00001", "A03", "", "A1")}
    expected |= {("R00003", "A01", "", "A1"), ("R00003", "A02", "", "1"), ("R00003", "A03", "", "autre")}
    partial = {("R00002", "A01", "", "A2"), ("R00002", "A03", "", "A1")}
    undated = name == "nosubmitdate"
    assert found == expected | (partial if undated else set())
    told = [line for line in said if line.startswith("Avertissement")]
    assert len(told) == (name in ("abbr", "nosubmitdate"))
    assert not undated or re.search("submitdate\u00a0: colonne absente.*cochez", told[0])
    assert name != "abbr" or BY_CODE in told[0]


# File, boxes ticked, agreement: 05.06.2014 counts in `dotdate`, not 01.05.2014 below it.
MINI = (
    "conv → NR → non | ct → A2 autre → oui | full → A2 autre → oui | full_org → A2 autre → oui | na → A2 →  | "
    "dotdate → A1 → oui"
)


@pytest.mark.parametrize(("name", "boxes", "agreed"), pairs(MINI))
def test_boxes_ranks_and_agreement(study: Study, name: str, boxes: str, agreed: str) -> None:
    found, _ = read(study, FILES / "mini.toml", f"mini_{name}.csv")
    expected = {("b05", "Q1", "", box) for box in boxes.split()} | {("b05", "Q2", "1", "A1"), ("b05", "Q2", "2", "A3")}
    assert found == expected | ({("b05", "diffusion", "", agreed)} if agreed else set())


def test_an_answer_exported_twice_counts_once(study: Study) -> None:
    found, said = read(study, FILES / "associations.toml", "associations_code.csv", "associations_full.csv")
    assert {who for who, *_ in found} == {"R00001", "R00003"}
    assert sum("même réponse, 2 fois" in line for line in said) == 1


def rows(codebook: Codebook, data: bytes) -> Rows:
    headers = Exported(codebook)
    return end_to_end(headers.rows(sheet, "e.csv") for sheet in read_sheets(data, Limites(), headers))


def test_two_questions_of_the_same_words_cannot_be_told_apart() -> None:
    asked = [{"code": code, "type": "texte", "libelle": "Pourquoi ?"} for code in "AB"]
    codebook = Codebook.model_validate({"id": "e", "titre": "E", "question": asked})
    export = exported(imported(survey(codebook)), [{"A": "x", "B": "y"}], "full")
    with pytest.raises(Unreadable, match=r"celui de A et B.*Code de la question"):
        rows(codebook, export)


def test_an_unknown_head_that_is_filled_is_told_with_the_nearest() -> None:
    text = (FILES / "associations_full.csv").read_text(encoding="utf-8").replace("faut-il former", "faudrait-il former")
    found = rows(load_codebook(FILES / "associations.toml"), text.encode())
    [(*_, head, reason)] = found.doubts
    assert "faudrait-il" in head and "si c'est A02, donnez-lui ce nom" in reason


# The small LimeSurvey writes the heads of the real one.


def test_the_small_limesurvey_writes_the_heads_of_the_real_one() -> None:
    asked = imported(survey(load_codebook(BAILLEURS)))
    for form, name in pairs("code → code | full → full | code and text → ct | abbreviated → abbr"):
        real = pd.read_csv(FILES / f"bailleurs_{name}_long.csv", dtype="str", nrows=0).columns
        assert [re.sub(r"\.\d$", "", head).split() for head in real] == [head.split() for head in heads(asked, form)]


# A full cycle: codebook → survey file → export → checked answers.

CELL = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=20)
LABEL = st.one_of(CELL, st.sampled_from(["Délai & coût", "<b>Oui</b>", "moins de 5 {n}", "Autre (préciser)", "a. b"]))


def named(label: str) -> str:
    """What is left of a label to tell it by; « Â´ » is an accent read in the wrong encoding."""
    return squeeze(mended(label))


ANSWER_CODES = ("A1", "A2", "A3")
SUB_CODES = ("SQ001", "SQ002")
KINDS = ("choix_unique", "choix_multiple", "echelle", "nombre", "date", "texte", "classement")


@st.composite
def codebooks(draw: st.DrawFn) -> Codebook:
    labels = st.lists(LABEL.filter(named), min_size=3, max_size=3, unique_by=bare).filter(
        lambda all: not {bare(x) for x in all} & {"a1", "a2", "a3", "-oth-", "autre", "other"}
    )
    asked: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(KINDS))
        q: dict[str, Any] = {"code": f"Q{number}", "type": kind, "libelle": draw(LABEL.filter(named))}
        if kind in ("choix_unique", "choix_multiple", "echelle", "classement"):
            q["modalites"] = dict(zip(ANSWER_CODES, draw(labels), strict=True))
        if kind in ("choix_unique", "choix_multiple"):
            q["autre"] = draw(st.booleans())
        if kind in ("echelle", "nombre"):
            q["sous_questions"] = dict(zip(SUB_CODES, draw(labels), strict=False))
        asked.append(q)
    codebook = Codebook.model_validate({"id": "e", "titre": "E", "date_reponse": "submitdate", "question": asked})
    assume(all(len(meant) == 1 for meant in Exported(codebook).known.values()))
    return codebook


@st.composite
def stored(draw: st.DrawFn, codebook: Codebook) -> tuple[Answers, set[tuple[str, str, str]]]:
    """What LimeSurvey stores of one respondent, and the answers that it stands for."""
    cells = {"submitdate": "2014-06-03 10:00:00"}
    found: set[tuple[str, str, str]] = set()
    typed = CELL.filter(lambda t: len(squeeze(t)) > 3)
    for q in codebook.questions:
        if q.type == "choix_multiple":
            boxes = draw(st.sets(st.sampled_from([*q.listed])))
            cells |= {f"{q.code}[{box}]": "Y" for box in boxes}
            if q.autre and draw(st.booleans()):
                cells[f"{q.code}[other]"], boxes = draw(typed), boxes | {AUTRE}
            found |= {(q.code, "", box) for box in boxes or {NR}}
            continue
        ranks = draw(st.permutations([*q.modalites])) if q.type == "classement" else []
        for place, part in enumerate(q.parts):
            values: dict[str, tuple[str, str]] = {
                "nombre": ("12.5", "12.5"),
                "date": ("2014-02-28 00:00:00", "2014-02-28"),
                "texte": ("Oui {newline}", "Oui {newline}"),
            }
            code = ranks[place] if ranks else draw(st.sampled_from([*q.listed] or [""]))
            cell, value = values.get(q.type, (code, code))
            if q.autre and draw(st.booleans()):
                cell, value = "-oth-", AUTRE
                cells[f"{q.code}[other]"] = draw(typed)
            if draw(st.booleans()):
                cell, value = "", NR
                cells.pop(f"{q.code}[other]", None)
            cells[f"{q.code}[{part}]" if part else q.code] = cell
            found.add((q.code, part, value))
    return cells, found


def checked(codebook: Codebook, data: bytes) -> list[set[tuple[str, str, str]]]:
    given = rows(codebook, data)
    given = given._replace(cells=given.cells.astype("str"))
    accepted, judged = accept(codebook, given, empty("organismes"))
    assert judged.refusals.empty
    answers = interpret(codebook, given.cells.loc[accepted.index], accepted["fichier"], date(2014, 10, 1))
    return [{(*part, value) for part, values in a.found.items() for value in values} for a in answers]


@given(st.data())
def test_a_full_cycle_gives_what_was_answered(data: st.DataObject) -> None:
    codebook = data.draw(codebooks())
    respondents = data.draw(st.lists(stored(codebook), min_size=1, max_size=3))
    asked = imported(survey(codebook))
    assert {one.code for one in asked} >= {column.header for column in columns(codebook)}
    form = data.draw(st.sampled_from(FORMS))
    try:
        found = checked(codebook, exported(asked, [cells for cells, _ in respondents], form))
    except Unreadable as told:
        assert form == "abbreviated" and "Code de la question" in str(told)
        return
    assert found == [answers for _, answers in respondents]
