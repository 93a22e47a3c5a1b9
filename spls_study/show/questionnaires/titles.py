"""The message of a figure of answers: ten words at most, empty for want of one. Ties are said."""

import re
from collections.abc import Iterable, Sequence

from ...french import listing, plural, quoted
from ..drawings.answers import Panel
from ..drawings.likert import Scale
from .vue import Sides

VAGUE = ("Oui", "Non", "Autre")  # answers that say nothing without their question
WORDS = 10


def lead(found: Sequence[Sides]) -> str:
    """The most given answer of the question on which most agree; a vague answer for want of others."""
    titles = []
    for sides in found:
        rows, base = sides[0][1].first, sides[0][1].base
        most = rows[rows["effectif"] == rows["effectif"].max()]
        number, labels = int(most["effectif"].iloc[0]), list(most["libelle"])
        if number > 1:
            many = f"{number} réponses sur {base}" if len(labels) == 1 else f"{number} sur {base} chacun"
            clear = not any(label in VAGUE for label in labels)
            titles.append(((clear, number / base), f"{listing([*map(quoted, labels)])}\u00a0: {many}"))
    return _best(titles)


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
    low = max(row.ends[0] for row in rows)
    labels = [quoted(row.label) for row in rows if row.ends[0] == low]
    return _best([((True, low), f"Au plus bas\u00a0: {listing(labels)}")] if len(labels) < len(rows) else [])


def parting(found: Sequence[Sides], rows: Sequence[Sequence[Scale]]) -> str:
    """The row of a scale on whose low half the groups differ most."""
    lows = [[row.ends[0] for row in own] for own in rows]
    gaps = [max(low) - min(low) for low in lows]
    labels = [quoted(sides[0][1].label) for sides, gap in zip(found, gaps, strict=True) if gap == max(gaps) > 0]
    verb = plural(len(labels), "sépare", "séparent")
    title = _best([((True, 1.0), f"{listing(labels)} {verb} le plus les groupes")] if labels else [])
    return title or f"Appréciations de {listing([v.asked for v, _ in found[0]])}"


def _best(titles: Iterable[tuple[tuple[bool, float], str]]) -> str:
    """The first of the greatest weight among those that are short enough."""
    short = [title for title in titles if len(re.findall(r"\S*\w\S*", title[1])) <= WORDS]
    return max(short, key=lambda title: title[0])[1] if short else ""
