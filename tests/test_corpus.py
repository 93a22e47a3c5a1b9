"""Every file of the corpus is accepted rightly or refused with a reason, within its bounds."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from command import sound
from corpus import CASES, ROW, TOP, text, xlsx

from spls_study.study import load_study
from spls_study.tables import read_table


@pytest.mark.parametrize("case", [case for case in CASES if not case.aside], ids=lambda case: case.name)
def test_a_file_is_read_and_what_is_wrong_in_it_has_a_reason(study, case, record_property):
    record_property("fichiers éprouvés", 1)
    (study.raw / case.file).write_bytes(case.data)
    report = sound(study)
    assert report.set_aside == ()
    assert [(f.acceptees, f.refusees) for f in report.files] == [(case.accepted, case.refused)]
    assert len(read_table(study, case.file.split(".")[0])) == case.accepted
    assert all(case.why in reason for reason in report.refusals["motif"])
    told = report.warnings[report.warnings["motif"].str.contains(case.warned)] if case.warned else []
    assert len(told) == case.accepted * bool(case.warned)


@pytest.mark.parametrize(
    ("key", "value", "file", "data"),
    [
        ("taille_mo", 1, "organismes.csv", text(ROW).encode() + b" " * 10**6),
        ("lignes", 10, "organismes.csv", text(ROW).encode() + b";\n" * 10),
        ("lignes", 10, "organismes.csv", text(ROW, end="\r").encode() + b";\r" * 10),
        ("lignes", 10, "organismes.xlsx", xlsx(TOP + '<row r="11"><c><v>1</v></c></row>')),
        ("expansion_mo", 1, "organismes.xlsx", xlsx(TOP + "<row/>" * 200_000)),
    ],
)
def test_a_limit_of_the_study_is_named_and_can_be_raised(study, key, value, file, data, record_property):
    record_property("fichiers éprouvés", 1)
    (study.raw / file).write_bytes(data)
    assert sound(study).set_aside == ()
    lowered = re.sub(rf"(?m)^{key} = .*", f"{key} = {value}", study.file.read_text("utf-8"))
    study.file.write_text(lowered, encoding="utf-8")
    (sentence,) = sound(load_study(study.file)).set_aside
    assert f"relevez {key} dans la partie [limites] de study.toml" in sentence


LIMITED = """
import sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (1_000_000_000, 1_000_000_000))
except ImportError:
    pass  # no such limit on this system
from spls_study.cli import main
sys.argv = ["spls-study", "check"]
main()
"""


def test_the_command_sets_aside_each_file_that_cannot_be_read_in_bounded_memory(study, record_property):
    """All in one folder, with 1 GB: each has its sentence, and the one good file is read."""
    bad = [case for case in CASES if case.aside]
    record_property("fichiers éprouvés", len(bad))
    folder = study.raw / "organismes"
    folder.mkdir()
    for number, case in enumerate(bad):
        (folder / f"{number:03}{Path(case.file).suffix}").write_bytes(case.data)
    (folder / "bon.csv").write_text(text(ROW), encoding="utf-8")
    # Arrow's own allocator reserves a gigabyte of addresses before it uses any.
    env = {**os.environ, "PYTHONUTF8": "1", "OPENBLAS_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}
    command = [sys.executable, "-c", LIMITED]
    done = subprocess.run(command, cwd=study.root, env=env, capture_output=True, encoding="utf-8", timeout=300)
    assert done.returncode == 1 and "Traceback" not in done.stderr, done.stderr[-2000:]
    told = done.stderr.splitlines()
    assert len(told) == len(bad)
    for number, (case, sentence) in enumerate(zip(bad, told, strict=True)):
        assert sentence.startswith(f"organismes/{number:03}{Path(case.file).suffix}\u00a0: "), case.name
        assert case.aside in sentence, case.name
    assert "organismes/bon.csv\u00a0: 1 ligne lue, 1 acceptée" in done.stdout


def test_an_accepted_text_is_kept_whole(study):
    long = "مكتب 🏠 \u202eX " + "x" * 10**6
    (study.raw / "organismes.csv").write_text(text(["B1", long, *ROW[2:]]), encoding="utf-8")
    assert sound(study).files[0].acceptees == 1
    (name,) = read_table(study, "organismes")["nom"]
    assert name.startswith("مكتب 🏠") and len(name) > 10**6
