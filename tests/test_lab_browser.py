"""`spls-study lab` in a real browser: the notebooks of the study run, a table sorts and filters."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nbformat
import psutil
import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from spls_study.cli.lab import own_notebooks
from spls_study.publish import notebook as nb
from spls_study.study import load_study

ROOT = Path(__file__).parent.parent
EXPLORED = """from spls_study.show import explorer
from spls_study.tables import read_table
explorer(read_table(study, "calendrier"))"""
ROWS = (
    "return [...document.querySelectorAll('table.dataTable tbody tr')].map(r => [...r.cells].map(c => c.textContent))"
)


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The notebooks of a study of its own, served until Ctrl-C; nothing stays behind."""
    shutil.copy(ROOT / "study.toml", tmp_path)
    shutil.copytree(ROOT / "data" / "raw", tmp_path / "data" / "raw")
    own_notebooks(load_study(tmp_path / "study.toml"))
    file = tmp_path / "notebooks" / "5_deploiement.ipynb"
    book = nb.read(file)
    book.cells.append(nbformat.v4.new_code_cell(EXPLORED))
    file.write_text(nb.write(book), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token, base = secrets.token_hex(8), f"http://localhost:{port}"
    own = {
        name: str(tmp_path / "jupyter")
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
    with (tmp_path / "lab.txt").open("w", encoding="utf-8") as log:
        server = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "spls_study",
                "lab",
                "--no-browser",
                "--",
                "--allow-root",
                "--LabApp.expose_app_in_browser=True",
            ],
            cwd=tmp_path,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            **hear,
        )
    try:
        WebDriverWait(server, 60, 0.2, [OSError]).until(lambda server: _answers(server, base))
        yield f"{base}/lab/tree/notebooks/5_deploiement.ipynb?token={token}"
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


def test_the_notebooks_of_the_study_run_without_a_network(browser: webdriver.Chrome, address: str) -> None:
    def wait(what: Any) -> Any:
        return WebDriverWait(browser, 60, 0.2).until(lambda b: what())

    browser.set_window_size(1400, 1900)
    browser.get(address)
    wait(lambda: browser.find_elements(By.CSS_SELECTOR, ".jp-Notebook .jp-CodeCell"))
    wait(
        lambda: (
            browser.execute_script(
                "const context = window.jupyterapp.shell.currentWidget?.sessionContext;"
                "return context?.isReady && context.session?.kernel?.status"
            )
            == "idle"
        )
    )
    assert not browser.find_elements(By.CSS_SELECTOR, ".jp-Dialog, .Toastify__toast")
    browser.execute_script("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    wait(lambda: browser.find_elements(By.CSS_SELECTOR, ".jp-OutputArea figure [role=img]"))

    rows = wait(lambda: browser.execute_script(ROWS))
    assert len(rows) > 5
    [title] = [h for h in browser.find_elements(By.CSS_SELECTOR, "table.dataTable thead th") if h.text == "id"]
    title.click()
    wait(lambda: (seen := [r[0] for r in browser.execute_script(ROWS)]) == sorted(seen))
    browser.find_element(By.CSS_SELECTOR, ".dt-search input").send_keys("jalon")
    wait(lambda: 0 < len(browser.execute_script(ROWS)) < len(rows))

    asked = browser.execute_script("return performance.getEntriesByType('resource').map(e => e.name)")
    mine = urlsplit(address).netloc
    assert {urlsplit(url).netloc for url in asked if url.startswith("http")} == {mine}
