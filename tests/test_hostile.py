"""The demonstration with an attack in every cell of text, and in every text of study.toml: each reaches the reports
as text, and no reader's machine."""

import ast
import csv
import io
import json
import re
import shutil
import subprocess
from zlib import crc32

import openpyxl
import pandas as pd
import pikepdf
import pytest
from command import NOTEBOOKS, Page, notebook, publication, run

from conftest import ROOT
from notebook_reports.errors import StudyError, UsageError
from notebook_reports.publication import runs
from spls_study.codebook import load_codebook
from spls_study.intake import verbatims
from spls_study.program import PROGRAM
from spls_study.study import PACKAGE, load_study
from spls_study.tables import ORIGIN, TABLES, read_table

# The attack on a text hangs on that text alone, so that what is the same in two tables stays so.
ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '#read("/etc/passwd")',
    '#import "x": *',
    "[x](javascript:alert(1))",
    "![x](http://mal.exemple/x.png)",
    '=HYPERLINK("http://mal.exemple/","x")',
    "+1+cmd",
    "@SUM(1)",
    "-2+3+cmd",
    "\x1b[2J\x07",
    '"onmouseover="alert(1)',
    "../../../evade",
    "{{7*7}}",
    "</style></svg></main>",
    "$x$ ``` <!--",
)
# Codes, closed lists and lists of days: another value is refused or emptied, which others test.
CODES = {"departement", "departements", "territoire", "code_insee", "presences", "role"}
# Attacked in rows of their own: without them, no table would be more than empty.
KEPT = {"produit"}


def attacked(text):
    return f"{ATTACKS[crc32(text.encode()) % len(ATTACKS)]} {text}"


def each(text):
    """Lists `a|b` item by item."""
    return "|".join(attacked(part) for part in text.split("|")) if text else ""


def write_study(root):
    """The study in a folder; how many cells are attacked."""
    source = load_study(ROOT / "study.toml")
    raw = root / "data" / "raw"
    raw.mkdir(parents=True)
    count = 0
    for name, columns in TABLES.items():
        table = read_table(source, name).drop(columns=list(ORIGIN))
        shown = table.apply(lambda c: c.astype("str")).fillna("")
        if "gestionnaire" in shown:
            names = {g.id: g.nom for g in source.gestionnaires}
            shown["gestionnaire"] = shown["gestionnaire"].map(lambda c, n=names: n.get(c, c))
        for column in (c for c in columns if c.name in shown and c.kind == "texte"):
            if column.values or column.name in CODES | KEPT:
                continue
            shown[column.name] = shown[column.name].map(each)
            count += int((shown[column.name] != "").sum())
        shown = pd.concat([shown, _products(shown)]) if "produit" in shown else shown
        shown.to_csv(raw / f"{name}.csv", index=False, sep=";")
    _toml(ROOT / "study.toml", root / "study.toml")
    return count + _questionnaires(raw / "questionnaires")


def _products(table):
    rows = table.iloc[: len(ATTACKS)].copy()
    rows["numero_operation"] = [f"{a} X{i}" for i, a in enumerate(ATTACKS)][: len(rows)]
    rows["produit"] = [f"{a} P" for a in ATTACKS][: len(rows)]
    return rows


def _toml(source, target):
    """Every quoted text that is not a code."""

    def change(found):
        if re.fullmatch(r"[0-9]{2,5}|[a-z_0-9]+|[A-Z][0-9]+|PLS|PLUS-PLAI", found[1]):
            return found[0]
        return json.dumps(attacked(found[1]), ensure_ascii=False)

    lines = source.read_text(encoding="utf-8").splitlines()
    names = ("questions =", "a_retenir =", "par_departement =")
    kept = ("communes", "code =", "id =", "type =", "#", *names, '  "', "filtre =")
    target.write_text(
        "\n".join(line if line.startswith(kept) else re.sub(r'"([^"]*)"', change, line) for line in lines),
        encoding="utf-8",
    )


def _questionnaires(home):
    home.mkdir()
    source = ROOT / "data" / "raw" / "questionnaires"
    _toml(source / "bailleurs.toml", home / "bailleurs.toml")
    labels = {label for q in load_codebook(source / "bailleurs.toml").questions for label in q.choices.values()}
    received = source / "bailleurs_2014-07-01.csv"
    answers = pd.read_csv(received, sep=None, engine="python", dtype="str", keep_default_na=False, encoding="utf-8-sig")
    free = [q.code for q in load_codebook(source / "bailleurs.toml").questions if q.type == "texte"]
    names = [c for c in answers if c == "organisme" or c.split("[")[0] in free or "other" in c]
    for name in answers:
        answers[name] = answers[name].map(lambda c, all=name in names: attacked(c) if c and (all or c in labels) else c)
    answers.to_csv(home / "bailleurs.csv", index=False)
    return int((answers[names] != "").sum().sum())


CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?")
TAGS = set(
    "html head meta title style body a header p nav ol ul li main h1 h2 h3 h4 div section footer span figure "
    "figcaption table caption thead tbody tr th td dl dt dd details summary pre code em strong br svg metadata defs g "
    "path circle use text tspan rect clippath lineargradient stop pattern rdf:rdf cc:work dc:type dc:creator cc:agent "
    "dc:title dc:date dc:format".split()
)


@pytest.fixture(scope="module")
def told(tmp_path_factory, pytestconfig):
    """The study, its reports, the number of cells attacked, and what the commands printed.

    All reports of the region and of a department; in the quick suite, the two of the region that say the most.
    """
    asked, names = "--territory region --territory 17", [file.stem for file in NOTEBOOKS.glob("[0-9]*.ipynb")]
    if "not slow" in pytestconfig.option.markexpr:
        names = ["5_deploiement", "6_copil"]
        asked = "--territory region --notebook 5 --notebook 6"
    root = tmp_path_factory.mktemp("attaques") / "etude"
    cells = write_study(root)
    commands = [run(root, "check")]
    found = verbatims.read(load_study(root / "study.toml")).values()  # the person who reviews them lets all through
    (root / "data" / "relecture" / verbatims.FILE).write_bytes(verbatims.workbook([(*v, "oui") for v, _ in found]))
    commands += [run(root, "build", *asked.split()), run(root, "forms")]
    reports = {f"{place}/{name}" for place in ("region", "17") if place in asked for name in names}
    return root, reports, cells, commands


@pytest.fixture(scope="module")
def root(told):
    return told[0]


def found(root, *ends):
    files = [p for p in sorted(root.rglob("*")) if p.suffix in ends and "raw" not in p.parts]
    assert files
    return files


def test_the_study_is_read_and_published_and_nothing_is_written_outside(told, record_property):
    root, reports, cells, commands = told
    record_property("cellules attaquées", cells)
    for done in commands:
        assert done.returncode == 0, done.stderr[-3000:]
        assert "Traceback" not in done.stderr and not CONTROL.search(done.stdout + done.stderr)
    assert {f"{p.parent.name}/{p.stem}" for p in (root / "reports").rglob("[1-6]*.html")} == reports
    assert [p.name for p in root.parent.iterdir()] == ["etude"]
    assert {p.name for p in root.iterdir()} == {"study.toml", "data", "reports", "formulaires"}
    written = [p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file()]
    assert all(re.fullmatch(r"[A-Za-z0-9_./-]+", name) for name in written)


SEARCH = frozenset({"label", "input", "script"})
OURS = (PROGRAM.homes[1] / "templates" / "recherche.js").read_text(encoding="utf-8").strip()
LINKS = (
    r"#[\w-]+|https://(www|formulaire)\.defenseurdesdroits\.fr/[a-z/]*|mailto:[\w.+-]+@[\w.-]+|"
    r"(\.\./|[a-z0-9-]+/)?([a-z0-9]+/)?[a-z0-9_]+\.(html|pdf|xlsx)(#[\w-]+)?"
)


def harmless(page, links, more=frozenset()):
    for tag, attributes in page.tags:
        assert tag in TAGS | more, tag
        for name, value in attributes.items():
            assert not name.startswith("on") and name not in ("srcdoc", "action", "formaction")
            if name in ("href", "xlink:href", "src"):
                assert re.fullmatch(links, value), value
            if name == "style":
                assert "url(" not in value.replace("url(#", ""), value


def test_pages_hold_no_script_no_handler_and_no_address(root):
    everything = ""
    for file in found(root / "reports", ".html"):
        text = file.read_text(encoding="utf-8")
        page = Page(text)
        index = file.name == "index.html"
        harmless(page, LINKS, SEARCH if index else frozenset())
        # The index has a search: one script, ours, that its policy knows by its hash.
        scripts = re.findall(r"<script\b[^>]*>(.*?)</script>", text, flags=re.DOTALL)
        assert not scripts or (index and [s.strip() for s in scripts] == [OURS])
        policies = [a["content"] for a in page.all("meta") if a.get("http-equiv") == "Content-Security-Policy"]
        assert policies and policies[0].startswith("default-src 'none'")
        assert ("script-src 'sha256-" in policies[0]) == bool(scripts)
        assert policies[0].count("script-src") == len(scripts) and "http" not in policies[0]
        assert page.all("style")
        everything += page.text
    shown = {attack for attack in ATTACKS if attack in everything}
    assert len(shown) >= len(ATTACKS) - 3, set(ATTACKS) - shown


def test_executed_notebooks_hold_the_same_blocks(root):
    for file in found(root / "reports", ".ipynb"):
        for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                data = output.get("data", {})
                assert "application/javascript" not in data
                harmless(Page("".join(data.get("text/html", ""))), r"#[\w-]+")
                harmless(Page("".join(data.get("image/svg+xml", ""))), r"#[\w-]+")


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")
def test_documents_show_markup_and_read_no_file(root):
    everything = ""
    for file in found(root, ".pdf"):
        read = ["pdftotext", "-layout", file, "-"]
        done = subprocess.run(read, capture_output=True, text=True, encoding="utf-8", check=True)
        everything += done.stdout
        assert "root:" not in done.stdout
        with pikepdf.open(file) as document:
            for item in document.objects:
                if isinstance(item, pikepdf.Dictionary):
                    assert not {"/JS", "/JavaScript", "/Launch", "/AA", "/OpenAction"} & set(item)
                    assert "/URI" not in item, item["/URI"]
    assert '#read("/etc/passwd")' in everything and "#import" in everything


def cells(file):
    if file.suffix == ".csv":
        rows = csv.reader(io.StringIO(file.read_text(encoding="utf-8"), newline=""))
        yield from (cell for row in rows for cell in row)
        return
    for sheet in openpyxl.load_workbook(file).worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            assert cell.data_type != "f" and cell.hyperlink is None, (file, cell.coordinate)
            if isinstance(cell.value, str):
                yield cell.value


def test_no_cell_of_a_table_is_a_formula(root):
    quoted = 0
    processed = found(root / "data" / "processed", ".csv")
    for file in [*found(root / "reports", ".csv", ".xlsx"), *processed]:
        for cell in cells(file):
            assert not cell.startswith(("=", "+", "-", "@", "\t")) or NUMBER.fullmatch(cell), cell
            quoted += cell.startswith(("'=", "'+", "'-", "'@"))
    assert quoted > 20
    for file in [*found(root / "formulaires", ".xlsx"), *found(root / "data", ".xlsx")]:
        assert list(cells(file))  # texts and never formulas: people type in these


@pytest.mark.parametrize(
    "code", ['"; import os; os.system("x")', "17\n__import__('os')", "17/../..", "{{7*7}}", "$(id)"]
)
def test_a_parameter_that_is_code_is_refused_before_a_kernel(tmp_path, code):
    given = publication(tmp_path / "e", _1_x=notebook("# Essai"))
    for asked in (([code], None), (None, [code])):
        with pytest.raises(UsageError, match="inconnu"):
            runs(given, *asked)


def test_what_drives_a_terminal_is_not_printed_by_the_command(root, tmp_path):
    (tmp_path / "study.toml").write_bytes((PACKAGE.parent / "study.toml").read_bytes())
    raw = tmp_path / "data" / "raw"
    raw.mkdir(parents=True)
    for name in ("organismes\x1b[2J\u202e.csv", "autre\x07\n\r.csv", "comptes<script>.xlsx"):
        (raw / name).write_bytes(b"x")
    build = [(root, "build", option, "\x1b]0;x\x07\u202e") for option in ("--territory", "--notebook", "--edition")]
    for place, *usage in (*build, (root, "check", "--study", "\x1b[2J\u202e.toml"), (tmp_path, "check")):
        done = run(place, *usage)
        assert done.returncode == (2 if "build" in usage else 1) and "Traceback" not in done.stderr
        assert not CONTROL.search(done.stdout + done.stderr)
    assert "organismes" in done.stderr


@pytest.mark.parametrize("code", ["../../x", "a/b", "", "54\n", "."])
def test_a_region_names_no_other_folder(tmp_path, code):
    text = (PACKAGE.parent / "study.toml").read_text(encoding="utf-8")
    file = tmp_path / "study.toml"
    file.write_text(text.replace('code = "54"', f"code = {json.dumps(code)}"), encoding="utf-8")
    with pytest.raises(StudyError, match=r"region\.code"):
        load_study(file)


# What could run data as code, or fetch what they name. What Dask sends to one's own machines
# (notebook_reports/cluster.py) it serialises itself; the stamps of a check are JSON.
# The fork server hands runs over by a socket of its own, and asks Linux to give it orphans back.
EXCUSED = {"notebook_reports/server.py": {"ctypes", "socket"}, "notebook_reports/processes.py": {"socket"}}
MODULES_OF_BOTH = sorted(file for home in PROGRAM.homes for file in home.rglob("*.py"))
CALLS = {"eval", "exec", "compile", "__import__"}
MODULES = set(
    "pickle cloudpickle dill marshal shelve yaml requests urllib urllib3 http httpx socket ftplib smtplib lxml "
    "joblib ctypes".split()
)
METHODS = {"read_pickle", "to_pickle", "read_html", "read_xml", "system", "popen"}


@pytest.mark.parametrize("file", MODULES_OF_BOTH, ids=lambda p: p.relative_to(PACKAGE.parent).as_posix())
def test_no_module_runs_data_nor_fetches(file):
    excused = EXCUSED.get(file.relative_to(PACKAGE.parent).as_posix(), set())
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            assert not any(k.arg == "shell" for k in node.keywords), ast.unparse(node)
            name = getattr(node.func, "id", None)
            method = getattr(node.func, "attr", None)
            assert name not in CALLS and method not in METHODS, ast.unparse(node)
            if method in ("eval", "query"):  # of pandas: ours are literal
                assert all(isinstance(a, ast.Constant) for a in node.args), ast.unparse(node)
        elif isinstance(node, ast.Import):
            assert not (MODULES - excused) & {a.name.split(".")[0] for a in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            assert (node.module or "").split(".")[0] not in MODULES
