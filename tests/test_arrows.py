"""The house's arrows go one way: who may know whom, and no cycle, also through imports inside functions."""

import json
import subprocess
import sys
from graphlib import TopologicalSorter

import pytest

from conftest import ROOT

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
        ("spls_study/show", "intake slices report diff cli"),
        ("spls_study/report", "diff cli"),
        ("spls_study/diff", "intake slices report cli"),
    ],
)
def test_an_arrow_goes_one_way(room, unknown):
    own = [file for file in GRAPH if file.startswith((f"{room}/", f"{room}."))]
    inside = "spls_study/" if "/" in room else ""
    names = tuple(f"{inside}{name}{end}" for name in unknown.split() for end in "/.")
    told = {f"{file} knows {other}" for file in own for other in GRAPH[file] if other.startswith(names)}
    assert own and told == set()
