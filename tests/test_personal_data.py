"""The page that the data-protection officer signs names all that is personal."""

import re
from pathlib import Path

import pytest

from spls_study.codebook import Codebook
from spls_study.tables import TABLES

PAGE = Path(__file__).parent.parent / "docs" / "donnees-personnelles.md"
ROWS = [
    line.split("|")[1:]
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if line.startswith("| `") or line.startswith("| questionnaire")
]


def inventoried(table):
    """Column → what shows of it."""
    found = {}
    for first, columns, *_, shows, _ in (r for r in ROWS if len(r) == 5):
        if first.strip().strip("`") == table:
            found |= dict.fromkeys(re.findall(r"`(\w+)`", columns), shows.strip())
    return found


@pytest.mark.parametrize("table", [t for t, c in TABLES.items() if any(x.personal for x in c)])
def test_each_personal_column_is_in_the_inventory_and_never_shown(table):
    for column in TABLES[table]:
        if column.personal:
            assert inventoried(table)[column.name] == "jamais"


def test_the_inventory_names_no_column_that_is_not_there():
    for table, columns in TABLES.items():
        assert set(inventoried(table)) <= {c.name for c in columns}
    assert set(inventoried("comptes")) == {c.name for c in TABLES["comptes"]}


def test_what_a_codebook_says_of_respondents_is_in_the_inventory():
    marks = inventoried("questionnaire")
    assert {"repondant", "accord", "texte", "diffusion"} & set(marks) >= {"repondant", "accord"}
    assert {"repondant", "accord"} <= set(Codebook.model_fields)
