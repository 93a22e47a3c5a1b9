"""Since the last edition: a warning where comparing the two would tell the answers of a few."""

from datetime import date

import pandas as pd
import pytest
from books import put, q
from typer.testing import CliRunner

from spls_study.checking import checked
from spls_study.cli import app
from spls_study.newcomers import warnings

LAST = "2014-06-10"


@pytest.fixture
def asked(study):
    """Twenty bailleurs of 17, as many of 79; eight of each have answered, one of them later."""
    rows = [(f"B{code}{i:02d}", "bailleur", code) for code in ("17", "79") for i in range(20)]
    frame = pd.DataFrame(rows, columns=["id", "role", "departements"]).assign(nom="Office", famille="OPH")
    frame.to_csv(study.raw / "organismes.csv", index=False)
    answers = [(id, "o", "12/06/2014" if id.endswith("07") else "01/06/2014") for id, *_ in rows if id[-2:] < "08"]
    table = pd.DataFrame(answers, columns=["organisme", "U", "le"])
    table.to_csv(codebook(study) / "essai.csv", index=False)
    return study


def codebook(study, **more):
    asked = q("U", "choix_unique", "Unique ?", modalites={"o": "Oui", "n": "Non"})
    return put(study, "essai", asked, repondant="organisme", population="bailleur", date_reponse="le", **more)


def published(study, **respondents):
    """The last edition's `taux_reponse`."""
    for place, number in respondents.items():
        folder = study.root / "reports" / LAST / place.removeprefix("d") / "tables"
        folder.mkdir(parents=True)
        rates = {"questionnaire": "essai", "strate": ["total", "famille=OPH"], "repondants": [number, 1]}
        pd.DataFrame(rates).to_csv(folder / "taux_reponse.csv", index=False)


def told(study):
    checked(study, study.root / "reports")
    found = list(warnings(study, study.root / "reports", date.fromisoformat(LAST)))
    return [text.split("\u00a0: ")[0] + ", " + text.split("\u00a0: ")[1].split(" de plus")[0] for text in found]


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ({"d17": 8, "d79": 8}, []),
        ({"d17": 7, "d79": 8}, ["Questionnaire essai, Charente-Maritime, 1 répondant"]),
        ({"d17": 5, "d79": 8}, ["Questionnaire essai, Charente-Maritime, 3 répondants"]),
        ({"d17": 4, "d79": 8}, []),  # of four, nothing was shown
        ({"d17": 9, "d79": 8}, []),
        ({"d17": "s", "d79": 8}, []),
        ({"d79": 8, "region": 12}, ["Questionnaire essai, Poitou-Charentes, 4 répondants"]),
        ({"region": 11}, []),  # five more are enough
    ],
)
def test_one_to_four_more_are_told_apart(asked, before, expected):
    published(asked, **before)
    assert told(asked) == expected


@pytest.mark.parametrize("more", [{"nominatif": True}, {"cloture": date(2014, 6, 11)}])
def test_answers_by_name_and_those_after_the_closing_are_not_told_apart(asked, more):
    published(asked, d17=7, region=14)
    assert told(asked)
    codebook(asked, **more)
    assert told(asked) == []


def test_check_and_build_warn(asked, monkeypatch):
    published(asked, d17=7)
    sentence = (
        "Questionnaire essai, Charente-Maritime\u00a0: 1 répondant de plus que dans l'édition du 10 juin 2014. "
        "Comparer les deux éditions ferait lire les réponses de moins de 5 répondants\u00a0: déplacez cloture dans "
        "essai.toml, ou attendez d'autres réponses."
    )
    monkeypatch.chdir(asked.root)
    for command in (["check"], ["build", "--notebook", "1", "--territory", "16"], ["check", "--reports", "ailleurs"]):
        done = CliRunner().invoke(app, command, env={"COLUMNS": "300"})
        assert done.exit_code == 0, done.output
        assert (sentence in done.output.splitlines()) == ("ailleurs" not in command)
