"""Reports opened from disk in a real browser: nothing is fetched, nothing is refused.

Needs chromium and chromedriver, which `.ci/run` installs; skipped where they are missing.
"""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from publishing import notebook, publication
from selenium import webdriver

from notebook_reports.build import build
from notebook_reports.french import weight
from notebook_reports.publication import runs
from spls_study.study import REFERENCE

pytestmark = pytest.mark.reports


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shown = (
        "import pandas as pd\nfrom spls_study.show import table\n"
        'd = pd.DataFrame({"produit": ["PLUS"], "logements": [1584]})\n'
        'table(d, "volumes", f"L\'œuvre de 1\\u202f584 bénéficiaires, {territoire}")'
    )
    given = publication(
        tmp_path_factory.mktemp("edition") / "etude",
        _1_essai=notebook("# Essai", shown, shown.replace("L'œuvre", "La part")),
    )
    given = replace(
        given, outlines=REFERENCE / "departements.geojson", synonyms=["bénéficiaire, ayant droit, locataire"]
    )
    assert not build(given, runs(given)).failures
    return given.folder


@pytest.fixture(scope="module")
def report(demonstration: Path) -> Path:
    return demonstration / "region" / "1_programmation.html"


def test_no_request_leaves_the_file_and_nothing_is_blocked(browser, report):
    browser.get(report.as_uri())
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = {
        e["params"]["request"]["url"].partition(":")[0] for e in events if e["method"] == "Network.requestWillBeSent"
    }
    assert asked <= {"file", "data"}
    assert browser.get_log("browser") == []


def test_the_page_is_french_with_one_main_and_its_figures_are_drawn(browser, report):
    browser.get(report.as_uri())
    assert browser.execute_script("return document.documentElement.lang") == "fr"
    assert browser.execute_script("return document.querySelectorAll('main').length") == 1
    heights = browser.execute_script("return [...document.querySelectorAll('.ample svg')].map(s => s.clientHeight)")
    assert heights and min(heights) > 50
    assert browser.execute_script("return document.fonts.check('12px Inter')")


def test_a_narrow_screen_does_not_scroll_sideways(browser, report):
    browser.set_window_size(400, 800)  # chromium's narrowest window
    browser.get(report.as_uri())
    width, inner = browser.execute_script("return [document.documentElement.scrollWidth, window.innerWidth]")
    assert width <= inner


WORDS = ["oeuvre corse", "ŒUVRE  1584 2a", "1 584 beneficiaires 2a oe", "l'oeuvre corse"]


@pytest.mark.parametrize("words", WORDS)
def test_the_index_finds_a_table_by_words_of_its_title(browser, edition, words):
    browser.get((edition / "index.html").as_uri())
    browser.find_element("id", "mots").send_keys(words)
    assert browser.find_element("id", "nombre").text == "1 résultat."
    [link] = browser.find_elements("css selector", "#resultats a")
    assert link.text == "L’œuvre de 1\u202f584 bénéficiaires, 2A"
    link.send_keys("\n")
    caption = browser.find_element("css selector", ":target caption").text
    assert caption == "L’œuvre de 1\u202f584 bénéficiaires, 2A"
    assert browser.get_log("browser") == []


@pytest.mark.parametrize("words", ["plus corse", "logements 2A", "locataires corse oeuvre"])
def test_the_index_finds_a_table_by_its_columns_its_rows_and_by_words_of_the_same_meaning(browser, edition, words):
    browser.get((edition / "index.html").as_uri())
    browser.find_element("id", "mots").send_keys(words)
    found = [link.text for link in browser.find_elements("css selector", "#resultats a")]
    assert "L’œuvre de 1\u202f584 bénéficiaires, 2A" in found and not [title for title in found if "région" in title]


def test_a_report_leads_to_its_edition_the_others_of_its_territory_and_its_pdf(browser, edition):
    report = edition / "2A" / "1_essai.html"
    browser.get(report.as_uri())
    links = browser.find_elements("css selector", ".bandeau a")
    said = [link.text for link in links]
    assert said[:2] == ["Édition du 10 juillet 2014", "Rapports : Corse-du-Sud"]
    size = weight(report.with_suffix(".pdf").stat().st_size).replace("\u00a0", " ")
    assert said[2] == f"PDF, {size}"
    there = [link.get_attribute("href") for link in links]
    index = (edition / "index.html").as_uri()
    assert there == [index, f"{index}#t-2A", report.with_suffix(".pdf").as_uri()]
    assert browser.find_elements("css selector", "footer a")[0].get_attribute("href").endswith("#haut")


def test_the_index_says_what_it_does_not_find(browser, edition):
    browser.get((edition / "index.html").as_uri())
    field = browser.find_element("id", "mots")
    field.send_keys("1584 zzz")
    assert browser.find_element("id", "nombre").text == "Aucun résultat."
    assert browser.find_elements("css selector", "#resultats a") == []
    field.send_keys("\b\b\b\b")
    assert browser.find_element("id", "nombre").text == "4 résultats."


def test_all_of_the_index_is_reached_by_keyboard(browser, edition):
    browser.get((edition / "index.html").as_uri())
    marked = browser.execute_script("""
        const all = [...document.querySelectorAll("a, input, summary")]
            .filter(e => e.checkVisibility());
        all.forEach((e, i) => e.dataset.rang = i);
        return all.length""")
    reached = set()
    for _ in range(marked):
        webdriver.ActionChains(browser).send_keys("\ue004").perform()  # Tab
        reached.add(browser.execute_script("return document.activeElement.dataset.rang"))
    assert reached == {str(n) for n in range(marked)}
