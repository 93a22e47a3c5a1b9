"""What the questionnaires say of a step of programming."""

from collections.abc import Mapping

import pandas as pd

from ...codebook import ETAPES, NR, Codebook
from ...french import listing

Answers = Mapping[str, pd.DataFrame]  # questionnaire → its table `reponses`


def by_step(answers: Answers, codebooks: Mapping[str, Codebook]) -> pd.DataFrame:
    """For each step and questionnaire, the answer on which most agree.

    Columns etape, questionnaire, question, reponse (several where as many gave each), effectif,
    base: of the closed questions tied to the step, the one whose most given answer has the largest
    share. Questions never published are passed over.
    """
    rows = []
    for code, table in answers.items():
        shown = table[(table.modalite != NR) & (table.effectif > 0) & (table.base > 0)]
        for question in codebooks[code].questions:
            closed = question.type in ("choix_unique", "choix_multiple") and not question.is_grid
            if question.etape and closed and question.diffusion is None:
                given = shown[shown.question == question.code]
                most = given[given.effectif == given.effectif.max()]
                if len(most):
                    said = (codebooks[code].titre, question.libelle, listing([*most.libelle]))
                    rows.append((question.etape, *said, int(most.effectif.iloc[0]), int(most.base.iloc[0])))
    found = pd.DataFrame(rows, columns=["etape", "questionnaire", "question", "reponse", "effectif", "base"])
    rank = found.etape.map({step: i for i, step in enumerate(ETAPES)})
    found = found.assign(rang=rank, part=found.effectif / found.base)
    found = found.sort_values(["rang", "questionnaire", "part"], ascending=[True, True, False], kind="stable")
    found = found.drop_duplicates(["etape", "questionnaire"]).drop(columns=["rang", "part"])
    return found.assign(etape=found.etape.map(lambda step: ETAPES.get(step, step))).reset_index(drop=True)
