"""What the questionnaires say of a step of programming, or of the profiles needed."""

from collections.abc import Mapping

import pandas as pd

from ...codebook import ETAPES, NR, Codebook
from ...words import fold

Answers = Mapping[str, pd.DataFrame]  # questionnaire → its protected table `reponses`


def by_step(answers: Answers, codebooks: Mapping[str, Codebook]) -> pd.DataFrame:
    """For each step and questionnaire, the answer on which most agree.

    Columns etape, questionnaire, question, reponse, effectif, base: of the closed questions
    tied to the step, the one whose most given answer has the largest share. Hidden counts,
    and questions never published, are passed over.
    """
    rows = []
    for code, table in answers.items():
        shown = table.assign(
            n=pd.to_numeric(table.effectif, errors="coerce"), of=pd.to_numeric(table.base, errors="coerce")
        )
        shown = shown[(shown.modalite != NR) & (shown.n > 0) & (shown.of > 0)]
        for question in codebooks[code].questions:
            closed = question.type in ("choix_unique", "choix_multiple") and not question.is_grid
            given = shown[shown.question == question.code]
            if question.etape and closed and question.diffusion is None and len(given):
                most = given.sort_values("n", ascending=False, kind="stable").iloc[0]
                rows.append(
                    (question.etape, codebooks[code].titre, question.libelle, most.libelle, int(most.n), int(most.of))
                )
    columns = ["etape", "questionnaire", "question", "reponse", "effectif", "base"]
    found = pd.DataFrame(rows, columns=columns)
    found["part"] = found.effectif / found.base
    found["rang"] = found.etape.map({step: i for i, step in enumerate(ETAPES)})
    found = found.sort_values(
        ["rang", "questionnaire", "part"], ascending=[True, True, False], kind="stable"
    ).drop_duplicates(["etape", "questionnaire"])
    labels = found.etape.map(lambda step: ETAPES.get(step, step))
    return found.assign(etape=labels)[columns].reset_index(drop=True)


def needs(answers: Answers, codebooks: Mapping[str, Codebook]) -> pd.DataFrame:
    """How many people need each profile, as respondents say.

    Columns questionnaire, profil, reponses, mediane (hidden where the answers are): of the
    questions « nombre » whose block speaks of profiles, one row per sub-question.
    """
    rows = []
    for code, table in answers.items():
        for question in codebooks[code].questions:
            published = question.diffusion is None and "profil" in fold(question.bloc)
            if question.type != "nombre" or not question.sous_questions or not published:
                continue
            own = table[table.question == question.code]
            middle = own[own.modalite == "mediane"].set_index("sous_question")
            rows += [
                (codebooks[code].titre, label, middle.base[part], middle.valeur[part])
                for part, label in question.sous_questions.items()
                if part in middle.index
            ]
    return pd.DataFrame(rows, columns=["questionnaire", "profil", "reponses", "mediane"])
