"""A survey that LimeSurvey imports: its « Tab Separated Value survey structure » (.txt).

Source: LimeSurvey manual, page « Tab Separated Value survey structure ».
"""

import csv
import html
import io
import re
from collections.abc import Iterator, Mapping

from notebook_reports.errors import StudyError

from ..codebook import AUTRE, Codebook, Question
from ..columns import ACCORD, IDENTITY, identity
from ..filters import TICKED, Filter, Group, Not, Test
from .sentences import sections

FIELDS = (
    "class type/scale name relevance text help language validation mandatory other default same_default max_answers "
    "date_format max_subquestions num_value_int_only min_num_value_n"
).split()
# LimeSurvey's type of a question alone, then of one whose sub-questions are each answered.
_KINDS = dict(choix_unique="LF", echelle="LF", nombre="NK", texte="TQ", choix_multiple="M", date="D", classement="R")
_PLAIN = re.compile(r"^[A-Za-z][A-Za-z0-9]{0,19}$")
_ANSWER = re.compile(r"^[A-Za-z0-9]{1,5}$")
# LimeSurvey's own words: a code like these comes back changed, or hides a column or an expression of its own.
_RESERVED = frozenset(
    "other time self that this lang sid gid qid aid sgq token tid savedid insertans id submitdate lastpage "
    "startlanguage seed startdate datestamp ipaddr refurl interviewtime".split()
)
_SETTINGS = {  # tried: with these a respondent may go back and type « 7,5 »
    "language": "fr",
    "format": "G",
    "anonymized": "N",
    "datestamp": "Y",
    "allowsave": "Y",
    "allowprev": "Y",
    "showsurveypolicynotice": "1",
}


def survey(
    codebook: Codebook, organismes: Mapping[str, str] | None = None, author: str = "", contact: str = ""
) -> bytes:
    """The file: one row per setting, group, question, sub-question and answer.

    Parameters
    ----------
    organismes
        Id → name of those asked, offered as a list where LimeSurvey admits each id as a code; else
        the name is typed, or comes with the link (`&organisme=B05`).
    author, contact
        Whose study it is, and whom to write to: said by the notice on personal data.

    Raises
    ------
    StudyError
        For a code that LimeSurvey does not admit (letters and digits; 20 for a question, 5 for
        an answer; not a word of its own), because it would come back changed.
    """
    said = {
        "surveyls_title": codebook.titre,
        "surveyls_numberformat": "1",  # a decimal comma
        "surveyls_dateformat": "5",  # jj/mm/aaaa
        "surveyls_welcometext": codebook.presentation,
        "surveyls_endtext": "Merci. Votre réponse est enregistrée.",
        "surveyls_policy_notice": _notice(codebook, author, contact),
    }
    rows = [_row("S", name, value, language="") for name, value in _SETTINGS.items()]
    rows += [_row("SL", name, _text(value)) for name, value in said.items()]
    groups = [("Votre organisme", [*_identity(codebook, organismes or {})])]
    groups += [
        (block, [row for question in questions for row in _question(codebook, question)])
        for block, questions in sections(codebook)
    ]
    for number, (title, asked) in enumerate((group for group in groups if group[1]), 1):
        rows += [_row("G", _text(title), "", str(number), relevance="1"), *asked]
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


def _notice(codebook: Codebook, author: str, contact: str) -> str:
    shown = "sous le nom de votre organisme" if codebook.nominatif else "sous forme de totaux, sans nommer de personne"
    return (
        f"Vos réponses servent à l'étude conduite par {author or 'le service qui vous interroge'}\u202f; elles sont"
        f" publiées {shown}. Le nom et les coordonnées que vous donneriez restent à l'équipe de l'étude. Pour les"
        " consulter, les rectifier ou les faire effacer, "
        + (f"écrivez à {contact}." if contact else "adressez-vous à qui vous a envoyé ce questionnaire.")
    )


def _identity(codebook: Codebook, organismes: Mapping[str, str]) -> Iterator[dict[str, str]]:
    listed = organismes if all(map(_ANSWER.match, organismes)) else {}
    for role, column in identity(codebook).items():
        if role == "repondant":
            kind = "!" if listed else "S"
            yield _row("Q", _code(column), IDENTITY[role][1], kind, mandatory="Y", relevance="1")
            yield from (_row("A", id, _text(name), "0") for id, name in listed.items())
        elif role == "accord":
            yield _row("Q", _code(column), _text(ACCORD), "Y", mandatory="N", relevance="1")


def _question(codebook: Codebook, q: Question) -> list[dict[str, str]]:
    tree, boxes = codebook.filters.get(q.code), q.type == "choix_multiple"
    told = {
        "relevance": _relevance(codebook, tree) if tree else "1",
        "help": _text(q.aide),  # LimeSurvey tells itself how to answer
        "mandatory": "N",
        "other": "Y" if q.autre else "N",
        "max_answers": str(q.rangs or ""),
        "max_subquestions": str(q.rangs or ""),
        "date_format": "dd/mm/yyyy" if q.type == "date" else "",
        "num_value_int_only": "1" if q.entier else "",
        "min_num_value_n": "" if q.minimum is None else str(q.minimum),
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
        raise StudyError(f"LimeSurvey n'admet pas le code « {code} » : {limit}. Changez-le dans le questionnaire.")
    if code.lower() in _RESERVED:
        raise StudyError(f"LimeSurvey garde pour lui le code « {code} » : donnez-en un autre dans le questionnaire.")
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
    if question.type == "nombre":  # there, empty equals 0
        return f"(!is_empty({name}.NAOK) and {name}.NAOK == {shown})"
    return f'{name}.NAOK == "{shown}"'
