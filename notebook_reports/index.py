"""What gathers the runs of an edition: a workbook per territory and the index page; notices beside."""

import csv
import json
import re
from collections.abc import Collection
from math import cos, radians
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, v4

from . import notebook as nb
from .blocks import DOCUMENT, Bundle, rows_of_text
from .french import agreed, long_date, number, weight
from .notebook import composed
from .pages import page
from .publication import INDEX, KEY_FIGURES, STATEMENT, WORKBOOK, Publication
from .rendering import TEMPLATES_OF, to_html
from .tables import to_workbook


def workbook(publication: Publication, code: str) -> bytes:
    """The tables of a territory's reports; empty when there are none."""
    executed = _executed(publication, code)
    tables = {key: (table, stem) for stem, book in executed.items() for key, table in nb.tables(book).items()}
    return to_workbook(tables, publication.edition, publication.program.titles) if tables else b""


def index(publication: Publication) -> bytes:
    """The page of the reports and workbooks that are there."""
    territories = {code: _executed(publication, code) for code in publication.territories}
    sections = [_section(publication, code, found) for code, found in territories.items() if found]
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


def _executed(publication: Publication, code: str) -> dict[str, NotebookNode]:
    """The notebooks of a territory that became reports, by name, in their order.

    They are ours: `nbformat.read`, which would check them, takes three times as long.
    """
    folder = publication.folder / code
    found = {f.stem: folder / "notebooks" / f.name for f in publication.found()}
    return {
        stem: v4.reads(path.read_text(encoding="utf-8"))  # type: ignore[no-untyped-call]
        for stem, path in found.items()
        if path.is_file() and (folder / f"{stem}.pdf").is_file()
    }


def _section(publication: Publication, code: str, executed: dict[str, NotebookNode]) -> dict[str, Any]:
    folder, book = publication.folder, f"{code}/{WORKBOOK}"
    reports = [
        {
            "titre": nb.heading(notebook) or nb.document(notebook, name).titre,
            "html": f"{code}/{name}.html",
            "pdf": f"{code}/{name}.pdf",
            "elements": nb.elements(notebook),
            "poids": weight((folder / code / f"{name}.pdf").stat().st_size),
        }
        for name, notebook in executed.items()
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


def _key_figures(executed: dict[str, NotebookNode]) -> list[tuple[str, str, str]]:
    """Value, unit and label of those of the table `chiffres_cles`, if it was shown."""
    found = [nb.tables(book).get(KEY_FIGURES) for book in executed.values()]
    table: dict[str, Any] = next(filter(None, found), {"columns": [], "data": []})
    rows = [dict(zip(table["columns"], row, strict=True)) for row in table["data"]]
    there = [row for row in rows if row["valeur"] is not None]
    return [(*_shown(row["valeur"], row["unite"] or ""), row["libelle"] or "") for row in there]


def _shown(value: Any, unit: str) -> tuple[str, str]:
    """A share (unit `part`) in %, a number with its unit in agreement; a text as it is."""
    if isinstance(value, str):
        return value, unit
    if unit == "part":
        return number(value * 100, 1), "%"
    return number(value, 0 if float(value).is_integer() else 1), agreed(value, unit)


# An example of a file, under the heading that begins with the file's name.
_EXAMPLE = re.compile(r"(^### `([^`]+)`(?:(?!^#).)*?)^```csv\n(.*?)^```$", re.M | re.S)


def guide_page(publication: Publication, text: str) -> str:
    """A Markdown text as a report that nothing was executed for, with the edition's date."""
    about = {
        "titre": text.partition("\n")[0].removeprefix("# "),
        "auteur": publication.author,
        "etude": publication.title,
        "date": publication.edition.isoformat(),
        "fictif": publication.fictitious,
    }
    parts: list[str | Bundle] = [({DOCUMENT: about}, {})]
    end = 0
    for found in _EXAMPLE.finditer(text):
        parts += [text[end : found.end(1)], _as_table(*found.groups()[1:])]
        end = found.end()
    book = composed([*parts, text[end:]])
    links = {f"Édition du {long_date(publication.edition)}": INDEX}
    resources = {TEMPLATES_OF: publication.templates, "accessibilite": STATEMENT, "liens": links}
    return to_html(book, resources)


def _as_table(name: str, example: str) -> Bundle:
    """The example on its side: files have more columns than a page has room for."""
    lines = [*csv.reader(example.splitlines(), delimiter=";")]
    headers = ["colonne", *(f"ligne {n}" for n in range(2, len(lines) + 1))]
    rows = [[cell or "(vide)" for cell in column] for column in zip(*lines, strict=True)]
    return rows_of_text(f"Exemple\u00a0: {name}.csv", headers, rows)._repr_mimebundle_()


WIDTH = 320
WIDEST = 15  # degrees: beyond, territories are too far apart for one small map


def drawn(file: Path | None, codes: Collection[str]) -> dict[str, Any]:
    """Width, height and, by code, path and place of the label; empty if no outline is known."""
    features = json.loads(file.read_text(encoding="utf-8"))["features"] if file else []
    rings = {f["properties"]["code"]: _rings(f["geometry"]) for f in features if f["properties"]["code"] in codes}
    points = [point for each in rings.values() for ring in each for point in ring]
    if not points:
        return {}
    west, east, south, north = _bounds(points)
    if max(east - west, north - south) > WIDEST:
        return {}
    across = cos(radians((south + north) / 2))  # a degree of longitude, in degrees of latitude
    scale = WIDTH / max((east - west) * across, north - south)

    def placed(point: list[float]) -> tuple[float, float]:
        return (round((point[0] - west) * across * scale, 1), round((north - point[1]) * scale, 1))

    shapes = []
    for code, each in rings.items():
        w, e, s, n = _bounds(max(each, key=len))
        lines = (" ".join(f"{x},{y}" for x, y in map(placed, ring)) for ring in each)
        shapes.append(
            {"code": code, "trace": "".join(f"M{line}Z" for line in lines), "lieu": placed([(w + e) / 2, (s + n) / 2])}
        )
    largeur, hauteur = placed([east, south])
    return {"largeur": largeur, "hauteur": hauteur, "formes": shapes}


def _rings(geometry: Any) -> list[list[list[float]]]:
    """Outer rings of a Polygon or a MultiPolygon."""
    parts = geometry["coordinates"]
    return [parts[0]] if geometry["type"] == "Polygon" else [part[0] for part in parts]


def _bounds(points: list[list[float]]) -> tuple[float, float, float, float]:
    longitudes, latitudes = [p[0] for p in points], [p[1] for p in points]
    return min(longitudes), max(longitudes), min(latitudes), max(latitudes)
