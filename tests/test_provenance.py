"""From a report on paper, or a manifest, back to what it was made from."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from command import add_notebook, done, run, small_study

from notebook_reports import manifest as record
from notebook_reports.files import file_digest
from notebook_reports.typst import FONTS
from spls_study.study import LOCK

DAY = "2014-07-10"
TITLED = """from spls_study.report import Rapport
r = Rapport(etude, territoire)
r.lire("fichiers")
r.phrase(f"Produit avec l'empreinte {r.code}.")"""


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = small_study(tmp_path_factory.mktemp("etude"))
    add_notebook(folder, "2_note", TITLED)
    done(folder, "build", "--territory", "17", "--territory", "79")
    return folder / "reports"


def test_the_manifest_has_every_key_of_its_schema_and_no_other(reports: Path) -> None:
    known = json.loads((reports / DAY / record.NAME).read_text(encoding="utf-8"))
    schema = json.loads(record.SCHEMA.read_text(encoding="utf-8"))
    assert known.keys() == schema["properties"].keys()
    assert record.load(reports / DAY) == known
    made = known["fabrication"]
    assert made["requirements.lock"] == file_digest(LOCK) and len(made["spls_study"]) == 64
    assert {n for n in made if n.endswith(".otf")} == {p.name for p in FONTS.glob("*.otf")}
    assert known["langue"] == "fr" and {"babel", "pikepdf", "spls_study"} <= set(known["versions"])
    text = json.dumps(known)
    assert str(reports.parent) not in text and not re.search(r"\d\d:\d\d:\d\d", text)


def printed(page: str) -> str:
    found = re.findall(r", code ([0-9a-f]{8}) \(spls_study \d", page)
    assert len(set(found)) == 1, page[-500:]
    return str(found[0])


def test_each_report_bears_a_code_that_verify_finds(reports: Path) -> None:
    codes = {}
    for name in ("17/1_essai", "17/2_note", "79/1_essai", "79/2_note"):
        code = printed((reports / DAY / f"{name}.html").read_text(encoding="utf-8"))
        codes[code] = name
        first, *inputs = record.traced(reports, DAY, code)
        assert first.startswith(f"{code}\u00a0: {name}, ")
        assert f"{file_digest(reports.parent / 'study.toml')} study.toml" in inputs
    assert len(codes) == 4
    said = done(reports.parent, "verify", DAY, "--code", next(iter(codes)).upper())
    assert "17/1_essai, édition 2014-07-10, fait de" in said
    for unknown in ("00000000", "", next(iter(codes))[:4]):
        end = run(reports.parent, "verify", DAY, "--code", unknown or "-")
        assert end.returncode == 2 and "ne porte ce code" in end.stderr


def test_the_hash_that_the_note_gives_of_its_data_is_found_too(reports: Path) -> None:
    text = (reports / DAY / "79" / "2_note.html").read_text(encoding="utf-8")
    [given] = re.findall(r"empreinte ([0-9a-f]{8})", text)
    assert record.traced(reports, DAY, given)[0].startswith(f"{given}\u00a0: ")


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils is not installed")
def test_the_code_on_paper_is_that_of_the_page(reports: Path) -> None:
    for name in ("17/1_essai", "79/2_note"):
        command = ["pdftotext", str(reports / DAY / f"{name}.pdf"), "-"]
        paper = subprocess.check_output(command, encoding="utf-8")
        page = (reports / DAY / f"{name}.html").read_text(encoding="utf-8")
        assert printed(paper) == printed(page)
