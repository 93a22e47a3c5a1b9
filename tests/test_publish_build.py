"""A build: what it refuses, writes, leaves alone, what stands when a run fails, what verifying it tells."""

import json
import multiprocessing
import shutil
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import nbformat
import pytest
from command import SHOW as NAMED
from command import add_notebook, contents, publish_own, run, small_study
from publishing import PARAMETERS, notebook, publication

from demo.stored import refresh
from notebook_reports import execute
from notebook_reports.build import build
from notebook_reports.errors import StudyError, UsageError
from notebook_reports.pages import TEMPLATES
from notebook_reports.parameters import check_parameters
from notebook_reports.publication import Publication, runs
from notebook_reports.verify import changed_inputs, verify

pytestmark = pytest.mark.reports

SHOW = """import os, pandas as pd
from spls_study.show import say, table
d = pd.DataFrame({"cle": ["a"], "valeur": [0.5], "unite": ["part"], "libelle": ["<x>"]})
table(d, "chiffres_cles", "Chiffres clés")"""
INTERNAL = 'table(d.assign(cle="Un" + "tel"), "relances", "À relancer", internal=True)'
PLACE = "say(f\"{territoire} {etude} {os.getcwd()} {os.environ['SPLS_EDITION']}\")"
BREAKS = """x = 1
if territoire == "2A":
    raise ValueError(f"panne dans {os.getcwd()}")"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Publication:
    folder = tmp_path_factory.mktemp("publication") / "etude"
    book = notebook("# Essai", SHOW, INTERNAL, PLACE)
    given = replace(publication(folder, _1_essai=book), environment={"SPLS_EDITION": "E"})
    outcome = build(given, runs(given))
    assert outcome.run == ["2A/1_essai", "region/1_essai"] and not outcome.failures
    return given


def test_every_file_of_the_edition_is_there_and_in_the_manifest(built: Publication) -> None:
    written = contents(built.folder)
    each = ["1_essai.html", "1_essai.pdf", "notebooks/1_essai.ipynb", "tableaux.xlsx", "tables/chiffres_cles.csv"]
    expected = [f"{t}/{name}" for t in ("2A", "region") for name in each]
    internal = [f"interne/{t}/tables/relances.csv" for t in ("2A", "region")]
    assert sorted(written) == sorted([*expected, *internal, "accessibilite.html", "index.html", "manifest.json"])
    manifest = json.loads((built.folder / "manifest.json").read_text(encoding="utf-8"))
    written.pop("manifest.json")
    assert manifest["fichiers"] == {name: sha256(content).hexdigest() for name, content in written.items()}
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
    before = contents(built.folder)
    again = build(built, runs(built))
    assert again.run == [] and len(again.skipped) == 2 and contents(built.folder) == before
    assert len(build(built, runs(built), force=True).run) == 2
    assert contents(built.folder) == before


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
    good = contents(given.folder)
    nbformat.write(notebook("# Essai", SHOW, BREAKS), given.notebooks / "1_essai.ipynb")
    outcome = build(given, runs(given))
    assert outcome.run == ["region/1_essai"]
    [failure] = outcome.failures
    assert (failure.run.name, failure.error.cell) == ("2A/1_essai", 3)
    assert failure.error.line.startswith("raise ValueError")
    assert failure.error.error == "ValueError\u00a0: panne dans ."
    now = contents(given.folder)
    assert now["2A/1_essai.html"] == good["2A/1_essai.html"]
    partial = given.folder / "2A/notebooks/1_essai.echec.ipynb"
    kept = partial.read_text(encoding="utf-8")
    assert "chiffres_cles" in kept and str(given.file.parent) not in kept
    nbformat.write(book, given.notebooks / "1_essai.ipynb")
    assert not build(given, runs(given)).failures
    assert not partial.exists() and set(contents(given.folder)) == set(good)


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
    plain = contents(given.folder)
    given.templates.mkdir()
    typst = (TEMPLATES / "rapport.typ").read_text(encoding="utf-8")
    for name, text, changed in [
        ("rapport.css", "p { color: #123456 }", "2A/1_a.html"),
        ("rapport.typ", typst.replace("11pt", "12pt").replace("10.5pt", "12pt"), "2A/1_a.pdf"),
        ("index.html.j2", '{% extends "page.html.j2" %}{% block page %}NOTRE INDEX{% endblock %}', "index.html"),
    ]:
        (given.templates / name).write_text(text, encoding="utf-8")
        before = contents(given.folder)
        assert build(given, runs(given, ["2A"])).run == ["2A/1_a"], name
        assert contents(given.folder)[changed] != before[changed]
    html = (given.folder / "2A/1_a.html").read_text(encoding="utf-8")
    assert "p { color: #123456 }" in html and "font-face" in html
    index = (given.folder / "index.html").read_text(encoding="utf-8")
    assert "NOTRE INDEX" in index and "p { color: #123456 }" in index
    (given.templates / "rapport.html.j2").write_text("{{ absent }}", encoding="utf-8")
    [failure] = build(given, runs(given, ["2A"])).failures
    assert "Modèle à corriger, rapport.html.j2" in failure.error.error
    shutil.rmtree(given.templates)
    assert build(given, runs(given, ["2A"])).run == ["2A/1_a"] and contents(given.folder) == plain


def test_refresh_executes_in_place_and_leaves_no_count(tmp_path: Path) -> None:
    nbformat.write(notebook("# a", "1 + 1"), tmp_path / "1_a.ipynb")
    assert refresh(tmp_path) == 0
    first = (tmp_path / "1_a.ipynb").read_text(encoding="utf-8")
    cell = json.loads(first)["cells"][2]
    assert cell["execution_count"] is None and cell["outputs"][0]["data"]["text/plain"] == ["2"]
    assert refresh(tmp_path) == 0
    assert (tmp_path / "1_a.ipynb").read_text(encoding="utf-8") == first


def file_with(folder: Path, parameters: str | None) -> Path:
    path = folder / "1_essai.ipynb"
    nbformat.write(notebook("# Essai", parameters=parameters), path)
    return path


def test_the_two_parameters_as_texts_are_accepted(tmp_path: Path) -> None:
    check_parameters([file_with(tmp_path, "# choix\n" + PARAMETERS)])


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
    ],
)
def test_a_fault_names_notebook_and_parameter(tmp_path: Path, parameters: str | None, message: str) -> None:
    with pytest.raises(StudyError, match=rf"1_essai\.ipynb\u00a0: .*{message}"):
        check_parameters([file_with(tmp_path, parameters)])


def test_a_file_that_is_no_notebook_is_said(tmp_path: Path) -> None:
    (tmp_path / "1_x.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(StudyError, match=r"1_x\.ipynb\u00a0: carnet illisible"):
        check_parameters([tmp_path / "1_x.ipynb"])


def test_one_bad_notebook_stops_the_build_before_a_kernel(tmp_path: Path) -> None:
    proof = 'open("lance", "w").close()'
    given = publication(
        tmp_path / "e", _1_bon=notebook("# Bon", proof), _2_faux=notebook("# Faux", parameters='etude = "x"')
    )
    with pytest.raises(StudyError, match="2_faux"):
        build(given, runs(given))
    assert not (tmp_path / "e" / "lance").exists() and not any(given.reports.rglob("*"))


def test_runs_are_chosen_by_code_name_or_number(tmp_path: Path) -> None:
    book = notebook("# a")
    given = publication(tmp_path / "e", _10_c=book, _2_b=book, _1_a=book, brouillon=book)
    assert [r.name for r in runs(given, ["2A"])] == ["2A/1_a", "2A/2_b", "2A/10_c"]
    assert [r.name for r in runs(given, ["2A"], ["2", "10_c"])] == ["2A/2_b", "2A/10_c"]
    with pytest.raises(UsageError, match=r"99.*region, 2A"):
        runs(given, ["99"])
    with pytest.raises(UsageError, match="«\u00a03\u00a0»"):
        runs(given, None, ["3"])


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


def test_a_cell_that_hangs_is_stopped_and_the_others_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = small_study(tmp_path / "e")
    add_notebook(folder, "2_boucle", "while True: pass", "'jamais'")
    monkeypatch.setattr(execute, "CELL_SECONDS", 3)
    done = run(folder, "build", "--territory", "79", "--jobs", "4")
    assert done.returncode == 1
    assert "1 rapport(s) publié(s), 0 à jour, 1 en échec." in done.stdout
    assert (
        "2_boucle.ipynb, territoire 79, cellule 3\u00a0:\n    while True: pass\n"
        "    La cellule n'a pas fini en 3 secondes\u00a0: son processus a été arrêté."
    ) in done.stderr
    assert not multiprocessing.active_children()


def test_what_tags_keep_out_of_a_report_is_in_none_of_its_files(tmp_path: Path) -> None:
    folder = small_study(tmp_path / "e")
    tagged = {
        "print('retiré')": "remove-cell",
        "print('tu' * 2)": "remove-output",
        "print('montré')": "",
        "1/0": "raises-exception",
    }
    book = notebook("# Essai", NAMED, *tagged, "print('après')")
    for cell in book.cells:
        cell.metadata.tags = [*cell.metadata.get("tags", []), *filter(None, [tagged.get(cell.source)])]
    nbformat.write(book, folder / "notebooks" / "2_tags.ipynb")
    publish_own(folder)
    done = run(folder, "build", "--territory", "79", "--notebook", "2")
    assert done.returncode == 0, done.stderr
    place = folder / "reports" / "2014-07-10" / "79"
    html = (place / "2_tags.html").read_text(encoding="utf-8")
    shown = nbformat.read(place / "notebooks" / "2_tags.ipynb", as_version=4)
    texts = [o.text for cell in shown.cells for o in cell.get("outputs", []) if o.output_type == "stream"]
    assert texts == ["montré\n", "après\n"]
    assert "retiré" not in html and "tutu" not in html
    assert "montré" in html and "print(" not in html  # code is for the analyst, folded
    assert all(c.metadata.jupyter.source_hidden for c in shown.cells if c.cell_type == "code")
    assert not [cell for cell in shown.cells if "retiré" in cell.source]


def test_a_notebook_may_ask_for_an_ordinary_kernel(tmp_path: Path) -> None:
    folder = small_study(tmp_path / "e")
    asks = "from ipykernel.kernelapp import IPKernelApp; print('noyau', IPKernelApp.initialized())"
    add_notebook(folder, "2_noyau", asks)
    told = []
    for option in ([], ["--engine", "jupyter"]):
        assert run(folder, "build", "--territory", "79", "--force", *option).returncode == 0
        told.append((folder / "reports/2014-07-10/79/2_noyau.html").read_text(encoding="utf-8"))
    assert "noyau False" in told[0] and "noyau True" in told[1]


def test_an_edition_of_another_study_is_not_replaced(tmp_path: Path) -> None:
    one, two = (replace(publication(tmp_path / n, _1_a=notebook("# A")), reports=tmp_path / "r") for n in "ab")
    build(one, runs(one, ["2A"]))
    before = contents(one.folder)
    with pytest.raises(UsageError, match=r"celle d'une autre étude \(.*a/study.toml\)"):
        build(two, runs(two, ["2A"]))
    assert contents(one.folder) == before
    assert build(one, runs(one, ["2A"])).skipped == ["2A/1_a"]  # its own, again
    one.file.unlink()  # moved away, or on another machine
    assert not build(two, runs(two, ["2A"])).failures
