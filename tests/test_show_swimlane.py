import re
from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.parts import listed
from demo.processus import _step
from spls_study.show.drawings.lanes import lanes
from spls_study.show.drawings.sheet import length, wrap
from spls_study.show.drawings.swimlane import Diagram, diagram
from spls_study.show.figure import figure
from spls_study.show.palette import WIDTH

A4 = 9.2  # inches of an A4 page left to a drawing under its title and above its source


def steps(*rows: tuple) -> pd.DataFrame:
    """(ordre, etape, acteur), then support, days and « oui » if told."""
    filled = [(*row, *("papier", float("nan"), "non")[len(row) - 3 :]) for row in rows]
    return pd.DataFrame(filled, columns=["ordre", "etape", "acteur", "support", "duree_mediane", "ressaisie"])


def links(plan: Diagram) -> list[tuple[int, int]]:
    return sorted((a.row, b.row) for a, b, _ in plan.edges)


def svg(plan: Diagram) -> str:
    block = figure(lanes(plan, "SPLS"), title="T", subtitle="S", alt="A", source="X")
    return block.extra["image/svg+xml"]


def test_steps_follow_each_other_one_row_each() -> None:
    plan = diagram(steps((1, "A", "x"), (2, "B", "y"), (3, "C", "x")))
    assert plan.actors == ["x", "y"]
    assert [(b.row, b.lane) for b in plan.boxes] == [(0, 0), (1, 1), (2, 0)]
    assert links(plan) == [(0, 1), (1, 2)]


def test_parallel_steps_share_a_row_and_both_lead_on() -> None:
    plan = diagram(steps((1, "A", "x"), (2, "B", "y"), (2, "C", "z"), (3, "D", "x")))
    assert [(b.row, b.lane) for b in plan.boxes] == [(0, 0), (1, 1), (1, 2), (2, 0)]
    assert links(plan) == [(0, 1), (0, 1), (1, 2), (1, 2)]


def test_parallel_steps_of_one_actor_share_a_box() -> None:
    plan = diagram(steps((1, "A", "x"), (2, "B", "y"), (2, "C", "y")))
    assert [b.lines for b in plan.boxes] == [["1. A"], ["2. B", "3. C"]]


def test_a_step_done_again_is_a_return_not_a_second_box() -> None:
    plan = diagram(steps((1, "A", "x"), (2, "B", "x"), (3, "C", "y"), (4, "b", "x"), (5, "D", "x")))
    assert len(plan.boxes) == 4
    assert links(plan) == [(0, 1), (1, 2), (1, 3), (2, 1)]
    assert [n for a, b, n in plan.edges if b.row < a.row] == ["4"]
    assert plan.left > 0  # the jump from B to D has its margin


def test_the_same_step_by_another_actor_is_another_box() -> None:
    assert len(diagram(steps((1, "A", "x"), (2, "A", "y"))).boxes) == 2


def test_an_unknown_actor_has_a_lane_of_its_own() -> None:
    assert diagram(steps((1, "A", None))).actors == ["Non renseigné"]


def test_hostile_text_stays_text() -> None:
    drawing = svg(diagram(steps((1, "<script>$x_2$</script> & #", "a&b"))))
    assert "<script" not in drawing and "$x_2$" in drawing and "a&amp;b" in drawing


def test_type_is_never_under_eight_points() -> None:
    rows = steps((1, "A", "x", "papier", 3.0, "oui"), (2, "B", "y", "SPLS"), (3, "A", "x"), (4, "C", "x"))
    sizes = {float(s) for s in re.findall(r"font-size: ([\d.]+)px", svg(diagram(rows)))}
    assert sizes and min(sizes) >= 8  # one px of matplotlib's SVG is one point


@settings(max_examples=40, deadline=None)
@given(st.text("aeioubcdlmnprstvéèàç' -$<&ŒŁ .", max_size=120), st.floats(0.6, 3))
def test_wrapped_lines_fit_their_box(text: str, width: float) -> None:
    lines = wrap(text, width)
    assert len(lines) <= 3
    for line in lines:
        assert length(line.removesuffix("\u00a0…"), 8.5) <= width or len(line) <= 3


def test_a_number_stays_with_its_unit() -> None:
    assert wrap("Instruire en 32\u00a0j", 0.8) == ["Instruire en", "32\u00a0j"]


@pytest.mark.parametrize("name", dict.fromkeys(row[0] for row in listed("processus")))
def test_the_demonstration_fits_a_page_and_nothing_overlaps(name: str) -> None:
    columns = ["gestionnaire", "ordre", "etape", "acteur", "support", "debut", "fin", "duree_mediane", "ressaisie"]
    rows = [_step(*row)[:9] for row in listed("processus") if row[0] == name]
    plan = diagram(pd.DataFrame(rows, columns=columns).assign(duree_mediane=12.0))
    assert 10 <= len(rows) <= 15 and 3 < len(plan.actors) <= 6
    assert plan.height < A4
    for a, b in combinations(plan.boxes, 2):
        assert a.lane != b.lane or a.top + a.height < b.top or b.top + b.height < a.top
    assert plan.left + plan.width * len(plan.actors) <= WIDTH + 1e-9


def test_the_same_steps_give_the_same_bytes(tmp_path: Path) -> None:
    plan = diagram(steps((1, "A", "x"), (2, "B", "y")))
    assert svg(plan) == svg(plan)
