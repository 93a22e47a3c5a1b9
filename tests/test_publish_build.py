"""A build: what is written, what is left alone, what stands when a run fails."""

import json
import shutil
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import nbformat
import pytest
from publishing import notebook, publication

from demo.stored import refresh
from notebook_reports.build import build
from notebook_reports.errors import UsageError
from notebook_reports.pages import TEMPLATES
from notebook_reports.publication import Publication, runs

SHOW = """import os, pandas as pd
from spls_study.show import say, table
d = pd.DataFrame({"cle": ["a"], "valeur": [0.5], "unite": ["part"], "libelle": ["<x>"]})
table(d, "chiffres_cles", "Chiffres clés")"""
INTERNAL = 'table(d.assign(cle="Un" + "tel"), "relances", "À relancer", internal=True)'
PLACE = "say(f\"{territoire} {etude} {os.getcwd()} {os.environ['SPLS_EDITION']}\")"
BREAKS = """x = 1
if territoire == "2A":
    raise ValueError(f"panne dans {os.getcwd()}")"""


def files(given: Publication) -> dict[str, str]:
    found = sorted(p for p in given.folder.rglob("*") if p.is_file())
    return {p.relative_to(given.folder).as_posix(): sha256(p.read_bytes()).hexdigest() for p in found}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Publication:
    folder = tmp_path_factory.mktemp("publication") / "etude"
    book = notebook("# Essai", SHOW, INTERNAL, PLACE)
    given = replace(publication(folder, _1_essai=book), environment={"SPLS_EDITION": "E"})
    outcome = build(given, runs(given))
    assert outcome.run == ["2A/1_essai", "region/1_essai"] and not outcome.failures
    return given


def test_every_file_of_the_edition_is_there_and_in_the_manifest(built: Publication) -> None:
    written = files(built)
    each = ["1_essai.html", "1_essai.pdf", "notebooks/1_essai.ipynb", "tableaux.xlsx", "tables/chiffres_cles.csv"]
    expected = [f"{t}/{name}" for t in ("2A", "region") for name in each]
    internal = [f"interne/{t}/tables/relances.csv" for t in ("2A", "region")]
    assert sorted(written) == sorted([*expected, *internal, "accessibilite.html", "index.html", "manifest.json"])
    manifest = json.loads((built.folder / "manifest.json").read_text(encoding="utf-8"))
    written.pop("manifest.json")
    assert manifest["fichiers"] == written
    assert manifest["executions"]["2A/1_essai"]["parametres"] == {"etude": "study.toml", "territoire": "2A"}
    assert str(built.file.parent) not in json.dumps(manifest)


def test_the_record_has_its_territory_and_no_path_nor_internal_table(built: Publication) -> None:
    for name in ("2A/notebooks/1_essai.ipynb", "2A/1_essai.html"):
        text = (built.folder / name).read_text(encoding="utf-8")
        assert "2A study.toml . E" in text
        assert str(built.file.parent) not in text
        assert "Untel" not in text
    assert "Untel" in (built.folder / "interne/2A/tables/relances.csv").read_text(encoding="utf-8")


def test_index_links_what_is_there_with_weights(built: Publication) -> None:
    text = (built.folder / "index.html").read_text(encoding="utf-8")
    assert 'href="2A/1_essai.html"' in text and 'href="region/tableaux.xlsx"' in text
    assert "(PDF, " in text and "ko)" in text and "10 juillet 2014" in text
    assert "Étude &lt;b&gt;" in text and "&lt;x&gt;" in text and "50" in text
    assert "Galion &amp; SISAL" in text and "relances" not in text and text.count("<script") == 1


def test_nothing_changed_runs_nothing_and_force_gives_the_same_bytes(built: Publication) -> None:
    before = files(built)
    again = build(built, runs(built))
    assert again.run == [] and len(again.skipped) == 2 and files(built) == before
    assert len(build(built, runs(built), force=True).run) == 2
    assert files(built) == before


def test_what_changed_is_run_again_and_only_that(built: Publication) -> None:
    page = built.folder / "2A" / "1_essai.html"
    whole = page.read_bytes()
    page.write_bytes(b"abime")
    assert build(built, runs(built)).run == ["2A/1_essai"]
    assert page.read_bytes() == whole


def test_a_failing_run_leaves_the_good_report_and_the_others(tmp_path: Path) -> None:
    book = notebook("# Essai", SHOW)
    given = publication(tmp_path / "e", _1_essai=book)
    build(given, runs(given))
    good = files(given)
    nbformat.write(notebook("# Essai", SHOW, BREAKS), given.notebooks / "1_essai.ipynb")
    outcome = build(given, runs(given))
    assert outcome.run == ["region/1_essai"]
    [failure] = outcome.failures
    assert (failure.run.name, failure.error.cell) == ("2A/1_essai", 3)
    assert failure.error.line.startswith("raise ValueError")
    assert failure.error.error == "ValueError\u00a0: panne dans ."
    now = files(given)
    assert now["2A/1_essai.html"] == good["2A/1_essai.html"]
    partial = given.folder / "2A/notebooks/1_essai.echec.ipynb"
    kept = partial.read_text(encoding="utf-8")
    assert "chiffres_cles" in kept and str(given.file.parent) not in kept
    nbformat.write(book, given.notebooks / "1_essai.ipynb")
    assert not build(given, runs(given)).failures
    assert not partial.exists() and set(files(given)) == set(good)


def test_two_notebooks_may_give_one_table_not_two_of_one_name(tmp_path: Path) -> None:
    other = SHOW.replace("0.5", "0.6")
    given = publication(
        tmp_path / "e", _1_a=notebook("# A", SHOW), _2_b=notebook("# B", SHOW), _3_c=notebook("# C", other)
    )
    assert build(given, runs(given, ["2A"], ["1", "2"])).run == ["2A/1_a", "2A/2_b"]
    outcome = build(given, runs(given, ["2A"]))
    assert "déjà produit par 2A/1_a" in str(outcome.failures[0])
    # What only a notebook that is gone gave goes with it; what another gives stays.
    (given.notebooks / "1_a.ipynb").unlink()
    (given.notebooks / "3_c.ipynb").unlink()
    assert build(given, runs(given, ["2A"])).skipped == ["2A/2_b"]
    assert not (given.folder / "2A/1_a.html").exists()
    assert (given.folder / "2A/tables/chiffres_cles.csv").exists()
    assert "1_a" not in (given.folder / "index.html").read_text(encoding="utf-8")


def test_a_study_replaces_a_notebook_adds_one_and_leaves_the_others(tmp_path: Path) -> None:
    program = publication(tmp_path / "p", _1_a=notebook("# A"), _2_b=notebook("# B"))
    own = publication(tmp_path / "e", _2_b=notebook("# Le nôtre"), _9_c=notebook("# C"))
    given = replace(own, notebooks=program.notebooks)
    assert build(given, runs(given, ["2A"])).run == ["2A/1_a", "2A/2_b", "2A/9_c"]
    assert "Le nôtre" in (given.folder / "2A/2_b.html").read_text(encoding="utf-8")


def test_a_template_of_the_study_replaces_one_of_the_program(tmp_path: Path) -> None:
    given = publication(tmp_path / "e", _1_a=notebook("# A", SHOW))
    build(given, runs(given, ["2A"]))
    plain = files(given)
    given.templates.mkdir()
    typst = (TEMPLATES / "rapport.typ").read_text(encoding="utf-8")
    for name, text, changed in [
        ("rapport.css", "p { color: #123456 }", "2A/1_a.html"),
        ("rapport.typ", typst.replace("11pt", "12pt").replace("10.5pt", "12pt"), "2A/1_a.pdf"),
        ("index.html.j2", '{% extends "page.html.j2" %}{% block page %}NOTRE INDEX{% endblock %}', "index.html"),
    ]:
        (given.templates / name).write_text(text, encoding="utf-8")
        before = files(given)
        assert build(given, runs(given, ["2A"])).run == ["2A/1_a"], name
        assert files(given)[changed] != before[changed]
    html = (given.folder / "2A/1_a.html").read_text(encoding="utf-8")
    assert "p { color: #123456 }" in html and "font-face" in html
    index = (given.folder / "index.html").read_text(encoding="utf-8")
    assert "NOTRE INDEX" in index and "p { color: #123456 }" in index
    (given.templates / "rapport.html.j2").write_text("{{ absent }}", encoding="utf-8")
    [failure] = build(given, runs(given, ["2A"])).failures
    assert "Modèle à corriger, rapport.html.j2" in failure.error.error
    shutil.rmtree(given.templates)
    assert build(given, runs(given, ["2A"])).run == ["2A/1_a"] and files(given) == plain


def test_refresh_executes_in_place_and_leaves_no_count(tmp_path: Path) -> None:
    nbformat.write(notebook("# a", "1 + 1"), tmp_path / "1_a.ipynb")
    assert refresh(tmp_path) == 0
    first = (tmp_path / "1_a.ipynb").read_text(encoding="utf-8")
    cell = json.loads(first)["cells"][2]
    assert cell["execution_count"] is None and cell["outputs"][0]["data"]["text/plain"] == ["2"]
    assert refresh(tmp_path) == 0
    assert (tmp_path / "1_a.ipynb").read_text(encoding="utf-8") == first


def test_an_edition_of_another_study_is_not_replaced(tmp_path: Path) -> None:
    one, two = (replace(publication(tmp_path / n, _1_a=notebook("# A")), reports=tmp_path / "r") for n in "ab")
    build(one, runs(one, ["2A"]))
    before = files(one)
    with pytest.raises(UsageError, match=r"celle d'une autre étude \(.*a/study.toml\)"):
        build(two, runs(two, ["2A"]))
    assert files(one) == before
    assert build(one, runs(one, ["2A"])).skipped == ["2A/1_a"]  # its own, again
    one.file.unlink()  # moved away, or on another machine
    assert not build(two, runs(two, ["2A"])).failures
