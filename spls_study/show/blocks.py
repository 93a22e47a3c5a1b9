"""What stands at the head of a report, and a figure: a drawing with all its words around it."""

from collections.abc import Mapping
from hashlib import sha256

from notebook_reports.blocks import DOCUMENT, Block, Tables, attach
from notebook_reports.french import long_date

from ..study import Study, Territory

LONGEST = 150  # characters of a text alternative


def headline(study: Study, territory: Territory, subject: str, title: str) -> Block:
    """Under a title that is the report's result: what report it is, its dates and authors, in one line.

    Its `DOCUMENT` representation gives the exporters the document's title, which they write, author and date.
    """
    etude, copil = study.etude, study.copil
    lines = [
        f"{subject}, {study.place(territory)}",
        f"COPIL du {long_date(copil.date)}" if copil.date else "COPIL à dater",
        f"données au {long_date(etude.extraction)}",
        copil.auteur,
    ]
    document = {
        "titre": title,
        "auteur": copil.auteur,
        "date": etude.edition.isoformat(),
        "etude": etude.titre,
        "territoire": territory.nom,
        "fictif": etude.donnees_fictives,
    }
    content = {"lignes": lines, "avertissement": "données fictives" if etude.donnees_fictives else ""}
    return Block("entete", content, " – ".join([title, *lines]), {DOCUMENT: document})


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
        "fichier": file_name(svg),
    }
    return attach(Block("graphique", content, f"{title}. {alt}", {"image/svg+xml": svg}, narrow=narrow), data or {})


def alternative(text: str) -> str:
    """Cut at a word, if it is too long to be listened to."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rsplit(" ", 1)[0] + "…"


def file_name(svg: str) -> str:
    """That of a drawing in a PDF."""
    return f"{sha256(svg.encode()).hexdigest()[:16]}.svg"
