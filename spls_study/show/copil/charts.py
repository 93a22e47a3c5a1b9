"""The charts and the tables of the note."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ...codebook import NR, Codebook
from ...french import HIDDEN, NNBSP, capital, count, listing, long_date, number, percent, quoted
from ...study import SMALL_BASE, Study, Territory
from ..blocks import Block
from ..drawings.bars import Bars, horizontal_bars
from ..figure import figure
from ..report import GROUPS, chosen
from ..table import table
from ..text import say

CHOICES = ("choix_unique", "choix_multiple")
FEW = 3  # answers under which a sentence says more than a chart


def departments_chart(shares: pd.DataFrame, study: Study, territory: Territory) -> Block | None:
    """Dwellings of the reference year by department, the territory's own in colour.

    `shares` is the table `parts_departement`; None when it has nothing of that year.
    """
    year, names = study.etude.annee_reference, study.departements
    rows = chosen(shares, annee=year).sort_values(["logements", "departement"], ascending=False)
    social = chosen(rows, groupe="PLUS-PLAI")
    social = social[social.departement.isin(list(names))]
    total = social.logements.sum()
    if not total:
        return None
    lead = social.departement.iloc[0] if territory.is_region else territory.code
    own = chosen(social, departement=lead)[["part", "logements"]].sum()
    message = f"{names[lead]}\u00a0: {percent(own.part, 0)} des PLUS et PLAI de la région"
    panels = [
        Bars.of(
            f"{label} (logements)",
            part.departement.map(names).fillna(part.departement),
            part.logements,
            part.departement == lead,
        )
        for group, label in GROUPS.items()
        if len(part := chosen(rows, groupe=group))
    ]
    return figure(
        horizontal_bars(panels),
        title=message,
        subtitle=f"Logements par département, région {study.region.nom}, {year}",
        alt=f"Barres horizontales par département, PLUS-PLAI et PLS, {year}. {message}.",
        reading=f"{names[lead]} compte {number(own.logements)} des {number(total)} logements PLUS "
        f"et PLAI engagés dans la région en {year}.",
        scope=f"logements PLUS et PLAI (n = {number(total)}) et PLS "
        f"(n = {number(chosen(rows, groupe='PLS').logements.sum())}) de {year}, "
        "opérations annulées exclues.",
        source=f"{study.source('programmation')}.",
        height=0.7 + 0.27 * len(social),
        behind={"parts_departement": rows},
    )


def annual_table(years: pd.DataFrame, study: Study) -> Block | None:
    """`years` is `chiffres_cles.annual`; time runs from left to right, the sum comes last."""
    if years.empty:
        return None
    labels = GROUPS | {"Ensemble": "Ensemble"}
    wide = years.pivot(index="groupe", columns="annee", values="logements")
    wide = wide.reindex([g for g in labels if g in wide.index]).rename(index=labels)
    view = wide.rename(columns=str).rename_axis(None, axis="columns").reset_index()
    last, day = str(study.etude.annees[1]), study.etude.extraction
    partial = {last: f"{last} (au {long_date(day)[:-5]})"} if str(day.year) == last else {}
    return table(
        years,
        "programmation_annuelle",
        f"Logements programmés par an, de {view.columns[1]} à {view.columns[-1]}",
        view=view,
        headers={"groupe": "Logements"} | partial,
    )


def survey_chart(
    answers: pd.DataFrame, rates: pd.DataFrame, codebook: Codebook, study: Study, territory: Territory
) -> Block | None:
    """One question of a questionnaire: that of study.toml, else its first choice.

    `answers` and `rates` are the tables `reponses` and `taux_reponse` of the territory.
    """
    whole = answers[(answers.sous_question.fillna("") == "") & (answers.modalite != NR)]
    whole = whole[whole.question.map(lambda c: codebook.by_code[c].type).isin(CHOICES)]
    code = study.copil.questions.get(codebook.id, next(iter(whole.question), ""))
    rows, total = chosen(whole, question=code), chosen(rates, strate="total")
    if rows.empty or HIDDEN in set(rows.base) or not rows.base.iloc[0] or total.empty:
        return None
    base, known = int(rows.base.iloc[0]), pd.to_numeric(rows.effectif, errors="coerce")
    rows = rows.assign(n=known.fillna(0)).sort_values("n", ascending=False, kind="stable")
    given, cited = total.repondants.iloc[0], rows[rows.n > 0]
    who, question = capital(_asked(codebook)), codebook.by_code[code].libelle
    asked = total.population.iloc[0]
    sent = "" if pd.isna(asked) else f" sur {asked} interrogés"
    hidden = HIDDEN in set(rows.effectif)
    if len(cited) < 2 and hidden:
        return say(f"{who}\u00a0: {given} réponses{sent}, trop peu pour publier les réponses à {quoted(question)}.")
    if base < FEW and not hidden:
        told = listing([f"{quoted(row.libelle)} ({number(row.n)})" for row in cited.itertuples()])
        return say(f"{who}, {count(base, 'réponse')} à {quoted(question)}\u00a0: {told}.")
    top = rows.libelle.iloc[0]
    first = not hidden and rows.n.iloc[0] > rows.n.iloc[1:].max()  # a hidden count may be larger
    message = (
        f"{who}\u00a0: {quoted(top)} vient en tête"
        if first
        else (f"{who}\u00a0: {count(base, 'réponse')} à la question")
    )

    def text(value: Any) -> str:
        if value == HIDDEN:
            return HIDDEN
        return number(value) + ("" if base < SMALL_BASE else f" ({percent(value / base, 0)})")

    return figure(
        horizontal_bars(
            [Bars.of("", rows.libelle, rows.n, (rows.libelle == top) & first, [text(n) for n in rows.effectif])]
        ),
        title=message,
        subtitle=f"{question} – nombre de réponses, {territory.nom}",
        alt=f"Barres horizontales, une par réponse. {message}.",
        reading=f"{quoted(top)}\u00a0: {number(rows.n.iloc[0])} des {count(base, 'répondant')}.",
        scope=f"n = {count(base, 'réponse')} à la question{NNBSP}; "
        f"{count(int(given), 'réponse')} au questionnaire{sent}"
        + (f"{NNBSP}; s\u00a0: secret statistique." if hidden else "."),
        source=f"{codebook.titre}, {study.source('reponses_' + codebook.id)}.",
        height=0.45 + 0.25 * len(rows),
        behind={"reponses": rows.drop(columns="n")},
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
        for row in chosen(part, strate="total").itertuples():
            sent = "" if pd.isna(row.population) else f" sur {row.population} envois"
            said.append(f"Réponses des {names[row.questionnaire]}\u00a0: {row.repondants}{sent}.")
    return said
