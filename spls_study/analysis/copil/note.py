"""What the note says of answers, and the gravest fact of the day."""

from collections.abc import Mapping, Sequence

import pandas as pd

from notebook_reports.french import count, listing, number, without_year

from ...codebook import NR, Codebook
from ...words import fold
from ..deploiement.calendrier import retard
from ..methods import frame
from .decisions_demandees import Delay

PHRASES = {"reference": "str", "phrase": "str", "effectif": "int64", "base": "int64", "ex_aequo": "bool"}
ON_TIME, UNKNOWN = "tout est à l'heure", "aucun jalon connu"
WITHOUT, FILLED = 0.25, 0.5  # landlords without an open account; places of training taken


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
