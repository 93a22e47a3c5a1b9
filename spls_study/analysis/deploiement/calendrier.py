"""The calendar: where tasks stand, what their delay pushes, which ones are critical.

A task that has begun keeps its planned duration; one that has not begins on its planned day,
today if that day is past, or later if a task that it depends on pushes it. The rule of a
dependency: the next task begins after the end of the one before, at the earliest the next
day; where the plan lets them overlap, the planned overlap stays. A task without planned end
(« ouverte ») pushes nothing until it has ended. Float and critical path are those of the
critical path method on the estimated dates: a task is critical when its float is nil and it
is not finished.
"""

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

import pandas as pd

from ...errors import StudyError

ONE = pd.Timedelta(days=1)
COLUMNS = ["id", "etape", "libelle", "type", "debut_prevu", "fin_prevue", "debut_reel", "fin_reelle", "retard_jours"]
COLUMNS += ["critique", "debut_estime", "fin_estimee", "pousse_par", "depend_de", "responsable", "territoire"]


def calendrier(tasks: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    """Columns id, etape, libelle, type, debut_prevu, fin_prevue, debut_reel, fin_reelle,
    retard_jours (estimated or real end less planned end), critique, then debut_estime, fin_estimee,
    pousse_par (the task that pushes it), depend_de, responsable, territoire; in the order of the
    calendar.

    `tasks`: Table `calendrier` of data/processed: all rows, for tasks depend on each other.
    `today`: Edition date.

    Raises StudyError: a dependency on an unknown task, or dependencies that turn in a circle.
    """
    plan = tasks.set_index("id", drop=False).rename_axis(None)
    milestone = plan.type == "jalon"
    plan["debut"] = plan.debut_prevu.fillna(plan.fin_prevue)
    plan["fin"] = plan.fin_prevue.fillna(plan.debut_prevu)
    # Missing where the end is open; a milestone has no duration.
    plan["duree"] = (plan.fin_prevue - plan.debut).mask(milestone, pd.Timedelta(0))
    before = _dependencies(plan)
    order = _in_order(before, plan)
    start, end, pushed = _forecast(plan, before, order, today)
    slack = _floats(plan, before, order, start, end)
    late = pd.Series(end, dtype="datetime64[s]") - plan.fin_prevue.mask(milestone, plan.fin)
    free = pd.Series(slack, dtype="timedelta64[s]")
    dated = plan.assign(
        retard_jours=late.dt.days.astype("Int64"),
        critique=(free == pd.Timedelta(0)) & plan.fin_reelle.isna(),
        debut_estime=pd.Series(start, dtype="datetime64[s]"),
        fin_estimee=pd.Series(end, dtype="datetime64[s]"),
        pousse_par=pd.Series(pushed, dtype="str"),
    )
    return dated[COLUMNS].sort_values(["etape", "debut_prevu", "id"]).reset_index(drop=True)


def jalons(calendar: pd.DataFrame) -> pd.DataFrame:
    """Milestones of the table `calendrier`, by planned date.

    Columns id, libelle, prevu, reel_ou_estime, ecart_jours, statut (tenu, à venir).
    """
    rows = calendar[calendar.type == "jalon"]
    table = rows[["id", "libelle"]].assign(
        prevu=rows.fin_prevue.fillna(rows.debut_prevu),
        reel_ou_estime=rows.fin_estimee,
        ecart_jours=rows.retard_jours,
        statut=rows.fin_reelle.notna().map({True: "tenu", False: "à venir"}).astype("str"),
    )
    return table.sort_values(["prevu", "id"], ignore_index=True)


def retard(milestones: pd.DataFrame) -> int | None:
    """Days by which the milestone to come that slips the most is late, 0 when none is.

    `milestones` is `jalons`; None when none is to come.
    """
    ahead = milestones[milestones.statut == "à venir"].ecart_jours.dropna()
    return max(int(ahead.max()), 0) if len(ahead) else None


def _dependencies(plan: pd.DataFrame) -> dict[str, list[str]]:
    before = {
        task: [d for d in map(str.strip, text.split("|")) if d] for task, text in plan.depend_de.fillna("").items()
    }
    for task, name in ((task, name) for task, names in before.items() for name in names):
        if name not in before:
            raise StudyError(f"Calendrier\u00a0: « {task} » dépend de « {name} », qui n'existe pas.")
    return before


def _in_order(before: Mapping[str, list[str]], plan: pd.DataFrame) -> list[str]:
    try:
        return list(TopologicalSorter(before).static_order())
    except CycleError as error:
        names = " → ".join(f"« {plan.libelle[task]} » ({task})" for task in error.args[1])
        raise StudyError(
            f"Calendrier\u00a0: ces tâches dépendent l'une de l'autre en rond\u00a0: {names}. "
            "Retirez l'une des dépendances de la colonne depend_de."
        ) from None


def _lag(plan: pd.DataFrame, first: str, then: str) -> pd.Timedelta:
    """The least distance from the end of `first` to the start of `then`."""
    gap = plan.debut[then] - plan.fin[first]
    return ONE if pd.isna(gap) else min(gap, ONE)


def _forecast(
    plan: pd.DataFrame, before: Mapping[str, list[str]], order: list[str], today: pd.Timestamp
) -> tuple[dict[str, pd.Timestamp], dict[str, pd.Timestamp], dict[str, str | None]]:
    """Estimated start and end of each task, and which task pushes it past its planned start."""
    start = plan.debut_reel.fillna(plan.fin_reelle).dropna().to_dict()
    end = plan.fin_reelle.dropna().to_dict()
    pushed: dict[str, str | None] = dict.fromkeys(order)
    for task in order:
        if task not in start:
            start[task] = max(plan.debut[task], today)
            for name in before[task]:
                earliest = end[name] + _lag(plan, name, task)
                if earliest > start[task]:
                    start[task], pushed[task] = earliest, name
        if task not in end:
            planned = start[task] + plan.duree[task]
            end[task] = today if planned < today else planned
    return start, end, pushed


def _floats(
    plan: pd.DataFrame,
    before: Mapping[str, list[str]],
    order: list[str],
    start: Mapping[str, pd.Timestamp],
    end: Mapping[str, pd.Timestamp],
) -> dict[str, pd.Timedelta]:
    """How long each task may slip without pushing the last end of the calendar."""
    last = max((day for day in end.values() if pd.notna(day)), default=pd.NaT)
    latest = {task: last for task in order}
    for task in reversed(order):
        late_start = latest[task] - (end[task] - start[task])
        for name in before[task]:
            bound = late_start - _lag(plan, name, task)
            if pd.notna(bound):
                latest[name] = min(latest[name], bound)
    return {task: latest[task] - end[task] for task in order}
