"""What gathers the runs of an edition: a workbook per territory and the index page."""

from pathlib import Path
from typing import Any

from markupsafe import Markup
from nbformat import NotebookNode

from ..french import number
from ..show.text import tile, tiles
from . import notebook as nb
from .anchors import shown
from .carte import drawn
from .exporters import page
from .guide import guide_page
from .publication import GUIDE, STATEMENT, Publication
from .tables import Table, to_workbook

KEY_FIGURES = "chiffres_cles"


def gather(publication: Publication) -> dict[str, bytes]:
    """The index, the guide, the accessibility statement, each `<territoire>/tableaux.xlsx`."""
    files: dict[str, bytes] = {}
    sections = []
    for code, name in publication.territories.items():
        folder = publication.folder / code
        executed = {
            f.stem: nb.read(folder / "notebooks" / f.name)
            for f in publication.found()
            if (folder / "notebooks" / f.name).is_file() and (folder / f"{f.stem}.pdf").is_file()
        }
        tables: dict[str, tuple[Table, str]] = {
            key: (table, stem) for stem, book in executed.items() for key, table in nb.tables(book).items()
        }
        if tables:
            files[f"{code}/tableaux.xlsx"] = to_workbook(tables, publication.edition)
        if executed:
            sections.append(_section(publication.folder, code, name, executed, tables, files))
    figures = sections[0].pop("chiffres") if sections else ""
    own = publication.templates
    index = page(
        "index.html.j2",
        own,
        publication=publication,
        territoires=sections,
        chiffres=figures,
        accessibilite=STATEMENT,
        guide=GUIDE if publication.guide else "",
        carte=drawn(publication.outlines, [s["code"] for s in sections]),
    )
    statement = page("accessibilite.html.j2", own, publication=publication, accessibilite="")
    if publication.guide is not None:
        text = publication.guide.read_text(encoding="utf-8")
        files[GUIDE] = guide_page(publication, text).encode()
    return files | {"index.html": index.encode(), STATEMENT: statement.encode()}


def _section(
    folder: Path,
    code: str,
    name: str,
    executed: dict[str, NotebookNode],
    tables: dict[str, tuple[Table, str]],
    files: dict[str, bytes],
) -> dict[str, Any]:
    book = f"{code}/tableaux.xlsx"
    reports = [
        {
            "titre": nb.heading(notebook) or stem,
            "html": f"{code}/{stem}.html",
            "pdf": f"{code}/{stem}.pdf",
            "elements": shown((folder / code / f"{stem}.html").read_text(encoding="utf-8")),
            "poids": _weight((folder / code / f"{stem}.pdf").stat().st_size),
        }
        for stem, notebook in executed.items()
    ]
    return {
        "code": code,
        "nom": name,
        "rapports": reports,
        "elements": sum(len(report["elements"]) for report in reports),
        "classeur": book if book in files else "",
        "poids": _weight(len(files.get(book, b""))),
        "chiffres": _key_figures(tables),
    }


def _key_figures(tables: dict[str, tuple[Table, str]]) -> Markup:
    """Tiles of the table `chiffres_cles` (valeur, unite, libelle), if it was shown."""
    if KEY_FIGURES not in tables:
        return Markup()
    table = tables[KEY_FIGURES][0]
    rows = [dict(zip(table["columns"], row, strict=True)) for row in table["data"]]
    there = [row for row in rows if row["valeur"] is not None]
    return Markup(tiles(tile(r["valeur"], r["unite"] or "", r["libelle"] or "") for r in there).html())


def _weight(size: int) -> str:
    """« 240 ko », the unit of a thousand bytes."""
    return f"{number(max(1, round(size / 1000)))} ko"
