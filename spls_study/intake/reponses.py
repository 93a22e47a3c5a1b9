"""Questionnaires: files of answers → `reponses_<id>.parquet`, every respondent accounted for."""

from pathlib import Path
from typing import Any

import pandas as pd

from notebook_reports.errors import StudyError
from notebook_reports.files import write_atomic

from ..codebook import Codebook
from ..columns import columns
from ..questionnaires import ANSWERS, codebook_files, load_codebook
from ..study import Study
from ..tables import ORIGIN, read_table
from ..words import folded
from . import files, verbatims
from .acceptance import accept
from .answers import NOT_PUT, TICKED, Answered, interpret
from .exports import Rows, end_to_end, read_file
from .findings import MASK, REPORT
from .limits import read_within
from .persons import without_contacts
from .report import CheckReport, FileCount, ordered, together
from .sheets import Unreadable

Row = tuple[str, str, str, str]


def read_questionnaires(study: Study) -> CheckReport:
    """Read data/raw/questionnaires; write the checked answers and the verbatims to review.

    Written: `data/processed/reponses_<id>.parquet` for each codebook (removed for the others)
    and `data/relecture/verbatims.xlsx`, where the marks already made are kept; if that file
    cannot be read it is not written over. Who may answer is in the checked table `organismes`.
    """
    claimed, ignored = _files(study)
    found = [CheckReport(ignored=tuple(ignored), asked=tuple(claimed))]
    texts: list[verbatims.Verbatim] = []
    stale = {*study.processed.glob("reponses_*.parquet")}
    for id, paths in claimed.items():
        try:
            codebook = load_codebook(study.raw / files.ELSEWHERE / f"{id}.toml")
        except StudyError as error:
            found.append(CheckReport(set_aside=(f"{files.ELSEWHERE}/{error}",)))
            continue
        answers, report = _read(study, codebook, paths, texts)
        found.append(report)
        file = study.processed / f"reponses_{id}.parquet"
        write_atomic(file, answers.to_parquet(index=False))
        stale.discard(file)
    for file in stale:
        file.unlink()
    try:
        verbatims.write(study, texts)
    except StudyError as error:
        found.append(CheckReport(set_aside=(str(error),)))
    return together(found)


def _files(study: Study) -> tuple[dict[str, dict[str, Path]], list[str]]:
    """Files by questionnaire (the longest id that the file's name begins with) and name; a sentence for each other."""
    claimed: dict[str, dict[str, Path]] = {p.stem: {} for p in codebook_files(study)}
    ignored = []
    for path, (first, *inside) in files.received(study.raw / files.ELSEWHERE):
        name = files.named(files.ELSEWHERE, first, *inside)
        told = first.casefold()
        owners = [i for i in claimed if (told == i.casefold() if inside else told.startswith(i.casefold()))]
        if owners and path.suffix.lower() in files.EXTENSIONS:
            claimed[max(owners, key=len)][name] = path
        elif inside or path.suffix != ".toml":
            nobody = "ce nom n'est celui d'aucun questionnaire"
            if claimed:
                nobody += f"\u202f; commencez-le par {' ou '.join(claimed)}"
            ignored.append(f"{name}\u00a0: {files.UNREAD if owners else nobody}. Fichier ignoré.")
    return claimed, ignored


def _read(
    study: Study, codebook: Codebook, paths: dict[str, Path], texts: list[verbatims.Verbatim]
) -> tuple[pd.DataFrame, CheckReport]:
    """The answers of one questionnaire, columns `ANSWERS`, and what was found; its free answers join `texts`."""
    parts: dict[str, Rows] = {}
    aside: list[str] = []
    notes: list[tuple[object, ...]] = []
    for name, path in paths.items():
        try:
            rows = parts[name] = read_file(codebook, read_within(path, study.limites), name)
        except Unreadable as error:
            aside.append(f"{name}\u00a0: {error}. Fichier mis de côté.")
            continue
        first = rows.origin[list(ORIGIN)].head(1).itertuples(index=False, name=None)
        notes += [(*place, column, "", reason) for place in first for column, reason in rows.remarks]
    if not parts:
        return pd.DataFrame(columns=ANSWERS, dtype="str"), CheckReport(set_aside=tuple(aside))
    given = end_to_end(list(parts.values()))
    accepted, refused, doubts = accept(codebook, given, read_table(study, "organismes"))
    sorted_out = (given.origin, accepted, refused)
    counts = [
        FileCount(name, f"reponses_{codebook.id}", *(int((t["fichier"] == name).sum()) for t in sorted_out))
        for name in parts
    ]
    cells = given.cells.loc[accepted.index]
    free = {c.header for c in columns(codebook) if c.entry == "texte" or c.question.diffusion == "interne"}
    found: list[Row] = []
    interpreted = interpret(codebook, cells, accepted["fichier"], study.etude.edition)
    for origin, row, answered in zip(accepted.to_dict("records"), cells.to_dict("records"), interpreted, strict=True):
        found += _tidy(codebook, origin["qui"], row, answered)
        texts += verbatims.of(codebook, answered.texts)
        notes += [
            (*(origin[c] for c in ORIGIN), header, MASK if header in free else without_contacts(value), reason)
            for header, value, reason in answered.warnings
        ]
    warnings = ordered([doubts, pd.DataFrame(notes, columns=list(REPORT))])
    report = CheckReport(tuple(counts), tuple(aside), refusals=ordered([refused]), warnings=warnings)
    return pd.DataFrame(found, columns=ANSWERS, dtype="str"), report


def _tidy(codebook: Codebook, who: str, row: dict[Any, Any], answered: Answered) -> list[Row]:
    found = [(who, question, part, value) for (question, part), given in answered.found.items() for value in given]
    for name in dict.fromkeys((*codebook.strates, codebook.accord)):
        cell = row.get(name) if name not in codebook.by_code else None
        if name and isinstance(cell, str) and folded(cell) not in ("", NOT_PUT):
            agreed = "oui" if folded(cell) in TICKED else "non"
            found.append((who, name, "", agreed if name == codebook.accord else cell.strip()))
    return found
