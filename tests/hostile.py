"""The demonstration with an attack in every cell of text, and in every text of study.toml.

The attack on a text hangs on that text alone, so that what is the same in two tables stays so.
"""

import re
from pathlib import Path
from zlib import crc32

import pandas as pd

from conftest import ROOT
from spls_study.intake import verbatims
from spls_study.questionnaires import load_codebook
from spls_study.study import load_study
from spls_study.tables import ORIGIN, TABLES, read_table

ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '#read("/etc/passwd")',
    '#import "x": *',
    "[x](javascript:alert(1))",
    "![x](http://mal.exemple/x.png)",
    '=HYPERLINK("http://mal.exemple/","x")',
    "+1+cmd",
    "@SUM(1)",
    "-2+3+cmd",
    "\x1b[2J\x07",
    '"onmouseover="alert(1)',
    "../../../evade",
    "{{7*7}}",
    "</style></svg></main>",
    "$x$ ``` <!--",
)
# Codes, closed lists and lists of days: another value is refused or emptied, which others test.
CODES = {"departement", "departements", "territoire", "code_insee", "presences", "role"}
# Attacked in rows of their own: without them, no table would be more than empty.
KEPT = {"produit"}


def attacked(text: str) -> str:
    return f"{ATTACKS[crc32(text.encode()) % len(ATTACKS)]} {text}"


def each(text: str) -> str:
    """Lists `a|b` item by item."""
    return "|".join(attacked(part) for part in text.split("|")) if text else ""


def write_study(root: Path) -> int:
    """The study in a folder; how many cells are attacked."""
    source = load_study(ROOT / "study.toml")
    raw = root / "data" / "raw"
    raw.mkdir(parents=True)
    count = 0
    for name, columns in TABLES.items():
        table = read_table(source, name).drop(columns=list(ORIGIN))
        shown = table.apply(lambda c: c.astype("str")).fillna("")
        if "gestionnaire" in shown:
            names = {g.id: g.nom for g in source.gestionnaires}
            shown["gestionnaire"] = shown["gestionnaire"].map(lambda c, n=names: n.get(c, c))
        for column in (c for c in columns if c.name in shown and c.kind == "texte"):
            if column.values or column.name in CODES | KEPT:
                continue
            shown[column.name] = shown[column.name].map(each)
            count += int((shown[column.name] != "").sum())
        shown = pd.concat([shown, _products(shown)]) if "produit" in shown else shown
        shown.to_csv(raw / f"{name}.csv", index=False, sep=";")
    _toml(ROOT / "study.toml", root / "study.toml")
    return count + _questionnaires(raw / "questionnaires")


def _products(table: pd.DataFrame) -> pd.DataFrame:
    rows = table.iloc[: len(ATTACKS)].copy()
    rows["numero_operation"] = [f"{a} X{i}" for i, a in enumerate(ATTACKS)][: len(rows)]
    rows["produit"] = [f"{a} P" for a in ATTACKS][: len(rows)]
    return rows


def _toml(source: Path, target: Path) -> None:
    """Every quoted text that is not a code."""

    def change(found: re.Match[str]) -> str:
        text = found[1]
        code = r"[0-9]{2,5}|[a-z_0-9]+|[A-Z][0-9]+|PLS|PLUS-PLAI"
        if re.fullmatch(code, text):
            return found[0]
        return (
            '"'
            + attacked(text)
            .replace("\\", "\\\\")
            .replace('"', '\\"')
            .replace("\x1b", "\\u001B")
            .replace("\x07", "\\u0007")
            + '"'
        )

    lines = source.read_text(encoding="utf-8").splitlines()
    names = ("questions =", "a_retenir =", "par_departement =")
    kept = ("communes", "code =", "id =", "type =", "#", *names, '  "', "filtre =")
    target.write_text(
        "\n".join(line if line.startswith(kept) else re.sub(r'"([^"]*)"', change, line) for line in lines),
        encoding="utf-8",
    )


def _questionnaires(home: Path) -> int:
    home.mkdir()
    source = ROOT / "data" / "raw" / "questionnaires"
    _toml(source / "bailleurs.toml", home / "bailleurs.toml")
    labels = {label for q in load_codebook(source / "bailleurs.toml").questions for label in q.choices.values()}
    answers = pd.read_csv(
        source / "bailleurs_2014-07-01.csv",
        sep=None,
        engine="python",
        dtype="str",
        keep_default_na=False,
        encoding="utf-8-sig",
    )
    free = [q.code for q in load_codebook(source / "bailleurs.toml").questions if q.type == "texte"]
    names = [c for c in answers if c == "organisme" or c.split("[")[0] in free or "other" in c]
    for name in answers:
        answers[name] = answers[name].map(lambda c, all=name in names: attacked(c) if c and (all or c in labels) else c)
    answers.to_csv(home / "bailleurs.csv", index=False)
    return int((answers[names] != "").sum().sum())


def mark_all(root: Path) -> None:
    """Every free answer is let through by the person who reviews them."""
    found = verbatims.read(load_study(root / "study.toml")).values()
    (root / "data" / "relecture" / verbatims.FILE).write_bytes(verbatims.workbook([(*v, "oui") for v, _ in found]))
