"""What report 2 tells, part by part: the questions of a step of programming, then those without a step by block."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial
from typing import Any, NamedTuple, TypeVar

import pandas as pd

from notebook_reports.french import MISSING, count, number, quoted, short_date

from ...codebook import NR, Codebook, Question
from .survey import RANG_MOYEN

PARTIES = {  # what one does → the steps of programming
    "Recenser": ("recensement",),
    "Transmettre et compléter": ("depot",),
    "Instruire et décider": ("instruction", "programmation", "agrement"),
    "Suivre": ("suivi", "modification", "cloture"),
}
NAMED = 7  # bodies that have a column each; more are counted
LONGEST_SCALE = 6  # modalities of a scale that diverges; a longer one has bars
FEW = {True: 2, False: 4}  # figures of a part: of a step, of blocks; with fewer it joins the next
COUNTS = dict.fromkeys(("effectif", "base", "reponses_recues"), 0)  # where there is none

Key = tuple[str, str]  # questionnaire, question
Rows = Mapping[Key, Sequence[Any]]
Of = TypeVar("Of")


class Dit(NamedTuple):
    """What is compared: of the `base` who answered a point, `n` gave one answer or, of a scale, one of its sides."""

    point: str  # a part of a grid, the first rank, else nothing
    cle: str  # modality, or `bas` or `haut`
    texte: str
    n: int
    base: int


@dataclass(frozen=True)
class Sujet:
    """A question, or one part of a grid that is no scale, as a group answered it.

    `reponses`: its rows of `reponses`. `noms`: its rows of `reponses_nominatives`; none for who answers in confidence.
    `face`: the same question, put to public bodies that answer by name.
    """

    livre: Codebook
    question: Question
    part: str
    reponses: Sequence[Any]
    noms: Sequence[Any]
    face: "Sujet | None" = None

    @property
    def key(self) -> Key:
        return self.livre.id, self.question.code

    @property
    def one(self) -> str:
        """One of those asked."""
        return one(self.livre)

    def bodies(self, n: float) -> str:
        """« 24 bailleurs »."""
        return count(n, self.one)

    @cached_property
    def base(self) -> int:
        return max(int(row.base) for row in self.reponses)

    @cached_property
    def comptes(self) -> list[Any]:
        """The rows of counts, without points that nobody answered; of a ranking, those of first choices."""
        choices = self.question.choices
        return [r for r in self.reponses if r.base and r.modalite in choices and r.sous_question != RANG_MOYEN]

    @property
    def points(self) -> dict[str, list[Any]]:
        """The counts of each point."""
        return grouped(self.comptes, lambda row: row.sous_question)

    @cached_property
    def dits(self) -> list[Dit]:
        """What was said on each point, the middle of a scale left out."""
        of = partial(side, self.question) if self.is_scale else str
        return [
            Dit(*key, " ou ".join(quoted(r.libelle) for r in rows), sum(r.effectif for r in rows), rows[0].base)
            for key, rows in grouped(self.comptes, lambda row: (row.sous_question, of(row.modalite))).items()
            if key[1]
        ]

    def elsewhere(self, rows: Rows) -> list[Any]:
        """The counts of the same question among other answers."""
        return replace(self, reponses=_of(rows, self.key, self.part)).comptes

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
    def organismes(self) -> set[str]:
        """Those asked by name."""
        return {answer.organisme for answer in self.noms}

    @property
    def common(self) -> tuple[object, ...]:
        """The same for a question put to several groups."""
        return self.question.commun or self.key, self.question.type, self.is_scale, self.part


@dataclass(frozen=True)
class Partie:
    """A part of the report: what is counted, what is told by name alone, questionnaire and code of all questions."""

    nom: str
    sujets: tuple[Sujet, ...]
    nommes: tuple[Sujet, ...]
    questions: tuple[Key, ...]

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


def degree(question: Question, modality: str) -> int:
    """How far from the middle of a scale: −2, −1, 1, 2; 0 in the middle itself, where there is one."""
    beyond = 2 * [*question.modalites].index(modality) + 1 - len(question.modalites)
    return (abs(beyond) + 1) // 2 * (1 if beyond > 0 else -1)


def side(question: Question, modality: str) -> str:
    """The half of a scale where a modality is: bas, haut; of the middle one, none."""
    return "bas" if (far := degree(question, modality)) < 0 else "haut" if far else ""


def donnee(question: Question, answer: Any) -> str:
    """What a body answered by name (a row of `reponses_nominatives`), as it is read."""
    if answer.modalite == NR:
        return MISSING
    if question.type == "date":
        return short_date(date.fromisoformat(answer.modalite[:10]))
    return nombre(answer.modalite) if question.type == "nombre" else str(answer.libelle)


def by_question(table: pd.DataFrame) -> Rows:
    """The rows of each question of a table that has the columns questionnaire and question."""
    return grouped(table.fillna(COUNTS).itertuples(), lambda row: (row.questionnaire, row.question))


def grouped(rows: Iterable[Any], key: Callable[[Any], Of]) -> dict[Of, list[Any]]:
    """The rows of each key, in order."""
    found: dict[Of, list[Any]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found


def _of(rows: Rows, key: Key, part: str) -> list[Any]:
    return [row for row in rows.get(key, ()) if part in ("", row.sous_question)]


def parties(
    livres: Mapping[str, Codebook], reponses: pd.DataFrame, nominatives: pd.DataFrame, grilles: bool
) -> list[Partie]:
    """The parts of the report, in order; `grilles`: whether what is told by name alone has a figure.

    A question without a step goes by its block; a free answer stands with the other questions of its block. Where the
    same question is put to bodies that answer by name, theirs stands beside.
    """
    sujets = [*_sujets(livres, by_question(reponses), by_question(nominatives))]
    named = {s.livre.id for s in sujets if 0 < len(s.organismes) <= NAMED}
    common = {s.common: s for s in sujets if s.question.commun and s.livre.id in named}
    counted = [replace(s, face=common.get(s.common)) for s in sujets if s.livre.id not in named]
    beside = {s.common for s in counted if s.face is not None and s.is_choice}
    alone = [s for s in sujets if s.livre.id in named and s.common not in beside]

    def of(group: Sequence[Sujet], own: Sequence[Key]) -> tuple[Sujet, ...]:
        return tuple(s for s in group if s.key in own)

    parts = _by_part(livres).items()
    return _joined([Partie(nom, of(counted, own), of(alone, own), tuple(own)) for nom, own in parts], grilles)


def _sujets(livres: Mapping[str, Codebook], reponses: Rows, noms: Rows) -> Iterator[Sujet]:
    for livre in livres.values():
        for question in (q for q in livre.questions if q.type != "texte"):
            whole = not question.is_grid or question.type in ("echelle", "nombre")
            for part in ("",) if whole else question.parts:
                key = livre.id, question.code
                sujet = Sujet(livre, question, part, _of(reponses, key, part), _of(noms, key, part))
                if any(row.base for row in sujet.reponses):
                    yield sujet


def _by_part(livres: Mapping[str, Codebook]) -> dict[str, list[Key]]:
    """Name of a part → questionnaire and code of its questions that may be published."""
    steps = {step: nom for nom, several in PARTIES.items() for step in several}
    found: dict[str, list[Key]] = {nom: [] for nom in PARTIES}
    for livre in livres.values():
        blocks = {q.bloc: steps[q.etape] for q in reversed(livre.questions) if q.etape in steps}
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
    counted = [s for part in parts for s in part.sujets] if drawn else []
    beside = [s.face for s in counted if s.face is not None and s.is_choice]
    return [s for s in (*counted, *(s for part in parts for s in part.nommes), *beside) if s.livre.id == livre]
