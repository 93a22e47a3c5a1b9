from datetime import date
from pathlib import Path

import pandas as pd

from spls_study.analysis.copil.chiffres_cles import chiffres_cles
from spls_study.analysis.methods.frames import frame
from spls_study.analysis.questionnaires.shown import NOT_SHOWN
from spls_study.codebook import Codebook, Question
from spls_study.show import section
from spls_study.show.blocks import Block
from spls_study.show.copil import charts as copil_charts
from spls_study.show.copil import note as copil
from spls_study.show.questionnaires.vue import Vue
from spls_study.show.report import Report
from spls_study.study import load_study

STUDY = load_study(Path(__file__).parent.parent / "study.toml")
REGION = Report(STUDY, STUDY.territory("region"))


def figures(*rows: tuple, before: tuple = ()) -> pd.DataFrame:
    """Rows of cle, valeur, unite; `before` holds those of the last edition."""

    def part(given: tuple) -> pd.DataFrame:
        table = pd.DataFrame(given, columns=["cle", "valeur", "unite"])
        return table.assign(libelle="lib", source="s").astype({"valeur": "float64"})

    return chiffres_cles(part(rows), previous=part(before) if before else None)


def test_sentences_agree_with_their_number():
    many = copil.essentials(REGION, figures(("logements_pls", 999, "logements")))
    one = copil.essentials(REGION, figures(("logements_pls", 1, "logements")))
    assert many.text == "- En 2013, 999 logements PLS (prêt locatif social) ont été agréés."
    assert one.text == "- En 2013, 1 logement PLS (prêt locatif social) a été agréé."


def test_three_sentences_at_most_each_from_a_row():
    rows = [(key, 0.5, "part") for key in copil.SENTENCES]
    assert len(copil.essentials(REGION, figures(*rows)).content["items"]) == 3


def test_nothing_is_said_of_data_that_are_not_there():
    none = figures()
    years = pd.DataFrame({"annee": [], "groupe": [], "logements": []})
    shares = years.assign(departement=[], part=[])
    assert copil.essentials(REGION, none) is None
    assert copil.key_tiles(none, None) is None
    assert copil_charts.annual_table(REGION, years) is None
    assert copil_charts.departments_chart(REGION, shares) is None
    assert section("Programmation", None, None) == []


def test_tiles_show_the_change_since_the_last_edition():
    now = figures(
        ("a", 12, "logements"),
        ("b", 0.5, "part"),
        ("c", 3, "x"),
        ("d", 1, "x"),
        before=(("a", 15, ""), ("b", 0.475, ""), ("c", 3, "")),
    )
    items = copil.key_tiles(now, date(2014, 7, 10)).content["items"]
    since = " depuis le 10/07/2014"
    assert [i["evolution"] for i in items] == ["▼ \u22123" + since, "▲ +2,5 points" + since, "inchangé" + since, ""]
    assert (items[1]["valeur"], items[1]["unite"]) == ("50,0", "%")


def test_acronyms_are_spelled_out_once():
    first, second = copil.spelled_out(["PLS et PLAI.", "PLS encore."])
    assert first == "PLS (prêt locatif social) et PLAI (prêt locatif aidé d'intégration)."
    assert second == "PLS encore."


def test_chart_highlights_and_states_the_share():
    shares = pd.DataFrame(
        {
            "annee": 2013,
            "groupe": "PLUS-PLAI",
            "departement": ["16", "17", "79", "86"],
            "logements": [10, 60, 10, 20],
            "part": [0.1, 0.6, 0.1, 0.2],
        }
    )
    block = copil_charts.departments_chart(REGION, shares)
    assert block.content["titre"] == ("Charente-Maritime\u00a0: 60\u202f% des PLUS et PLAI de la région")
    assert len(block.content["alternative"]) <= 150
    own = copil_charts.departments_chart(Report(STUDY, STUDY.territory("86")), shares)
    assert own.content["titre"].startswith("Vienne\u00a0: 20")


def test_method_has_eight_lines_at_most():
    block = copil.method(
        REGION, {"programmation": ["b.csv", "a.csv"]}, "0a1b2c3d", [Vue(CODEBOOK, pd.DataFrame(RATES), pd.DataFrame())]
    )
    assert len(block.content["items"]) == 7
    assert "a.csv et b.csv" in block.text and "0a1b2c3d" in block.text


CODEBOOK = Codebook(
    id="q",
    titre="Questionnaire",
    population="bailleur",
    question=(
        Question(code="A", bloc="b", type="nombre", libelle="Combien ?"),
        Question(
            code="B",
            bloc="b",
            type="choix_unique",
            libelle="Lequel ?",
            modalites={"1": "un", "2": "deux", "3": "trois"},
        ),
    ),
)
RATES = {"questionnaire": "q", "strate": ["total"], "population": [31], "repondants": [20], "taux": [20 / 31]}


def chart(*counts: object, base: int = 12) -> Block:
    answers = pd.DataFrame(
        {
            "questionnaire": "q",
            "question": "B",
            "sous_question": "",
            "modalite": ["1", "2", "3", "NR"],
            "libelle": ["un", "deux", "trois", "Sans réponse"],
            "effectif": [*counts, 8],
            "base": base,
            "part": 0.5,
            "ic_bas": 0.4,
            "ic_haut": 0.6,
            "population": 31,
        }
    )
    block = copil_charts.survey_chart(REGION, Vue(CODEBOOK, pd.DataFrame(RATES), answers))
    assert block is not None
    return block


def test_the_first_choice_of_a_questionnaire_is_drawn_with_n_and_rate():
    block = chart(3, 9, 0)
    assert block.content["titre"] == "«\u00a0deux\u00a0»\u00a0: 9 réponses sur 12"
    assert "9 (75\u202f%)" in block.extra["image/svg+xml"]
    assert "20 réponses pour 31 bailleurs interrogés (65\u202f%)" in " ".join(block.content["notes"])


def test_a_question_that_does_not_show_is_said():
    hidden = frame([("q", "B", "", "region", 4, "trop peu\u00a0: il en faut 5", "Lequel ?")], NOT_SHOWN)
    vue = Vue(CODEBOOK, pd.DataFrame(RATES), pd.DataFrame(columns=["question", "modalite"]), hidden)
    assert copil_charts.survey_chart(REGION, vue).text.endswith(
        "\u202f; «\u00a0Lequel ?\u00a0» n'est pas montrée (4 réponses reçues, trop peu\u00a0: il en faut 5)."
    )


def test_two_answers_are_a_sentence():
    assert chart(2, 1, 0, base=2).text == (
        "Bailleurs, 2 réponses à «\u00a0Lequel ?\u00a0»\u00a0: «\u00a0un\u00a0» (2) et «\u00a0deux\u00a0» (1)."
    )


def test_decisions_are_numbered_with_who_and_when():
    table = pd.DataFrame(
        {
            "rang": range(1, 11),
            "objet": "Objet",
            "qui": ["DD016|DD017"] * 10,
            "quand": pd.to_datetime(["2014-07-01"] + ["2014-10-01"] * 9),
            "origine": "charte",
        }
    )
    listed, rest = copil.to_decide(REGION, table)
    assert listed.content["ordonnee"] and len(listed.content["items"]) == 8
    assert listed.content["items"][:2] == [
        "Objet – DDT 16 et DDTM 17, au plus tard le 1er juillet 2014, échéance passée",
        "Objet – DDT 16 et DDTM 17, au plus tard le 1er octobre 2014",
    ]
    assert rest.text.startswith("2 autres points sont")
    assert copil.to_decide(REGION, table[:0]) == []
