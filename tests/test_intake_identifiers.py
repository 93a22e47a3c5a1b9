import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spls_study.intake import identifiers
from spls_study.study import Study

VALID = "73282932000074"  # INSEE's own example of a SIRET


def column(*texts: str | None) -> pd.Series:
    return pd.Series(texts, dtype="str")


@given(st.text("0123456789", min_size=14, max_size=14), st.integers(1, 9), st.integers(0, 13))
def test_luhn_sees_any_wrong_digit(digits: str, shift: int, place: int) -> None:
    last = next(d for d in "0123456789" if identifiers.luhn(column(digits[:13] + d))[0])
    right = digits[:13] + last
    wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]
    assert list(identifiers.luhn(column(right, wrong))) == [True, False]


@pytest.mark.parametrize(
    ("written", "siret", "doubtful"),
    [
        (VALID, VALID, False),
        ("732 829 320 00074", VALID, False),
        ("5550000300011", "05550000300011", False),
        ("5550000300012", "5550000300012", True),  # the key does not hold
        ("4840500013", "00004840500013", False),  # a SIREN that begins with four zeros
        ("4840500014", "4840500014", True),
        ("732829320", "732829320", True),  # a SIREN
        ("7.3E+13", "7.3E+13", True),
    ],
)
def test_siret(written: str, siret: str, doubtful: bool) -> None:
    found, doubt = identifiers.siret(column(written))
    assert (found[0], doubt[0]) == (siret, doubtful)


def test_siren_beginning_with_zeros() -> None:
    found, doubt = identifiers.siren(column("000000018", "000018", "123456789", None))
    assert list(found.fillna("")) == ["000000018", "000000018", "123456789", ""]
    assert list(doubt) == [False, False, True, False]


def test_departments(study: Study) -> None:
    written = ("16", "016", "79 - Deux-Sèvres", "charente maritime", "1", "2a", "974", "x")
    read = [identifiers.department(text, study) for text in written]
    assert read == ["16", "16", "79", "17", "01", "2A", "974", None]


def test_insee_codes() -> None:
    read = identifiers.insee(column("17300", "1004", "2a004", "97411", "La Rochelle"))
    assert list(read.fillna("?")) == ["17300", "01004", "2A004", "97411", "?"]
    assert list(identifiers.department_of(read).fillna("?")) == ["17", "01", "2A", "974", "?"]
