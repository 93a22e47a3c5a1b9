"""No report is ever stale: each kind of input is changed in turn, against a clean rebuild."""

import os
from hashlib import sha256
from pathlib import Path

import pytest
from changes import ALL, CHANGES, PLACES, write_study
from typer.testing import CliRunner

from spls_study.cli import app
from spls_study.publish import freshness

# Changes add up: what one leaves stale still is when the next is compared. `make staleness`
# compares after each, and changes the program itself.
COMPARED = ("an answer", "a report tampered with")


def build(root: Path, *options: str) -> set[str]:
    """The runs done, `16/3`."""
    before = _written(root)
    places = [word for place in PLACES for word in ("--territory", place)]
    done = CliRunner().invoke(app, ["build", "--study", str(root / "study.toml"), *places,
                                    *options])
    assert done.exit_code == 0, done.output
    return {name for name, when in _written(root).items() if before.get(name) != when}


def _written(root: Path) -> dict[str, int]:
    found = root.glob("reports/2014-07-10/*/notebooks/*.ipynb")
    return {f"{p.parts[-3]}/{p.name[0]}": p.stat().st_mtime_ns for p in found}


def contents(root: Path) -> dict[str, str]:
    folder = root / "reports" / "2014-07-10"
    return {p.relative_to(folder).as_posix(): sha256(p.read_bytes()).hexdigest()
            for p in folder.rglob("*") if p.is_file()}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("etude")
    write_study(folder)
    assert build(folder) == ALL
    return folder


@pytest.mark.parametrize("what", CHANGES)
def test_what_changed_runs_again_and_nothing_else(root: Path, what: str) -> None:
    change, expected = CHANGES[what]
    change(root)
    assert build(root) == expected
    if what in COMPARED or os.environ.get("SPLS_STALENESS"):
        incremental = contents(root)
        assert build(root, "--force") == ALL
        assert contents(root) == incremental


@pytest.mark.parametrize("name", ["package_digest", "versions"])
def test_another_program_runs_everything(
    root: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freshness, name, lambda: "autre")
    assert build(root) == ALL
