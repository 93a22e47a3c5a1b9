"""What is remembered from one kernel to the next, and that of several only one computes."""

import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import pytest

from spls_study.memo import remembered


def slow(log: Path) -> list[int]:
    with log.open("a", encoding="utf-8") as stream:
        stream.write("x")
    time.sleep(0.5)  # the others come meanwhile
    return [1, 2]


def asked(log: Path, facts: str) -> list[int]:
    return remembered([facts], partial(slow, log))


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SPLS_MEMO", str(tmp_path / "memo"))
    return tmp_path / "log"


def test_of_processes_that_need_one_result_together_one_computes_it(log: Path) -> None:
    with ProcessPoolExecutor(3, mp_context=get_context("spawn")) as pool:
        found = list(pool.map(partial(asked, log), ["same"] * 3))
    assert found == [[1, 2]] * 3 and log.read_text(encoding="utf-8") == "x"


def test_other_facts_and_a_spoilt_file_are_computed(log: Path, tmp_path: Path) -> None:
    asked(log, "a")
    asked(log, "b")
    for file in (tmp_path / "memo").glob("*.json"):
        file.write_text("[1, 2", encoding="utf-8")
    assert asked(log, "a") == [1, 2] and log.read_text(encoding="utf-8") == "xxx"


def test_where_nothing_can_be_kept_it_is_computed(log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "memo").write_text("not a folder", encoding="utf-8")
    assert asked(log, "a") == [1, 2]
    monkeypatch.delenv("SPLS_MEMO")
    assert asked(log, "a") == [1, 2] and log.read_text(encoding="utf-8") == "xx"
