"""Files that agree with one another: those that set the project up, those that tell of it."""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from spls_study.codebook import Codebook
from spls_study.tables import TABLES

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PYTHON_311 = {"python_full_version": "3.11.9", "python_version": "3.11"}


def locked():
    pinned = re.findall(r"^([a-z0-9-]+)==(\S+?)(?: ; (.+?))? \\$", LOCK, re.M)
    return {name: version for name, version, marker in pinned if not marker or Marker(marker).evaluate(PYTHON_311)}


def declared():
    lists = [PROJECT["dependencies"], PROJECT["optional-dependencies"]["test"]]
    return [Requirement(text) for texts in lists for text in texts]


def test_every_declared_package_is_locked_with_hashes_and_no_address():
    pins = locked()
    for requirement in declared():
        version = pins[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version)
    assert len(re.findall(r"^\S+==", LOCK, re.M)) <= LOCK.count("--hash=sha256:")
    assert "://" not in LOCK


def test_every_python_has_the_same_version_of_a_package():
    names = re.findall(r"^([a-z0-9-]+)==", LOCK, re.M)
    assert sorted(names) == sorted(set(names))


def test_conda_environment_is_in_step_with_the_lock():
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    *_, pip = yaml.safe_load(text)["dependencies"]
    *packages, project = pip["pip"]
    in_conda = {canonicalize_name(r.name): str(r.specifier) for r in map(Requirement, packages)}
    expected = {canonicalize_name(r.name) for r in declared()}
    assert in_conda == {name: f"=={locked()[name]}" for name in expected}
    assert project == "--editable ."


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


@pytest.mark.parametrize("table", [t for t, c in TABLES.items() if any(x.personal for x in c)])
def test_each_personal_column_is_in_the_inventory_and_never_shown(table):
    for column in TABLES[table]:
        if column.personal:
            assert inventoried(table)[column.name] == "jamais"


def test_the_inventory_names_no_column_that_is_not_there():
    for table, columns in TABLES.items():
        assert set(inventoried(table)) <= {c.name for c in columns}
    assert set(inventoried("comptes")) == {c.name for c in TABLES["comptes"]}


def test_what_a_codebook_says_of_respondents_is_in_the_inventory():
    marks = inventoried("questionnaire")
    assert {"repondant", "accord", "texte", "diffusion"} & set(marks) >= {"repondant", "accord"}
    assert {"repondant", "accord"} <= set(Codebook.model_fields)
