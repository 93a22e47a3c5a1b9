"""Notebook 6, the note: what the committee is asked to decide, only what it must settle, the gravest first; beside it,
what answers say and the gravest fact of the day.

A delay without slack, a refusal that blocks a clause, a point of the charter past its date, a point that belongs to
the committee or to nobody, an order of steps that the target process does not allow. The owner of a point is its
responsable; of a clause, that of the point that names it, else the project team; of a step, as in `decisions`: the
same in every report and every territory.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from notebook_reports.french import count, listing, number, quoted, without_year

from ..codebook import NR, Codebook
from ..words import fold
from .deploiement.calendrier import chain, duration, noel, planned, retard
from .methods import frame
from .methods.working_days import between, working_days
from .processus.integration import ALL

TYPES = {"rang": "int64", "decision": "str", "options": "str", "pourquoi": "str", "qui": "str"}
TYPES |= {"echeance": "datetime64[s]", "source": "str", "proposition": "str", "point": "str"}
PHRASES = {"reference": "str", "phrase": "str", "effectif": "int64", "base": "int64", "ex_aequo": "bool"}
ON_TIME, UNKNOWN = "tout est à l'heure", "aucun jalon connu"
WITHOUT, FILLED = 0.25, 0.5  # landlords without an open account; places of training taken
_COMMITTEE = {"copil", "comite de pilotage", "le copil", "le comite de pilotage", "comite"}
Row = dict[str, Any]


class Delay(NamedTuple):
    """The milestone to come that slips without slack: its row of `calendrier`, that of what pushes all the rest, that
    of the longest task of the chain not begun yet (None where none is long enough), its planned day, its slip in
    working days.
    """

    jalon: Any
    cause: Any
    raccourcir: Any
    prevu: pd.Timestamp
    jours: int

    @property
    def date(self) -> pd.Timestamp:
        return self.jalon.fin_estimee


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

    `decisions` is of the whole region, the other tables of the territory. `names`: of gestionnaires and organismes.
    `until`: the day of the next COPIL, by which what has no date of its own is due.
    """
    still = a_regler(points)
    rows = [
        *_delays(calendar),
        *_refused(clauses, said, still, names, until),
        *_of_points(clauses, said, still),
        *_orders(inverted, decisions, names),
    ]
    return frame(({"rang": rank} | row for rank, row in enumerate(rows, start=1)), TYPES)


def _asked(decision: str, why: str, source: str, point: Any = None) -> Row:
    """A decision, with what the point that it settles says of it."""
    row = {"decision": decision, "pourquoi": why, "source": source}
    if point is None:
        return row
    told = {"options": point.options, "proposition": point.proposition, "point": point.id}
    return row | told | {"qui": owner(point), "echeance": point.echeance}


def delay(calendar: pd.DataFrame) -> Delay | None:
    """The worst slip of a milestone to come that has no slack; of equals, that of the last planned."""
    ahead = calendar[(calendar.type == "jalon") & calendar.fin_reelle.isna() & calendar.critique]
    ahead = ahead[ahead.retard_jours.gt(0).fillna(False)]
    worst = ahead.assign(jour=planned(ahead)).sort_values(["retard_jours", "jour", "id"]).tail(1)
    for jalon in worst.itertuples():
        rows = {row.id: row for row in calendar.itertuples()}
        pushing = [rows[name] for name in chain(calendar, jalon.id)]
        lost = between(working_days([jalon.jour, jalon.fin_estimee]), jalon.jour, jalon.fin_estimee)
        lengths = {row.id: duration(calendar, row.id) or 0 for row in pushing if pd.isna(row.debut_reel)}
        most = max(lengths.values(), default=0)
        shorter = next((row for row in pushing if lengths.get(row.id) == most > lost), None)
        return Delay(jalon, pushing[-1], shorter, jalon.jour, lost)
    return None


def _delays(calendar: pd.DataFrame) -> list[Row]:
    late = delay(calendar)
    if late is None:
        return []
    old, new = without_year(late.prevu), without_year(late.date)
    held, before, short = "", late.prevu, late.raccourcir
    if short is not None:
        length = duration(calendar, short.id) or 0
        held = f", en ramenant {quoted(short.libelle)} de {number(length)} à {number(length - late.jours)} jours ouvrés"
        before = short.debut_estime
    text = f"{late.jalon.libelle}\u00a0: retenir le {new}, ou tenir le {old}{held}"
    told = {"options": f"{new}|{old}", "qui": owner(late.jalon), "echeance": before}
    return [_asked(text, because(late), "calendrier") | told]


def because(late: Delay) -> str:
    """What delays the milestone, and whether its new day is in the week of Christmas, in sentences."""
    cause, why = late.cause, f"Prévu le {without_year(late.prevu)}, sans marge."
    if cause.id != late.jalon.id:
        begun = (cause.debut_reel - cause.debut_prevu).days if pd.notna(cause.debut_reel) else 0
        told = f"a commencé {count(begun, 'jour')} après la date prévue"
        if begun <= 0:
            told = f"finirait {count(cause.retard_jours, 'jour')} après la date prévue"
        why = f"{quoted(cause.libelle)} {told} et n'a pas de marge\u00a0: le reste attend."
    return why + (f" Le {without_year(late.date)} tombe la semaine de Noël." if noel(late.date) else "")


def _refused(
    clauses: pd.DataFrame, said: pd.DataFrame, still: pd.DataFrame, names: Mapping[str, str], until: pd.Timestamp
) -> list[Row]:
    rows = []
    for row in clauses[clauses.statut == "bloquée"].itertuples():
        point = about(row.clause, still)
        against = said[(said.clause == row.clause) & (said.position == "refus")].organisme
        who = listing([names.get(name, name) for name in against])
        why = f"{_counted(row)}, {count(row.refus, 'refus', 'refus')} ({who})\u00a0: un refus bloque la clause."
        rows.append({"qui": ALL, "echeance": until} | _asked(_clause(row.clause, said), why, "charte", point))
    return rows


def _of_points(clauses: pd.DataFrame, said: pd.DataFrame, still: pd.DataFrame) -> list[Row]:
    """Points of the charter past their date, then those of the committee or of nobody; of no refused clause."""
    known = {row.clause: row for row in clauses.itertuples()}
    still = still[~still.clause.isin(clauses.clause[clauses.statut == "bloquée"])]
    charter = still.clause.notna() | still.theme.fillna("").map(fold).str.contains("charte")
    charter &= still.en_retard
    free = still.responsable.isna() | still.responsable.fillna("").map(fold).isin(_COMMITTEE)
    rows = []
    for point in still[charter].itertuples():
        text, why = point.point, f"{quoted(point.point)}, attendu depuis le {without_year(point.echeance)}."
        if point.clause in known:
            state = known[point.clause]
            waiting = f", {count(state.en_attente, 'sans réponse', 'sans réponse')}" if state.en_attente else ""
            text, why = _clause(point.clause, said), f"{why} {_counted(state)}{waiting}."
        rows.append(_asked(text, why, "points_discussion", point))
    for point in still[free & ~charter].itertuples():
        whose = "personne n'en répond" if pd.isna(point.responsable) else "il revient au comité"
        why = f"Ouvert depuis {count(point.age_jours, 'jour')}, {whose}."
        rows.append(_asked(point.point, why, "points_discussion", point))
    return rows


def _orders(inverted: pd.DataFrame, decisions: pd.DataFrame, names: Mapping[str, str]) -> list[Row]:
    known = {fold(row.etape): row for row in decisions.itertuples()}
    rows = []
    for row in inverted.itertuples():
        who, step = names.get(row.gestionnaire, row.gestionnaire), known.get(fold(row.etape))
        why = (
            f"{quoted(row.etape)} y précède {quoted(row.avant)}, à l'inverse du processus cible\u00a0: "
            f"{count(row.inversees, 'couple')} d'étapes sur {number(row.paires)}."
        )
        text = f"{who}\u00a0: suivre l'ordre du processus cible, ou garder le sien hors de l'application"
        whose = {"qui": step.qui, "echeance": step.echeance} if step else {"qui": ALL}
        rows.append(_asked(text, why, "processus") | {"options": "ordre cible|ordre actuel"} | whose)
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


def choices(options: object) -> list[str]:
    """The options of a cell: `|`, `;` or a line break between."""
    return [part.strip() for part in re.split(r"[|;\n]", options) if part.strip()] if isinstance(options, str) else []


def phrases(
    references: Sequence[str], answers: Mapping[str, pd.DataFrame], codebooks: Mapping[str, Codebook]
) -> pd.DataFrame:
    """For each question named (« bailleurs.B07 »), the phrase of its codebook that most answers back: columns PHRASES.

    Of phrases that as many back (ex_aequo), the first one of the codebook is said. A question that does not show, that
    has no phrase or is a grid, has no row.
    """
    rows = []
    for reference in references:
        name, _, code = reference.partition(".")
        question = codebooks[name].by_code.get(code) if name in codebooks else None
        if question is None or question.is_grid or name not in answers:
            continue
        table = answers[name]
        own = table[(table.question == code) & (table.modalite != NR) & table.effectif.notna()]
        found, choices = own.groupby("modalite").effectif.last(), [*question.modalites]
        half = len(choices) // 2  # the sides of a scale are its modalities but for the middle one
        sides = {"bas": choices[:half], "haut": choices[len(choices) - half :]}
        counts = {key: int(found.reindex(sides.get(key, [key])).sum()) for key in question.phrases}
        first = [key for key, n in counts.items() if n == max(counts.values()) > 0]
        for key in first[:1]:
            rows.append((reference, question.phrases[key], counts[key], own.base.max(), len(first) > 1))
    return frame(rows, PHRASES)


def plus_grave(
    late: Delay | None,
    entered: int,
    landlords: int,
    blocked: Sequence[str],
    presents: float,
    places: float,
    milestones: pd.DataFrame,
) -> str:
    """The gravest true fact of the day, for the title of the note.

    In this order: the go-live slips, a quarter of the landlords have no account, the charter is blocked, fewer than
    half of the places of training were taken, a milestone slips without consequence; else `ON_TIME`, but without any
    milestone nobody knows.
    """
    if late is not None:
        day = without_year(late.date)
        if fold(late.jalon.libelle).startswith("mise en service"):
            return f"une mise en service qui glisse au {day}"
        return f"un jalon qui glisse, {late.jalon.libelle}, au {day}"
    if landlords and landlords - entered >= WITHOUT * landlords:
        return f"{count(landlords - entered, 'bailleur')} sur {number(landlords)} sans compte ouvert"
    if blocked:
        return f"une charte bloquée par un refus sur {listing([*blocked])}"
    if places and presents < FILLED * places:
        return f"{number(presents)} places de formation prises sur {number(places)}"
    if slip := retard(milestones):
        return f"un jalon en retard de {count(slip, 'jour')}, sans effet sur la fin"
    return ON_TIME if len(milestones) else UNKNOWN
