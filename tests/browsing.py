"""A headless browser, and a small edition to open from disk."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from publishing import notebook, publication
from selenium import webdriver

from notebook_reports.build import build
from notebook_reports.publication import runs
from spls_study.study import GUIDES, REFERENCE


@pytest.fixture(scope="module")
def browser() -> Iterator[webdriver.Chrome]:
    driver = shutil.which("chromedriver")
    if driver is None and not os.environ.get("CI"):
        pytest.skip("chromedriver et chromium manquent : apt install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    for option in (
        "headless",
        "no-sandbox",
        "disable-gpu",
        "disable-background-networking",
        "disable-component-update",
        "disable-sync",
        "no-first-run",
        "disable-quic",
    ):
        options.add_argument(f"--{option}")
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    driver_service = webdriver.ChromeService(executable_path=driver)
    chrome = webdriver.Chrome(options=options, service=driver_service)
    chrome.set_script_timeout(120)  # of a machine that does much else
    yield chrome
    chrome.quit()


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
    given = replace(given, outlines=REFERENCE / "departements.geojson", guides=GUIDES, contact="a@exemple.fr")
    given = replace(given, synonyms=["bénéficiaire, ayant droit, locataire"])
    assert not build(given, runs(given)).failures
    return given.folder
