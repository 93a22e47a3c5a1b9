"""The last touches to a PDF, checked by its structure and by an independent checker."""

import io
import re

import page
import pandas as pd
import pikepdf
import pytest
from publishing import executed

from notebook_reports.exporters import ReportPDFExporter
from notebook_reports.pdf import finished
from spls_study.show import table


def report(label: str = "PLUS") -> bytes:
    data = pd.DataFrame({"produit": [label, "PLS"], "logements": [12, 60]})
    book = executed("# Essai", [table(data, "volumes", "Douze logements")])
    return ReportPDFExporter().from_notebook_node(book)[0]


def kinds(element: pikepdf.Object) -> list[str]:
    if isinstance(element, pikepdf.Array):
        return [kind for child in element for kind in kinds(child)]
    if not isinstance(element, pikepdf.Dictionary):
        return []
    own = [str(element.S)] if element.get("/S") in ("/TR", "/TH", "/TD") else []
    return own + (kinds(element.K) if "/K" in element else [])


def test_the_first_cell_of_a_row_is_its_header():
    with pikepdf.open(io.BytesIO(report())) as document:
        assert kinds(document.Root.StructTreeRoot) == ["/TR", "/TH", "/TH", *["/TR", "/TH", "/TD"] * 2]


@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_the_checker_finds_no_fault(profile):
    assert page.validate_pdf_bytes(report(), profile=profile).is_compliant


def test_data_that_end_in_cr_are_written_so_that_their_end_is_seen():
    with pikepdf.open(io.BytesIO(report())) as document:
        stream = document.make_stream(b"un texte\r")
        document.Root.Essai = document.make_indirect(stream)
        out = io.BytesIO()
        document.save(out, compress_streams=False)
    assert b"\r\nendstream" in out.getvalue()
    mended = finished(out.getvalue())
    assert not re.search(rb"\r\nendstream", mended)
    with pikepdf.open(io.BytesIO(mended)) as document:
        assert document.Root.Essai.read_bytes() == b"un texte\r"
