"""Drawings on a dark page: their contrasts stay, their words too."""

import re

from hypothesis import given
from hypothesis import strategies as st

from notebook_reports.pages import GROUND, TEMPLATES, dark, themed
from spls_study.show.palette import COLOURS, GREY, INK, PLAIN


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def on_white(colour: str) -> float:
    return 1.05 / (luminance(colour) + 0.05)


def on_dark(colour: str) -> float:
    return (luminance(dark(colour)[1:]) + 0.05) / (GROUND + 0.05)


def test_the_ground_is_that_of_the_dark_page() -> None:
    css = (TEMPLATES / "rapport.css").read_text(encoding="utf-8")
    [ground] = re.findall(r"prefers-color-scheme: dark\) \{\n  :root \{[^}]*--fond: #(\w+)", css)
    assert abs(luminance(ground) - GROUND) < 0.0001
    assert dark("ffffff") == "var(--fond)"


@given(st.integers(0, 0xFFFFFE).map("{:06x}".format))
def test_a_colour_keeps_its_contrast_up_to_that_of_white(colour: str) -> None:
    most = 1.05 / (GROUND + 0.05)
    assert abs(on_dark(colour) / min(on_white(colour), most) - 1) < 0.06


def test_colours_of_the_house_stay_apart() -> None:
    house = [c[1:].lower() for c in (*COLOURS, GREY, INK, PLAIN)]
    assert len({dark(c) for c in house}) == len(house)
    assert all(on_dark(c) >= 3 for c in house if on_white(c) >= 3.1)


def test_only_what_a_drawing_paints_gets_a_variable() -> None:
    html = '<p>#123456</p><svg><path style="fill: #123456"/><text>fill: #123456 style="</text></svg>'
    shown, css = themed(html)
    assert shown == html.replace('"fill: #123456"', '"fill: var(--c123456, #123456)"')
    assert css == f"@media screen and (prefers-color-scheme:dark){{:root{{--c123456:{dark('123456')};}}}}"
    assert themed("<p>#123456</p>") == ("<p>#123456</p>", "")
