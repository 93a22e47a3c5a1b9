"""Questionnaires: files of answers → `reponses_<id>.parquet`, every respondent accounted for."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from notebook_reports.errors import StudyError
from notebook_reports.files import write_atomic

from ..codebook import Codebook
from ..columns import columns
from ..questionnaires import ANSWERS, codebook_files, load_codebook
from ..study import Study
from ..tables import ORIGIN
from ..words import folded
from . import files, verbatims
from .acceptance import accept
from .answers import Answered, interpret
from .entries import NOT_PUT, TICKED
from .limits import read_within
from .relecture import Verbatim
from .report import CheckReport, FileCount, ordered
from .respondents import Rows, read_file, together
from .scrub import scrub_contacts
from .sheet import Unreadable
from .sieve import MASK, REPORT

Row = tuple[str, str, str, str]


@dataclass
class Received:
    """What was found of the questionnaires, in the terms of `CheckReport`."""

    asked: tuple[str, ...] = ()
    files: list[FileCount] = field(default_factory=list)
    set_aside: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    refusals: list[pd.DataFrame] = field(default_factory=list)
    warnings: list[pd.DataFrame] = field(default_factory=list)
    texts: list[Verbatim] = field(default_factory=list)

    def report(self) -> CheckReport:
        return CheckReport(
            tuple(self.files),
            tuple(self.set_aside),
            tuple(self.ignored),
            ordered(self.refusals),
            ordered(self.warnings),
            self.asked,
        )


def read_questionnaires(study: Study, organismes: pd.DataFrame) -> Received:
    """Read data/raw/questionnaires; write the checked answers and the verbatims to review.

    Written: `data/processed/reponses_<id>.parquet` for each codebook (removed for the others)
    and `data/relecture/verbatims.xlsx`, where the marks already made are kept; if that file
    cannot be read it is not written over.

    Parameters
    ----------
    organismes
        The checked table: who may answer.
    """
    received = Received()
    found = _files(study, received)
    received.asked = tuple(found)
    stale = {*study.processed.glob("reponses_*.parquet")}
    for id, paths in found.items():
        try:
            codebook = load_codebook(study.raw / files.ELSEWHERE / f"{id}.toml")
        except StudyError as error:
            received.set_aside.append(f"{files.ELSEWHERE}/{error}")
            continue
        answers = _read(study, codebook, paths, organismes, received)
        file = study.processed / f"reponses_{id}.parquet"
        write_atomic(file, answers.to_parquet(index=False))
        stale.discard(file)
    for file in stale:
        file.unlink()
    try:
        verbatims.write(study, received.texts)
    except StudyError as error:
        received.set_aside.append(str(error))
    return received


def _files(study: Study, received: Received) -> dict[str, dict[str, Path]]:
    """Files by questionnaire and name: the longest id that the name of the file begins with."""
    claimed: dict[str, dict[str, Path]] = {p.stem: {} for p in codebook_files(study)}
    for path, (first, *inside) in files.received(study.raw / files.ELSEWHERE):
        name = files.named(files.ELSEWHERE, first, *inside)
        told = first.casefold()
        owners = [i for i in claimed if (told == i.casefold() if inside else told.startswith(i.casefold()))]
        if owners and path.suffix.lower() in files.EXTENSIONS:
            claimed[max(owners, key=len)][name] = path
        elif inside or path.suffix != ".toml":
            why = "ce nom n'est celui d'aucun questionnaire"
            if owners:
                why = "ce format n'est pas lu\u202f; enregistrez-le en XLSX, ODS ou CSV"
            elif claimed:
                why += f"\u202f; commencez-le par {' ou '.join(claimed)}"
            received.ignored.append(f"{name}\u00a0: {why}. Fichier ignoré.")
    return claimed


def _read(
    study: Study, codebook: Codebook, paths: dict[str, Path], organismes: pd.DataFrame, received: Received
) -> pd.DataFrame:
    """The answers of one questionnaire, columns `ANSWERS`."""
    parts: dict[str, Rows] = {}
    notes: list[tuple[object, ...]] = []
    for name, path in paths.items():
        try:
            rows = parts[name] = read_file(codebook, read_within(path, study.limites), name)
        except Unreadable as error:
            received.set_aside.append(f"{name}\u00a0: {error}. Fichier mis de côté.")
            continue
        first = rows.origin[list(ORIGIN)].head(1).itertuples(index=False, name=None)
        notes += [(*place, column, "", reason) for place in first for column, reason in rows.remarks]
    if not parts:
        return pd.DataFrame(columns=ANSWERS, dtype="str")
    given = together(list(parts.values()))
    accepted, refused, doubts = accept(codebook, given, organismes)
    received.refusals.append(refused[list(REPORT)])
    received.warnings.append(doubts[list(REPORT)])
    for name in parts:
        counts = [int((t["fichier"] == name).sum()) for t in (given.origin, accepted, refused)]
        received.files.append(FileCount(name, f"reponses_{codebook.id}", *counts))
    cells = given.cells.loc[accepted.index]
    answers = interpret(codebook, cells, accepted["fichier"], study.etude.edition)
    free = {c.header for c in columns(codebook) if c.entry == "texte" or c.question.diffusion == "interne"}
    found: list[Row] = []
    for origin, row, answered in zip(accepted.to_dict("records"), cells.to_dict("records"), answers, strict=True):
        found += _tidy(codebook, origin["qui"], row, answered)
        received.texts += verbatims.of(codebook, answered.texts)
        notes += [
            (*(origin[c] for c in ORIGIN), header, MASK if header in free else scrub_contacts(value), reason)
            for header, value, reason in answered.warnings
        ]
    received.warnings.append(pd.DataFrame(notes, columns=list(REPORT)))
    return pd.DataFrame(found, columns=ANSWERS, dtype="str")


def _tidy(codebook: Codebook, who: str, row: dict[Any, Any], answered: Answered) -> list[Row]:
    found = [(who, question, part, value) for (question, part), given in answered.found.items() for value in given]
    for name in dict.fromkeys((*codebook.strates, codebook.accord)):
        cell = row.get(name) if name not in codebook.by_code else None
        if name and isinstance(cell, str) and folded(cell) not in ("", NOT_PUT):
            agreed = "oui" if folded(cell) in TICKED else "non"
            found.append((who, name, "", agreed if name == codebook.accord else cell.strip()))
    return found
