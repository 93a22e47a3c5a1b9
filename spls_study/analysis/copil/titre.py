"""The gravest true fact of the day, for the title of the note."""

from collections.abc import Sequence

import pandas as pd

from notebook_reports.french import count, listing, long_date, number

from ...words import fold
from ..deploiement.calendrier import retard
from .decisions_demandees import Delay

ON_TIME, UNKNOWN = "tout est à l'heure", "calendrier non reçu"
WITHOUT, FILLED = 0.25, 0.5  # landlords without an open account; places of training taken


def plus_grave(
    late: Delay | None,
    entered: int,
    landlords: int,
    blocked: Sequence[str],
    presents: float,
    places: float,
    milestones: pd.DataFrame,
) -> str:
    """In this order: the go-live slips, a quarter of the landlords have no account, the charter is blocked, fewer than
    half of the places of training were taken, a milestone slips without consequence; else `ON_TIME`.

    `milestones` is the table `jalons`: without one, nobody knows whether anything is on time.
    """
    if late is not None:
        day = long_date(late.date.date()).rsplit(" ", 1)[0]
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
