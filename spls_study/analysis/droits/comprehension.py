"""Are the profiles understood? What is asked for against what functions call for and what answers say is needed."""

from collections.abc import Mapping

import pandas as pd

from ...codebook import Codebook
from ...words import fold
from ..methods import frame
from .accounts import comptes_profil, profile_names

NEEDS = {"questionnaire": "str", "profil": "str"}
NEEDS |= dict.fromkeys(("besoin", "demandes", "ouverts", "utilises", "repondants"), "Int64")


def expected(profils: pd.DataFrame) -> dict[str, list[str]]:
    """Function, folded → the profiles meant for it, the one with fewest rights first."""
    found: dict[str, list[str]] = {}
    for row in sorted(profils.itertuples(), key=lambda p: (len(_listed(p.droits)), p.Index)):
        for function in _listed(row.fonctions):
            found.setdefault(fold(function), []).append(row.profil)
    return found


def without_account(table: pd.DataFrame, profils: pd.DataFrame) -> list[str]:
    """Functions that a profile is meant for and that no live account of `table` has."""
    have = set(table.loc[table.en_cours, "fonction"].map(fold))
    return [f for f in dict.fromkeys(f for text in profils.fonctions for f in _listed(text)) if fold(f) not in have]


def matched(table: pd.DataFrame, profils: pd.DataFrame) -> pd.DataFrame:
    """The requests of `accounts`, beside what their function calls for.

    Its rows with a profil_demande, and profil_attendu (the profile asked for when it is one of those meant for the
    function, else the one of these with fewest rights; empty when the table `profils` does not know the function),
    juste, droits_en_trop (rights asked for and not called for, `|` between; empty when none or when the request lacks
    some).
    """
    meant = expected(profils)
    rights = {p.profil: _listed(p.droits) for p in profils.itertuples()}
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
    """`matched` requests by pair; by function, the right request first, then the most frequent.

    Columns fonction, profil_attendu (missing: none is meant for the function), profil_demande, comptes,
    droits_en_trop.
    """
    columns = ["fonction", "profil_attendu", "profil_demande", "comptes", "droits_en_trop"]
    by = ["fonction", "profil_attendu", "profil_demande", "droits_en_trop", "juste"]
    table = requests.groupby(by, as_index=False).agg(comptes=("compte", "size"))
    table = table.sort_values(
        ["fonction", "juste", "comptes", "profil_demande"], ascending=[True, False, False, True], ignore_index=True
    )
    return table.assign(profil_attendu=table.profil_attendu.replace("", None).astype("str"))[columns]


def trop_larges(requests: pd.DataFrame) -> pd.DataFrame:
    """Who should be asked to step down, of the live accounts; names organismes, for the project team only.

    Columns organisme, fonction, profil_attendu, profil_demande, droits_en_trop, comptes.
    """
    broad = requests[requests.en_cours & (requests.droits_en_trop != "")]
    # Granted narrower than asked: nobody is left to be told.
    broad = broad[broad.profil_attribue.isna() | (broad.profil_attribue == broad.profil_demande)]
    by = ["organisme", "fonction", "profil_attendu", "profil_demande", "droits_en_trop"]
    return broad.groupby(by, as_index=False).agg(comptes=("compte", "size"))


def besoins_profils(
    answers: Mapping[str, pd.DataFrame], codebooks: Mapping[str, Codebook], table: pd.DataFrame, profils: pd.DataFrame
) -> pd.DataFrame:
    """People who need each profile, as respondents say, against the accounts of the territory. Columns NEEDS.

    besoin is the sum of the answers, missing where the question is not shown. A row for each sub-question of the
    questions « nombre » whose block speaks of profiles: its profile is what `Question.profils` says, else that of its
    label. `answers`: questionnaire → its published table `reponses`, of the territory.
    """
    names = profile_names(profils)
    counts = comptes_profil(table, profils).set_index("profil")
    keys, rows = ["question", "sous_question", "modalite"], []
    for book in codebooks.values():
        shown = answers.get(book.id, pd.DataFrame(columns=[*keys, "valeur"]))
        said = shown.dropna(subset="valeur").set_index(keys).valeur.to_dict()
        for q in book.questions:
            told = q.type == "nombre" and q.diffusion is None and "profil" in fold(q.bloc)
            for part, label in q.sous_questions.items() if told else ():
                n, mean = (said.get((q.code, part, key)) for key in ("n", "moyenne"))
                need, base = (None, None) if n is None or mean is None else (round(n * mean), int(n))
                text = q.profils.get(part, label)
                profil = names.get(fold(text), text)
                known = counts.loc[profil] if profil in set(profils.profil) else {}
                reached = [known.get(measure) for measure in ("demandes", "ouverts", "connectes")]
                rows.append((book.titre, profil, need, *reached, base))
    return frame(rows, NEEDS)


def _listed(text: str | float) -> list[str]:
    return [r.strip() for r in text.split("|") if r.strip()] if isinstance(text, str) else []
