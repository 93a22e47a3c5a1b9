"""Key figures of the COPIL note beyond programming.

Each figure is read from a table of another report.
"""

from collections.abc import Sequence

import pandas as pd

from ...study import SMALL_BASE
from ..deploiement.calendrier import retard
from ..droits.organismes import NOTHING, par_organisme, prets
from .chiffres_cles import SHARE, figures_table


def questionnaires(rates: Sequence[tuple[str, pd.DataFrame]]) -> pd.DataFrame:
    """Answers by questionnaire, and response rate of ten asked or more.

    `rates` are the names of those asked, each with its table `taux_reponse`.
    """
    rows: list[tuple[object, ...]] = []
    for who, table in rates:
        for line in table[table.strate == "total"].itertuples():
            source = f"reponses_{line.questionnaire}"
            asked = "" if pd.isna(line.population) else f"sur {line.population}"
            rows.append((source, line.repondants, asked, f"réponses des {who}", source))
            if asked and line.population >= SMALL_BASE:
                rows.append((f"taux_reponse_{line.questionnaire}", line.taux, SHARE, f"des {who} ont répondu", source))
    return figures_table(rows)


def droits(states: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """Landlords who can enter and who can transmit, of those of the territory; accounts open, of the live requests.

    `states`: Table `etat_organismes`. `accounts`: what `accounts` returns, of the territory.
    """
    ready, landlords = prets(states)
    entered = (par_organisme(states[states.role == "bailleur"]).etat != NOTHING).sum()
    opened, asked = int(accounts.ouvert.sum()), int(accounts.demande.sum())
    share = opened / asked if asked >= SMALL_BASE else None
    rows = [
        ("bailleurs_prets", ready if landlords else None, f"sur {landlords}", "bailleurs peuvent transmettre"),
        ("bailleurs_entres", entered if landlords else None, f"sur {landlords}", "bailleurs ont un compte ouvert"),
        ("comptes_ouverts", opened if asked else None, "comptes", "ouverts à la date des données"),
        ("part_comptes_ouverts", share, SHARE, "des demandes en cours ont un compte ouvert"),
    ]
    return figures_table([(*row, "comptes") for row in rows])


def processus(steps: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """Double entry today, decisions to take; tables `etapes` and `integration.decisions`."""
    again, twice = (steps.ressaisie == "oui").sum(), "avec double saisie dans les processus actuels"
    rows = [
        ("etapes_ressaisie", again, "étapes", twice, "processus"),
        ("decisions_processus", len(decisions), "étapes", "attendent une décision", "processus"),
    ]
    return figures_table(rows if len(steps) else [])


def deploiement(
    milestones: pd.DataFrame, clauses: pd.DataFrame, points: pd.DataFrame, presents: tuple[float, float] | None = None
) -> pd.DataFrame:
    """Slippage, clauses adopted, points overdue; tables of the same names as in notebook 5.

    `presents`: who came to the sessions held, and of how many places, if any was.
    """
    adopted = (clauses.statut == "adoptée").sum() if len(clauses) else None
    overdue = points.en_retard.sum() if len(points) else None
    slip, late = "de retard estimé pour le jalon à venir le plus décalé", "ouverts dont l'échéance est passée"
    return figures_table(
        [
            ("retard_calendrier", retard(milestones), "jours", slip, "calendrier"),
            ("clauses_adoptees", adopted, f"sur {len(clauses)}", "clauses de la charte adoptées", "charte"),
            ("points_en_retard", overdue, "points", late, "points_discussion"),
            *(
                (
                    "presents_formation",
                    came,
                    f"sur {places:.0f}",
                    "présents aux sessions de formation tenues",
                    "formations",
                )
                for came, places in ([presents] if presents else [])
            ),
        ]
    )
