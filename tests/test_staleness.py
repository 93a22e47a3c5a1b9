"""No report is ever stale: each kind of input is changed in turn, against a clean rebuild."""

import os
from pathlib import Path

import pytest
from changes import ALL, CHANGES, write_study
from staleness import build, follow
from typer.testing import CliRunner

from spls_study.cli import app
from spls_study.program import PROGRAM

# Changes add up: what one leaves stale still is when the next is compared. `make staleness`
# compares after each, and changes the program itself.
COMPARED = ("a report tampered with",)


def command(root: Path, arguments: list[str]) -> None:
    done = CliRunner().invoke(app, [*arguments, "--study", str(root / "study.toml")])
    assert done.exit_code == 0, done.output


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("etude")
    write_study(folder)
    assert build(folder, command) == ALL
    return folder


@pytest.mark.parametrize("what", CHANGES)
def test_what_changed_runs_again_and_nothing_else(root: Path, what: str) -> None:
    compared = what in COMPARED or bool(os.environ.get("SPLS_STALENESS"))
    follow(root, command, *CHANGES[what], ALL, compared)


@pytest.mark.parametrize("name", ["digest", "versions"])
def test_another_program_runs_everything(root: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(vars(PROGRAM), name, "autre")
    assert build(root, command) == ALL
