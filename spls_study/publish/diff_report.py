"""What a reader sees of a comparison: the figures that moved, why, then each table."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from .. import french
from ..analysis.differences import CHANGED, GONE, NEW, as_day
from ..files import sweep, write_atomic
from ..french import capital
from ..show import say, table
from ..show.blocks import Block
from ..show.table import attach, resource
from ..show.text import as_markdown, cartouche
from . import portal
from .compose import composed
from .diff import Compared, Comparison
from .exporters import ReportHTMLExporter, ReportPDFExporter
from .index import KEY_FIGURES
from .inputs import Inputs
from .publication import STATEMENT
from .tables import to_csv

NAME = "differences"
SHOWN = 8  # differences of a table on the page
_NUMBERS = ["Avant", "Après", "Écart"]


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
    yield _document(c, title)
    alone = f"Publié dans une seule édition, non comparé\u00a0: {french.listing(c.alone)}."
    summary = say(c.summary, f"Toutes sont dans {NAME}.csv.", alone if c.alone else "")
    yield attach(summary, {NAME: c.rows})
    yield "## Chiffres clés"
    for code, name in c.territories.items():
        yield _heading(3, name)
        figures = [t for t in c.tables if (t.territory, t.name) == (code, KEY_FIGURES)]
        yield _key_figures(figures[0]) if figures else say("Aucun chiffre clé.")
    yield "## Ce qui l'explique"
    yield from _explained(c.inputs)
    for code, name in c.territories.items():
        yield _heading(2, f"Tableaux\u00a0: {name}")
        moved = [t for t in c.tables if t.territory == code and t.name != KEY_FIGURES and len(t.rows)]
        if not moved:
            yield say("Aucun tableau n'a changé.")
        for one in moved:
            yield _heading(3, capital(one.name.replace("_", " ")))
            yield _largest(one)


def _document(c: Comparison, title: str) -> Block:
    lines = {"Édition d'avant": french.long_date(c.before), "Édition comparée": french.long_date(c.after)}
    return cartouche(lines, {"titre": title, "date": c.after.isoformat(), "etude": c.title, "fictif": c.fictitious})


def _heading(level: int, text: str) -> str:
    return "#" * level + " " + as_markdown(text)


def _key_figures(figures: Compared) -> Block:
    """One line for each figure that moved, came or went."""
    known, rows = figures.lines, figures.rows[figures.rows["colonne"] == "valeur"]
    still = len(known) - len(rows)
    if rows.empty:
        return say(f"Aucun des {still} chiffres clés n'a bougé." if known else "Aucun chiffre clé.")
    if not figures.is_whole:
        return say(*_why(rows))
    view = []
    for row in rows.itertuples():
        unit, label = known[row.cle]["unite"], capital(known[row.cle]["libelle"])
        share = unit == "part"
        view.append([label if share or not unit else f"{label} ({unit})", *_numbers(row, share)])
    moved = french.count(len(rows), "chiffre clé a bougé", "chiffres clés ont bougé")
    same = f", {french.count(still, 'est inchangé', 'sont inchangés')}" if still else ""
    return _page_table(view, ["Chiffre", *_NUMBERS], moved + same, *_why(rows))


def _explained(inputs: Inputs) -> Iterator[Block]:
    """The files that differ, rows refused in each edition, other inputs."""
    if inputs.files:
        size = len(inputs.files)
        yield _page_table(
            [[f.fichier, f.changement, *map(_shown, f[3:])] for f in inputs.files],
            ["Fichier", "Changement", "Lues avant", "Lues après", "Refusées avant", "Refusées après"],
            french.count(size, "fichier reçu n'est plus le même", "fichiers reçus ne sont plus les mêmes"),
            "Lignes lues et lignes refusées dans chaque édition.",
        )
    else:
        yield say("Les fichiers reçus sont les mêmes, avec les mêmes lignes refusées.")
    if inputs.others:
        yield say(f"Autres entrées qui ont changé\u00a0: {french.listing(inputs.others)}.")


def _largest(changed: Compared) -> Block:
    """The largest gaps of a table, then rows that came or went."""
    rows = changed.rows
    if not changed.is_whole:
        return say(*_why(rows), f"{_counted(rows)}.")
    size = pd.to_numeric(rows["ecart"], errors="coerce").abs()
    shown = rows.assign(rang=rows["nature"].map([CHANGED, NEW, GONE].index), taille=-size)
    shown = shown.sort_values(["rang", "taille"], kind="stable").head(SHOWN)
    view = [[_name(row.cle), row.nature, row.colonne, *_numbers(row)] for row in shown.itertuples()]
    some = f"{SHOWN} différences sur {french.number(len(rows))}." if len(rows) > SHOWN else ""
    return _page_table(view, ["Ligne", "Nature", "Colonne", *_NUMBERS], _counted(rows), some, *_why(rows))


def _why(rows: pd.DataFrame) -> list[str]:
    return [f"{capital(reason)}." for reason in dict.fromkeys(rows["motif"]) if reason]


def _counted(rows: pd.DataFrame) -> str:
    """« 2 lignes modifiées, 1 ligne nouvelle »."""
    found = {nature: some["cle"].nunique() for nature, some in rows.groupby("nature")}
    words = {CHANGED: "modifiée", NEW: "nouvelle", GONE: "disparue"}
    return french.listing(
        [french.count(found[n], f"ligne {word}", f"lignes {word}s") for n, word in words.items() if n in found]
    )


def _page_table(view: list[list[str]], headers: list[str], caption: str, *note: str) -> Block:
    """A table of the page alone: the data are in differences.csv."""
    return replace(table(pd.DataFrame(view, columns=headers), NAME, caption, note=note), extra={})


def _name(key: str) -> str:
    """« annee=2013|produit=PLUS » as « 2013 – PLUS »."""
    return " – ".join(filter(None, (p.rpartition("=")[2] for p in key.split("|"))))


def _numbers(row: Any, share: bool = False) -> list[str]:
    """What stands under `_NUMBERS`; a share in per cent, its gap in points."""
    year = row.colonne.startswith("annee")
    gap = row.ecart
    if gap is None or isinstance(gap, str):
        gap = gap or french.NOT_APPLICABLE
    else:
        gap = f"{french.signed(gap * 100, 1)}\u00a0pt" if share else french.signed(gap, _decimals(gap))
    return [_shown(row.avant, year, share), _shown(row.apres, year, share), gap]


def _shown(value: Any, year: bool = False, share: bool = False) -> str:
    if value is None:
        return french.NOT_APPLICABLE
    if isinstance(value, (bool, str)):
        return french.cell(as_day(value) or value)
    if share:
        return french.percent(value)
    return str(value) if year else french.number(value, _decimals(value))


def _decimals(value: float) -> int:
    return 0 if float(value).is_integer() else 1 if abs(value) >= 1 else 4
