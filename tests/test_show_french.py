from datetime import date, datetime

import pandas as pd

from notebook_reports import french as f
from notebook_reports.blocks import as_markdown


def test_numbers():
    for value, decimals, text in (
        (1584, 0, "1\u202f584"),
        (0, 0, "0"),
        (-3.25, 1, "\u22123,3"),
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (1234567.5, 2, "1\u202f234\u202f567,50"),
        (-0.04, 1, "0,0"),
        (2.675, 2, "2,68"),
    ):
        assert f.number(value, decimals) == text


def test_shares_differences_and_counts():
    assert f.percent(0.523) == "52,3\u202f%"
    assert f.percent(0.285, 0) == "29\u202f%"  # 0.285 × 100 is 28.499… in floating point
    assert [f.signed(v) for v in (12, -3, 0)] == ["+12", "\u22123", "0"]
    counted = ["0 logement", "1 logement", "2 logement", "2 logements", "1\u202f584 logements"]
    assert [f.count(n, "logement") for n in (0, 1, 1.5, 2, 1584)] == counted
    assert f.count(3, "cas", "cas") == "3 cas"
    assert [f.agreed(n, "jours") for n in (0, 1, 2)] == ["jour", "jour", "jours"] and f.agreed(1, "sur 8") == "sur 8"
    assert [f.in_words(n, "une") for n in (0, 1, 3, 10, 1100)] == ["aucune", "une", "trois", "dix", "1\u202f100"]
    assert f.in_words(0) == "aucun"


def test_dates_lists_and_cells():
    days = {date(2014, 7, 10): "10 juillet 2014", date(2014, 7, 1): "1er juillet 2014"}
    assert {day: f.long_date(day) for day in days} == days and f.long_date(date(2014, 7, 31)) == "31 juillet 2014"
    assert f.short_date(date(2014, 7, 1)) == "01/07/2014"
    assert [f.month(m) for m in (1, 5, 12)] == ["janv.", "mai", "déc."]
    assert [f.listing(x) for x in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a et b", "a, b et c"]
    values = ["texte", None, float("nan"), pd.NaT, True, date(2014, 7, 1), datetime(2014, 7, 1), 12]
    assert [f.cell(v) for v in values] == ["texte", "n.d.", "n.d.", "n.d.", "oui", "01/07/2014", "01/07/2014", "12"]


def test_apostrophes_are_typographic_but_in_code():
    html = "<p>l'étude d&#39;Angoulême, 'a'</p><pre>x = d['l'o']</pre><style>a:'b'</style> s'"
    assert f.apostrophes(html) == ("<p>l’étude d’Angoulême, 'a'</p><pre>x = d['l'o']</pre><style>a:'b'</style> s'")
    assert f.apostrophes(r"#text[l\'étude]") == "#text[l’étude]"


def test_a_department_and_a_region_have_their_preposition():
    places = {"17": "Charente-Maritime", "86": "Vienne", "79": "Deux-Sèvres", "34": "Hérault", "85": "Vendée"}
    said = "en Charente-Maritime, dans la Vienne, dans les Deux-Sèvres, dans l'Hérault, en Vendée".split(", ")
    assert [f.within(code, name) for code, name in places.items()] == said
    assert f.within("region", "Poitou-Charentes") == "en Poitou-Charentes"


def test_a_heading_keeps_its_no_break_spaces_on_one_line():
    assert as_markdown(" En 2013\u00a0: 1\u202f584\n\t# PLUS\x00 ") == "En 2013\u00a0\\: 1\u202f584 \\# PLUS"
