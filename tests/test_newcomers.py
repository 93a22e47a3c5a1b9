"""Since the last edition: a warning where comparing the two would tell the answers of a few."""

import shutil
from datetime import date

import pandas as pd
import pytest
from books import put, q
from command import done

from spls_study.checking import checked, newcomers

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


def published(study, respondents):
    """The last edition's `taux_reponse`, by territory."""
    shutil.rmtree(study.root / "reports", ignore_errors=True)
    for place, number in respondents.items():
        folder = study.root / "reports" / LAST / place / "tables"
        folder.mkdir(parents=True)
        rates = {"questionnaire": "essai", "strate": ["total", "famille=OPH"], "repondants": [number, 1]}
        pd.DataFrame(rates).to_csv(folder / "taux_reponse.csv", index=False)


def told(study):
    checked(study, study.root / "reports")
    found = list(newcomers(study, study.root / "reports", date.fromisoformat(LAST)))
    return [text.split("\u00a0: ")[0] + ", " + text.split("\u00a0: ")[1].split(" de plus")[0] for text in found]


def test_one_to_four_more_are_told_apart(asked):
    for before, expected in (
        ({"17": 8, "79": 8}, []),
        ({"17": 7, "79": 8}, ["Questionnaire essai, Charente-Maritime, 1 répondant"]),
        ({"17": 5, "79": 8}, ["Questionnaire essai, Charente-Maritime, 3 répondants"]),
        ({"17": 4, "79": 8}, []),  # of four, nothing was shown
        ({"17": 9, "79": 8}, []),
        ({"17": "s", "79": 8}, []),
        ({"79": 8, "region": 12}, ["Questionnaire essai, Poitou-Charentes, 4 répondants"]),
        ({"region": 11}, []),  # five more are enough
    ):
        published(asked, before)
        assert told(asked) == expected, before


def test_check_and_build_warn_but_of_answers_by_name_or_after_the_closing(asked):
    published(asked, {"17": 7})
    sentence = (
        "Questionnaire essai, Charente-Maritime\u00a0: 1 répondant de plus que dans l'édition du 10 juin 2014. "
        "Comparer les deux éditions ferait lire les réponses de moins de 5 répondants\u00a0: déplacez cloture dans "
        "essai.toml, ou attendez d'autres réponses."
    )
    for command in ("check", "build --notebook 1 --territory 16", "check --reports ailleurs"):
        assert (sentence in done(asked.root, *command.split()).splitlines()) == ("ailleurs" not in command)
    for more in ({"nominatif": True}, {"cloture": date(2014, 6, 11)}):
        codebook(asked, **more)
        assert told(asked) == []
