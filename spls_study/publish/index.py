"""What gathers the runs of an edition: a workbook per territory and the index page; notices beside."""

import json
from pathlib import Path
from typing import Any

from markupsafe import Markup
from nbformat import NotebookNode

from ..french import weight
from ..show.text import tile, tiles
from . import notebook as nb
from .anchors import heading, shown
from .carte import drawn
from .guide import guide_page
from .pages import page
from .publication import STATEMENT, WORKBOOK, Publication
from .tables import to_workbook

KEY_FIGURES = "chiffres_cles"


def workbook(publication: Publication, code: str) -> bytes:
    """The tables of a territory's reports; empty when there are none."""
    shown_in = {stem: _tables(path) for stem, path in _executed(publication, code).items()}
    tables = {key: (table, stem) for stem, found in shown_in.items() for key, table in found.items()}
    return to_workbook(tables, publication.edition) if tables else b""


def index(publication: Publication) -> bytes:
    """The page of the reports and workbooks that are there."""
    territories = {code: _executed(publication, code) for code in publication.territories}
    sections = [_section(publication, code, list(found)) for code, found in territories.items() if found]
    html = page(
        "index.html.j2",
        publication.templates,
        publication=publication,
        territoires=sections,
        chiffres=_key_figures(next((found for found in territories.values() if found), {})),
        accessibilite=STATEMENT,
        guides=publication.guides,
        synonymes=publication.synonyms,
        carte=drawn(publication.outlines, [s["code"] for s in sections]),
    )
    return html.encode()


def notices(publication: Publication) -> dict[str, bytes]:
    """The pages that no report changes: the accessibility statement, the guides."""
    statement = page("accessibilite.html.j2", publication.templates, publication=publication, accessibilite="")
    files = {STATEMENT: statement.encode()}
    for name, guide in publication.guides.items():
        files[name] = guide_page(publication, guide.read_text(encoding="utf-8")).encode()
    return files


def _executed(publication: Publication, code: str) -> dict[str, Path]:
    """The notebooks of a territory that became reports, by name, in their order."""
    folder = publication.folder / code
    found = {f.stem: folder / "notebooks" / f.name for f in publication.found()}
    return {stem: path for stem, path in found.items() if path.is_file() and (folder / f"{stem}.pdf").is_file()}


def _tables(path: Path) -> dict[str, dict[str, Any]]:
    """Those that a notebook of ours showed; nbformat, which would check it, takes three times as long."""
    return nb.tables(json.loads(path.read_text(encoding="utf-8"), object_hook=NotebookNode))


def _section(publication: Publication, code: str, names: list[str]) -> dict[str, Any]:
    folder, book = publication.folder, f"{code}/{WORKBOOK}"
    pages = {name: (folder / code / f"{name}.html").read_text(encoding="utf-8") for name in names}
    reports = [
        {
            "titre": heading(html) or name,
            "html": f"{code}/{name}.html",
            "pdf": f"{code}/{name}.pdf",
            "elements": shown(html),
            "poids": weight((folder / code / f"{name}.pdf").stat().st_size),
        }
        for name, html in pages.items()
    ]
    there = (folder / book).is_file()
    return {
        "code": code,
        "nom": publication.territories[code],
        "rapports": reports,
        "elements": sum(len(report["elements"]) for report in reports),
        "classeur": book if there else "",
        "poids": weight((folder / book).stat().st_size) if there else "",
    }


def _key_figures(executed: dict[str, Path]) -> Markup:
    """Tiles of the table `chiffres_cles` (valeur, unite, libelle), if it was shown."""
    table = next((found[KEY_FIGURES] for path in executed.values() if KEY_FIGURES in (found := _tables(path))), None)
    if table is None:
        return Markup()
    rows = [dict(zip(table["columns"], row, strict=True)) for row in table["data"]]
    there = [row for row in rows if row["valeur"] is not None]
    return Markup(tiles(tile(r["valeur"], r["unite"] or "", r["libelle"] or "") for r in there).html())
