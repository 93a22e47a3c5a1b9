"""A survey that LimeSurvey imports: its « Tab Separated Value survey structure » (.txt).

Source: LimeSurvey manual, page « Tab Separated Value survey structure ».
"""

import csv
import html
import io
import re
from collections.abc import Iterator

from ..codebook import AUTRE, Codebook, Question
from ..columns import ACCORD, identity
from ..errors import StudyError
from ..filters import TICKED, Filter, Group, Not, Test
from .sentences import how

FIELDS = (
    "class type/scale name relevance text help language validation mandatory other default same_default max_answers "
    "date_format"
).split()
# LimeSurvey's type of a question alone, then of one whose sub-questions are each answered.
_KINDS = dict(choix_unique="LF", echelle="LF", nombre="NK", texte="TQ", choix_multiple="M", date="D", classement="R")
_PLAIN = re.compile(r"^[A-Za-z][A-Za-z0-9]{0,19}$")
_ANSWER = re.compile(r"^[A-Za-z0-9]{1,5}$")


def survey(codebook: Codebook) -> bytes:
    """The file: one row per setting, group, question, sub-question and answer.

    Raises
    ------
    StudyError
        For a code that LimeSurvey does not admit (letters and digits; 20 for a question, 5 for
        an answer), because it would come back changed.
    """
    settings = {"language": "fr", "format": "G", "anonymized": "N", "datestamp": "Y", "allowsave": "Y"}
    rows = [
        *(_row("S", name, value, language="") for name, value in settings.items()),
        _row("SL", "surveyls_title", _text(codebook.titre)),
        _row("SL", "surveyls_welcometext", _text(codebook.presentation)),
    ]
    groups = [("Votre organisme", [*_identity(codebook)])]
    groups += [
        (block or "Questions", [row for question in questions for row in _question(codebook, question)])
        for block, questions in codebook.blocks.items()
    ]
    for number, (title, asked) in enumerate((group for group in groups if group[1]), 1):
        rows += [_row("G", title, "", str(number), relevance="1"), *asked]
    stream = io.StringIO()
    writer = csv.DictWriter(stream, FIELDS, delimiter="\t", lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode("utf-8-sig")


def _row(kind: str, name: str, text: str, scale: str = "", **more: str) -> dict[str, str]:
    return {"class": kind, "type/scale": scale, "name": name, "text": text, "language": "fr", **more}


def _text(label: str) -> str:
    """HTML without markup; braces would start an expression of LimeSurvey."""
    safe = html.escape(re.sub(r"[\t\r\n]+", " ", label), quote=False)
    return safe.replace("{", "&#123;").replace("}", "&#125;")


def _identity(codebook: Codebook) -> Iterator[dict[str, str]]:
    for role, column in identity(codebook).items():
        if role == "repondant":
            yield _row("Q", _code(column), "Nom de votre organisme", "S", mandatory="Y", relevance="1")
        elif role == "accord":
            yield _row("Q", _code(column), _text(ACCORD), "Y", mandatory="N", relevance="1")


def _question(codebook: Codebook, q: Question) -> list[dict[str, str]]:
    tree, boxes = codebook.filters.get(q.code), q.type == "choix_multiple"
    told = {
        "relevance": _relevance(codebook, tree) if tree else "1",
        "help": _text(how(q)),
        "mandatory": "N",
        "other": "Y" if q.autre else "N",
        "max_answers": str(q.rangs or ""),
        "date_format": "dd/mm/yyyy" if q.type == "date" else "",
    }
    below = q.listed if boxes else q.sous_questions
    answers = {} if boxes else q.listed
    return [
        _row("Q", _code(q.code), _text(q.libelle), _KINDS[q.type][q.is_grid], **told),
        *(_row("SQ", _code(code), _text(label), "0", relevance="1") for code, label in below.items()),
        *(_row("A", _code(code, _ANSWER), _text(label), "0") for code, label in answers.items()),
    ]


def _code(code: str, admitted: re.Pattern[str] = _PLAIN) -> str:
    if not admitted.match(code):
        long = "vingt lettres ou chiffres au plus, une lettre d'abord"
        limit = long if admitted is _PLAIN else "cinq lettres ou chiffres au plus pour une réponse"
        raise StudyError(f"LimeSurvey n'admet pas le code « {code} » : {limit}.")
    return code


def _relevance(codebook: Codebook, tree: Filter) -> str:
    match tree:
        case Not(item):
            return f"!({_relevance(codebook, item)})"
        case Group(kind, items):
            return "(" + f" {kind} ".join(_relevance(codebook, i) for i in items) + ")"
        case Test():
            return "(" + " or ".join(_equals(codebook, tree, v) for v in tree.values) + ")"


def _equals(codebook: Codebook, test: Test, value: str) -> str:
    question = codebook.by_code[test.question]
    box = test.box or (value if question.type == "choix_multiple" else "")
    if box == AUTRE and question.autre:
        filled = f"!is_empty({test.question}_other.NAOK)"
        return filled if not test.box or value == TICKED else f"!({filled})"
    if box:
        sign = "==" if not test.box or value == TICKED else "!="
        return f'{test.question}_{box}.NAOK {sign} "Y"'
    name = f"{test.question}_{test.part}" if test.part else test.question
    shown = "-oth-" if value == AUTRE and question.autre else value.replace('"', '\\"')
    return f"{name}.NAOK == {shown}" if question.type == "nombre" else f'{name}.NAOK == "{shown}"'
