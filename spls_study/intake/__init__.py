"""Raw files to checked tables: every row is accepted, or refused with a named reason."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pandas as pd

from notebook_reports.files import write_atomic

from ..study import Study
from ..tables import TABLES
from .readers import ELSEWHERE, UNNAMED, Files, find, read_files
from .reponses import read_questionnaires
from .report import CheckReport, FileCount, as_csv, together
from .table import checked, content, headers_of

__all__ = ["CheckReport", "FileCount", "Step", "check", "check_questionnaires"]

# Name, what is read, what is written (patterns in data/processed or data/relecture), what does it.
Step = Callable[[str, Sequence[Path], Sequence[str], Callable[[], CheckReport]], CheckReport]


def check(study: Study, step: Step = lambda name, read, written, run: run()) -> CheckReport:
    """Read data/raw of the study and write data/processed.

    Written: `<table>.parquet` for each table of which a file could be read (removed for the
    others), `reponses_<id>.parquet` for each questionnaire, `rejets.csv`, `avertissements.csv`.
    The same files give the same bytes.

    Parameters
    ----------
    step
        Runs the check of one table, or of the questionnaires; may tell instead what it gave
        when what it reads and writes was the same.
    """
    files, unknown = find(study.raw, TABLES, UNNAMED)
    found = [CheckReport(ignored=tuple(unknown))]
    # Notebooks read strings otherwise (`report`): in one process with them, the same bytes all the same.
    with pd.option_context("mode.string_storage", "pyarrow"):
        for table in TABLES:
            own = dict(sorted(files[table].items()))
            written = [f"processed/{table}.parquet"]
            refers = any(column.reading == "organisme" for column in TABLES[table])
            read = [*own.values(), *[study.processed / "organismes.parquet"] * refers]
            found.append(step(table, read, written, partial(_table, study, table, own)))
    found.append(check_questionnaires(study, step))
    report = together(found)
    write_atomic(study.processed / "rejets.csv", as_csv(report.refusals))
    write_atomic(study.processed / "avertissements.csv", as_csv(report.warnings))
    return report


def check_questionnaires(study: Study, step: Step) -> CheckReport:
    """The last step of `check`, which needs the checked table `organismes`."""
    read = [study.raw / ELSEWHERE, study.processed / "organismes.parquet"]
    written = ["processed/reponses_*.parquet", "relecture/*"]
    with pd.option_context("mode.string_storage", "pyarrow"):
        return step(ELSEWHERE, read, written, partial(read_questionnaires, study))


def _table(study: Study, table: str, files: Files) -> CheckReport:
    read, aside = read_files(files, study.limites, headers_of(table))
    if not read:
        (study.processed / f"{table}.parquet").unlink(missing_ok=True)
        return CheckReport(set_aside=aside)
    rows, findings = checked(study, table, read)
    write_atomic(study.processed / f"{table}.parquet", content(table, rows))
    return findings.report(table, aside)
