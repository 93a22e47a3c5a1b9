"""A figure: a drawing with all its words around it."""

from collections.abc import Mapping
from hashlib import sha256

from notebook_reports.blocks import Block, Tables, attach

LONGEST = 150  # characters of a text alternative


def figure(
    drawings: tuple[str, str],
    *,
    title: str,
    subtitle: str,
    alt: str,
    notes: Mapping[str, str],
    half: bool = False,
    data: Tables | None = None,
) -> Block:
    """
    Parameters
    ----------
    drawings
        SVG, then that for a phone, empty if the first is as narrow (`charts.svgs`).
    title
        The message, a sentence with its number.
    subtitle
        Measure, territory, period, unit.
    alt
        Kind, what, the values that matter; what is beyond 150 characters is cut.
    notes
        « Lecture », « Champ » (with n) and « Source »: the lines under the figure; empty ones are dropped.
    half
        As narrow as it is, in as few lines as there may be; two that follow each other may stand side by side.
    data
        Tables to write beside the report, by name.
    """
    svg, narrow = drawings
    alt = alternative(alt)
    lines = [f"{label}\u00a0: {text}" for label, text in notes.items() if text]
    content = {
        "titre": title,
        "sous_titre": subtitle,
        "alternative": alt,
        "notes": [" ".join(lines)] if half else lines,
        "demi": half,
        "fichier": f"{sha256(svg.encode()).hexdigest()[:16]}.svg",
    }
    return attach(Block("graphique", content, f"{title}. {alt}", {"image/svg+xml": svg}, narrow=narrow), data or {})


def alternative(text: str) -> str:
    """Cut at a word, if it is too long to be listened to."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rsplit(" ", 1)[0] + "…"
