"""Codebooks: the two real ones, and errors that name the question and the key."""

import pytest

from notebook_reports.errors import StudyError
from spls_study.codebook import load_codebook, load_codebooks, read_answers
from spls_study.study import PACKAGE, load_study

STEPS = {*"recensement depot instruction programmation agrement suivi modification cloture".split()}
HEAD = 'id = "essai"\ntitre = "Essai"\n'
Q1 = """[[question]]
code = "Q1"
type = "choix_unique"
libelle = "Un ?"
modalites = { A1 = "Oui", A2 = "Non" }
"""
Q2 = """[[question]]
code = "Q2"
type = "nombre"
libelle = "Deux ?"
"""


def load(folder, text, name="essai"):
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return load_codebook(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEAD, "question : clé manquante"),
        (HEAD + 'couleur = "rouge"\n' + Q1, "couleur : clé inconnue"),
        (HEAD + Q1 + "poids = 2\n", "question Q1, poids : clé inconnue"),
        (HEAD + Q1.replace("choix_unique", "choix"), "question Q1, type : valeur inconnue"),
        (HEAD + Q1 + Q1, "question Q1 : code donné deux fois"),
        (HEAD + Q1 + Q1.replace("Q1", "q1"), "question q1 : code donné deux fois"),
        (HEAD + Q1.replace("modalites", "sous_questions"), "question Q1 : modalites : à donner"),
        (HEAD + Q1.replace('"Q1"', '"Q 1"'), "lettres, chiffres et _ seulement"),
        (HEAD + Q2 + 'modalites = { A1 = "x" }\n', "question Q2 : modalites : sans objet"),
        (HEAD + Q2 + "autre = true\n", "question Q2 : autre : réservé"),
        (HEAD + Q2 + "rangs = 2\n", "question Q2 : rangs : réservé"),
        (HEAD + Q2 + "filtre = \"Q1 == 'A1'\"\n", "question Q2, filtre : « Q1 » n'est pas le code"),
        (HEAD + Q1 + Q2 + "filtre = \"Q1 ~ 'A1'\"\n", "question Q2, filtre : écriture non reconnue"),
        (HEAD + Q1 + "filtre = \"Q1 == 'A1'\"\n", "question Q1, filtre : « Q1 » n'est pas le code"),
        (HEAD + 'population = "locataire"\n' + Q1, "population : rôle inconnu « locataire »"),
        (HEAD + "population = 0\n" + Q1, "population : un nombre d'au moins 1"),
        (HEAD + Q1 + 'phrases = { A3 = "x" }\n', "question Q1 : phrases : A3 n'est pas une réponse"),
        (HEAD + Q1 + 'phrases = { haut = "x" }\n', "question Q1 : phrases : haut n'est pas une réponse"),
        (HEAD + Q2 + 'verifie = "la date"\n', "question Q2, verifie : valeur inconnue"),
        (HEAD + Q2 + 'verifie = "volumes"\nsens = { S1 = "opérations" }\n', "question Q2 : sens : S1 n'est ni"),
        (HEAD + Q2 + 'verifie = "volumes"\nsens = { Q2 = "maisons" }\n', "question Q2 : sens : « maisons » n'a pas"),
        (HEAD + Q2 + 'sens = { Q2 = "opérations" }\n', "question Q2 : sens : « opérations » n'a pas d'objet"),
        (HEAD + Q2 + 'profils = { S9 = "Lecture" }\n', "question Q2 : profils : à donner par sous-question"),
        (HEAD + "question = 3\n", "question : une liste est attendue"),
        (HEAD.replace("essai", "autre") + Q1, "id : « essai » est attendu"),
        (HEAD + "titre = 2", "n'est pas un fichier TOML lisible"),
    ],
)
def test_errors_say_what_to_correct(tmp_path, text, message):
    with pytest.raises(StudyError) as error:
        load(tmp_path, text)
    assert message in str(error.value)
    assert str(error.value).startswith("essai.toml")


def test_the_two_questionnaires_ask_what_the_study_needs():
    bailleurs, gestionnaires = load_codebooks(load_study(PACKAGE.parent / "study.toml")).values()
    assert gestionnaires.nominatif and not bailleurs.nominatif
    kinds = {"choix_unique", "choix_multiple", "echelle", "nombre", "date", "texte", "classement"}
    for codebook in (bailleurs, gestionnaires):
        assert 24 <= len(codebook.questions) <= 28 and codebook.filters
        assert {q.type for q in codebook.questions} == kinds and {q.etape for q in codebook.questions} - {None} <= STEPS
    ours, theirs = ({q.commun: q for q in c.questions if q.commun} for c in (bailleurs, gestionnaires))
    assert len(ours) >= 10  # comparable only if the same is asked and answered
    same = [{name: (q.type, q.parts, [*q.choices]) for name, q in own.items()} for own in (ours, theirs)]
    assert same[0] == same[1]


def test_a_missing_codebook_is_named_and_no_answers_yet_are_an_empty_table(study):
    with pytest.raises(StudyError, match="introuvable"):
        load_codebook(study.raw / "rien.toml")
    assert list(read_answers(study, "bailleurs").columns) == ["repondant", "question", "sous_question", "valeur"]
