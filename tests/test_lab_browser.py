"""`spls-study lab` in a real browser: notebooks run, a table sorts and filters, a changed figure is published."""

import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nbformat
import psutil
import pytest
from command import run
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from starting import fill, started

from notebook_reports import notebook as nb
from spls_study.cli.lab import own_notebooks
from spls_study.study import load_study

ROOT = Path(__file__).parent.parent
EXPLORED = """from spls_study.tables import read_table
r.explorer(read_table(r.study, "calendrier"))"""
CELLS = "const book = window.jupyterapp.shell.currentWidget.content;"
WITH_A_FIGURE = f"""{CELLS}
const at = book.widgets.findIndex(cell => /^ *sns\\..*saturation=1/m.test(cell.model.sharedModel.source)
    && cell.node.querySelector("figure [role=img]"));
return at < 0 ? null : at;"""
FIGURE = f"""{CELLS}
return book.widgets[arguments[0]].node.querySelector("figure [role=img]")?.outerHTML"""
CHANGE = f"""{CELLS}
const [at, old, now] = arguments, code = book.widgets[at].model.sharedModel;
code.setSource(code.source.replaceAll(old, now));
book.activeCellIndex = at;
window.jupyterapp.commands.execute("notebook:run-cell");"""
DRAWINGS = """const page = new DOMParser().parseFromString(arguments[0], "text/html");
return [...page.querySelectorAll("figure [role=img]")].map(drawing => drawing.outerHTML);"""
ROWS = (
    "return [...document.querySelectorAll('table.dataTable tbody tr')].map(r => [...r.cells].map(c => c.textContent))"
)


@pytest.fixture
def demonstration(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "study.toml", tmp_path)
    shutil.copytree(ROOT / "data" / "raw", tmp_path / "data" / "raw")
    return tmp_path


@pytest.fixture
def another_region(tmp_path: Path) -> Path:
    study = started(tmp_path / "corse", "--region", "94")
    fill(study)
    return study.root


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of JupyterLab on a study, until Ctrl-C; nothing stays behind."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token, base = secrets.token_hex(8), f"http://localhost:{port}"
    own = {
        name: str(folder / "jupyter")
        for name in (
            "JUPYTER_CONFIG_DIR",
            "JUPYTER_RUNTIME_DIR",
            "JUPYTERLAB_SETTINGS_DIR",
            "JUPYTERLAB_WORKSPACES_DIR",
        )
    }
    env = {**os.environ, **own, "JUPYTER_PORT": str(port), "JUPYTER_TOKEN": token, "PYTHONUTF8": "1"}
    # A process started in the background is deaf to Ctrl-C, and so are those that it starts.
    hear = {} if os.name == "nt" else {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}
    command = [sys.executable, "-m", "spls_study", "lab", "--no-browser"]
    with (folder / "lab.txt").open("w", encoding="utf-8") as log:
        server = subprocess.Popen(
            [*command, "--", "--allow-root", "--LabApp.expose_app_in_browser=True"],
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            **hear,
        )
    try:
        WebDriverWait(server, 180, 0.2, [OSError]).until(lambda server: _answers(server, base))
        yield f"{base}/lab/tree/notebooks/{{}}?token={token}"
        kernels = psutil.Process(server.pid).children(recursive=True)
        assert kernels
        server.send_signal(signal.SIGINT)
        assert server.wait(60) == 0
        assert psutil.wait_procs(kernels, timeout=10)[1] == []
    finally:
        server.kill()
        server.wait()


def _answers(server: subprocess.Popen[bytes], base: str) -> bool:
    assert server.poll() is None, "JupyterLab s'est arrêté"
    with urllib.request.urlopen(f"{base}/api", timeout=2) as answer:
        return answer.status == 200


def wait(browser: webdriver.Chrome, what: Callable[[], Any]) -> Any:
    return WebDriverWait(browser, 180, 0.2).until(lambda _: what())


def ran(browser: webdriver.Chrome, address: str) -> None:
    """Open a notebook and run all its cells, without a dialog."""
    browser.set_window_size(1400, 1900)
    browser.get(address)
    wait(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".jp-Notebook .jp-CodeCell"))
    wait(
        browser,
        lambda: (
            browser.execute_script(
                "const context = window.jupyterapp.shell.currentWidget?.sessionContext;"
                "return context?.isReady && context.session?.kernel?.status"
            )
            == "idle"
        ),
    )
    assert not browser.find_elements(By.CSS_SELECTOR, ".jp-Dialog, .Toastify__toast")
    browser.execute_script("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    wait(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".jp-OutputArea figure [role=img]"))


def test_the_notebooks_of_the_study_run_without_a_network(browser: webdriver.Chrome, demonstration: Path) -> None:
    own_notebooks(load_study(demonstration / "study.toml"))
    file = demonstration / "notebooks" / "5_deploiement.ipynb"
    book = nb.read(file)
    book.cells.append(nbformat.v4.new_code_cell(EXPLORED))
    file.write_text(nb.write(book), encoding="utf-8")
    with served(demonstration) as address:
        ran(browser, address.format(file.name))
        rows = wait(browser, lambda: browser.execute_script(ROWS))
        assert len(rows) > 5
        [title] = [h for h in browser.find_elements(By.CSS_SELECTOR, "table.dataTable thead th") if h.text == "id"]
        title.click()
        wait(browser, lambda: (seen := [r[0] for r in browser.execute_script(ROWS)]) == sorted(seen))
        browser.find_element(By.CSS_SELECTOR, ".dt-search input").send_keys("jalon")
        wait(browser, lambda: 0 < len(browser.execute_script(ROWS)) < len(rows))

        asked = browser.execute_script("return performance.getEntriesByType('resource').map(e => e.name)")
        mine = urlsplit(address).netloc
        assert {urlsplit(url).netloc for url in asked if url.startswith("http")} == {mine}


@pytest.mark.parametrize("study", ["demonstration", "another_region"])
def test_a_changed_line_changes_its_figure_and_the_next_build_publishes_it(
    browser: webdriver.Chrome, study: str, request: pytest.FixtureRequest
) -> None:
    folder: Path = request.getfixturevalue(study)
    build = ("build", "--territory", "region", "--notebook", "1_programmation")
    with served(folder) as address:
        assert run(folder, *build).returncode == 0
        ran(browser, address.format("1_programmation.ipynb"))
        cell = wait(browser, lambda: browser.execute_script(WITH_A_FIGURE))
        before = wait(browser, lambda: browser.execute_script(FIGURE, cell))
        assert before in published(browser, folder)
        browser.execute_script(CHANGE, cell, "saturation=1", "saturation=0.4")
        after = wait(browser, lambda: (now := browser.execute_script(FIGURE, cell)) != before and now)
        browser.execute_script("return window.jupyterapp.commands.execute('docmanager:save')")
        done = run(folder, *build)
        assert done.returncode == 0, done.stderr
        assert after in published(browser, folder) and before not in published(browser, folder)


def published(browser: webdriver.Chrome, folder: Path) -> list[str]:
    """The drawings of the region's report 1, as the browser writes them."""
    [page] = folder.glob("reports/*/region/1_programmation.html")
    html = re.sub(
        r"var\(--c\w{6}, (#\w{6})\)", r"\1", page.read_text(encoding="utf-8")
    )  # its dark page's colours apart
    drawings: list[str] = browser.execute_script(DRAWINGS, html)
    return drawings
