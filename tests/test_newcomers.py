"""Since the last edition: a warning where comparing the two would tell the answers of a few."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from command import run

from spls_study.checking import checked
from spls_study.newcomers import warnings
from spls_study.study import Study

BOOK = """id = "essai"
titre = "Essai"
repondant = "organisme"
population = "bailleur"
date_reponse = "le"
{more}
[[question]]
code = "U"
type = "choix_unique"
libelle = "Unique ?"
modalites = {{ o = "Oui", n = "Non" }}
"""
LAST = "2014-06-10"


@pytest.fixture
def asked(study: Study) -> Study:
    """Twenty bailleurs of 17, as many of 79; eight of each have answered, one of them later."""
    rows = [(f"B{code}{i:02d}", "bailleur", code) for code in ("17", "79") for i in range(20)]
    frame = pd.DataFrame(rows, columns=["id", "role", "departements"]).assign(nom="Office", famille="OPH")
    frame.to_csv(study.raw / "organismes.csv", index=False)
    answers = [(id, "o", "12/06/2014" if id.endswith("07") else "01/06/2014") for id, *_ in rows if id[-2:] < "08"]
    (study.raw / "questionnaires").mkdir()
    table = pd.DataFrame(answers, columns=["organisme", "U", "le"])
    table.to_csv(study.raw / "questionnaires" / "essai.csv", index=False)
    codebook(study)
    return study


def codebook(study: Study, more: str = "") -> None:
    (study.raw / "questionnaires" / "essai.toml").write_text(BOOK.format(more=more), encoding="utf-8")


def published(study: Study, **respondents: object) -> None:
    """The last edition's `taux_reponse`."""
    for place, number in respondents.items():
        folder = study.root / "reports" / LAST / place.removeprefix("d") / "tables"
        folder.mkdir(parents=True)
        rates = {"questionnaire": "essai", "strate": ["total", "famille=OPH"], "repondants": [number, 1]}
        pd.DataFrame(rates).to_csv(folder / "taux_reponse.csv", index=False)


def told(study: Study) -> list[str]:
    checked(study, study.root / "reports")
    found = list(warnings(study, study.root / "reports", date.fromisoformat(LAST)))
    return [text.split("\u00a0: ")[0] + ", " + text.split("\u00a0: ")[1].split(" de plus")[0] for text in found]


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (8, []),
        (7, ["Questionnaire essai, Charente-Maritime, 1 répondant"]),
        (5, ["Questionnaire essai, Charente-Maritime, 3 répondants"]),
        (4, []),  # of four, nothing was shown
        (9, []),
        ("s", []),
    ],
)
def test_one_to_four_more_are_told_apart(asked: Study, before: object, expected: list[str]) -> None:
    published(asked, d17=before, d79=8)
    assert told(asked) == expected


def test_the_region_counts_too_and_five_more_are_enough(asked: Study) -> None:
    published(asked, d79=8, region=12)
    assert told(asked) == ["Questionnaire essai, Poitou-Charentes, 4 répondants"]


def test_five_more_are_enough(asked: Study) -> None:
    published(asked, region=11)
    assert told(asked) == []


@pytest.mark.parametrize("more", ["nominatif = true", "cloture = 2014-06-11"])
def test_answers_by_name_and_those_after_the_closing_are_not_told_apart(asked: Study, more: str) -> None:
    published(asked, d17=7, region=14)
    assert told(asked)
    codebook(asked, more)
    assert told(asked) == []


def test_check_and_build_warn(asked: Study) -> None:
    published(asked, d17=7)
    sentence = (
        "Questionnaire essai, Charente-Maritime\u00a0: 1 répondant de plus que dans l'édition du 10 juin 2014. "
        "Comparer les deux éditions ferait lire les réponses de moins de 5 répondants\u00a0: déplacez cloture dans "
        "essai.toml, ou attendez d'autres réponses."
    )
    for command in (("check",), ("build", "--notebook", "1", "--territory", "16")):
        done = run(asked.root, *command)
        assert done.returncode == 0 and sentence in done.stdout.splitlines()
    elsewhere = run(asked.root, "check", "--reports", str(Path("ailleurs")))
    assert elsewhere.returncode == 0 and sentence not in elsewhere.stdout
