"""Invented answers to the two questionnaires, with the mistakes that real ones have.

Gestionnaires fill in the XLSX form; landlords answer in LimeSurvey, exported with codes.
"""

import random
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from ..codebook import AUTRE, NR, Codebook, Question
from ..columns import OTHER, Column, columns
from ..files import write_atomic
from ..filters import Part as Key
from ..filters import truth
from ..forms.workbook import Answer, workbook
from ..intake import verbatims
from ..intake.reponses import read_questionnaires
from ..questionnaires import load_codebook
from ..study import CODEBOOKS, Gestionnaire
from ..tables import empty
from .organismes import BAILLEURS, Bailleur
from .parts import Edition, Part, listed, root, to_csv

JULY = date(2014, 7, 1)
ABSENT = frozenset({14, 16, 22, 24, 26, 27, 28, 29, 31})  # ranks of landlords, in July
LATE = frozenset({14, 27, 31})  # those of them who have answered by October
PARTIAL, TWICE = 16, 4  # ranks: an answer never submitted, two complete answers
RANGES = {  # plausible numbers; other questions: 0 to 4
    "G01": (2, 6),
    "G10": (6, 30),
    "B11": (2, 16),
    "G16[SQ001]": (30, 90),
    "G16[SQ002]": (60, 180),
    "G16[SQ003]": (20, 75),
    "B17[SQ001]": (0, 90),
    "B17[SQ002]": (0, 60),
    "B17[SQ003]": (0, 12),
}
FUNNELS = {"G18": (18, 60), "B16": (1, 15)}  # proposed ≥ programmed ≥ agreed; put off, withdrawn
OTHERS = {  # the text of « autre », by question or by what it has in common
    "moyens_recensement": "Télécopie",
    "degre_avancement": "Accord de la commune",
    "navigateurs": "Safari",
    "formation": "Lecture des tableaux de bord",
    "charte": "Le bilan annuel de la charte",
    "B01": "Un prestataire",
    "B02": "Commission locale",
    "B10": "Établissement public foncier",
    "G07": "Publication en ligne",
    "G09": "Suivre les subventions locales",
    "G13": "Délibération de la commune",
}
# Free answers. The review has marked those of a questionnaire, one of which the second net must clean;
# nobody may publish the others.
_TEXTS = listed("verbatims")
MARKED = {id: tuple(text for of, text in _TEXTS if of == id) for id in ("gestionnaires", "bailleurs")}
UNMARKED = tuple(text for of, text in _TEXTS if not of)
CONTACT = "Isabelle Tartempion, isabelle.tartempion@exemple.fr, 05 36 49 00 {:02d}"
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
        read_questionnaires(study, empty("organismes"))
        lines = [verbatim for verbatim, _ in verbatims.read(study).values()]
    return verbatims.workbook((*v, "oui" if v.texte in MARKED[v.questionnaire] else "") for v in lines)


def _service(codebook: Codebook, service: Gestionnaire, rank: int) -> Answers:
    answers = _draw(codebook, service.id, rank)
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
    here = [
        b
        for b in BAILLEURS
        if b.rang not in ABSENT or b.rang == PARTIAL or (b.rang in LATE and edition.extraction > JULY)
    ]
    for bailleur in sorted(here, key=lambda b: (_day(b), b.rang)):
        rows += [_line(codebook, bailleur, turn) for turn in range(1 + (bailleur.rang == TWICE))]
    return [rows[0], *([str(i), *row[1:]] for i, row in enumerate(rows[1:], start=1))]


def _day(bailleur: Bailleur) -> date:
    late = 85 if bailleur.rang in LATE else 0
    return date(2014, 6, 4) + timedelta(days=bailleur.rang * 7 % 26 + late)


def _line(codebook: Codebook, bailleur: Bailleur, turn: int) -> list[str]:
    services = len(bailleur.departements) + ("86" in bailleur.departements)
    answers = _draw(codebook, f"{bailleur.id}-{turn}", bailleur.rang, {"B04": str(services)})
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


def _draw(codebook: Codebook, seed: str, rank: int, known: Mapping[str, str] | None = None) -> dict[str, str]:
    """Coherent answers by header; a question that the filter excludes has none."""
    chance = random.Random(f"{codebook.id}/{seed}")
    found: dict[Key, tuple[str, ...]] = {}
    given: dict[str, str] = {}
    for question in codebook.questions:
        tree = codebook.filters.get(question.code)
        if tree and not truth(tree, found):
            continue
        drawn = _one(codebook.id, question, chance, rank)
        answers = {} if chance.random() < 0.06 else drawn
        answers |= {h: v for h, v in (known or {}).items() if h == question.code}
        given |= answers
        for place in question.parts:
            header = f"{question.code}[{place}]" if place else question.code
            found[question.code, place] = (answers.get(header, NR),)
    return given


def _one(id: str, q: Question, chance: random.Random, rank: int) -> dict[str, str]:
    codes = [c for c in q.choices if not (q.autre and c == AUTRE)]
    habit = random.Random(q.commun or q.code)  # the same leaning for all who answer
    weights = [0.3 + habit.random() for _ in codes]
    other = {f"{q.code}[{OTHER}]": OTHERS.get(q.commun or q.code, "")}
    if q.type == "choix_multiple":
        ticked = {f"{q.code}[{c}]": c for c, w in zip(codes, weights, strict=True) if chance.random() < w / 1.6}
        return ticked | (other if q.autre and chance.random() < 0.1 else {})
    if q.type == "classement":
        ranked = sorted(zip(weights, codes, strict=True), key=lambda p: -p[0] * chance.random())
        return {f"{q.code}[{p}]": code for p, (_, code) in zip(q.parts, ranked, strict=False)}
    if q.type == "texte":
        return {q.code: _text(id, q, rank)}
    if q.type == "date":
        return {q.code: str(date(2014, 4, 1) + timedelta(days=chance.randrange(60)))}
    if q.type == "nombre":
        return _numbers(q, chance)
    if q.autre and chance.random() < 0.08:
        return {q.code: AUTRE} | other
    return {f"{q.code}[{p}]" if p else q.code: chance.choices(codes, weights)[0] for p in q.parts}


def _text(id: str, q: Question, rank: int) -> str:
    if q.diffusion == "interne":
        return CONTACT.format(rank + 10)
    pool = (*MARKED[id], *UNMARKED)
    return pool[rank % len(pool)]


def _numbers(q: Question, chance: random.Random) -> dict[str, str]:
    headers = [f"{q.code}[{p}]" if p else q.code for p in q.parts]
    if q.code in FUNNELS:
        proposed = chance.randint(*FUNNELS[q.code])
        withdrawn = chance.randint(0, proposed // 8)
        programmed = proposed - withdrawn - chance.randint(0, proposed // 6)
        put_off = chance.randint(0, programmed // 4)
        numbers = (proposed, programmed, programmed - put_off, put_off, withdrawn)
        return {h: str(n) for h, n in zip(headers, numbers, strict=True)}
    return {h: str(chance.randint(*RANGES.get(h, (0, 4)))) for h in headers}
