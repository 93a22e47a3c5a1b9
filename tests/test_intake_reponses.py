"""Answers as received → the checked answers; every respondent accounted for."""

from datetime import date

import pandas as pd
import pytest
from books import put, q
from corpus import QUESTIONS, SETTINGS
from samples import cells, frame

from spls_study.codebook import load_codebook, read_answers
from spls_study.forms.workbook import workbook
from spls_study.intake.reponses import read_questionnaires

# Column; the cell as a code, as typed in a form; what it says.
ASKED = [
    ("organisme", "B1", "OFFICE ELAN", None),
    ("submitdate", "2014-06-10 09:00:00", date(2014, 6, 10), None),
    ("diffusion", "Y", "Oui", ("diffusion", "", "oui")),
    ("famille", "OPH", None, ("famille", "", "OPH")),
    ("U", "-oth-", "Autre", ("U", "", "autre")),
    ("U[other]", "Un tiers", "Un tiers", None),
    ("M[SQ001]", "Y", "Oui", ("M", "", "SQ001")),
    ("M[SQ002]", "", None, None),
    ("M[other]", "Fax", "Fax", ("M", "", "autre")),
    ("E[S1]", "E2", "Oui", ("E", "S1", "E2")),
    ("E[S2]", "", None, ("E", "S2", "NR")),
    ("N", "1 234,5", 1234.5, ("N", "", "1234.5")),
    ("D", "2014-04-30 00:00:00", date(2014, 4, 30), ("D", "", "2014-04-30")),
    ("R[1]", "T", "Troisième", ("R", "1", "T")),
    ("R[2]", "P", "Premier", ("R", "2", "P")),
    ("T", "Rien", "Rien", ("T", "", "Rien")),
]
CODES = {name: code for name, code, *_ in ASKED}
EXPECTED = {said for *_, said in ASKED if said}
BODIES = frame("organismes", [{"id": "B1", "nom": "Office Élan", "siren": "123456789"}, {"id": "B2"}], role="bailleur")


@pytest.fixture
def folder(study):
    return put(study, "essai", *QUESTIONS, **SETTINGS)


def export(path, *rows, header=None):
    table = pd.DataFrame(rows, columns=[*rows[0]])
    table.to_csv(path, index=False, header=header or True, encoding="utf-8-sig")


def found(study, who="B1", id="essai"):
    table = read_answers(study, id)
    return set(cells(table[table["repondant"] == who], "question", "sous_question", "valeur"))


def notes(found):
    return cells(found, "ligne", "colonne", "valeur", "motif")


def read(study):
    study.processed.mkdir(exist_ok=True)
    BODIES.to_parquet(study.processed / "organismes.parquet")
    received = read_questionnaires(study)
    assert all(f.lues == f.acceptees + f.refusees for f in received.files)
    return received


def counts(received):
    [file] = received.files
    return file.lues, file.acceptees, file.refusees


def test_a_filled_form_gives_what_was_typed(study, folder):
    typed = {name: cell for name, _, cell, _ in ASKED if cell}
    (folder / "essai").mkdir()
    for name, answers in (("office", typed), ("vierge", {})):
        form = workbook(load_codebook(folder / "essai.toml"), answers=answers)
        (folder / "essai" / f"{name}.xlsx").write_bytes(form)
    read_by_file = {f.fichier: f.lues for f in read(study).files}
    assert found(study) == EXPECTED - {("famille", "", "OPH")}
    assert read_by_file == {"questionnaires/essai/office.xlsx": 1, "questionnaires/essai/vierge.xlsx": 0}


def test_what_comes_after_the_closing_is_listed_and_not_counted(study):
    folder = put(study, "essai", *QUESTIONS, **SETTINGS, cloture=date(2014, 6, 10))
    export(
        folder / "essai.csv",
        CODES | {"N": "1", "submitdate": "2014-06-10 23:59:59"},  # the day of closing is whole
        CODES | {"N": "2", "submitdate": "2014-06-11 00:00:00"},  # replaces nothing
        CODES | {"organisme": "B2", "N": "3", "submitdate": "12/06/2014"},
    )
    received = read(study)
    assert ("N", "", "1") in found(study) and {*read_answers(study, "essai")["repondant"]} == {"B1"}
    assert counts(received) == (3, 1, 2)
    reason = "réponse reçue après la clôture du 10/06/2014\u202f; elle n'est pas comptée"
    for told in (received.refusals, received.warnings):
        assert [note for note in notes(told) if note[-1] == reason] == [
            (3, "submitdate", "2014-06-11 00:00:00", reason),
            (4, "submitdate", "12/06/2014", reason),
        ]
    [sentence] = [line for line in received.lines if line.startswith("Refusé")]
    assert "clôture du 10/06/2014, 2 fois" in sentence


def test_a_date_that_cannot_be_read_is_told_and_the_answer_counts(study, folder):
    export(folder / "Essai_juin.csv", CODES | {"submitdate": "lundi dernier"})  # the case of a name is free
    received = read(study)
    assert found(study) == EXPECTED and counts(received)[1] == 1
    [told] = [note for note in notes(received.warnings) if note[1] == "submitdate"]
    assert told[2] == "lundi dernier" and "date illisible\u202f; la réponse compte" in told[3]


def test_the_last_complete_answer_of_an_organisme_counts(study, folder):
    export(
        folder / "essai.csv",
        CODES | {"N": "1"},
        CODES | {"organisme": "office elan", "N": "2", "submitdate": "2014-06-10 10:30:00"},
        CODES | {"organisme": "123 456 789", "N": "3", "submitdate": "10/06/2014"},
        CODES | {"N": "4", "submitdate": ""},
        CODES | {"organisme": "", "N": "5"},
        CODES | {"organisme": "B2", "N": "6"},
    )
    received = read(study)
    assert [value for question, _, value in found(study) if question == "N"] == ["2"]
    assert ("N", "", "6") in found(study, "B2") and counts(received) == (6, 2, 4)
    reasons = [why for *_, why in notes(received.refusals)]
    assert sum("remplacée" in why and "ligne 3" in why for why in reasons) == 2
    assert sum("incomplète" in why for why in reasons) == sum("non renseigné" in why for why in reasons) == 1
    [(*_, told)] = notes(received.warnings)
    assert "ligne 2" in told and "ligne 4" in told


def test_what_does_not_fit_is_no_answer_and_the_rest_stays(study, folder):
    wrong = {"U": "A9", "M[SQ001]": "peut-être", "N": "beaucoup", "D": "30/02/2014", "R[2]": "T", "E[S2]": "E7"}
    export(folder / "essai.csv", CODES | wrong | {"U[other]": "", "M[other]": "", "organisme": "Inconnue SA"})
    received = read(study)
    answers = found(study, "inconnue sa")
    none = {("U", ""), ("N", ""), ("D", ""), ("R", "2"), ("E", "S2"), ("M", "")}
    assert {answer for answer in answers if answer[2] == "NR"} == {(*place, "NR") for place in none}
    assert ("E", "S1", "E2") in answers and ("T", "", "Rien") in answers
    assert {column for _, column, *_ in notes(received.warnings)} == {"organisme", *wrong}


def test_an_excluded_answer_is_told_and_dropped(study, folder):
    export(folder / "essai.csv", CODES | {"U": "A2", "U[other]": ""})
    received = read(study)
    assert not {a for a in found(study) if a[0] == "M"}
    warned = notes(received.warnings)
    assert [note[1:3] for note in warned] == [("M[SQ001]", "Y"), ("M[other]", "(masqué)")]
    assert all("filtre excluait" in why for *_, why in warned)


@pytest.mark.parametrize(("given", "kept"), [("", False), ("Y", True)])
def test_a_filter_that_hangs_on_a_non_answer(study, folder, given, kept):
    export(folder / "essai.csv", CODES | {"U": "", "U[other]": "", "M[other]": "", "M[SQ001]": given})
    read(study)
    assert {a for a in found(study) if a[0] == "M"} == ({("M", "", "SQ001")} if kept else set())


def test_full_answers_that_look_like_codes(study):
    """Labels 1, 2 under the codes 2, 1: the rest of the file tells codes from full answers."""
    grade = q("Q", "echelle", "Note ?", modalites={"2": "1", "1": "2"})
    folder = put(study, "essai", grade, q("O", "choix_unique", "Ordre ?", modalites={"A1": "Oui", "A2": "Non"}))
    export(folder / "essai_codes.csv", {"Q": "1", "O": "A1"})
    export(folder / "essai_textes.csv", {"Q": "1", "O": "Oui"})
    read(study)
    assert ("Q", "", "1") in found(study, "R00001") and ("Q", "", "2") in found(study, "R00002")


def test_a_file_belongs_to_the_longest_id(study, folder):
    put(study, "essai_2", *QUESTIONS, **SETTINGS)
    export(folder / "essai_2.csv", CODES)
    export(folder / "essai_1.csv", CODES | {"organisme": "B2"})
    export(folder / "inconnu.csv", CODES)
    received = read(study)
    assert found(study, "B1", "essai_2") == EXPECTED and found(study, "B2") == EXPECTED
    assert not found(study, "B1")
    assert [s.split("\u00a0")[0] for s in received.ignored] == ["questionnaires/inconnu.csv"]


def test_what_cannot_be_read_is_set_aside_and_the_rest_goes_on(study, folder):
    export(folder / "essai_a.csv", CODES)
    export(folder / "essai_b.csv", {"U": "A1"})
    export(folder / "essai_c.csv", CODES, header=[*list(CODES)[:-1], "N"])
    (folder / "essai_d.xlsx").write_bytes(b"PK\x03\x04 rien")
    (folder / "faux.toml").write_text('id = "faux"\n', encoding="utf-8")
    export(folder / "faux.csv", CODES)
    stale = study.processed / "reponses_ancien.parquet"
    study.processed.mkdir()
    stale.write_bytes(b"")
    received = read(study)
    assert found(study) == EXPECTED and not stale.exists()
    *files, book = (sentence.split("\u00a0:")[0] for sentence in received.set_aside)
    assert files == [f"questionnaires/essai_{name}" for name in ("b.csv", "c.csv", "d.xlsx")]
    assert book.startswith("questionnaires/faux.toml est à corriger")


def test_any_code_will_do(study):
    """Question codes that are also names of the program's own columns."""
    names = "ligne fichier motif qui trop valeur colonne nom jour".split()
    folder = put(study, "essai", *(q(name, "nombre", f"{name} ?") for name in names))
    export(folder / "essai.csv", {n: str(i) for i, n in enumerate(names)})
    read(study)
    assert found(study, "R00001") == {(n, "", str(i)) for i, n in enumerate(names)}


def test_columns_of_no_question_cells_beyond_the_header_and_invisible_characters(study, folder):
    typed = "Du\u00adr\u2060and\x07 dit\u200d\u202fnon"
    export(folder / "essai.csv", CODES | {"T": typed, "seed": "12", "Mystère": "x"})
    with (folder / "essai.csv").open("a", encoding="utf-8") as stream:
        stream.write("B2" + "," * 20 + "trop\n")
    received = read(study)
    assert found(study) == EXPECTED - {("T", "", "Rien")} | {("T", "", "Durand  dit\u202fnon")}
    assert not found(study, "B2")
    assert [typed for *_, typed, _ in notes(received.warnings)] == ["Mystère"]
    assert ["plus de cellules" in why for *_, why in notes(received.refusals)] == [True]
