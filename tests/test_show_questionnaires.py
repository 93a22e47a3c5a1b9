"""What is drawn and said of answers: whole distributions, ties, no percentage of a small base."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from spls_study.analysis.methods.frames import frame
from spls_study.analysis.questionnaires.shown import NOT_SHOWN
from spls_study.codebook import Codebook
from spls_study.show.drawings import likert
from spls_study.show.drawings.answers import HALVES, Panel, bars, columns
from spls_study.show.drawings.bars import Draw
from spls_study.show.drawings.likert import Scale
from spls_study.show.questionnaires import figures as answers
from spls_study.show.questionnaires import groups, titles
from spls_study.show.questionnaires import questionnaire as questionnaires
from spls_study.show.questionnaires.vue import Asked, Vue
from spls_study.show.report import Report
from spls_study.study import Study

BOOK = Codebook(
    id="q",
    titre="Questionnaire",
    population="bailleur",
    question=[
        {
            "code": "A",
            "bloc": "Bloc",
            "type": "choix_multiple",
            "libelle": "Lesquels ?",
            "commun": "k",
            "modalites": {"1": "Un", "2": "Deux", "3": "Trois", "4": "Quatre"},
        },
        {"code": "E", "bloc": "Bloc", "type": "echelle", "libelle": "Avis ?", "modalites": {"1": "Non", "2": "Oui"}},
    ],
)


def rows(code: str, *counts: int, base: int = 20) -> pd.DataFrame:
    labels = list(BOOK.by_code[code].modalites.items())
    return pd.DataFrame(
        [
            {
                "questionnaire": "q",
                "question": code,
                "sous_question": "",
                "modalite": key,
                "libelle": label,
                "effectif": n,
                "base": base,
                **dict.fromkeys(("part", "borne_min", "ic_bas"), n / 20),
                **dict.fromkeys(("borne_max", "ic_haut"), n / 20 + 0.1),
                "population": 30,
                "valeur": float("nan"),
            }
            for (key, label), n in zip(labels, counts, strict=True)
        ]
    )


def vue(*parts: pd.DataFrame, book: Codebook = BOOK, answered: int = 20, not_shown: Sequence[Any] = ()) -> Vue:
    rates = pd.DataFrame(
        {
            "questionnaire": "q",
            "strate": ["total"],
            "population": [30],
            "repondants": [answered],
            "taux": [answered / 30],
        }
    )
    tests = pd.DataFrame({"critere": ["famille", "departement=16"], "p": [float("nan"), 0.0004]})
    redressees = pd.DataFrame(columns=["part", "part_brute", "base"])
    crossed = pd.DataFrame(
        {
            "question_a": ["A[1]"],
            "question_b": ["departement=16"],
            "p_holm": [0.01],
            "v_cramer": [0.5],
            "conclusion": ["écart établi"],
        }
    )
    names = pd.DataFrame(columns=["organisme", "question"])
    told = pd.concat(parts or [rows("E", 0, 0)[:0]], ignore_index=True)
    return Vue(book, rates, told, frame(not_shown, NOT_SHOWN), tests, redressees, crossed, names)


def drawn(draw: Draw) -> Figure:
    figure = Figure(layout="constrained")
    draw(figure)
    return figure


def lengths(figure: Figure) -> list[float]:
    return [p.get_width() for ax in figure.axes for p in ax.patches if isinstance(p, Rectangle)]


def texts(figure: Figure) -> list[str]:
    return [t.get_text() for ax in figure.axes for t in ax.texts]


def asked(code: str, *counts: int, base: int = 20) -> Asked:
    return Asked(BOOK.by_code[code], "", rows(code, *counts, base=base))


def test_boxes_are_drawn_the_longest_first() -> None:
    panel = answers._panel([(vue(), asked("A", 1, 0, 12, 4))])
    assert list(panel.rows["label"]) == ["Trois", "Quatre", "Un", "Deux"]
    figure = drawn(bars([panel]))
    long, short, shorter, none = lengths(figure)
    assert (short / long, shorter / long, none) == pytest.approx((1 / 3, 1 / 12, 0))
    assert texts(figure)[-4:] == ["12 (60\u202f%)", "4 (20\u202f%)", "1 (5\u202f%)", "0 (0\u202f%)"]


def test_a_base_under_ten_has_counts_and_no_interval() -> None:
    panel = answers._panel([(vue(), asked("A", 3, 5, 0, 1, base=9))])
    figure = drawn(bars([panel]))
    assert texts(figure)[-4:] == ["5", "3", "1", "0"]
    assert panel.rows["bas"].isna().all() and panel.rows["haut"].isna().all()


@pytest.mark.parametrize(
    ("counts", "told"), [([3, 3, 2, 4], ["50\u202f%", "50\u202f%", "3", "3", "2", "4"]), ([2, 4, 2], ["2", "4", "2"])]
)
def test_a_scale_diverges_from_its_middle(counts: list[int], told: list[str]) -> None:
    figure = drawn(likert.diverging([Scale("a", counts, sum(counts))], list("abcd")[: len(counts)], 10))
    first, *_, last = figure.axes[0].patches
    middle = (likert.NAMES + figure.get_figwidth()) / 2
    assert middle - first.get_x() == pytest.approx(last.get_x() + last.get_width() - middle)
    assert texts(figure)[1:] == told


@pytest.mark.parametrize("modalities", range(2, 7))
def test_a_scale_has_one_colour_for_each_modality(modalities: int) -> None:
    assert len(likert.colours(modalities)) == modalities


def test_what_is_too_long_of_a_label_is_told() -> None:
    long, short = "mot " * 40, "mot " * 3
    labels = HALVES[0].labels(Panel("", pd.DataFrame({"label": [long, short], "groupe": 0})))
    assert labels[short] == ["mot mot mot"]
    assert len(labels[long]) == 3 and labels[long][-1].endswith("mot\u00a0…")


def test_panels_keep_their_order_in_two_columns() -> None:
    panels = [Panel(str(i), pd.DataFrame({"label": ["x"] * (i + 1), "groupe": 0})) for i in range(4)]
    assert [p for _, column in columns(panels) for p in column] == panels and len(columns(panels)) == 2
    assert len(columns(panels[:1])) == 1


@pytest.mark.parametrize(
    ("counts", "title"),
    [
        ((12, 3, 3, 4), "«\u00a0Un\u00a0»\u00a0: 12 réponses sur 20"),
        ((8, 8, 3, 4), "«\u00a0Un\u00a0» et «\u00a0Deux\u00a0»\u00a0: 8 sur 20 chacun"),
        ((1, 1, 1, 0), ""),
    ],
)
def test_a_title_says_the_answer_given_most_or_those_given_as_often(counts: tuple[int, ...], title: str) -> None:
    assert titles.lead([[(vue(), asked("A", *counts))]]) == title


def test_the_answer_given_most_is_not_passed_over_for_a_clearer_one() -> None:
    assert titles.lead([[(vue(), asked("E", 16, 4))]]) == "«\u00a0Non\u00a0»\u00a0: 16 réponses sur 20"


def test_of_scales_the_lowest_is_said_and_those_as_low() -> None:
    low, high = [Scale(name, [12, 8], 20) for name in "ab"], Scale("c", [4, 16], 20)
    assert titles.lowest([low[0], high]) == "Au plus bas\u00a0: «\u00a0a\u00a0»"
    assert titles.lowest([*low, high]) == "Au plus bas\u00a0: «\u00a0a\u00a0» et «\u00a0b\u00a0»"
    assert titles.lowest(low) == titles.lowest([high]) == ""


def said(study: Study, v: Vue) -> list[str]:
    report = Report(study, study.territory("region"))
    none = pd.DataFrame(columns=["questionnaire", "bloc", "question", "libelle", "texte"])
    return [b.text for b in questionnaires.questionnaire(report, v, none) if hasattr(b, "text")]


def test_a_question_that_does_not_show_has_a_line_with_its_text(study: Study) -> None:
    hidden = ("q", "A", "", "region", 4, "trop peu\u00a0: il en faut 5", "Lesquels ?")
    text = said(study, vue(rows("E", 8, 12), not_shown=[hidden]))
    assert "- A. Lesquels ?\u00a0: 4 réponses reçues, trop peu\u00a0: il en faut 5." in text


def test_what_holds_is_said_with_its_test_and_nothing_else(study: Study) -> None:
    text = " ".join(said(study, vue(rows("A", 12, 3, 3, 4), rows("E", 8, 12))))
    assert "par la présence en Charente (p\u00a0<\u00a00,001)" in text  # 0.0004 < 0.05 / 2
    assert "famille" not in text and "significati" not in text and "*" not in text
    assert (
        "Lesquels ? (A[1])\u00a0: les réponses diffèrent selon le département 16 (p corrigée\u00a0=\u00a00,010" in text
    )
    assert "de 60\u202f% si aucun des autres ne l'avait choisi à 70\u202f%" in text


def test_a_territory_where_no_question_shows_has_one_sentence(study: Study) -> None:
    [text] = said(study, vue(answered=4))
    assert text == (
        "Région Poitou-Charentes\u00a0: 4 réponses pour 30 bailleurs interrogés (13\u202f%)\u202f; trop peu pour les "
        "montrer, il en faut 5."
    )


def test_two_groups_are_drawn_side_by_side(study: Study) -> None:
    other = BOOK.model_copy(update={"population": "gestionnaire"})
    sides = [vue(rows("A", 18, 14, 3, 4)), vue(rows("A", 1, 4, 2, 0, base=5), book=other)]
    report = Report(study, study.territory("region"))
    [block] = groups.common(report, sides)
    assert block.content["titre"] == "«\u00a0Un\u00a0»\u00a0: plus fréquent chez les bailleurs"
    svg = block.extra["image/svg+xml"]
    assert (
        ">18 sur 20<" in svg
        and ">4 sur 5<" in svg
        and ">14 sur 20<" in svg
        and "%" not in svg.split("</defs>")[-1].replace("100%", "")
    )
    few = vue(book=other, answered=2)
    [sentence] = groups.common(report, [sides[0], few])
    assert sentence.kind == "phrase"
