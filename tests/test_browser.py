"""Reports opened from disk in a real browser: nothing is fetched, nothing is refused.

Needs chromium and chromedriver, which `.ci/run` installs; skipped where they are missing.
"""

import json
from pathlib import Path

import pytest
from selenium import webdriver

from notebook_reports.french import weight
from notebook_reports.publication import Publication

pytestmark = pytest.mark.reports
FOUND = "L’œuvre de 1\u202f584 bénéficiaires, 2A"


@pytest.fixture
def index(browser, tiny: Publication):
    """The browser on the index of an edition."""
    browser.get((tiny.folder / "index.html").as_uri())
    return browser


def found(index, words: str) -> list:
    """The links that a search gives."""
    index.find_element("id", "mots").send_keys(words)
    return index.find_elements("css selector", "#resultats a")


def test_a_report_asks_for_nothing_is_french_with_its_figures_drawn_and_holds_on_a_narrow_screen(
    browser, demonstration: Path
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


def test_a_report_leads_to_its_edition_the_others_of_its_territory_and_its_pdf(browser, tiny: Publication):
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
