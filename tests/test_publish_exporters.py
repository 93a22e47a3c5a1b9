"""What a reader gets of an executed notebook: the HTML page, the PDF, unrounded tables that no spreadsheet runs."""

import csv
import io
import json
import re
from collections.abc import Sequence
from datetime import date

import nbformat
import page
import pandas as pd
import pikepdf
import pytest
from command import Page, notebook
from hypothesis import given, settings
from hypothesis import strategies as st
from nbconvert.exporters import get_exporter
from nbformat.v4 import new_output
from openpyxl import load_workbook

from notebook_reports import notebook as nb
from notebook_reports.blocks import Block
from notebook_reports.errors import StudyError
from notebook_reports.exporters import ReportHTMLExporter, ReportPDFExporter, finished
from notebook_reports.tables import named, to_csv, to_workbook
from spls_study.show import bullets, figure, say, table, tiles, title_block
from spls_study.study import PACKAGE, load_study

HOSTILE = '=1+1 <script>alert(1)</script> #import "x": * ] ``` $x$ \\u{0} "@a" */ {{ 7*7 }}'


def executed(title: str, blocks: Sequence[Block]) -> nbformat.NotebookNode:
    """A notebook as if a kernel had shown these blocks."""
    book = notebook(f"md:{title}", *(["montre()"] * len(blocks)), parameters=None)
    for cell, block in zip(book.cells[1:], blocks, strict=True):
        bundle = block._repr_mimebundle_()
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        cell.outputs = [new_output("display_data", data=data, metadata=metadata)]
    return book


@pytest.fixture(scope="module")
def book() -> nbformat.NotebookNode:
    study = load_study(PACKAGE.parent / "study.toml")
    data = pd.DataFrame({"produit": ["PLUS", HOSTILE], "logements": [1000, 584]})
    secret = pd.DataFrame({"organisme": ["Bailleur à relancer"], "jours": [12]})
    return executed(
        f"# Essai\n\nUn *texte* <b>nu</b>.\n\n## Détail\n\n```\n{HOSTILE}\n```",
        [
            title_block(study, study.territory("17"), "Essai"),
            say(HOSTILE),
            bullets([HOSTILE, "deux"], ordered=True),
            tiles([{"valeur": "1\u202f584", "unite": "logements", "libelle": HOSTILE}] * 4),
            table(data, "volumes", "Le PLUS domine", note=HOSTILE),
            figure(
                lambda drawing: drawing.subplots().bar(["a", "b"], [1, 2]),
                title=HOSTILE,
                subtitle="Logements",
                alt="Barres : b vaut deux fois a",
                source=HOSTILE,
            ),
            table(secret, "relances", "À relancer", internal=True),
        ],
    )


@pytest.fixture(scope="module")
def html(book: nbformat.NotebookNode) -> str:
    return ReportHTMLExporter().from_notebook_node(book)[0]


@pytest.fixture(scope="module")
def pdf(book: nbformat.NotebookNode) -> bytes:
    return ReportPDFExporter().from_notebook_node(book)[0]


def test_page_is_french_whole_and_alone_and_hostile_text_is_text(html: str) -> None:
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
    assert "Essai – Charente-Maritime" in seen.text and "montre()" not in seen.text
    assert seen.text.count(HOSTILE) >= 10 and "Un texte <b>nu</b>." in seen.text


def test_pdf_is_accessible_and_archivable(pdf: bytes) -> None:
    for profile in ("ua1", "3a"):
        result = page.validate_pdf_bytes(pdf, profile=profile)
        assert str(result).count("Result: no failures"), result


def test_shown_tables_are_attached_and_internal_ones_nowhere(html: str, pdf: bytes) -> None:
    assert b"volumes.csv" in pdf or "volumes.csv".encode("utf-16-be") in pdf
    assert b"relances" not in pdf and "relances".encode("utf-16-be") not in pdf
    assert "relance" not in html


def test_an_image_without_words_is_refused(book: nbformat.NotebookNode) -> None:
    bare = nbformat.from_dict(book)
    bare.cells[1].outputs = [new_output("display_data", data={"image/png": "aaaa"})]
    with pytest.raises(StudyError, match="texte de remplacement"):
        ReportHTMLExporter().from_notebook_node(bare)


def test_other_outputs_are_markdown_or_literal_text() -> None:
    book = executed("Sans titre.", [say("a")])
    book.cells[1].outputs = [
        new_output("stream", name="stdout", text="a < b\n  \x1b[31mc\x1b[0m"),
        new_output("stream", name="stderr", text="alarme"),
        new_output("display_data", data={"text/markdown": "du **gras**"}),
        new_output("execute_result", data={"text/plain": "x <y>", "text/html": "<i>non</i>"}),
        new_output("error", ename="ValueError", evalue="<z>", traceback=[]),
    ]
    resources = {"metadata": {"name": "9_essai"}}
    html, _ = ReportHTMLExporter().from_notebook_node(book, resources)
    seen = Page(html)
    assert all(text in seen.text for text in ("a < b\n  c", "x <y>", "ValueError\u00a0: <z>", "9_essai"))
    assert "<strong>gras</strong>" in html and "<h1" in html
    assert "alarme" not in seen.text and "<i>" not in html
    assert ReportPDFExporter().from_notebook_node(book, resources)[0].startswith(b"%PDF")


def test_what_a_text_leaves_open_swallows_no_result() -> None:
    book = executed("```\nouvert", [say("a")])
    book.cells[1].outputs.append(new_output("stream", name="stdout", text="```\n~~~\n"))
    html, _ = ReportHTMLExporter().from_notebook_node(book)
    assert '<p class="constat">a</p>' in html and '<pre class="sortie">```\n~~~</pre>' in html
    assert ReportPDFExporter().from_notebook_node(book)[0].startswith(b"%PDF")


def test_bare_nbconvert_knows_the_exporters_which_give_the_same_bytes(
    book: nbformat.NotebookNode, html: str, pdf: bytes
) -> None:
    for name, expected in (("spls_html", html), ("spls_pdf", pdf)):
        assert get_exporter(name)().from_notebook_node(book)[0] == expected


def test_clean_removes_what_changes_from_run_to_run() -> None:
    book = executed("# a", [say("/home/moi/etude/x et /tmp/ipykernel_12/345.py")])
    book.metadata = {
        "papermill": {"duration": 3.2},
        "kernelspec": {"name": "python3"},
        "language_info": {"name": "python", "version": "3.11.4"},
    }
    book.cells[1].execution_count = 4
    book.cells[1].metadata = {"tags": ["t"], "execution": {"iopub": "2026"}}
    cleaned = nb.clean(book, {"/home/moi/etude": "."})
    text = json.dumps(cleaned)
    for gone in ("duration", "3.11.4", "2026", "/home/moi", "/tmp"):
        assert gone not in text
    assert cleaned.cells[1].metadata == {"tags": ["t"]}
    assert cleaned.cells[1].outputs[0].data["text/plain"] == "./x et cellule"
    assert nb.clean(cleaned) == cleaned


def one_table() -> bytes:
    data = pd.DataFrame({"produit": ["PLUS", "PLS"], "logements": [12, 60]})
    book = executed("# Essai", [table(data, "volumes", "Douze logements")])
    return ReportPDFExporter().from_notebook_node(book)[0]


def kinds(element: pikepdf.Object) -> list[str]:
    if isinstance(element, pikepdf.Array):
        return [kind for child in element for kind in kinds(child)]
    if not isinstance(element, pikepdf.Dictionary):
        return []
    own = [str(element.S)] if element.get("/S") in ("/TR", "/TH", "/TD") else []
    return own + (kinds(element.K) if "/K" in element else [])


def test_the_first_cell_of_a_row_is_its_header() -> None:
    with pikepdf.open(io.BytesIO(one_table())) as document:
        assert kinds(document.Root.StructTreeRoot) == ["/TR", "/TH", "/TH", *["/TR", "/TH", "/TD"] * 2]


def test_data_that_end_in_cr_are_written_so_that_their_end_is_seen() -> None:
    with pikepdf.open(io.BytesIO(one_table())) as document:
        stream = document.make_stream(b"un texte\r")
        document.Root.Essai = document.make_indirect(stream)
        out = io.BytesIO()
        document.save(out, compress_streams=False)
    assert b"\r\nendstream" in out.getvalue()
    mended = finished(out.getvalue())
    assert not re.search(rb"\r\nendstream", mended)
    with pikepdf.open(io.BytesIO(mended)) as document:
        assert document.Root.Essai.read_bytes() == b"un texte\r"


def a_table(rows: list[list[object]], columns: list[str], name: str = "t") -> dict[str, object]:
    return {"name": name, "title": "Titre", "columns": columns, "data": rows}


def test_csv_is_unrounded_with_empty_for_missing() -> None:
    rows = [["PLUS", 0.1 + 0.2, None], ["a,b", -3, "s"], ["x", 1584, "2014-07-10"]]
    assert to_csv(a_table(rows, ["produit", "part", "jour"])) == (
        'produit,part,jour\nPLUS,0.30000000000000004,\n"a,b",-3,s\nx,1584,2014-07-10\n'
    )


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0")))
@settings(max_examples=60)
def test_text_never_begins_as_a_formula_and_numbers_stay(text: str) -> None:
    rows = list(csv.reader(io.StringIO(to_csv(a_table([[text, -1.5]], ["a", "=b"])))))
    assert rows[0] == ["a", "'=b"]
    assert rows[1] == [f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") and text else text, "-1.5"]


def test_workbook_has_contents_first_then_a_sheet_per_table() -> None:
    long = "x" * 40
    tables = {
        "volumes": (a_table([["=1+1", 0.5, None], ["http://a", -2, "s"]], ["a", "b", "c"]), "1_p"),
        f"{long}1": (a_table([[1]], ["a"]), "2_q"),
        f"{long}2": (a_table([[2]], ["a"]), "2_q"),
    }
    content = to_workbook(tables, date(2014, 7, 10))
    assert content == to_workbook(tables, date(2014, 7, 10))
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames[:2] == ["Lisez-moi", "volumes"] and len(book.sheetnames) == 4
    assert [c.value for c in book["Lisez-moi"][2]] == ["volumes", "Titre", "1_p", "volumes"]
    sheet = book["volumes"]
    assert [c.value for c in sheet[2]] == ["'=1+1", 0.5, None]
    assert [c.value for c in sheet[3]] == ["http://a", -2, "s"]
    assert sheet["A2"].data_type == "s" and sheet["A3"].hyperlink is None
    assert sheet.freeze_panes == "A2" and sheet["A1"].font.bold
    assert [book[name]["A2"].value for name in book.sheetnames[2:]] == [1, 2]


@pytest.mark.parametrize("name", ["../x", "a/b", "", "é", "a.b"])
def test_an_identifier_that_is_no_file_name_is_refused(name: str) -> None:
    with pytest.raises(StudyError, match="identifiant"):
        named(a_table([], [], name))
