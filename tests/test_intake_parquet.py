"""What intake writes satisfies the schema of its table, which intake itself does not run."""

import shutil

import pandas as pd
import pytest
from schemas import schema

from conftest import ROOT
from spls_study.intake import check
from spls_study.intake.parquet import content
from spls_study.study import Study
from spls_study.tables import TABLES, empty, read_table


def test_every_table_of_the_demonstration_satisfies_its_schema(study: Study) -> None:
    shutil.copytree(ROOT / "data/raw", study.raw, dirs_exist_ok=True)
    report = check(study)
    assert len(report.refusals) > 5 and len(report.warnings) > 5  # the data are dirty
    for table in TABLES:
        rows = read_table(study, table)
        assert len(rows), table
        pd.testing.assert_frame_equal(schema(table).validate(rows), rows)


def test_a_table_of_another_shape_is_a_fault_of_the_program() -> None:
    rows = empty("profils")
    content("profils", rows.astype({"profil": "category"}))
    with pytest.raises(TypeError, match="profils"):
        content("profils", rows.assign(profil=pd.Series(dtype="int64")))
    with pytest.raises(TypeError, match="profils"):
        content("profils", rows[rows.columns[::-1]])
