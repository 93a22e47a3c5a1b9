"""A build: what it refuses, writes, leaves alone, what stands when a run fails; its pages; what it was made from."""

import json
import re
import shutil
import subprocess
from dataclasses import replace
from hashlib import sha256

import nbformat
import pytest
from command import PARAMETERS, contents, done, notebook, publication, publish_own, run, small_study
from command import SHOW as NAMED

from demo.stored import refresh
from notebook_reports import manifest as record
from notebook_reports.archive import write_portal
from notebook_reports.build import build
from notebook_reports.errors import StudyError, UsageError
from notebook_reports.files import file_digest
from notebook_reports.freshness import changed_inputs
from notebook_reports.index import drawn
from notebook_reports.manifest import verify
from notebook_reports.pages import TEMPLATES
from notebook_reports.publication import runs
from notebook_reports.typst import FONTS
from spls_study.study import LOCK

pytestmark = pytest.mark.reports
DAY = "2014-07-10"
SHOW = """import os, pandas as pd
from spls_study.show import table
d = pd.DataFrame({"cle": ["a"], "valeur": [0.5], "unite": ["part"], "libelle": ["<x>"]})
table(d, "chiffres_cles", "Chiffres clés")"""
BREAKS = """x = 1
if territoire == "2A":
    raise ValueError(f"panne dans {os.getcwd()}")"""


def test_every_file_of_the_edition_is_in_its_manifest_which_has_every_key_of_its_schema(tiny):
    written = contents(tiny.folder)
    tables = [f"tables/{name}.csv" for name in ("chiffres_cles", "parts", "volumes")]
    each = ["1_essai.html", "1_essai.pdf", "notebooks/1_essai.ipynb", "tableaux.xlsx", *tables]
    expected = [f"{t}/{name}" for t in ("2A", "region") for name in each]
    internal = [f"interne/{t}/tables/relances.csv" for t in ("2A", "region")]
    assert sorted(written) == sorted([*expected, *internal, "accessibilite.html", "index.html", "manifest.json"])
    text = written.pop(record.NAME)
    manifest = json.loads(text)
    assert record.load(tiny.folder) == manifest
    assert manifest.keys() == json.loads(record.SCHEMA.read_text(encoding="utf-8"))["properties"].keys()
    made = manifest["fabrication"]
    assert made["requirements.lock"] == file_digest(LOCK) and len(made["spls_study"]) == 64
    assert {n for n in made if n.endswith(".otf")} == {p.name for p in FONTS.glob("*.otf")}
    assert manifest["langue"] == "fr" and {"babel", "pikepdf", "spls_study"} <= set(manifest["versions"])
    assert not re.search(rb"\d\d:\d\d:\d\d", text)
    assert manifest["fichiers"] == {name: sha256(content).hexdigest() for name, content in written.items()}
    assert manifest["executions"]["2A/1_essai"]["parametres"] == {"etude": "study.toml", "territoire": "2A"}
    for name in ("2A/notebooks/1_essai.ipynb", "2A/1_essai.html"):
        assert b"2A study.toml . 0" in written[name]
    assert not [name for name, content in written.items() if str(tiny.file.parent).encode() in content + text]
    assert [name for name, content in written.items() if b"Untel" in content] == internal


def test_the_indexes_link_what_is_there(tiny):
    page = (tiny.folder / "index.html").read_text(encoding="utf-8")
    report = (tiny.folder / "2A" / "1_essai.html").read_text(encoding="utf-8")
    for text in (
        'href="2A/1_essai.html"',
        'href="region/tableaux.xlsx"',
        "(PDF, ",
        "ko)",
        "10 juillet 2014",
        "Étude &lt;b&gt;",
        "&lt;x&gt;",
        "50",
        "Galion &amp; SISAL",
        "Région\u00a0: 4 tableaux et figures",
        '<a href="#t-2A" aria-label="2A Corse-du-Sud">',
        'id="t-2A"',
        '"Cle Valeur Unite Libelle a"><a href="2A/1_essai.html#element-1">Chiffres clés</a> <span class="ou">Tableau',
        '"par &lt;an&gt;"><a href="2A/1_essai.html#element-4">Un &lt;trimestre&gt; décide</a> <span class="ou">Figure',
    ):
        assert text in page
    assert re.findall(r'id="(element-\d)"', report) == [f"element-{n}" for n in (1, 2, 3, 4)]
    assert "relances" not in page and page.count("<script") == 1
    text = (tiny.reports / "index.html").read_text(encoding="utf-8")
    assert 'href="2014-07-10/index.html">Édition du 10 juillet 2014' in text


def test_what_is_whole_is_left_alone_and_force_gives_the_same_bytes(tiny):
    whole, page = contents(tiny.folder), tiny.folder / "2A" / "1_essai.html"
    again = build(tiny, runs(tiny))
    assert again.run == [] and len(again.skipped) == 2 and contents(tiny.folder) == whole
    page.write_bytes(b"abime")
    assert build(tiny, runs(tiny)).run == ["2A/1_essai"] and contents(tiny.folder) == whole
    assert len(build(tiny, runs(tiny), force=True).run) == 2 and contents(tiny.folder) == whole


def test_a_failing_run_leaves_the_good_report_and_the_others(tmp_path):
    book = notebook("# Essai", SHOW)
    given = publication(tmp_path / "e", _1_essai=book)
    build(given, runs(given))
    good = contents(given.folder)
    nbformat.write(notebook("# Essai", SHOW, BREAKS), given.notebooks / "1_essai.ipynb")
    outcome = build(given, runs(given))
    assert outcome.run == ["region/1_essai"]
    [failure] = outcome.failures
    assert (failure.run.name, failure.error.cell) == ("2A/1_essai", 3)
    assert failure.error.line.startswith("raise ValueError")
    assert failure.error.error == "ValueError\u00a0: panne dans ."
    assert contents(given.folder)["2A/1_essai.html"] == good["2A/1_essai.html"]
    partial = given.folder / "2A/notebooks/1_essai.echec.ipynb"
    kept = partial.read_text(encoding="utf-8")
    assert "chiffres_cles" in kept and str(given.file.parent) not in kept
    nbformat.write(book, given.notebooks / "1_essai.ipynb")
    assert not build(given, runs(given)).failures
    assert not partial.exists() and set(contents(given.folder)) == set(good)


def test_two_notebooks_may_give_one_table_not_two_of_one_name(tmp_path):
    books = {"_1_a": SHOW, "_2_b": SHOW, "_3_c": SHOW.replace("0.5", "0.6")}
    given = publication(tmp_path / "e", **{name: notebook("# Essai", show) for name, show in books.items()})
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


def test_a_study_replaces_a_notebook_adds_one_and_leaves_the_others(tmp_path):
    program = publication(tmp_path / "p", _1_a=notebook("# A"), _2_b=notebook("# B"))
    own = publication(tmp_path / "e", _2_b=notebook("# Le nôtre"), _9_c=notebook("# C"))
    given = replace(own, notebooks=program.notebooks)
    assert build(given, runs(given, ["2A"])).run == ["2A/1_a", "2A/2_b", "2A/9_c"]
    assert "Le nôtre" in (given.folder / "2A/2_b.html").read_text(encoding="utf-8")


def test_templates_of_the_study_replace_those_of_the_program(tmp_path):
    given = publication(tmp_path / "e", _1_a=notebook("# A", SHOW))
    build(given, runs(given, ["2A"]))
    plain = contents(given.folder)
    given.templates.mkdir()
    typst = (TEMPLATES / "rapport.typ").read_text(encoding="utf-8")
    own = {
        "rapport.css": ("p { color: #123456 }", "2A/1_a.html", b"p { color: #123456 }"),
        "rapport.typ": (typst.replace("11pt", "12pt").replace("10.5pt", "12pt"), "2A/1_a.pdf", b"%PDF"),
        "index.html.j2": ('{% extends "page.html.j2" %}{% block page %}A NOUS{% endblock %}', "index.html", b"A NOUS"),
    }
    for name, (text, _, _) in own.items():
        (given.templates / name).write_text(text, encoding="utf-8")
    assert build(given, runs(given, ["2A"])).run == ["2A/1_a"]
    for _, changed, then in own.values():
        assert then in contents(given.folder)[changed] != plain[changed]
    assert b"font-face" in contents(given.folder)["2A/1_a.html"]
    (given.templates / "rapport.html.j2").write_text("{{ absent }}", encoding="utf-8")
    [failure] = build(given, runs(given, ["2A"])).failures
    assert "Modèle à corriger, rapport.html.j2" in failure.error.error
    shutil.rmtree(given.templates)
    assert build(given, runs(given, ["2A"])).run == ["2A/1_a"] and contents(given.folder) == plain


def test_refresh_executes_in_place_and_leaves_no_count(tmp_path):
    file = tmp_path / "1_a.ipynb"
    nbformat.write(notebook("# a", "1 + 1"), file)
    assert refresh(tmp_path) == 0
    first = file.read_text(encoding="utf-8")
    cell = json.loads(first)["cells"][2]
    assert cell["execution_count"] is None and cell["outputs"][0]["data"]["text/plain"] == ["2"]
    assert refresh(tmp_path) == 0 and file.read_text(encoding="utf-8") == first


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (None, "aucune cellule"),
        ('etude = "x"', "manquant\u00a0: «\u00a0territoire"),
        ('etude = "x"\nteritoire = "17"', "inconnu\u00a0: «\u00a0teritoire\u00a0» .voulait-on «\u00a0territoire"),
        (PARAMETERS + '\nannee = "2013"', "inconnu\u00a0: «\u00a0annee"),
        ('etude = "x"\nterritoire = 17', "«\u00a0territoire\u00a0»\u00a0: un texte"),
        ('etude = "x"\nterritoire = str(17)', "ne doit contenir"),
        ("import os\n" + PARAMETERS, "ne doit contenir"),
        ("etude = ", "ne doit contenir"),
        ("{", "carnet illisible"),
    ],
)
def test_a_fault_names_notebook_and_parameter(tmp_path, parameters, message):
    good, bad = notebook("# Bon", parameters=f"# choix\n{PARAMETERS}"), notebook("# Essai", parameters=parameters)
    given = publication(tmp_path / "e", _1_bon=good, _2_essai=bad)
    if parameters == "{":
        (given.notebooks / "2_essai.ipynb").write_text(parameters, encoding="utf-8")
    with pytest.raises(StudyError, match=rf"2_essai\.ipynb\u00a0: .*{message}"):
        build(given, runs(given))
    assert not any(given.reports.rglob("*"))  # no other was run either


def test_runs_are_chosen_by_code_name_or_number(tmp_path):
    book = notebook("# a")
    given = publication(tmp_path / "e", _10_c=book, _2_b=book, _1_a=book, brouillon=book)
    assert [r.name for r in runs(given, ["2A"])] == ["2A/1_a", "2A/2_b", "2A/10_c"]
    assert [r.name for r in runs(given, ["2A"], ["2", "10_c"])] == ["2A/2_b", "2A/10_c"]
    with pytest.raises(UsageError, match=r"99.*region, 2A"):
        runs(given, ["99"])
    with pytest.raises(UsageError, match="«\u00a03\u00a0»"):
        runs(given, None, ["3"])


def test_what_differs_is_missing_or_too_many_is_told_and_so_are_inputs_that_changed_since(tmp_path):
    raw = tmp_path / "brut"
    raw.mkdir()
    (raw / "a.csv").write_bytes(b"1")
    given = publication(tmp_path / "e", _1_essai=notebook("# Essai", "open('b.csv').read()"))
    (given.file.parent / "b.csv").write_bytes(b"2")
    read = {"sha256": "0" * 64, "table": "a", "lues": 1, "acceptees": 1, "refusees": 0}
    given = replace(given, files_read={"a.csv": read})
    build(given, runs(given, ["2A"]))
    known = record.load(given.folder)
    assert known["fichiers_lus"] == {"a.csv": read} and known["lignes_refusees"] == 0
    assert verify(given.reports, DAY) == [] and changed_inputs(given, raw) == ["data/raw/a.csv"]
    given.file.write_text("# autre", encoding="utf-8")
    (raw / "a.csv").unlink()
    (given.file.parent / "b.csv").write_bytes(b"3")
    assert changed_inputs(given, raw) == ["b.csv", "data/raw/a.csv", "study.toml"]
    (given.folder / "2A" / "1_essai.pdf").unlink()
    desktop = (".DS_Store", "Thumbs.db", "2A/Desktop.ini", "2A/~$organismes.xlsx")
    for name in ("2A/1_essai.html", "2A/ajout.csv", "2A/notebooks/1_essai.echec.ipynb", *desktop):
        (given.folder / name).write_bytes(b"autre")
    assert verify(given.reports, DAY) == [
        "2A/1_essai.html\u00a0: empreinte différente de celle du manifeste.",
        "2A/1_essai.pdf\u00a0: fichier manquant.",
        "2A/ajout.csv\u00a0: fichier absent du manifeste.",
    ]
    for name in ("2014-07-11", "..", "2A"):
        with pytest.raises(UsageError, match=DAY):
            verify(given.reports, name)


def test_what_tags_keep_out_of_a_report_is_in_none_of_its_files_and_a_kernel_may_be_asked_for(tmp_path):
    folder = small_study(tmp_path / "e")
    asks = "from ipykernel.kernelapp import IPKernelApp; print('noyau', IPKernelApp.initialized())"
    tagged = {"print('retiré')": "remove-cell", "print('tu' * 2)": "remove-output", "1/0": "raises-exception"}
    book = notebook("# Essai", NAMED, *tagged, asks)
    for cell in book.cells:
        cell.metadata.tags = [*cell.metadata.get("tags", []), *filter(None, [tagged.get(cell.source)])]
    nbformat.write(book, folder / "notebooks" / "2_tags.ipynb")
    publish_own(folder)
    place = folder / "reports" / "2014-07-10" / "79"
    for option, initialized in (((), False), (("--engine", "jupyter"), True)):
        done(folder, "build", "--territory", "79", "--notebook", "2", "--force", *option)
        html = (place / "2_tags.html").read_text(encoding="utf-8")
        cells = nbformat.read(place / "notebooks" / "2_tags.ipynb", as_version=4).cells
        texts = [o.text for cell in cells for o in cell.get("outputs", []) if o.output_type == "stream"]
        assert texts == [f"noyau {initialized}\n"]
        assert "retiré" not in html and "tutu" not in html
        assert texts[0].strip() in html and "print(" not in html  # code is for the analyst, folded
        assert all(c.metadata.jupyter.source_hidden for c in cells if c.cell_type == "code")
        assert not [cell for cell in cells if "retiré" in cell.source]


def test_an_edition_of_another_study_is_not_replaced(tmp_path):
    one, two = (replace(publication(tmp_path / n, _1_a=notebook("# A")), reports=tmp_path / "r") for n in "ab")
    build(one, runs(one, ["2A"]))
    before = contents(one.folder)
    with pytest.raises(UsageError, match=r"celle d'une autre étude \(.*a/study.toml\)"):
        build(two, runs(two, ["2A"]))
    assert contents(one.folder) == before
    assert build(one, runs(one, ["2A"])).skipped == ["2A/1_a"]  # its own, again
    one.file.unlink()  # moved away, or on another machine
    assert not build(two, runs(two, ["2A"])).failures


def test_a_map_is_to_scale_and_there_is_none_without_outlines_or_of_places_too_far_apart(tmp_path):
    features = []
    for code, west, south in (("a", 0, 0), ("b", 1, 0), ("c", 8, 8), ("d", 55, -21)):
        corners = ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))
        ring = [[west + x, south + y] for x, y in corners]
        features.append({"properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": [ring]}})
    file = tmp_path / "contours.geojson"
    file.write_text(json.dumps({"features": features}), encoding="utf-8")
    drawing = drawn(file, ["a", "b", "absent"])
    assert (drawing["largeur"], drawing["hauteur"]) == (320, pytest.approx(160, abs=0.1))
    first, second = drawing["formes"]
    assert first["trace"].startswith("M0.0,160.0 160.0,160.0 160.0,0.0")
    assert (first["code"], first["lieu"]) == ("a", (80.0, 80.0)) and second["lieu"][0] == 240.0
    assert drawn(None, ["a"]) == drawn(file, ["absent"]) == drawn(file, ["a", "d"]) == {}
    assert drawn(file, ["d"]) != {}


def test_the_portal_lists_finished_editions_the_latest_first_and_is_else_left_alone(tmp_path):
    write_portal(tmp_path)
    file = tmp_path / "index.html"
    assert not file.exists()
    run_ = {"cle": "0" * 64, "entrees": {}, "fichiers": [], "parametres": {}}
    facts = {"titre": "Étude <b>", "donnees_fictives": False, "executions": {"16/1_essai": run_}}
    for name in ("2014-07-10", "2014-10-07", "2014-01-15", "2015-01-01"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "index.html").touch()
        told = {"edition": name, "territoires": [["16", "Charente"], ["17", "Autre"]], **facts}
        (folder / "manifest.json").write_text(json.dumps(told), encoding="utf-8")
    (folder / "manifest.json").unlink()  # as a first build leaves it, stopped
    (tmp_path / "diff" / "2014-07-10_2014-10-07").mkdir(parents=True)
    (tmp_path / "diff" / "2014-07-10_2014-10-07" / "index.html").touch()
    write_portal(tmp_path)
    page = file.read_text(encoding="utf-8")
    places = [page.index(f'href="{name}/index.html">Édition du') for name in ("2014-10-07", "2014-07-10", "2014-01-15")]
    assert places == sorted(places) and "2015-01-01" not in page and "&lt;b&gt;" in page
    assert 'href="2014-10-07/index.html#t-16"' in page and "Autre" not in page
    assert "Du 10 juillet 2014 au 7 octobre 2014" in page
    before = file.stat().st_mtime_ns
    write_portal(tmp_path)
    assert file.stat().st_mtime_ns == before


def printed(page):
    found = re.findall(r", code ([0-9a-f]{8}) \(spls_study \d", page)
    assert len(set(found)) == 1, page[-500:]
    return str(found[0])


def test_each_report_bears_a_code_on_paper_too_that_verify_finds(tiny, tmp_path):
    pages = {n: (tiny.folder / f"{n}.html").read_text(encoding="utf-8") for n in ("2A/1_essai", "region/1_essai")}
    codes = {name: printed(page) for name, page in pages.items()}
    for name, code in codes.items():
        first, *inputs = record.traced(tiny.reports, DAY, code)
        assert first.startswith(f"{code}\u00a0: {name}, ")
        assert f"{file_digest(tiny.file)} study.toml" in inputs
        if shutil.which("pdftotext"):
            paper = subprocess.check_output(["pdftotext", tiny.folder / f"{name}.pdf", "-"], encoding="utf-8")
            assert printed(paper) == code
    asked = ("verify", DAY, "--reports", str(tiny.reports), "--code")
    assert "2A/1_essai, édition 2014-07-10, fait de" in done(tmp_path, *asked, codes["2A/1_essai"].upper())
    for unknown in ("00000000", "-", codes["2A/1_essai"][:4]):
        end = run(tmp_path, *asked, unknown)
        assert end.returncode == 2 and "ne porte ce code" in end.stderr


def test_the_hash_that_a_note_gives_of_its_data_is_found_too(demonstration):
    for place in ("16", "region"):
        page = (demonstration / place / "6_copil.html").read_text(encoding="utf-8")
        [code] = re.findall(r"Empreinte des données lues ([0-9a-f]{8})\b", page)
        told = record.traced(demonstration.parent, demonstration.name, code)
        assert told[0].startswith(f"{code}\u00a0: {place}/6_copil, ")
