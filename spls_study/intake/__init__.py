"""Raw files to checked tables: every row is accepted, or refused with a named reason."""

import pandas as pd

from ..files import write_atomic
from ..study import Study
from ..tables import TABLES, read_table
from .files import RawFile, find
from .limits import read_within
from .parquet import content
from .readers import read_sheets
from .reponses import read_questionnaires
from .report import CheckReport, FileCount, as_csv, ordered
from .sheet import Unreadable
from .table import Part, read_rows, without_duplicates

__all__ = ["CheckReport", "FileCount", "check"]


def check(study: Study) -> CheckReport:
    """Read data/raw of the study and write data/processed.

    Written: `<table>.parquet` for each table of which a file could be read (removed for the
    others), `reponses_<id>.parquet` for each questionnaire, `rejets.csv`, `avertissements.csv`.
    The same files give the same bytes.
    """
    files, unknown = find(study.raw)
    counts: list[FileCount] = []
    aside: list[str] = []
    refusals: list[pd.DataFrame] = []
    warnings: list[pd.DataFrame] = []
    for table in TABLES:
        read: dict[str, list[Part]] = {}
        for file in (f for f in files if f.table == table):
            try:
                read[file.name] = _read(study, file)
            except Unreadable as error:
                aside.append(f"{file.name}\u00a0: {error}. Fichier mis de côté.")
        if not read:
            (study.processed / f"{table}.parquet").unlink(missing_ok=True)
            continue
        parts = [part for found in read.values() for part in found]
        rows, repeated = without_duplicates(table, [part.accepted for part in parts])
        refused = ordered([repeated, *(part.refusals for part in parts)])
        refusals.append(refused)
        warnings.append(_of_others([part.warnings for part in parts], repeated))
        for name, found in read.items():
            total, lost = sum(p.read for p in found), int((refused["fichier"] == name).sum())
            counts.append(FileCount(name, table, total, total - lost, lost))
        write_atomic(study.processed / f"{table}.parquet", content(table, rows))
    ignored = [f"{n}\u00a0: nom ou format d'aucune table\u202f; fichier ignoré." for n in unknown]
    answers = read_questionnaires(study, read_table(study, "organismes"))
    report = CheckReport(
        files=(*counts, *answers.files),
        set_aside=(*aside, *answers.set_aside),
        ignored=(*ignored, *answers.ignored),
        refusals=ordered([*refusals, *answers.refusals]),
        warnings=ordered([*warnings, *answers.warnings]),
        asked=answers.asked,
    )
    write_atomic(study.processed / "rejets.csv", as_csv(report.refusals))
    write_atomic(study.processed / "avertissements.csv", as_csv(report.warnings))
    return report


def _read(study: Study, file: RawFile) -> list[Part]:
    sheets = read_sheets(read_within(file.path, study.limites), TABLES[file.table])
    return [read_rows(study, file.table, sheet, file.name) for sheet in sheets]


def _of_others(warnings: list[pd.DataFrame], refused: pd.DataFrame) -> pd.DataFrame:
    """The warnings of the rows that were not refused in the end."""
    found, lost = ordered(warnings), ordered([refused])
    place = ["fichier", "feuille", "ligne"]
    return found[~found.set_index(place).index.isin(lost.set_index(place).index)]
