"""What the committee is asked to decide: only what it must settle, the gravest first.

A delay without slack, a refusal that blocks a clause, a point of the charter past its date, a point that
belongs to the committee or to nobody, an order of steps that the target process does not allow. The owner
of a point is its responsable; of a clause, that of the point that names it, else the project team; of a
step, as in `decisions`: the same in every report and every territory.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

from notebook_reports.french import count, listing, long_date, number, quoted

from ...words import fold
from ..deploiement.calendrier import chain, duration, noel
from ..methods.frames import frame
from ..methods.working_days import between, working_days
from ..processus.integration import ALL

TYPES = dict.fromkeys(("decision", "options", "pourquoi", "qui"), "str")
TYPES = {"rang": "int64"} | TYPES | {"echeance": "datetime64[s]", "source": "str", "proposition": "str", "point": "str"}
_COMMITTEE = {"copil", "comite de pilotage", "le copil", "le comite de pilotage", "comite"}


class Delay(NamedTuple):
    """The milestone to come that slips without slack.

    Parameters
    ----------
    jalon
        Its row of `calendrier`.
    cause
        The row of what pushes all the rest.
    raccourcir
        The row of the longest task of the chain not begun yet, None where there is none long enough.
    jours
        The slip, in working days.
    """

    jalon: Any
    cause: Any
    raccourcir: Any
    jours: int

    @property
    def date(self) -> pd.Timestamp:
        return self.jalon.fin_estimee

    @property
    def prevu(self) -> pd.Timestamp:
        return _planned(self.jalon)

    @property
    def noel(self) -> bool:
        """Whether the estimated day is in the week of Christmas."""
        return noel(self.date)


def decisions_demandees(
    calendar: pd.DataFrame,
    clauses: pd.DataFrame,
    said: pd.DataFrame,
    points: pd.DataFrame,
    inverted: pd.DataFrame,
    decisions: pd.DataFrame,
    names: Mapping[str, str],
    until: pd.Timestamp,
) -> pd.DataFrame:
    """Columns TYPES: what is asked, options (`|` between, empty where nobody has written any), why today, who, when.

    Parameters
    ----------
    calendar
        Table `calendrier`.
    clauses, said
        Tables `charte` and `positions` of the territory.
    points
        Table `points_discussion`.
    inverted
        `inversions`, of the territory's gestionnaires.
    decisions
        Table `decisions`, of the whole region.
    names
        Identifier → name of gestionnaires and organismes.
    until
        The day of the next COPIL: what has no date of its own is for that day.
    """
    still = a_regler(points)
    rows = [
        *_delays(calendar),
        *_refused(clauses, said, still, names, until),
        *_of_the_charter(clauses, said, still),
        *_of_nobody(still, clauses),
        *_orders(inverted, decisions, names),
    ]
    return frame(((rank, *row) for rank, row in enumerate(rows, start=1)), TYPES)


def delay(calendar: pd.DataFrame) -> Delay | None:
    """The worst slip of a milestone to come that has no slack; of equals, that of the last planned."""
    ahead = calendar[(calendar.type == "jalon") & calendar.fin_reelle.isna() & calendar.critique]
    ahead = ahead[ahead.retard_jours.gt(0).fillna(False)]
    if ahead.empty:
        return None
    first = ahead.assign(jour=ahead.fin_prevue.fillna(ahead.debut_prevu)).sort_values(["retard_jours", "jour", "id"])
    jalon = next(first.tail(1).itertuples())
    rows = {row.id: row for row in calendar.itertuples()}
    pushing = [rows[name] for name in chain(calendar, jalon.id)]
    days = working_days([_planned(jalon), jalon.fin_estimee])
    lost = between(days, _planned(jalon), jalon.fin_estimee)
    lengths = {row.id: duration(calendar, row.id) or 0 for row in pushing if pd.isna(row.debut_reel)}
    most = max(lengths.values(), default=0)
    shorter = next((row for row in pushing if lengths.get(row.id) == most > lost), None)
    return Delay(jalon, pushing[-1], shorter, lost)


def _planned(task: Any) -> pd.Timestamp:
    return task.fin_prevue if pd.notna(task.fin_prevue) else task.debut_prevu


def _delays(calendar: pd.DataFrame) -> list[tuple[Any, ...]]:
    late = delay(calendar)
    if late is None:
        return []
    what, old, new = late.jalon.libelle, _short(late.prevu), _short(late.date)
    held, who = "", owner(late.jalon)
    before = late.prevu
    if late.raccourcir is not None:
        length = duration(calendar, late.raccourcir.id) or 0
        held = (
            f", en ramenant {quoted(late.raccourcir.libelle)} de {number(length)} à "
            f"{number(length - late.jours)} jours ouvrés"
        )
        before = late.raccourcir.debut_estime
    text = f"{what}\u00a0: retenir le {new}, ou tenir le {old}{held}"
    return [(text, f"{new}|{old}", because(late), who, before, "calendrier", None, None)]


def because(late: Delay) -> str:
    """What delays the milestone, and whether its new day is in the week of Christmas, in sentences."""
    cause, why = late.cause, f"Prévu le {_short(late.prevu)}, sans marge."
    if cause.id != late.jalon.id:
        begun = (cause.debut_reel - cause.debut_prevu).days if pd.notna(cause.debut_reel) else 0
        told = f"a commencé {count(begun, 'jour')} après la date prévue"
        if begun <= 0:
            told = f"finirait {count(cause.retard_jours, 'jour')} après la date prévue"
        why = f"{quoted(cause.libelle)} {told} et n'a pas de marge\u00a0: le reste attend."
    return why + (f" Le {_short(late.date)} tombe la semaine de Noël." if late.noel else "")


def _refused(
    clauses: pd.DataFrame, said: pd.DataFrame, still: pd.DataFrame, names: Mapping[str, str], until: pd.Timestamp
) -> list[tuple[Any, ...]]:
    rows = []
    for row in clauses[clauses.statut == "bloquée"].itertuples():
        point = about(row.clause, still)
        against = said[(said.clause == row.clause) & (said.position == "refus")].organisme
        who = listing([names.get(name, name) for name in against])
        why = f"{_counted(row)}, {count(row.refus, 'refus', 'refus')} ({who})\u00a0: un refus bloque la clause."
        told = (None, ALL, until, None, None)
        if point is not None:
            told = (point.options, owner(point), point.echeance, point.proposition, point.id)
        rows.append((_clause(row.clause, said), told[0], why, told[1], told[2], "charte", *told[3:]))
    return rows


def _of_the_charter(clauses: pd.DataFrame, said: pd.DataFrame, still: pd.DataFrame) -> list[tuple[Any, ...]]:
    """Points of the charter past their date, but for those whose clause is refused."""
    refused = set(clauses.clause[clauses.statut == "bloquée"])
    about = still.clause.notna() | still.theme.fillna("").map(fold).str.contains("charte")
    rows, known = [], {row.clause: row for row in clauses.itertuples()}
    for point in still[about & still.en_retard & ~still.clause.isin(refused)].itertuples():
        why = f"{quoted(point.point)}, attendu depuis le {_short(point.echeance)}."
        text = point.point
        if point.clause in known:
            state = known[point.clause]
            waiting = f", {count(state.en_attente, 'sans réponse', 'sans réponse')}" if state.en_attente else ""
            why = f"{why} {_counted(state)}{waiting}."
            text = _clause(point.clause, said)
        rows.append(
            (text, point.options, why, owner(point), point.echeance, "points_discussion", point.proposition, point.id)
        )
    return rows


def _of_nobody(still: pd.DataFrame, clauses: pd.DataFrame) -> list[tuple[Any, ...]]:
    nobody = still.responsable.isna()
    committee = still.responsable.fillna("").map(fold).isin(_COMMITTEE)
    about = still.clause.notna() | still.theme.fillna("").map(fold).str.contains("charte")
    told = set(clauses.clause[clauses.statut == "bloquée"])
    rows = []
    for point in still[(nobody | committee) & ~(about & still.en_retard) & ~still.clause.isin(told)].itertuples():
        whose = "personne n'en répond" if pd.isna(point.responsable) else "il revient au comité"
        why = f"Ouvert depuis {count(point.age_jours, 'jour')}, {whose}."
        rows.append(
            (
                point.point,
                point.options,
                why,
                owner(point),
                point.echeance,
                "points_discussion",
                point.proposition,
                point.id,
            )
        )
    return rows


def _orders(inverted: pd.DataFrame, decisions: pd.DataFrame, names: Mapping[str, str]) -> list[tuple[Any, ...]]:
    known = {fold(row.etape): row for row in decisions.itertuples()}
    rows = []
    for row in inverted.itertuples():
        who, step = names.get(row.gestionnaire, row.gestionnaire), known.get(fold(row.etape))
        why = (
            f"{quoted(row.etape)} y précède {quoted(row.avant)}, à l'inverse du processus cible\u00a0: "
            f"{count(row.inversees, 'couple')} d'étapes sur {number(row.paires)}."
        )
        whose, when = (step.qui, step.echeance) if step else (ALL, pd.NaT)
        text = f"{who}\u00a0: suivre l'ordre du processus cible, ou garder le sien hors de l'application"
        rows.append((text, "ordre cible|ordre actuel", why, whose, when, "processus", None, None))
    return rows


def a_regler(points: pd.DataFrame) -> pd.DataFrame:
    """The points that are open and without a decision."""
    return points[(points.statut == "ouvert") & points.decision.isna()]


def about(clause: str, still: pd.DataFrame) -> Any:
    """Of the points to settle, the row of the one that names the clause, the most urgent of several; else None."""
    own = still[still.clause == clause].sort_values(["en_retard", "echeance", "id"], ascending=[False, True, True])
    return next(own.itertuples(), None)


def owner(point: Any) -> str:
    """Who answers for a point; None is no point."""
    return ALL if point is None or pd.isna(point.responsable) else str(point.responsable)


def _clause(clause: str, said: pd.DataFrame) -> str:
    texts = said.texte[said.clause == clause].dropna()
    return f"Clause {clause}" + (f"\u00a0: {texts.iloc[0][:1].lower()}{texts.iloc[0][1:]}" if len(texts) else "")


def _counted(row: Any) -> str:
    parts = [count(row.accords, "accord"), count(row.reserves, "réserve") if row.reserves else ""]
    return ", ".join(filter(None, parts))


def _short(day: pd.Timestamp) -> str:
    """« 24 décembre »."""
    return long_date(day.date()).rsplit(" ", 1)[0]


def choices(options: object) -> list[str]:
    """The options of a cell: `|`, `;` or a line break between."""
    return [part.strip() for part in re.split(r"[|;\n]", options) if part.strip()] if isinstance(options, str) else []
