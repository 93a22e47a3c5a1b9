"""The calendar: where tasks stand, what their delay pushes, which ones are critical.

A task that has begun keeps its planned duration; one that has not begins on its planned day, today if that day is
past, or later if a task that it depends on pushes it. The rule of a dependency: the next task begins after the end of
the one before, at the earliest the next working day; where the plan lets them overlap, the planned overlap stays. A
task without planned end (« ouverte ») pushes nothing until it has ended. Float and critical path are those of the
critical path method on the estimated dates: a task is critical when its float is nil and it is not finished.

What is computed is in working days (`methods.working_days`): a duration is the number of those between the planned
dates, and no estimated date falls on another day; what nothing moves keeps its planned dates. Delays are calendar
days.
"""

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

import pandas as pd

from notebook_reports.errors import StudyError

from ..methods.working_days import Days, after, between, working_days

Dates = Mapping[str, pd.Timestamp]
COLUMNS = ["id", "etape", "libelle", "type", "debut_prevu", "fin_prevue", "debut_reel", "fin_reelle", "retard_jours"]
COLUMNS += ["critique", "debut_estime", "fin_estimee", "pousse_par", "depend_de", "responsable", "territoire"]


def calendrier(tasks: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    """Columns COLUMNS: retard_jours is from the planned to the estimated or real end, pousse_par the task that pushes.

    All rows of the table are needed, for tasks depend on each other: StudyError where one is unknown, or in a circle.
    """
    plan = tasks.set_index("id", drop=False).rename_axis(None)
    milestone = plan.type == "jalon"
    plan["debut"] = plan.debut_prevu.fillna(plan.fin_prevue)
    plan["fin"] = planned(plan)
    before, order = _dependencies(plan)
    days = working_days([today, *plan.debut, *plan.fin, *plan.fin_reelle])
    start, end, pushed = _forecast(plan, before, order, today, days)
    slack = _floats(plan, before, order, start, end, days)
    late = pd.Series(end, dtype="datetime64[s]") - plan.fin_prevue.mask(milestone, plan.fin)
    dated = plan.assign(
        retard_jours=late.dt.days.astype("Int64"),
        critique=pd.Series(slack, dtype="Int64").eq(0).fillna(False).astype(bool) & plan.fin_reelle.isna(),
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
        prevu=planned(rows),
        reel_ou_estime=rows.fin_estimee,
        ecart_jours=rows.retard_jours,
        statut=rows.fin_reelle.notna().map({True: "tenu", False: "à venir"}).astype("str"),
    )
    return table.sort_values(["prevu", "id"], ignore_index=True)


def planned(rows: pd.DataFrame) -> "pd.Series[pd.Timestamp]":
    """The day when each is planned to end, else to begin."""
    return rows.fin_prevue.fillna(rows.debut_prevu)


def retard(milestones: pd.DataFrame) -> int | None:
    """Days by which the milestone of `jalons` to come that slips the most is late, 0 when none is, None without any."""
    ahead = milestones[milestones.statut == "à venir"].ecart_jours.dropna()
    return max(int(ahead.max()), 0) if len(ahead) else None


def _dependencies(plan: pd.DataFrame) -> tuple[dict[str, list[str]], list[str]]:
    """What each task depends on, and all of them in an order in which they may be done."""
    texts = plan.depend_de.fillna("").items()
    before = {str(task): [d for d in map(str.strip, text.split("|")) if d] for task, text in texts}
    for task, name in ((task, name) for task, names in before.items() for name in names):
        if name not in before:
            raise StudyError(f"Calendrier\u00a0: « {task} » dépend de « {name} », qui n'existe pas.")
    try:
        return before, list(TopologicalSorter(before).static_order())
    except CycleError as error:
        names = " → ".join(f"« {plan.libelle[task]} » ({task})" for task in error.args[1])
        raise StudyError(
            f"Calendrier\u00a0: ces tâches dépendent l'une de l'autre en rond\u00a0: {names}. "
            "Retirez l'une des dépendances de la colonne depend_de."
        ) from None


def chain(calendar: pd.DataFrame, task: str) -> list[str]:
    """A task, what pushes it, what pushes that, and so on."""
    pushed = dict(zip(calendar.id, calendar.pousse_par, strict=True))
    found = [task]
    while pushed.get(found[-1]) in pushed:
        found.append(pushed[found[-1]])
    return found


def noel(day: pd.Timestamp) -> bool:
    """Whether a day is in the week of Christmas."""
    return bool(day.isocalendar()[:2] == pd.Timestamp(day.year, 12, 25).isocalendar()[:2])


def duration(tasks: pd.DataFrame, task: str) -> int | None:
    """Working days that a task was planned to last, None where its end is open; 0 for a milestone."""
    plan = tasks.set_index("id").loc[task]
    return _span(working_days([plan.debut_prevu, plan.fin_prevue]), plan.debut_prevu, plan.fin_prevue, plan.type)


def _span(days: Days, first: pd.Timestamp, last: pd.Timestamp, kind: str) -> int | None:
    if kind == "jalon":
        return 0
    if pd.isna(first) or pd.isna(last):
        return None
    return max(between(days, first, last + pd.Timedelta(days=1)), 1)


def _lag(plan: pd.DataFrame, first: str, then: str, days: Days) -> int:
    """The least number of working days from the end of `first` to the start of `then`."""
    end, start = plan.fin[first], plan.debut[then]
    return -between(days, start, end) if start <= end else 1


def _forecast(
    plan: pd.DataFrame, before: Mapping[str, list[str]], order: list[str], today: pd.Timestamp, days: Days
) -> tuple[dict[str, pd.Timestamp], dict[str, pd.Timestamp], dict[str, str | None]]:
    """Estimated start and end of each task, and which task pushes it past its planned start."""
    start = plan.debut_reel.fillna(plan.fin_reelle).dropna().to_dict()
    end = plan.fin_reelle.dropna().to_dict()
    pushed: dict[str, str | None] = dict.fromkeys(order)
    for task in order:
        planned = plan.debut[task]
        if task not in start:
            start[task] = planned if planned >= today or pd.isna(planned) else after(days, today, 0)
            for name in before[task]:
                if end[name] > plan.fin[name]:  # else the plan between the two holds
                    earliest = after(days, end[name], _lag(plan, name, task, days))
                    if earliest > start[task]:
                        start[task], pushed[task] = earliest, name
        if task not in end:
            length = _span(days, planned, plan.fin_prevue[task], plan.type[task])
            if start[task] == planned and length is not None:
                done = planned if length == 0 else plan.fin_prevue[task]
            else:
                undated = length is None or pd.isna(start[task])
                done = pd.NaT if undated else after(days, after(days, start[task], 0), max((length or 0) - 1, 0))
            end[task] = after(days, today, 0) if done < today else done
    return start, end, pushed


def _floats(
    plan: pd.DataFrame, before: Mapping[str, list[str]], order: list[str], start: Dates, end: Dates, days: Days
) -> dict[str, int | None]:
    """How many working days each task may slip without pushing the last end of the calendar."""
    last = max((day for day in end.values() if pd.notna(day)), default=pd.NaT)
    latest = {task: last for task in order}
    for task in reversed(order):
        if pd.isna(start[task]) or pd.isna(end[task]):
            continue
        late_start = after(days, latest[task], -between(days, start[task], end[task]))
        for name in before[task]:
            latest[name] = min(latest[name], after(days, late_start, -_lag(plan, name, task, days)))
    return {task: None if pd.isna(end[task]) else max(between(days, end[task], latest[task]), 0) for task in order}
