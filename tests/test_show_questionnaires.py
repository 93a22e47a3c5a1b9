"""What is drawn of answers: never what is hidden, no percentage of a small base."""

from typing import Any

import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from spls_study.codebook import Codebook
from spls_study.show.drawings import likert
from spls_study.show.drawings.answers import HALVES, Panel, bars, columns
from spls_study.show.drawings.bars import Draw
from spls_study.show.drawings.likert import Scale
from spls_study.show.questionnaires import figures as answers
from spls_study.show.questionnaires import groups
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


def rows(code: str, *counts: Any, base: Any = 20) -> pd.DataFrame:
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
                **dict.fromkeys(("part", "borne_min", "ic_bas"), "s" if n == "s" else n / 20),
                **dict.fromkeys(("borne_max", "ic_haut"), "s" if n == "s" else n / 20 + 0.1),
                "population": 30,
                "valeur": float("nan"),
            }
            for (key, label), n in zip(labels, counts, strict=True)
        ]
    )


def vue(*parts: pd.DataFrame, book: Codebook = BOOK, answered: Any = 20) -> Vue:
    rates = pd.DataFrame(
        {
            "questionnaire": "q",
            "strate": ["total"],
            "population": [30],
            "repondants": [answered],
            "taux": ["s" if answered == "s" else answered / 30],
        }
    )
    tests = pd.DataFrame({"critere": ["famille", "departement=16"], "p": ["s", 0.0004]})
    redressees = pd.DataFrame(columns=["part", "part_brute", "base"])
    crossed = pd.DataFrame(
        {
            "question_a": ["A[1]"],
            "question_b": ["departement=16"],
            "p_holm": ["s"],
            "v_cramer": ["s"],
            "conclusion": ["écart établi"],
        }
    )
    names = pd.DataFrame(columns=["organisme", "question"])
    told = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    return Vue(book, rates, told, tests, redressees, crossed, names)


def drawn(draw: Draw) -> Figure:
    figure = Figure(layout="constrained")
    draw(figure)
    return figure


def lengths(figure: Figure) -> list[float]:
    return [p.get_width() for ax in figure.axes for p in ax.patches if isinstance(p, Rectangle)]


def texts(figure: Figure) -> list[str]:
    return [t.get_text() for ax in figure.axes for t in ax.texts]


def asked(code: str, *counts: Any, base: Any = 20) -> Asked:
    return Asked(BOOK.by_code[code], "", rows(code, *counts, base=base))


def test_a_hidden_answer_has_no_bar_and_ranks_between_those_seen_and_none() -> None:
    panel = answers._panel([(vue(), asked("A", "s", 0, 12, 4))])
    assert list(panel.rows["label"]) == ["Trois", "Quatre", "Un", "Deux"]
    figure = drawn(bars([panel]))
    long, short, none = lengths(figure)
    assert (short / long, none) == pytest.approx((1 / 3, 0))
    assert texts(figure)[-4:] == ["12 (60\u202f%)", "4 (20\u202f%)", "s", "0 (0\u202f%)"]


def test_a_base_under_ten_has_counts_and_no_interval() -> None:
    panel = answers._panel([(vue(), asked("A", 3, 5, 0, 1, base=9))])
    figure = drawn(bars([panel]))
    assert texts(figure)[-4:] == ["5", "3", "1", "0"]
    assert panel.rows["bas"].isna().all() and panel.rows["haut"].isna().all()


def test_a_scale_with_a_hidden_count_is_told_not_drawn() -> None:
    hidden = drawn(likert.diverging([Scale("a", [None, 5, 4, None], 12)], list("abcd"), 10))
    assert lengths(hidden) == []
    assert texts(hidden)[1:] == ["s", "5", "4", "s"]


@pytest.mark.parametrize(
    ("counts", "told"), [([3, 3, 2, 4], ["50\u202f%", "50\u202f%", "3", "3", "2", "4"]), ([2, 4, 2], ["2", "4", "2"])]
)
def test_a_scale_diverges_from_its_middle(counts: list[int], told: list[str]) -> None:
    figure = drawn(likert.diverging([Scale("a", counts, sum(counts))], list("abcd")[: len(counts)], 10))
    first, *_, last = figure.axes[0].patches
    assert likert.MIDDLE - first.get_x() == pytest.approx(last.get_x() + last.get_width() - likert.MIDDLE)
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


def test_states() -> None:
    assert asked("A", "s", 0, "s", 0).state == "secret"
    assert asked("A", "s", "s", "s", "s", base="s").state == "secret"
    assert asked("A", 0, 0, 0, 0, base=0).state == "vide"
    assert asked("A", "s", 3, "s", 0).state == "visible"


def said(study: Study, v: Vue) -> list[str]:
    report = Report(study, study.territory("region"))
    none = pd.DataFrame(columns=["questionnaire", "bloc", "question", "libelle", "texte"])
    return [b.text for b in questionnaires.questionnaire(report, v, none) if hasattr(b, "text")]


def test_what_is_hidden_is_named_in_one_sentence(study: Study) -> None:
    text = said(study, vue(rows("A", "s", 0, "s", 0), rows("E", 8, 12)))
    assert "Masqué par le secret statistique\u00a0: A." in text


def test_what_holds_is_said_with_its_test_and_nothing_else(study: Study) -> None:
    text = " ".join(said(study, vue(rows("A", 12, 3, 3, 4), rows("E", 8, 12))))
    assert "par la présence en Charente (p\u00a0<\u00a00,001)" in text  # 0.0004 < 0.05 / 2
    assert "famille" not in text and "significati" not in text and "*" not in text
    assert "Lesquels ? (A[1])\u00a0: les réponses diffèrent selon le département 16." in text
    assert "de 60\u202f% si aucun des autres ne l'avait choisi à 70\u202f%" in text


def test_a_territory_whose_answers_are_hidden_has_one_sentence(study: Study) -> None:
    [text] = said(study, vue(rows("A", "s", "s", "s", "s", base="s"), answered="s"))
    assert text.startswith("Région Poitou-Charentes\u00a0: trop peu de réponses, le secret")


def test_two_groups_are_drawn_side_by_side(study: Study) -> None:
    other = BOOK.model_copy(update={"population": "gestionnaire"})
    sides = [vue(rows("A", 12, "s", 3, 4)), vue(rows("A", 1, 4, 2, 0, base=5), book=other)]
    report = Report(study, study.territory("region"))
    [block] = groups.common(report, sides)
    assert block.content["titre"] == "«\u00a0Un\u00a0»\u00a0: plus fréquent chez les bailleurs"
    svg = block.extra["image/svg+xml"]
    assert (
        ">12 sur 20<" in svg
        and ">4 sur 5<" in svg
        and ">s<" in svg
        and "%" not in svg.split("</defs>")[-1].replace("100%", "")
    )
    few = vue(rows("A", 1, 0, 1, 0, base=2), book=other, answered=2)
    [sentence] = groups.common(report, [sides[0], few])
    assert sentence.kind == "phrase"
