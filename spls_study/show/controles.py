"""Notebook 1: whether it adds up, and what small numbers allow one to say."""

from collections.abc import Sequence

import pandas as pd

from ..study import SMALL_BASE, Cadrage
from .blocks import Block
from .french import NOT_APPLICABLE, count, number, percent, signed
from .report import GROUPS, Report
from .table import attach, table
from .text import say


def cadrage(r: Report, checked: pd.DataFrame, controls: Sequence[Cadrage]) -> Block:
    """Control totals, the region's in every report; `checked` is `cadrage`."""
    if checked.empty:
        return attach(say("L'étude ne donne aucun total de contrôle."), {"cadrage": checked})
    shares = [c.part_minimale is not None for c in controls]

    def amount(value: float, share: bool) -> str:
        return NOT_APPLICABLE if pd.isna(value) else percent(value) if share else number(value)

    pairs = list(zip(checked.itertuples(), shares, strict=True))
    view = pd.DataFrame({
        "Indicateur": checked["indicateur"],
        "Attendu": [("plus de " if s else "") + amount(row.attendu, s) for row, s in pairs],
        "Observé": [amount(row.observe, s) for row, s in pairs],
        "Écart": [NOT_APPLICABLE if s or pd.isna(row.ecart) else signed(row.ecart)
                  for row, s in pairs],
        "Statut": checked["statut"],
    })
    good = int((checked["statut"] == "conforme").sum())
    found = "retrouvé" if good < 2 else "retrouvés"
    return table(
        checked, "cadrage",
        f"{good} {'total' if good < 2 else 'totaux'} de contrôle sur {len(checked)} {found} dans "
        "les données", view=view, right=["Attendu", "Observé", "Écart"],
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
        text = ("Les deux sources donnent les mêmes nombres, opération par opération." if received
                else "Aucune seconde source n'a été fournie\u00a0: rien à rapprocher.")
        return attach(say(text), {"rapprochement": gaps})
    largest = rows.reindex(rows["ecart"].abs().sort_values(ascending=False, kind="stable").index)
    shown = largest.head(15).sort_index()
    view = pd.DataFrame({
        "Année": shown["annee"].astype("str"), "Département": shown["departement"].map(r.nom),
        "Produit": shown["produit"], "Programmation": shown["logements"],
        "2de source": shown["logements_rapprochement"], "Écart": shown["ecart"],
        "Opérations en cause": shown["operations"],
    })
    total = int(rows["ecart"].sum())
    return table(
        gaps, "rapprochement",
        f"{count(len(rows), 'différence')} entre les deux sources, solde de "
        f"{signed(total)} {'logement' if abs(total) < 2 else 'logements'}",
        view=view, formats={"Écart": signed},
        note=("Les quinze plus grandes différences. " if len(rows) > 15 else "")
        + f"Écart\u00a0: programmation moins seconde source, jamais ajoutée aux volumes. Sources"
        f"\u00a0: {r.source}\u00a0; {r.study.source('rapprochement')}.",
    )


def operations_en_cause(r: Report, operations: pd.DataFrame) -> Block:
    """The operations that explain the gaps; `rapprochement_operations` of the territory."""
    rows = operations[operations["ecart"] != 0].reset_index(drop=True)
    name = "rapprochement_operations"
    if rows.empty:
        return attach(say("Aucune opération n'est donc à expliquer."), {name: rows})
    shown = rows.reindex(rows["ecart"].abs().sort_values(ascending=False, kind="stable").index)
    shown = shown.head(15)
    view = pd.DataFrame({
        "Opération": shown["numero_operation"], "Année": shown["annee"].astype("str"),
        "Produit": shown["produit"], "Programmation": shown["logements"],
        "2de source": shown["logements_rapprochement"], "Écart": shown["ecart"],
        "Motif": shown["motif"],
    })
    reason = rows.groupby("motif")["ecart"].agg(lambda e: e.abs().sum()).sort_values(
        ascending=False, kind="stable")
    return table(
        rows, name,
        f"{count(rows['numero_operation'].nunique(), 'opération')} en cause\u00a0; premier motif"
        f"\u00a0: {reason.index[0]}",
        view=view, formats={"Écart": signed},
        note="Les quinze plus grands écarts\u00a0; le fichier joint les donne tous."
        if len(rows) > 15 else "",
    )


def petits_effectifs(r: Report, small: pd.DataFrame) -> Block:
    """Cells given as counts only; `small` is `petits_effectifs` of the territory."""
    if small.empty:
        return attach(say(f"Chaque année et chaque groupe comptent {SMALL_BASE} opérations ou plus"
                          "\u00a0: les pourcentages peuvent se lire."), {"petits_effectifs": small})
    wide = small.assign(
        cellule=[f"{number(o)} ({number(n)})"
                 for o, n in zip(small["operations"], small["logements"], strict=True)]
    ).pivot(index=["departement", "groupe"], columns="annee", values="cellule")
    wide = wide.reindex(columns=r.annees[-6:]).astype("object").fillna(NOT_APPLICABLE)
    view = wide.reset_index()
    view["departement"] = view["departement"].map(r.nom)
    view["groupe"] = view["groupe"].map(GROUPS)
    view.columns = pd.Index([str(c) for c in view.columns])
    return table(
        small, "petits_effectifs",
        f"{count(len(small), 'cas', 'cas')} de moins de {SMALL_BASE} opérations\u00a0: "
        "à lire en nombres, sans pourcentage",
        view=view.head(15), headers={"departement": "Département", "groupe": "Groupe"},
        right=list(view.columns[2:]),
        note=f"Opérations, et logements entre parenthèses. «\u00a0–\u00a0»\u00a0: {SMALL_BASE} "
             "opérations ou plus."
             + (" Premiers départements seulement." if len(view) > 15 else ""),
    )
