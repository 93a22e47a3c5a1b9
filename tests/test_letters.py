"""What the PDF cannot show is replaced there, and nothing of a text becomes markup."""

import re
import unicodedata
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.ft2font import FT2Font

from notebook_reports import letters
from notebook_reports.typst import FONTS, compiled, literal

EVERY = [chr(i) for i in range(0x110000) if not 0xD800 <= i <= 0xDFFF]


def pdf(text: str, more: str = "") -> bytes:
    """As a report: in a heading, a cell and a drawing."""
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20"><text y="9">{}</text></svg>'
    seen = "".join(c for c in text if c.isprintable() and c not in "<&")
    main = (
        '#set document(title: "t")\n#set text(lang: "fr", font: "Inter")\n'
        f"#title()\n#heading(level: 1, {literal('t' + text)})\n#table(columns: 1, table.header[a], {literal(text)})\n"
        '#figure(image("d.svg", alt: "d"))\n' + more
    )
    files = {"main": main.encode(), "d.svg": drawing.format(seen).encode()}
    return compiled(files, pdf_standards=["ua-1", "a-3a"], timestamp=datetime(2014, 1, 1, tzinfo=UTC))


def test_no_letter_of_any_script_is_refused() -> None:
    lines = [literal(" ".join(EVERY[start : start + 4_000])) for start in range(0, len(EVERY), 4_000)]
    assert pdf("", "\n".join(f"#par({line})" for line in lines)).startswith(b"%PDF")


@given(st.text(st.characters(codec="utf-8")))
@settings(max_examples=40)
def test_no_text_is_refused_nor_becomes_markup(text: str) -> None:
    assert pdf(text).startswith(b"%PDF")
    signs = re.findall(r"[^\w\s]", letters.shown(text))
    assert {*signs} <= {*text, "□", "•"}


def test_what_stands_for_a_letter_is_the_nearest_one() -> None:
    assert letters.shown("\uf0b7 ✅ ﬁn\ufe0f 漢字, œuvre à 12 %") == "• □ fin □□, œuvre à 12 %"
    assert letters.shown("＂＃") == "□□"  # would close a text, begin a command


def test_a_word_that_no_page_holds_is_cut() -> None:
    assert letters.cut(f"a {'b' * 40_000} c") == f"a {'b' * letters.LONGEST}… c"
    assert len(letters.cut("b " * 40_000)) == letters.MOST + 1
    assert pdf("b" * 40_000).startswith(b"%PDF") and pdf("b " * 40_000).startswith(b"%PDF")


def test_who_typed_it_is_told() -> None:
    assert "(✅ U+2705)" in letters.told("✅ fait") and "1\u202f000 caractères" in letters.told("b" * 4_000)
    assert "10\u202f000 caractères" in letters.told("b " * 40_000)
    assert letters.told("Œuvre à 12 % – « vu » ✓") == ""


def test_letters_known_without_the_font_are_in_it_and_its_weights_have_the_same() -> None:
    assert {c for c in EVERY if re.match(f"[{letters.SURE}]", c)} <= letters.drawn()
    weights = [FT2Font(str(file)).get_charmap() for file in FONTS.glob("*.otf")]
    assert len(weights) == 4 and all({*w} == {*weights[0]} for w in weights)
    assert not [c for c in letters.drawn() if unicodedata.category(c) == "Co"]
