"""A study's own notebooks: given to one that has none, run by its build, changed in JupyterLab in a real browser."""

import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import urllib.request
from contextlib import contextmanager
from urllib.parse import urlsplit

import nbformat
import psutil
import pytest
from command import COMMAND, done
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from conftest import ROOT
from notebook_reports import notebook as nb
from notebook_reports.publication import numbered
from spls_study.cli.lab import own_notebooks
from spls_study.study import NOTEBOOKS, load_study

pytestmark = pytest.mark.reports


def test_a_study_without_notebooks_gets_copies_without_outputs(study):
    copies = own_notebooks(study)
    assert [f.name for f in copies] == [f.name for f in numbered(NOTEBOOKS)]
    for copy in copies:
        ours = nb.read(NOTEBOOKS / copy.name)
        assert [c.source for c in nb.read(copy).cells] == [c.source for c in ours.cells]
        assert not any(c.get("outputs") for c in nb.read(copy).cells)
    copies[0].write_text("à moi", encoding="utf-8")
    assert own_notebooks(study) == []
    assert copies[0].read_text(encoding="utf-8") == "à moi"
    assert own_notebooks(load_study(ROOT / "study.toml")) == []


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
STATE = (
    "const context = window.jupyterapp.shell.currentWidget?.sessionContext;"
    "return context?.isReady && context.path.endsWith(arguments[0]) && context.session?.kernel?.status"
)
ROWS = (
    "return [...document.querySelectorAll('table.dataTable tbody tr')].map(r => [...r.cells].map(c => c.textContent))"
)


@contextmanager
def served(folder):
    """The address of JupyterLab on a study, until Ctrl-C; nothing stays behind."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token, base = secrets.token_hex(8), f"http://localhost:{port}"
    names = "JUPYTER_CONFIG_DIR JUPYTER_RUNTIME_DIR JUPYTERLAB_SETTINGS_DIR JUPYTERLAB_WORKSPACES_DIR"
    own = dict.fromkeys(names.split(), str(folder / "jupyter"))
    env = {**os.environ, **own, "JUPYTER_PORT": str(port), "JUPYTER_TOKEN": token, "PYTHONUTF8": "1"}
    # A process started in the background is deaf to Ctrl-C, and so are those that it starts.
    hear = {} if os.name == "nt" else {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}
    with (folder / "lab.txt").open("w", encoding="utf-8") as log:
        server = subprocess.Popen(
            [*COMMAND, "lab", "--no-browser", "--", "--allow-root", "--LabApp.expose_app_in_browser=True"],
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


def _answers(server, base):
    assert server.poll() is None, "JupyterLab s'est arrêté"
    with urllib.request.urlopen(f"{base}/api", timeout=2) as answer:
        return answer.status == 200


def wait(browser, what):
    return WebDriverWait(browser, 180, 0.2).until(lambda _: what())


def ran(browser, address):
    """Open a notebook and run all its cells, without a dialog."""
    browser.set_window_size(1400, 1900)
    browser.get(address)
    wait(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".jp-Notebook .jp-CodeCell"))
    # What was open before is restored first, and is then the one that runs.
    name = urlsplit(address).path.rpartition("/")[2]
    wait(browser, lambda: browser.execute_script(STATE, name) == "idle")
    assert not browser.find_elements(By.CSS_SELECTOR, ".jp-Dialog, .Toastify__toast")
    browser.execute_script("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    wait(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".jp-OutputArea figure [role=img]"))


@pytest.mark.slow
def test_notebooks_run_without_a_network_and_what_is_changed_in_them_the_next_build_publishes(browser, study):
    """In a study of its own: a table is sorted and searched, a line of a figure changed."""
    apart = shutil.ignore_patterns("questionnaires")
    shutil.copytree(ROOT / "data" / "raw", study.raw, ignore=apart, dirs_exist_ok=True)
    own_notebooks(study)
    file = study.root / "notebooks" / "5_deploiement.ipynb"
    book = nb.read(file)
    book.cells.append(nbformat.v4.new_code_cell(EXPLORED))
    file.write_text(nb.write(book), encoding="utf-8")
    build = ("build", "--territory", "region", "--notebook", "1_programmation")
    done(study.root, *build)
    with served(study.root) as address:
        ran(browser, address.format(file.name))
        rows = wait(browser, lambda: browser.execute_script(ROWS))
        assert len(rows) > 5
        [title] = [h for h in browser.find_elements(By.CSS_SELECTOR, "table.dataTable thead th") if h.text == "id"]
        title.click()
        wait(browser, lambda: (seen := [r[0] for r in browser.execute_script(ROWS)]) == sorted(seen))
        browser.find_element(By.CSS_SELECTOR, ".dt-search input").send_keys("jalon")
        wait(browser, lambda: 0 < len(browser.execute_script(ROWS)) < len(rows))
        asked = browser.execute_script("return performance.getEntriesByType('resource').map(e => e.name)")
        assert {urlsplit(url).netloc for url in asked if url.startswith("http")} == {urlsplit(address).netloc}

        ran(browser, address.format("1_programmation.ipynb"))
        cell = wait(browser, lambda: browser.execute_script(WITH_A_FIGURE))
        before = wait(browser, lambda: browser.execute_script(FIGURE, cell))
        assert before in published(browser, study.root)
        browser.execute_script(CHANGE, cell, "saturation=1", "saturation=0.4")
        after = wait(browser, lambda: (now := browser.execute_script(FIGURE, cell)) != before and now)
        browser.execute_script("return window.jupyterapp.commands.execute('docmanager:save')")
        done(study.root, *build)
        assert after in published(browser, study.root) and before not in published(browser, study.root)


def published(browser, folder):
    """The drawings of the region's report 1, as the browser writes them."""
    [page] = folder.glob("reports/*/region/1_programmation.html")
    plain = re.sub(r"var\(--c\w{6}, (#\w{6})\)", r"\1", page.read_text(encoding="utf-8"))  # but for the dark page
    drawings = browser.execute_script(DRAWINGS, plain)
    return drawings
