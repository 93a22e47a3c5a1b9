"""Blocks, figures and tables: hostile text stays text in HTML and in Typst; what a note of two pages is made of."""

import re
import xml.etree.ElementTree as xml

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from command import words
from samples import tasks

from notebook_reports import typst
from notebook_reports.blocks import TABLE, TEMPLATES, TYPST, attach
from notebook_reports.typst import literal
from spls_study import charts
from spls_study.analysis.deploiement.calendrier import calendrier
from spls_study.show import bullets, figure, headline, say, table
from spls_study.show.compact import alert, boxes, fiche, heading, line, mentions, run, state, strong, vignette
from spls_study.show.drawings.calendars import agenda
from spls_study.show.drawings.processes import strip
from spls_study.show.drawings.sheet import sheet

# Inter has no glyph for a control character: it is drawn as a space.
pytestmark = pytest.mark.filterwarnings("ignore:Glyph")

HOSTILE = '<script>alert(1)</script> "&" #import "x" ] \\ $x$ @ </td> \x0b =1+1'
DATA = pd.DataFrame({"a": [1.5]})


def bars(name):
    charts.style()
    drawing = charts.Drawn(lambda drawing: sheet(drawing, 1).text(0, 0.5, name))
    return figure(charts.svgs(drawing), title=name, subtitle=name, alt=name, notes={"Source": name})


def all_kinds(study):
    text = HOSTILE
    etude = study.etude.model_copy(update={"titre": text})
    return [
        say(text),
        bullets([text]),
        table(pd.DataFrame({text: [text], "n": [1]}), "t", text, note=text),
        bars(text),
        headline(study.model_copy(update={"etude": etude}), study.territory("17"), text, text),
        fiche(DATA, "t", text, [text], [[[text, strong(text)]]], [1], note=text),
        heading(text),
        mentions(text),
    ]


def compiled(block):
    head = '#set document(title: "t")\n#import "blocs.typ": *\n'
    files = {"blocs.typ": (TEMPLATES / "blocs.typ").read_bytes(), "main": (head + block.typst()).encode()}
    if svg := block.extra.get("image/svg+xml"):
        files[block.content["fichier"]] = svg.encode()
    return typst.compiled(files)


def test_no_cell_becomes_markup_in_html_and_every_text_is_one_typst_string(study):
    for block in all_kinds(study):
        assert "<script" not in block.html().lower(), block.kind
        outside = block.typst()
        for part in sorted({*words([block])}, key=len, reverse=True):
            outside = outside.replace(literal(part), "")
        assert "#import" not in outside and "script" not in outside, block.kind
        assert compiled(block).startswith(b"%PDF"), block.kind
    assert literal('a "b" \\c\x0b') == '"a \\"b\\" \\\\c "'
    assert literal([1, None, True, {"a": 1.5}, {}]) == '(1, none, true, ("a": 1.5, ), (:), )'


def test_a_figure_is_well_formed_keeps_its_text_and_is_the_same_each_time():
    one, two, other = bars(HOSTILE), bars(HOSTILE), bars("autre")
    svg = one.extra["image/svg+xml"]
    assert svg == two.extra["image/svg+xml"] and one.content == two.content
    drawn = "".join(xml.fromstring(svg).itertext())
    assert "$x$" in drawn and "<script>" in drawn  # as text, not as mathematics nor markup
    mine, theirs = (
        {node.get("id") for node in xml.fromstring(block.extra["image/svg+xml"]).iter()} - {None}
        for block in (one, other)
    )
    assert mine and not mine & theirs  # two figures share no identifier


def test_a_table_is_written_whole_and_shown_as_its_view():
    data = pd.DataFrame({"jour": pd.to_datetime(["2014-07-01"]), "part": [1 / 3], "x": [None]})
    block = table(data, "essai", "Titre", view={"a": ["b", "c"], "n": ["–", "+1\u202f584"], "p": ["s", "x"]})
    written = {"columns": ["jour", "part", "x"], "data": [["2014-07-01", 1 / 3, None]]}
    assert block.extra[TABLE] == {"name": "essai", "title": "Titre"} | written
    assert block.content["lignes"] == [["b", "–", "s"], ["c", "+1\u202f584", "x"]]
    assert block.content["numeriques"] == [False, True, False]
    both = attach(attach(block, {"deux": DATA}), {"trois": DATA})
    assert [t["name"] for t in both.extra[TABLE]] == ["essai", "deux", "trois"]  # after the one that is shown
    assert attach(say("Rien."), {"vide": DATA.iloc[:0]}).extra[TABLE][0]["data"] == []


@pytest.mark.parametrize("internal", [False, True])
def test_an_internal_block_says_so(internal):
    faces, metadata = table(DATA, "t", "T", internal=internal)._repr_mimebundle_()
    assert {"text/plain", "text/html", TYPST, TABLE} <= set(faces)
    assert metadata.get("interne", False) == internal


def test_a_row_has_its_bold_words_its_lines_and_its_boxes():
    rows = [[run("rang", "1"), [strong("Clause :"), "texte", line("Proposition : oui.")], boxes(["un", "deux"])]]
    block = fiche(DATA, "decisions", "Les décisions", ["N°", "Quoi ?", "Choix"], rows, [1, 4, 2])
    html = block.html()
    bold, below = '<strong class="fort">Clause\u00a0:</strong>', '<span class="ligne">Proposition\u00a0: oui.</span>'
    assert f"{bold} texte {below}" in html and html.count('<span class="case">') == 2
    assert '<th scope="row" data-entete="N°">' in html and '<td data-entete="Quoi\u202f?">' in html
    assert block.extra[TABLE]["data"] == [[1.5]] and compiled(block).startswith(b"%PDF")
    assert [state(said)[0]["texte"] for said in ("en alerte", "conforme")] == ["▲ en alerte", "● conforme"]
    assert state("") == "n.d." and alert("3")["style"] == "alerte"


def test_a_drawing_stands_at_its_size_with_its_words_beside():
    charts.style()
    figure, ax = plt.subplots(figsize=(charts.WIDTH / 2, 1))
    ax.plot([0, 1])
    beside = ["Une phrase.", HOSTILE]
    block = vignette(charts.svgs(figure), 0.5, title="Titre", subtitle="sous", alt="mot " * 60, beside=beside, note="")
    assert len(block.content["alternative"]) <= 150
    assert "<svg" in block.html() and "<li>Une phrase.</li>" in block.html() and "<script>" not in block.html()
    assert compiled(block).startswith(b"%PDF")


def drawn(draw):
    charts.style()
    wide, narrow = charts.svgs(charts.Drawn(draw))
    found = [re.findall("<text [^>]*>([^<]*)<", svg) for svg in (wide, narrow)]
    assert sorted("".join(found[0]).replace(" ", "")) == sorted("".join(found[1]).replace(" ", ""))
    return wide


def test_a_strip_says_of_each_step_what_the_application_does_of_it():
    steps = pd.DataFrame({"etape": "Saisir Visiter Voter Relire".split(), "ressaisie": [True, False, False, False]})
    svg = drawn(strip(steps.assign(couverture=["couvert", "sans place", "hors SPLS", "inconnue"]), "SPLS"))
    assert all(f">{said}<" in svg for said in ("1 Saisir", "SPLS · R", "sans place", "hors SPLS", "inconnue"))


def test_an_agenda_writes_the_slip_on_its_bar_and_takes_what_has_no_date():
    day = pd.Timestamp("2014-10-07")
    rows = calendrier(tasks("A 2014-09-23 2014-09-23 - - - | B - - - - -"), day).assign(libelle="Ouvrir")
    svg = drawn(agenda(rows, day))
    assert svg.count(">+14 jours<") == 1 and svg.count(">Ouvrir<") == 2
