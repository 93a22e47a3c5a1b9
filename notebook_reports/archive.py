"""The editions of a folder of reports: published whole or not at all, the last ones kept; the page to them."""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from shutil import rmtree

from . import manifest as record
from .errors import StudyError
from .files import digest, path_digest, write_atomic
from .french import long_date
from .freshness import Inputs
from .publication import DRAFT, INDEX, STATEMENT, Publication


def last(reports: Path) -> str:
    """The latest edition, empty when there is none."""
    return max(record.editions(reports), default="")


def has_news(publication: Publication) -> bool:
    """Whether an edition made now would be made from something else than the last one."""
    known = record.load(publication.reports / last(publication.reports)).get("origine")
    return not known or known != Inputs(publication).origin()


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


def write_portal(reports: Path) -> None:
    """`index.html`, which leads to the editions: made again when those, or their comparisons, are others.

    An edition's own pages say nothing of the others, so that nothing changes them once published.
    """
    editions = []
    for name in reversed(record.editions(reports)):
        if (one := record.load(reports / name)).get("edition") == name:
            there = {run.partition("/")[0] for run in one["executions"]}
            told = {word: one[word] for word in ("edition", "titre", "donnees_fictives")}
            editions.append({**told, "territoires": [pair for pair in one["territoires"] if pair[0] in there]})
    compared = sorted((p.parent.name for p in reports.glob(f"diff/*_*/{INDEX}")), reverse=True)
    key = digest(json.dumps([path_digest(Path(__file__).parent / "templates"), editions, compared]).encode())
    file = reports / INDEX
    if not editions or (file.is_file() and key in file.read_text(encoding="utf-8")):
        return
    from .pages import page  # slow, and often there is nothing to write

    content = page(
        "portail.html.j2",
        cle=key,
        comparaisons=[(name, *map(date.fromisoformat, name.split("_"))) for name in compared],
        editions=[{**one, "date": date.fromisoformat(one["edition"])} for one in editions],
        accessibilite=f"{editions[0]['edition']}/{STATEMENT}",
    )
    write_atomic(file, content)
