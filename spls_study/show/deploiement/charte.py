"""The charte de gestion: positions by clause, who has still to answer."""

from collections.abc import Mapping

import pandas as pd

from ...french import count, listing, plural
from ...study import Study, Territory
from ..blocks import Block
from ..drawings.bars import Bars, horizontal_bars
from ..figure import figure
from ..table import table

POSITIONS = {"accords": "Accords", "reserves": "Réserves", "refus": "Refus", "en_attente": "En attente"}


def charter_chart(charter: pd.DataFrame, study: Study, territory: Territory) -> Block | None:
    """Agreements by clause; `charter` is the table `charte`."""
    if charter.empty:
        return None
    adopted = int((charter.statut == "adoptée").sum())
    message = f"{count(adopted, 'clause adoptée', 'clauses adoptées')} sur {len(charter)}"
    if not adopted:
        message = "Aucune clause n'est encore adoptée par tous"
    signatories = charter[list(POSITIONS)].sum(axis=1).max()
    return figure(
        horizontal_bars(
            [
                Bars.of(title, charter.clause, charter[column], column == "accords")
                for column, title in POSITIONS.items()
            ]
        ),
        title=message,
        subtitle=f"Charte de gestion, {territory.nom}, nombre d'organismes par clause et position",
        alt=f"Barres par clause\u00a0: accords, réserves, refus, attentes. {message}.",
        scope=f"{count(len(charter), 'clause')}, n = {count(signatories, 'signataire')}.",
        source=f"{study.source('charte')}.",
        height=0.6 + 0.24 * len(charter),
        behind={"charte": charter},
    )


def charter_table(charter: pd.DataFrame, texts: Mapping[str, str]) -> Block | None:
    """Clauses with their `texts`, positions and status; what changed since the last edition."""
    if charter.empty:
        return None
    view = charter[list(POSITIONS)].rename(columns=POSITIONS).assign(Statut=charter.statut)
    view.insert(0, "Clause", charter.clause + "\u00a0: " + charter.clause.map(texts).fillna(charter.theme))
    if charter.statut_precedent.notna().any():
        view["Édition précédente"] = charter.statut_precedent.fillna("nouvelle")
    blocked = charter.clause[charter.statut == "bloquée"].tolist()
    waiting = int((charter.statut == "en attente").sum())
    return table(
        charter,
        "charte",
        f"Clauses bloquées par un refus\u00a0: {listing(blocked)}"
        if blocked
        else f"Aucune clause n'est bloquée, {waiting} {plural(waiting, 'attend', 'attendent')} une réponse",
        view=view,
    )


def charter_matrix(said: pd.DataFrame, names: Mapping[str, str]) -> Block | None:
    """Who says what: `positions`, for the project team only since it names whom to chase."""
    if said.empty:
        return None
    wide = said.pivot(index="organisme", columns="clause", values="position").reset_index()
    silent = said[said.position == "en attente"].organisme.nunique()
    return table(
        said,
        "charte_positions",
        f"{count(silent, 'organisme doit', 'organismes doivent')} encore répondre sur une clause",
        view=wide.assign(organisme=wide.organisme.map(names).fillna(wide.organisme)),
        headers={"organisme": "Organisme"},
        internal=True,
    )
