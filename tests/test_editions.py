import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from spls_study.editions import fingerprint, last_edition, previous_table
from spls_study.questionnaires import read_answers
from spls_study.study import Study, load_study

ROOT = Path(__file__).parent.parent


@pytest.fixture
def study(tmp_path: Path) -> Study:
    shutil.copy(ROOT / "study.toml", tmp_path)
    return load_study(tmp_path / "study.toml")  # edition of 10 July 2014


def test_the_last_edition_is_the_latest_earlier_one(study: Study):
    assert last_edition(study) is None
    for name in ("2014-05-01", "2014-07-01", "2014-07-10", "2014-10-07", "diff"):
        (study.root / "reports" / name).mkdir(parents=True)
    assert last_edition(study) == date(2014, 7, 1)


def test_reports_may_be_elsewhere(study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "ailleurs" / "2013-12-31").mkdir(parents=True)
    monkeypatch.setenv("SPLS_REPORTS", str(tmp_path / "ailleurs"))
    assert last_edition(study) == date(2013, 12, 31)


def test_a_table_of_the_last_edition(study: Study):
    region = study.territory("region")
    assert previous_table(study, region, "chiffres_cles") is None
    folder = study.root / "reports" / "2014-06-01" / "region" / "tables"
    folder.mkdir(parents=True)
    assert previous_table(study, region, "chiffres_cles") is None
    (folder / "chiffres_cles.csv").write_text("cle,valeur\na,1.5\n", encoding="utf-8")
    assert previous_table(study, region, "chiffres_cles").valeur.tolist() == [1.5]


def test_the_fingerprint_follows_what_was_read(study: Study):
    first = fingerprint(study)
    assert fingerprint(study) == first and len(first) == 8
    study.processed.mkdir(parents=True)
    file = study.processed / "reponses_x.parquet"
    pd.DataFrame({"repondant": ["1"]}).to_parquet(file)
    assert fingerprint(study) == first  # nobody has read it
    read_answers(study, "x")
    second = fingerprint(study)
    pd.DataFrame({"repondant": ["2"]}).to_parquet(file)
    assert len({first, second, fingerprint(study)}) == 3
