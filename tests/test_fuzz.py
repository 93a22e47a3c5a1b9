"""Whatever the bytes of a file, it is read or refused: no traceback, no row lost."""

from collections.abc import Callable
from pathlib import Path

import pytest
from corpus import ROW, text
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nasty import CELLS, ENCODINGS, SEPARATORS, damaged, edited, files
from running import sound

from conftest import ROOT
from notebook_reports.errors import StudyError
from spls_study.forms.workbook import workbook
from spls_study.intake import verbatims
from spls_study.questionnaires import load_codebook
from spls_study.study import Study, load_study

Record = Callable[[str, object], None]
BOOK = """id = "essai"
titre = "Essai"
repondant = "organisme"
population = "bailleur"
date_reponse = "submitdate"
strates = ["departement"]
accord = "diffusion"
[[question]]
code = "Q1"
type = "choix_unique"
libelle = "Qui saisit ?"
modalites = { A1 = "Le siège", A2 = "L'agence" }
autre = true
[[question]]
code = "Q2"
type = "choix_multiple"
libelle = "Par quoi ?"
sous_questions = { SQ1 = "Courrier", SQ2 = "Courriel" }
filtre = "Q1 == 'A1' or not (Q1 in ('A2', 'autre'))"
[[question]]
code = "Q3"
type = "nombre"
libelle = "Combien ?"
[[question]]
code = "Q4"
type = "date"
libelle = "Quand ?"
[[question]]
code = "Q5"
type = "classement"
libelle = "Rangez"
modalites = { A1 = "Un", A2 = "Deux" }
[[question]]
code = "Q6"
type = "texte"
libelle = "Dites"
"""
COLUMNS = [
    "organisme",
    "submitdate",
    "departement",
    "diffusion",
    "Q1",
    "Q1[other]",
    "Q2[SQ1]",
    "Q2[SQ2]",
    "Q3",
    "Q4",
    "Q5[1]",
    "Q5[2]",
    "Q6",
]


def fuzz(examples: int) -> Callable[..., Callable[..., None]]:
    return settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
    )


def only(folder: Path, name: str, data: bytes) -> None:
    """The folder with that file and no other of the same table."""
    for old in folder.glob("*.*"):
        old.unlink()
    (folder / name).write_bytes(data)


def test_raw_files(study: Study, record_property: Record) -> None:
    @fuzz(72)
    @given(files())
    def run(file: tuple[str, bytes]) -> None:
        only(study.raw, *file)
        record_property("fichiers éprouvés", 1)
        report = sound(study)
        assert len(report.files) + len(report.set_aside) == 1

    run()


@pytest.mark.parametrize("name", ["galion_ddtm17.csv", "suivi_ddt79.ods", "sisal_ddt86.xlsx"])
def test_real_files_with_a_few_bytes_changed(study: Study, name: str, record_property: Record) -> None:
    data = (ROOT / "data" / "raw" / "programmation" / name).read_bytes()

    @fuzz(5)
    @given(damaged(data))
    def run(changed: bytes) -> None:
        only(study.raw, f"programmation{Path(name).suffix}", changed)
        record_property("fichiers éprouvés", 1)
        report = sound(study)
        assert len(report.files) + len(report.set_aside) == 1

    run()


def test_codebooks(tmp_path: Path, record_property: Record) -> None:
    @fuzz(150)
    @given(edited(BOOK))
    def run(data: bytes) -> None:
        record_property("fichiers éprouvés", 1)
        (tmp_path / "essai.toml").write_bytes(data)
        try:
            assert load_codebook(tmp_path / "essai.toml").id == "essai"
        except StudyError as error:
            assert str(error).startswith("essai.toml ")

    run()


def test_study_files(tmp_path: Path, record_property: Record) -> None:
    @fuzz(150)
    @given(edited((ROOT / "study.toml").read_text(encoding="utf-8")))
    def run(data: bytes) -> None:
        record_property("fichiers éprouvés", 1)
        (tmp_path / "study.toml").write_bytes(data)
        try:
            assert load_study(tmp_path / "study.toml").territories
        except StudyError as error:
            assert str(error).startswith("study.toml ")

    run()


@pytest.mark.parametrize(
    "content",
    [
        b"a = " + b"[" * 100_000,
        b"a = " + b"9" * 5_000,
        b"\xff\xfe",
        b"a = 1\0",
        b" " * 2_000_001,
        b"a = 2014-02-30",
        b"[a]\n[a]",
        b"a.b = 1\na = 2",
        b'a = "\\ud800"',
        b"=",
        b"\xef\xbb\xbf=",
    ],
)
def test_what_is_no_toml_is_said(tmp_path: Path, content: bytes, record_property: Record) -> None:
    for name, load in (("study.toml", load_study), ("q.toml", load_codebook)):
        record_property("fichiers éprouvés", 1)
        (tmp_path / name).write_bytes(content)
        with pytest.raises(StudyError, match=f"^{name} (n'est pas un fichier TOML|dépasse 2 Mo)"):
            load(tmp_path / name)
    (tmp_path / "x").mkdir()
    with pytest.raises(StudyError, match="lecture impossible"):
        load_codebook(tmp_path / "x")


def test_answers(study: Study, record_property: Record) -> None:
    home = study.raw / "questionnaires"
    home.mkdir()
    (study.raw / "organismes.csv").write_text(text(ROW), encoding="utf-8")
    book = home / "essai.toml"
    book.write_text(BOOK, encoding="utf-8")
    answers = st.lists(st.lists(CELLS, min_size=len(COLUMNS), max_size=len(COLUMNS)), max_size=3)

    @fuzz(30)
    @given(answers, SEPARATORS, ENCODINGS, st.permutations(COLUMNS), st.data())
    def run(rows: list[list[str]], sep: str, code: str, header: list[str], data: st.DataObject) -> None:
        quoted = [['"' + c.replace('"', '""') + '"' for c in row] for row in [header, *rows]]
        whole = "\n".join(sep.join(r) for r in quoted).encode(code, "replace")
        (home / "essai.csv").write_bytes(data.draw(damaged(whole)))
        record_property("fichiers éprouvés", 1)
        report = sound(study)
        assert len(report.files) + len(report.set_aside) == 2

    run()


def test_forms(study: Study, record_property: Record) -> None:
    home = study.raw / "questionnaires"
    home.mkdir()
    (study.raw / "organismes.csv").write_text(text(ROW), encoding="utf-8")
    book = home / "essai.toml"
    book.write_text(BOOK, encoding="utf-8")

    @fuzz(18)
    @given(st.dictionaries(st.sampled_from(COLUMNS), CELLS), st.data())
    def run(given_: dict[str, str], data: st.DataObject) -> None:
        form = workbook(load_codebook(book), [ROW[1]], {k: v[:32_000] for k, v in given_.items()})
        (home / "essai.xlsx").write_bytes(data.draw(damaged(form)))
        record_property("fichiers éprouvés", 1)
        report = sound(study)
        assert len(report.files) + len(report.set_aside) == 2

    run()


def test_the_only_row_of_a_questionnaire_may_be_refused(study: Study) -> None:
    home = study.raw / "questionnaires"
    home.mkdir()
    (home / "essai.toml").write_text(BOOK, encoding="utf-8")
    form = workbook(load_codebook(home / "essai.toml"), [], {"organisme": "NA"})
    (home / "essai.xlsx").write_bytes(form)
    assert list(sound(study).refusals["motif"]) == ["répondant non renseigné"]


def test_marks(study: Study, record_property: Record) -> None:
    study.relecture.mkdir(parents=True)
    path = study.relecture / verbatims.FILE

    @fuzz(36)
    @given(st.lists(st.tuples(*[CELLS] * 5), max_size=4), st.data())
    def run(rows: list[tuple[str, ...]], data: st.DataObject) -> None:
        record_property("fichiers éprouvés", 1)
        before = data.draw(damaged(verbatims.workbook(rows)))
        path.write_bytes(before)
        try:
            verbatims.write(study, [])
        except StudyError as error:
            assert str(error).startswith("data/relecture/verbatims.xlsx")
            assert path.read_bytes() == before
        else:
            verbatims.read(study)

    run()
