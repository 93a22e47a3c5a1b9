"""Questionnaires: files of answers → `reponses_<id>.parquet`, every respondent accounted for."""

from functools import partial
from itertools import chain
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
from .answers import NOT_PUT, TICKED, Answered, accept, interpret
from .exports import Exported, rows_of
from .persons import without_contacts
from .readers import read_files
from .report import MASK, CheckReport, together
from .sheets import end_to_end

Row = tuple[str, str, str, str]


def read_questionnaires(study: Study) -> CheckReport:
    """Read data/raw/questionnaires; write the checked answers and the verbatims to review.

    Written: `data/processed/reponses_<id>.parquet` for each codebook (removed for the others)
    and `data/relecture/verbatims.xlsx`, where the marks already made are kept; if that file
    cannot be read it is not written over. Who may answer is in the checked table `organismes`.
    """
    ids = [path.stem for path in codebook_files(study)]
    nobody = "ce nom n'est celui d'aucun questionnaire"
    nobody += f"\u202f; commencez-le par {' ou '.join(ids)}" if ids else ""
    claimed, ignored = files.find(study.raw, ids, nobody, files.ELSEWHERE)
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


def _read(
    study: Study, codebook: Codebook, paths: files.Files, texts: list[verbatims.Verbatim]
) -> tuple[pd.DataFrame, CheckReport]:
    """The answers of one questionnaire, columns `ANSWERS`, and what was found; its free answers join `texts`."""
    headers = Exported(codebook)
    read, aside = read_files(paths, study.limites, headers, partial(rows_of, codebook, headers))
    if not read:
        return pd.DataFrame(columns=ANSWERS, dtype="str"), CheckReport(set_aside=aside)
    given = end_to_end(chain.from_iterable(read.values()))
    given = given._replace(cells=given.cells.astype("str"))
    accepted, findings = accept(codebook, given, read_table(study, "organismes"))
    cells = given.cells.loc[accepted.index]
    free = {c.header for c in columns(codebook) if c.entry == "texte" or c.question.diffusion == "interne"}
    found: list[Row] = []
    interpreted = interpret(codebook, cells, accepted["fichier"], study.etude.edition)
    for origin, row, answered in zip(accepted.to_dict("records"), cells.to_dict("records"), interpreted, strict=True):
        found += _tidy(codebook, origin["qui"], row, answered)
        texts += verbatims.of(codebook, answered.texts)
        findings.doubts += [
            (*(origin[c] for c in ORIGIN), header, MASK if header in free else without_contacts(value), reason)
            for header, value, reason in answered.warnings
        ]
    report = CheckReport.of(f"reponses_{codebook.id}", read, aside, findings)
    return pd.DataFrame(found, columns=ANSWERS, dtype="str"), report


def _tidy(codebook: Codebook, who: str, row: dict[Any, Any], answered: Answered) -> list[Row]:
    found = [(who, question, part, value) for (question, part), given in answered.found.items() for value in given]
    for name in dict.fromkeys((*codebook.strates, codebook.accord)):
        cell = row.get(name) if name not in codebook.by_code else None
        if name and isinstance(cell, str) and folded(cell) not in ("", NOT_PUT):
            agreed = "oui" if folded(cell) in TICKED else "non"
            found.append((who, name, "", agreed if name == codebook.accord else cell.strip()))
    return found
