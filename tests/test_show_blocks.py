"""Blocks, figures and tables: hostile text stays text in HTML and in Typst."""

import xml.etree.ElementTree as xml
from html.parser import HTMLParser

import pandas as pd
import pytest
from matplotlib.figure import Figure

from notebook_reports.blocks import TABLE, TYPST, Block, attach
from notebook_reports.typst import literal
from spls_study.show import bullets, figure, say, table, tiles, title_block
from spls_study.show.drawings.sheet import Draw, sheet
from spls_study.study import Study

# Inter has no glyph for a control character: it is drawn as a space.
pytestmark = pytest.mark.filterwarnings("ignore:Glyph")

HOSTILE = '<script>alert(1)</script> "&" #import "x" ] \\ $x$ \x0b =1+1'


def named(name: str) -> Draw:
    def draw(drawing: Figure) -> None:
        sheet(drawing, 1).text(0, 0.5, name)

    return draw


def bars(name: str) -> Block:
    return figure(named(name), title=name, subtitle=name, alt=name, source=name)


def all_kinds(study: Study, text: str) -> list[Block]:
    data = pd.DataFrame({text: [text], "n": [1]})
    return [
        say(text),
        bullets([text]),
        table(data, "t", text, note=text),
        bars(text),
        tiles([{"valeur": text, "unite": text}]),
        title_block(
            study.model_copy(update={"etude": study.etude.model_copy(update={"titre": text})}),
            study.territory("17"),
            text,
        ),
    ]


class Scripts(HTMLParser):
    found = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.found += tag == "script"


def test_no_cell_becomes_markup_in_html(study: Study) -> None:
    for block in all_kinds(study, HOSTILE):
        parser = Scripts()
        parser.feed(block.html())
        assert parser.found == 0, block.kind


def test_every_text_is_one_typst_string(study: Study) -> None:
    for block in all_kinds(study, HOSTILE):
        outside = block.typst()
        for part in sorted({t for t in texts(block.content)}, key=len, reverse=True):
            outside = outside.replace(literal(part), "")
        assert "#import" not in outside and "script" not in outside, block.kind


def texts(item: object) -> list[str]:
    if isinstance(item, dict):
        return [t for v in item.values() for t in texts(v)]
    if isinstance(item, (list, tuple)):
        return [t for v in item for t in texts(v)]
    return [item] if isinstance(item, str) else []


def test_typst_literals() -> None:
    assert literal('a "b" \\c\x0b') == '"a \\"b\\" \\\\c "'
    assert literal([1, None, True, {"a": 1.5}, {}]) == '(1, none, true, ("a": 1.5, ), (:), )'


def test_a_figure_is_well_formed_keeps_its_text_and_is_the_same_each_time() -> None:
    one, two = bars(HOSTILE), bars(HOSTILE)
    svg = one.extra["image/svg+xml"]
    assert svg == two.extra["image/svg+xml"] and one.content == two.content
    drawn = "".join(xml.fromstring(svg).itertext())
    assert "$x$" in drawn and "<script>" in drawn  # as text, not as mathematics nor markup


def test_two_figures_share_no_identifier() -> None:
    ids = [
        {node.get("id") for node in xml.fromstring(bars(name).extra["image/svg+xml"]).iter()} - {None}
        for name in ("un", "deux")
    ]
    assert ids[0] and not ids[0] & ids[1]


def test_a_table_is_written_whole_and_shown_as_its_view() -> None:
    data = pd.DataFrame({"jour": pd.to_datetime(["2014-07-01"]), "part": [1 / 3], "x": [None]})
    block = table(data, "essai", "Titre", view={"a": ["b", "c"], "n": ["–", "+1\u202f584"], "p": ["s", "x"]})
    assert block.extra[TABLE] == {
        "name": "essai",
        "title": "Titre",
        "columns": ["jour", "part", "x"],
        "data": [["2014-07-01", 1 / 3, None]],
    }
    assert block.content["lignes"] == [["b", "–", "s"], ["c", "+1\u202f584", "x"]]
    assert block.content["numeriques"] == [False, True, False]


def test_attached_tables_follow_the_one_that_is_shown() -> None:
    data = pd.DataFrame({"a": [1]})
    both = attach(attach(table(data, "un", "T"), {"deux": data}), {"trois": data})
    assert [t["name"] for t in both.extra[TABLE]] == ["un", "deux", "trois"]
    alone = attach(say("Rien."), {"vide": data.iloc[:0]})
    assert alone.extra[TABLE][0]["data"] == []


@pytest.mark.parametrize("internal", [False, True])
def test_an_internal_block_says_so(internal: bool) -> None:
    shown = table(pd.DataFrame({"a": [1]}), "t", "T", internal=internal)._repr_mimebundle_()
    faces = shown[0] if internal else shown
    assert {"text/plain", "text/html", TYPST, TABLE} <= set(faces)
    assert (isinstance(shown, tuple) and shown[1] == {"interne": True}) == internal
