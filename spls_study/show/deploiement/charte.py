"""The charte de gestion: positions by clause, who has still to answer."""

from collections.abc import Mapping

import pandas as pd

from ...french import count, listing, plural
from .. import Block, table

WHOLE = 40  # signatories on the page
POSITIONS = {"accords": "Accords", "reserves": "Réserves", "refus": "Refus", "en_attente": "En attente"}


def charter_table(charter: pd.DataFrame, texts: Mapping[str, str]) -> Block | None:
    """Clauses with their `texts`, positions and status; what changed since the last edition."""
    if charter.empty:
        return None
    view = charter[["clause", *POSITIONS, "statut"]]
    view = view.assign(clause=charter.clause + "\u00a0: " + charter.clause.map(texts).fillna(charter.theme))
    if charter.statut_precedent.notna().any():
        view["Édition précédente"] = charter.statut_precedent.fillna("nouvelle")
    adopted, waiting = ((charter.statut == status).sum() for status in ("adoptée", "en attente"))
    blocked = charter.clause[charter.statut == "bloquée"].tolist()
    refused = f"bloquées par un refus\u00a0: {listing(blocked)}"
    waited = f"aucune bloquée, {waiting} {plural(waiting, 'attend', 'attendent')} une réponse"
    return table(
        charter,
        "charte",
        f"{count(adopted, 'clause adoptée', 'clauses adoptées')} sur {len(charter)}, {refused if blocked else waited}",
        view=view,
        headers=POSITIONS,
    )


def charter_matrix(said: pd.DataFrame, names: Mapping[str, str]) -> Block | None:
    """Who says what: `positions`."""
    if said.empty:
        return None
    silent = said[said.position == "en attente"].organisme.nunique()
    return table(
        said,
        "charte_positions",
        f"{count(silent, 'organisme doit', 'organismes doivent')} encore répondre sur une clause",
        view=said.pivot(index="organisme", columns="clause", values="position").reset_index(),
        formats={"organisme": lambda id: names.get(id, id)},
        longest=WHOLE,
    )
