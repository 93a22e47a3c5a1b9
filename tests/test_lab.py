"""The launcher's figures are the notebooks' own, narrowed only where it says so."""

import base64
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml
from publishing import notebook

from spls_study.cli.lab import launcher
from spls_study.errors import UsageError
from spls_study.lab import Choix, carnet, refaire
from spls_study.lab.choix import Lecteur
from spls_study.lab.emporter import liens
from spls_study.lab.explorateur import Explorateur
from spls_study.lab.refaire import montres
from spls_study.publish import notebook as nb
from spls_study.publish.publication import numbered
from spls_study.publish.tables import to_csv
from spls_study.publish.tidy import tidy
from spls_study.show import say, table
from spls_study.show.blocks import TABLE
from spls_study.study import load_study

ROOT = Path(__file__).parent.parent
STUDY = ROOT / "study.toml"
CARNETS = numbered(ROOT / "notebooks")
VOLUMES = (str(STUDY), "1_programmation", "volumes-produits")


@pytest.fixture(scope="module")
def region() -> Lecteur:
    return Lecteur(load_study(STUDY), Choix())


@pytest.fixture(scope="module")
def explorateur() -> Explorateur:
    return Explorateur(str(STUDY))


@pytest.mark.parametrize("file", CARNETS, ids=lambda f: f.stem)
def test_each_cell_run_alone_shows_what_the_notebook_stored(file: Path, region: Lecteur) -> None:
    stored = nb.read(file)
    cells = [cell for found in carnet.rubriques(stored).values() for cell in found]
    assert cells
    for cell in cells[::3]:  # a second each, and all are made in the same way
        [outputs] = [c.outputs for c in stored.cells if c.id == cell]
        kept = [
            o.data["text/html"]
            for o in outputs
            if not nb.is_internal(o) and {carnet.FIGURE, TABLE} & set(o.get("data", {}))
        ]
        made = montres(file, cell, str(STUDY), region)
        assert [block.html() for block in made] == kept
        assert all(block.extra.get(TABLE) or block.behind for block in made), cell


def test_only_the_statements_that_a_cell_needs_are_run_and_given_names_stand() -> None:
    book = notebook(
        "# Essai", "from spls_study.show import say\nlieu = 1 / 0", "texte = 'lu'\nautre = 1 / 0", "say(texte, lieu)"
    )
    assert carnet.blocks(book, "c4", {"lieu": "ici"})[0].text == "lu ici"


def test_territory_year_and_product_change_the_figure_and_the_filter_is_told() -> None:
    whole = refaire(*VOLUMES, territoire="17")
    early = refaire(*VOLUMES, territoire="17", annee=2011)
    pls = refaire(*VOLUMES, territoire="17", produit="PLS")
    assert "2013" in whole.content["titre"] and "2011" in early.content["titre"]
    assert {row[2] for row in pls.extra[TABLE][0]["data"]} == {"PLS"}
    assert len(whole.extra[TABLE][0]["data"]) > len(pls.extra[TABLE][0]["data"])
    assert pls.content["notes"][-1] == "Filtre\u00a0: produit PLS seulement."
    assert not any("Filtre" in note for note in whole.content["notes"])


def test_control_totals_stay_those_of_all_products() -> None:
    asked = (str(STUDY), "1_programmation", "cadrage-totaux")
    assert refaire(*asked, produit="PLS") == refaire(*asked)


def test_one_questionnaire_is_shown_alone(region: Lecteur) -> None:
    file = ROOT / "notebooks" / "2_questionnaires.ipynb"
    reader = Lecteur(region.study, Choix(questionnaire="bailleurs"))
    [block] = montres(file, "repondants-taux", str(STUDY), reader)
    rows = [row for t in block.extra[TABLE] if t["name"] == "taux_reponse" for row in t["data"]]
    assert {row[0] for row in rows} == {"bailleurs"}
    assert block.content["items"][-1].startswith("Filtre")


def test_a_part_is_not_compared_with_the_whole_of_the_last_edition(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = (str(STUDY), "6_copil", "cellule-6")
    old = tmp_path / "2014-01-01" / "region" / "tables"
    old.mkdir(parents=True)
    keys = refaire(*asked).extra[TABLE]
    [keys] = keys if isinstance(keys, list) else [keys]
    place = keys["columns"].index("valeur")
    for row in keys["data"]:
        row[place] = row[place] and row[place] / 2
    (old / "chiffres_cles.csv").write_text(to_csv(keys), encoding="utf-8")
    monkeypatch.setenv("SPLS_REPORTS", str(tmp_path))
    changed = [refaire(*asked, **choix).content["items"] for choix in ({}, {"produit": "PLS"})]
    said = [any(item["evolution"] for item in items) for items in changed]
    assert said == [True, False]


def test_a_figure_that_is_not_there_is_a_sentence() -> None:
    with pytest.raises(UsageError, match="ne montre pas"):
        refaire(*VOLUMES, 7)


def test_the_two_lines_make_the_figure_that_is_shown(explorateur: Explorateur) -> None:
    explorateur.choix["territoire"].value = "86"
    shown = explorateur.figure.value[2]
    assert "Vienne" in explorateur.vue.value
    code = re.search(r"<pre>(.*?)</pre>", explorateur.autour.children[1].value, re.S)
    lines = code.group(1).replace("&#x27;", "'").splitlines()
    space: dict = {}
    exec(lines[0], space)
    assert len(lines) == 2 and eval(lines[1], space) == shown


def test_links_hold_the_picture_and_its_table_without_formula() -> None:
    import pandas as pd

    block = table(pd.DataFrame({"nom": ["=1+1"], "n": [-2]}), "essai", "Un essai")
    day = load_study(STUDY).etude.edition
    links = dict(
        re.findall(
            r'download="[^"]*\.(\w+)" href="data:[^,]*,([^"]*)"',
            liens(block, [block.extra[TABLE]], "essai", "1_x", day),
        )
    )
    files = {kind: base64.b64decode(data) for kind, data in links.items()}
    assert files["png"].startswith(b"\x89PNG") and b"<svg" in files["svg"]
    assert files["csv"] == b"nom,n\n'=1+1,-2\n"
    assert files["xlsx"].startswith(b"PK")
    assert liens(say("<b>"), [], 'a"b', "1_x", day).count('download="a&quot;b.') == 3


def test_a_study_without_notebooks_gets_a_copy_of_the_launcher(study) -> None:
    copy = launcher(study)
    assert copy == study.root / "lanceur.ipynb"
    assert 'etude = "study.toml"' in nb.read(copy).cells[1].source
    copy.write_text("à moi", encoding="utf-8")
    assert launcher(study).read_text(encoding="utf-8") == "à moi"
    assert launcher(load_study(STUDY)) == ROOT / "notebooks" / "lanceur.ipynb"


def test_the_hook_cleans_a_notebook_once_and_leaves_the_committed_ones(tmp_path: Path) -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    [hook] = config["repos"][0]["hooks"]
    program, *rest = hook["entry"].split()
    assert program == "python"

    def run(*files: Path) -> int:
        command = [sys.executable, *rest, *map(str, files)]
        return subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode

    committed = sorted((ROOT / "notebooks").glob("*.ipynb"))
    before = [f.read_bytes() for f in committed]
    assert all(re.search(hook["files"], f.relative_to(ROOT).as_posix()) for f in committed)
    dirty, book = tmp_path / "carnet.ipynb", notebook("# Essai", "1")
    cell = book.cells[2]
    cell.execution_count, cell.metadata["execution"] = 3, {"iopub.execute_input": "2014"}
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "a1"}, "text/plain": "1"}
    cell.outputs = [nbformat.v4.new_output("execute_result", view, execution_count=3)]
    book.metadata["widgets"] = {"state": {}}
    nbformat.write(book, dirty)
    assert run(*committed, dirty) == 1 and not tidy(dirty)
    assert [f.read_bytes() for f in committed] == before
    cleaned = nb.read(dirty)
    assert cleaned.cells[2].outputs[0].data == {"text/plain": "1"}
    text = dirty.read_text(encoding="utf-8")
    assert not any(word in text for word in ("model_id", "iopub", "widgets", 'count": 3'))
