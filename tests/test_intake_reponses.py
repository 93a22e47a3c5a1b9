"""Answers as received → the checked answers; every respondent accounted for."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from spls_study.forms.workbook import workbook
from spls_study.intake.reponses import Received, read_questionnaires
from spls_study.questionnaires import load_codebook, read_answers
from spls_study.study import Study
from spls_study.tables import empty

CODEBOOK = """id = "essai"
titre = "Essai"
repondant = "organisme"
population = "bailleur"
date_reponse = "submitdate"
strates = ["famille"]
accord = "diffusion"
[[question]]
code = "U"
type = "choix_unique"
libelle = "Unique ?"
modalites = { A1 = "L'agence", A2 = "Le siège" }
autre = true
[[question]]
code = "M"
type = "choix_multiple"
libelle = "Multiple ?"
sous_questions = { SQ001 = "Papier", SQ002 = "Courriel" }
autre = true
filtre = "U != 'A2'"
[[question]]
code = "E"
type = "echelle"
libelle = "Échelle ?"
modalites = { E1 = "Non", E2 = "Oui" }
sous_questions = { S1 = "Délais", S2 = "Pièces" }
[[question]]
code = "N"
type = "nombre"
libelle = "Nombre ?"
[[question]]
code = "D"
type = "date"
libelle = "Date ?"
[[question]]
code = "R"
type = "classement"
libelle = "Rangs ?"
modalites = { P = "Premier", D = "Deuxième", T = "Troisième" }
rangs = 2
[[question]]
code = "T"
type = "texte"
libelle = "Texte ?"
"""
CODES = {
    "organisme": "B1",
    "submitdate": "2014-06-10 09:00:00",
    "diffusion": "Y",
    "famille": "OPH",
    "U": "-oth-",
    "U[other]": "Un tiers",
    "M[SQ001]": "Y",
    "M[SQ002]": "",
    "M[other]": "Fax",
    "E[S1]": "E2",
    "E[S2]": "",
    "N": "1 234,5",
    "D": "2014-04-30 00:00:00",
    "R[1]": "T",
    "R[2]": "P",
    "T": "Rien",
}
LABELS = CODES | {
    "diffusion": "Oui",
    "U": "Autre",
    "M[SQ001]": "Oui",
    "M[SQ002]": "Non",
    "E[S1]": "Oui",
    "R[1]": "Troisième",
    "R[2]": "PREMIER",
    "D": "30/04/2014",
}
EXPECTED = {
    ("U", "", "autre"),
    ("M", "", "SQ001"),
    ("M", "", "autre"),
    ("E", "S1", "E2"),
    ("E", "S2", "NR"),
    ("N", "", "1234.5"),
    ("D", "", "2014-04-30"),
    ("R", "1", "T"),
    ("R", "2", "P"),
    ("T", "", "Rien"),
    ("famille", "", "OPH"),
    ("diffusion", "", "oui"),
}


@pytest.fixture
def folder(study: Study) -> Path:
    home = study.raw / "questionnaires"
    home.mkdir()
    (home / "essai.toml").write_text(CODEBOOK, encoding="utf-8")
    return home


def organismes() -> pd.DataFrame:
    known = pd.DataFrame(
        {
            "id": ["B1", "B2", "DDT"],
            "nom": ["Office Élan", "SA Deux", "DDT 16"],
            "role": ["bailleur", "bailleur", "gestionnaire"],
            "siren": ["123456789", None, None],
        }
    )
    return pd.concat([empty("organismes"), known], ignore_index=True)


def export(path: Path, rows: Sequence[Mapping[str, str]], header: Sequence[str] | None = None) -> None:
    text = io.StringIO()
    names = list(rows[0]) if rows else list(CODES)
    writer = csv.writer(text)
    writer.writerow(header or names)
    writer.writerows([row.get(n, "") for n in names] for row in rows)
    path.write_text(text.getvalue(), encoding="utf-8-sig")


def found(study: Study, who: str = "B1", id: str = "essai") -> set[tuple[str, str, str]]:
    table = read_answers(study, id)
    mine = table[table["repondant"] == who]
    return set(mine[["question", "sous_question", "valeur"]].itertuples(index=False, name=None))


def notes(parts: list[pd.DataFrame]) -> list[tuple[str, str, str]]:
    table = pd.concat(parts) if parts else pd.DataFrame(columns=["colonne", "valeur", "motif"])
    return list(table[["colonne", "valeur", "motif"]].itertuples(index=False, name=None))


def read(study: Study) -> Received:
    received = read_questionnaires(study, organismes())
    assert all(f.lues == f.acceptees + f.refusees for f in received.files)
    return received


@pytest.mark.parametrize("row", [CODES, LABELS])
@pytest.mark.parametrize("shape", ["brackets", "underscores", "code and words", "words"])
def test_codes_and_full_answers_give_the_same(study: Study, folder: Path, row: dict[str, str], shape: str) -> None:
    words = {
        "U": "Unique ?",
        "U[other]": "Unique ? [Autre (préciser)]",
        "N": "Nombre ?",
        "M[SQ001]": "Multiple ? [Papier]",
        "M[SQ002]": "Multiple ? [Courriel]",
        "M[other]": "Multiple ? [Autre (préciser)]",
        "E[S1]": "Échelle ? [Délais]",
        "E[S2]": "Échelle ? [Pièces]",
        "D": "Date ?",
        "R[1]": "Rangs ? [Rang 1]",
        "R[2]": "Rangs ? [Rang 2]",
        "T": "Texte ?",
    }
    header = {
        "brackets": list(row),
        "underscores": [h.replace("[", "_").replace("]", "") for h in row],
        "code and words": [f"{h}. {words[h]}" if h in words else h for h in row],
        "words": [words.get(h, h) for h in row],
    }[shape]
    export(folder / "essai_juin.csv", [row], header)
    received = read(study)
    assert found(study) == EXPECTED
    assert notes(received.warnings) == [] and not received.set_aside


def test_a_filled_form_gives_what_was_typed(study: Study, folder: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(load_codebook(folder / "essai.toml"))))
    typed: dict[str, object] = {
        "organisme": "OFFICE ELAN",
        "submitdate": date(2014, 6, 10),
        "diffusion": "Oui",
        "U": "Autre",
        "U[other]": "Un tiers",
        "M[SQ001]": "Oui",
        "M[other]": "Fax",
        "E[S1]": "Oui",
        "N": 1234.5,
        "D": date(2014, 4, 30),
        "R[1]": "Troisième",
        "R[2]": "Premier",
        "T": "Rien",
    }
    for row in book["Questionnaire"].iter_rows():
        if row[0].value in typed:
            row[2].value = typed[row[0].value]
    (folder / "essai").mkdir()
    book.save(folder / "essai" / "office.xlsx")
    (folder / "essai" / "vierge.xlsx").write_bytes(workbook(load_codebook(folder / "essai.toml")))
    received = read(study)
    assert found(study) == EXPECTED - {("famille", "", "OPH")}
    assert [(f.fichier, f.lues) for f in received.files] == [
        ("questionnaires/essai/office.xlsx", 1),
        ("questionnaires/essai/vierge.xlsx", 0),
    ]


def test_what_comes_after_the_closing_is_listed_and_not_counted(study: Study, folder: Path) -> None:
    closed = CODEBOOK.replace('accord = "diffusion"', 'accord = "diffusion"\ncloture = 2014-06-10')
    (folder / "essai.toml").write_text(closed, encoding="utf-8")
    export(
        folder / "essai.csv",
        [
            CODES | {"N": "1", "submitdate": "2014-06-10 23:59:59"},  # the day of closing is whole
            CODES | {"N": "2", "submitdate": "2014-06-11 00:00:00"},  # replaces nothing
            CODES | {"organisme": "B2", "N": "3", "submitdate": "12/06/2014"},
        ],
    )
    received = read(study)
    assert ("N", "", "1") in found(study)
    assert set(read_answers(study, "essai")["repondant"]) == {"B1"}
    [counts] = received.files
    assert (counts.lues, counts.acceptees, counts.refusees) == (3, 1, 2)
    for table in (received.refusals, received.warnings):
        late = pd.concat(table)
        late = late[late["motif"] == "réponse reçue après la clôture du 10/06/2014\u202f; elle n'est pas comptée"]
        assert late[["ligne", "colonne", "valeur"]].to_numpy().tolist() == [
            [3, "submitdate", "2014-06-11 00:00:00"],
            [4, "submitdate", "12/06/2014"],
        ]
    [sentence] = [line for line in received.report().lines if line.startswith("Refusé")]
    assert "clôture du 10/06/2014, 2 fois" in sentence


def test_a_date_that_cannot_be_read_is_told_and_the_answer_counts(study: Study, folder: Path) -> None:
    export(folder / "Essai_juin.csv", [CODES | {"submitdate": "lundi dernier"}])  # the case of a name is free
    received = read(study)
    assert found(study) == EXPECTED and [f.acceptees for f in received.files] == [1]
    told = [note for note in notes(received.warnings) if note[0] == "submitdate"]
    assert [(where, value) for where, value, _ in told] == [("submitdate", "lundi dernier")]
    assert "date illisible\u202f; la réponse compte" in told[0][2]


def test_the_last_complete_answer_of_an_organisme_counts(study: Study, folder: Path) -> None:
    export(
        folder / "essai.csv",
        [
            CODES | {"N": "1"},
            CODES | {"organisme": "office elan", "N": "2", "submitdate": "2014-06-10 10:30:00"},
            CODES | {"organisme": "123 456 789", "N": "3", "submitdate": "10/06/2014"},
            CODES | {"N": "4", "submitdate": ""},
            CODES | {"organisme": "", "N": "5"},
            CODES | {"organisme": "B2", "N": "6"},
        ],
    )
    received = read(study)
    assert ("N", "", "2") in found(study) and ("N", "", "6") in found(study, "B2")
    assert len({v for q, _, v in found(study) if q == "N"}) == 1
    counts = received.files[0]
    assert (counts.lues, counts.acceptees, counts.refusees) == (6, 2, 4)
    reasons = [why for _, _, why in notes(received.refusals)]
    assert sum("remplacée" in why and "ligne 3" in why for why in reasons) == 2
    assert sum("incomplète" in why for why in reasons) == 1
    assert sum("non renseigné" in why for why in reasons) == 1
    (told,) = [why for _, _, why in notes(received.warnings)]
    assert "ligne 2" in told and "ligne 4" in told


def test_what_does_not_fit_is_no_answer_and_the_rest_stays(study: Study, folder: Path) -> None:
    export(
        folder / "essai.csv",
        [
            CODES
            | {
                "U": "A9",
                "U[other]": "",
                "M[SQ001]": "peut-être",
                "M[other]": "",
                "N": "beaucoup",
                "D": "30/02/2014",
                "R[2]": "T",
                "E[S2]": "E7",
                "organisme": "Inconnue SA",
            }
        ],
    )
    received = read(study)
    answers = found(study, "inconnue sa")
    assert {a for a in answers if a[2] == "NR"} == {
        ("U", "", "NR"),
        ("N", "", "NR"),
        ("D", "", "NR"),
        ("R", "2", "NR"),
        ("E", "S2", "NR"),
        ("M", "", "NR"),
    }
    assert ("E", "S1", "E2") in answers and ("T", "", "Rien") in answers
    assert {c for c, _, _ in notes(received.warnings)} == {"organisme", "U", "M[SQ001]", "N", "D", "R[2]", "E[S2]"}


def test_an_excluded_answer_is_told_and_dropped(study: Study, folder: Path) -> None:
    export(folder / "essai.csv", [CODES | {"U": "A2", "U[other]": ""}])
    received = read(study)
    assert not {a for a in found(study) if a[0] == "M"}
    warned = notes(received.warnings)
    assert [(c, v) for c, v, _ in warned] == [("M[SQ001]", "Y"), ("M[other]", "(masqué)")]
    assert all("filtre excluait" in why for _, _, why in warned)


@pytest.mark.parametrize(("given", "kept"), [("", False), ("Y", True)])
def test_a_filter_that_hangs_on_a_non_answer(study: Study, folder: Path, given: str, kept: bool) -> None:
    empty = {"U": "", "U[other]": "", "M[other]": ""}
    export(folder / "essai.csv", [CODES | empty | {"M[SQ001]": given}])
    read(study)
    assert {a for a in found(study) if a[0] == "M"} == ({("M", "", "SQ001")} if kept else set())


def test_full_answers_that_look_like_codes(study: Study, folder: Path) -> None:
    """Labels 1, 2 under the codes 2, 1: the rest of the file tells codes from full answers."""
    (folder / "essai.toml").write_text(
        """id = "essai"
titre = "Essai"
[[question]]
code = "Q"
type = "echelle"
libelle = "Note ?"
modalites = { 2 = "1", 1 = "2" }
[[question]]
code = "O"
type = "choix_unique"
libelle = "Ordre ?"
modalites = { A1 = "Oui", A2 = "Non" }
""",
        encoding="utf-8",
    )
    export(folder / "essai_codes.csv", [{"Q": "1", "O": "A1"}])
    export(folder / "essai_textes.csv", [{"Q": "1", "O": "Oui"}])
    read(study)
    assert ("Q", "", "1") in found(study, "R00001") and ("Q", "", "2") in found(study, "R00002")


def test_a_file_belongs_to_the_longest_id(study: Study, folder: Path) -> None:
    longer = CODEBOOK.replace('"essai"', '"essai_2"')
    (folder / "essai_2.toml").write_text(longer, encoding="utf-8")
    export(folder / "essai_2.csv", [CODES])
    export(folder / "essai_1.csv", [CODES | {"organisme": "B2"}])
    export(folder / "inconnu.csv", [CODES])
    received = read(study)
    assert found(study, "B1", "essai_2") == EXPECTED and found(study, "B2") == EXPECTED
    assert not found(study, "B1")
    assert [s.split("\u00a0")[0] for s in received.ignored] == ["questionnaires/inconnu.csv"]


def test_what_cannot_be_read_is_set_aside_and_the_rest_goes_on(study: Study, folder: Path) -> None:
    export(folder / "essai_a.csv", [CODES])
    export(folder / "essai_b.csv", [{"U": "A1"}])
    export(folder / "essai_c.csv", [CODES], [*list(CODES)[:-1], "N"])
    (folder / "essai_d.xlsx").write_bytes(b"PK\x03\x04 rien")
    (folder / "faux.toml").write_text('id = "faux"\n', encoding="utf-8")
    export(folder / "faux.csv", [CODES])
    stale = study.processed / "reponses_ancien.parquet"
    stale.parent.mkdir(parents=True)
    stale.write_bytes(b"")
    received = read(study)
    assert found(study) == EXPECTED and not stale.exists()
    assert [s.split("\u00a0:")[0] for s in received.set_aside[:3]] == [
        f"questionnaires/essai_{x}.csv" for x in "bc"
    ] + ["questionnaires/essai_d.xlsx"]
    assert received.set_aside[3].startswith("questionnaires/faux.toml est à corriger")


def test_a_questionnaire_never_seen_goes_through(study: Study, folder: Path) -> None:
    (folder / "essai.toml").unlink()
    (folder / "vu.toml").write_text(
        """id = "vu"
titre = "Jamais vu"
[[question]]
code = "Q1"
type = "choix_unique"
libelle = "Un"
modalites = { a = "Alpha", b = "Bêta" }
[[question]]
code = "Q11"
type = "classement"
libelle = "Rang"
modalites = { 1 = "x", 2 = "y" }
""",
        encoding="utf-8",
    )
    rows = [{"Q1": "ab"[i % 3 == 0], "Q11[1]": str(1 + i % 2), "Q11[2]": "", "id": str(i)} for i in range(2000)]
    export(folder / "vu.csv", rows)
    received = read(study)
    table = read_answers(study, "vu")
    assert received.files[0].acceptees == table["repondant"].nunique() == 2000
    one = table[table["question"] == "Q1"]["valeur"].value_counts()
    assert dict(one) == {"a": 1333, "b": 667}
    assert not notes(received.warnings)


def test_any_code_will_do(study: Study, folder: Path) -> None:
    """Question codes that are also names of the program's own columns."""
    names = ("ligne", "fichier", "motif", "qui", "trop", "valeur", "colonne", "nom", "jour")
    asked = [f'[[question]]\ncode = "{n}"\ntype = "nombre"\nlibelle = "{n} ?"' for n in names]
    text = "\n".join(['id = "essai"\ntitre = "Essai"', *asked])
    (folder / "essai.toml").write_text(text, encoding="utf-8")
    export(folder / "essai.csv", [{n: str(i) for i, n in enumerate(names)}])
    read(study)
    assert found(study, "R00001") == {(n, "", str(i)) for i, n in enumerate(names)}


def test_columns_of_no_question_and_cells_beyond_the_header(study: Study, folder: Path) -> None:
    export(folder / "essai.csv", [CODES | {"seed": "12", "Mystère": "x"}])
    with (folder / "essai.csv").open("a", encoding="utf-8") as stream:
        stream.write("B2" + "," * 20 + "trop\n")
    received = read(study)
    assert found(study) == EXPECTED and not found(study, "B2")
    assert [c for c, _, _ in notes(received.warnings)] == ["Mystère"]
    assert ["plus de cellules" in why for _, _, why in notes(received.refusals)] == [True]


def test_invisible_characters_go_from_free_answers(study: Study, folder: Path) -> None:
    export(folder / "essai.csv", [CODES | {"T": "Du\u00adr\u2060and\x07 dit\u200d\u202fnon"}])
    read(study)
    assert ("T", "", "Durand  dit\u202fnon") in found(study)
