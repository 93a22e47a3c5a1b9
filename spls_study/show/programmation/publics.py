"""For whom the PLS are, and in establishments of which size."""

from collections.abc import Sequence

import pandas as pd

from ...french import capital, count, number, percent
from ...study import SMALL_BASE
from ..blocks import Block
from ..drawings.bars import Bars, horizontal_bars
from ..figure import figure
from ..report import Report, chosen, part_or_count
from ..table import table
from ..text import say


def beneficiaires(r: Report, by_public: pd.DataFrame, aged: pd.DataFrame) -> Block:
    """PLS by beneficiary; `pls_beneficiaires` and `part_personnes_agees` of the territory."""
    data = {"pls_beneficiaires": by_public, "pls_personnes_agees": aged}
    rows = chosen(by_public, annee=r.annee)
    total = int(rows["logements"].sum())
    if not total:
        return say(f"Aucun logement PLS n'a été programmé en {r.annee} dans {r.le}.", data=data)
    sums = (
        rows.groupby("type_beneficiaire")[["logements"]]
        .sum()
        .reset_index()
        .sort_values(["logements", "type_beneficiaire"], ascending=[False, True])
    )
    public = sums["type_beneficiaire"]
    panels = [
        Bars.of(
            "Logements par public",
            public.replace("Etudiants", "Étudiants"),
            sums["logements"],
            public == "Personnes âgées",
        )
    ]
    here = chosen(aged, annee=r.annee).sort_values(["personnes_agees", "departement"], ascending=[False, True])
    if len(here) > 1:
        panels.append(
            Bars.of(
                "dont personnes âgées",
                here["departement"].map(r.nom),
                here["personnes_agees"],
                True,
                [
                    f"{number(row.personnes_agees)} "
                    + (f"({percent(row.part)})" if row.operations >= SMALL_BASE else f"sur {number(row.logements)}")
                    for row in here.itertuples()
                ],
            )
        )
    old, base = int(here["personnes_agees"].sum()), int(here["operations"].sum())
    title = f"{capital(part_or_count(old, total, base))} PLS pour les personnes âgées"
    return figure(
        horizontal_bars(panels),
        title=title,
        subtitle=f"Logements PLS programmés, {r.place}, {r.annee}",
        alt=f"Barres par public. {title} en {r.annee}.",
        reading=f"en {r.annee}, {count(old, 'logement')} PLS sur {number(total)} pour les personnes âgées, {r.place}.",
        scope=r.champ("logements PLS", base, total),
        source=r.source,
        height=0.6 + 0.3 * max(len(p.rows) for p in panels),
        data=data,
    )


def etablissements(r: Report, sizes: pd.DataFrame, classes: Sequence[str]) -> Block:
    """Size of the PLS establishments over all years; `pls_etablissements` of the territory."""
    if sizes.empty:
        return say("Aucun établissement en PLS n'est connu.", data={"pls_etablissements": sizes})
    old = sizes["type_beneficiaire"] == "Personnes âgées"
    view = pd.DataFrame({"Taille": list(classes)})
    for label, rows in (("personnes âgées", sizes[old]), ("autres publics", sizes[~old])):
        sums = rows.groupby("taille")[["etablissements", "logements"]].sum()
        for column, noun in (("etablissements", "Établissements"), ("logements", "Logements")):
            view[f"{noun}, {label}"] = view["Taille"].map(sums[column]).fillna(0).astype("int64")
    largest, known = view.iloc[-1, 1], view.iloc[:, 1].sum()
    view.loc[len(view)] = ["Ensemble", *view.iloc[:, 1:].sum()]
    last = classes[-1].replace(" et plus", " logements et plus")
    return table(
        sizes,
        "pls_etablissements",
        f"Établissements pour personnes âgées\u00a0: {largest} sur {known} de {last}",
        view=view,
        headers={"Taille": "Logements PLS de l'opération"},
        note=f"Opérations en PLS pour un public particulier, {r.annees[0]}-{r.annees[-1]}, "
        f"chacune dans sa dernière année. Source\u00a0: {r.source}.",
    )
