"""Demonstration studies of all regions: counted on the smallest, and read without a refusal."""

import csv
from pathlib import Path

import pytest

from demo.france import ROWS, departments, write_france
from spls_study.intake import check
from spls_study.study import load_study
from spls_study.tables import TABLES, read_table

CORSE = "94"


@pytest.fixture(scope="module")
def corse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    [file] = write_france(tmp_path_factory.mktemp("france"), [CORSE])
    return file


def files(study: Path) -> dict[str, bytes]:
    return {
        p.relative_to(study.parent).as_posix(): p.read_bytes() for p in sorted(study.parent.rglob("*")) if p.is_file()
    }


def test_119_territories_share_the_rows_by_population() -> None:
    table = departments()
    assert (len(table), table["region"].nunique()) == (101, 18)
    assert table["rows"].sum() == ROWS and table["rows"].min() > 1000
    assert table.set_index("code")["rows"].idxmax() == "59"  # Nord has most inhabitants


def test_a_region_is_read_whole_and_counted(corse: Path) -> None:
    study = load_study(corse)
    assert corse.parent.name == study.region.code == CORSE
    assert study.departements == {"2A": "Corse-du-Sud", "2B": "Haute-Corse"}
    report = check(study)
    assert not report.set_aside and not len(report.refusals) and not len(report.warnings)
    rows = read_table(study, "programmation")
    raw = (study.raw / "programmation.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == len(raw) - 1
    planned = departments().set_index("region").loc[CORSE, "rows"].sum()
    assert 0.94 * planned < len(rows) < planned  # some of 2014 are not filed on 1 July
    assert sorted(rows["annee_programmation"].unique()) == [*range(2000, 2015)]
    assert set(rows["departement"]) == {"2A", "2B"} and rows["code_insee"].notna().mean() > 0.9


def test_every_other_table_is_there(corse: Path) -> None:
    study = load_study(corse)
    check(study)
    for table in TABLES:
        assert len(read_table(study, table)) or table in ("programmation", "rapprochement"), table


def test_the_same_bytes_each_time_and_names_that_nobody_has(corse: Path, tmp_path: Path) -> None:
    [again] = write_france(tmp_path, [CORSE])
    written = {n: c for n, c in files(corse).items() if "/raw/" in n or n == "study.toml"}
    assert written == files(again)
    with (again.parent / "data/raw/programmation.csv").open(encoding="utf-8") as stream:
        owners = {row["MOA (nom officiel)"] for row in csv.DictReader(stream, delimiter=";")}
    assert len(owners) == 16 and all(name.startswith("Bailleur Fictif ") for name in owners)
