"""What a report knows of other editions and of its own inputs."""

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from . import journal
from .study import Study, Territory

if TYPE_CHECKING:
    import pandas as pd


def reports_folder(study: Study) -> Path:
    """`SPLS_REPORTS` (set by `--reports`), else `reports` beside study.toml."""
    return Path(os.environ.get("SPLS_REPORTS") or study.root / "reports")


def last_edition(study: Study, reports: Path | None = None) -> date | None:
    """The latest edition under the reports that is earlier than the study's own."""
    return max(_earlier(study, reports or reports_folder(study)), default=None)


def previous_table(study: Study, territory: Territory, name: str, *, as_text: bool = False) -> "pd.DataFrame | None":
    """A table of the last edition as its CSV has it, None when there is none."""
    last = last_edition(study)
    found = _noted(study, territory, name, [last] if last else [])
    return _read(found[last], as_text) if last in found else None


def earlier_tables(study: Study, territory: Territory, name: str) -> "dict[date, pd.DataFrame]":
    """A table of each earlier edition that has it, as text."""
    return {
        day: _read(file, True)
        for day, file in _noted(study, territory, name, _earlier(study, reports_folder(study))).items()
    }


def _earlier(study: Study, folder: Path) -> list[date]:
    journal.note(journal.EDITION)
    names = [p.name for p in folder.iterdir() if p.is_dir()] if folder.is_dir() else []
    return sorted(d for name in names if (d := _iso(name)) is not None and d < study.etude.edition)


def _noted(study: Study, territory: Territory, name: str, days: list[date]) -> dict[date, Path]:
    """Where the table is, by edition. What is noted is of any edition: one may come later."""
    place = f"{territory.code}/tables/{name}.csv"
    files = {day: reports_folder(study) / day.isoformat() / place for day in days}
    there = {day: file for day, file in files.items() if file.is_file()}
    journal.note(f"*/{place}", *there.values())
    return there


def _read(file: Path, as_text: bool) -> "pd.DataFrame":
    import pandas as pd

    return pd.read_csv(file, dtype="str", keep_default_na=False) if as_text else pd.read_csv(file)


def fingerprint(study: Study) -> str:
    """Eight characters that change with study.toml and with anything the report read."""
    return journal.fingerprint(study.file)


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
