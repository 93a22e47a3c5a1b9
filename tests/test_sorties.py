"""`sorties.csv` is the contract of what is published: each table of the stored notebooks is what it says."""

import csv
import json
from fnmatch import fnmatchcase
from typing import Any

import pytest

from notebook_reports import notebook as nb
from notebook_reports.blocks import TABLE
from spls_study.study import NOTEBOOKS, PACKAGE

with (PACKAGE / "sorties.csv").open(encoding="utf-8", newline="") as stream:
    LISTED = list(csv.DictReader(stream, delimiter=";"))
FILES = sorted(NOTEBOOKS.glob("[0-9]*.ipynb"))


def published(file: Any) -> dict[str, dict[str, Any]]:
    """The tables of a notebook, the project team's too."""
    shown = [o.data[TABLE] for o in nb.outputs(nb.read(file)) if TABLE in o.get("data", {})]
    return {t["name"]: t for one in shown for t in (one if isinstance(one, list) else [one])}


def listed(name: str) -> dict[str, str]:
    return next(row for row in LISTED if fnmatchcase(name, row["tableau"]))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_table_has_the_columns_and_the_key_that_are_said(file: Any) -> None:
    for name, table in published(file).items():
        said = listed(name)
        columns = said["colonnes"].removesuffix("|*").split("|")
        more = said["colonnes"].endswith("*")
        assert (table["columns"][: len(columns)] if more else table["columns"]) == columns
        assert said["carnet"] == file.stem[0]
        keys = [table["columns"].index(key) for key in said["cle"].split("|")]
        rows = [json.dumps([row[key] for key in keys]) for row in table["data"]]
        assert len(rows) == len({*rows}), name
        assert not said["voir"] or said["voir"] in columns


def test_no_table_is_listed_that_no_notebook_shows() -> None:
    shown = {name for file in FILES for name in published(file)} | {"etat_note"}  # of a department's note
    assert [row["tableau"] for row in LISTED if not any(fnmatchcase(name, row["tableau"]) for name in shown)] == []


def test_the_guide_lists_them() -> None:
    guide = (PACKAGE.parent / "docs" / "guide.md").read_text(encoding="utf-8")
    for row in LISTED:
        key = row["cle"].replace("|", ", ")
        assert f"- `{row['tableau']}` (rapport {row['carnet']}) : {row['nom']}. Clé : {key}.\n" in guide
