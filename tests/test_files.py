"""Whole or not at all."""

import os
import subprocess
import sys

import pytest

from notebook_reports.files import sweep, write_atomic


def test_text_is_utf8_with_plain_newlines(tmp_path):
    write_atomic(tmp_path / "a" / "b.txt", "été\n")
    assert (tmp_path / "a" / "b.txt").read_bytes() == b"\xc3\xa9t\xc3\xa9\n"


def test_the_old_file_stays_whole_when_the_new_one_cannot_be_placed(tmp_path):
    target = tmp_path / "rapport"
    target.mkdir()
    (target / "bon").write_text("bon", encoding="utf-8")
    with pytest.raises(OSError):
        write_atomic(target, b"nouveau")  # a folder stands there: the rename is refused
    assert [p.name for p in tmp_path.iterdir()] == ["rapport"]
    assert (target / "bon").read_text(encoding="utf-8") == "bon"


def test_what_a_dead_process_was_writing_is_swept_and_nothing_else(tmp_path):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / f".b.html.{dead.pid}.part").write_bytes(b"<p")
    kept = [tmp_path / f".c.html.{os.getpid()}.part", tmp_path / ".d.part", tmp_path / "e.html"]
    for path in kept:
        path.write_bytes(b"<p")
    earlier = tmp_path / f".f.html.{os.getpid()}.part"  # of a process that had our number
    earlier.write_bytes(b"<p")
    os.utime(earlier, (0, 0))
    sweep(tmp_path)
    assert sorted(p for p in tmp_path.rglob("*") if p.is_file()) == sorted(kept)
