"""Forms: what LimeSurvey documents, a protected workbook, an accessible PDF."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import page
import pytest

from notebook_reports.errors import StudyError
from spls_study.codebook import Codebook
from spls_study.columns import columns
from spls_study.forms import write_forms
from spls_study.forms.limesurvey import survey
from spls_study.forms.paper import paper
from spls_study.forms.workbook import workbook
from spls_study.questionnaires import load_codebooks
from spls_study.study import PACKAGE, load_study

BOTH = load_codebooks(load_study(PACKAGE.parent / "study.toml"))
HOSTILE = '=1+1 <b>{X}</b> #import "x": * ] $x$ \\ "'


def small(**more: object) -> Codebook:
    questions = [
        {
            "code": "A",
            "bloc": HOSTILE,
            "type": "choix_unique",
            "libelle": HOSTILE,
            "modalites": {"A1": HOSTILE, "A2": "Non"},
            "autre": True,
        },
        {
            "code": "M",
            "type": "choix_multiple",
            "libelle": "M",
            "modalites": {"X": "x", "Y": "y"},
            "filtre": "A == 'A1' or not (A == 'autre')",
        },
        {"code": "N", "type": "nombre", "libelle": "N", "filtre": "M == 'X' and M_Y == 'N'"},
    ]
    return Codebook.model_validate({"id": "e", "titre": HOSTILE, "question": questions} | more)


def rows(codebook: Codebook, organismes: Mapping[str, str] | None = None) -> list[dict[str, str]]:
    text = survey(codebook, organismes).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter="\t"))


@pytest.mark.parametrize("id", sorted(BOTH))
def test_limesurvey_gets_every_question_under_its_group(id: str) -> None:
    codebook, found = BOTH[id], rows(BOTH[id])
    assert list(found[0])[:6] == ["class", "type/scale", "name", "relevance", "text", "help"]
    assert {r["name"]: r["text"] for r in found if r["class"] == "S"}["language"] == "fr"
    types = {
        "choix_unique": "L",
        "choix_multiple": "M",
        "echelle": "LF",
        "nombre": "NK",
        "date": "D",
        "texte": "TQ",
        "classement": "R",
    }
    asked = {r["name"]: r for r in found if r["class"] == "Q"}
    for question in codebook.questions:
        assert asked[question.code]["type/scale"] in types[question.type]
        assert asked[question.code]["relevance"]
    assert "organisme" in asked
    group, place = "", {}
    for row in found:
        group = row["name"] if row["class"] == "G" else group
        place[row["name"]] = group
    assert all(place[q.code] == q.bloc for q in codebook.questions)


def test_limesurvey_gets_the_sub_rows_and_the_filter() -> None:
    found = rows(small())
    assert [(r["class"], r["name"]) for r in found if r["class"] in ("Q", "SQ", "A")] == [
        ("Q", "A"),
        ("A", "A1"),
        ("A", "A2"),
        ("Q", "M"),
        ("SQ", "X"),
        ("SQ", "Y"),
        ("Q", "N"),
    ]
    relevance = {r["name"]: r["relevance"] for r in found if r["class"] == "Q"}
    assert relevance["M"] == '((A.NAOK == "A1") or !((A.NAOK == "-oth-")))'
    assert relevance["N"] == '((M_X.NAOK == "Y") and (M_Y.NAOK != "Y"))'
    label = next(r["text"] for r in found if r["name"] == "A")
    assert "<" not in label and "{" not in label


def test_a_code_that_limesurvey_would_change_is_refused() -> None:
    for code in ("Q_1", "Time", "LANG", "self", "submitdate"):
        with pytest.raises(StudyError, match=f"« {code} »"):
            survey(small(question=[{"code": code, "type": "texte", "libelle": "x"}]))
    boxes = {"code": "Q", "type": "choix_multiple", "libelle": "x", "modalites": {"time": "x", "B": "y"}}
    with pytest.raises(StudyError, match="« time »"):
        survey(small(question=[boxes]))


def test_limesurvey_gets_the_settings_that_were_tried() -> None:
    text = survey(BOTH["bailleurs"], {"B05": "Office"}, "la DREAL", "a@exemple.fr").decode("utf-8-sig")
    found = list(csv.DictReader(io.StringIO(text), delimiter="\t"))
    said = {r["name"]: r["text"] for r in found if r["class"] in ("S", "SL")}
    assert (said["allowprev"], said["surveyls_numberformat"], said["surveyls_dateformat"]) == ("Y", "1", "5")
    assert said["showsurveypolicynotice"] == "1" and said["surveyls_endtext"].startswith("Merci")
    assert "la DREAL" in said["surveyls_policy_notice"] and "a@exemple.fr" in said["surveyls_policy_notice"]
    asked = {r["name"]: r for r in found if r["class"] == "Q"}
    assert asked["B14"]["max_answers"] == asked["B14"]["max_subquestions"] == "3"
    assert asked["B01"]["help"] == "" and asked["B23"]["help"] == "Un agent peut avoir plusieurs profils."


@pytest.mark.parametrize(("ids", "kind"), [(["B05", "DD016"], "!"), (["B05", "grand_poitiers"], "S"), ([], "S")])
def test_organismes_are_a_list_where_limesurvey_admits_their_ids(ids: list[str], kind: str) -> None:
    found = rows(small(repondant="organisme"), dict.fromkeys(ids, "SA <du> Seuil"))
    (place,) = [i for i, r in enumerate(found) if r["name"] == "organisme"]
    assert found[place]["type/scale"] == kind and found[place]["mandatory"] == "Y"
    listed = [(r["name"], r["text"]) for r in found[place + 1 : place + 3] if r["class"] == "A"]
    assert listed == ([(id, "SA &lt;du&gt; Seuil") for id in ids] if kind == "!" else [])


def test_a_block_that_comes_back_keeps_the_order_of_the_questions() -> None:
    asked = [
        {"code": f"Q{i}", "bloc": bloc, "type": "texte", "libelle": "x"} for i, bloc in enumerate(["Un", "Deux", "Un"])
    ]
    codebook = small(question=asked)
    assert [r["name"] for r in rows(codebook) if r["class"] in "GQ"] == [
        *("Un", "Q0", "Deux", "Q1", "Un (suite)", "Q2")
    ]
    [sheet, _] = openpyxl.load_workbook(io.BytesIO(workbook(codebook)))
    assert [r[0].value or r[1].value for r in sheet.iter_rows(min_row=5)] == [
        "Un",
        "Q0",
        "Deux",
        "Q1",
        "Un (suite)",
        "Q2",
    ]


def test_whole_numbers_and_minima_and_an_empty_number_that_is_no_zero() -> None:
    asked = [
        {"code": "N", "type": "nombre", "libelle": "x", "entier": True, "minimum": 0},
        {"code": "T", "type": "texte", "libelle": "x", "filtre": "N == 0"},
    ]
    codebook = small(question=asked)
    found = {r["name"]: r for r in rows(codebook)}
    assert (found["N"]["num_value_int_only"], found["N"]["min_num_value_n"]) == ("1", "0")
    assert found["T"]["relevance"] == "((!is_empty(N.NAOK) and N.NAOK == 0))"
    [sheet, _] = openpyxl.load_workbook(io.BytesIO(workbook(codebook)))
    [rule] = [r for r in sheet.data_validations.dataValidation if r.type == "whole"]
    assert rule.formula1 == "0"
    with pytest.raises(ValueError, match="réservés à nombre"):
        small(question=[{"code": "T", "type": "texte", "libelle": "x", "entier": True}])


@pytest.mark.parametrize("id", sorted(BOTH))
def test_only_the_answers_of_the_workbook_are_unlocked(id: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(BOTH[id], ["DDT 16"])))
    sheet, lists = book["Questionnaire"], book["Listes"]
    assert sheet.protection.sheet and lists.sheet_state == "hidden"
    free = {c.coordinate for r in sheet.iter_rows() for c in r if not c.protection.locked}
    coded = {r[0].value: r[2].coordinate for r in sheet.iter_rows(min_row=5) if r[0].value}
    assert free == set(coded.values())
    assert {c.header for c in columns(BOTH[id])} <= set(coded)
    offered = {}
    for rule in sheet.data_validations.dataValidation:
        if rule.type == "list":
            area = rule.formula1.split("!")[1].replace("$", "")
            cells = lists[area] if ":" in area else ((lists[area],),)
            offered[str(rule.sqref)] = [c.value for r in cells for c in r]
    for column in columns(BOTH[id]):
        if column.entry == "choix":
            assert offered[coded[column.header]] == list(column.question.choices.values())


def test_no_label_becomes_a_formula_or_markup() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(small(), answers={"N": "=1+1"})))
    cells = [c for r in book["Questionnaire"].iter_rows() for c in r]
    assert HOSTILE in {c.value for c in cells}
    assert not [c for c in cells if c.data_type == "f"]
    assert page.validate_pdf_bytes(paper(small()), profile="ua1")


@pytest.mark.parametrize("id", sorted(BOTH))
def test_the_paper_form_is_accessible(id: str) -> None:
    result = page.validate_pdf_bytes(paper(BOTH[id], "DREAL"), profile="ua1")
    assert str(result).count("Result: no failures"), result


def test_forms_are_the_same_bytes_each_time(tmp_path: Path) -> None:
    codebook = BOTH["bailleurs"]
    first, second = ([*write_forms(codebook, tmp_path / n, {"B1": "a"})] for n in ("1", "2"))
    assert [p.name for p in first] == ["bailleurs.xlsx", "bailleurs.pdf", "bailleurs_limesurvey.txt"]
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in second]
