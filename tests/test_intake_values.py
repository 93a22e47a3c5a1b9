from datetime import date

import pandas as pd
import pytest

from spls_study.intake import values


def column(*texts: str | None) -> pd.Series:
    return pd.Series(texts, dtype="str")


@pytest.mark.parametrize("marker", ["", " ", "NA", "nc", "n.d.", "Non renseigné", "-", "\u00a0"])
def test_markers_of_absence(marker: str) -> None:
    assert values.text(column(marker)).isna().all()


def test_text_is_trimmed_and_loses_the_apostrophe_before_a_number() -> None:
    cells = column("\ufeff Niort\u00a0", "'86194", "\u2019-3", "'s Gravenmoer", "Nantes")
    assert list(values.text(cells)) == ["Niort", "86194", "-3", "'s Gravenmoer", "Nantes"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        ("12,0", 12),
        ("12.5", 12.5),
        ("1 017,2", 1017.2),
        ("1\u00a0017,2", 1017.2),
        ("1\u202f234\u202f567", 1234567),
        ("-3", -3),
        ("\u22123", -3),
        ("+4", 4),
        ("0012", 12),
        ("12 000 €", 12_000),
        ("1,5 k€", 1_500),
        ("640 m²", 640),
        ("50 %", 0.5),
        ("12 lgts", 12),
        ("3 Jours", 3),
    ],
)
def test_numbers(text: str, number: float) -> None:
    assert list(values.number(column(text))) == [number]


@pytest.mark.parametrize("text", ["à venir", "#VALUE!", "1 2", "1.017,2", "12 chats", "1e3", ","])
def test_what_is_no_number(text: str) -> None:
    assert values.number(column(text)).isna().all()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2014-03-01", "2014-03-01"),
        ("2014-03-01 12:30:00", "2014-03-01"),
        ("2014-03-01T00:00:00", "2014-03-01"),
        ("01/03/2014", "2014-03-01"),
        ("1/3/2014", "2014-03-01"),
        ("41699", "2014-03-01"),
        ("41699.75", "2014-03-01"),
        ("29/02/2012", "2012-02-29"),
        ("19.11.2025", "2025-11-19"),
        ("21/04/26", "2026-04-21"),
        ("31-12-95", "1995-12-31"),
        ("2 juin 2026", "2026-06-02"),
        ("lundi 1er sept. 2014", "2014-09-01"),
        ("60", "1900-02-28"),  # day 60 does not exist: the day before
    ],
)
def test_dates(text: str, day: str) -> None:
    found = values.day(column(text))
    assert found.dtype == "datetime64[s]"
    assert list(found) == [pd.Timestamp(day)]


@pytest.mark.parametrize("text", ["29/02/2013", "2014-13-01", "mars 2014", "03/2014", "06/28/2014", "jui 2014"])
def test_what_is_no_date(text: str) -> None:
    assert values.day(column(text)).isna().all()


@pytest.mark.parametrize("text", ["février 2012", "Févr. 2012", "02/2012"])
def test_a_month_is_enough_where_it_stands_for_its_first_or_last_day(text: str) -> None:
    found = [values.day(column(text), month)[0] for month in ("début de mois", "fin de mois")]
    assert found == [pd.Timestamp(2012, 2, 1), pd.Timestamp(2012, 2, 29)]


@pytest.mark.parametrize("text", ["T1|T2", "T1;T2", "T1, T2", "T1\nT2", " T1 et T2;;T1"])
def test_a_list_of_codes_takes_the_separators_that_people_type(text: str) -> None:
    assert values.parts(text) == ["T1", "T2"]


def test_a_list_of_words_keeps_its_commas_and_conjunctions() -> None:
    assert values.parts("Saisir, puis signer et envoyer; Rien | Autre", words=True) == [
        "Saisir, puis signer et envoyer",
        "Rien",
        "Autre",
    ]


def test_plausible_dates_go_from_1990_to_ten_years_past_the_edition() -> None:
    days = values.day(column("31/12/1989", "01/01/1990", "10/07/2024", "11/07/2024"))
    assert list(values.plausible(days, date(2014, 7, 10))) == [False, True, True, False]


def test_errors_of_spreadsheets() -> None:
    assert list(values.error(column("#VALUE!", "#N/A", "###", "#1 rue", None))) == [True, True, True, False, False]


def test_empty_columns_go_through() -> None:
    for function in (values.text, values.number, values.day, values.error):
        assert len(function(column())) == 0
        assert len(function(column(None))) == 1
