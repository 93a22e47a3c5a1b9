"""What the house's charts share."""

import matplotlib
import pandas as pd
import seaborn as sns

matplotlib.use("agg")
import matplotlib.pyplot as plt

from spls_study import charts


def setup_function() -> None:
    charts.style()


def teardown_function() -> None:
    plt.close("all")


def test_a_grid_names_its_edges_and_gives_its_axes_in_order() -> None:
    figure, places = charts.grid(["Vienne", "Charente"], ["PLUS", "PLS"])
    found = list(places)
    assert [names for _, *names in found] == [
        ["Vienne", "PLUS"],
        ["Vienne", "PLS"],
        ["Charente", "PLUS"],
        ["Charente", "PLS"],
    ]
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["PLUS", "PLS", "", ""]
    assert [t.get_text() for ax, *_ in found for t in ax.texts] == ["Vienne", "Charente"]


def test_the_year_under_way_is_paler_and_starred() -> None:
    _, ax = plt.subplots()
    rows = pd.DataFrame({"annee": [2012, 2013, 2014], "n": [3, 0, 5]})
    sns.barplot(rows, x="annee", y="n", ax=ax, errorbar=None, saturation=1)
    charts.unfinished(ax, [2012, 2013, 2014], 2014)
    assert [t.get_text() for t in ax.get_xticklabels()] == ["2012", "", "2014*"]
    colours = [matplotlib.colors.to_hex(p.get_facecolor()).upper() for p in ax.patches]
    assert colours == [charts.STRONG, charts.STRONG, charts.PALE]


def test_names_at_the_ends_of_lines_do_not_touch() -> None:
    _, ax = plt.subplots()
    ax.set_ylim(0, 1)
    rows = pd.DataFrame({"annee": 2013, "part": [0.5, 0.51, 0.9], "nom": ["a", "b", "c"]})
    charts.line_ends(ax, rows, "annee", "part", "nom", {"a": charts.STRONG, "b": charts.PLAIN, "c": charts.PLAIN})
    heights = [t.xy[1] for t in ax.texts]
    assert heights[0] == 0.5 and heights[1] >= heights[0] + 0.075 and heights[2] == 0.9
    assert [t.get_text() for t in ax.texts] == ["a 50\u202f%", "b 51\u202f%", "c 90\u202f%"]


def test_bars_bear_their_numbers_and_names_in_two_lines_at_most() -> None:
    _, ax = plt.subplots()
    rows = pd.DataFrame({"nom": ["mot " * 40, "b"], "n": [1584, 2]})
    sns.barplot(rows, x="n", y="nom", ax=ax, errorbar=None, saturation=1)
    charts.bars(ax)
    assert [t.get_text() for t in ax.texts] == ["1\u202f584", "2"]
    assert all(t.get_text().count("\n") <= 1 for t in ax.get_yticklabels())


def test_a_figure_has_the_same_bytes_each_time_and_no_date() -> None:
    made = []
    for _ in range(2):
        figure, ax = plt.subplots()
        sns.lineplot(x=[0, 1], y=[0, 1], ax=ax)
        made.append(charts.svgs(figure))
    assert made[0] == made[1]
    assert all("<metadata" not in svg and "Inter" in svg for svg in made[0])
