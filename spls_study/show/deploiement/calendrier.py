"""The calendar of the roll-out: chart, tasks, milestones."""

import pandas as pd

from ...french import MISSING, NOT_APPLICABLE, cell, count, long_date, quoted, signed
from .. import LONGEST, Block, Report, figure, table
from ..drawings.gantt import gantt


def calendar_chart(r: Report, calendar: pd.DataFrame) -> Block | None:
    """Gantt of the table `calendrier`: planned against real or estimated, today, milestones."""
    if calendar.empty:
        return None
    today = long_date(r.study.etude.edition)
    late = calendar[(calendar.retard_jours > 0) & calendar.fin_reelle.isna()]
    message, reading = "Aucune tâche en cours ou à venir n'est en retard", f"Au {today}, tout se déroule comme prévu."
    for worst in late.sort_values(["retard_jours", "id"], ascending=[False, True]).head(1).itertuples():
        days = count(worst.retard_jours, "jour")
        many = f"{count(len(late), 'tâche')} ou jalons en retard, {days} au plus"
        message = many if len(late) > 1 else f"Une seule tâche en retard, de {days}"
        reading = f"{quoted(worst.libelle)} finirait {days} après la date prévue."
    return figure(
        gantt(calendar, pd.Timestamp(r.study.etude.edition)),
        title=message,
        subtitle=f"Calendrier du déploiement de {r.study.etude.application}, {r.lieu.nom}, au {today}",
        alt=f"Diagramme de Gantt, prévu et réel ou estimé. {message}.",
        reading=reading,
        scope=f"n = {count(len(calendar), 'tâche ou jalon', 'tâches et jalons')}.",
        source=f"{r.study.source('calendrier')}.",
    )


def calendar_table(calendar: pd.DataFrame) -> Block | None:
    """The tasks that are not finished; all tasks and milestones go to `calendrier`."""
    rows = calendar[calendar.fin_reelle.isna() & (calendar.type != "jalon")]
    critical = int(rows.critique.sum())
    block = table(
        calendar,
        "calendrier",
        f"{count(len(rows), 'tâche')} en cours ou à venir" + (f", dont {critical} sans marge" if critical else ""),
        view={
            "Tâche": rows.id + "\u00a0: " + rows.libelle,
            "Fin prévue": rows.fin_prevue.map(cell).replace(MISSING, "ouverte"),
            "Fin estimée": rows.fin_estimee.map(cell).replace(MISSING, NOT_APPLICABLE),
            "Retard (jours)": rows.retard_jours.map(_days),
            "Retardée par": rows.pousse_par.fillna(NOT_APPLICABLE),
            "Critique": rows.critique,
        },
        note="Critique\u00a0: tout jour de retard repousse la fin du calendrier.",
    )
    return block if len(calendar) else None


def milestones_table(milestones: pd.DataFrame) -> Block | None:
    """`milestones` is the table `jalons`."""
    held = int((milestones.statut == "tenu").sum())
    block = table(
        milestones,
        "jalons",
        f"{count(held, 'jalon tenu', 'jalons tenus')} sur {len(milestones)}",
        view=milestones.assign(ecart_jours=milestones.ecart_jours.map(_days)).drop(columns="id").tail(LONGEST),
        headers={"libelle": "Jalon", "reel_ou_estime": "Réel ou estimé", "ecart_jours": "Écart (jours)"},
    )
    return block if len(milestones) else None


def _days(value: int) -> str:
    return NOT_APPLICABLE if pd.isna(value) else signed(value)
