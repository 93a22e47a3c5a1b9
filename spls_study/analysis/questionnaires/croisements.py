"""Cross-tabulations: each closed question × each stratum of the codebook."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ...codebook import CLOSED
from ..methods.exact import Counts, holm, independence
from ..methods.frames import frame
from .survey import DEPARTEMENT, FIRST, Item, Survey, present

TYPES = (
    dict.fromkeys(("questionnaire", "question_a", "question_b"), "str")
    | {"n": "int64"}
    | dict.fromkeys(("statistique", "p", "p_holm", "v_cramer", "erreur_p"), "float64")
    | dict.fromkeys(("conclusion", "question", "sous_question"), "str")
)
LEVEL = 0.05


def croisements(survey: Survey) -> pd.DataFrame:
    """Is the answer independent of the stratum? One row per question and stratum.

    A department is crossed as present or absent, a multiple choice as one yes/no per box, a
    ranking by its first choices. The family of Holm's correction is this whole table.

    Columns: questionnaire, question_a (`B01`, a part or a box as `B02[A1]`), question_b
    (`departement=16`, `famille`), n, statistique (Pearson's χ²), p (Fisher), p_holm, v_cramer,
    erreur_p (Monte Carlo standard error, 0 when exact), conclusion; then question and
    sous_question, of what is crossed.
    """
    groups = {f"{DEPARTEMENT}={code}": present(survey.units, code) for code in survey.departments}
    groups |= {name: survey.units[name] for name in survey.strata}
    coded = {stratum: pd.Categorical(values.where(values != "")) for stratum, values in groups.items()}
    units, rows = pd.Index(survey.units["repondant"]), []
    for item in survey.items:
        for name, answers in _answers(item):
            said, who = pd.Categorical(answers), units.get_indexer(answers.index)
            for stratum, group in coded.items():
                cells = _crossed(group, who, said)
                test = independence(cells) if cells.any() else None
                result = (test.statistique, test.p, np.nan, test.v_cramer, test.erreur) if test else (np.nan,) * 5
                rows.append((survey.codebook.id, name, stratum, cells.sum(), *result, "", *item.key))
    tests = frame(rows, TYPES)
    p = holm(tests["p"])
    said = np.select([np.isnan(p), p < LEVEL], ["sans objet", "écart établi"], "écart non établi")
    return tests.assign(p_holm=p, conclusion=pd.Series(said, index=tests.index, dtype="str"))


def _crossed(group: pd.Categorical, who: Counts, said: pd.Categorical) -> Counts:
    """Counts of group × answer; `pandas.crosstab` takes ten times as long, some thousand times."""
    table = np.zeros((len(group.categories), len(said.categories)), dtype=np.int64)
    row, column = group.codes[who], said.codes
    known = (who >= 0) & (row >= 0) & (column >= 0)
    np.add.at(table, (row[known], column[known]), 1)
    return table


def _answers(item: Item) -> Iterator[tuple[str, pd.Series]]:
    """The name of each thing tested and the answer of each respondent to it."""
    kind, code, rows = item.question.type, item.question.code, item.answered
    if kind == "choix_multiple":
        everyone = sorted(rows["repondant"].unique())
        for box in item.question.choices:
            ticked = set(rows.loc[rows["valeur"] == box, "repondant"])
            yield f"{code}[{box}]", pd.Series([r in ticked for r in everyone], everyone)
    elif kind in CLOSED:
        if kind == "classement":
            rows = rows[rows["sous_question"] == FIRST]
        yield f"{code}[{item.part}]" if item.part else code, rows.set_index("repondant")["valeur"]
