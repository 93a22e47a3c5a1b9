"""What a respondent answers: coherent with the filters, leaning as all who answer lean."""

import random
from collections.abc import Mapping
from datetime import date, timedelta

from spls_study.codebook import AUTRE, NR, Codebook, Question
from spls_study.columns import OTHER
from spls_study.filters import Part as Key
from spls_study.filters import truth

from .parts import listed

RANGES = {  # plausible numbers; other questions: 0 to 4
    **{"G01": (2, 6), "G10": (6, 30), "B11": (2, 16)},
    **{"G16[SQ001]": (30, 90), "G16[SQ002]": (60, 180), "G16[SQ003]": (20, 75)},
    **{"B17[SQ001]": (0, 90), "B17[SQ002]": (0, 60), "B17[SQ003]": (0, 12)},
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


def drawn(
    codebook: Codebook, seed: str, rank: int, known: Mapping[str, str] | None = None, blanks: bool = True
) -> dict[str, str]:
    """Coherent answers by header; a question that the filter excludes has none, some others are left blank."""
    chance = random.Random(f"{codebook.id}/{seed}")
    found: dict[Key, tuple[str, ...]] = {}
    given: dict[str, str] = {}
    for question in codebook.questions:
        tree = codebook.filters.get(question.code)
        if tree and not truth(tree, found):
            continue
        drawn = _one(codebook.id, question, chance, rank)
        answers = {} if chance.random() < 0.06 and blanks else drawn
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
        if not ticked:  # a box at least: the most usual
            _, code = max(zip(weights, codes, strict=True))
            ticked = {f"{q.code}[{code}]": code}
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
