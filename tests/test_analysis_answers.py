import pandas as pd
import pytest

from spls_study.analysis.questionnaires.answers import by_step
from spls_study.codebook import Codebook

CODES = {
    "q": Codebook.model_validate(
        {
            "id": "q",
            "titre": "Enquête",
            "question": [
                {
                    "code": "A",
                    "type": "choix_unique",
                    "libelle": "Qui saisit ?",
                    "etape": "depot",
                    "modalites": {"A1": "Siège", "A2": "Agence"},
                },
                {
                    "code": "B",
                    "type": "choix_unique",
                    "libelle": "Comment ?",
                    "etape": "depot",
                    "modalites": {"A1": "Papier", "A2": "Courriel"},
                },
                {
                    "code": "C",
                    "type": "choix_unique",
                    "libelle": "Avis",
                    "etape": "recensement",
                    "modalites": {"A1": "Oui"},
                    "diffusion": "interne",
                },
                {"code": "D", "type": "choix_unique", "libelle": "Sans étape", "modalites": {"A1": "Oui"}},
                {
                    "code": "N",
                    "type": "nombre",
                    "libelle": "Combien ?",
                    "bloc": "Profils et formation",
                    "sous_questions": {"S1": "Saisie", "S2": "Lecture"},
                },
                {
                    "code": "M",
                    "type": "nombre",
                    "libelle": "Parc ?",
                    "bloc": "Vous",
                    "sous_questions": {"S1": "Logements"},
                },
            ],
        }
    )
}


def answers(*rows: tuple[object, ...]) -> dict[str, pd.DataFrame]:
    columns = ["question", "sous_question", "modalite", "libelle", "effectif", "base", "valeur"]
    return {"q": pd.DataFrame(rows, columns=columns)}


def test_a_step_is_told_by_the_question_on_which_most_agree() -> None:
    table = by_step(
        answers(
            ("A", "", "A1", "Siège", 6, 10, None),
            ("A", "", "A2", "Agence", 4, 10, None),
            ("B", "", "A1", "Papier", 2, 10, None),
            ("B", "", "A2", "Courriel", 8, 10, None),
            ("B", "", "NR", "Sans réponse", 50, None, None),
            ("C", "", "A1", "Oui", 10, 10, None),
            ("D", "", "A1", "Oui", 10, 10, None),
        ),
        CODES,
    )
    assert table.to_numpy().tolist() == [["Dépôt de la demande", "Enquête", "Comment ?", "Courriel", 8, 10]]


def test_answers_given_as_often_are_told_together() -> None:
    table = by_step(answers(("A", "", "A1", "Siège", 5, 10, None), ("A", "", "A2", "Agence", 5, 10, None)), CODES)
    assert table.reponse.tolist() == ["Siège et Agence"]


@pytest.mark.parametrize("base", [0, 5])
def test_what_nobody_gave_is_passed_over(base: int) -> None:
    assert by_step(answers(("A", "", "A1", "Siège", 0, base, None)), CODES).empty
    assert by_step({}, CODES).empty
