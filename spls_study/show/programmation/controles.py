"""Whether it adds up, and what small numbers allow one to say."""

from collections.abc import Sequence

import pandas as pd

from ...french import NOT_APPLICABLE, count, number, percent, plural, signed
from ...study import SMALL_BASE, Cadrage
from ..blocks import Block
from ..report import GROUPS, Report
from ..table import LONGEST, table
from ..text import say


def cadrage(r: Report, checked: pd.DataFrame, controls: Sequence[Cadrage]) -> Block:
    """Control totals, the region's in every report; `checked` is `cadrage`."""
    if checked.empty:
        return say("L'étude ne donne aucun total de contrôle.", data={"cadrage": checked})

    def amount(value: float, share: bool) -> str:
        return NOT_APPLICABLE if pd.isna(value) else percent(value) if share else number(value)

    shares = [c.part_minimale is not None for c in controls]
    pairs = list(zip(checked.itertuples(), shares, strict=True))
    view = pd.DataFrame(
        {
            "Indicateur": checked["indicateur"],
            "Attendu": ["plus de " * s + amount(row.attendu, s) for row, s in pairs],
            "Observé": [amount(row.observe, s) for row, s in pairs],
            "Écart": [NOT_APPLICABLE if s or pd.isna(row.ecart) else signed(row.ecart) for row, s in pairs],
            "Statut": checked["statut"],
        }
    )
    good = int((checked["statut"] == "conforme").sum())
    return table(
        checked,
        "cadrage",
        f"{count(good, 'total', 'totaux')} de contrôle sur {len(checked)} {plural(good, 'retrouvé')} dans les données",
        view=view,
        right=["Attendu", "Observé", "Écart"],
        note=f"Région {r.study.region.nom}. «\u00a0Engagés\u00a0» ou «\u00a0agréés\u00a0»\u00a0: "
        "logements inscrits à la programmation de l'année, opérations annulées exclues. "
        f"Source\u00a0: {r.source}.",
    )


def rapprochement(r: Report, gaps: pd.DataFrame, received: bool) -> Block:
    """Second source, cell by cell; `gaps` is `rapprochement` of the territory.

    `received`: there is a second source at all.
    """
    rows = gaps[gaps["operations"] > 0]
    if rows.empty:
        text = (
            "Les deux sources donnent les mêmes nombres, opération par opération."
            if received
            else "Aucune seconde source n'a été fournie\u00a0: rien à rapprocher."
        )
        return say(text, data={"rapprochement": gaps})
    shown = _largest(rows).head(LONGEST).sort_index()
    total = int(rows["ecart"].sum())
    return table(
        gaps,
        "rapprochement",
        f"{count(len(rows), 'différence')} entre les deux sources, solde "
        f"de {signed(total)} {plural(total, 'logement')}",
        view=pd.DataFrame(
            {
                "Année": shown["annee"].astype("str"),
                "Département": shown["departement"].map(r.nom),
                **_compared(shown),
                "Opérations en cause": shown["operations"],
            }
        ),
        formats={"Écart": signed},
        note=("Les quinze plus grandes différences. " if len(rows) > LONGEST else "")
        + f"Écart\u00a0: programmation moins seconde source, jamais ajoutée aux volumes. Sources"
        f"\u00a0: {r.source}\u00a0; {r.study.source('rapprochement')}.",
    )


def operations_en_cause(r: Report, operations: pd.DataFrame) -> Block:
    """The operations that explain the gaps; `rapprochement_operations` of the territory."""
    rows = operations[operations["ecart"] != 0].reset_index(drop=True)
    if rows.empty:
        return say("Aucune opération n'est donc à expliquer.", data={"rapprochement_operations": rows})
    shown = _largest(rows)
    reason = rows["ecart"].abs().groupby(rows["motif"]).sum().sort_values(ascending=False, kind="stable")
    return table(
        rows,
        "rapprochement_operations",
        f"{count(rows['numero_operation'].nunique(), 'opération')} en cause\u00a0; premier motif"
        f"\u00a0: {reason.index[0]}",
        view=pd.DataFrame(
            {
                "Opération": shown["numero_operation"],
                "Année": shown["annee"].astype("str"),
                **_compared(shown),
                "Motif": shown["motif"],
            }
        ),
        formats={"Écart": signed},
        note="Les plus grands écarts d'abord." if len(rows) > LONGEST else "",
    )


def _largest(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.reindex(rows["ecart"].abs().sort_values(ascending=False, kind="stable").index)


def _compared(rows: pd.DataFrame) -> dict[str, pd.Series]:
    return {
        "Produit": rows["produit"],
        "Programmation": rows["logements"],
        "2de source": rows["logements_rapprochement"],
        "Écart": rows["ecart"],
    }


def petits_effectifs(r: Report, small: pd.DataFrame) -> Block:
    """Cells given as counts only; `small` is `petits_effectifs` of the territory."""
    if small.empty:
        return say(
            f"Chaque année et chaque groupe comptent {SMALL_BASE} opérations ou plus"
            "\u00a0: les pourcentages peuvent se lire.",
            data={"petits_effectifs": small},
        )
    wide = small.assign(
        annee=small["annee"].astype("str"),
        Département=small["departement"].map(r.nom),
        cellule=[f"{number(o)} ({number(n)})" for o, n in zip(small["operations"], small["logements"], strict=True)],
    ).pivot(index=["departement", "Département", "groupe"], columns="annee", values="cellule")
    wide = wide.reindex(columns=[str(y) for y in r.annees[-6:]]).astype("object")
    view = wide.fillna(NOT_APPLICABLE).droplevel("departement").reset_index()
    years = list(view.columns[2:])
    return table(
        small,
        "petits_effectifs",
        f"{count(len(small), 'cas', 'cas')} de moins de {SMALL_BASE} opérations\u00a0: "
        "à lire en nombres, sans pourcentage",
        view=view.assign(groupe=view["groupe"].map(GROUPS)),
        headers={"groupe": "Groupe"},
        right=years,
        note=f"Opérations, et logements entre parenthèses. «\u00a0–\u00a0»\u00a0: {SMALL_BASE} opérations ou plus.",
    )
