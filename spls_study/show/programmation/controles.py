"""Whether it adds up, and what small numbers allow one to say."""

from collections.abc import Sequence

import pandas as pd

from ...french import NOT_APPLICABLE, count, listing, number, percent, plural, signed
from ...study import SMALL_BASE, Cadrage
from .. import GROUPS, LONGEST, Block, Report, say, table


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


def rapprochement(r: Report, gaps: pd.DataFrame, received: bool) -> Block:
    """Second source, cell by cell; `gaps` is `rapprochement` of the territory.

    `received`: there is a second source at all.
    """
    rows = gaps[gaps["operations"] > 0]
    if rows.empty:
        same = "Les deux sources donnent les mêmes nombres, opération par opération."
        nothing = "Aucune seconde source n'a été fournie\u00a0: rien à rapprocher."
        return say(same if received else nothing, data={"rapprochement": gaps})
    total = int(rows["ecart"].sum())
    balance = f"solde de {signed(total)} {plural(total, 'logement')}"
    return table(
        gaps,
        "rapprochement",
        f"{count(len(rows), 'différence')} entre les deux sources, {balance}",
        view=_largest(rows).head(LONGEST).sort_index(),
        formats={"departement": r.nom, "ecart": signed},
        headers=COMPARED | {"operations": "Opérations en cause"},
        note=(
            "Les quinze plus grandes différences." if len(rows) > LONGEST else "",
            "Écart\u00a0: programmation moins seconde source, jamais ajoutée aux volumes.",
            f"Sources\u00a0: {r.source}\u00a0; {r.study.source('rapprochement')}.",
        ),
    )


def operations_en_cause(r: Report, operations: pd.DataFrame) -> Block:
    """The operations that explain the gaps; `rapprochement_operations` of the territory."""
    rows = operations[operations["ecart"] != 0].reset_index(drop=True)
    if rows.empty:
        return say("Aucune opération n'est donc à expliquer.", data={"rapprochement_operations": rows})
    reason = rows["ecart"].abs().groupby(rows["motif"]).sum().sort_values(ascending=False, kind="stable").index[0]
    return table(
        rows,
        "rapprochement_operations",
        f"{count(rows['numero_operation'].nunique(), 'opération')} en cause\u00a0; premier motif\u00a0: {reason}",
        view=_largest(rows)[["numero_operation", "annee", *COMPARED, "motif"]],
        formats={"ecart": signed},
        headers=COMPARED | {"numero_operation": "Opération"},
        note="Les plus grands écarts d'abord." if len(rows) > LONGEST else "",
    )


COMPARED = {
    "produit": "Produit",
    "logements": "Programmation",
    "logements_rapprochement": "2de source",
    "ecart": "Écart",
}


def _largest(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.sort_values("ecart", key=abs, ascending=False, kind="stable")


def petits_effectifs(r: Report, small: pd.DataFrame) -> Block:
    """The warning on cells given as counts only; `small` is `petits_effectifs` of the territory."""
    all_years = len(r.annees) * len(r.lieu.departements)
    few = [
        f"{count(n, 'cas', 'cas')} sur {number(all_years)} en {GROUPS[group]}"
        for group, n in small["groupe"].value_counts().sort_index().items()
    ]
    return say(
        f"Moins de {SMALL_BASE} opérations dans une année et un département\u00a0: {listing(few)}. Ces cas se lisent "
        "en nombres, sans pourcentage\u00a0; la table petits_effectifs, jointe, les donne un à un."
        if few
        else f"Chaque année et chaque groupe comptent {SMALL_BASE} opérations ou plus\u00a0: les pourcentages peuvent "
        "se lire.",
        data={"petits_effectifs": small},
    )
