"""What report 2 tells, part by part: the questions of a step of programming, then those without a step by block."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from notebook_reports.french import MISSING, count, number, short_date

from ...codebook import NR, Codebook, Question

PARTIES = {  # what one does → the steps of programming
    "Recenser": ("recensement",),
    "Transmettre et compléter": ("depot",),
    "Instruire et décider": ("instruction", "programmation", "agrement"),
    "Suivre": ("suivi", "modification", "cloture"),
}
NAMED = 7  # bodies that have a column each; more are counted
LONGEST_SCALE = 6  # modalities of a scale that diverges; a longer one has bars
FEW = {True: 2, False: 4}  # figures of a part: of a step, of blocks; with fewer it joins the next


@dataclass(frozen=True)
class Sujet:
    """A question, or one part of a grid that is no scale, as a group answered it.

    `rows`: its rows of `reponses`, without non-answers. `noms`: its rows of `reponses_nominatives`; none for who
    answers in confidence. `face`: the same question, put to public bodies that answer by name.
    """

    livre: Codebook
    question: Question
    part: str
    rows: pd.DataFrame
    noms: pd.DataFrame
    face: "Sujet | None" = None

    @property
    def one(self) -> str:
        """One of those asked."""
        return one(self.livre)

    def bodies(self, n: float) -> str:
        """« 24 bailleurs »."""
        return count(n, self.one)

    @property
    def base(self) -> int:
        return int(self.rows["base"].max())

    @property
    def counts(self) -> pd.DataFrame:
        """The rows of counts: for a ranking, those of first choices."""
        return self.rows[self.rows["effectif"].notna()]

    @property
    def parts(self) -> dict[str, pd.DataFrame]:
        """Label of each part of a scale → its rows; the question's own text where it has none."""
        shown = [(p, self.rows[self.rows["sous_question"] == p]) for p in self.question.parts]
        return {self.question.part_label(p) or self.question.libelle: own for p, own in shown if len(own)}

    @property
    def is_scale(self) -> bool:
        return self.question.type == "echelle" and len(self.question.modalites) <= LONGEST_SCALE

    @property
    def is_drawn(self) -> bool:
        return bool(self.question.choices)

    @property
    def is_choice(self) -> bool:
        """Whether its answers are counted on one list, not a scale."""
        return self.is_drawn and not self.is_scale

    @property
    def label(self) -> str:
        return self.question.libelle + (f" – {self.question.part_label(self.part)}" if self.part else "")

    @property
    def given(self) -> pd.DataFrame:
        """What bodies answered by name, non-answers left out."""
        return self.noms[self.noms["modalite"] != NR]

    @property
    def sides(self) -> dict[str, list[str]]:
        """The modalities of either half of a scale, without the middle one."""
        codes = [*self.question.modalites]
        return {"bas": codes[: len(codes) // 2], "haut": codes[(len(codes) + 1) // 2 :]}


@dataclass(frozen=True)
class Partie:
    """A part of the report: what is counted, what is told by name alone, questionnaire and code of all questions."""

    nom: str
    sujets: tuple[Sujet, ...]
    nommes: tuple[Sujet, ...]
    questions: tuple[tuple[str, str], ...]

    def figures(self, grids: bool) -> int:
        """How many there are, or about."""
        return sum(s.is_drawn for s in self.sujets) + (grids and len(self.nommes) > 0)

    def avec(self, other: "Partie") -> "Partie":
        drawn = [part for part in (self, other) if part.figures(True)]
        names = [re.split(r"\s:", part.nom)[0] for part in drawn]
        rest = [name if name[1:2].isupper() else name[:1].lower() + name[1:] for name in names[1:]]  # SPLS stays
        nom = ", ".join([*names[:1], *rest]) or self.nom
        return Partie(nom, self.sujets + other.sujets, self.nommes + other.nommes, self.questions + other.questions)


def one(livre: Codebook) -> str:
    """One of those that a questionnaire asks."""
    return livre.population if isinstance(livre.population, str) else "répondant"


def nombre(value: float | str) -> str:
    """A number as it was given: « 12 », « 2,5 »."""
    given = float(value)
    return number(given, 0 if given.is_integer() else 1)


def donnee(question: Question, answer: Any) -> str:
    """What a body answered by name (a row of `reponses_nominatives`), as it is read."""
    if answer.modalite == NR:
        return MISSING
    if question.type == "date":
        return short_date(date.fromisoformat(answer.modalite[:10]))
    return nombre(answer.modalite) if question.type == "nombre" else str(answer.libelle)


def parties(
    livres: Mapping[str, Codebook], reponses: pd.DataFrame, nominatives: pd.DataFrame, grilles: bool
) -> list[Partie]:
    """The parts of the report, in order; `grilles`: whether what is told by name alone has a figure.

    A question without a step goes by its block; a free answer stands with the other questions of its block. Where the
    same question is put to bodies that answer by name, theirs stands beside.
    """
    sujets = [s for livre in livres.values() for s in _sujets(livre, reponses, nominatives)]
    named = {s.livre.id for s in sujets if 0 < s.noms["organisme"].nunique() <= NAMED}
    common = {_key(s): s for s in sujets if s.question.commun and s.livre.id in named}
    counted = [replace(s, face=common.get(_key(s))) for s in sujets if s.livre.id not in named]
    beside = {_key(s) for s in counted if s.face is not None and s.is_choice}
    alone = [s for s in sujets if s.livre.id in named and _key(s) not in beside]
    found = []
    for nom, own in _by_part(livres).items():
        here = [
            tuple(s for s in group if (s.livre.id, s.question.code) in own and s.question.type != "texte")
            for group in (counted, alone)
        ]
        found.append(Partie(nom, here[0], here[1], tuple(own)))
    return _joined(found, grilles)


def _key(sujet: Sujet) -> tuple[str, ...]:
    """The same for a question put to several groups."""
    return (sujet.question.commun or f"{sujet.livre.id}.{sujet.question.code}", sujet.question.type, sujet.part)


def _sujets(livre: Codebook, reponses: pd.DataFrame, nominatives: pd.DataFrame) -> Iterator[Sujet]:
    mine = reponses[(reponses.questionnaire == livre.id) & (reponses.modalite != NR)]
    rows = {str(code): own for code, own in mine.groupby("question")}
    noms = nominatives[nominatives.questionnaire == livre.id]
    for question in livre.questions:
        own, who = rows.get(question.code, mine.head(0)), noms[noms.question == question.code]
        whole = not question.is_grid or question.type in ("echelle", "nombre")
        for part in ("",) if whole else question.parts:
            here, said = (own, who) if whole else (own[own.sous_question == part], who[who.sous_question == part])
            if here["base"].gt(0).any():
                yield Sujet(livre, question, part, here, said)


def _by_part(livres: Mapping[str, Codebook]) -> dict[str, list[tuple[str, str]]]:
    """Name of a part → questionnaire and code of its questions that may be published."""
    steps = {step: nom for nom, several in PARTIES.items() for step in several}
    found: dict[str, list[tuple[str, str]]] = {nom: [] for nom in PARTIES}
    for livre in livres.values():
        blocks: dict[str, str] = {}
        for q in livre.questions:
            if q.etape in steps:
                blocks.setdefault(q.bloc, steps[q.etape])
        for q in livre.questions:
            if q.diffusion is None:
                free = blocks.get(q.bloc) if q.type == "texte" else None
                nom = steps.get(q.etape or "", free or q.bloc or livre.titre)
                found.setdefault(nom, []).append((livre.id, q.code))
    return {nom: own for nom, own in found.items() if own}


def _joined(parts: Sequence[Partie], grids: bool) -> list[Partie]:
    """What would have a single figure shares the part of the next, what is last that of the one before."""
    found: list[Partie] = []
    waiting: Partie | None = None
    for part in parts:
        here = waiting.avec(part) if waiting else part
        waiting = here if here.figures(grids) < FEW[part.nom in PARTIES] else None
        found += [] if waiting else [here]
    if waiting:
        found = [*found[:-1], found[-1].avec(waiting) if found else waiting]
    return found


def en_annexe(parts: Sequence[Partie], livre: str, drawn: bool) -> list[Sujet]:
    """What the annex tells of a questionnaire: everything, or what is told by name and not drawn."""
    found = [s for part in parts for s in part.sujets] if drawn else []
    found += [s for part in parts for s in part.nommes]
    if drawn:
        found += [s.face for p in parts for s in p.sujets if s.face is not None and s.is_choice]
    return [s for s in found if s.livre.id == livre]
