"""study.toml: what is accepted, what is refused, and with which sentence."""

from datetime import date

import pytest

from conftest import ROOT
from notebook_reports.errors import StudyError
from notebook_reports.french import long_date
from spls_study.study import UnknownTerritory, load_study

TEXT = (ROOT / "study.toml").read_text(encoding="utf-8")


@pytest.fixture
def load(tmp_path):
    """The study of a text; of the brief's, one replacement made."""

    def run(old="", new=""):
        assert old in TEXT
        file = tmp_path / "study.toml"
        file.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
        return load_study(file)

    return run


def test_the_study_of_the_brief_and_its_territories(load):
    study = load()
    names = {"16": "Charente", "17": "Charente-Maritime", "79": "Deux-Sèvres", "86": "Vienne"}
    assert study.departements == names and study.etude.edition == date(2014, 7, 10) and study.to_fill == []
    assert [g.nom for g in study.gestionnaires if g.delegataire] == ["Grand Poitiers"]
    assert [c.attendu for c in study.cadrage] == [1584, None, 999]
    assert [t.code for t in study.territories] == [*names, "region"]
    assert study.territory("region").departements == tuple(names) and not study.territory("17").is_region
    for code in ("99", "", "Region", "17 ", "../17"):
        with pytest.raises(UnknownTerritory, match="Territoires de l'étude : 16, 17, 79, 86, region"):
            study.territory(code)
    assert load("[confidentialite]\nrepondants = 5").confidentialite.repondants == 5  # unless told otherwise
    with pytest.raises(StudyError, match="introuvable"):
        load_study("nulle-part.toml")


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
        ('"bailleurs.B07", "bailleurs.B09"', '"B07"', "copil.a_retenir"),  # a question has its questionnaire's name
        ("[etude]", 'file = "x"\n[etude]', "file : "),
        ("[etude]", "[etude", "n'est pas un fichier TOML lisible"),
    ],
)
def test_what_is_wrong_is_named(load, old, new, sentence):
    with pytest.raises(StudyError) as refusal:
        load(old, new)
    assert sentence in str(refusal.value)


@pytest.mark.parametrize(("written_there", "told"), [('"auto"', date(2014, 2, 28)), ("2013-12-31", date(2013, 12, 31))])
def test_auto_dates_the_data_of_the_day_before_whichever_edition_is_asked(load, written_there, told):
    change = ("extraction = 2014-07-01", f"extraction = {written_there}")
    study = load(*change).of_edition(date(2014, 3, 1))
    assert (study.etude.edition, study.etude.extraction) == (date(2014, 3, 1), told)
    assert study.source("programmation").endswith(long_date(told))


def test_what_is_left_to_fill_is_named_and_codes_of_corsica_and_overseas_stay_text(load):
    text = TEXT.replace("date = 2014-07-10", 'date = "a-completer"').replace('"spls@', '"a-completer@')
    left = [line.split(" est à")[0].split(": ")[1] for line in load(TEXT, text).to_fill]
    assert left == ["copil.date", "copil.contact"]
    study = load("[departements]\n", '[departements]\n2A = "Corse-du-Sud"\n01 = "Ain"\n974 = "La Réunion"\n')
    assert [study.territory(code).nom for code in ("2A", "01", "974")] == ["Corse-du-Sud", "Ain", "La Réunion"]


def test_the_team_says_a_sentence_of_its_own_under_a_note(load):
    own = 'message = "Pour la région."\nmessage_{} = "Pour le littoral."'
    told = load('message = ""', own.format(17)).copil.messages
    assert told == {"region": "Pour la région.", "17": "Pour le littoral."}
    with pytest.raises(StudyError, match=r"copil\.message_33 : le département 33"):
        load('message = ""', own.format(33))
