"""Shared fixtures: a study of its own for each test."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from command import HEADER as HEADER
from command import ROW as ROW
from command import done, notebook, programmed, publication, small_study
from nbval.plugin import IPyNbCell
from selenium import webdriver

from notebook_reports.build import build
from notebook_reports.publication import Publication, runs
from spls_study.study import REFERENCE, Study, load_study

COUNTED = ("fichiers éprouvés", "cellules attaquées", "arrêts brutaux survécus")

# Modules that take half a minute or more, the longest first: begun last, one would leave a processor idle.
LONGEST = (
    "test_staleness test_faults test_notebook_studies test_new test_accessibility test_lab test_any_machine test_note "
    "test_hostile test_engine_ends test_intake_check test_slices test_checking test_demo test_scheduled test_guide"
).split()

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """The root's study.toml in an empty folder, with its data/raw."""
    shutil.copy(ROOT / "study.toml", tmp_path / "study.toml")
    (tmp_path / "data" / "raw").mkdir(parents=True)
    return load_study(tmp_path / "study.toml")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small_study(tmp_path)


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory, worker_id: str, pytestconfig: pytest.Config) -> Path:
    """The demonstration's second edition, which one worker builds; others wait and find it there.

    After the first, as by `make report`, of whose reports only those are run again that do not stand; in the quick
    suite, alone: what is confidential, and the notes, of all places, and the region's first report.
    """
    base = tmp_path_factory.getbasetemp()
    reports = (base if worker_id == "master" else base.parent) / "demonstration"
    asked = [
        f"--study demo/intermediaire {more}"
        for more in ("--territory region --notebook 1", "--notebook 2 --notebook 6")
    ]
    if "not slow" not in pytestconfig.option.markexpr:
        asked = ["--study study.toml --study demo/intermediaire"]
        copy = tmp_path_factory.mktemp("demonstration")
        for edition in (ROOT / "reports").glob("2014-*") if not reports.exists() else ():
            shutil.copytree(edition, copy / edition.name)
        with suppress(OSError):  # another worker's is there
            copy.rename(reports)
    for options in asked:
        done(ROOT, "build", "--reports", str(reports), *options.split())
    return reports / "2014-10-07"


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Publication:
    """An edition of one tiny notebook in two territories, left as it is by all who read it."""
    shown = 'table(v, "{}", f"{} de 1\\u202f584 bénéficiaires, {{territoire}}")'
    book = notebook(
        "# Essai",
        """import os, pandas as pd
from spls_study import charts
from spls_study.show import figure, say, table
d = pd.DataFrame({"cle": ["a"], "valeur": [0.5], "unite": ["part"], "libelle": ["<x>"]})
table(d, "chiffres_cles", "Chiffres clés")""",
        'table(d.assign(cle="Un" + "tel"), "relances", "À relancer", internal=True)',
        'say(f"{territoire} {etude} {os.getcwd()} 0123abcd")',
        'v = pd.DataFrame({"produit": ["PLUS"], "logements": [1584]})\n' + shown.format("volumes", "L'œuvre"),
        shown.format("parts", "La part"),
        """charts.style()
drawing = charts.Drawn(lambda f: f.subplots().bar(["a"], [1]))
words = {"title": "Un <trimestre> décide", "subtitle": "par <an>", "alt": "Barres"}
figure(charts.svgs(drawing), **words, notes={"Source": "s"})""",
    )
    given = replace(
        publication(tmp_path_factory.mktemp("petite") / "etude", _1_essai=book),
        outlines=REFERENCE / "departements.geojson",
        synonyms=["bénéficiaire, ayant droit, locataire"],
    )
    assert build(given, runs(given)).run == ["2A/1_essai", "region/1_essai"]
    return given


def chrome() -> webdriver.Chrome:
    driver = shutil.which("chromedriver")
    if driver is None and not os.environ.get("CI"):
        pytest.skip("chromedriver et chromium manquent : apt install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    for option in (
        "headless no-sandbox disable-gpu disable-background-networking disable-component-update disable-sync "
        "no-first-run disable-quic"
    ).split():
        options.add_argument(f"--{option}")
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    started = webdriver.Chrome(options=options, service=webdriver.ChromeService(executable_path=driver))
    started.set_script_timeout(120)  # of a machine that does much else
    return started


@pytest.fixture(scope="module")
def browser() -> Iterator[webdriver.Chrome]:
    with chrome() as one:
        yield one


@pytest.fixture
def programmation(study: Study) -> Callable[..., Path]:
    """Writes data/raw/<name> as CSV."""

    def write(*rows: dict[str, str], name: str = "programmation.csv", sep: str = ";") -> Path:
        path = study.raw / name
        path.write_text(programmed(*rows, sep=sep), encoding="utf-8")
        return path

    return write


def pairs(text: str) -> list[tuple[str, ...]]:
    """A table of cases typed as text: `given → expected | given → expected`."""
    return [tuple(case.split(" → ")) for case in text.split(" | ")]


def pytest_xdist_auto_num_workers() -> int:
    """One more than processors: tests wait for browsers and for commands."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What each test needs, where it does not say; the longest modules first."""
    for item in items:
        if isinstance(item, IPyNbCell):
            item.add_marker("notebooks")
            item.add_marker("slow")  # their outputs, without a kernel: test_setup
        elif item.path.stem.startswith("test_note"):
            item.add_marker("notebooks")
        elif not item.get_closest_marker("reports"):
            item.add_marker("unit")
    rank = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path.stem, len(rank)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The sums of what tests recorded: `record_property("fichiers éprouvés", 1)`."""
    reports = [r for found in terminalreporter.stats.values() for r in found if getattr(r, "when", "") == "call"]
    for name in COUNTED:
        total = sum(n for r in reports for key, n in r.user_properties if key == name)
        if total:
            terminalreporter.write_line(f"{name}\u00a0: {total}")
