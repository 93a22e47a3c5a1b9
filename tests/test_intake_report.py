import pandas as pd

from spls_study.intake.report import SHOWN, CheckReport, FileCount, as_csv, ordered
from spls_study.intake.sieve import REPORT


def found(*values: str) -> pd.DataFrame:
    rows = [["f.csv", None, line, "nom", v, "raison"] for line, v in enumerate(values, start=2)]
    return ordered([pd.DataFrame(rows, columns=list(REPORT))])


def report(refusals: pd.DataFrame) -> CheckReport:
    count = FileCount("f.csv", "organismes", 1000 + len(refusals), 1000, len(refusals))
    return CheckReport((count,), (), (), refusals, found())


def test_formulas_are_made_harmless_and_numbers_are_not() -> None:
    lines = as_csv(found("=1+1", "@x", "-cmd", "-3", "+4,5", "- 2")).splitlines()
    assert lines[0] == "\ufeff" + ";".join(REPORT)
    assert [line.split(";nom;")[1].rsplit(";", 1)[0] for line in lines[1:]] == [
        "'=1+1",
        "'@x",
        "'-cmd",
        "-3",
        "+4,5",
        "- 2",
    ]


def test_what_is_printed() -> None:
    lines = report(found("-3", "x", "x", "", "y", "z")).lines
    assert lines == [
        "f.csv\u00a0: 1\u202f006 lignes lues, 1\u202f000 acceptées, 6 refusées.",
        "Total\u00a0: 1\u202f006 lignes lues, 1\u202f000 acceptées, 6 refusées.",
        "Refusé\u00a0: f.csv, nom\u00a0: raison, 6 fois («\u00a0-3\u00a0», «\u00a0x\u00a0», «\u00a0y\u00a0»…"
        "\u202f; lignes 2, 3, 4…).",
        "Détail de chaque ligne\u00a0: data/processed/rejets.csv.",
    ]


def test_what_to_do_comes_last_and_a_place_is_told_where_it_is_alone() -> None:
    one = found("a").assign(motif="même clé (f.csv, ligne 2)\u202f; gardez-en une")
    two = pd.concat([one, one.assign(ligne=9, motif="même clé (f.csv, ligne 4)\u202f; gardez-en une")])
    shown = "même clé, 2 fois («\u00a0a\u00a0»\u202f; lignes 2, 9)\u202f; gardez-en une."
    assert report(ordered([two])).lines[2] == f"Refusé\u00a0: f.csv, nom\u00a0: {shown}"
    shown = "même clé (f.csv, ligne 2) («\u00a0a\u00a0»\u202f; ligne 2)\u202f; gardez-en une."
    assert report(one).lines[2] == f"Refusé\u00a0: f.csv, nom\u00a0: {shown}"


def test_a_hostile_cell_does_not_drive_the_terminal() -> None:
    line = report(found("a\x1b[2J\r\nb" + "c" * 100)).lines[2]
    assert "\x1b" not in line and "\n" not in line and len(line) < 130


def test_many_reasons_are_counted() -> None:
    many = found(*"x" * (SHOWN + 3))
    lines = report(many.assign(motif=[f"raison {n}" for n in range(len(many))])).lines
    assert len(lines) == 2 + SHOWN + 2 and lines[-2] == "… et 3 autres motifs\u00a0: voir rejets.csv."
