"""A finished edition in the hands of who adds and subtracts: CSV, workbook and pages of all its territories."""

import csv
import html
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from conftest import ROOT

pytestmark = pytest.mark.reports
LEAST = 5
STUDY = ROOT / "demo" / "intermediaire"
PLACES = ("16", "17", "79", "86", "region")
Cell = tuple[str, str]  # question, part
Shown = dict[tuple[str, str, str], int]  # question, part, territory → how many answered


@cache
def book() -> dict[str, dict[str, Any]]:
    text = (STUDY / "data/raw/questionnaires/bailleurs.toml").read_text(encoding="utf-8")
    return {q["code"]: q for q in tomllib.loads(text)["question"] if q.get("diffusion") != "interne"}


def cells(question: dict[str, Any]) -> list[Cell]:
    grid = "sous_questions" in question and question["type"] != "choix_multiple"
    return [(question["code"], part) for part in (question["sous_questions"] if grid else [""])]


@cache
def respondents() -> dict[tuple[str, str, str], frozenset[str]]:
    """Who answered each question, or part of it, in each territory."""
    processed = STUDY / "data" / "processed"
    answers = pd.read_parquet(processed / "reponses_bailleurs.parquet")
    bodies = pd.read_parquet(processed / "organismes.parquet").set_index("id")
    found = {}
    for code, question in book().items():
        own = answers[(answers["question"] == code) & (answers["valeur"] != "NR")]
        if question["type"] == "classement":
            own = own[own["sous_question"] == "1"]
        for _, part in cells(question):
            who = own[own["sous_question"] == part] if part else own
            for place in PLACES:
                works = bodies["departements"].map(lambda d, p=place: p == "region" or p in d.split("|"))
                found[code, part, place] = frozenset(w for w in who["repondant"] if works[w])
    return found


def rows(reports: Path, name: str) -> Iterator[tuple[str, dict[str, str]]]:
    for place in PLACES:
        with (reports / place / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            yield from ((place, row) for row in csv.DictReader(stream))


@cache
def in_tables(reports: Path) -> Shown:
    return _shown(rows(reports, "reponses"))


@cache
def in_workbooks(reports: Path) -> Shown:
    found: list[tuple[str, dict[str, str]]] = []
    for place in PLACES:
        sheet = pd.read_excel(reports / place / "tableaux.xlsx", "reponses", dtype="str", engine="openpyxl")
        found += [(place, row) for row in sheet.fillna("").to_dict("records")]
    return _shown(found)


def _shown(told: Any) -> Shown:
    found: Shown = {}
    for place, row in told:
        if row["questionnaire"] == "bailleurs" and row["base"]:
            code = row["question"]
            part = row["sous_question"] if book()[code]["type"] in ("echelle", "nombre") else ""
            assert found.setdefault((code, part, place), int(row["base"])) == int(row["base"])
    return found


@cache
def in_pages(reports: Path) -> Shown:
    """What is drawn: each figure says how many answered, each row of a scale too; the annex, of numbers."""
    found: Shown = {}
    for place in PLACES:
        text = (reports / place / "2_questionnaires.html").read_text(encoding="utf-8")
        for figure in re.findall(r"<figure.*?</figure>", text, re.DOTALL):
            told, [question] = plain(figure), re.findall(r'class="sous-titre">(.*?)</span>', figure, re.DOTALL)
            for own in book().values():
                if plain(question).removesuffix(" ; trait : région") == printed(own["libelle"]):
                    for cell in cells(own):
                        label = own["sous_questions"][cell[1]] if cell[1] else "Réponses"
                        row = re.escape(printed(label)) + r" \((\d+)\)"
                        for number in re.findall(row if own["type"] == "echelle" else r"Champ : (\d+)", told):
                            assert found.setdefault((*cell, place), int(number)) == int(number)
        for code, number in re.findall(r'<th scope="row">(B\d\d) .*?</th>\s*<td[^>]*>(\d+)</td>', text, re.DOTALL):
            if cells(book()[code]) == [(code, "")]:
                assert found.setdefault((code, "", place), int(number)) == int(number)
        for code, own in book().items():  # a department's report leaves the annex to the region's
            told = re.escape(printed(own["libelle"])) + r" Médiane : [^(]*\((\d+) réponses?\)"
            for number in re.findall(told, page(reports, place, "2_questionnaires")):
                assert found.setdefault((code, "", place), int(number)) == int(number)
    return found


def plain(part: str) -> str:
    """The text of a part of a page."""
    return printed(html.unescape(re.sub(r"<[^>]+>", " ", part)))


def printed(text: str) -> str:
    """On one line, as pages have apostrophes."""
    return " ".join(text.replace("'", "’").split())


@cache
def page(reports: Path, place: str, name: str) -> str:
    text = (reports / place / f"{name}.html").read_text(encoding="utf-8")
    text = re.sub(r"<(style|script|details)\b.*?</\1>", " ", text, flags=re.DOTALL)
    return plain(text)


def test_no_signed_sum_of_what_shows_isolates_few(demonstration: Path) -> None:
    """Of the tables: workbooks and pages show the same or less, as the next test says."""
    shown, who = in_tables(demonstration), respondents()
    assert len(shown) > 190
    for cell, base in shown.items():
        assert base == len(who[cell]), cell
        assert base >= LEAST or book()[cell[0]]["type"] == "texte", cell
    for question in book().values():
        for cell in cells(question) if question["type"] != "texte" else ():
            groups = [who[*cell, place] for place in PLACES if (*cell, place) in shown]
            if not groups:
                continue
            members = sorted(set().union(*groups))
            signs = np.array([*product((-1, 0, 1), repeat=len(groups))])
            weights = np.array([[member in group for group in groups] for member in members], int) @ signs.T
            isolated = (weights != 0).sum(axis=0)
            assert not ((isolated > 0) & (isolated < LEAST)).any(), cell


def test_the_three_formats_show_the_same_questions(demonstration: Path) -> None:
    shown, drawn = in_tables(demonstration), in_pages(demonstration)
    assert in_workbooks(demonstration) == shown
    assert drawn.items() <= shown.items() and len(drawn) > 110
    closed = [q["code"] for q in book().values() if q["type"] not in ("nombre", "date", "texte")]
    assert {cell for cell in shown if cell[0] in closed} == {cell for cell in drawn if cell[0] in closed}
    numbers = [q["code"] for q in book().values() if q["type"] in ("nombre", "date") and cells(q)[0][1] == ""]
    assert {cell for cell in shown if cell[0] in numbers} == {cell for cell in drawn if cell[0] in numbers}


def test_a_question_shows_or_is_listed_with_its_text(demonstration: Path) -> None:
    shown = in_tables(demonstration)
    listed = {
        (r["question"], r["sous_question"], place): r for place, r in rows(demonstration, "reponses_non_montrees")
    }
    every = {(*cell, place) for q in book().values() for cell in cells(q) for place in PLACES}
    assert not shown.keys() & listed.keys() and shown.keys() | listed.keys() == every
    for (code, _, place), row in listed.items():
        received = row["reponses_recues"].replace("0", "") or row["motif"]
        line = printed(f"{code}. {book()[code]['libelle']} : {received}")
        text = page(demonstration, place, "2_questionnaires")
        assert row["motif"] and row["groupe"] == place
        assert text.count(line) == 1 and text.count(line.partition(" : ")[0]) == 1
        answered = len(respondents()[code, row["sous_question"], place])
        assert row["reponses_recues"] in ("", str(answered))
    simple = [q for q in book().values() if q["type"] not in ("nombre", "date", "texte") and "filtre" not in q]
    asked = {(*cell, place) for q in simple for cell in cells(q) for place in PLACES}
    assert len(asked & listed.keys()) < 0.05 * len(asked)
    assert not [cell for cell in asked & listed.keys() if cell[2] == "region"]


def test_nothing_is_made_of_what_does_not_show(demonstration: Path) -> None:
    shown, seen = in_tables(demonstration), Counter[str]()
    for place in PLACES:
        for file in sorted((demonstration / place / "tables").glob("*.csv")):
            with file.open(encoding="utf-8", newline="") as stream:
                for row in csv.DictReader(stream):
                    assert "questionnaire" not in row or "s" not in row.values(), (file, row)
                    name = row.get("question") or row.get("question_a") or ""
                    if row.get("questionnaire") != "bailleurs" or file.stem == "reponses_non_montrees" or not name:
                        continue
                    code, _, inside = name.removesuffix("]").partition("[")
                    part = row.get("sous_question") or inside
                    kind = book()[code]["type"]
                    cell = (code, part if kind in ("echelle", "nombre") else "", place)
                    assert cell in shown, (file, row)
                    if "=" in row.get("question_b", ""):
                        assert (*cell[:2], row["question_b"].partition("=")[2]) in shown, (file, row)
                    seen[file.stem] += 1
    assert seen["reponses"] > 1000 and seen["reponses_redressees"] > 500 and seen["croisements"] >= 200


def test_raw_answers_counted_by_hand_are_the_published_ones(demonstration: Path) -> None:
    """B07, one choice, and B25, boxes: of each organisme the last complete answer before the closing."""
    raw = STUDY / "data" / "raw"
    works: dict[str, list[str]] = {}
    for body in pd.read_excel(raw / "organismes.xlsx", dtype="str", engine="openpyxl").itertuples():
        known = [str(body.id), *str(body.departements).split("|"), "region"]
        works |= {str(name).casefold(): known for name in (body.id, body.nom, body.siren)}
    [export] = (raw / "questionnaires").glob("bailleurs*.csv")
    answers = pd.read_csv(export, dtype="str", keep_default_na=False, encoding="utf-8-sig").sort_values("submitdate")
    complete = answers[(answers.submitdate != "") & (answers.submitdate.str[:10] <= "2014-09-26")]
    places = complete.organisme.str.casefold().map(works)
    last = complete[~places.str[0].duplicated(keep="last")]
    assert len(last) == 25
    expected: dict[tuple[str, str, str], tuple[int, int]] = {}
    for place in PLACES:
        here = last[[place in known for known in places[last.index]]]
        said = here.B07[here.B07 != ""]
        expected |= {("B07", code, place): ((said == code).sum(), len(said)) for code in ("A1", "A2", "A3")}
        boxes = here.filter(like="B25[") != ""
        for box, ticked in boxes.sum().items():
            modality = str(box)[4:-1].replace("other", "autre")
            expected["B25", modality, place] = (ticked, boxes.any(axis=1).sum())
    published = {
        (row["question"], row["modalite"], place): (int(row["effectif"]), int(row["base"]))
        for place, row in rows(demonstration, "reponses")
        if row["question"] in ("B07", "B25") and row["modalite"] != "NR"
    }
    assert published == expected
