"""Are the profiles understood? What people ask for against what their function calls for."""

import pandas as pd

from ...words import fold
from ..methods.secret import HIDDEN
from ..methods.territories import Counts, Measure


def expected(profils: pd.DataFrame) -> dict[str, list[str]]:
    """Function, folded → the profiles meant for it, the one with fewest rights first."""
    found: dict[str, list[str]] = {}
    ordered = sorted(profils.itertuples(), key=lambda p: (len(_rights(p.droits)), p.Index))
    for row in ordered:
        for function in [] if pd.isna(row.fonctions) else row.fonctions.split("|"):
            found.setdefault(fold(function), []).append(row.profil)
    return found


def without_account(table: pd.DataFrame, profils: pd.DataFrame) -> list[str]:
    """Functions that a profile is meant for and that no live account of `table` has."""
    named = profils.fonctions.dropna().str.split("|").explode().str.strip()
    have = set(table.loc[table.en_cours, "fonction"].map(fold))
    return [f for f in dict.fromkeys(named) if fold(f) not in have]


def matched(table: pd.DataFrame, profils: pd.DataFrame) -> pd.DataFrame:
    """The requests, beside what their function calls for.

    Its rows with a profil_demande, and profil_attendu (the profile asked for when it is one of
    those meant for the function, else the one of these with fewest rights; empty when the table
    `profils` does not know the function), juste, droits_en_trop (rights asked for and not called
    for, `|` between; empty when none or when the request lacks some).

    `table`: What `accounts` returns.
    """
    meant = expected(profils)
    rights = {p.profil: _rights(p.droits) for p in profils.itertuples()}
    rows = table[table.profil_demande.notna()]
    goals, extras = [], []
    for function, asked in zip(rows.fonction, rows.profil_demande, strict=True):
        names = meant.get(fold(function), [""])
        goals.append(asked if asked in names else names[0])
        has, needs = rights.get(asked, []), rights.get(goals[-1], [])
        broad = goals[-1] != "" and set(has) > set(needs)
        extras.append("|".join(r for r in has if r not in needs) if broad else "")
    found = pd.DataFrame({"profil_attendu": goals, "droits_en_trop": extras}, index=rows.index, dtype="str")
    return rows.join(found).assign(juste=found.profil_attendu == rows.profil_demande)


PAIR = ("fonction", "profil_attendu", "profil_demande", "droits_en_trop")


def compared(requests: pd.DataFrame) -> list[Measure]:
    """What is counted of `matched` requests: by profile and function, right or not."""
    every = pd.Series(True, index=requests.index)
    return [
        Measure("demandes", (), every, step=1),
        Measure("demandes_profil", ("profil_demande",), every, step=1),
        Measure("comptes", PAIR, every, step=1),
        Measure("jugees", (), requests.profil_attendu != "", step=1),
        Measure("justes", (), requests.juste, step=1),
        Measure("trop_larges", (), requests.droits_en_trop != "", step=1),
    ]


def comprehension(found: Counts, territory: str) -> pd.DataFrame:
    """Columns fonction, profil_attendu (missing: none is meant for the function), profil_demande,
    comptes (HIDDEN, or at least one), droits_en_trop; by function, the right request first,
    then the most frequent.
    """
    rows = [
        (*key, found.shown("comptes", territory, *key))
        for measure, place, key in found.values
        if (measure, place) == ("comptes", territory)
    ]
    table = pd.DataFrame(rows, columns=[*PAIR, "comptes"])
    table["profil_attendu"] = table.profil_attendu.replace("", None)
    right = table.profil_attendu == table.profil_demande
    size = pd.to_numeric(table.comptes, errors="coerce").fillna(0)
    table = table.assign(juste=right, taille=size)[(table.comptes == HIDDEN) | (size > 0)]
    table = table.sort_values(
        ["fonction", "juste", "taille", "profil_demande"], ascending=[True, False, False, True], ignore_index=True
    )[["fonction", "profil_attendu", "profil_demande", "comptes", "droits_en_trop"]]
    whole = {} if (table.comptes == HIDDEN).any() else {"comptes": "Int64"}
    return table.astype(dict.fromkeys(PAIR, "str") | whole)


def trop_larges(requests: pd.DataFrame) -> pd.DataFrame:
    """Who should be asked to step down; names organismes, for the project team only.

    Columns organisme, fonction, profil_attendu, profil_demande, droits_en_trop, comptes; of
    the live accounts.
    """
    broad = requests[requests.en_cours & (requests.droits_en_trop != "")]
    # Granted narrower than asked: nobody is left to be told.
    broad = broad[broad.profil_attribue.isna() | (broad.profil_attribue == broad.profil_demande)]
    by = ["organisme", "fonction", "profil_attendu", "profil_demande", "droits_en_trop"]
    return broad.groupby(by, as_index=False).agg(comptes=("compte", "size"))


def _rights(text: str | float) -> list[str]:
    return [r.strip() for r in text.split("|") if r.strip()] if isinstance(text, str) else []
