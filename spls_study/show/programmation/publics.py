"""For whom the PLS are, and in establishments of which size."""

from collections.abc import Sequence

import pandas as pd

from ...french import capital, count, number, percent
from ...study import SMALL_BASE
from .. import Block, Report, chosen, figure, part_or_count, say, table
from ..drawings.bars import Bars, horizontal_bars


def beneficiaires(r: Report, by_public: pd.DataFrame, aged: pd.DataFrame) -> Block:
    """PLS by beneficiary; `pls_beneficiaires` and `part_personnes_agees` of the territory."""
    data = {"pls_beneficiaires": by_public, "pls_personnes_agees": aged}
    sums = chosen(by_public, annee=r.annee).groupby("type_beneficiaire")["logements"].sum()
    total = int(sums.sum())
    if not total:
        return say(f"Aucun logement PLS n'a été programmé en {r.annee} dans {r.le}.", data=data)
    sums = sums.sort_values(ascending=False, kind="stable")
    public = sums.index.to_series().replace("Etudiants", "Étudiants")
    panels = [Bars("Logements par public", public, sums, public == "Personnes âgées")]
    here = chosen(aged, annee=r.annee).sort_values(["personnes_agees", "departement"], ascending=[False, True])
    if len(here) > 1:
        texts = [
            f"{number(row.personnes_agees)} "
            + (f"({percent(row.part)})" if row.operations >= SMALL_BASE else f"sur {number(row.logements)}")
            for row in here.itertuples()
        ]
        names = here["departement"].map(r.nom)
        panels.append(Bars("dont personnes âgées", names, here["personnes_agees"], [True] * len(here), texts))
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
        data=data,
    )


def etablissements(r: Report, sizes: pd.DataFrame, classes: Sequence[str]) -> Block:
    """Size of the PLS establishments over all years; `pls_etablissements` of the territory."""
    if sizes.empty:
        return say("Aucun établissement en PLS n'est connu.", data={"pls_etablissements": sizes})
    public = sizes["type_beneficiaire"].eq("Personnes âgées").map({True: "personnes âgées", False: "autres publics"})
    view = pd.DataFrame(index=pd.Index(classes, name="taille"))
    for label in ("personnes âgées", "autres publics"):
        for noun in ("établissements", "logements"):
            column = noun.replace("é", "e")
            view[f"{noun}, {label}"] = sizes[public == label].groupby("taille")[column].sum()
    view = view.fillna(0).astype("int64")
    largest, known = view.iloc[-1, 0], view.iloc[:, 0].sum()
    view.loc["Ensemble"] = view.sum()
    last = classes[-1].replace(" et plus", " logements et plus")
    return table(
        sizes,
        "pls_etablissements",
        f"Établissements pour personnes âgées\u00a0: {largest} sur {known} de {last}",
        view=view.reset_index(),
        headers={"taille": "Logements PLS de l'opération"},
        note=f"Opérations en PLS pour un public particulier, {r.annees[0]}-{r.annees[-1]}, chacune dans sa dernière "
        f"année. Source\u00a0: {r.source}.",
    )
