"""Whole or not at all."""

import pytest

from spls_study.files import write_atomic


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
