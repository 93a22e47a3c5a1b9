"""Shared fixtures: a study of its own for each test."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium import webdriver

from spls_study.study import Study, load_study

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def browser() -> Iterator[webdriver.Chrome]:
    """Headless Chromium that asks nothing of a network, its requests and its console recorded."""
    driver = shutil.which("chromedriver")
    if driver is None and not os.environ.get("CI"):
        pytest.skip("chromedriver et chromium manquent : apt install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    for option in ("headless", "no-sandbox", "disable-gpu", "disable-background-networking",
                   "disable-component-update", "disable-sync", "no-first-run", "disable-quic"):
        options.add_argument(f"--{option}")
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    driver_service = webdriver.ChromeService(executable_path=driver)
    chrome = webdriver.Chrome(options=options, service=driver_service)
    yield chrome
    chrome.quit()


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """The root's study.toml in an empty folder, with its data/raw."""
    shutil.copy(ROOT / "study.toml", tmp_path / "study.toml")
    (tmp_path / "data" / "raw").mkdir(parents=True)
    return load_study(tmp_path / "study.toml")


HEADER = (
    "numero_operation", "annee_programmation", "gestionnaire", "commune", "moa_siret", "moa_nom",
    "produit", "nature_logement", "type_beneficiaire", "nb_logements",
)
ROW = dict(zip(HEADER, (
    "2013DD0170001", "2013", "DDTM 17", "La Rochelle", "00004840500013", "Office", "PLUS",
    "Logements ordinaires", "Ménages", "12",
), strict=True))


@pytest.fixture
def programmation(study: Study) -> Callable[..., Path]:
    """Writes data/raw/<name> as CSV: rows told by what differs from an ordinary one."""

    def write(*rows: dict[str, str], name: str = "programmation.csv", sep: str = ";") -> Path:
        header = list(dict.fromkeys([*HEADER, *(key for row in rows for key in row)]))
        lines = [header, *([(ROW | row).get(key, "") for key in header] for row in rows)]
        path = study.raw / name
        path.write_text("".join(sep.join(line) + "\n" for line in lines), encoding="utf-8")
        return path

    return write
