"""The codebook of a questionnaire: what is asked, of whom, and what may be answered.

The checked answers, `data/processed/reponses_<id>.parquet`, are text in four columns
(repondant, question, sous_question, valeur):

- choix_unique, echelle: one row per part; `valeur` is the code of the modality;
- choix_multiple: one row per ticked box, `sous_question` empty, `valeur` the code of the box;
- classement: one row per rank, `sous_question` is "1", "2"…, `valeur` the code of the item;
- nombre (`12.5`), date (ISO), texte: one row per part;
- a part put and not answered: `valeur` is NR; an answer « autre »: AUTRE; a question that its
  filter excluded, or whose filter hangs on a non-answer and that was left empty: no row;
- columns that are no question: `accord` ("oui", "non") and the `strates` that are columns of
  the answers, with the column's name as `question`; no row where the cell is empty.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import Annotated, Literal

import pandas as pd
from pydantic import Field, field_validator, model_validator

from notebook_reports.errors import StudyError
from notebook_reports.french import quoted

from .filters import NR as NR
from .filters import TICKED, Filter, FilterError, Group, Not, Test, parse
from .study import Study
from .toml import Part, read_toml, to_correct, validated
from .words import fold

AUTRE = "autre"
ROLES = ("gestionnaire", "bailleur", "partenaire")
SIDES = ("haut", "bas")  # of a scale: its upper half of modalities, its lower
ANSWERS = ["repondant", "question", "sous_question", "valeur"]
Kind = Literal["choix_unique", "choix_multiple", "echelle", "nombre", "date", "texte", "classement"]
Code = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
Confronted = Literal["date_limite", "volumes", "outil", "tableur", "delais"]
YES, NO = "oui", "non"
SENSES = {  # of each confrontation: what an answer or a sub-question may stand for
    **dict.fromkeys(("date_limite", "outil", "tableur"), (YES, NO)),
    "volumes": ("opérations", "logements"),
    "delais": ("dépôt-programmation", "programmation-agrément", "dépôt-agrément"),
}
Labels = dict[Annotated[str, Field(pattern=r"^[A-Za-z0-9_]+$")], str]
CLOSED = ("choix_unique", "choix_multiple", "echelle", "classement")


class Question(Part):
    """One question; `commun` is shared by questions put to several groups of people.

    `entier`, `minimum`: what forms admit in a `nombre`.
    `profils`: sub-question → the profile that it speaks of, where its label is not its name.
    `phrases`: an answer, or a side of a scale (`SIDES`) → what « 16 bailleurs sur 24 … » says of those who
    gave it. `verifie`: with what the answer is confronted; two questions with one word confront each other.
    `sens`: an answer, a sub-question or the question's own code → what it stands for there (`SENSES`).
    """

    code: Code
    bloc: str = ""
    type: Kind
    libelle: str = Field(min_length=1)
    modalites: Labels = Field({})
    sous_questions: Labels = Field({})
    filtre: str | None = None
    etape: str | None = None
    diffusion: Literal["interne"] | None = None
    autre: bool = False
    aide: str = ""
    commun: str | None = None
    rangs: int | None = Field(default=None, ge=1)
    entier: bool = False
    minimum: int | None = None
    profils: Labels = Field({})
    phrases: Labels = Field({})
    verifie: Confronted | None = None
    sens: Labels = Field({})

    @model_validator(mode="after")
    def _coherent(self) -> "Question":
        boxes = self.type == "choix_multiple" and self.sous_questions
        if self.type in CLOSED and not self.modalites and not boxes:
            raise ValueError(f"modalites : à donner pour le type {self.type}")
        if boxes and self.modalites:
            raise ValueError("modalites : un choix multiple donne modalites ou sous_questions")
        if self.type not in CLOSED and self.modalites:
            raise ValueError(f"modalites : sans objet pour le type {self.type}")
        if self.type in ("classement", "date") and self.sous_questions:
            raise ValueError(f"sous_questions : sans objet pour le type {self.type}")
        if self.autre and (self.type not in ("choix_unique", "choix_multiple") or self.is_grid):
            raise ValueError("autre : réservé à choix_unique et choix_multiple, sans tableau")
        if self.rangs and (self.type != "classement" or self.rangs > len(self.modalites)):
            raise ValueError("rangs : réservé à classement, au plus un rang par modalité")
        if (self.entier or self.minimum is not None) and self.type != "nombre":
            raise ValueError("entier, minimum : réservés à nombre")
        if self.profils.keys() - self.sous_questions.keys():
            raise ValueError("profils : à donner par sous-question")
        sides = SIDES if self.type == "echelle" else ()
        if unknown := sorted(self.phrases.keys() - {*self.choices, *sides}):
            raise ValueError(f"phrases : {', '.join(unknown)} n'est pas une réponse de la question")
        if unknown := sorted(self.sens.keys() - {*self.choices, *self.sous_questions, self.code}):
            raise ValueError(f"sens : {', '.join(unknown)} n'est ni une réponse ni une sous-question")
        known = SENSES[self.verifie] if self.verifie else ()
        if wrong := sorted(set(self.sens.values()) - set(known)):
            asked = f"attendu : {', '.join(known)}" if known else "à donner avec verifie"
            raise ValueError(f"sens : « {', '.join(wrong)} » n'a pas d'objet ({asked})")
        return self

    @property
    def is_grid(self) -> bool:
        """Whether each sub-question is answered on its own."""
        return bool(self.sous_questions) and self.type != "choix_multiple"

    @property
    def parts(self) -> tuple[str, ...]:
        """The values of `sous_question` in the answers; `("",)` without sub-question."""
        if self.type == "classement":
            return tuple(str(i + 1) for i in range(self.rangs or len(self.modalites)))
        return tuple(self.sous_questions) if self.is_grid else ("",)

    @property
    def listed(self) -> dict[str, str]:
        """Code → label of the answers offered, without « autre »; empty for open questions."""
        return self.modalites or (self.sous_questions if self.type == "choix_multiple" else {})

    @property
    def choices(self) -> dict[str, str]:
        """Code → label of what may be answered, « autre » last; empty for open questions."""
        return self.listed | ({AUTRE: "Autre"} if self.autre else {})

    def sense(self, key: str) -> str:
        """What an answer or a part stands for in a confrontation: what `sens` says, else the yes or no of its label.

        Empty where nothing says it.
        """
        words = fold(self.choices.get(key, "")).split()
        return self.sens.get(key or self.code, words[0] if words and words[0] in (YES, NO) else "")

    def part_label(self, part: str) -> str:
        """What is asked in one part; empty without sub-question."""
        return f"Rang {part}" if self.type == "classement" else self.sous_questions.get(part, "")


class Codebook(Part):
    """A questionnaire; `population` is the role of `organismes` that was asked, or a number.

    Answers received after `cloture` are listed, not counted.
    """

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")
    titre: str
    presentation: str = ""
    repondant: str | None = None
    population: str | int | None = None
    date_reponse: str | None = None
    strates: tuple[str, ...] = Field(default=(), strict=False)
    nominatif: bool = False
    accord: str | None = None
    cloture: date | None = None
    questions: tuple[Question, ...] = Field(alias="question", min_length=1, strict=False)

    @field_validator("population")
    @classmethod
    def _role_or_number(cls, value: str | int | None) -> str | int | None:
        if isinstance(value, str) and value not in ROLES:
            known = ", ".join(ROLES)
            raise ValueError(f"rôle inconnu « {value} » (attendu : {known} ou un nombre)")
        if isinstance(value, int) and value < 1:
            raise ValueError("un nombre d'au moins 1 est attendu")
        return value

    @model_validator(mode="after")
    def _codes_and_filters(self) -> "Codebook":
        seen: set[str] = set()
        for question in self.questions:
            if question.code.casefold() in seen:
                raise ValueError(f"question {question.code} : code donné deux fois")
            seen.add(question.code.casefold())
        _ = self.filters
        return self

    @cached_property
    def by_code(self) -> dict[str, Question]:
        return {q.code: q for q in self.questions}

    @cached_property
    def filters(self) -> dict[str, Filter]:
        """The parsed filter of each question that has one."""
        found: dict[str, Filter] = {}
        for place, question in enumerate(self.questions):
            if question.filtre is not None:
                earlier = {q.code: q for q in self.questions[:place]}
                try:
                    found[question.code] = parse(question.filtre, partial(_resolve, earlier))
                except FilterError as error:
                    raise ValueError(f"question {question.code}, filtre : {error} (lu : {question.filtre})") from None
        return found

    @property
    def blocks(self) -> dict[str, list[Question]]:
        """The questions by block, in the order of the codebook."""
        found: dict[str, list[Question]] = {}
        for question in self.questions:
            found.setdefault(question.bloc, []).append(question)
        return found


def _resolve(earlier: dict[str, Question], name: str, index: str) -> tuple[str, str, str]:
    if not index and name not in earlier:
        pairs = [(c, name.removeprefix(c + "_")) for c in earlier if name.startswith(c + "_")]
        name, index = max(pairs, default=(name, ""), key=lambda p: len(p[0]))
    question = earlier.get(name)
    if question is None:
        raise FilterError(f"« {name} » n'est pas le code d'une question précédente")
    if question.type == "choix_multiple" and index:
        if index in question.choices:
            return name, "", index
    elif index in question.parts:
        return name, index, ""
    raise FilterError(
        f"sous-question à préciser pour {name}" if not index else f"{name} n'a pas de sous-question « {index} »"
    )


def condition(codebook: Codebook, tree: Filter, negated: bool = False) -> str:
    """A filter in French, for forms and reports, after « si »: « G05 est « Oui » », « B04 n'est ni 0 ni 1 »."""
    match tree:
        case Not(item):
            return condition(codebook, item, not negated)
        case Group(kind, items):
            both = (kind == "and") != negated
            if test := _of_one_answer(items, both != negated):
                return _comparison(codebook, test, both)
            inner = [(i, condition(codebook, i, negated)) for i in items]
            return (" et " if both else " ou ").join(f"({t})" if isinstance(i, Group) else t for i, t in inner)
        case Test():
            return _comparison(codebook, tree, negated)


def _of_one_answer(items: tuple[Filter, ...], excluded: bool) -> Test | None:
    """One test for several of a same answer, each of them negated where `excluded`, none otherwise."""
    inner = [item.item if isinstance(item, Not) else item for item in items]
    tests = [test for test in inner if isinstance(test, Test) and not test.box]
    alike = len(tests) == len(items) and len({(test.question, test.part) for test in tests}) == 1
    if not alike or {isinstance(item, Not) for item in items} != {excluded}:
        return None
    return replace(tests[0], values=tuple(value for test in tests for value in test.values))


def _comparison(codebook: Codebook, test: Test, negated: bool) -> str:
    question = codebook.by_code[test.question]
    values = [test.box] if test.box else [*test.values]
    if question.type != "nombre":
        values = [quoted(question.choices.get(value) or value) for value in values]
    if test.box:
        negated ^= TICKED not in test.values
    if test.box or question.type == "choix_multiple":
        if negated and len(values) > 1:
            return f"ni {' ni '.join(values)} n'est coché à {question.code}"
        state = "n'est pas coché" if negated else "est coché"
        return f"{' ou '.join(values)} {state} à {question.code}"
    where = f"{question.code} ({question.part_label(test.part)})" if test.part else question.code
    if not negated:
        return f"{where} est {' ou '.join(values)}"
    return f"{where} n'est ni {' ni '.join(values)}" if len(values) > 1 else f"{where} n'est pas {values[0]}"


def load_codebook(path: Path) -> Codebook:
    """Read and check one codebook.

    Raises
    ------
    StudyError
        Naming the file, the question and the key to correct.
    """
    codebook = validated(Codebook, read_toml(path, f"Questionnaire introuvable : {path.name}."), path.name)
    if codebook.id != path.stem:
        raise to_correct(
            path.name, f"id : « {path.stem} » est attendu, comme le nom du fichier, lu : « {codebook.id} »"
        )
    return codebook


def codebook_files(study: Study) -> list[Path]:
    """`data/raw/questionnaires/<id>.toml`, in the order of the ids."""
    return sorted((study.raw / "questionnaires").glob("*.toml"))


def load_codebooks(study: Study) -> dict[str, Codebook]:
    """The codebooks by id. One that is to be corrected is left out: `check` sets it aside."""
    found = {}
    for path in codebook_files(study):
        with suppress(StudyError):
            found[path.stem] = load_codebook(path)
    return found


def read_answers(study: Study, questionnaire: str) -> pd.DataFrame:
    """The checked answers (repondant, question, sous_question, valeur), empty if none came."""
    path = study.processed / f"reponses_{questionnaire}.parquet"
    return pd.read_parquet(path) if path.exists() else pd.DataFrame(columns=ANSWERS, dtype="str")
