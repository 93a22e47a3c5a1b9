"""Exact tests: does the answer hang on the stratum, does answering."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ...codebook import CLOSED
from ..methods.exact import Counts, holm, independence, rank_test
from ..methods.frames import frame
from .survey import Item, Survey

TYPES = (
    dict.fromkeys(("questionnaire", "question_a", "question_b"), "str")
    | {"n": "int64"}
    | dict.fromkeys(("statistique", "p", "p_holm", "v_cramer", "erreur_p"), "float64")
    | {"conclusion": "str"}
)
ITEM = {"question": "str", "sous_question": "str"}
NON_RESPONSE = {"questionnaire": "str", "critere": "str", "test": "str", "n": "int64", "p": "float64"}
LEVEL = 0.05


def croisements(survey: Survey) -> pd.DataFrame:
    """Is the answer independent of the stratum? One row per question and stratum: columns TYPES, then ITEM.

    A department is crossed as present or absent, a multiple choice as one yes/no per box (`B02[A1]`), a ranking by its
    first choices. The family of Holm's correction is this whole table; erreur_p is Monte Carlo's, 0 when exact.
    """
    groups = {stratum: pd.Categorical(values) for stratum, values in survey.strata.items()}
    units, rows = pd.Index(survey.units["repondant"]), []
    for item in survey.items:
        for name, answers in _answers(item):
            said, who = pd.Categorical(answers), units.get_indexer(answers.index)
            for stratum, group in groups.items():
                cells = _crossed(group, who, said)
                test = independence(cells) if cells.any() else None
                result = (test.statistique, test.p, np.nan, test.v_cramer, test.erreur) if test else (np.nan,) * 5
                rows.append((survey.codebook.id, name, stratum, cells.sum(), *result, "", *item.key))
    tests = frame(rows, TYPES | ITEM)
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
    kind, code = item.question.type, item.question.code
    if kind == "choix_multiple":
        everyone = sorted(item.answered["repondant"].unique())
        for box, ticked in item.chosen.items():
            yield f"{code}[{box}]", pd.Series([who in ticked for who in everyone], everyone)
    elif kind in CLOSED:
        yield f"{code}[{item.part}]" if item.part else code, item.first.set_index("repondant")["valeur"]


def non_reponse(survey: Survey) -> pd.DataFrame:
    """Do those who answered differ from the others of the frame? Columns NON_RESPONSE.

    Fisher's exact test by stratum, Mann-Whitney's for the size. No row without a frame; p is empty where all or none
    answered.
    """
    units, rows = survey.units, []
    for name, group in survey.strata.items():
        test = independence(pd.crosstab(group, units["a_repondu"])) if group.notna().any() else None
        rows.append((survey.codebook.id, name, "Fisher", group.count(), test.p if test else np.nan))
    sizes = units["nb_logements"].dropna().astype(float)
    replied = units.loc[sizes.index, "a_repondu"]
    p = rank_test(sizes[replied], sizes[~replied]) if replied.nunique() == 2 else np.nan
    rows.append((survey.codebook.id, "nb_logements", "Mann-Whitney", len(sizes), p))
    return frame(rows if survey.framed else (), NON_RESPONSE)
