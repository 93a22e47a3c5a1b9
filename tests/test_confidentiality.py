"""A finished edition in the hands of who adds and subtracts: CSV, workbook and pages of all its territories."""

import html
import re
import tomllib
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
Shown = dict[tuple[str, str, str], int]  # question, part, territory → how many answered


@cache
def book() -> dict[str, dict[str, Any]]:
    text = (STUDY / "data/raw/questionnaires/bailleurs.toml").read_text(encoding="utf-8")
    return {q["code"]: q for q in tomllib.loads(text)["question"] if q.get("diffusion") != "interne"}


@cache
def cells(*kinds: str) -> list[tuple[str, str]]:
    """Question and part, of all questions or of some types."""
    return [
        (code, part)
        for code, own in book().items()
        if not kinds or own["type"] in kinds
        for part in (own.get("sous_questions", [""]) if own["type"] != "choix_multiple" else [""])
    ]


CLOSED, VALUES = ("choix_unique", "choix_multiple", "echelle", "classement"), ("nombre", "date")


@cache
def respondents() -> dict[tuple[str, str, str], frozenset[str]]:
    """Who answered each question, or part of it, in each territory."""
    processed = STUDY / "data" / "processed"
    answers = pd.read_parquet(processed / "reponses_bailleurs.parquet")
    answers = answers[answers["valeur"] != "NR"].fillna({"sous_question": ""})
    places = pd.read_parquet(processed / "organismes.parquet").set_index("id")["departements"].str.split("|")
    found = {}
    for code, part in cells():
        only = part or ("1" if book()[code]["type"] == "classement" else "")
        who = set(
            answers["repondant"][(answers["question"] == code) & (answers["sous_question"].isin([only]) | (not only))]
        )
        found |= {(code, part, p): frozenset(w for w in who if p in (*places[w], "region")) for p in PLACES}
    return found


@cache
def published(reports: Path, name: str, *, workbook: bool = False) -> pd.DataFrame:
    """What a table says of the bailleurs' questionnaire, as text, in all territories (`place`)."""
    each = {
        place: pd.read_excel(folder / "tableaux.xlsx", name, dtype="str", engine="openpyxl").fillna("")
        if workbook
        else pd.read_csv(folder / "tables" / f"{name}.csv", dtype="str", keep_default_na=False)
        for place in PLACES
        if (folder := reports / place) and (folder / "tables" / f"{name}.csv").is_file()
    }
    table = pd.concat(each, names=["place"]).reset_index("place")
    return table[table["questionnaire"] == "bailleurs"] if "questionnaire" in table else table.head(0)


def cell(table: pd.DataFrame, question: str = "question") -> pd.Series:
    """The cell of each row: `B02[A1]` is a part of a grid, or a box of B02."""
    code, inside = table[question].str.extract(r"^(\w+)(?:\[(.*)\])?$", expand=True).fillna("").to_numpy().T
    part = table.get("sous_question", inside)
    parted = [book()[c]["type"] in ("echelle", "nombre") for c in code]
    return pd.Series([*zip(code, np.where(parted, part, ""), table["place"], strict=True)], table.index, dtype="object")


@cache
def shown(reports: Path, *, workbook: bool = False) -> Shown:
    table = published(reports, "reponses", workbook=workbook).query("base != ''")
    bases = table["base"].astype(int).groupby(cell(table)).agg(["min", "max"])
    assert (bases["min"] == bases["max"]).all()
    return dict(bases["min"])


@cache
def in_pages(reports: Path) -> Shown:
    """What is drawn: each figure says how many answered, each row of a scale too; the annex, of numbers."""
    found: Shown = {}
    for place in PLACES:
        text = (reports / place / "2_questionnaires.html").read_text(encoding="utf-8")
        for figure in re.findall(r"<figure.*?</figure>", text, re.DOTALL):
            told, [question] = plain(figure), re.findall(r'class="sous-titre">(.*?)</span>', figure, re.DOTALL)
            for code, part in cells():
                own = book()[code]
                if plain(question).removesuffix(" ; trait : région") == printed(own["libelle"]):
                    row = re.escape(printed(own["sous_questions"][part] if part else "Réponses")) + r" \((\d+)\)"
                    for number in re.findall(row if own["type"] == "echelle" else r"Champ : (\d+)", told):
                        assert found.setdefault((code, part, place), int(number)) == int(number)
        for code, number in re.findall(r'<th scope="row">(B\d\d) .*?</th>\s*<td[^>]*>(\d+)</td>', text, re.DOTALL):
            if (code, "") in cells():
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
    told, who = shown(demonstration), respondents()
    texts = cells("texte")
    assert len(told) > 190 and told == {key: len(who[key]) for key in told}
    assert not [key for key, base in told.items() if base < LEAST and key[:2] not in texts]
    for code, part in (own for own in cells() if own not in texts):
        groups = [who[code, part, place] for place in PLACES if (code, part, place) in told]
        members = sorted(set().union(*groups))
        signs = np.array([*product((-1, 0, 1), repeat=len(groups))])
        weights = np.array([[member in group for group in groups] for member in members], int)
        isolated = (weights @ signs.T != 0).sum(axis=0) if groups else np.zeros(1)
        assert not ((isolated > 0) & (isolated < LEAST)).any(), (code, part)


def test_the_three_formats_show_the_same_questions(demonstration: Path) -> None:
    told, drawn = shown(demonstration), in_pages(demonstration)
    assert shown(demonstration, workbook=True) == told
    assert drawn.items() <= told.items() and len(drawn) > 110
    whole = [*cells(*CLOSED), *(own for own in cells(*VALUES) if not own[1])]
    assert {key for key in told if key[:2] in whole} == {key for key in drawn if key[:2] in whole}


def test_a_question_shows_or_is_listed_with_its_text(demonstration: Path) -> None:
    told, table = shown(demonstration), published(demonstration, "reponses_non_montrees")
    listed = dict(zip(cell(table), table.itertuples(), strict=True))
    assert not told.keys() & listed.keys()
    assert told.keys() | listed.keys() == {(*own, place) for own in cells() for place in PLACES}
    for (code, part, place), row in listed.items():
        received = row.reponses_recues.replace("0", "") or row.motif
        line = printed(f"{code}. {book()[code]['libelle']} : {received}")
        text = page(demonstration, place, "2_questionnaires")
        assert row.motif and row.groupe == place
        assert text.count(line) == 1 and text.count(line.partition(" : ")[0]) == 1
        assert row.reponses_recues in ("", str(len(respondents()[code, part, place])))
    simple = [(*own, place) for own in cells(*CLOSED) if "filtre" not in book()[own[0]] for place in PLACES]
    hidden = [key for key in simple if key in listed]
    assert len(hidden) < 0.05 * len(simple) and not [key for key in hidden if key[2] == "region"]


def test_nothing_is_made_of_what_does_not_show(demonstration: Path) -> None:
    told, seen = shown(demonstration), dict[str, int]()
    for name in {file.stem for file in demonstration.glob("*/tables/*.csv")} - {"reponses_non_montrees"}:
        table = published(demonstration, name)
        question = next((column for column in ("question", "question_a") if column in table), "")
        if table.empty or not question:
            continue
        assert not (table == "s").any(axis=None), name
        assert {*cell(table, question)} <= told.keys(), name
        if question == "question_a":  # what is crossed with a department shows there too
            there = table[table["question_b"].str.startswith("departement=")]
            there = there.assign(place=there["question_b"].str.removeprefix("departement="))
            assert len(there) and {*cell(there, question)} <= told.keys(), name
        seen[name] = len(table)
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
    table = published(demonstration, "reponses").query("question in ('B07', 'B25') and modalite != 'NR'")
    keys = zip(table["question"], table["modalite"], table["place"], strict=True)
    counts = zip(table["effectif"].astype(int), table["base"].astype(int), strict=True)
    assert dict(zip(keys, counts, strict=True)) == expected
