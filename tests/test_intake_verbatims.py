"""Free answers: reviewed by a person, cleaned by a second net."""

import pandas as pd
import pytest
from books import put, q
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import told

from conftest import pairs
from notebook_reports.errors import StudyError
from spls_study.codebook import load_codebook
from spls_study.intake.persons import names_of, without_contacts, without_names
from spls_study.intake.verbatims import FILE, WITHDRAWN, of, publishable, workbook, write

FRAME = pd.DataFrame(
    {
        "nom": ["Office Fictif de l'Élan", "DDT 16"],
        "contact": ["Mme Noëlle Le Goff, noelle.legoff@exemple.fr", "contact@exemple.fr"],
    }
)
NAMES = names_of(FRAME)
QUESTIONS = [
    q("T1", "texte", "Premier ?", bloc="Un"),
    q("T2", "texte", "Second ?", bloc="Deux"),
    q("T3", "choix_unique", "Troisième ?", bloc="Un", modalites={"A": "a"}, autre=True),
    q("T4", "texte", "Interne ?", diffusion="interne"),
]
TELEPHONES = (
    "05 49 12 34 56 | 05.49.12.34.56 | 05-49-12-34-56 | 0549123456 | +33 5 49 12 34 56 | +33(0)549123456 | "
    "0033 5 49 12 34 56 | (05) 49 12 34 56 | 05\u00a049\u202f12 34 56 | 05 49 123 456 | 05/49/12/34/56 | "
    "+33.5.49.12.34.56"
)
ADDRESSES = (
    "a.b@exemple.fr | A-B+c@sous.exemple.gouv.fr | prénom.nom@exemple.fr | a@exemple.fr | a @ exemple.fr | "
    "a(at)exemple.fr | a [at] exemple [dot] fr | a arobase exemple.fr"
)
OTHERS = (
    "En 2013, 1\u202f584 logements et 999 PLS. | Du 01/04/2014 au 30/06/2014. | SIREN 123 456 789 | 2013DD0170012 | "
    "Rien à dire. | @ partir de juin"
)
PEOPLE = pairs(
    "Voir NOELLE le-goff. → Voir [nom] le-[nom]. | L'office fictif de l’elan répond. → L'[nom] répond. | "
    "Noe\u0308lle\u0301 est là → [nom] est là | Au service de la goffe → Au service de la goffe | "
    "ddt  16 et DDT 160 → [nom] et DDT 160 | Un contact par service → Un contact par service"
)


def test_telephone_numbers_addresses_and_names_go_and_other_numbers_stay():
    for text in TELEPHONES.split(" | "):
        assert without_contacts(f"Appeler le {text}.") == "Appeler le [téléphone]."
    for text in ADDRESSES.split(" | "):
        assert without_contacts(f"Écrire à {text}, merci.") == "Écrire à [courriel], merci."
    for text, expected in (*PEOPLE, *((text, text) for text in OTHERS.split(" | "))):
        assert without_names(text, NAMES) == expected


AROUND = st.text(alphabet="abc é.,'\u00a0(\n", max_size=12)
PAIRS = st.lists(st.from_regex(r"\A[0-9]{2}\Z"), min_size=4, max_size=4)


@given(AROUND, st.sampled_from(sorted(NAMES)), AROUND, st.booleans(), st.sampled_from(" -_\u202f\n"))
@settings(max_examples=150, deadline=None)
def test_no_name_comes_through(before, name, after, upper, gap):
    typed = (name.upper() if upper else name).replace(" ", gap)
    cleaned = without_names(f"{before} {typed} {after}", NAMES)
    assert name.replace(" ", gap) not in cleaned.lower() and "[nom]" in cleaned


@given(AROUND, PAIRS, st.sampled_from(["", " ", ".", "-"]), st.sampled_from(["05", "+33 6", "0033 1", "09"]), AROUND)
@settings(max_examples=150, deadline=None)
def test_no_number_comes_through(before, digits, gap, start, after):
    cleaned = without_contacts(f"{before} {start}{gap}{gap.join(digits)} {after}")
    assert not any(c.isdigit() for c in cleaned)


@pytest.fixture
def asked(study):
    put(study, "essai", *QUESTIONS)
    study.relecture.mkdir(parents=True)
    return study


def answers(study, *texts):
    codebook = load_codebook(study.raw / "questionnaires" / "essai.toml")
    write(study, [v for t in texts for v in of(codebook, t)])


def sheet(study):
    table = pd.read_excel(study.relecture / FILE, dtype="str", engine="calamine").fillna("")
    return [*table.itertuples(index=False, name=None)]


def mark(study, text, value="x"):
    rows = [(*row[:4], value if row[3] == text else row[4]) for row in sheet(study)]
    (study.relecture / FILE).write_bytes(workbook(rows))


def published(study):
    return list(publishable(study, FRAME)["texte"])


def test_the_file_is_sorted_by_block_names_no_one_and_has_the_same_bytes_each_time(asked):
    answers(asked, {"T2": "b", "T1": "z"}, {"T1": "a", "T3[other]": "autre", "T4": "secret"})
    rows = [("T1", "Premier ?", "a"), ("T1", "Premier ?", "z")]
    rows += [("T3[other]", "Troisième ? – Autre (préciser)", "autre"), ("T2", "Second ?", "b")]
    assert sheet(asked) == [("essai", *row, "") for row in rows]
    assert workbook(sheet(asked)) == workbook(sheet(asked)) == (asked.relecture / FILE).read_bytes()


def test_marks_are_kept_from_run_to_run(asked):
    answers(asked, {"T1": "=1+1"}, {"T1": "b"})
    assert published(asked) == []
    mark(asked, "=1+1")
    mark(asked, "b", "non")
    answers(asked, {"T1": "c"}, {"T1": "b"}, {"T1": "=1+1"})
    assert {r[3]: r[4] for r in sheet(asked)} == {"=1+1": "x", "b": "non", "c": ""}
    assert published(asked) == ["=1+1"]


def test_a_withdrawn_answer_is_not_published_and_its_mark_waits(asked):
    answers(asked, {"T1": "a"})
    mark(asked, "a")
    answers(asked, {"T1": "b"})
    assert published(asked) == [] and ("essai", "T1", "Premier ?", "a", WITHDRAWN) in sheet(asked)
    answers(asked, {"T1": "a"})
    assert published(asked) == ["a"]


def test_the_second_net_cleans_what_is_marked_and_what_turned_internal_is_not_published(asked):
    text = "Noelle, noelle.legoff@exemple.fr ou 05 49 12 34 56"
    marked = [("essai", "T1", "Premier ?", text, "oui"), ("essai", "T4", "Interne ?", "secret", "oui")]
    (asked.relecture / FILE).write_bytes(workbook(marked))
    assert told(publishable(asked, FRAME), "bloc texte") == "Un [nom], [courriel] ou [téléphone]"


def test_a_damaged_file_of_marks_is_not_written_over(asked):
    (asked.relecture / FILE).write_bytes(b"PK abime")
    with pytest.raises(StudyError, match="ne sont pas écrasées"):
        answers(asked, {"T1": "a"})
    assert (asked.relecture / FILE).read_bytes() == b"PK abime"
