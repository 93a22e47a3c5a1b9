"""The demonstration: invented raw files of two editions, the same bytes each time.

To add a table, write a module with `part(edition: Edition) -> Part` and list it in `PARTS`:
its files go under data/raw of both editions; what they are is told in `data/README.md`.
"""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

from notebook_reports.files import write_atomic

from . import deploiement, droits, extracts, organismes, processus, questionnaires, second_source
from .parts import DATA, STUDY, Edition, Part

EDITIONS = (
    Edition("", date(2014, 7, 10), date(2014, 7, 1)),
    Edition("demo/intermediaire", date(2014, 10, 7), date(2014, 10, 1)),
)
PARTS: tuple[Callable[[Edition], Part], ...] = (
    extracts.part,
    second_source.part,
    organismes.part,
    deploiement.part,
    questionnaires.part,
    droits.part,
    processus.part,
)


def write_demo(to: Path) -> list[Path]:
    """Write both editions under `to`, and its study.toml if it has none.

    Returns
    -------
    The files of the demonstration, sorted. Other files under `to` are left alone.
    """
    written: dict[Path, bytes] = {}
    for edition in EDITIONS:
        home = to / edition.folder
        parts = [part(edition) for part in PARTS]
        for part in parts:
            written |= {home / "data" / "raw" / name: content for name, content in part.files.items()}
            marks = {home / "data" / "relecture" / n: c for n, c in part.relecture.items()}
            written |= {path: content for path, content in marks.items() if not path.exists()}
        written[home / "data" / "raw" / "README.md"] = _readme(edition, parts)
        if edition.folder or not (to / "study.toml").exists():
            written[home / "study.toml"] = _study_file(edition)
    for path, content in written.items():
        write_atomic(path, content)
    return sorted(written)


def _readme(edition: Edition, parts: list[Part]) -> bytes:
    told = {key: text for part in parts for key, text in part.told.items()}
    text = (DATA / "README.md").read_text(encoding="utf-8")
    return text.format(edition=edition.edition, extraction=edition.extraction, **told).encode()


def _study_file(edition: Edition) -> bytes:
    """The root's study.toml with the dates of this edition."""
    text = STUDY.read_text(encoding="utf-8")
    for key, day in (("edition", edition.edition), ("extraction", edition.extraction), ("date", edition.edition)):
        text = re.sub(rf"^{key} = \d{{4}}-\d\d-\d\d", f"{key} = {day}", text, flags=re.MULTILINE)
    return text.encode("utf-8")
