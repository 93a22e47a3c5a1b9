"""The calendar of the roll-out: chart, tasks, milestones, next dates."""

import pandas as pd

from ...french import MISSING, NOT_APPLICABLE, cell, count, long_date, quoted, signed
from ...study import Study, Territory
from ..blocks import Block
from ..drawings.gantt import gantt, height
from ..figure import figure
from ..table import LONGEST, table


def calendar_chart(calendar: pd.DataFrame, study: Study, territory: Territory) -> Block | None:
    """Gantt of the table `calendrier`: planned against real or estimated, today, milestones."""
    if calendar.empty:
        return None
    today = long_date(study.etude.edition)
    late = calendar[(calendar.retard_jours > 0) & calendar.fin_reelle.isna()]
    worst = late.sort_values(["retard_jours", "id"], ascending=[False, True])
    message = "Aucune tâche en cours ou à venir n'est en retard"
    reading = f"Au {today}, tout se déroule comme prévu."
    if len(worst):
        days = count(worst.retard_jours.iloc[0], "jour")
        message = (
            f"{count(len(late), 'tâche')} ou jalons en retard, {days} au plus"
            if len(late) > 1
            else f"Une seule tâche en retard, de {days}"
        )
        reading = f"{quoted(worst.libelle.iloc[0])} finirait {days} après la date prévue."
    return figure(
        gantt(calendar, pd.Timestamp(study.etude.edition)),
        title=message,
        subtitle=f"Calendrier du déploiement de {study.etude.application}, {territory.nom}, au {today}",
        alt=f"Diagramme de Gantt, prévu et réel ou estimé. {message}.",
        reading=reading,
        scope=f"n = {count(len(calendar), 'tâche ou jalon', 'tâches et jalons')}.",
        source=f"{study.source('calendrier')}.",
        height=height(calendar),
        behind={"calendrier": calendar},
    )


def calendar_table(calendar: pd.DataFrame) -> Block | None:
    """The tasks that are not finished; all tasks and milestones go to `calendrier`."""
    if calendar.empty:
        return None
    rows = calendar[calendar.fin_reelle.isna() & (calendar.type != "jalon")]
    view = pd.DataFrame(
        {
            "Tâche": rows.id + "\u00a0: " + rows.libelle,
            "Fin prévue": rows.fin_prevue.map(cell).replace(MISSING, "ouverte"),
            "Fin estimée": rows.fin_estimee.map(cell).replace(MISSING, NOT_APPLICABLE),
            "Retard (jours)": rows.retard_jours.map(_days),
            "Retardée par": rows.pousse_par.fillna(NOT_APPLICABLE),
            "Critique": rows.critique.map(cell),
        }
    )
    critical = int(rows.critique.sum())
    return table(
        calendar,
        "calendrier",
        f"{count(len(rows), 'tâche')} en cours ou à venir" + (f", dont {critical} sans marge" if critical else ""),
        view=view,
        right=["Retard (jours)"],
        note="Critique\u00a0: tout jour de retard repousse la fin du calendrier.",
    )


def milestones_table(milestones: pd.DataFrame) -> Block | None:
    """`milestones` is the table `jalons`."""
    if milestones.empty:
        return None
    held = int((milestones.statut == "tenu").sum())
    return table(
        milestones,
        "jalons",
        f"{count(held, 'jalon tenu', 'jalons tenus')} sur {len(milestones)}",
        view=pd.DataFrame(
            {
                "Jalon": milestones.libelle,
                "Prévu": milestones.prevu,
                "Réel ou estimé": milestones.reel_ou_estime,
                "Écart (jours)": milestones.ecart_jours.map(_days),
                "Statut": milestones.statut,
            }
        ).tail(LONGEST),
        right=["Écart (jours)"],
    )


def _days(value: int) -> str:
    return NOT_APPLICABLE if pd.isna(value) else signed(value)
