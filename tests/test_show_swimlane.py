import re
from itertools import pairwise

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.parts import listed
from demo.processus import _step
from spls_study import charts
from spls_study.show.drawings.processes import swimlane, told
from spls_study.show.drawings.sheet import length, wrap
from spls_study.show.palette import WIDTH
from spls_study.tables import TABLES

HALF_PAGE = 4.4  # inches of an A4 page left to each of two drawings, under its title and above its source


@pytest.fixture(autouse=True, scope="module")
def themed():
    with plt.rc_context():
        charts.style()
        yield


def steps(*rows):
    """(ordre, etape, acteur), then support, days, wait and « oui » if told."""
    usual = ("papier", float("nan"), float("nan"), "non")
    filled = [(*row, *usual[len(row) - 3 :]) for row in rows]
    columns = ["ordre", "etape", "acteur", "support", "duree_mediane", "attente", "ressaisie"]
    return pd.DataFrame(filled, columns=columns)


def drawn(table):
    return charts.svgs(charts.Drawn(swimlane(table, "SPLS")))[0]


def said(svg):
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_a_step_is_a_line_with_its_words_its_days_and_its_support():
    texts = said(drawn(steps((1, "Déposer", "Bailleur"), (2, "Vérifier", "DDT 16", "tableur", 3.0, 5.0, "oui"))))
    assert {"1. Déposer", "papier", "2. Vérifier", "tableur · R", "Bailleur", "DDT 16", "Attente", "Durée"} <= {*texts}
    assert [t for t in texts if t.endswith("j")] == ["5\u202fj", "3\u202fj"]
    unknown = said(drawn(steps((1, "A", "x"), (2, "B", "x"))))  # days that nobody knows have no column
    assert "Attente" not in unknown and "Durée" not in unknown


def test_a_return_and_what_goes_on_beside_are_told():
    rows = steps((1, "A", "x"), (2, "B", "y"), (2, "C", "z"), (3, "a.", "x"), (4, "A", "y")).itertuples()
    assert told([*rows]) == ["1. A", "2. B (en parallèle)", "3. C (en parallèle)", "4. a. (retour à 1)", "5. A"]


def test_parallel_steps_are_joined_to_what_comes_before_and_after():
    figure = charts.Drawn(swimlane(steps((1, "A", "x"), (2, "B", "y"), (2, "C", "z"), (3, "D", "x")), "SPLS"))
    ends = {(line.get_xdata()[0], line.get_xdata()[-1]) for line in figure.axes[0].lines}
    plt.close(figure)
    assert len(ends) == 4 and len({x for pair in ends for x in pair}) == 3


def test_a_lane_holds_its_boxes_where_there_is_room():
    table = steps((1, "A", "x", "tableur de suivi"), (2, "B", "Communauté"), (3, "C", "DREAL"), (4, "D", "Bailleur"))
    [axes] = charts.Drawn(swimlane(table, "SPLS")).axes
    lanes = [*sorted(line.get_segments()[0][0][0] for line in axes.collections[1:]), WIDTH]
    boxes = [patch.get_extents().transformed(axes.transData.inverted()) for patch in axes.patches]
    assert len(boxes) == 4 and all(any(a <= b.x0 and b.x1 <= z for a, z in pairwise(lanes)) for b in boxes)


@pytest.mark.parametrize("name", ["DDT 16", "DDTM 17", "DDT 79", "DDT 86", "Grand Poitiers"])
def test_each_process_of_the_demonstration_holds_on_half_a_page(name):
    rows = [_step(*row) for row in listed("processus") if row[0] == name]
    table = pd.DataFrame(rows, columns=[column.name for column in TABLES["processus"]])
    figure = charts.Drawn(swimlane(table.assign(duree_mediane=12.0, attente=3.0), "SPLS"))
    [axes] = figure.axes
    boxes = [patch.get_extents().transformed(axes.transData.inverted()) for patch in axes.patches]
    assert figure.get_figheight() < HALF_PAGE and all(box.x0 >= 0 and box.x1 <= WIDTH for box in boxes)
    plt.close(figure)


text = st.text("aeiou bcdlmnprstvéèàç'-$<&ŒŁ|.", max_size=40)
cell = st.one_of(text, st.just(float("nan")))
row = st.tuples(st.integers(1, 4), text, cell, cell, st.floats(0, 900) | st.just(float("nan")))


@settings(max_examples=8, deadline=None)
@given(st.lists(row, min_size=1, max_size=6))
def test_any_process_can_be_drawn_the_same_each_time(rows):
    table = steps(*sorted(rows, key=lambda r: r[0]))
    svg = drawn(table)
    assert drawn(table) == svg
    sizes = {float(s) for s in re.findall(r"font-size: ([\d.]+)px", svg)}
    assert sizes and min(sizes) >= 8  # one px of matplotlib's SVG is one point


@settings(max_examples=40, deadline=None)
@given(st.text("aeioubcdlmnprstvéèàç' -$<&ŒŁ .", max_size=120), st.floats(0.6, 3))
def test_wrapped_lines_fit_their_box(text, width):
    lines = wrap(text, width)
    assert len(lines) <= 3
    for line in lines:
        assert length(line.removesuffix("\u00a0…"), 8.5) <= width or len(line) <= 3
    assert wrap("Instruire en 32\u00a0j", 0.8) == ["Instruire en", "32\u00a0j"]  # a number stays with its unit
