"""The charts and the tables of the note."""

from collections.abc import Mapping, Sequence

import pandas as pd

from ...codebook import NR, Codebook
from ...french import HIDDEN, NNBSP, capital, count, listing, long_date, number, percent, quoted
from ...study import SMALL_BASE
from .. import GROUPS, Block, Report, chosen, figure, say, table
from ..drawings.bars import Bars, horizontal_bars

CHOICES = ("choix_unique", "choix_multiple")
FEW = 3  # answers under which a sentence says more than a chart


def departments_chart(r: Report, shares: pd.DataFrame) -> Block | None:
    """Dwellings of the reference year by department, the territory's own in colour.

    `shares` is the table `parts_departement`; None when it has nothing of that year.
    """
    rows = chosen(shares, annee=r.annee).sort_values(["logements", "departement"], ascending=False)
    social, upper = (chosen(rows, groupe=group) for group in GROUPS)
    social = social[social.departement.isin(list(r.study.departements))]
    total = social.logements.sum()
    if not total:
        return None
    lead = social.departement.iloc[0] if r.lieu.is_region else r.lieu.code
    own = chosen(social, departement=lead)[["part", "logements"]].sum()
    message = f"{r.nom(lead)}\u00a0: {percent(own.part, 0)} des PLUS et PLAI de la région"
    panels = [
        Bars.of(f"{label} (logements)", part.departement.map(r.nom), part.logements, part.departement == lead)
        for group, label in GROUPS.items()
        if len(part := chosen(rows, groupe=group))
    ]
    return figure(
        horizontal_bars(panels),
        title=message,
        subtitle=f"Logements par département, région {r.study.region.nom}, {r.annee}",
        alt=f"Barres horizontales par département, PLUS-PLAI et PLS, {r.annee}. {message}.",
        reading=f"{r.nom(lead)} compte {number(own.logements)} des {number(total)} logements PLUS et PLAI engagés dans "
        f"la région en {r.annee}.",
        scope=f"logements PLUS et PLAI (n = {number(total)}) et PLS (n = {number(upper.logements.sum())}) de "
        f"{r.annee}, opérations annulées exclues.",
        source=f"{r.source}.",
        height=0.7 + 0.27 * len(social),
        behind={"parts_departement": rows},
    )


def annual_table(r: Report, years: pd.DataFrame) -> Block | None:
    """`years` is `chiffres_cles.annual`; time runs from left to right, the sum comes last."""
    if years.empty:
        return None
    wide = years.pivot(index="groupe", columns="annee", values="logements").rename(columns=str)
    wide = wide.reindex([g for g in (*GROUPS, "Ensemble") if g in wide.index]).rename(index=GROUPS)
    partial = {str(r.partielle): f"{r.partielle} (au {long_date(r.study.etude.extraction)[:-5]})"}
    return table(
        years,
        "programmation_annuelle",
        f"Logements programmés par an, de {wide.columns[0]} à {wide.columns[-1]}",
        view=wide.reset_index(),
        headers={"groupe": "Logements"} | partial,
    )


def survey_chart(r: Report, answers: pd.DataFrame, rates: pd.DataFrame, codebook: Codebook) -> Block | None:
    """One question of a questionnaire: that of study.toml, else its first choice.

    `answers` and `rates` are the tables `reponses` and `taux_reponse` of the territory.
    """
    whole = answers[(answers.sous_question.fillna("") == "") & (answers.modalite != NR)]
    whole = whole[whole.question.map(lambda c: codebook.by_code[c].type).isin(CHOICES)]
    code = r.study.copil.questions.get(codebook.id, next(iter(whole.question), ""))
    rows, total = chosen(whole, question=code), chosen(rates, strate="total")
    if rows.empty or HIDDEN in set(rows.base) or not rows.base.iloc[0] or total.empty:
        return None
    base, hidden = int(rows.base.iloc[0]), HIDDEN in set(rows.effectif)
    rows = rows.assign(n=pd.to_numeric(rows.effectif, errors="coerce").fillna(0))
    rows = rows.sort_values("n", ascending=False, kind="stable")
    cited, top, asked = rows[rows.n > 0], rows.iloc[0], total.population.iloc[0]
    who, question, given = capital(_asked(codebook)), quoted(codebook.by_code[code].libelle), total.repondants.iloc[0]
    sent = "" if pd.isna(asked) else f" sur {asked} interrogés"
    if len(cited) < 2 and hidden:
        return say(f"{who}\u00a0: {given} réponses{sent}, trop peu pour publier les réponses à {question}.")
    if base < FEW and not hidden:
        told = listing([f"{quoted(row.libelle)} ({number(row.n)})" for row in cited.itertuples()])
        return say(f"{who}, {count(base, 'réponse')} à {question}\u00a0: {told}.")
    first = not hidden and top.n > rows.n.iloc[1:].max()  # a hidden count may be larger
    said = f"{quoted(top.libelle)} vient en tête" if first else f"{count(base, 'réponse')} à la question"
    of_all = base >= SMALL_BASE
    texts = [n if n == HIDDEN else number(n) + (f" ({percent(n / base, 0)})" if of_all else "") for n in rows.effectif]
    return figure(
        horizontal_bars([Bars.of("", rows.libelle, rows.n, (rows.libelle == top.libelle) & first, texts)]),
        title=f"{who}\u00a0: {said}",
        subtitle=f"{codebook.by_code[code].libelle} – nombre de réponses, {r.lieu.nom}",
        alt=f"Barres horizontales, une par réponse. {who}\u00a0: {said}.",
        reading=f"{quoted(top.libelle)}\u00a0: {number(top.n)} des {count(base, 'répondant')}.",
        scope=f"n = {count(base, 'réponse')} à la question{NNBSP}; {count(int(given), 'réponse')} au "
        f"questionnaire{sent}" + (f"{NNBSP}; s\u00a0: secret statistique." if hidden else "."),
        source=f"{codebook.titre}, {r.study.source('reponses_' + codebook.id)}.",
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
    return [
        f"Réponses des {names[row.questionnaire]}\u00a0: {row.repondants}"
        + ("." if pd.isna(row.population) else f" sur {row.population} envois.")
        for part in rates
        for row in chosen(part, strate="total").itertuples()
    ]
