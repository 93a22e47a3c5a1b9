"""Forms: what LimeSurvey documents, a protected workbook, an accessible PDF."""

import csv
import io

import openpyxl
import page
import pytest
from books import q

from notebook_reports.errors import StudyError
from spls_study.codebook import Codebook, condition, load_codebooks
from spls_study.columns import columns
from spls_study.forms import write_forms
from spls_study.forms.limesurvey import survey
from spls_study.forms.paper import paper
from spls_study.forms.workbook import workbook
from spls_study.study import PACKAGE, load_study

BOTH = load_codebooks(load_study(PACKAGE.parent / "study.toml"))
HOSTILE = '=1+1 <b>{X}</b> #import "x": * ] $x$ \\ "'


def small(*questions, **more):
    questions = questions or (
        q("A", "choix_unique", HOSTILE, bloc=HOSTILE, modalites={"A1": HOSTILE, "A2": "Non"}, autre=True),
        q("M", "choix_multiple", "M", modalites={"X": "x", "Y": "y"}, filtre="A == 'A1' or not (A == 'autre')"),
        q("N", "nombre", "N", filtre="M == 'X' and M_Y == 'N'"),
    )
    return Codebook.model_validate({"id": "e", "titre": HOSTILE, "question": questions} | more)


def rows(codebook, *more):
    return list(csv.DictReader(io.StringIO(survey(codebook, *more).decode("utf-8-sig")), delimiter="\t"))


def sheets(codebook, *more, **answers):
    return openpyxl.load_workbook(io.BytesIO(workbook(codebook, *more, **answers)))


def asked(found):
    return {row["name"]: row for row in found if row["class"] == "Q"}


@pytest.mark.parametrize("id", sorted(BOTH))
def test_limesurvey_gets_every_question_under_its_group(id):
    codebook, found = BOTH[id], rows(BOTH[id])
    assert list(found[0])[:6] == ["class", "type/scale", "name", "relevance", "text", "help"]
    types = {"choix_unique": "L", "choix_multiple": "M", "echelle": "LF", "nombre": "NK", "date": "D", "texte": "TQ"}
    types["classement"] = "R"
    put, group, place = asked(found), "", {}
    for row in found:
        group = row["name"] if row["class"] == "G" else group
        place[row["name"]] = group
    for own in codebook.questions:
        assert put[own.code]["type/scale"] in types[own.type] and put[own.code]["relevance"]
        assert place[own.code] == own.bloc
    assert "organisme" in put


def test_limesurvey_gets_the_sub_rows_and_the_filter():
    found = rows(small())
    names = [r["class"] + " " + r["name"] for r in found if r["class"] in ("Q", "SQ", "A")]
    assert names == ["Q A", "A A1", "A A2", "Q M", "SQ X", "SQ Y", "Q N"]
    put = asked(found)
    assert put["M"]["relevance"] == '((A.NAOK == "A1") or !((A.NAOK == "-oth-")))'
    assert put["N"]["relevance"] == '((M_X.NAOK == "Y") and (M_Y.NAOK != "Y"))'
    assert "<" not in put["A"]["text"] and "{" not in put["A"]["text"]


def test_a_code_that_limesurvey_would_change_is_refused():
    for code in ("Q_1", "Time", "LANG", "self", "submitdate"):
        with pytest.raises(StudyError, match=f"« {code} »"):
            survey(small(q(code, "texte", "x")))
    with pytest.raises(StudyError, match="« time »"):
        survey(small(q("Q", "choix_multiple", "x", modalites={"time": "x", "B": "y"})))


def test_limesurvey_gets_the_settings_that_were_tried():
    found = rows(BOTH["bailleurs"], {"B05": "Office"}, "la DREAL", "a@exemple.fr")
    said = {r["name"]: r["text"] for r in found if r["class"] in ("S", "SL")}
    tried = {"allowprev": "Y", "surveyls_numberformat": "1", "surveyls_dateformat": "5", "showsurveypolicynotice": "1"}
    assert said.items() >= (tried | {"language": "fr"}).items() and said["surveyls_endtext"].startswith("Merci")
    assert "la DREAL" in said["surveyls_policy_notice"] and "a@exemple.fr" in said["surveyls_policy_notice"]
    put = asked(found)
    assert put["B14"]["max_answers"] == put["B14"]["max_subquestions"] == "3"
    assert put["B01"]["help"] == "" and put["B23"]["help"] == "Un agent peut avoir plusieurs profils."


@pytest.mark.parametrize(("ids", "kind"), [(["B05", "DD016"], "!"), (["B05", "grand_poitiers"], "S"), ([], "S")])
def test_organismes_are_a_list_where_limesurvey_admits_their_ids(ids, kind):
    found = rows(small(repondant="organisme"), dict.fromkeys(ids, "SA <du> Seuil"))
    (place,) = [i for i, r in enumerate(found) if r["name"] == "organisme"]
    assert found[place]["type/scale"] == kind and found[place]["mandatory"] == "Y"
    listed = [(r["name"], r["text"]) for r in found[place + 1 : place + 3] if r["class"] == "A"]
    assert listed == ([(id, "SA &lt;du&gt; Seuil") for id in ids] if kind == "!" else [])


def test_a_block_that_comes_back_keeps_the_order_of_the_questions():
    blocks = ("Un", "Deux", "Un")
    codebook = small(*(q(f"Q{i}", "texte", "x", bloc=bloc) for i, bloc in enumerate(blocks)))
    order = ["Un", "Q0", "Deux", "Q1", "Un (suite)", "Q2"]
    assert [r["name"] for r in rows(codebook) if r["class"] in "GQ"] == order
    [sheet, _] = sheets(codebook)
    assert [r[0].value or r[1].value for r in sheet.iter_rows(min_row=5)] == order


def test_whole_numbers_and_minima_and_an_empty_number_that_is_no_zero():
    codebook = small(q("N", "nombre", "x", entier=True, minimum=0), q("T", "texte", "x", filtre="N == 0"))
    put = asked(rows(codebook))
    assert (put["N"]["num_value_int_only"], put["N"]["min_num_value_n"]) == ("1", "0")
    assert put["T"]["relevance"] == "((!is_empty(N.NAOK) and N.NAOK == 0))"
    [sheet, _] = sheets(codebook)
    [rule] = [r for r in sheet.data_validations.dataValidation if r.type == "whole"]
    assert rule.formula1 == "0"
    with pytest.raises(ValueError, match="réservés à nombre"):
        small(q("T", "texte", "x", entier=True))


@pytest.mark.parametrize("id", sorted(BOTH))
def test_only_the_answers_of_the_workbook_are_unlocked(id):
    book = sheets(BOTH[id], ["DDT 16"])
    sheet, lists = book["Questionnaire"], book["Listes"]
    assert sheet.protection.sheet and lists.sheet_state == "hidden"
    free = {c.coordinate for r in sheet.iter_rows() for c in r if not c.protection.locked}
    coded = {r[0].value: r[2].coordinate for r in sheet.iter_rows(min_row=5) if r[0].value}
    assert free == set(coded.values()) and {c.header for c in columns(BOTH[id])} <= set(coded)
    offered = {}
    for rule in sheet.data_validations.dataValidation:
        if rule.type == "list":
            area = rule.formula1.split("!")[1].replace("$", "")
            cells = lists[area] if ":" in area else ((lists[area],),)
            offered[str(rule.sqref)] = [c.value for r in cells for c in r]
    for column in columns(BOTH[id]):
        if column.entry == "choix":
            assert offered[coded[column.header]] == list(column.question.choices.values())


def test_a_wrapped_question_has_the_height_of_its_lines():
    sheet = sheets(BOTH["bailleurs"]).worksheets[0]
    high = {row[1].value: sheet.row_dimensions[row[0].row].height for row in sheet.iter_rows()}
    tall = {label[:3] for label, height in high.items() if label and height and label[:1] == "B" and height > 20}
    long = {label[:3] for label in high if label and label[:1] == "B" and len(label) > 71}
    assert tall >= long and len(long) > 4


CONDITIONS = {
    "A == 'A2'": "A est « Non »",
    "A == 'A2' or A == 'autre'": "A est « Non » ou « Autre »",
    "A != 'A2' and A not in ('autre', 'NR')": "A n'est ni « Non » ni « Autre » ni « NR »",
    "not (A == 'A2' or A == 'autre')": "A n'est ni « Non » ni « Autre »",
    "not (A != 'A2' and A != 'autre')": "A est « Non » ou « Autre »",
    "A != 'A2' or A == 'autre'": "A n'est pas « Non » ou A est « Autre »",
    "M == 'X' and M[Y] == 'N'": "« x » est coché à M et « y » n'est pas coché à M",
    "K != 0 and K != 1": "K n'est ni 0 ni 1",
}


@pytest.mark.parametrize("filtre", CONDITIONS)
def test_a_filter_is_told_as_people_say_it(filtre):
    questions = [q("A", "choix_unique", "A", modalites={"A1": "Oui", "A2": "Non"}, autre=True), q("K", "nombre", "K")]
    questions += [q("M", "choix_multiple", "M", modalites={"X": "x", "Y": "y"}), q("N", "nombre", "N", filtre=filtre)]
    codebook = small(*questions)
    told = condition(codebook, codebook.filters["N"]).replace("\u00a0", " ")
    assert told == CONDITIONS[filtre]


@pytest.mark.parametrize("codebook", [*BOTH.values(), small()], ids=[*BOTH, "hostile"])
def test_the_paper_form_is_accessible_and_no_label_of_the_workbook_becomes_a_formula(codebook):
    result = page.validate_pdf_bytes(paper(codebook, "DREAL"), profile="ua1")
    assert str(result).count("Result: no failures"), result
    cells = [c for r in sheets(codebook, answers={"N": "=1+1"})["Questionnaire"].iter_rows() for c in r]
    assert codebook.titre in {c.value for c in cells} and not [c for c in cells if c.data_type == "f"]


def test_forms_are_the_same_bytes_each_time(tmp_path):
    codebook = BOTH["bailleurs"]
    first, second = ([*write_forms(codebook, tmp_path / n, {"B1": "a"})] for n in ("1", "2"))
    assert [p.name for p in first] == ["bailleurs.xlsx", "bailleurs.pdf", "bailleurs_limesurvey.txt"]
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in second]
