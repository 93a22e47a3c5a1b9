"""Are the profiles understood? What people ask for against what their function calls for."""

import pandas as pd

from ...words import fold


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


def comprehension(requests: pd.DataFrame) -> pd.DataFrame:
    """`matched` requests by pair.

    Columns fonction, profil_attendu (missing: none is meant for the function), profil_demande,
    comptes, droits_en_trop; by function, the right request first, then the most frequent.
    """
    columns = ["fonction", "profil_attendu", "profil_demande", "comptes", "droits_en_trop"]
    pair = [c for c in columns if c != "comptes"]
    table = requests.groupby([*pair, "juste"], as_index=False).agg(comptes=("compte", "size"))
    table = table.sort_values(
        ["fonction", "juste", "comptes", "profil_demande"], ascending=[True, False, False, True], ignore_index=True
    )
    return table.assign(profil_attendu=table.profil_attendu.replace("", None).astype("str"))[columns]


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
