"""The object that a notebook works with, as a cell uses it."""

from datetime import date

import matplotlib
import pandas as pd
import pytest

from conftest import ROOT
from notebook_reports.blocks import DOCUMENT, TABLE
from spls_study import report, show
from spls_study.starter import plan_of, write_new
from spls_study.study import UnknownTerritory

matplotlib.use("agg")
import matplotlib.pyplot as plt

VOID = pd.DataFrame({"n": []})
DRAWN = pd.DataFrame({"nom": ["a"], "n": [3]})


@pytest.fixture
def shown(monkeypatch):
    """What cells display."""
    blocks = []
    monkeypatch.setattr(report, "display", lambda block, **_: blocks.append(block))
    return blocks


@pytest.fixture
def r():
    return report.Rapport(str(ROOT / "study.toml"), "86")


def test_it_knows_its_place_its_years_and_its_names(r):
    assert (r.place, r.le, r.region) == ("Vienne", "le département", False)
    assert (r.annee, r.annees[0], r.annees[-1], r.partielle) == (2013, 2010, 2014, 2014)
    assert r.noms["17"] == "Charente-Maritime" and r.gestionnaires["86194"] == "Grand Poitiers"
    assert report.Rapport(str(ROOT / "study.toml"), "region").place == "région Poitou-Charentes"
    with pytest.raises(UnknownTerritory, match="Territoire inconnu"):
        report.Rapport(str(ROOT / "study.toml"), "99")


def test_a_set_of_departments_is_no_region(tmp_path):
    write_new(tmp_path / "e", plan_of(None, "16,17", "Deux Charentes", "SPLS", date(2014, 7, 10)))
    whole = report.Rapport(str(tmp_path / "e" / "study.toml"), "region")
    assert (whole.place, whole.tout, whole.le) == ("Deux Charentes", "l'ensemble", "l'ensemble")
    assert whole.dans == "dans l'ensemble « Deux Charentes »"
    named = show.headline(whole.study, whole.lieu, "Essai", "Essai").html()
    assert "Deux Charentes" in named and "égion" not in named
    assert report.Rapport(str(tmp_path / "e" / "study.toml"), "17").dans == "en Charente-Maritime"


def test_what_is_missing_is_one_sentence_with_its_tables_and_what_is_there_is_not_spoken_of(r, shown):
    for there in (DRAWN, 2, [0], True):
        assert r.si(there, "Rien.") and not shown
    for void in (VOID, 0, [], False):
        assert not r.si(void, "Rien : « aucun » cas.", {"essai": VOID})
        block = shown.pop()
        assert block.text == "Rien\u00a0: «\u00a0aucun\u00a0» cas." and not shown
        assert block.extra[TABLE][0]["name"] == "essai"


def test_texts_typed_plainly_are_set_once(r, shown):
    r.phrase("12 % ; « oui » ?", "", "http://exemple.fr : non")
    r.liste(["a ; b", ""])
    assert shown[0].text == "12\u202f%\u202f; «\u00a0oui\u00a0»\u202f? http://exemple.fr\u00a0: non"
    assert shown[1].content["items"] == ["a\u202f; b"]


def test_a_figure_is_drawn_until_it_is_handed_over_and_is_the_same_each_time(r, shown):
    for _ in range(2):
        figure, ax = plt.subplots()
        ax.set_title("100 $ <b>\x0b")
        assert plt.get_fignums()
        r.figure(figure, titre="Un : deux", sous_titre="s", alt="mot " * 60, champ="c", tables={"essai": DRAWN})
        assert not plt.get_fignums()
    first, second = shown
    assert first.extra == second.extra and first.content == second.content
    assert first.content["titre"] == "Un\u00a0: deux"
    assert len(first.content["alternative"]) <= 150 and first.content["alternative"].endswith("…")
    assert first.content["notes"] == ["Champ\u00a0: c", f"Source\u00a0: {r.source}."]
    drawing = first.extra["image/svg+xml"]
    assert "100 $ &lt;b&gt;" in drawing and "<svg" in drawing[:5]
    assert first.extra[TABLE][0]["data"] == [["a", 3]]


def test_a_table_cites_its_source_unless_told_otherwise_and_cells_may_hold_signs_with_their_words(r, shown):
    r.tableau(DRAWN, "essai", "Trois : c'est peu", entetes={"n": "Part (%)"}, notes=["", "Une note ; deux."])
    rows = pd.DataFrame({"nom": ["a", "b"]})
    view = rows.assign(comptes=[show.signs([1, 2, 0, 1]), show.signs([0] * 4)], etat=["prêt", show.alert("rien")])
    r.tableau(rows, "essai", "Deux lignes", vue=view, source=None)
    plain, block = (one.content for one in shown)
    assert plain["note"] == f"Une note\u202f; deux. Source\u00a0: {r.study.source('programmation')}."
    assert plain["entetes"] == ["Nom", "Part (%)"] and block["note"] == ""
    html = shown[1].html()
    assert ">1 utilisé, 2 jamais utilisés, 1 refusé</span>" in html and '<strong class="alerte">rien</strong>' in html
    assert block["dense"] and len(block["cles"]) == 4 and block["lignes"][1][1] == "–"


def test_a_title_that_is_a_sentence_names_the_document_and_is_set_once(r, shown):
    r.titre("Essai", f"Essai {r.dans} : 2 % ; fini", "Une phrase.", "", "Une autre ?")
    lab, head, lead = shown
    assert head.extra[DOCUMENT]["titre"] == "Essai dans la Vienne\u00a0: 2\u202f%\u202f; fini"
    assert head.content["lignes"][0] == "Essai, Vienne"
    assert lead.text == "Une phrase. Une autre\u202f?" and lab.data.startswith("# Essai")
