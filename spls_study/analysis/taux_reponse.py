"""Who answered and who did not, against the frame, before secrecy."""

import numpy as np
import pandas as pd

from .exact import independence, rank_test
from .survey import DEPARTEMENT, Survey, present

TOTAL = "total"


def taux_reponse(survey: Survey) -> pd.DataFrame:
    """Response rate in all, by department (a unit counts in each of its own) and by stratum.

    Columns questionnaire, strate (`total`, `departement=16`, `famille=OPH`), population,
    repondants, taux. Without a frame only the total may have a population and a rate.
    """
    units = survey.units
    rows = [{"strate": strate, "population": int(inside.sum()) if survey.framed else None,
             "repondants": int(units.loc[inside, "a_repondu"].sum())}
            for strate, inside in strata(survey).items()]
    table = pd.DataFrame(rows).astype({"strate": "str", "population": "Int64",
                                       "repondants": "Int64"})
    if survey.population is not None:
        table.loc[table["strate"] == TOTAL, "population"] = survey.population
    table["taux"] = (table["repondants"] / table["population"].replace(0, pd.NA)).astype("Float64")
    table.insert(0, "questionnaire", pd.Series(survey.codebook.id, table.index, dtype="str"))
    return table.astype({"taux": "float64"})


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
    table = missing[["organisme", "nom", "departements"]].reset_index(drop=True)
    table.insert(0, "questionnaire", pd.Series(survey.codebook.id, table.index, dtype="str"))
    return table


def non_reponse(survey: Survey) -> pd.DataFrame:
    """Do those who answered differ from the others of the frame?

    Columns questionnaire, critere (`departement=16`, `famille`, `nb_logements`), test, n, p:
    Fisher's exact test, Mann-Whitney's for the size. No row without a frame; p is empty where
    all or none answered.
    """
    if not survey.framed:
        return _table(survey, [])
    units, rows = survey.units, []
    for code in survey.departments:
        groups = present(units, code).astype(str)
        rows.append(_fisher(f"{DEPARTEMENT}={code}", groups, units["a_repondu"]))
    for name in survey.strata:
        known = units[units[name] != ""]
        rows.append(_fisher(name, known[name], known["a_repondu"]))
    sized = units[units["nb_logements"].notna()]
    sizes = sized["nb_logements"].astype(float)
    answered, silent = sizes[sized["a_repondu"]], sizes[~sized["a_repondu"]]
    p = rank_test(answered, silent) if len(answered) and len(silent) else np.nan
    rows.append(("nb_logements", "Mann-Whitney", len(sized), p))
    return _table(survey, rows)


def _fisher(name: str, groups: "pd.Series[str]", answered: "pd.Series[bool]") -> tuple[
        str, str, int, float]:
    test = independence(pd.crosstab(groups, answered)) if len(groups) else None
    return name, "Fisher", len(groups), test.p if test else np.nan


def _table(survey: Survey, rows: list[tuple[str, str, int, float]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["critere", "test", "n", "p"])
    table.insert(0, "questionnaire", survey.codebook.id)
    return table.astype({"questionnaire": "str", "critere": "str", "test": "str", "n": "int64",
                         "p": "float64"})
