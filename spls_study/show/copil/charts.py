"""The charts and the tables of the note."""

from collections.abc import Sequence

import pandas as pd

from ...french import NNBSP, NOT_APPLICABLE, capital, count, listing, long_date, number, percent, plural, quoted, signed
from ...study import Cadrage
from .. import GROUPS, Block, Report, chosen, figure, say, table
from ..drawings.bars import Bars, horizontal_bars
from ..questionnaires.figures import figures
from ..questionnaires.vue import Vue, items, why

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
        Bars(f"{label} (logements)", part.departement.map(r.nom), part.logements, part.departement == lead)
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


def survey_chart(r: Report, v: Vue) -> Block | None:
    """One question of a questionnaire, as its own report draws it: that of study.toml, else its first choice."""
    choices = [q for q in v.codebook.questions if q.type in CHOICES and not q.is_grid]
    code = r.study.copil.questions.get(v.codebook.id, choices[0].code if choices else "")
    found = [item for q in choices if q.code == code for item in items(v, q)]
    for row in chosen(v.reponses_non_montrees, question=code).itertuples():
        return say(f"{capital(v.asked)}\u00a0: {v.rate}{NNBSP}; {quoted(row.libelle)} n'est pas montrée ({why(row)}).")
    if not found or not (base := found[0].base):
        return None
    item, question = found[0], quoted(found[0].label)
    if base < FEW:
        rows = item.first[item.first.effectif > 0]
        told = [f"{quoted(row.libelle)} ({number(row.effectif)})" for row in rows.itertuples()]
        return say(f"{capital(v.asked)}, {count(base, 'réponse')} à {question}\u00a0: {listing(told)}.")
    return next(figures(r, v.codebook.titre, "", [[(v, item)]]))


def cadrage(r: Report, checked: pd.DataFrame, controls: Sequence[Cadrage]) -> Block:
    """Control totals, the region's in every report; `checked` is `cadrage`."""
    if checked.empty:
        return say("L'étude ne donne aucun total de contrôle.", data={"cadrage": checked})
    view = checked.astype("object").where(checked.notna(), NOT_APPLICABLE)
    shares = [c.part_minimale is not None for c in controls]
    for column in ("attendu", "observe"):
        view[column] = [
            v if v == NOT_APPLICABLE else percent(v) if share else number(v)
            for v, share in zip(view[column], shares, strict=True)
        ]
    view.loc[shares, "attendu"] = "plus de " + view["attendu"]
    view.loc[shares, "ecart"] = NOT_APPLICABLE
    good = int((checked["statut"] == "conforme").sum())
    return table(
        checked,
        "cadrage",
        f"{count(good, 'total', 'totaux')} de contrôle sur {len(checked)} {plural(good, 'retrouvé')} dans les données",
        view=view,
        formats={"ecart": signed},
        note=f"Région {r.study.region.nom}. «\u00a0Engagés\u00a0» ou «\u00a0agréés\u00a0»\u00a0: logements inscrits à "
        f"la programmation de l'année, opérations annulées exclues. Source\u00a0: {r.source}.",
    )
