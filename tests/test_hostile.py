"""An attack in every text of a study reaches each report as text, and no reader's machine."""

import ast
import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from itertools import cycle
from pathlib import Path

import hostile
import openpyxl
import pikepdf
import pytest
from publishing import notebook, publication

from notebook_reports.errors import UsageError
from notebook_reports.publication import runs
from spls_study.intake import check
from spls_study.program import PROGRAM
from spls_study.study import PACKAGE, load_study

CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?")
TAGS = frozenset(
    re.findall(
        r"\S+",
        """
    html head meta title style body a header p nav ol ul li main h1 h2 h3 h4 div section footer
    span figure figcaption table caption thead tbody tr th td dl dt dd details summary pre code em
    strong br svg metadata defs g path circle use text tspan rect clippath lineargradient stop pattern
    rdf:rdf cc:work dc:type dc:creator cc:agent dc:title dc:date dc:format""",
    )
)


def command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "spls_study", *arguments],
        cwd=folder,
        text=True,
        env={**os.environ, "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """The study, what the command printed, and the number of cells attacked."""
    root = tmp_path_factory.mktemp("attaques") / "etude"
    cells = hostile.write_study(root)
    check(load_study(root / "study.toml"))
    hostile.mark_all(root)
    done = [command(root, "build", "--territory", "17", "--territory", "region"), command(root, "forms")]
    return {"root": root, "cells": cells, "done": done}


@pytest.fixture(scope="module")
def root(told: dict[str, object]) -> Path:
    return told["root"]  # type: ignore[return-value]


def found(root: Path, *ends: str) -> list[Path]:
    files = [p for p in sorted(root.rglob("*")) if p.suffix in ends and "raw" not in p.parts]
    assert files
    return files


def test_the_study_is_read_and_published(
    told: dict[str, object], root: Path, record_property: Callable[[str, object], None]
) -> None:
    record_property("cellules attaquées", told["cells"])
    for done in told["done"]:  # type: ignore[attr-defined]
        assert done.returncode == 0, done.stderr[-3000:]
        assert "Traceback" not in done.stderr
        assert not CONTROL.search(done.stdout) and not CONTROL.search(done.stderr)
    assert len(list((root / "reports").rglob("[1-6]*.html"))) == 12


def test_nothing_is_written_outside(root: Path) -> None:
    assert [p.name for p in root.parent.iterdir()] == ["etude"]
    assert {p.name for p in root.iterdir()} == {"study.toml", "data", "reports", "formulaires"}
    written = [p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file()]
    assert all(re.fullmatch(r"[A-Za-z0-9_./-]+", name) for name in written)


class Elements(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, {k: v or "" for k, v in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data


SEARCH = frozenset({"label", "input", "script"})
OURS = (PROGRAM.homes[1] / "templates" / "recherche.js").read_text(encoding="utf-8").strip()
LINKS = (
    r"#[\w-]+|https://(www|formulaire)\.defenseurdesdroits\.fr/[a-z/]*|mailto:[\w.+-]+@[\w.-]+|"
    r"(\.\./|[a-z0-9-]+/)?([a-z0-9]+/)?[a-z0-9_]+\.(html|pdf|xlsx)(#[\w-]+)?"
)


def harmless(page: Elements, links: str, more: frozenset[str] = frozenset()) -> None:
    for tag, attributes in page.seen:
        assert tag in TAGS | more, tag
        for name, value in attributes.items():
            assert not name.startswith("on") and name not in ("srcdoc", "action", "formaction")
            if name in ("href", "xlink:href", "src"):
                assert re.fullmatch(links, value), value
            if name == "style":
                assert "url(" not in value.replace("url(#", ""), value


def test_pages_hold_no_script_no_handler_and_no_address(root: Path) -> None:
    everything = ""
    for file in found(root / "reports", ".html"):
        text = file.read_text(encoding="utf-8")
        page = Elements(text)
        index = file.name == "index.html"
        harmless(page, LINKS, SEARCH if index else frozenset())
        # The index has a search: one script, ours, that its policy knows by its hash.
        scripts = re.findall(r"<script\b[^>]*>(.*?)</script>", text, flags=re.DOTALL)
        assert not scripts or (index and [s.strip() for s in scripts] == [OURS])
        policies = [
            a["content"] for t, a in page.seen if t == "meta" and a.get("http-equiv") == "Content-Security-Policy"
        ]
        assert policies and policies[0].startswith("default-src 'none'")
        assert ("script-src 'sha256-" in policies[0]) == bool(scripts)
        assert policies[0].count("script-src") == len(scripts) and "http" not in policies[0]
        assert sum(tag == "style" for tag, _ in page.seen) >= 1
        everything += page.text
    shown = {attack for attack in hostile.ATTACKS if attack in everything}
    assert len(shown) >= len(hostile.ATTACKS) - 3, set(hostile.ATTACKS) - shown


def test_executed_notebooks_hold_the_same_blocks(root: Path) -> None:
    for file in found(root / "reports", ".ipynb"):
        for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                data = output.get("data", {})
                assert "application/javascript" not in data
                harmless(Elements("".join(data.get("text/html", ""))), r"#[\w-]+")
                harmless(Elements("".join(data.get("image/svg+xml", ""))), r"#[\w-]+")


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")
def test_documents_show_markup_and_read_no_file(root: Path) -> None:
    everything = ""
    for file in found(root, ".pdf"):
        done = subprocess.run(
            ["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, encoding="utf-8", check=True
        )
        everything += done.stdout
        assert "root:" not in done.stdout
        with pikepdf.open(file) as document:
            for item in document.objects:
                if isinstance(item, pikepdf.Dictionary):
                    assert not {"/JS", "/JavaScript", "/Launch", "/AA", "/OpenAction"} & set(item)
                    assert "/URI" not in item, item["/URI"]
    assert '#read("/etc/passwd")' in everything and "#import" in everything


def cells(file: Path) -> Iterator[str]:
    if file.suffix == ".csv":
        rows = csv.reader(io.StringIO(file.read_text(encoding="utf-8"), newline=""))
        yield from (cell for row in rows for cell in row)
        return
    for sheet in openpyxl.load_workbook(file).worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            assert cell.data_type != "f" and cell.hyperlink is None, (file, cell.coordinate)
            if isinstance(cell.value, str):
                yield cell.value


def test_no_cell_of_a_table_is_a_formula(root: Path) -> None:
    quoted = 0
    processed = found(root / "data" / "processed", ".csv")
    for file in [*found(root / "reports", ".csv", ".xlsx"), *processed]:
        for cell in cells(file):
            assert not cell.startswith(("=", "+", "-", "@", "\t")) or NUMBER.fullmatch(cell), cell
            quoted += cell.startswith(("'=", "'+", "'-", "'@"))
    assert quoted > 20
    for file in [*found(root / "formulaires", ".xlsx"), *found(root / "data", ".xlsx")]:
        assert list(cells(file))  # texts and never formulas: people type in these


ATTEMPTS = (
    '"; import os; os.system("x")',
    "17\n__import__('os')",
    "../17",
    "17/../..",
    "{{7*7}}",
    "$(id)",
    "\x1b]0;x\x07",
    "région",
)


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_parameter_that_is_code_is_refused_before_a_kernel(tmp_path: Path, attempt: str) -> None:
    given = publication(tmp_path / "e", _1_x=notebook("# Essai", 'open("lance", "w")'))
    for asked in (([attempt], None), (None, [attempt])):
        with pytest.raises(UsageError, match="inconnu"):
            runs(given, *asked)
    assert not (tmp_path / "e" / "lance").exists()


def test_the_command_says_so_without_control_characters(root: Path) -> None:
    options = cycle(("--territory", "--notebook", "--edition"))
    for option, attempt in zip(options, ATTEMPTS, strict=False):
        done = command(root, "build", option, attempt)
        assert done.returncode == 2 and "Traceback" not in done.stderr
        assert not CONTROL.search(done.stdout + done.stderr)
    done = command(root, "check", "--study", "\x1b[2J\u202e.toml")
    assert done.returncode == 1 and not CONTROL.search(done.stderr)


def test_a_name_of_file_that_drives_a_terminal(root: Path, tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_bytes((PACKAGE.parent / "study.toml").read_bytes())
    raw = tmp_path / "data" / "raw"
    raw.mkdir(parents=True)
    for name in ("organismes\x1b[2J\u202e.csv", "autre\x07\n\r.csv", "comptes<script>.xlsx"):
        (raw / name).write_bytes(b"x")
    done = command(tmp_path, "check")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert not CONTROL.search(done.stdout + done.stderr) and "organismes" in done.stderr


@pytest.mark.parametrize("code", ["../../x", "a/b", "", "54\n", "."])
def test_a_region_names_no_other_folder(tmp_path: Path, code: str) -> None:
    text = (PACKAGE.parent / "study.toml").read_text(encoding="utf-8")
    file = tmp_path / "study.toml"
    file.write_text(text.replace('code = "54"', f"code = {json.dumps(code)}"), encoding="utf-8")
    with pytest.raises(Exception, match=r"region\.code"):
        load_study(file)


# What could run data as code, or fetch what they name. What Dask sends to one's own machines
# (notebook_reports/cluster.py) it serialises itself; the stamps of a check are JSON.
# The fork server hands runs over by a socket of its own, and asks Linux to give it orphans back.
EXCUSED = {"notebook_reports/server.py": {"ctypes", "socket"}, "notebook_reports/processes.py": {"socket"}}
MODULES_OF_BOTH = sorted(file for home in PROGRAM.homes for file in home.rglob("*.py"))
CALLS = {"eval", "exec", "compile", "__import__"}
MODULES = {
    "pickle",
    "cloudpickle",
    "dill",
    "marshal",
    "shelve",
    "yaml",
    "requests",
    "urllib",
    "urllib3",
    "http",
    "httpx",
    "socket",
    "ftplib",
    "smtplib",
    "lxml",
    "joblib",
    "ctypes",
}
METHODS = {"read_pickle", "to_pickle", "read_html", "read_xml", "system", "popen"}


@pytest.mark.parametrize("file", MODULES_OF_BOTH, ids=lambda p: p.relative_to(PACKAGE.parent).as_posix())
def test_no_module_runs_data_nor_fetches(file: Path) -> None:
    excused = EXCUSED.get(file.relative_to(PACKAGE.parent).as_posix(), set())
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in CALLS - excused, ast.unparse(node)
            assert not any(k.arg == "shell" for k in node.keywords)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            assert node.func.attr not in METHODS, ast.unparse(node)
            if node.func.attr in ("eval", "query"):  # of pandas: ours are literal
                assert all(isinstance(a, ast.Constant) for a in node.args), ast.unparse(node)
        elif isinstance(node, ast.Import):
            assert not (MODULES - excused) & {a.name.split(".")[0] for a in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            assert (node.module or "").split(".")[0] not in MODULES
