"""An edition against its manifest."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from publishing import notebook, publication

from notebook_reports.build import build
from notebook_reports.errors import StudyError, UsageError
from notebook_reports.publication import runs
from notebook_reports.verify import changed_inputs, verify


def test_what_differs_is_missing_or_too_many_is_told(tmp_path: Path) -> None:
    given = publication(tmp_path / "e", _1_essai=notebook("# Essai", "1 + 1"))
    chosen = runs(given, ["2A"])
    assert not build(given, chosen).failures
    assert verify(given.reports, "2014-07-10") == []
    (given.folder / "2A" / "1_essai.html").write_bytes(b"autre")
    (given.folder / "2A" / "1_essai.pdf").unlink()
    (given.folder / "2A" / "ajout.csv").write_bytes(b"")
    (given.folder / "2A" / "notebooks" / "1_essai.echec.ipynb").write_bytes(b"")
    for name in (".DS_Store", "Thumbs.db", "2A/Desktop.ini", "2A/~$organismes.xlsx"):
        (given.folder / name).write_bytes(b"")
    assert verify(given.reports, "2014-07-10") == [
        "2A/1_essai.html\u00a0: empreinte différente de celle du manifeste.",
        "2A/1_essai.pdf\u00a0: fichier manquant.",
        "2A/ajout.csv\u00a0: fichier absent du manifeste.",
    ]
    (given.folder / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(StudyError, match="manifeste illisible"):
        verify(given.reports, "2014-07-10")
    for name in ("2014-07-11", "..", "2A"):
        with pytest.raises(UsageError, match=r"2014-07-10"):
            verify(given.reports, name)


def test_inputs_that_changed_since_are_named(tmp_path: Path) -> None:
    raw = tmp_path / "brut"
    raw.mkdir()
    (raw / "a.csv").write_bytes(b"1")
    given = publication(tmp_path / "e", _1_essai=notebook("# Essai", "open('b.csv').read()"))
    (given.file.parent / "b.csv").write_bytes(b"2")
    read = {"sha256": "0" * 64, "table": "a", "lues": 1, "acceptees": 1, "refusees": 0}
    given = replace(given, files_read={"a.csv": read})
    build(given, runs(given, ["2A"]))
    assert changed_inputs(given, raw) == ["data/raw/a.csv"]
    given.file.write_text("# autre", encoding="utf-8")
    (raw / "a.csv").unlink()
    (given.file.parent / "b.csv").write_bytes(b"3")
    assert changed_inputs(given, raw) == ["b.csv", "data/raw/a.csv", "study.toml"]
    manifest = json.loads((given.folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["fichiers_lus"] == {"a.csv": read} and manifest["lignes_refusees"] == 0
