"""What a reader sees of a comparison: the figures that moved, why, then each table; its files."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .. import french
from ..files import sweep, write_atomic
from ..french import capital
from ..show import say
from ..show.blocks import Block
from ..show.table import attach, resource
from ..show.text import as_markdown, cartouche
from . import portal
from .compose import composed
from .diff import Comparison
from .diff_blocks import explained, key_figures, largest
from .exporters import ReportHTMLExporter, ReportPDFExporter
from .index import KEY_FIGURES
from .publication import STATEMENT
from .tables import to_csv

NAME = "differences"


def write(reports: Path, comparison: Comparison) -> Path:
    """`reports/diff/<A>_<B>/`: index.html, differences.pdf, differences.csv; path of the first."""
    folder = reports / "diff" / f"{comparison.before}_{comparison.after}"
    sweep(folder)
    book = composed(p if isinstance(p, str) else p._repr_mimebundle_() for p in _parts(comparison))
    everything = resource(comparison.rows, NAME, "Différences")
    write_atomic(folder / f"{NAME}.csv", to_csv(everything))
    resources = {"accessibilite": f"../../{comparison.after}/{STATEMENT}"}
    exported: tuple[tuple[str, Any], ...] = ((f"{NAME}.pdf", ReportPDFExporter), ("index.html", ReportHTMLExporter))
    for name, exporter in exported:
        write_atomic(folder / name, exporter().from_notebook_node(book, resources)[0])
    portal.write(reports)
    return folder / "index.html"


def _parts(c: Comparison) -> Iterator[str | Block]:
    title = f"Ce qui a changé du {french.long_date(c.before)} au {french.long_date(c.after)}"
    yield f"# {title}"
    dates = {"Édition d'avant": french.long_date(c.before), "Édition comparée": french.long_date(c.after)}
    about = {"titre": title, "date": c.after.isoformat(), "etude": c.title, "fictif": c.fictitious}
    yield cartouche(dates, about)
    alone = f"Publié dans une seule édition, non comparé\u00a0: {french.listing(c.alone)}."
    summary = say(c.summary, f"Toutes sont dans {NAME}.csv.", alone if c.alone else "")
    yield attach(summary, {NAME: c.rows})
    yield "## Chiffres clés"
    for code, name in c.territories.items():
        yield _heading(3, name)
        figures = [t for t in c.tables if (t.territory, t.name) == (code, KEY_FIGURES)]
        yield key_figures(figures[0]) if figures else say("Aucun chiffre clé.")
    yield "## Ce qui l'explique"
    yield from explained(c.causes)
    for code, name in c.territories.items():
        yield _heading(2, f"Tableaux\u00a0: {name}")
        moved = [t for t in c.tables if t.territory == code and t.name != KEY_FIGURES and len(t.rows)]
        if not moved:
            yield say("Aucun tableau n'a changé.")
        for one in moved:
            yield _heading(3, capital(one.name.replace("_", " ")))
            yield largest(one)


def _heading(level: int, text: str) -> str:
    return "#" * level + " " + as_markdown(text)
