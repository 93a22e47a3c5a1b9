"""The message of a figure of answers: ten words at most, empty for want of one."""

from collections.abc import Iterable, Sequence

from ...french import HIDDEN, listing, quoted
from ..drawings.answers import Panel
from ..drawings.likert import Scale
from .vue import Sides

VAGUE = ("Oui", "Non", "Autre")  # answers that say nothing without their question
WORDS = 12  # signs included


def lead(found: Sequence[Sides]) -> str:
    """The largest share that shows; a vague answer for want of others."""
    return _best(
        (
            (row.libelle not in VAGUE, row.effectif / row.base),
            f"{quoted(row.libelle)}\u00a0: {row.effectif} réponses sur {row.base}",
        )
        for sides in found
        for row in sides[0][1].first.itertuples()
        if row.effectif != HIDDEN and row.effectif > 1
    )


def widest(panels: Sequence[Panel], sides: Sides) -> str:
    """The answer on which the groups differ most."""
    shares = [
        (label, row)
        for panel in panels
        for label, row in panel.rows.pivot(index="label", columns="groupe", values="valeur").dropna().iterrows()
        if label not in VAGUE
    ]
    found = _best(
        (
            (True, row.max() - row.min()),
            f"{quoted(str(label))}\u00a0: plus fréquent chez les {sides[int(row.idxmax())][0].asked}",
        )
        for label, row in shares
        if row.max() > row.min()
    )
    return found or "Les groupes donnent les mêmes réponses"


def lowest(rows: Sequence[Scale]) -> str:
    """The row of a scale with the greatest share in its low half."""
    whole = [row for row in rows if None not in row.counts]
    low = max(whole, key=lambda row: row.ends[0]).label if len(whole) > 1 else ""
    return _best([((True, 1.0), f"Au plus bas\u00a0: {quoted(low)}")] if low else [])


def parting(found: Sequence[Sides], rows: Sequence[Sequence[Scale]]) -> str:
    """The row of a scale on whose low half the groups differ most."""
    gaps = [(sides[0][1].label, [row.ends[0] for row in own], own) for sides, own in zip(found, rows, strict=True)]
    title = _best(
        ((True, max(low) - min(low)), f"{quoted(label)} sépare le plus les groupes")
        for label, low, own in gaps
        if all(None not in row.counts for row in own) and max(low) > min(low)
    )
    return title or f"Appréciations de {listing([v.asked for v, _ in found[0]])}"


def _best(titles: Iterable[tuple[tuple[bool, float], str]]) -> str:
    """The first of the greatest weight among those that are short enough."""
    short = [title for title in titles if len(title[1].split()) <= WORDS]
    return max(short, key=lambda title: title[0])[1] if short else ""
