"""Are the profiles understood? What is asked for against what functions call for and what answers say is needed."""

from collections.abc import Mapping

import pandas as pd

from ...codebook import Codebook
from ...words import fold
from ..methods import frame
from .accounts import comptes_profil, profile_names

NEEDS = {"questionnaire": "str", "profil": "str"}
NEEDS |= dict.fromkeys(("besoin", "demandes", "ouverts", "utilises", "repondants"), "Int64")


def matched(table: pd.DataFrame, profils: pd.DataFrame) -> pd.DataFrame:
    """The requests of `accounts`, beside what their function calls for.

    Its rows with a profil_demande, and profil_attendu (the profile asked for when it is one of those meant for the
    function, else the one of these with fewest rights; empty when the table `profils` does not know the function),
    juste, droits_en_trop (rights asked for and not called for, `|` between; empty when none or when the request lacks
    some).
    """
    rights = {p.profil: _listed(p.droits) for p in profils.itertuples()}
    meant: dict[str, list[str]] = {}
    for row in sorted(profils.itertuples(), key=lambda p: (len(rights[p.profil]), p.Index)):
        for function in _listed(row.fonctions):
            meant.setdefault(fold(function), []).append(row.profil)
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
