"""Who must do what before the next COPIL: actions of open points, tasks to come, answers and accounts awaited."""

from collections.abc import Collection
from typing import Any

import pandas as pd

from notebook_reports.french import count, listing

from ..droits.accounts import OPENED
from ..droits.organismes import NOTHING, par_organisme
from ..methods.frames import frame

TYPES = {"qui": "str", "quoi": "str", "pour_le": "datetime64[s]", "source": "str"}
LANDLORDS, SIGNATORIES = "Bailleurs", "Signataires"


def qui_fait_quoi(
    points: pd.DataFrame,
    calendar: pd.DataFrame,
    clauses: pd.DataFrame,
    states: pd.DataFrame,
    accounts: pd.DataFrame,
    elsewhere: Collection[str],
    until: pd.Timestamp,
) -> pd.DataFrame:
    """Columns TYPES, one row an action; who has the earliest date comes first, with all its actions.

    Parameters
    ----------
    points, calendar, clauses, states
        Tables `points_discussion`, `calendrier`, `charte` and `etat_organismes` of the territory.
    accounts
        What `accounts` returns, of the territory.
    elsewhere
        Names of the gestionnaires of other territories: what they owe is told there.
    until
        The day of the next COPIL: what has no date of its own is for that day.
    """
    still = points[(points.statut == "ouvert") & points.action.notna() & ~points.responsable.isin(list(elsewhere))]
    rows: list[tuple[Any, ...]] = [
        (p.responsable, p.action, p.echeance, "points_discussion")
        for p in still.dropna(subset="responsable").itertuples()
    ]
    own = calendar[calendar.territoire.notna() & calendar.fin_reelle.isna() & calendar.responsable.notna()]
    own = own[(own.fin_estimee <= until) & ~own.responsable.isin(list(elsewhere))]
    rows += [(t.responsable, t.libelle, t.fin_estimee, "calendrier") for t in own.itertuples()]
    waiting = clauses[clauses.en_attente > 0]
    if len(waiting):
        total = count(waiting.en_attente.sum(), "réponse attendue", "réponses attendues")
        rows.append((SIGNATORIES, f"Répondre sur {listing([*waiting.clause])} de la charte ({total})", until, "charte"))
    landlords = par_organisme(states[states.role == "bailleur"])
    out = int((landlords.etat == NOTHING).sum())
    ids = set(landlords.organisme)
    unused = int(((accounts.etat == OPENED) & accounts.organisme.isin(ids)).sum()) if len(accounts) else 0
    if out:
        rows.append((LANDLORDS, f"Obtenir un compte ({count(out, 'bailleur')} sans accès)", until, "comptes"))
    if unused:
        text = count(unused, "compte jamais utilisé", "comptes jamais utilisés")
        rows.append((LANDLORDS, f"Première connexion ({text})", until, "comptes"))
    table = frame(rows, TYPES)
    first = table.pour_le.groupby(table.qui).transform("min")
    order = table.assign(premier=first).sort_values(["premier", "qui", "pour_le"], kind="stable", ignore_index=True)
    return order[[*TYPES]]
