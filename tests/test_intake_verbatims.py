"""Free answers: reviewed by a person, cleaned by a second net."""

import io
from collections.abc import Sequence

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notebook_reports.errors import StudyError
from spls_study.intake.scrub import names_of, scrub, scrub_contacts
from spls_study.intake.verbatims import FILE, WITHDRAWN, of, publishable, workbook, write
from spls_study.questionnaires import load_codebook
from spls_study.study import Study

FRAME = pd.DataFrame(
    {
        "nom": ["Office Fictif de l'Élan", "DDT 16"],
        "contact": ["Mme Noëlle Le Goff, noelle.legoff@exemple.fr", "contact@exemple.fr"],
    }
)
NAMES = names_of(FRAME)
CODEBOOK = """id = "essai"
titre = "Essai"
[[question]]
code = "T1"
bloc = "Un"
type = "texte"
libelle = "Premier ?"
[[question]]
code = "T2"
bloc = "Deux"
type = "texte"
libelle = "Second ?"
[[question]]
code = "T3"
bloc = "Un"
type = "choix_unique"
libelle = "Troisième ?"
modalites = { A = "a" }
autre = true
[[question]]
code = "T4"
type = "texte"
libelle = "Interne ?"
diffusion = "interne"
"""


@pytest.mark.parametrize(
    "text",
    [
        "05 49 12 34 56",
        "05.49.12.34.56",
        "05-49-12-34-56",
        "0549123456",
        "+33 5 49 12 34 56",
        "+33(0)549123456",
        "0033 5 49 12 34 56",
        "(05) 49 12 34 56",
        "05\u00a049\u202f12 34 56",
        "05 49 123 456",
        "05/49/12/34/56",
        "+33.5.49.12.34.56",
    ],
)
def test_telephone_numbers_go(text: str) -> None:
    assert scrub_contacts(f"Appeler le {text}.") == "Appeler le [téléphone]."


@pytest.mark.parametrize(
    "text",
    [
        "a.b@exemple.fr",
        "A-B+c@sous.exemple.gouv.fr",
        "prénom.nom@exemple.fr",
        "a@exemple.fr",
        "a @ exemple.fr",
        "a(at)exemple.fr",
        "a [at] exemple [dot] fr",
        "a arobase exemple.fr",
    ],
)
def test_addresses_go(text: str) -> None:
    assert scrub_contacts(f"Écrire à {text}, merci.") == "Écrire à [courriel], merci."


@pytest.mark.parametrize(
    "text",
    [
        "En 2013, 1\u202f584 logements et 999 PLS.",
        "Du 01/04/2014 au 30/06/2014.",
        "SIREN 123 456 789",
        "2013DD0170012",
        "Rien à dire.",
        "@ partir de juin",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert scrub(text, NAMES) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Voir NOELLE le-goff.", "Voir [nom] le-[nom]."),
        ("L'office fictif de l’elan répond.", "L'[nom] répond."),
        ("Noe\u0308lle\u0301 est là", "[nom] est là"),
        ("Au service de la goffe", "Au service de la goffe"),
        ("ddt  16 et DDT 160", "[nom] et DDT 160"),
        ("Un contact par service", "Un contact par service"),
    ],
)
def test_names_of_the_list_go(text: str, expected: str) -> None:
    assert scrub(text, NAMES) == expected


AROUND = st.text(alphabet="abc é.,'\u00a0(\n", max_size=12)


@given(AROUND, st.sampled_from(sorted(NAMES)), AROUND, st.booleans(), st.sampled_from(" -_\u202f\n"))
@settings(max_examples=150, deadline=None)
def test_no_name_comes_through(before: str, name: str, after: str, upper: bool, gap: str) -> None:
    typed = (name.upper() if upper else name).replace(" ", gap)
    cleaned = scrub(f"{before} {typed} {after}", NAMES)
    assert name.replace(" ", gap) not in cleaned.lower()
    assert "[nom]" in cleaned


@given(
    AROUND,
    st.lists(st.integers(0, 9), min_size=8, max_size=8),
    st.sampled_from(["", " ", ".", "-"]),
    st.sampled_from(["05", "+33 6", "0033 1", "09"]),
    AROUND,
)
@settings(max_examples=150, deadline=None)
def test_no_number_comes_through(before: str, digits: Sequence[int], gap: str, start: str, after: str) -> None:
    pairs = [f"{a}{b}" for a, b in zip(digits[::2], digits[1::2], strict=True)]
    cleaned = scrub_contacts(f"{before} {start}{gap}{gap.join(pairs)} {after}")
    assert not any(c.isdigit() for c in cleaned)


def prepare(study: Study) -> None:
    home = study.raw / "questionnaires"
    home.mkdir()
    (home / "essai.toml").write_text(CODEBOOK, encoding="utf-8")


def answers(study: Study, *texts: dict[str, str]) -> None:
    codebook = load_codebook(study.raw / "questionnaires" / "essai.toml")
    write(study, [v for t in texts for v in of(codebook, t)])


def sheet(study: Study) -> list[tuple[str, ...]]:
    book = openpyxl.load_workbook(study.relecture / FILE)
    return [tuple(c or "" for c in r) for r in book.active.iter_rows(min_row=2, values_only=True)]


def mark(study: Study, text: str, value: str = "x") -> None:
    book = openpyxl.load_workbook(study.relecture / FILE)
    for row in book.active.iter_rows(min_row=2):
        if row[3].value == text:
            row[4].value = value
    book.save(study.relecture / FILE)


def published(study: Study) -> list[str]:
    return list(publishable(study, FRAME)["texte"])


def test_the_file_is_sorted_by_block_and_names_no_one(study: Study) -> None:
    prepare(study)
    answers(study, {"T2": "b", "T1": "z"}, {"T1": "a", "T3[other]": "autre", "T4": "secret"})
    assert [r[1:] for r in sheet(study)] == [
        ("T1", "Premier ?", "a", ""),
        ("T1", "Premier ?", "z", ""),
        ("T3[other]", "Troisième ? – Autre (préciser)", "autre", ""),
        ("T2", "Second ?", "b", ""),
    ]


def test_marks_are_kept_from_run_to_run(study: Study) -> None:
    prepare(study)
    answers(study, {"T1": "=1+1"}, {"T1": "b"})
    assert published(study) == []
    mark(study, "=1+1")
    mark(study, "b", "non")
    answers(study, {"T1": "c"}, {"T1": "b"}, {"T1": "=1+1"})
    assert {r[3]: r[4] for r in sheet(study)} == {"=1+1": "x", "b": "non", "c": ""}
    assert published(study) == ["=1+1"]


def test_a_withdrawn_answer_is_not_published_and_its_mark_waits(study: Study) -> None:
    prepare(study)
    answers(study, {"T1": "a"})
    mark(study, "a")
    answers(study, {"T1": "b"})
    assert published(study) == [] and ("essai", "T1", "Premier ?", "a", WITHDRAWN) in sheet(study)
    answers(study, {"T1": "a"})
    assert published(study) == ["a"]


def test_the_second_net_cleans_what_is_marked(study: Study) -> None:
    prepare(study)
    text = "Noelle, noelle.legoff@exemple.fr ou 05 49 12 34 56"
    answers(study, {"T1": text})
    mark(study, text)
    assert published(study) == ["[nom], [courriel] ou [téléphone]"]
    assert list(publishable(study, FRAME)["bloc"]) == ["Un"]


def test_what_turns_internal_is_no_longer_published(study: Study) -> None:
    prepare(study)
    study.relecture.mkdir(parents=True)
    (study.relecture / FILE).write_bytes(workbook([("essai", "T4", "Interne ?", "secret", "oui")]))
    assert published(study) == []


def test_a_damaged_file_of_marks_is_not_written_over(study: Study) -> None:
    prepare(study)
    study.relecture.mkdir(parents=True)
    (study.relecture / FILE).write_bytes(b"PK abime")
    with pytest.raises(StudyError, match="ne sont pas écrasées"):
        answers(study, {"T1": "a"})
    assert (study.relecture / FILE).read_bytes() == b"PK abime"


def test_the_same_answers_give_the_same_bytes() -> None:
    rows = [("essai", "T1", "Premier ?", "a", "")]
    assert workbook(rows) == workbook(rows)
    assert openpyxl.load_workbook(io.BytesIO(workbook(rows))).active["D2"].value == "a"
