"""What kernels of a build share is what each would have found, and one finds it for all."""

import inspect
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from spls_study import views
from spls_study.reads import Source, value_digest
from spls_study.sharing import FOLDER, passed_on, shared
from spls_study.study import REGION, load_study

STUDY = load_study(Path(__file__).parent.parent / "study.toml")
VIEWS = sorted(
    n for n, f in inspect.getmembers(views, inspect.isfunction) if f.__module__ == views.__name__ and n[0] != "_"
)


def counted(log: list[int]) -> list[int]:
    log.append(1)
    return [len(log)]


def test_the_first_computes_for_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    log: list[int] = []
    assert [shared("a", partial(counted, log)) for _ in range(3)] == [[1]] * 3
    assert shared("b", partial(counted, log)) == [2]


@pytest.mark.parametrize("folder", [None, "a file"])
def test_outside_a_build_or_without_a_folder_each_computes(
    folder: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(FOLDER, raising=False)
    if folder:
        (tmp_path / folder).write_text("", encoding="utf-8")
        monkeypatch.setenv(FOLDER, str(tmp_path / folder))
    log: list[int] = []
    assert [shared("a", partial(counted, log)) for _ in range(2)] == [[1], [2]]


def test_a_build_reads_nothing_that_it_has_not_written(tmp_path: Path) -> None:
    for name in (f"partage.{os.getpid()}", "partage.999999999", "partage.other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.pickle").write_bytes(b"planted")
    with passed_on(tmp_path) as environment:
        folder = Path(environment[FOLDER])
        assert folder.parent == tmp_path and list(folder.iterdir()) == []
    assert [p.name for p in tmp_path.iterdir()] == ["partage.other"]


def test_where_no_folder_can_be_made_nothing_is_passed_on(tmp_path: Path) -> None:
    (tmp_path / "memo").write_text("", encoding="utf-8")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / f"partage.{os.getpid()}").symlink_to(elsewhere)
    for place in (None, tmp_path / "memo", tmp_path / "real"):
        with passed_on(place) as environment:
            assert environment == {}


def digests(*territories: str) -> dict[str, str]:
    source, found = Source(STUDY), {}
    for code in territories:
        for name in VIEWS:
            view: Callable[[Source, Any], object] = getattr(views, name)
            found[f"{code} {name}"] = value_digest(view(source, STUDY.territory(code)))
    return found


def test_every_view_is_the_same_computed_or_passed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FOLDER, raising=False)
    computed = digests(REGION, "86")
    monkeypatch.setenv(FOLDER, str(tmp_path))
    assert digests(REGION, "86") == computed
    assert list(tmp_path.glob("surveys-*.pickle"))
    assert digests(REGION, "86") == computed
