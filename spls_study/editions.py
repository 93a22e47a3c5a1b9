"""What a report knows of other editions and of its own inputs."""

import os
from datetime import date
from pathlib import Path

import pandas as pd

from . import journal
from .study import Study, Territory


def reports_folder(study: Study) -> Path:
    """`SPLS_REPORTS` (set by `--reports`), else `reports` beside study.toml."""
    return Path(os.environ.get("SPLS_REPORTS") or study.root / "reports")


def earlier_editions(study: Study) -> list[date]:
    """The editions under the reports that are earlier than the study's own, the oldest first."""
    folder = reports_folder(study)
    journal.note(journal.EDITION)
    names = [p.name for p in folder.iterdir() if p.is_dir()] if folder.is_dir() else []
    return sorted(d for name in names if (d := _iso(name)) is not None and d < study.etude.edition)


def last_edition(study: Study) -> date | None:
    """The latest of them."""
    return max(earlier_editions(study), default=None)


def previous_table(
    study: Study, territory: Territory, name: str, *, as_text: bool = False, day: date | None = None
) -> pd.DataFrame | None:
    """A table of an edition, by default the last one, as its CSV has it; None when there is none."""
    day = day or last_edition(study)
    place = f"{territory.code}/tables/{name}.csv"
    file = reports_folder(study) / (day.isoformat() if day else "") / place
    there = day is not None and file.is_file()
    journal.note(f"*/{place}", *([file] if there else []))  # of whichever edition is the last
    if not there:
        return None
    return pd.read_csv(file, dtype="str", keep_default_na=False) if as_text else pd.read_csv(file)


def fingerprint(study: Study) -> str:
    """Eight characters that change with study.toml and with anything the report read."""
    return journal.fingerprint(study.file)


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
