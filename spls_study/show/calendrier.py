"""The calendar of the roll-out: chart, tasks, milestones, next dates."""

import pandas as pd

from ..study import Study, Territory
from .blocks import Block
from .figure import figure
from .french import MISSING, NOT_APPLICABLE, count, long_date, short_date, signed
from .gantt import gantt, height
from .table import LONGEST, table
from .text import bullets


def calendar_chart(calendar: pd.DataFrame, study: Study, territory: Territory) -> Block | None:
    """Gantt of the table `calendrier`: planned against real or estimated, today, milestones."""
    if calendar.empty:
        return None
    today = pd.Timestamp(study.etude.edition)
    late = calendar[(calendar.retard_jours > 0) & calendar.fin_reelle.isna()]
    worst = late.sort_values(["retard_jours", "id"], ascending=[False, True])
    message = "Aucune tâche en cours ou à venir n'est en retard"
    reading = f"Au {long_date(study.etude.edition)}, tout se déroule comme prévu."
    if len(worst):
        days = count(worst.retard_jours.iloc[0], "jour")
        message = f"{count(len(late), 'tâche')} ou jalons en retard, {days} au plus"
        if len(late) == 1:
            message = f"Une seule tâche en retard, de {days}"
        reading = f"«\u00a0{worst.libelle.iloc[0]}\u00a0» finirait {days} après la date prévue."
    return figure(
        gantt(calendar, today),
        title=message,
        subtitle=f"Calendrier du déploiement de {study.etude.application}, {territory.nom}, "
        f"au {long_date(study.etude.edition)}",
        alt=f"Diagramme de Gantt, prévu et réel ou estimé. {message}."[:150],
        reading=reading,
        scope=f"n = {count(len(calendar), 'tâche ou jalon', 'tâches et jalons')}.",
        source=f"{study.source('calendrier')}.",
        height=height(calendar),
    )


def calendar_table(calendar: pd.DataFrame) -> Block | None:
    """The tasks that are not finished; all tasks and milestones go to `calendrier`."""
    if calendar.empty:
        return None
    rows = calendar[calendar.fin_reelle.isna() & (calendar.type != "jalon")]
    view = pd.DataFrame({
        "Tâche": rows.id + "\u00a0: " + rows.libelle,
        "Fin prévue": rows.fin_prevue.map(day).replace(MISSING, "ouverte"),
        "Fin estimée": rows.fin_estimee.map(day).replace(MISSING, NOT_APPLICABLE),
        "Retard (jours)": rows.retard_jours.map(_days),
        "Retardée par": rows.pousse_par.fillna(NOT_APPLICABLE),
        "Critique": rows.critique.map({True: "oui", False: "non"}),
    })
    critical = rows.libelle[rows.critique].tolist()
    caption = f"{count(len(rows), 'tâche')} en cours ou à venir"
    if critical:
        caption += f", dont {len(critical)} sans marge"
    note = "Critique\u00a0: tout jour de retard repousse la fin du calendrier."
    if len(view) > LONGEST:
        more = count(len(view) - LONGEST, "autre tâche", "autres tâches")
        note += f" {more} dans le fichier joint."
    return table(calendar, "calendrier", caption, view=view.head(LONGEST),
                 right=["Retard (jours)"], note=note)


def milestones_table(milestones: pd.DataFrame) -> Block | None:
    """`milestones` is the table `jalons`."""
    if milestones.empty:
        return None
    view = pd.DataFrame({
        "Jalon": milestones.libelle,
        "Prévu": milestones.prevu.map(day),
        "Réel ou estimé": milestones.reel_ou_estime.map(day),
        "Écart (jours)": milestones.ecart_jours.map(_days),
        "Statut": milestones.statut,
    })
    held = int((milestones.statut == "tenu").sum())
    return table(
        milestones, "jalons",
        f"{held} {'jalon tenu' if held < 2 else 'jalons tenus'} sur {len(milestones)}",
        view=view.tail(LONGEST), right=["Écart (jours)"],
    )


def next_dates(milestones: pd.DataFrame) -> Block | None:
    """The milestones ahead, with what the plan said where it differs."""
    ahead = milestones[(milestones.statut == "à venir") & milestones.reel_ou_estime.notna()]
    texts = []
    for row in ahead.sort_values(["reel_ou_estime", "id"]).itertuples():
        moved = ""
        if row.ecart_jours:
            days = "jour" if abs(row.ecart_jours) < 2 else "jours"
            moved = f" ({signed(row.ecart_jours)}\u00a0{days})"
        texts.append(f"{long_date(row.reel_ou_estime)}\u00a0: {row.libelle}{moved}")
    return bullets(texts) if texts else None


def _days(value: int) -> str:
    return NOT_APPLICABLE if pd.isna(value) else signed(value)


def day(value: pd.Timestamp) -> str:
    return MISSING if pd.isna(value) else short_date(value)
