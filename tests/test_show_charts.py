"""What the house's charts share; a chart folded for a phone: no type smaller, no name cut, nothing beyond its edges."""

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import pandas as pd
import pytest
import seaborn as sns
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from spls_study import charts
from spls_study.show.narrow import NAME, fold
from spls_study.show.palette import NARROW, SMALL


@pytest.fixture(autouse=True)
def house():
    charts.style()
    yield
    plt.close("all")


def test_the_year_under_way_is_paler_and_starred():
    _, ax = plt.subplots()
    rows = pd.DataFrame({"annee": [2012, 2013, 2014], "n": [3, 0, 5]})
    sns.barplot(rows, x="annee", y="n", ax=ax, errorbar=None, saturation=1)
    charts.unfinished(ax, [2012, 2013, 2014], 2014)
    assert [t.get_text() for t in ax.get_xticklabels()] == ["2012", "", "2014*"]
    colours = [matplotlib.colors.to_hex(p.get_facecolor()).upper() for p in ax.patches]
    assert colours == [charts.STRONG, charts.STRONG, charts.PALE]


@pytest.mark.parametrize("share", [0.0, 0.05, 0.48, 0.5, 0.52, 0.6, 0.9, 1.0])
def test_no_number_stands_on_the_mark_of_the_region_nor_beyond_the_figure(share):
    figure, ax, side, y = charts.panel(["a", "b"], [], [], {}, True)
    bars = pd.DataFrame({"bout": [0.5, 0.0]})
    told = pd.DataFrame({"y": [0, 1], "x": bars.bout, "texte": ["1 234 (50 %)", "0"], "teinte": ""})
    charts.words(ax, told, bars, y, pd.DataFrame({"y": [0, 1], "bout": share}))
    charts.words(side, told.head(0), bars.head(0), y)
    assert is_whole(figure)
    mark = ax.transData.transform((share, 0))[0]
    assert 0 <= mark <= figure.bbox.x1
    assert all(not t.get_window_extent().x0 <= mark <= t.get_window_extent().x1 for t in ax.texts[-2:])


# Folded


def texts(figure):
    """What a reader sees of words, once the figure is drawn."""
    FigureCanvasAgg(figure).draw()
    return [text for text in figure.findobj(Text) if text.get_text().strip() and text.get_visible()]


def is_whole(figure):
    found = texts(figure)
    boxes = [text.get_window_extent() for text in found]
    width, height = figure.get_size_inches() * figure.dpi
    inside = all(b.x0 >= -1 and b.y0 >= -1 and b.x1 <= width + 1 and b.y1 <= height + 1 for b in boxes)
    return inside and min(text.get_fontsize() for text in found) >= SMALL


def bars(names):
    figure, ax = plt.subplots(figsize=(charts.WIDTH, 0.2 + 0.28 * len(names)))
    sns.barplot(x=[*range(1, len(names) + 1)], y=names, ax=ax, errorbar=None, saturation=1)
    charts.bars(ax)
    return figure


def test_names_of_bars_take_more_lines_and_the_figure_the_height_for_them():
    figure = bars(["Office public de l'habitat de la Charente-Maritime", "b", "c"])
    before = figure.get_figheight()
    fold(figure)
    assert figure.get_figwidth() == NARROW and figure.get_figheight() > before
    [long, *_] = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert long.split() == "Office public de l'habitat de la Charente-Maritime".split()
    assert max(map(len, long.splitlines())) <= NAME
    assert is_whole(figure)


def test_panels_side_by_side_come_one_under_the_other_each_with_its_names():
    figure, axes = plt.subplots(1, 3, figsize=(charts.WIDTH, 2), sharey=True)
    for ax in axes:
        sns.scatterplot(x=[1, 2], y=["Vienne", "Charente"], ax=ax)
        ax.set_xticks([1, 2])
    fold(figure)
    texts(figure)
    tops = [ax.get_position().y1 for ax in axes]
    assert tops == sorted(tops, reverse=True) and len({ax.get_position().x0 for ax in axes}) == 1
    assert figure.get_figheight() == pytest.approx(6)
    assert all(any(label.get_visible() for label in ax.get_yticklabels()) for ax in axes)
    assert is_whole(figure)


def test_what_spans_the_rows_beside_it_comes_first_at_its_height():
    figure = plt.figure(figsize=(charts.WIDTH, 3), layout="constrained")
    cells = figure.add_gridspec(2, 2)
    left, high, low = (figure.add_subplot(cells[place]) for place in ((slice(None), 0), (0, 1), (1, 1)))
    fold(figure)
    texts(figure)
    assert left.get_position().y0 > high.get_position().y1 > low.get_position().y1
    assert figure.get_figheight() == pytest.approx(6)


def test_the_cells_of_a_matrix_stand_under_the_name_of_their_row():
    figure, ax = plt.subplots(figsize=(charts.WIDTH, 1))
    cells = [["1 papier R", "2 courriel"], ["–", "3 Galion"]]
    sns.heatmap([[1, 2], [0, 3]], annot=cells, fmt="", ax=ax, cbar=False)
    ax.set(yticklabels=["Lancer le recensement des opérations", "Voter"], xticklabels=["DDT 16", "Grand Poitiers"])
    fold(figure)
    found = {" ".join(text.get_text().split()): text.get_window_extent() for text in texts(figure)}
    assert {"1 papier R", "2 courriel", "–", "3 Galion", "DDT 16", "Grand Poitiers", "Voter"} <= {*found}
    name, cell, following = (found[t] for t in ("Lancer le recensement des opérations", "1 papier R", "Voter"))
    assert name.y0 >= cell.y1 - 2 and cell.y0 >= following.y1 - 2
    assert is_whole(figure)


def test_small_multiples_come_two_columns_at_a_time_with_the_names_of_their_rows():
    figure, places = charts.grid(["Vienne", "Charente-Maritime"], ["PLUS", "PLAI", "PLS"])
    for ax, *_ in places:
        sns.barplot(x=[2012, 2013], y=[3, 4], ax=ax, errorbar=None)
        ax.set(yticks=[], xlabel="", ylabel="")
    fold(figure)
    words = [" ".join(text.get_text().split()) for text in texts(figure)]
    assert words.count("Vienne") == 2 and words.count("Charente- Maritime") == 2
    assert {"PLUS", "PLAI", "PLS"} <= {*words}
    plus, plai, pls = (ax.get_position() for ax in figure.axes[:3])
    assert plus.y0 == plai.y0 > pls.y1 and plus.x0 == pls.x0 < plai.x0
    assert is_whole(figure)


def test_labels_of_a_scale_that_would_touch_are_left_out_one_in_two():
    figure, ax = plt.subplots(figsize=(charts.WIDTH, 1))
    names = [f"semaine {n}" for n in range(9)]
    sns.barplot(x=names, y=[*range(9)], ax=ax, errorbar=None)
    fold(figure)
    kept = [name if place % 2 == 0 else "" for place, name in enumerate(names)]
    assert [label.get_text() for label in ax.get_xticklabels()] == kept
    wide, narrow = charts.svgs(bars(["a", "b"]))  # what is wide is drawn twice, what is narrow once
    assert 'width="468pt"' in wide and 'width="280.8pt"' in narrow
    half, ax = plt.subplots(figsize=(charts.HALF, 1))
    ax.plot([0, 1])
    assert charts.svgs(half)[1] == ""


def test_the_keys_of_a_wide_legend_come_one_under_the_other():
    figure, axes = plt.subplots(1, 2, figsize=(charts.WIDTH, 2.5))
    for ax in axes:
        sns.barplot(x=["2013", "2014*"], y=[3, 4], ax=ax)
        ax.set(yticks=[])
    keys = ["agréés au 30 juin", "agréés après", "programmés sans agrément dans l'année"]
    handles = [plt.Rectangle((0, 0), 1, 1) for _ in keys]
    figure.legend(handles, keys, loc="outside lower center", ncols=3, frameon=False)
    fold(figure)
    assert is_whole(figure)
    (legend,) = figure.legends
    lines = [text.get_window_extent().y0 for text in legend.get_texts()]
    assert [text.get_text() for text in legend.get_texts()] == keys and lines == sorted({*lines}, reverse=True)
