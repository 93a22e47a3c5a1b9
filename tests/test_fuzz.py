"""Whatever the bytes of a file, it is read or refused: no traceback, no row lost."""

from html import escape
from pathlib import Path

import pytest
from books import put, toml
from command import sound
from corpus import QUESTIONS, ROW, SETTINGS, line, ods, row, text, xlsx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import ROOT
from notebook_reports.errors import StudyError
from spls_study.codebook import load_codebook
from spls_study.forms.workbook import workbook
from spls_study.intake import verbatims
from spls_study.study import load_study
from spls_study.tables import TABLES

COLUMNS = "organisme submitdate famille diffusion U U[other] M[SQ001] M[SQ002] E[S1] E[S2] N D R[1] R[2] T".split()
NASTY = "NA Total =1+1 @x -3 1e309 ١٢ 12,5 2013 16 2A 17 PLUS PLS/PLUS oui bailleur jalon 01/01/1900 31/12/9999 2958465"
NASTY += " #VALUE! #import <b> \" ' ; e\u0301 مكتب 🏠 0 | DD016 00004840500013 ../../x a|b 2014-07-01 NaN inf true"
CELLS = st.one_of(
    st.sampled_from(NASTY.split()),
    st.sampled_from(["", "\t=1", "9" * 400, "1 584", "\n", "\r", "\x1b[2J", "x" * 5_000, "La Rochelle"]),
    st.sampled_from("\u202e\u200b\ufeff\ud7ff"),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.from_regex(r"\A[0-9.,/ :-]{0,12}\Z"),
)
SEPARATORS = st.sampled_from([";", ",", "\t"])
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"])


@st.composite
def tables(draw):
    """A table with its columns in any order, some twice or absent, and rows of nasty cells."""
    name = draw(st.sampled_from(sorted(TABLES)))
    known = [c.name for c in TABLES[name]]
    header = draw(st.permutations(known))
    if draw(st.integers(0, 3)) == 0:
        header = draw(st.lists(st.one_of(st.sampled_from(known), CELLS), min_size=1, max_size=30))
    return name, [header, *draw(st.lists(st.lists(CELLS, min_size=1, max_size=len(header) + 1), max_size=4))]


@st.composite
def damaged(draw, data):
    """The bytes with some flipped, some cut, or none."""
    found = bytearray(data)
    for _ in range(draw(st.integers(0, 3))):
        if found:
            found[draw(st.integers(0, len(found) - 1))] = draw(st.integers(0, 255))
    if draw(st.integers(0, 4)) == 0:
        del found[draw(st.integers(0, len(found))) :]
    return bytes(found)


def quoted(rows, sep):
    return "\n".join(sep.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)


@st.composite
def files(draw):
    """Name in data/raw and bytes of a CSV, an XLSX or an ODS, whole or damaged."""
    name, rows = draw(tables())
    kind = draw(st.sampled_from(["csv", "xlsx", "ods"]))
    if kind == "csv":
        sep = draw(SEPARATORS)
        lines = quoted(rows, sep) if draw(st.booleans()) else "\n".join(sep.join(r) for r in rows)
        data = lines.encode(draw(ENCODINGS), "replace")
    elif kind == "xlsx":
        data = xlsx("".join(row(i, [escape(c) for c in r[:26]]) for i, r in enumerate(rows, 1)))
    else:
        data = ods("".join(line([escape(c) for c in r]) for r in rows))
    return f"{name}.{kind}", draw(damaged(data))


@st.composite
def edited(draw, text):
    """A TOML file in which some lines went, came twice or have another value."""
    lines = text.splitlines()
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(lines) - 1))
        key, equal, _ = lines[place].partition("=")
        cell = draw(CELLS).replace("\\", "\\\\").replace('"', '\\"')
        values = [f'"{cell}"', cell, f"[{'[' * 9}]", "-1", "{}", "1e309", "9999-12-31"]
        lines[place : place + 1] = draw(
            st.sampled_from([[], [lines[place]] * 2, [cell], *([f"{key}{equal}{value}"] for value in values)])
        )
    return draw(damaged("\n".join(lines).encode()))


def fuzz(examples, **drawn):
    """A test run on that many draws, fewer in the quick suite, in one folder."""
    examples = examples * settings.default.max_examples // 100
    checks = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
    return lambda test: settings(max_examples=examples, deadline=None, suppress_health_check=checks)(
        given(**drawn)(test)
    )


@pytest.fixture
def tried(record_property):
    return lambda: record_property("fichiers éprouvés", 1)


def only(study, name, data):
    """That file and no other in data/raw: it is read or set aside."""
    for old in study.raw.glob("*.*"):
        old.unlink()
    (study.raw / name).write_bytes(data)
    report = sound(study)
    assert len(report.files) + len(report.set_aside) == 1


@fuzz(72, file=files())
def test_raw_files(study, tried, file):
    tried()
    only(study, *file)


@pytest.mark.parametrize("name", ["galion_ddtm17.csv", "suivi_ddt79.ods", "sisal_ddt86.xlsx"])
@fuzz(5, data=st.data())
def test_real_files_with_a_few_bytes_changed(study, tried, name, data):
    tried()
    whole = (ROOT / "data" / "raw" / "programmation" / name).read_bytes()
    only(study, f"programmation{Path(name).suffix}", data.draw(damaged(whole)))


@pytest.mark.parametrize(
    ("name", "load", "text"),
    [
        ("essai.toml", load_codebook, toml("essai", *QUESTIONS, **SETTINGS)),
        ("study.toml", load_study, (ROOT / "study.toml").read_text(encoding="utf-8")),
    ],
)
@fuzz(150, data=st.data())
def test_codebooks_and_study_files(tmp_path, tried, name, load, text, data):
    tried()
    (tmp_path / name).write_bytes(data.draw(edited(text)))
    try:
        found = load(tmp_path / name)
        assert found.territories if load is load_study else found.id == "essai"
    except StudyError as error:
        assert str(error).startswith(f"{name} ")


NO_TOML = [
    *(b"a = " + b"[" * 100_000, b"a = " + b"9" * 5_000, b"\xff\xfe", b"a = 1\0", b" " * 2_000_001),
    *(b"a = 2014-02-30", b"[a]\n[a]", b"a.b = 1\na = 2", b'a = "\\ud800"', b"=", b"\xef\xbb\xbf="),
]


@pytest.mark.parametrize("content", NO_TOML)
def test_what_is_no_toml_is_said(tmp_path, content, tried):
    for name, load in (("study.toml", load_study), ("q.toml", load_codebook)):
        tried()
        (tmp_path / name).write_bytes(content)
        with pytest.raises(StudyError, match=f"^{name} (n'est pas un fichier TOML|dépasse 2 Mo)"):
            load(tmp_path / name)
    (tmp_path / "x").mkdir()
    with pytest.raises(StudyError, match="lecture impossible"):
        load_codebook(tmp_path / "x")


@pytest.fixture
def home(study):
    (study.raw / "organismes.csv").write_text(text(ROW), encoding="utf-8")
    return put(study, "essai", *QUESTIONS, **SETTINGS)


ANSWERS = st.lists(st.lists(CELLS, min_size=len(COLUMNS), max_size=len(COLUMNS)), max_size=3)


@fuzz(30, rows=ANSWERS, sep=SEPARATORS, code=ENCODINGS, header=st.permutations(COLUMNS), data=st.data())
def test_answers(study, home, tried, rows, sep, code, header, data):
    tried()
    whole = quoted([header, *rows], sep).encode(code, "replace")
    (home / "essai.csv").write_bytes(data.draw(damaged(whole)))
    report = sound(study)
    assert len(report.files) + len(report.set_aside) == 2


@fuzz(18, cells=st.dictionaries(st.sampled_from(COLUMNS), CELLS), data=st.data())
def test_forms(study, home, tried, cells, data):
    tried()
    form = workbook(load_codebook(home / "essai.toml"), [ROW[1]], {k: v[:32_000] for k, v in cells.items()})
    (home / "essai.xlsx").write_bytes(data.draw(damaged(form)))
    report = sound(study)
    assert len(report.files) + len(report.set_aside) == 2


def test_the_only_row_of_a_questionnaire_may_be_refused(study, home):
    form = workbook(load_codebook(home / "essai.toml"), [], {"organisme": "NA"})
    (home / "essai.xlsx").write_bytes(form)
    assert list(sound(study).refusals["motif"]) == ["répondant non renseigné\u202f; écrivez qui a répondu"]


@fuzz(36, rows=st.lists(st.tuples(*[CELLS] * 5), max_size=4), data=st.data())
def test_marks(study, tried, rows, data):
    tried()
    path, before = study.relecture / verbatims.FILE, data.draw(damaged(verbatims.workbook(rows)))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(before)
    try:
        verbatims.write(study, [])
    except StudyError as error:
        assert str(error).startswith("data/relecture/verbatims.xlsx")
        assert path.read_bytes() == before
    else:
        verbatims.read(study)
