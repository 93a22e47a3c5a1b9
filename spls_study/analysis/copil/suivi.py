"""Key figures of the COPIL note beyond programming, and what the committee must decide.

Each figure is read from a table of another report.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from ...study import SMALL_BASE
from ..deploiement.calendrier import retard
from ..droits.organismes import prets
from ..methods.frames import frame
from .chiffres_cles import SHARE, figures_table

COMMITTEE = "COPIL"


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
    """Landlords who can transmit, of those of the territory; accounts open, of the live requests.

    `states`: Table `etat_organismes`. `accounts`: what `accounts` returns, of the territory.
    """
    ready, landlords = prets(states)
    opened, asked = int(accounts.ouvert.sum()), int(accounts.demande.sum())
    share = opened / asked if asked >= SMALL_BASE else None
    rows = [
        ("bailleurs_prets", ready if landlords else None, f"sur {landlords}", "bailleurs peuvent transmettre"),
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


def deploiement(milestones: pd.DataFrame, clauses: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """Slippage, clauses adopted, points overdue; tables of the same names as in notebook 5."""
    adopted = (clauses.statut == "adoptée").sum() if len(clauses) else None
    overdue = points.en_retard.sum() if len(points) else None
    slip, late = "de retard estimé pour le jalon à venir le plus décalé", "ouverts dont l'échéance est passée"
    return figures_table(
        [
            ("retard_calendrier", retard(milestones), "jours", slip, "calendrier"),
            ("clauses_adoptees", adopted, f"sur {len(clauses)}", "clauses de la charte adoptées", "charte"),
            ("points_en_retard", overdue, "points", late, "points_discussion"),
        ]
    )


def a_decider(
    points: pd.DataFrame,
    milestones: pd.DataFrame,
    clauses: pd.DataFrame,
    texts: Mapping[str, str],
    decisions: pd.DataFrame,
) -> pd.DataFrame:
    """What the committee must settle, the most urgent first.

    Overdue points without decision, then a milestone that slips the most, clauses blocked by a
    refusal, other points without decision, decisions on the processes.

    Columns rang, objet, qui, quand, origine (calendrier, charte, points_discussion, processus).
    What has no date of its own is due at the next milestone.

    `points`, `milestones`, `clauses`: Tables `points_discussion`, `jalons` and `charte`. `texts`:
    Clause → its text. `decisions`: `integration.decisions`.
    """
    ahead = milestones[milestones.statut == "à venir"].sort_values(["reel_ou_estime", "id"])
    due = ahead.reel_ou_estime.iloc[0] if len(ahead) else pd.NaT
    still = points[(points.statut == "ouvert") & points.decision.isna()]
    still = still.sort_values(["en_retard", "echeance", "id"], ascending=[False, True, True])
    asked = [(p.en_retard, (p.point, p.responsable, p.echeance, "points_discussion")) for p in still.itertuples()]
    late = ahead[ahead.ecart_jours > 0].sort_values(["ecart_jours", "prevu"], kind="stable")
    slips = [
        (f"Nouvelle date pour «\u00a0{m.libelle}\u00a0», {m.ecart_jours} jours après la date prévue", "calendrier")
        for m in late.tail(1).itertuples()
    ]
    refused = [
        (f"Refus sur la clause {c}\u00a0: {texts.get(c, c)}", "charte")
        for c in clauses.clause[clauses.statut == "bloquée"]
    ]
    steps = [
        (f"Étape «\u00a0{d.etape}\u00a0»\u00a0: {d.sujets.replace('|', ', ')}", d.qui, d.avant_le, "processus")
        for d in decisions.itertuples()
    ]
    rows = [
        *(row for overdue, row in asked if overdue),
        *((what, COMMITTEE, due, origin) for what, origin in (*slips, *refused)),
        *(row for overdue, row in asked if not overdue),
        *steps,
    ]
    types = {"rang": "int64", "objet": "str", "qui": "str", "quand": "datetime64[s]", "origine": "str"}
    return frame(((rank, *row) for rank, row in enumerate(rows, start=1)), types)
