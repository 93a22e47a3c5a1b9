"""A headless browser."""

import os
import shutil
from collections.abc import Iterator

import pytest
from selenium import webdriver


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
