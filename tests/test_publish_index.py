"""The index of an edition, its map, and the page that leads to the editions."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from publishing import notebook, publication

from notebook_reports.blocks import Block
from notebook_reports.build import build
from notebook_reports.index import drawn
from notebook_reports.pages import Shown, shown, with_anchors
from notebook_reports.portal import write
from notebook_reports.publication import Publication, runs
from spls_study.study import REFERENCE

SHOW = """import pandas as pd
from spls_study.show import figure, table
d = pd.DataFrame({"produit": ["PLUS"], "logements": [1584]})
table(d, "volumes", "Le PLUS & le <PLAI> dominent")"""
DRAW = """figure(lambda f: f.subplots().bar(["a"], [1]), title="Un trimestre décide", subtitle="x",
       alt="Barres", source="s")"""


def square(code: str, west: float, south: float, side: float = 1) -> dict:
    ring = [[west, south], [west + side, south], [west + side, south + side], [west, south + side], [west, south]]
    return {"properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def outlines(folder: Path, *features: dict) -> Path:
    file = folder / "contours.geojson"
    file.write_text(json.dumps({"features": features}), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Publication:
    folder = tmp_path_factory.mktemp("index") / "etude"
    given = replace(
        publication(folder, _1_essai=notebook("# Essai", SHOW, DRAW)), outlines=REFERENCE / "departements.geojson"
    )
    assert not build(given, runs(given)).failures
    return given


def test_anchors_are_numbered_down_the_page_and_found_again() -> None:
    blocks = [
        Block(
            "tableau",
            {"legende": "A <b> & « c »", "entetes": ["x"], "numeriques": [False], "lignes": [["<figure>"]], "note": ""},
            "",
        ),
        Block(
            "graphique",
            {"titre": "B", "sous_titre": "par an", "alternative": "", "notes": [], "fichier": "", "svg": "<svg></svg>"},
            "",
        ),
    ]
    html = with_anchors("<h1>t</h1>".join(block.html() for block in blocks))
    assert shown(html) == [
        Shown("element-1", "Tableau", "A <b> & « c »", "x <figure>"),
        Shown("element-2", "Figure", "B", "par an"),
    ]


def test_the_index_lists_each_table_and_figure_by_its_anchor(built: Publication) -> None:
    page = (built.folder / "index.html").read_text(encoding="utf-8")
    report = (built.folder / "2A" / "1_essai.html").read_text(encoding="utf-8")
    for anchor, title in (
        ("element-1", "Le PLUS &amp; le &lt;PLAI&gt; dominent"),
        ("element-2", "Un trimestre décide"),
    ):
        assert f'<a href="2A/1_essai.html#{anchor}">{title}</a>' in page
        assert f'id="{anchor}"' in report
    assert "2\u00a0tableaux" not in page and "Région\u00a0: 2 tableaux et figures" in page
    assert '<a href="#t-2A" aria-label="2A Corse-du-Sud">' in page and 'id="t-2A"' in page


def test_a_map_is_to_scale_and_labels_its_shapes(tmp_path: Path) -> None:
    file = outlines(tmp_path, square("a", 0, 0), square("b", 1, 0), square("c", 8, 8))
    drawing = drawn(file, ["a", "b", "absent"])
    assert (drawing["largeur"], drawing["hauteur"]) == (320, pytest.approx(160, abs=0.1))
    first, second = drawing["formes"]
    assert first["trace"].startswith("M0.0,160.0 160.0,160.0 160.0,0.0")
    assert (first["code"], first["lieu"]) == ("a", (80.0, 80.0)) and second["lieu"][0] == 240.0


def test_no_map_without_outlines_or_of_places_too_far_apart(tmp_path: Path) -> None:
    file = outlines(tmp_path, square("a", 0, 0), square("b", 55, -21))
    assert drawn(None, ["a"]) == drawn(file, ["c"]) == drawn(file, ["a", "b"]) == {}
    assert drawn(file, ["b"]) != {}


def edition(reports: Path, name: str, title: str = "Étude <b>") -> None:
    (reports / name).mkdir(parents=True)
    (reports / name / "index.html").write_text("", encoding="utf-8")
    (reports / name / "manifest.json").write_text(
        json.dumps(
            {
                "edition": name,
                "titre": title,
                "donnees_fictives": False,
                "executions": {"16/1_essai": {"cle": "0" * 64, "entrees": {}, "fichiers": [], "parametres": {}}},
                "territoires": [["16", "Charente"], ["17", "Autre"]],
            }
        ),
        encoding="utf-8",
    )


def test_the_portal_lists_finished_editions_the_latest_first(tmp_path: Path) -> None:
    for name in ("2014-07-10", "2014-10-07", "2014-01-15"):
        edition(tmp_path, name)
    edition(tmp_path, "2015-01-01")
    (tmp_path / "2015-01-01" / "manifest.json").unlink()  # as a first build leaves it, stopped
    (tmp_path / "diff" / "2014-07-10_2014-10-07").mkdir(parents=True)
    (tmp_path / "diff" / "2014-07-10_2014-10-07" / "index.html").touch()
    write(tmp_path)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    places = [page.index(f'href="{name}/index.html">Édition du') for name in ("2014-10-07", "2014-07-10", "2014-01-15")]
    assert places == sorted(places) and "2015-01-01" not in page and "&lt;b&gt;" in page
    assert 'href="2014-10-07/index.html#t-16"' in page and "Autre" not in page
    assert "Du 10 juillet 2014 au 7 octobre 2014" in page


def test_the_portal_follows_what_is_there_and_is_else_left_alone(tmp_path: Path) -> None:
    write(tmp_path)
    assert not (tmp_path / "index.html").exists()
    for name in ("2014-07-10", "2014-10-07"):
        edition(tmp_path, name)
    write(tmp_path)
    file = tmp_path / "index.html"
    before = file.stat().st_mtime_ns
    write(tmp_path)
    assert file.stat().st_mtime_ns == before
    shutil.rmtree(tmp_path / "2014-10-07")
    write(tmp_path)
    assert "2014-10-07" not in file.read_text(encoding="utf-8")


def test_a_build_writes_the_portal_beside_its_edition(built: Publication) -> None:
    page = (built.reports / "index.html").read_text(encoding="utf-8")
    assert 'href="2014-07-10/index.html">Édition du 10 juillet 2014' in page
