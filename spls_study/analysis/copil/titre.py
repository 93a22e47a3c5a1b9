"""The gravest true fact of the day, for the title of the note."""

from collections.abc import Sequence

from ...french import count, listing, long_date, number
from ...words import fold
from .decisions_demandees import Delay

ON_TIME = "tout est à l'heure"
WITHOUT, FILLED = 0.25, 0.5  # landlords without an open account; places of training taken


def plus_grave(
    late: Delay | None, entered: int, landlords: int, blocked: Sequence[str], presents: float, places: float
) -> str:
    """In this order: the go-live slips, a quarter of the landlords have no account, the charter is blocked, fewer than
    half of the places of training were taken; else `ON_TIME`.

    >>> plus_grave(None, 21, 31, ["C4"], 65, 156)
    '10 bailleurs sur 31 sans compte ouvert'
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
    return ON_TIME
