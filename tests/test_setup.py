"""What is committed agrees with itself: what sets the project up, what tells of it, who knows whom, the notebooks."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from graphlib import TopologicalSorter

import nbformat
import pytest
import yaml
from command import notebook
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from conftest import ROOT
from demo.stored import cleaned as hooked
from notebook_reports import notebook as nb
from notebook_reports.execute import execute
from notebook_reports.opened import OPENED
from spls_study.codebook import Codebook
from spls_study.program import PROGRAM
from spls_study.tables import TABLES

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PYTHON_311 = {"python_full_version": "3.11.9", "python_version": "3.11"}


def declared():
    lists = [PROJECT["dependencies"], PROJECT["optional-dependencies"]["test"]]
    return [Requirement(text) for texts in lists for text in texts]


def test_every_declared_package_is_locked_once_with_hashes_and_no_address_and_conda_has_the_same():
    pinned = re.findall(r"^([a-z0-9-]+)==(\S+?)(?: ; (.+?))? \\$", LOCK, re.M)
    pins = {name: version for name, version, marker in pinned if not marker or Marker(marker).evaluate(PYTHON_311)}
    assert len({name for name, *_ in pinned}) == len(pinned)  # one version for every Python
    assert all(r.specifier.contains(pins[canonicalize_name(r.name)]) for r in declared())
    assert len(re.findall(r"^\S+==", LOCK, re.M)) == len(pinned) <= LOCK.count("--hash=sha256:")
    assert "://" not in LOCK
    *_, pip = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    *packages, project = pip["pip"]
    in_conda = {canonicalize_name(r.name): str(r.specifier) for r in map(Requirement, packages)}
    expected = {canonicalize_name(r.name) for r in declared()}
    assert in_conda == {name: f"=={pins[name]}" for name in expected} and project == "--editable ."


def test_the_same_pythons_everywhere():
    text = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("Makefile", "README.md", "environment.yml")}
    newest, *_, oldest = re.findall(r"python3\.(\d+)", text["Makefile"])
    assert PROJECT["requires-python"] == f">=3.{oldest}"
    assert f"Python 3.{oldest} or later (3.{newest} at most)" in text["README.md"]
    assert f"python>=3.{oldest},<3.{int(newest) + 1}\n" in text["environment.yml"]
    assert f"sys.version_info < (3, {oldest})" in text["Makefile"]
    assert f"--python-version 3.{oldest} " in text["Makefile"]


@pytest.mark.skipif(os.name == "nt" or not shutil.which("make"), reason="make manque")
@pytest.mark.parametrize(
    ("there", "said"),
    [
        ({}, "Il faut Python 3.11"),
        ({"python3.13": "exit 1", "python3.11": "exit 1"}, "Il faut Python 3.11"),  # as pyenv leaves
        (
            {"python3.13": "exit 1", "python3.12": 'test "$2" != "import ensurepip"', "python3.11": ""},
            "venv de python3.12",
        ),
    ],
)
def test_make_says_what_python_lacks(there, said, tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("requirements.lock", "pyproject.toml"):
        (tmp_path / name).touch()
    for name, does in there.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    make = [shutil.which("make"), "setup"]
    done = subprocess.run(make, cwd=tmp_path, env={"PATH": str(tmp_path)}, capture_output=True, encoding="utf-8")
    assert done.returncode == 2
    assert said in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_reports_and_raw_data_of_others_stay_out_of_version_control():
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"reports/*", "data/processed/*", "data/relecture/*", ".venv/"} <= set(ignored)


def test_each_test_that_the_table_of_trials_names_is_there():
    named = re.findall(r"`(test_\w+)::(test_\w+)`", (ROOT / "docs" / "epreuves.md").read_text(encoding="utf-8"))
    assert len(named) > 40
    for module, test in named:
        text = (ROOT / "tests" / f"{module}.py").read_text(encoding="utf-8")
        assert f"def {test}(" in text, (module, test)


def test_the_licence_of_what_is_installed_is_listed():
    lines = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8").splitlines()[2:]
    listed = {canonicalize_name(line.split("|")[1].strip()): line for line in lines}
    assert {canonicalize_name(r.name) for r in declared()} - {"pip-licenses"} <= {*listed}
    assert not [name for name, line in listed.items() if "UNKNOWN" in line]


# The page that the data-protection officer signs names all that is personal.
PAGE = ROOT / "docs" / "donnees-personnelles.md"


ROWS = [
    line.split("|")[1:]
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if line.startswith("| `") or line.startswith("| questionnaire")
]


def inventoried(table):
    """Column → what shows of it."""
    found = {}
    for first, columns, *_, shows, _ in (r for r in ROWS if len(r) == 5):
        if first.strip().strip("`") == table:
            found |= dict.fromkeys(re.findall(r"`(\w+)`", columns), shows.strip())
    return found


def test_the_inventory_has_each_personal_column_which_never_shows_and_none_that_is_not_there():
    for table, columns in TABLES.items():
        found = inventoried(table)
        assert {found[column.name] for column in columns if column.personal} <= {"jamais"}
        assert set(found) <= {c.name for c in columns}
    assert set(inventoried("comptes")) == {c.name for c in TABLES["comptes"]}
    assert {"repondant", "accord"} <= set(inventoried("questionnaire")) & set(Codebook.model_fields)


# Files and those that they import, but for what only a type checker reads.
ASKED = "-m ruff analyze graph --no-type-checking-imports spls_study notebook_reports demo"
GRAPH = json.loads(subprocess.check_output([sys.executable, *ASKED.split()], cwd=ROOT, stderr=subprocess.DEVNULL))


def test_no_module_knows_itself_through_others():
    assert len(GRAPH) > 100
    TopologicalSorter(GRAPH).prepare()


@pytest.mark.parametrize(
    "room, unknown",
    [
        ("notebook_reports", "spls_study demo"),
        ("spls_study", "demo"),
        ("spls_study/analysis", "intake slices report charts show diff cli"),
        ("spls_study/intake", "slices report charts show diff cli"),
        ("spls_study/slices", "report charts show diff cli"),
        ("spls_study/show", "intake slices report charts diff cli"),
        ("spls_study/report", "diff cli"),
        ("spls_study/diff", "intake slices report show cli"),
    ],
)
def test_an_arrow_goes_one_way(room, unknown):
    own = [file for file in GRAPH if file.startswith((f"{room}/", f"{room}."))]
    inside = "spls_study/" if "/" in room else ""
    names = tuple(f"{inside}{name}{end}" for name in unknown.split() for end in "/.")
    told = {f"{file} knows {other}" for file in own for other in GRAPH[file] if other.startswith(names)}
    assert own and told == set()


FOLDER = ROOT / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("[0-9]*_*.ipynb"))


def test_they_take_the_two_parameters():
    assert len(NOTEBOOKS) == 6
    nb.check_parameters(NOTEBOOKS)


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.ipynb")), ids=lambda file: file.stem)
def test_they_define_nothing_are_stored_as_the_build_cleans_them_and_nbval_checks_their_figures(file):
    stored = nb.read(file)
    code = [cell for cell in stored.cells if cell.cell_type == "code"]
    kinds = {type(node) for cell in code for node in ast.walk(ast.parse(cell.source))}
    assert not kinds & {ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda}
    assert nb.write(nb.clean(stored)) == file.read_text(encoding="utf-8")
    assert any(cell.outputs for cell in code)
    # nbval passes over images: a drawing must also stand in the HTML, which it compares.
    figures = [o.data for o in nb.outputs(stored) if "image/svg+xml" in o.get("data", {})]
    assert all(data["image/svg+xml"] in data["text/html"] for data in figures)


@pytest.mark.reports
def test_their_stored_outputs_are_what_they_show():
    """Without a kernel; nbval runs each cell in an ordinary one."""
    for file in NOTEBOOKS:
        executed, failure = execute(file, FOLDER, {}, PROGRAM)
        executed.metadata.pop(OPENED)
        assert failure is None and nb.write(executed) == file.read_text(encoding="utf-8"), file


def test_the_hook_cleans_a_notebook_once_and_leaves_the_committed_ones(tmp_path):
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    [hook] = config["repos"][0]["hooks"]
    program, *rest = hook["entry"].split()
    assert program == "python"

    def run(*files):
        command = [sys.executable, *rest, *map(str, files)]
        return subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode

    committed = sorted(FOLDER.glob("*.ipynb"))
    before = [f.read_bytes() for f in committed]
    assert all(re.search(hook["files"], f.relative_to(ROOT).as_posix()) for f in committed)
    dirty, book = tmp_path / "carnet.ipynb", notebook("# Essai", "1")
    book.cells[2].execution_count = 3
    nbformat.write(book, dirty)
    assert run(*committed, dirty) == 1 and not hooked(dirty)
    assert [f.read_bytes() for f in committed] == before
    assert dirty.read_text(encoding="utf-8") == nb.write(nb.clean(book))
