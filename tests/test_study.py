"""study.toml: what is accepted, what is refused, and with which sentence."""

from datetime import date
from pathlib import Path

import pytest

from notebook_reports.errors import StudyError, UsageError
from notebook_reports.french import long_date
from spls_study.study import UnknownTerritory, load_study

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "study.toml").read_text(encoding="utf-8")


def written(folder: Path, text: str) -> Path:
    file = folder / "study.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_study_of_the_brief():
    study = load_study(ROOT / "study.toml")
    assert study.departements == {
        "16": "Charente", "17": "Charente-Maritime", "79": "Deux-Sèvres", "86": "Vienne"
    }  # fmt: skip
    assert [g.nom for g in study.gestionnaires if g.delegataire] == ["Grand Poitiers"]
    assert [c.attendu for c in study.cadrage] == [1584, None, 999]
    assert study.etude.edition == date(2014, 7, 10)


def test_five_respondents_unless_told_otherwise(tmp_path):
    text = TEXT.replace("[confidentialite]\nrepondants = 5", "")
    assert load_study(written(tmp_path, text)).confidentialite.repondants == 5


def test_territories_are_the_departments_then_the_region():
    study = load_study(ROOT / "study.toml")
    assert [t.code for t in study.territories] == ["16", "17", "79", "86", "region"]
    assert study.territory("region").departements == ("16", "17", "79", "86")
    assert not study.territory("17").is_region


@pytest.mark.parametrize("code", ["99", "", "Region", "17 ", "../17"])
def test_an_unknown_territory_is_refused_in_french(code):
    with pytest.raises(UnknownTerritory, match="Territoires de l'étude : 16, 17, 79, 86, region"):
        load_study(ROOT / "study.toml").territory(code)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("repondants = 5", "repondant = 5", "confidentialite.repondant : clé inconnue"),
        ("repondants = 5", 'repondants = "5"', "confidentialite.repondants : un nombre entier est attendu, lu : '5'"),
        ("repondants = 5", "repondants = 0", "confidentialite.repondants : "),
        ("[confidentialite]\nrepondants = 5", "[secret]\nseuil = 3", "[confidentialite], puis repondants = 5"),
        ('titre = "', 'titre = 2 # "', "etude.titre : un texte entre guillemets est attendu"),
        ("edition = 2014-07-10", "", "etude.edition : clé manquante"),
        ("extraction = 2014-07-01", "", "etude.extraction : clé manquante"),
        ("extraction = 2014-07-01", 'extraction = "veille"', "ou \"auto\", est attendue, lu : 'veille'"),
        ("date = 2014-07-10", 'date = "bientôt"', "copil.date : une date AAAA-MM-JJ sans guillemets"),
        ("donnees_fictives = true", "donnees_fictives = 1", "etude.donnees_fictives : true ou"),
        ('departement = "17"', 'departement = "33"', "le département 33 n'est pas dans"),
        ("annees = [2010, 2014]", "annees = [2014, 2010]", "la première année dépasse"),
        ("attendu = 999", "attendu = 999\npart_minimale = 0.5", "soit attendu, soit part_minimale"),
        ("16 =", "1x =", "code de département attendu"),
        ("[etude]", 'file = "x"\n[etude]', "file : "),
        ("[etude]", "[etude", "n'est pas un fichier TOML lisible"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, old, new, sentence):
    assert old in TEXT
    with pytest.raises(StudyError) as refusal:
        load_study(written(tmp_path, TEXT.replace(old, new, 1)))
    assert sentence in str(refusal.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(StudyError, match="introuvable"):
        load_study(tmp_path / "nulle-part.toml")


def test_the_edition_can_be_overridden_for_a_build_and_its_kernels(tmp_path, monkeypatch):
    monkeypatch.setenv("SPLS_EDITION", "2014-09-01")
    assert load_study(written(tmp_path, TEXT)).etude.edition == date(2014, 9, 1)


@pytest.mark.parametrize(("written_there", "told"), [('"auto"', date(2014, 2, 28)), ("2013-12-31", date(2013, 12, 31))])
def test_auto_dates_the_data_of_the_day_before_whichever_edition_is_asked(tmp_path, monkeypatch, written_there, told):
    file = written(tmp_path, TEXT.replace("extraction = 2014-07-01", f"extraction = {written_there}"))
    assert load_study(file).of_edition(date(2014, 3, 1)).etude.extraction == told
    monkeypatch.setenv("SPLS_EDITION", "2014-03-01")  # what a run of that build sees
    assert load_study(file).etude.extraction == told
    assert load_study(file).source("programmation").endswith(long_date(told))


def test_what_is_left_to_fill_is_named_until_it_is_filled(tmp_path):
    left = TEXT.replace("date = 2014-07-10", 'date = "a-completer"').replace('"spls@', '"a-completer@')
    assert [line.split(" est à")[0].split(": ")[1] for line in load_study(written(tmp_path, left)).to_fill] == [
        "copil.date",
        "copil.contact",
    ]
    assert load_study(written(tmp_path, TEXT)).to_fill == []


def test_an_edition_that_is_no_date_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("SPLS_EDITION", "10 juillet")
    with pytest.raises(UsageError, match="AAAA-MM-JJ"):
        load_study(written(tmp_path, TEXT))


@pytest.mark.parametrize("code", ["2A", "01", "974"])
def test_codes_of_corsica_and_overseas_stay_text(tmp_path, code):
    text = TEXT.replace("[departements]\n", f'[departements]\n{code} = "Un département"\n')
    assert load_study(written(tmp_path, text)).territory(code).nom == "Un département"


def test_the_team_says_a_sentence_of_its_own_under_a_note(tmp_path):
    text = TEXT.replace('message = ""', 'message = "Pour la région."\nmessage_17 = "Pour le littoral."')
    told = load_study(written(tmp_path, text)).copil.messages
    assert told == {"region": "Pour la région.", "17": "Pour le littoral."}
    with pytest.raises(StudyError, match=r"copil\.message_33 : le département 33"):
        load_study(written(tmp_path, text.replace("message_17", "message_33")))


def test_a_question_is_named_with_its_questionnaire(tmp_path):
    with pytest.raises(StudyError, match=r"copil\.a_retenir"):
        load_study(written(tmp_path, TEXT.replace('"bailleurs.B07", "bailleurs.B09"', '"B07"')))
