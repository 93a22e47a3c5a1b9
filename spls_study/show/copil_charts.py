"""The charts and the tables of the COPIL note, drawn for its pages; nothing for absent data."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ..codebook import NR, Codebook
from ..study import SMALL_BASE, Study, Territory
from .blocks import Block
from .charts import Bars, horizontal_bars
from .figure import figure
from .french import HIDDEN, NNBSP, count, listing, long_date, number, percent
from .report import capital
from .table import table
from .text import say

CHOICES = ("choix_unique", "choix_multiple")
FEW = 3  # answers under which a sentence says more than a chart


def departments_chart(shares: pd.DataFrame, study: Study, territory: Territory) -> Block | None:
    """Dwellings of the reference year by department, the territory's own in colour.

    `shares` is the table `parts_departement`; None when it has nothing of that year.
    """
    year = study.etude.annee_reference
    rows = shares[shares.annee == year]
    social = rows[(rows.groupe == "PLUS-PLAI") & rows.departement.isin(list(study.departements))]
    social = social.sort_values(["logements", "departement"])
    if social.empty or not social.logements.sum():
        return None
    lead = social.departement.iloc[-1] if territory.is_region else territory.code
    share = float(social.set_index("departement").part.get(lead, 0.0))
    message = f"{study.departements[lead]}\u00a0: {percent(share, 0)} des PLUS et PLAI de la région"
    panels = []
    for group, label in (("PLUS-PLAI", "PLUS et PLAI"), ("PLS", "PLS")):
        own = rows[rows.groupe == group].sort_values(["logements", "departement"], ascending=False)
        if own.empty:
            continue
        panels.append(Bars(f"{label} (logements)", pd.DataFrame({
            "label": own.departement.map(study.departements).fillna(own.departement),
            "valeur": own.logements, "texte": own.logements.map(number),
            "fort": own.departement == lead,
        })))
    total = social.logements.sum()
    value = number(float(social.set_index("departement").logements.get(lead, 0)))
    return figure(
        horizontal_bars(panels),
        title=message,
        subtitle=f"Logements par département, région {study.region.nom}, {year}",
        alt=f"Barres horizontales par département, PLUS-PLAI et PLS, {year}. {message}."[:150],
        reading=f"{study.departements[lead]} compte {value} des {number(total)} logements PLUS et "
        f"PLAI engagés dans la région en {year}.",
        scope=f"logements PLUS et PLAI (n = {number(total)}) et PLS "
        f"(n = {number(rows[rows.groupe == 'PLS'].logements.sum())}) de {year}, "
        "opérations annulées exclues.",
        source=f"{study.source('programmation')}.",
        height=0.7 + 0.27 * len(social),
    )


def annual_table(years: pd.DataFrame, study: Study) -> Block | None:
    """`years` is `chiffres_cles.annual`; time runs from left to right, the sum comes last."""
    if years.empty:
        return None
    labels = {"PLUS-PLAI": "PLUS et PLAI", "PLS": "PLS", "Ensemble": "Ensemble"}
    wide = years.pivot(index="groupe", columns="annee", values="logements")
    wide = wide.reindex([g for g in labels if g in wide.index]).rename(index=labels)
    view = wide.rename(columns=str).rename_axis(None, axis="columns").reset_index()
    last, day = str(study.etude.annees[1]), study.etude.extraction
    partial = {last: f"{last} (au {long_date(day)[:-5]})"} if str(day.year) == last else {}
    return table(
        years, "programmation_annuelle",
        f"Logements programmés par an, de {view.columns[1]} à {view.columns[-1]}",
        view=view, headers={"groupe": "Logements"} | partial,
    )


def survey_chart(
    answers: pd.DataFrame, rates: pd.DataFrame, codebook: Codebook, study: Study,
    territory: Territory,
) -> Block | None:
    """One question of a questionnaire: that of study.toml, else its first choice.

    `answers` and `rates` are the tables `reponses` and `taux_reponse` of the territory.
    """
    whole = answers[(answers.sous_question.fillna("") == "") & (answers.modalite != NR)]
    whole = whole[whole.question.map(lambda c: codebook.by_code[c].type).isin(CHOICES)]
    codes = list(dict.fromkeys(whole.question))
    code = study.copil.questions.get(codebook.id, codes[0] if codes else "")
    rows = whole[whole.question == code]
    total = rates[rates.strate == "total"]
    if rows.empty or HIDDEN in set(rows.base) or not rows.base.iloc[0] or total.empty:
        return None
    base, known = int(rows.base.iloc[0]), pd.to_numeric(rows.effectif, errors="coerce")
    rows = rows.assign(n=known.fillna(0)).sort_values("n", ascending=False, kind="stable")
    who, asked = capital(_asked(codebook)), total.population.iloc[0]
    sent = "" if pd.isna(asked) else f" sur {asked} interrogés"
    hidden = HIDDEN in set(rows.effectif)
    if (rows.n > 0).sum() < 2 and hidden:
        return say(f"{who}\u00a0: {total.repondants.iloc[0]} réponses{sent}, trop peu pour publier "
                   f"les réponses à «\u00a0{codebook.by_code[code].libelle}\u00a0».")
    if base < FEW and not hidden:
        cited = [f"«\u00a0{row.libelle}\u00a0» ({number(row.n)})"
                 for row in rows[rows.n > 0].itertuples()]
        return say(f"{who}, {count(base, 'réponse')} à «\u00a0{codebook.by_code[code].libelle}"
                   f"\u00a0»\u00a0: {listing(cited)}.")
    top = rows.libelle.iloc[0]
    first = not hidden and rows.n.iloc[0] > rows.n.iloc[1:].max()  # a hidden count may be larger
    message = f"{who}\u00a0: «\u00a0{top}\u00a0» vient en tête" if first else (
        f"{who}\u00a0: {count(base, 'réponse')} à la question")

    def text(value: Any) -> str:
        if value == HIDDEN:
            return HIDDEN
        share = "" if base < SMALL_BASE else f" ({percent(value / base, 0)})"
        return number(value) + share

    bars = pd.DataFrame({"label": rows.libelle, "valeur": rows.n, "texte": rows.effectif.map(text),
                         "fort": (rows.libelle == top) & first})
    note = f"{NNBSP}; s\u00a0: secret statistique" if hidden else ""
    return figure(
        horizontal_bars([Bars("", bars)]),
        title=message,
        subtitle=f"{codebook.by_code[code].libelle} – nombre de réponses, {territory.nom}",
        alt=f"Barres horizontales, une par réponse. {message}."[:150],
        reading=f"«\u00a0{top}\u00a0»\u00a0: {number(rows.n.iloc[0])} des "
        f"{count(base, 'répondant')}.",
        scope=f"n = {count(base, 'réponse')} à la question{NNBSP}; "
        f"{count(int(total.repondants.iloc[0]), 'réponse')} au questionnaire{sent}{note}.",
        source=f"{codebook.titre}, {study.source('reponses_' + codebook.id)}.",
        height=0.45 + 0.25 * len(bars),
    )


def _asked(codebook: Codebook) -> str:
    """Those asked: « bailleurs », else « répondants »."""
    return f"{codebook.population}s" if isinstance(codebook.population, str) else "répondants"


def groups(codebooks: Mapping[str, Codebook]) -> dict[str, str]:
    """Questionnaire → the name of those asked."""
    return {key: _asked(codebook) for key, codebook in codebooks.items()}


def answered(rates: Sequence[pd.DataFrame], names: Mapping[str, str]) -> list[str]:
    """Sent and answered by group, one sentence a questionnaire."""
    said = []
    for part in rates:
        for row in part[part.strate == "total"].itertuples():
            sent = "" if pd.isna(row.population) else f" sur {row.population} envois"
            said.append(f"Réponses des {names[row.questionnaire]}\u00a0: {row.repondants}{sent}.")
    return said
