"""A small LimeSurvey: it imports the file that `forms` writes and exports answers as the versions 3.25 to 6.4 do."""

import csv
import html
import io
from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

from openpyxl import Workbook

OWN = {
    "id": "ID de la réponse",
    "submitdate": "Date de soumission",
    "lastpage": "Dernière page",
    "startlanguage": "Langue de départ",
    "seed": "Tête de série",
    "startdate": "Date de lancement",
    "datestamp": "Date de la dernière action",
}
FORMS = ("code", "code, full answers", "full", "code and text", "abbreviated", "converted", "vv", "xlsx")
MARKS = {"{": "{lbrace}", "\r": "{cr}", "\n": "{newline}", "\t": "{tab}", '"': '"'}
Answers = Mapping[str, str]  # column by code → what LimeSurvey stores


class Asked(NamedTuple):
    """A column of the export; `answers` are those of a list, `kind` LimeSurvey's type."""

    question: str
    part: str
    text: str
    label: str
    kind: str
    answers: dict[str, str]

    @property
    def code(self):
        return f"{self.question}[{self.part}]" if self.part else self.question


def imported(survey):
    rows = [*csv.DictReader(io.StringIO(survey.decode("utf-8-sig")), delimiter="\t")]
    places = [i for i, row in enumerate(rows) if row["class"] in ("Q", "G")] + [len(rows)]
    found = []
    for start, end in pairwise(places):
        if (q := rows[start])["class"] == "Q":
            below = {
                c: {r["name"]: html.unescape(r["text"]) for r in rows[start:end] if r["class"] == c}
                for c in "SQ A".split()
            }
            parts = below["SQ"] or {"": ""}
            if q["type/scale"] == "R":
                parts = {str(i + 1): f"Classement {i + 1}" for i in range(len(below["A"]))}
            if q["other"] == "Y":
                parts = ({"": ""} if q["type/scale"] != "M" else parts) | {"other": "Autre"}
            found += [
                Asked(q["name"], part, html.unescape(q["text"]), label, q["type/scale"], below["A"])
                for part, label in parts.items()
            ]
    return found


def heads(asked, form):
    return [_head(form, code, words) for code, words in OWN.items()] + [
        _head(form, one.code, one.text, one.label) for one in asked
    ]


def _head(form, code, text, label=""):
    short = _cut if form == "abbreviated" else str
    words = short(text) + (f" [{short(label)}]" if label else "")
    told = dict.fromkeys(("code", "code, full answers", "converted"), code) | {"code and text": f"{code}. {words}"}
    return (told | {"vv": code.replace("[", "_").rstrip("]")}).get(form, words)


def _cut(text):
    return text if len(text) <= 18 else f"{text[:15]}.. "


def exported(asked, respondents, form):
    rows = [
        [{"id": str(i + 1), "startlanguage": "fr"}.get(own, given.get(own, "")) for own in OWN]
        + [_value(one, given.get(one.code, ""), form) for one in asked]
        for i, given in enumerate(respondents)
    ]
    table = [heads(asked, form), *rows]
    if form == "xlsx":
        book, stream = Workbook(), io.BytesIO()
        for row in table:
            book.active.append(row)
        book.save(stream)
        return stream.getvalue()
    text = io.StringIO()
    if form == "vv":
        csv.writer(text, delimiter="\t", lineterminator="\n").writerow(
            head.replace("[", "(").replace("]", ")") for head in heads(asked, "full")
        )
        table[1:] = [["".join(MARKS.get(c, c) for c in cell) or "{question_not_shown}" for cell in row] for row in rows]
    csv.writer(text, delimiter="\t" if form == "vv" else ",", lineterminator="\n").writerows(table)
    return (b"" if form == "vv" else b"\xef\xbb\xbf") + text.getvalue().encode()


def _value(one, stored, form):
    box = one.kind == "Y" or (one.kind == "M" and one.part != "other")
    if form == "converted" and one.kind in "MY":
        return {"Y": "1", "N": "2", "": "2" if one.kind == "M" else ""}.get(stored, stored)
    if form in ("code", "converted", "vv"):
        return stored
    if box:
        return {"Y": "Oui", "N": "Non", "": "N/A"}[stored]
    return ({"-oth-": "Autre"} | one.answers).get(stored, stored) if one.part != "other" else stored
