"""Who answered and who did not, against the frame."""

import numpy as np
import pandas as pd

from ..methods.exact import independence, rank_test
from ..methods.frames import frame
from .survey import DEPARTEMENT, Survey, present

TOTAL = "total"


def taux_reponse(survey: Survey) -> pd.DataFrame:
    """Response rate in all, by department (a unit counts in each of its own) and by stratum.

    Columns questionnaire, strate (`total`, `departement=16`, `famille=OPH`), population,
    repondants, taux. Without a frame only the total may have a population and a rate.
    """
    table = frame(
        (
            (survey.codebook.id, strate, inside.sum() if survey.framed else None, survey.units.a_repondu[inside].sum())
            for strate, inside in strata(survey).items()
        ),
        {"questionnaire": "str", "strate": "str", "population": "Int64", "repondants": "Int64"},
    )
    if survey.population is not None:
        table.loc[table["strate"] == TOTAL, "population"] = survey.population
    rate = table["repondants"] / table["population"].replace(0, pd.NA)
    return table.assign(taux=rate.astype("float64"))


def strata(survey: Survey) -> dict[str, "pd.Series[bool]"]:
    """The units in each stratum, by its name."""
    units = survey.units
    found = {TOTAL: pd.Series(True, units.index)}
    for code in survey.departments:
        found[f"{DEPARTEMENT}={code}"] = present(units, code)
    for name in survey.strata:
        for value in sorted(set(units[name]) - {""}):
            found[f"{name}={value}"] = units[name] == value
    return found


def absents(survey: Survey) -> pd.DataFrame:
    """The chase list, internal: units of the frame without an answer.

    Columns questionnaire, organisme, nom, departements.
    """
    missing = survey.units[~survey.units["a_repondu"]].rename(columns={"repondant": "organisme"})
    named = missing[["organisme", "nom", "departements"]].reset_index(drop=True).astype("str")
    named.insert(0, "questionnaire", pd.Series(survey.codebook.id, named.index, dtype="str"))
    return named


def non_reponse(survey: Survey) -> pd.DataFrame:
    """Do those who answered differ from the others of the frame?

    Columns questionnaire, critere (`departement=16`, `famille`, `nb_logements`), test, n, p:
    Fisher's exact test, Mann-Whitney's for the size. No row without a frame; p is empty where
    all or none answered.
    """
    code, units = survey.codebook.id, survey.units
    rows: list[tuple[str, str, str, int, float]] = []
    groups = {f"{DEPARTEMENT}={d}": present(units, d).astype(str) for d in survey.departments}
    groups |= {name: units.loc[units[name] != "", name] for name in survey.strata}
    for name, group in groups.items():
        test = independence(pd.crosstab(group, units["a_repondu"])) if len(group) else None
        rows.append((code, name, "Fisher", len(group), test.p if test else np.nan))
    sizes = units["nb_logements"].dropna().astype(float)
    replied = units.loc[sizes.index, "a_repondu"]
    p = rank_test(sizes[replied], sizes[~replied]) if replied.nunique() == 2 else np.nan
    rows.append((code, "nb_logements", "Mann-Whitney", len(sizes), p))
    types = {"questionnaire": "str", "critere": "str", "test": "str", "n": "int64", "p": "float64"}
    return frame(rows if survey.framed else (), types)
