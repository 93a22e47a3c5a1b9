"""A check reads again what changed, and only that; what it tells and writes is a whole check's."""

import time

import books
import pandas as pd
import pytest
from command import small_study, swap
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from notebook_reports.processes import Process, default_way, end_all, serves
from spls_study import intake
from spls_study.checking import checked
from spls_study.program import PROGRAM
from spls_study.study import load_study

TABLES = {
    "organismes.csv": "id;nom;role;famille;departements\n{};Office fictif;bailleur;OPH;17\n",
    "points_discussion.csv": "id;date;theme;point;statut\nP{};12/06/2014;Droits;Qui ouvre ?;ouvert\n",
    "questionnaires/essai.csv": "organisme;submitdate;N\nOffice fictif;2014-06-01 09:00:00;{}\n",
}
SPOILT = ["processed/programmation.parquet", "processed/reponses_essai.parquet"]


@pytest.fixture
def study(tmp_path):
    """Of one department: slices are made by territory."""
    file = small_study(tmp_path) / "study.toml"
    swap(file, '79 = "Deux-Sèvres"\n', "")
    swap(file, '[[gestionnaires]]\nid = "DD079"\nnom = "DDT 79"\ndepartement = "79"\n', "")
    return load_study(file)


def put(study, name, value):
    (study.raw / name).write_text(TABLES[name].format(value), encoding="utf-8")


def check(study, force=False):
    """What is told and written, the memory of the check apart."""
    told = checked(study, study.root / "reports", force)
    files = [p for folder in (study.processed, study.relecture) for p in sorted(folder.rglob("*")) if p.is_file()]
    return told, {p.relative_to(study.root).as_posix(): p.read_bytes() for p in files if p.suffix != ".json"}


def made(study):
    """Another number for a file that was written again."""
    return {p.stem: p.stat().st_ino for p in study.processed.glob("*.parquet")}


@pytest.fixture
def received(study, programmation):
    programmation({}, {"nb_logements": "-3", "numero_operation": "2"}, {"numero_operation": "3", "moa_siret": "1"})
    number = books.q("N", "nombre", "Nombre ?")
    books.put(study, "essai", number, repondant="organisme", population="bailleur", date_reponse="submitdate")
    for name in TABLES:
        put(study, name, "1")
    told, _ = check(study)
    assert told.set_aside == [] and any(line.startswith("Avertissement\u00a0: ") for line in told.lines)
    return study


def test_only_what_changed_and_what_hangs_on_it_is_read_again(received):
    before = made(received)
    assert {"programmation", "organismes", "points_discussion", "reponses_essai"} <= {*before}
    for name, again in (("points_discussion", {"points_discussion"}), ("organismes", {"organismes", "reponses_essai"})):
        put(received, f"{name}.csv", "2")
        check(received)
        after = made(received)
        assert {name for name in before if before[name] != after[name]} == again
        before = after


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example([(SPOILT[0], "x"), (SPOILT[1], "-"), ("points_discussion.csv", "-"), ("organismes.csv", "2")])
@example([(SPOILT[0], "-"), (SPOILT[1], "x"), ("programmation.csv", "2")])
@given(
    st.lists(
        st.tuples(st.sampled_from([*TABLES, *SPOILT, "programmation.csv"]), st.sampled_from("123x-")),
        min_size=2,
        max_size=8,
    )
)
def test_after_any_changes_it_tells_and_writes_what_a_whole_check_does(received, programmation, changes):
    for name, value in changes:
        path = received.processed.parent / name if name in SPOILT else received.raw / name
        if value == "-":
            path.unlink(missing_ok=True)
        elif name in SPOILT:
            path.write_bytes(b"x")
        elif name in TABLES:
            put(received, name, value)
        else:
            programmation({"nb_logements": value}, {"numero_operation": "3", "moa_siret": value})
    assert check(received) == check(received, force=True)


def test_the_same_bytes_however_notebooks_read_strings(received):
    before = check(received)
    with pd.option_context("mode.string_storage", "python"):
        assert check(received, force=True) == before


@pytest.mark.skipif(default_way() != "fork", reason="forks from a server")
def test_a_process_beside_does_the_questionnaires_and_one_that_is_killed_leaves_them(received, monkeypatch):
    alone = check(received, force=True)
    PROGRAM.preload()
    while not serves(PROGRAM.libraries):
        time.sleep(0.05)
    with monkeypatch.context() as here:
        here.setattr(intake, "read_questionnaires", lambda study: pytest.fail("lu ici"))
        assert check(received, force=True) == alone
    monkeypatch.setattr(Process, "wait", lambda helper: helper.kill())
    assert check(received, force=True) == alone
    end_all()
