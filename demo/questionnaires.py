"""Invented answers to the two questionnaires, with the mistakes that real ones have.

Gestionnaires fill in the XLSX form; landlords answer in LimeSurvey, exported with codes.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from notebook_reports.files import write_atomic
from spls_study.codebook import AUTRE, Codebook, load_codebook
from spls_study.columns import Column, columns
from spls_study.forms.workbook import Answer, workbook
from spls_study.intake import verbatims
from spls_study.intake.reponses import read_questionnaires
from spls_study.study import CODEBOOKS, Gestionnaire

from .answers import MARKED, drawn
from .organismes import BAILLEURS, Bailleur
from .parts import Edition, Part, root, to_csv

JULY = date(2014, 7, 1)
# Ranks of landlords. Who has answered since July is five at work in Charente-Maritime alone, without a blank: of each
# question, the groups that show have gained five respondents or none, so that two editions side by side tell nobody.
ABSENT = frozenset({14, 16, 18, 19, 22, 24, 26, 27, 28, 29, 31})  # in July
NEW = frozenset({14, 18, 19, 27, 28})  # those of them who have answered by October
LATE = 31  # who answers after the closing
PARTIAL, TWICE = 16, 4  # an answer never submitted, two complete answers
OF_NEW = {"B07": "A2", "B09": "A1"}  # what the filters hang on
Answers = dict[str, Answer]


def part(edition: Edition) -> Part:
    """The codebooks, five filled-in forms, one export, and the verbatims already reviewed."""
    gestionnaires, bailleurs = (load_codebook(CODEBOOKS / f"{id}.toml") for id in ("gestionnaires", "bailleurs"))
    files = {
        f"questionnaires/{c.id}.toml": (CODEBOOKS / f"{c.id}.toml").read_bytes() for c in (gestionnaires, bailleurs)
    }
    services = root().gestionnaires
    names = [g.nom for g in services]
    filled = [_service(gestionnaires, g, i) for i, g in enumerate(services)]
    for service, answers in zip(services, filled, strict=True):
        path = f"questionnaires/gestionnaires/{service.nom.lower().replace(' ', '_')}.xlsx"
        files[path] = workbook(gestionnaires, names, answers)
    rows = _export(bailleurs, edition)
    day = f"{edition.extraction:%Y-%m-%d}"
    files[f"questionnaires/bailleurs_{day}.csv"] = to_csv(rows, delimiter=",")
    return Part(files, relecture={verbatims.FILE: _reviewed(files)})


def _reviewed(files: Mapping[str, bytes]) -> bytes:
    """The verbatims as `check` writes them from these files, with the marks of the review."""
    with TemporaryDirectory() as folder:
        study = root().model_copy(update={"file": Path(folder) / "study.toml"})
        for name, content in files.items():
            write_atomic(study.raw / name, content)
        read_questionnaires(study)
        lines = [verbatim for verbatim, _ in verbatims.read(study).values()]
    return verbatims.workbook((*v, "oui" if v.texte in MARKED[v.questionnaire] else "") for v in lines)


def _service(codebook: Codebook, service: Gestionnaire, rank: int) -> Answers:
    answers = drawn(codebook, service.id, rank)
    typed: Answers = {}
    for column in columns(codebook):
        value = answers.get(column.header)
        if value is not None:
            typed[column.header] = _as_form(column, value)
    typed |= {"organisme": service.nom, "submitdate": date(2014, 6, 10) + timedelta(days=3 * rank)}
    if rank == 1:
        typed["G16[SQ003]"] = "deux mois environ"  # unreadable: no answer, and a warning
    return typed


def _as_form(column: Column, value: str) -> Answer:
    if column.entry == "case":
        return "Oui"
    if column.entry == "choix":
        return column.question.choices[value]
    if column.entry == "date":
        return date.fromisoformat(value)
    return float(value) if column.entry == "nombre" else value


def _export(codebook: Codebook, edition: Edition) -> list[list[str]]:
    """A LimeSurvey export with codes: one line for each answer begun."""
    known = columns(codebook)
    rows = [["id", "submitdate", "lastpage", "startlanguage", "organisme", "diffusion", *(c.header for c in known)]]
    since = {*NEW, LATE} if edition.extraction > JULY else set()
    here = [b for b in BAILLEURS if b.rang not in ABSENT or b.rang == PARTIAL or b.rang in since]
    for bailleur in sorted(here, key=lambda b: (_day(b), b.rang)):
        rows += [_line(codebook, bailleur, turn) for turn in range(1 + (bailleur.rang == TWICE))]
    return [rows[0], *([str(i), *row[1:]] for i, row in enumerate(rows[1:], start=1))]


def _day(bailleur: Bailleur) -> date:
    if bailleur.rang == LATE:
        return date(2014, 9, 29)
    return date(2014, 6, 4) + timedelta(days=bailleur.rang * 7 % 26 + 85 * (bailleur.rang in NEW))


def _line(codebook: Codebook, bailleur: Bailleur, turn: int) -> list[str]:
    services = len(bailleur.departements) + ("86" in bailleur.departements)
    new = bailleur.rang in NEW
    known = {"B04": str(services)} | (OF_NEW if new else {})
    answers = drawn(codebook, f"{bailleur.id}-{turn}", bailleur.rang, known, blanks=not new)
    if bailleur.rang == 3:
        answers["B09"] = "A9"  # no such modality
    if bailleur.rang == 7:
        answers |= {"B07": "A2", "B08": "2014-05-02"}  # the filter excludes B08
    if bailleur.rang == 9:
        answers["B11"] = "beaucoup"
    done = _day(bailleur) + timedelta(days=turn)
    submitted = "" if bailleur.rang == PARTIAL else f"{done} 1{turn}:30:00"
    who = {5: bailleur.siren, 6: bailleur.nom.upper()}.get(bailleur.rang, bailleur.nom)
    agreed = "Y" if bailleur.rang % 5 in (0, 2) else "N"
    cells = [_as_export(c, answers.get(c.header, "")) for c in columns(codebook)]
    if bailleur.rang == PARTIAL:
        cells[len(cells) // 2 :] = [""] * (len(cells) - len(cells) // 2)
    return ["", submitted, "10" if submitted else "5", "fr", who, agreed, *cells]


def _as_export(column: Column, value: str) -> str:
    if column.entry == "case":
        return "Y" if value else ""
    if column.entry == "choix" and value == AUTRE:
        return "-oth-"
    return f"{value} 00:00:00" if column.entry == "date" and value else value
