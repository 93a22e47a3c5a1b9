"""What a reader gets: pages, dark ones too, PDF whose every letter shows, unrounded tables that no spreadsheet runs."""

import csv
import io
import json
import re
import shutil
import subprocess
import unicodedata
from datetime import UTC, date, datetime

import nbformat
import page
import pandas as pd
import pikepdf
import pytest
from command import Page, notebook
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.ft2font import FT2Font
from nbconvert.exporters import get_exporter
from nbformat.v4 import new_output
from openpyxl import load_workbook

from notebook_reports import notebook as nb
from notebook_reports import typst as letters
from notebook_reports.errors import StudyError
from notebook_reports.pages import GROUND, TEMPLATES, dark, themed
from notebook_reports.rendering import finished, to_html, to_pdf
from notebook_reports.tables import named, to_csv, to_workbook
from notebook_reports.typst import FONTS, compiled, literal
from spls_study import charts
from spls_study.show import bullets, figure, headline, say, table
from spls_study.show.palette import COLOURS, GREY, INK, PLAIN
from spls_study.study import PACKAGE, load_study

HOSTILE = '=1+1 <script>alert(1)</script> #import "x": * ] ``` $x$ \\u{0} "@a" */ {{ 7*7 }}'


def executed(title, blocks):
    """A notebook as if a kernel had shown these blocks."""
    book = notebook(f"md:{title}", *(["montre()"] * len(blocks)), parameters=None)
    for cell, block in zip(book.cells[1:], blocks, strict=True):
        data, metadata = block._repr_mimebundle_()
        cell.outputs = [new_output("display_data", data=data, metadata=metadata)]
    return book


@pytest.fixture(scope="module")
def book():
    study = load_study(PACKAGE.parent / "study.toml")
    data = pd.DataFrame({"produit": ["PLUS", HOSTILE], "logements": [1000, 584]})
    secret = pd.DataFrame({"organisme": ["Bailleur à relancer"], "jours": [12]})
    return executed(
        f"# Essai\n\nUn *texte* <b>nu</b>.\n\n## Détail\n\n```\n{HOSTILE}\n```",
        [
            headline(study, study.territory("17"), "Rapport", "Essai"),
            say(HOSTILE),
            bullets([HOSTILE, "deux"]),
            table(data, "volumes", "Le PLUS domine", note=HOSTILE),
            figure(
                charts.svgs(charts.Drawn(lambda drawing: drawing.subplots().bar(["a", "b"], [1, 2]))),
                title=HOSTILE,
                subtitle="Logements",
                alt="Barres : b vaut deux fois a",
                notes={"Source": HOSTILE},
            ),
            table(secret, "relances", "À relancer", internal=True),
        ],
    )


@pytest.fixture(scope="module")
def html(book):
    return get_exporter("spls_html")().from_notebook_node(book)[0]


@pytest.fixture(scope="module")
def pdf(book):
    return get_exporter("spls_pdf")().from_notebook_node(book)[0]


def test_page_is_french_whole_and_alone_and_hostile_text_is_text(book, html):
    assert html == to_html(book, {})  # each time
    seen = Page(html)
    assert seen.all("html") == [{"lang": "fr"}]
    assert len(seen.all("main")) == len(seen.all("h1")) == len(seen.all("title")) == 1
    assert not seen.all("script") and not seen.all("link") and not seen.all("img")
    assert "default-src 'none'" in str(seen.all("meta"))
    links = [str(a["href"]) for a in seen.all("a")]
    assert links and all(link.startswith("#") for link in links)
    identifiers = [a["id"] for _, a in seen.tags if "id" in a]
    assert len(identifiers) == len(set(identifiers))
    assert {link[1:] for link in links} <= set(identifiers)
    assert all(a.get("scope") for a in seen.all("th"))
    assert "Essai – Déploiement de SPLS en Poitou-Charentes" in seen.text and "montre()" not in seen.text
    assert seen.text.count(HOSTILE) == 7 and "Un texte <b>nu</b>." in seen.text


def test_pdf_is_accessible_and_archivable_with_the_tables_shown_and_no_internal_one(html, pdf):
    for profile in ("ua1", "3a"):
        result = page.validate_pdf_bytes(pdf, profile=profile)
        assert str(result).count("Result: no failures"), result
    assert b"volumes.csv" in pdf or "volumes.csv".encode("utf-16-be") in pdf
    assert b"relances" not in pdf and "relances".encode("utf-16-be") not in pdf
    assert "relance" not in html


def test_a_table_that_no_page_shows_is_attached_with_what_it_holds_and_a_block_without_words_shows_nothing():
    data = pd.DataFrame({"produit": ["PLUS"]})
    book = executed("# Essai", [say("", data={"volumes_zone": data, "annexe_x": data}), bullets([])])
    with pikepdf.open(io.BytesIO(to_pdf(book, {"titres": {"annexe_*": "Toutes les réponses"}}))) as document:
        told = {name: file.description for name, file in document.attachments.items()}
    assert told == {"annexe_x.csv": "Toutes les réponses", "volumes_zone.csv": "Volumes zone"}
    assert '<p class="constat">' not in (html := to_html(book, {})) and "<ul>" not in html


def test_an_image_without_words_is_refused(book):
    bare = nbformat.from_dict(book)
    bare.cells[1].outputs = [new_output("display_data", data={"image/png": "aaaa"})]
    with pytest.raises(StudyError, match="texte de remplacement"):
        to_html(bare, {})


def test_other_outputs_are_markdown_or_literal_text():
    book = executed("Sans titre.", [say("a")])
    book.cells[1].outputs = [
        new_output("stream", name="stdout", text="a < b\n  \x1b[31mc\x1b[0m"),
        new_output("stream", name="stderr", text="alarme"),
        new_output("display_data", data={"text/markdown": "du **gras**"}),
        new_output("execute_result", data={"text/plain": "x <y>", "text/html": "<i>non</i>"}),
        new_output("error", ename="ValueError", evalue="<z>", traceback=[]),
    ]
    resources = {"metadata": {"name": "9_essai"}}
    html = to_html(book, resources)
    seen = Page(html)
    assert all(text in seen.text for text in ("a < b\n  c", "x <y>", "ValueError\u00a0: <z>", "9_essai"))
    assert "<strong>gras</strong>" in html and "<h1" in html
    assert "alarme" not in seen.text and "<i>" not in html
    assert to_pdf(book, resources).startswith(b"%PDF")


def test_what_a_text_leaves_open_swallows_no_result():
    book = executed("```\nouvert", [say("a")])
    book.cells[1].outputs.append(new_output("stream", name="stdout", text="```\n~~~\n"))
    html = to_html(book, {})
    assert '<p class="constat">a</p>' in html and '<pre class="sortie">```\n~~~</pre>' in html
    assert to_pdf(book, {}).startswith(b"%PDF")


def test_clean_removes_what_changes_from_run_to_run():
    book = executed("# a", [say("/home/moi/etude/x et /tmp/ipykernel_12/345.py")])
    book.metadata = {
        "papermill": {"duration": 3.2},
        "widgets": {"state": {}},
        "kernelspec": {"name": "python3"},
        "language_info": {"name": "python", "version": "3.11.4"},
    }
    cell = book.cells[1]
    cell.execution_count, cell.metadata = 4, {"tags": ["t"], "execution": {"iopub": "2026"}}
    cell.outputs[0].data["application/vnd.jupyter.widget-view+json"] = {"model_id": "a1"}
    cleaned = nb.clean(book, {"/home/moi/etude": "."})
    text = json.dumps(cleaned)
    for gone in ("duration", "3.11.4", "2026", "/home/moi", "/tmp", "widget", 'count": 4'):
        assert gone not in text
    assert cleaned.cells[1].metadata == {"tags": ["t"]}
    assert cleaned.cells[1].outputs[0].data["text/plain"] == "./x et cellule"
    assert nb.clean(cleaned) == cleaned


@pytest.mark.skipif(not shutil.which("pdfinfo"), reason="poppler-utils is not installed")
def test_the_first_cell_of_a_row_is_its_header(tmp_path):
    data = pd.DataFrame({"produit": ["PLUS", "PLS"], "logements": [12, 60]})
    book = executed("# Essai", [table(data, "volumes", "Douze logements")])
    (tmp_path / "a.pdf").write_bytes(to_pdf(book, {}))
    told = subprocess.check_output(["pdfinfo", "-struct", str(tmp_path / "a.pdf")], encoding="utf-8")
    assert re.findall(r"\b(?:TR|TH|TD)\b", told) == ["TR", "TH", "TH", *["TR", "TH", "TD"] * 2]


def test_data_that_end_in_cr_are_written_so_that_their_end_is_seen():
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.Root.StructTreeRoot = pikepdf.Dictionary()
        document.Root.Essai = document.make_stream(b"un texte\r")
        document.save(out, compress_streams=False)
    assert b"\r\nendstream" in out.getvalue()
    mended = finished(out.getvalue())
    assert b"\r\nendstream" not in mended
    with pikepdf.open(io.BytesIO(mended)) as document:
        assert document.Root.Essai.read_bytes() == b"un texte\r"


def a_table(rows, columns, name="t"):
    return {"name": name, "title": "Titre", "columns": columns, "data": rows}


def test_csv_is_unrounded_with_empty_for_missing():
    rows = [["PLUS", 0.1 + 0.2, None], ["a,b", -3, "s"], ["x", 1584, "2014-07-10"]]
    assert to_csv(a_table(rows, ["produit", "part", "jour"])) == (
        'produit,part,jour\nPLUS,0.30000000000000004,\n"a,b",-3,s\nx,1584,2014-07-10\n'
    )


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0")))
def test_text_never_begins_as_a_formula_and_numbers_stay(text):
    rows = list(csv.reader(io.StringIO(to_csv(a_table([[text, -1.5]], ["a", "=b"])))))
    assert rows[0] == ["a", "'=b"]
    assert rows[1] == [f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") and text else text, "-1.5"]


def test_workbook_has_contents_first_then_a_sheet_per_table():
    long = "x" * 40
    tables = {
        "volumes": (a_table([["=1+1", 0.5, None], ["http://a", -2, "s"]], ["a", "b", "c"]), "1_p"),
        f"{long}1": (a_table([[1]], ["a"], f"{long}1"), "2_q"),
        f"{long}2": (a_table([[2]], ["a"], f"{long}2"), "2_q"),
    }
    content = to_workbook(tables, date(2014, 7, 10), {"x*": "De longs noms"})
    assert content == to_workbook(tables, date(2014, 7, 10), {"x*": "De longs noms"})
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames[:2] == ["Lisez-moi", "volumes"] and len(book.sheetnames) == 4
    assert [c.value for c in book["Lisez-moi"][2]] == ["volumes", "Titre", "1_p", "volumes"]
    assert [book["Lisez-moi"][row][1].value for row in (3, 4)] == ["De longs noms"] * 2
    sheet = book["volumes"]
    assert [c.value for c in sheet[2]] == ["'=1+1", 0.5, None]
    assert [c.value for c in sheet[3]] == ["http://a", -2, "s"]
    assert sheet["A2"].data_type == "s" and sheet["A3"].hyperlink is None
    assert sheet.freeze_panes == "A2" and sheet["A1"].font.bold
    assert [book[name]["A2"].value for name in book.sheetnames[2:]] == [1, 2]


@pytest.mark.parametrize("name", ["../x", "a/b", "", "é", "a.b"])
def test_an_identifier_that_is_no_file_name_is_refused(name):
    with pytest.raises(StudyError, match="identifiant"):
        named(a_table([], [], name))


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrasts(colour):
    """On the white page, on the dark one."""
    return 1.05 / (luminance(colour) + 0.05), (luminance(dark(colour)[1:]) + 0.05) / (GROUND + 0.05)


def test_the_ground_is_that_of_the_dark_page():
    css = (TEMPLATES / "rapport.css").read_text(encoding="utf-8")
    [ground] = re.findall(r"prefers-color-scheme: dark\) \{\n  :root \{[^}]*--fond: #(\w+)", css)
    assert abs(luminance(ground) - GROUND) < 0.0001
    assert dark("ffffff") == "var(--fond)"


@given(st.integers(0, 0xFFFFFE).map("{:06x}".format))
def test_a_colour_keeps_its_contrast_up_to_that_of_white(colour):
    light, dim = contrasts(colour)
    assert abs(dim / min(light, 1.05 / (GROUND + 0.05)) - 1) < 0.06


def test_colours_of_the_house_stay_apart():
    house = [c[1:].lower() for c in (*COLOURS, GREY, INK, PLAIN)]
    assert len({dark(c) for c in house}) == len(house)
    assert all(dim >= 3 for light, dim in map(contrasts, house) if light >= 3.1)


def test_only_what_a_drawing_paints_gets_a_variable():
    html = '<p>#123456</p><svg><path style="fill: #123456"/><text>fill: #123456 style="</text></svg>'
    shown, css = themed(html)
    assert shown == html.replace('"fill: #123456"', '"fill: var(--c123456, #123456)"')
    assert css == f"@media screen and (prefers-color-scheme:dark){{:root{{--c123456:{dark('123456')};}}}}"
    assert themed("<p>#123456</p>") == ("<p>#123456</p>", "")


EVERY = [c for c in map(chr, range(0x110000)) if unicodedata.category(c) not in ("Cs", "Cn")]  # what Unicode knows


def typeset(text, more=""):
    """As a report: in a heading, a cell and a drawing."""
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20"><text y="9">{}</text></svg>'
    seen = "".join(c for c in text if c.isprintable() and c not in "<&")
    main = (
        '#set document(title: "t")\n#set text(lang: "fr", font: "Inter")\n'
        f"#title()\n#heading(level: 1, {literal('t' + text)})\n#table(columns: 1, table.header[a], {literal(text)})\n"
        '#figure(image("d.svg", alt: "d"))\n' + more
    )
    files = {"main": main.encode(), "d.svg": drawing.format(seen).encode()}
    return compiled(files, pdf_standards=["ua-1", "a-3a"], timestamp=datetime(2014, 1, 1, tzinfo=UTC))


def test_no_letter_of_any_script_is_refused():
    left = "".join(sorted({*letters.shown("".join(EVERY))}))  # what stands for each
    assert typeset(left, f"#par({literal(left)})").startswith(b"%PDF")


@given(st.text(st.characters(codec="utf-8")))
@settings(max_examples=40)
def test_no_text_is_refused_nor_becomes_markup(text):
    assert typeset(text).startswith(b"%PDF")
    signs = re.findall(r"[^\w\s]", letters.shown(text))
    assert {*signs} <= {*text, "□", "•"}


def test_the_nearest_letter_stands_for_one_a_word_that_no_page_holds_is_cut_and_who_typed_them_is_told():
    assert letters.shown("\uf0b7 ✅ ﬁn\ufe0f 漢字, œuvre à 12 %") == "• □ fin □□, œuvre à 12 %"
    assert letters.shown("＂＃") == "□□"  # would close a text, begin a command
    assert letters.cut(f"a {'b' * 40_000} c") == f"a {'b' * letters.LONGEST}… c"
    assert len(letters.cut("b " * 40_000)) == letters.MOST + 1
    assert typeset("b" * 40_000).startswith(b"%PDF") and typeset("b " * 40_000).startswith(b"%PDF")
    assert "(✅ U+2705)" in letters.told("✅ fait") and "1\u202f000 caractères" in letters.told("b" * 4_000)
    assert "10\u202f000 caractères" in letters.told("b " * 40_000)
    assert letters.told("Œuvre à 12 % – « vu » ✓") == ""


def test_letters_known_without_the_font_are_in_it_and_its_weights_have_the_same():
    assert {*re.findall(f"[{letters.SURE}]", "".join(EVERY))} <= letters.drawn()
    weights = [FT2Font(str(file)).get_charmap() for file in FONTS.glob("*.otf")]
    assert len(weights) == 4 and all({*w} == {*weights[0]} for w in weights)
    assert not [c for c in letters.drawn() if unicodedata.category(c) == "Co"]
