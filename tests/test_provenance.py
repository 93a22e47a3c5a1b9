"""From a report on paper, or a manifest, back to what it was made from."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from command import done, run

from notebook_reports import manifest as record
from notebook_reports.files import file_digest
from notebook_reports.publication import Publication
from notebook_reports.typst import FONTS
from spls_study.study import LOCK

DAY = "2014-07-10"


def test_the_manifest_has_every_key_of_its_schema_and_no_other(tiny: Publication) -> None:
    known = json.loads((tiny.folder / record.NAME).read_text(encoding="utf-8"))
    schema = json.loads(record.SCHEMA.read_text(encoding="utf-8"))
    assert known.keys() == schema["properties"].keys()
    assert record.load(tiny.folder) == known
    made = known["fabrication"]
    assert made["requirements.lock"] == file_digest(LOCK) and len(made["spls_study"]) == 64
    assert {n for n in made if n.endswith(".otf")} == {p.name for p in FONTS.glob("*.otf")}
    assert known["langue"] == "fr" and {"babel", "pikepdf", "spls_study"} <= set(known["versions"])
    text = json.dumps(known)
    assert str(tiny.file.parent) not in text and not re.search(r"\d\d:\d\d:\d\d", text)


def test_a_manifest_names_no_form_that_was_filled(demonstration: Path) -> None:
    read = record.load(demonstration)["fichiers_lus"]
    assert read["questionnaires/gestionnaires"]["lues"] == 5
    assert not [name for name in read if "quest" in name and name.endswith(".xlsx")]


def printed(page: str) -> str:
    found = re.findall(r", code ([0-9a-f]{8}) \(spls_study \d", page)
    assert len(set(found)) == 1, page[-500:]
    return str(found[0])


def test_each_report_bears_a_code_that_verify_finds(tiny: Publication, tmp_path: Path) -> None:
    pages = {n: (tiny.folder / f"{n}.html").read_text(encoding="utf-8") for n in ("2A/1_essai", "region/1_essai")}
    codes = {name: printed(page) for name, page in pages.items()}
    for name, code in codes.items():
        first, *inputs = record.traced(tiny.reports, DAY, code)
        assert first.startswith(f"{code}\u00a0: {name}, ")
        assert f"{file_digest(tiny.file)} study.toml" in inputs
    asked = ("verify", DAY, "--reports", str(tiny.reports), "--code")
    assert "2A/1_essai, édition 2014-07-10, fait de" in done(tmp_path, *asked, codes["2A/1_essai"].upper())
    for unknown in ("00000000", "-", codes["2A/1_essai"][:4]):
        end = run(tmp_path, *asked, unknown)
        assert end.returncode == 2 and "ne porte ce code" in end.stderr


def test_the_hash_that_the_note_gives_of_its_data_is_found_too(tiny: Publication) -> None:
    assert record.traced(tiny.reports, DAY, "0123abcd")[0].startswith("0123abcd\u00a0: 2A/1_essai, ")


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils is not installed")
def test_the_code_on_paper_is_that_of_the_page(tiny: Publication) -> None:
    file = tiny.folder / "2A" / "1_essai.pdf"
    paper = subprocess.check_output(["pdftotext", str(file), "-"], encoding="utf-8")
    assert printed(paper) == printed(file.with_suffix(".html").read_text(encoding="utf-8"))
