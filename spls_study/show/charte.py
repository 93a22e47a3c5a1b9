"""The charte de gestion: positions by clause, who has still to answer."""

from collections.abc import Mapping

import pandas as pd

from ..study import Study, Territory
from .blocks import Block
from .charts import Bars, horizontal_bars
from .figure import figure
from .french import count, listing, number
from .table import LONGEST, table


def charter_chart(charter: pd.DataFrame, study: Study, territory: Territory) -> Block | None:
    """Agreements by clause; `charter` is the table `charte`."""
    if charter.empty:
        return None
    total = charter[["accords", "reserves", "refus", "en_attente"]].sum(axis=1)
    panels = [
        Bars(title, pd.DataFrame({
            "label": charter.clause, "valeur": charter[column],
            "texte": charter[column].map(number), "fort": column == "accords",
        }))
        for title, column in (("Accords", "accords"), ("Réserves", "reserves"),
                              ("Refus", "refus"), ("En attente", "en_attente"))
    ]
    adopted = int((charter.statut == "adoptée").sum())
    message = f"{count(adopted, 'clause adoptée', 'clauses adoptées')} sur {len(charter)}"
    if not adopted:
        message = "Aucune clause n'est encore adoptée par tous"
    return figure(
        horizontal_bars(panels), title=message,
        subtitle=f"Charte de gestion, {territory.nom}, nombre d'organismes par clause et position",
        alt=f"Barres par clause\u00a0: accords, réserves, refus, attentes. {message}."[:150],
        scope=f"{count(len(charter), 'clause')}, n = {count(total.max(), 'signataire')}.",
        source=f"{study.source('charte')}.",
        height=0.6 + 0.24 * len(charter),
    )


def charter_table(charter: pd.DataFrame, texts: Mapping[str, str]) -> Block | None:
    """Clauses with their `texts`, positions and status; what changed since the last edition."""
    if charter.empty:
        return None
    view = pd.DataFrame({
        "Clause": charter.clause + "\u00a0: " + charter.clause.map(texts).fillna(charter.theme),
        "Accords": charter.accords, "Réserves": charter.reserves, "Refus": charter.refus,
        "En attente": charter.en_attente, "Statut": charter.statut,
    })
    if charter.statut_precedent.notna().any():
        view["Édition précédente"] = charter.statut_precedent.fillna("nouvelle")
    blocked = charter.clause[charter.statut == "bloquée"].tolist()
    waiting = int((charter.statut == "en attente").sum())
    caption = (
        f"Clauses bloquées par un refus\u00a0: {listing(blocked)}" if blocked
        else f"Aucune clause n'est bloquée, {waiting} "
             f"{'attend' if waiting < 2 else 'attendent'} une réponse"
    )
    return table(charter, "charte", caption, view=view.head(LONGEST))


def charter_matrix(said: pd.DataFrame, names: Mapping[str, str]) -> Block | None:
    """Who says what: `positions`, for the project team only since it names whom to chase."""
    if said.empty:
        return None
    wide = said.pivot(index="organisme", columns="clause", values="position").reset_index()
    wide.insert(0, "nom", wide.organisme.map(names).fillna(wide.organisme))
    silent = said[said.position == "en attente"].organisme.nunique()
    return table(
        said, "charte_positions",
        f"{count(silent, 'organisme doit', 'organismes doivent')} encore répondre sur une clause",
        view=wide.drop(columns="organisme"), headers={"nom": "Organisme"}, internal=True,
    )
