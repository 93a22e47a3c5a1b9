"""A check reads again what changed, and only that; what it tells and writes is a whole check's."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spls_study.checking import checked
from spls_study.intake import CheckReport, check
from spls_study.study import Study

Writer = Callable[..., Path]
QUESTIONNAIRE = """
id = "essai"
titre = "Essai"
repondant = "organisme"
population = "bailleur"
date_reponse = "submitdate"
[[question]]
code = "N"
type = "nombre"
libelle = "Nombre ?"
"""
TABLES = {
    "organismes.csv": "id;nom;role;famille;departements\n{};Office fictif;bailleur;OPH;16\n",
    "points_discussion.csv": "id;date;theme;point;statut\nP{};12/06/2014;Droits;Qui ouvre ?;ouvert\n",
    "questionnaires/essai.csv": "organisme;submitdate;N\nOffice fictif;2014-06-01 09:00:00;{}\n",
}


def put(study: Study, name: str, value: str) -> None:
    file = study.raw / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(TABLES[name].format(value), encoding="utf-8")


def written(study: Study) -> dict[str, bytes]:
    files = [p for folder in (study.processed, study.relecture) for p in sorted(folder.rglob("*")) if p.is_file()]
    return {p.relative_to(study.root).as_posix(): p.read_bytes() for p in files if p.suffix != ".json"}


def made(study: Study) -> dict[str, int]:
    """Another number for a file that was written again."""
    return {p.stem: p.stat().st_ino for p in study.processed.glob("*.parquet")}


@pytest.fixture
def received(study: Study, programmation: Writer) -> Study:
    programmation({}, {"nb_logements": "-3", "numero_operation": "2"})
    for name in TABLES:
        put(study, name, "1")
    (study.raw / "questionnaires" / "essai.toml").write_text(QUESTIONNAIRE, encoding="utf-8")
    assert checked(study, study.root / "reports").set_aside == []
    return study


def test_only_the_table_that_changed_is_read_again(received: Study) -> None:
    before = made(received)
    assert {"programmation", "organismes", "points_discussion", "reponses_essai"} <= {*before}
    put(received, "points_discussion.csv", "2")
    checked(received, received.root / "reports")
    after = made(received)
    assert {name for name in before if before[name] != after[name]} == {"points_discussion"}


def test_who_may_answer_is_part_of_what_answers_hang_on(received: Study) -> None:
    before = made(received)
    put(received, "organismes.csv", "2")
    checked(received, received.root / "reports")
    after = made(received)
    assert {name for name in before if before[name] != after[name]} == {"organismes", "reponses_essai"}


@pytest.mark.parametrize("spoilt", ["programmation.parquet", "reponses_essai.parquet"])
def test_a_table_that_was_altered_or_lost_is_made_again(received: Study, spoilt: str) -> None:
    whole = written(received)
    (received.processed / spoilt).write_bytes(b"x")
    checked(received, received.root / "reports")
    assert written(received) == whole
    (received.processed / spoilt).unlink()
    checked(received, received.root / "reports")
    assert written(received) == whole


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from([*TABLES, "programmation.csv"]), st.sampled_from("123x-")), max_size=3))
def test_after_any_changes_it_tells_and_writes_what_a_whole_check_does(
    received: Study, programmation: Writer, changes: list[tuple[str, str]]
) -> None:
    for name, value in changes:
        if name in TABLES:
            put(received, name, value)
        elif value == "-":
            (received.raw / name).unlink(missing_ok=True)
        else:
            programmation({"nb_logements": value})
    told, files = checked(received, received.root / "reports"), written(received)
    assert told == checked(received, received.root / "reports", force=True)
    assert files == written(received)


def test_the_same_bytes_however_notebooks_read_strings(received: Study) -> None:
    found = []
    for storage in ("pyarrow", "python"):
        with pd.option_context("mode.string_storage", storage):
            checked(received, received.root / "reports", force=True)
        found.append(written(received))
    assert found[0] == found[1]


def test_a_report_kept_as_text_is_the_same_report(received: Study) -> None:
    report = check(received)
    again = CheckReport.from_json(report.to_json())
    assert len(report.refusals) == 1 and again.refusals.equals(report.refusals)
    assert again.warnings.equals(report.warnings) and list(again.lines) == list(report.lines)
    assert (again.files, again.set_aside, again.ignored, again.asked) == (
        report.files,
        report.set_aside,
        report.ignored,
        report.asked,
    )
