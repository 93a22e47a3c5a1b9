"""`spls-study lab` in a real browser: a choice changes the figure, tables sort and filter."""

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

import psutil
import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

ROOT = Path(__file__).parent.parent
ROWS = (
    "return [...document.querySelectorAll('table.dataTable tbody tr')].map(r => [...r.cells].map(c => c.textContent))"
)


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The launcher of a study of its own, served until Ctrl-C; nothing stays behind."""
    shutil.copy(ROOT / "study.toml", tmp_path)
    shutil.copytree(ROOT / "data" / "raw", tmp_path / "data" / "raw")
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
        yield f"{base}/lab/tree/lanceur.ipynb?token={token}"
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


def test_another_territory_changes_the_figure_and_its_files(browser: webdriver.Chrome, address: str) -> None:
    def wait(what: Any) -> Any:
        return WebDriverWait(browser, 60, 0.2).until(lambda b: what())

    def drawn() -> str:
        found = browser.find_elements(By.CSS_SELECTOR, ".spls figure [role=img]")
        return found[0].get_attribute("aria-label") if found else ""

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
    region = wait(drawn)

    lists = browser.find_elements(By.CSS_SELECTOR, ".widget-dropdown")
    labels = [one.find_element(By.TAG_NAME, "label").text for one in lists]
    assert labels == ["Territoire", "Année", "Produit", "Questionnaire", "Carnet", "Rubrique", "Figure"]
    Select(lists[0].find_element(By.TAG_NAME, "select")).select_by_visible_text("Vienne")
    wait(lambda: drawn() not in ("", region))
    assert "Vienne" in browser.find_element(By.CSS_SELECTOR, ".spls figcaption").text

    rows = wait(lambda: browser.execute_script(ROWS))
    assert {row[1] for row in rows} == {"86"}
    title = browser.find_elements(By.CSS_SELECTOR, "table.dataTable thead th")[3]
    title.click()
    wait(lambda: (seen := [int(r[3]) for r in browser.execute_script(ROWS)]) == sorted(seen))
    browser.find_element(By.CSS_SELECTOR, ".dt-search input").send_keys("PLAI_ADP")
    wait(lambda: {r[2] for r in browser.execute_script(ROWS)} == {"PLAI_ADP"})

    files = browser.execute_script(
        "return [...document.querySelectorAll('.spls a[download]')].map(a => [a.download, a.href])"
    )
    assert [name.rpartition(".")[2] for name, _ in files] == ["svg", "png", "csv", "xlsx"]
    size = browser.execute_async_script(
        "const i = new Image(); const end = arguments[1];i.onload = () => end(i.naturalWidth); i.src = arguments[0];",
        files[1][1],
    )
    assert size > 1000
    asked = browser.execute_script("return performance.getEntriesByType('resource').map(e => e.name)")
    mine = urlsplit(address).netloc
    assert {urlsplit(url).netloc for url in asked if url.startswith("http")} == {mine}
