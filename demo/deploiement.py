"""The roll-out as its team notes it: calendar, charter, training, points, who sits where.

The stages, tasks and dated meetings are those of the project's one-page brief; every other
date, position and number is invented.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from .organismes import BAILLEURS
from .parts import Edition, Part, listed, root, to_csv, to_xlsx

SEED = 20140708
Row = tuple[Any, ...]


def _d(text: str) -> date | None:
    """« 08/07 » of 2014; empty is no date."""
    return date(2014, int(text[3:]), int(text[:2])) if text else None


CLAUSES = listed("charte")
CALENDAR = (
    "id etape libelle type debut_prevu fin_prevue debut_reel fin_reelle responsable territoire depend_de"
).split()
CHARTER = "clause theme organisme position texte".split()
SESSIONS = "id date territoire public places inscrits presents".split()
POINTS = "id date theme point decision action responsable echeance statut options proposition clause".split()
_TEAM = ("12/06", "26/06", "08/07", "28/08", "16/09", "30/09")
_COPIL = ("01/07",)


def part(edition: Edition) -> Part:
    """The five tables as they stood on the day of the edition."""
    rng, day = random.Random(SEED), edition.edition
    files = {
        "calendrier.xlsx": to_xlsx({"calendrier": [CALENDAR, *calendar(day)]}),
        "charte.csv": to_csv([(*CHARTER, "date"), *_charter(rng, day)]),
        "formations.csv": to_csv([(*SESSIONS, "satisfaction"), *_sessions(rng, day)]),
        "points_discussion.xlsx": to_xlsx({"points": [POINTS, *points(day)]}),
        "gouvernance.csv": to_csv(["instance organisme personne_role presences".split(), *_seats(rng, day)]),
    }
    return Part(files)


def _past(when: date | None, day: date) -> date | None:
    return when if when is not None and when < day else None


def calendar(day: date) -> Iterator[Row]:
    for *told, first, last, begun, ended, who, where, after in listed("calendrier"):
        real = (_past(_d(begun), day), _past(_d(ended), day))
        yield (*told, _d(first), _d(last), *real, who, where or None, after or None)


def _charter(rng: random.Random, day: date) -> Iterator[Row]:
    """The gestionnaires first, on a draft of early July; then what each answered in autumn."""
    services = [g.id for g in root().gestionnaires]
    landlords = [b.id for b in BAILLEURS if b.fin == 2014][:12]
    for clause, theme, text in CLAUSES:
        for who in services:
            if rng.random() < 0.5 and day > date(2014, 7, 4):
                draft = "réserve" if rng.random() < 0.4 else "accord"
                yield clause, theme, who, draft, text, _d("04/07")
        for who in (*services, *landlords):
            reserve = {"C1": 0.3, "C4": 0.25, "C7": 0.0, "C8": 0.0}.get(clause, 0.1)
            position = "réserve" if rng.random() < reserve else "accord"
            answered = date(2014, 9, 10) + timedelta(rng.randrange(24))
            if (clause, who) == ("C4", landlords[6]):
                position = "refus"
            silent = clause in ("C1", "C5") and (who in landlords[9:] or rng.random() < 0.2)
            if answered < day and not silent:
                yield clause, theme, who, position, text, answered
            elif who in landlords:
                yield clause, theme, who, "en attente", text, _d("08/07")


def _sessions(rng: random.Random, day: date) -> Iterator[Row]:
    sessions = ((where, public, when) for where, public, dates in listed("formations") for when in dates.split("|"))
    for number, (where, public, when) in enumerate(sessions, start=1):
        places = rng.choice((12, 15, 18))
        booked = rng.randint(places // 3, places)
        came = rng.randint(max(booked - 3, 3), booked)
        pleased = rng.randint(came * 6 // 10, came)
        told = (booked, came, round(pleased / came, 3)) if _past(_d(when), day) else [None] * 3
        yield f"F{number:02d}", _d(when), where, public, places, *told


def points(day: date) -> Iterator[Row]:
    for key, when, theme, point, decision, action, who, due, closed, *asked in listed("points_discussion"):
        raised = _past(_d(when), day)
        if raised is not None:
            done = _past(_d(closed), day) is not None
            told = (theme, point, decision or None, action, who, _d(due), "clos" if done else "ouvert")
            yield (key, raised, *told, *(text or None for text in asked))


def _seats(rng: random.Random, day: date) -> Iterator[Row]:
    """Presences are the dates of the meetings attended; one service never comes."""
    services = [g.id for g in root().gestionnaires]
    landlords = [b.id for b in BAILLEURS if b.fin == 2014][:4]
    team = {"DREAL": "cheffe de projet", "AROSH": "chef de projet"}
    team |= dict.fromkeys(services, "gestionnaire") | dict.fromkeys(landlords, "organisme")
    seats = [("équipe projet", who, role) for who, role in team.items()]
    seats += [("COPIL", who, "membre") for who in ("AROSH", "DREAL", "UESL", *services, *landlords)]
    seats += [("appui", "CEREMA", "appui technique")]
    meetings = {"équipe projet": _TEAM, "COPIL": _COPIL, "appui": _TEAM}
    for instance, who, role in seats:
        sure = 1.0 if who in ("DREAL", "AROSH", "CEREMA") else 0.0 if who == "UESL" else 0.7
        came = [d for m in meetings[instance] if rng.random() < sure and (d := _past(_d(m), day)) is not None]
        yield instance, who, role, "|".join(d.isoformat() for d in came) or None
