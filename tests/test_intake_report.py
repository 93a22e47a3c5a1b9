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
    lines = report(found("-3")).lines
    assert lines == [
        "f.csv\u00a0: 1\u202f001 lignes lues, 1\u202f000 acceptées, 1 refusée.",
        "Total\u00a0: 1\u202f001 lignes lues, 1\u202f000 acceptées, 1 refusée.",
        "Ligne refusée\u00a0: f.csv, ligne 2, nom «\u00a0-3\u00a0»\u00a0: raison.",
    ]


def test_a_hostile_cell_does_not_drive_the_terminal() -> None:
    line = report(found("a\x1b[2J\r\nb" + "c" * 100)).lines[-1]
    assert "\x1b" not in line and "\n" not in line and len(line) < 130


def test_many_refusals_are_counted() -> None:
    lines = report(found(*"x" * (SHOWN + 3))).lines
    assert len(lines) == 2 + SHOWN + 1
    assert lines[-1].startswith("… et 3 autres lignes refusées")
