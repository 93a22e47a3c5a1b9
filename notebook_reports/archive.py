"""Editions published whole or not at all, never replaced, the last ones kept."""

from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from shutil import rmtree

from . import manifest as record
from .errors import StudyError
from .french import long_date
from .freshness import origin
from .publication import DRAFT, Publication


def last(reports: Path) -> str:
    """The latest edition, empty when there is none."""
    return max(record.editions(reports), default="")


def has_news(publication: Publication) -> bool:
    """Whether an edition made now would be made from something else than the last one."""
    known = record.load(publication.reports / last(publication.reports)).get("origine")
    return not known or known != origin(publication)


def check_date(publication: Publication) -> None:
    """
    Raises
    ------
    StudyError
        When the edition is not later than the last one: none is replaced nor slipped in.
    """
    before = last(publication.reports)
    if publication.edition.isoformat() <= before:
        day = long_date(date.fromisoformat(before))
        raise StudyError(
            f"L'édition du {day} est déjà publiée\u00a0: --archive ne la remplace pas "
            "et ne publie qu'à une date postérieure."
        )


def draft(publication: Publication) -> Publication:
    """The same, to be built in an empty folder beside the editions."""
    drafted = replace(publication, draft=True)
    if drafted.folder.exists():
        rmtree(drafted.folder)
    return drafted


def publish(drafted: Publication) -> Publication:
    """Give the draft its date, in one step that refuses to replace (`OSError`)."""
    published = replace(drafted, draft=False)
    drafted.folder.rename(published.folder)
    return published


def prune(reports: Path, keep: int) -> list[str]:
    """Remove the oldest editions but `keep`; only what `publish` made counts.

    One that cannot be moved away (a file is open, on Windows) stays whole until the next time.
    """
    own = [e for e in record.editions(reports) if record.load(reports / e).get("archive")]
    for name in own[:-keep]:
        with suppress(OSError):
            (reports / name).rename(reports / DRAFT)
            rmtree(reports / DRAFT)
    return [name for name in own if not (reports / name).exists()]
