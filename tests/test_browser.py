"""Reports opened from disk in a real browser: nothing is fetched, nothing is refused.

Needs chromium and chromedriver, which `.ci/run` installs; skipped where they are missing.
"""

import json
from pathlib import Path

import nbformat
import pytest

from spls_study.publish.exporters import ReportHTMLExporter

NOTEBOOK = Path(__file__).parent.parent / "notebooks" / "1_programmation.ipynb"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    html, _ = ReportHTMLExporter().from_notebook_node(nbformat.read(NOTEBOOK, as_version=4))
    file = tmp_path_factory.mktemp("rapport") / "rapport.html"
    file.write_text(html, encoding="utf-8")
    return file


def test_no_request_leaves_the_file_and_nothing_is_blocked(browser, report):
    browser.get(report.as_uri())
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = {e["params"]["request"]["url"].partition(":")[0] for e in events
             if e["method"] == "Network.requestWillBeSent"}
    assert asked <= {"file", "data"}
    assert browser.get_log("browser") == []


def test_the_page_is_french_with_one_main_and_its_figures_are_drawn(browser, report):
    browser.get(report.as_uri())
    assert browser.execute_script("return document.documentElement.lang") == "fr"
    assert browser.execute_script("return document.querySelectorAll('main').length") == 1
    heights = browser.execute_script(
        "return [...document.querySelectorAll('figure svg')].map(s => s.clientHeight)")
    assert heights and min(heights) > 50
    assert browser.execute_script("return document.fonts.check('12px Inter')")


def test_a_narrow_screen_does_not_scroll_sideways(browser, report):
    browser.set_window_size(400, 800)  # chromium's narrowest window
    browser.get(report.as_uri())
    width, inner = browser.execute_script(
        "return [document.documentElement.scrollWidth, window.innerWidth]")
    assert width <= inner
