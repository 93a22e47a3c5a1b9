"""A PDF read aloud says what the HTML page says, in its order."""

import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from notebook_reports import notebook as nb
from notebook_reports.exporters import ReportHTMLExporter, ReportPDFExporter

ROOT = Path(__file__).parent.parent
READ = ("h1", "h2", "h3", "h4", "p", "li", "caption", "figcaption")


class Page(HTMLParser):
    """The texts of headings, paragraphs, items and captions of `main`, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("main", "svg", "math", "details", *READ):
            self._open.append(tag)
            self.texts += [""] if tag in READ else []

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass
            self.texts += [""]

    def handle_data(self, data: str) -> None:
        inside = {*self._open}
        if "main" in inside and self._open[-1] in READ and not {"svg", "math", "details"} & inside:
            self.texts[-1] += data


def letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def read_from(html: str) -> list[str]:
    page = Page()
    page.feed(html)
    return [kept for text in page.texts if (kept := letters(text))]


def heard(pdf: bytes, folder: Path) -> str:
    """The structure tree's text, as poppler walks it."""
    (folder / "rapport.pdf").write_bytes(pdf)
    done = subprocess.run(
        ["pdfinfo", "-struct-text", "-enc", "UTF-8", str(folder / "rapport.pdf")],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=True,
    )
    lines = [line.strip() for line in done.stdout.splitlines()]
    return letters(" ".join(line for line in lines if line.startswith('"')))


@pytest.mark.skipif(not shutil.which("pdfinfo"), reason="poppler-utils is not installed")
@pytest.mark.parametrize("name", ["3_ouverture_des_droits", "6_copil"])
def test_a_pdf_is_heard_in_the_order_of_its_page(name: str, tmp_path: Path) -> None:
    book = nb.read(ROOT / "notebooks" / f"{name}.ipynb")
    said = heard(ReportPDFExporter().from_notebook_node(book)[0], tmp_path)
    texts = read_from(ReportHTMLExporter().from_notebook_node(book)[0])
    place = 0
    for text in texts:
        found = said.find(text, place)
        assert found >= 0, (text, said[place : place + 200])
        place = found + len(text)
    assert len(texts) > 20
