"""What a note of two pages is made of."""

import re

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from notebook_reports import typst
from notebook_reports.blocks import TABLE, TEMPLATES
from spls_study import charts
from spls_study.analysis.deploiement.calendrier import COLUMNS
from spls_study.show.compact import alert, boxes, fiche, heading, line, mentions, run, state, strong, vignette
from spls_study.show.drawings.agenda import agenda
from spls_study.show.drawings.strip import strip

HOSTILE = '<script>#import "x" ] $ @ </td>'
DATA = pd.DataFrame({"a": [1.5]})


def compiled(block) -> bytes:
    head = '#set document(title: "t")\n#import "blocs.typ": *\n'
    files = {"blocs.typ": (TEMPLATES / "blocs.typ").read_bytes(), "main": (head + block.typst()).encode()}
    if svg := block.extra.get("image/svg+xml"):
        files[block.content["fichier"]] = svg.encode()
    return typst.compiled(files)


def test_a_row_has_its_bold_words_its_lines_and_its_boxes():
    rows = [[run("rang", "1"), [strong("Clause :"), "texte", line("Proposition : oui.")], boxes(["un", "deux"])]]
    block = fiche(DATA, "decisions", "Les décisions", ["N°", "Quoi ?", "Choix"], rows, [1, 4, 2])
    html = block.html()
    assert (
        '<strong class="fort">Clause\u00a0:</strong> texte <span class="ligne">Proposition\u00a0: oui.</span>' in html
    )
    assert html.count('<span class="case">') == 2
    assert '<th scope="row" data-entete="N°">' in html and '<td data-entete="Quoi\u202f?">' in html
    assert block.extra[TABLE]["data"] == [[1.5]]
    assert compiled(block).startswith(b"%PDF")


def test_a_state_is_a_shape_and_a_word():
    assert state("en alerte")[0]["texte"] == "▲ en alerte" and state("conforme")[0]["texte"] == "● conforme"
    assert state("") == "n.d."
    assert alert("3")["style"] == "alerte"


@pytest.mark.parametrize(
    "block",
    [
        fiche(DATA, "t", HOSTILE, [HOSTILE], [[[HOSTILE, strong(HOSTILE)]]], [1], note=HOSTILE),
        heading(HOSTILE),
        mentions(HOSTILE),
    ],
    ids=lambda b: b.kind,
)
def test_what_is_written_is_text_and_never_markup(block):
    assert "<script>" not in block.html()
    assert compiled(block).startswith(b"%PDF")


def test_a_drawing_stands_at_its_size_with_its_words_beside():
    charts.style()
    figure, ax = plt.subplots(figsize=(charts.WIDTH / 2, 1))
    ax.plot([0, 1])
    block = vignette(figure, title="Titre", subtitle="sous", alt="mot " * 60, beside=["Une phrase.", HOSTILE])
    assert block.content["part"] == 0.5 and len(block.content["alternative"]) <= 150
    assert "<svg" in block.html() and "<li>Une phrase.</li>" in block.html() and "<script>" not in block.html()
    assert compiled(block).startswith(b"%PDF")


def drawn(draw) -> str:
    charts.style()
    wide, narrow = charts.svgs(charts.drawn(draw))
    found = [re.findall("<text [^>]*>([^<]*)<", svg) for svg in (wide, narrow)]
    assert sorted("".join(found[0]).replace(" ", "")) == sorted("".join(found[1]).replace(" ", ""))
    return wide


def test_a_strip_says_of_each_step_what_the_application_does_of_it():
    steps = pd.DataFrame(
        {
            "etape": ["Saisir", "Visiter", "Voter", "Autre chose"],
            "couverture": ["couvert", "sans place", "hors SPLS", "inconnue"],
            "ressaisie": [True, False, False, False],
        }
    )
    svg = drawn(strip(steps, "SPLS"))
    for words in ("1 Saisir", "SPLS · R", "sans place", "hors SPLS", "inconnue"):
        assert f">{words}<" in svg


def test_an_agenda_writes_the_slip_on_its_bar_and_takes_what_has_no_date():
    day = pd.Timestamp("2014-10-07")
    rows = pd.DataFrame([dict.fromkeys(COLUMNS, None) | {"libelle": "Ouvrir"}] * 2)
    dates = dict.fromkeys(("debut_prevu", "fin_prevue", "debut_reel", "fin_reelle", "debut_estime", "fin_estimee"))
    rows = rows.astype(dict.fromkeys(dates, "datetime64[s]"))
    rows = rows.assign(
        fin_prevue=day, debut_estime=day, fin_estimee=day + pd.Timedelta(days=14), critique=[True, False]
    )
    rows["retard_jours"] = pd.array([14, None], dtype="Int64")
    svg = drawn(agenda(rows, day))
    assert svg.count(">+14 jours<") == 1 and svg.count(">Ouvrir<") == 2
