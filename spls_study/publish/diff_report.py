"""What a reader sees of a comparison: the figures that moved, why, then each table."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from .. import french
from ..analysis.differences import CHANGED, GONE, KEYS, NEW, as_day, named
from ..files import sweep, write_atomic
from ..french import capital
from ..show import say, table
from ..show.blocks import DOCUMENT, Block
from ..show.table import attach, resource
from ..show.text import as_markdown
from . import portal
from .compose import composed
from .diff import Comparison
from .exporters import ReportHTMLExporter, ReportPDFExporter
from .index import KEY_FIGURES
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
    yield f"# Ce qui a changé du {french.long_date(c.before)} au {french.long_date(c.after)}"
    yield _document(c)
    alone = f"Publié dans une seule édition, non comparé\u00a0: {french.listing(c.alone)}."
    summary = say(c.summary, f"Toutes sont dans {NAME}.csv.", alone if c.alone else "")
    yield attach(summary, {NAME: c.rows})
    yield "## Chiffres clés"
    for code, name in c.territories.items():
        yield _heading(3, name)
        yield _key_figures(c, code)
    yield "## Ce qui l'explique"
    yield from _explained(c)
    for code, name in c.territories.items():
        yield _heading(2, f"Tableaux\u00a0: {name}")
        yield from _tables(c, code)


def _document(c: Comparison) -> Block:
    title = f"Ce qui a changé du {french.long_date(c.before)} au {french.long_date(c.after)}"
    lines = [["Édition d'avant", french.long_date(c.before)], ["Édition comparée", french.long_date(c.after)]]
    warning = "Données fictives\u00a0: démonstration, ne pas citer." if c.fictitious else ""
    document = {"titre": title, "date": c.after.isoformat(), "etude": c.title, "fictif": c.fictitious}
    content = {"etude": c.title, "lignes": lines, "avertissement": warning}
    return Block("cartouche", content, title, {DOCUMENT: document})


def _heading(level: int, text: str) -> str:
    return "#" * level + " " + as_markdown(text)


def _key_figures(c: Comparison, code: str) -> Block:
    """One line for each figure that moved, came or went."""
    known = {
        name: row
        for table in c.tables.get((code, KEY_FIGURES), ())
        for name, row in named(table, KEYS[KEY_FIGURES]).items()
    }
    rows = c.of(code, KEY_FIGURES)
    rows = rows[rows["colonne"] == "valeur"]
    still = len(known) - len(rows)
    if rows.empty:
        return say(f"Aucun des {still} chiffres clés n'a bougé." if known else "Aucun chiffre clé.")
    if not c.is_whole(code, KEY_FIGURES):
        return say(f"{capital(rows['motif'].iloc[0])}.")
    view = []
    for row in rows.itertuples():
        unit, label = known[row.cle]["unite"], capital(known[row.cle]["libelle"])
        share = unit == "part"
        view.append(
            [
                label if share or not unit else f"{label} ({unit})",
                *(_shown(v, share=share) for v in (row.avant, row.apres)),
                _gap(row.ecart, share=share),
            ]
        )
    moved = french.count(len(rows), "chiffre clé a bougé", "chiffres clés ont bougé")
    same = f", {french.count(still, 'est inchangé', 'sont inchangés')}" if still else ""
    return _page_table(
        view,
        ["Chiffre", *_NUMBERS],
        moved + same,
        " ".join(f"{capital(w)}." for w in dict.fromkeys(rows["motif"]) if w),
    )


def _explained(c: Comparison) -> Iterator[Block]:
    """The files that differ, rows refused in each edition, other inputs."""
    if c.files.empty:
        yield say("Les fichiers reçus sont les mêmes, avec les mêmes lignes refusées.")
    else:
        changed = french.count(len(c.files), "fichier reçu n'est plus le même", "fichiers reçus ne sont plus les mêmes")
        view = [
            [f.fichier, f.changement, *(_shown(n) for n in (f.lues_avant, f.lues, f.refusees_avant, f.refusees))]
            for f in c.files.itertuples()
        ]
        yield _page_table(
            view,
            ["Fichier", "Changement", "Lues avant", "Lues après", "Refusées avant", "Refusées après"],
            changed,
            "Lignes lues et lignes refusées dans chaque édition.",
        )
    if c.others:
        yield say(f"Autres entrées qui ont changé\u00a0: {french.listing(c.others)}.")


def _tables(c: Comparison, code: str) -> Iterator[str | Block]:
    """Each table that changed: its largest gaps, then rows that came or went."""
    changed = [n for place, n in c.tables if place == code and n != KEY_FIGURES and len(c.of(code, n))]
    if not changed:
        yield say("Aucun tableau n'a changé.")
    for name in changed:
        yield _heading(3, capital(name.replace("_", " ")))
        rows = c.of(code, name)
        size = pd.to_numeric(rows["ecart"], errors="coerce").abs()
        shown = rows.assign(rang=rows["nature"].map([CHANGED, NEW, GONE].index), taille=-size)
        shown = shown.sort_values(["rang", "taille"], kind="stable").head(SHOWN)
        view = [
            [_name(r.cle), r.nature, r.colonne, _shown(r.avant, r.colonne), _shown(r.apres, r.colonne), _gap(r.ecart)]
            for r in shown.itertuples()
        ]
        note = f"{SHOWN} différences sur {french.number(len(rows))}. " if len(rows) > SHOWN else ""
        why = f"{capital(rows['motif'].iloc[0])}." if rows["motif"].iloc[0] else ""
        if c.is_whole(code, name):
            yield _page_table(view, ["Ligne", "Nature", "Colonne", *_NUMBERS], _counted(rows), f"{note}{why}".strip())
        else:
            yield say(f"{capital(why)} {_counted(rows)}.")


def _counted(rows: pd.DataFrame) -> str:
    """« 2 lignes modifiées, 1 ligne nouvelle »."""
    found = {nature: some["cle"].nunique() for nature, some in rows.groupby("nature")}
    words = {CHANGED: "modifiée", NEW: "nouvelle", GONE: "disparue"}
    return french.listing(
        [french.count(found[n], f"ligne {word}", f"lignes {word}s") for n, word in words.items() if n in found]
    )


def _page_table(view: list[list[str]], headers: list[str], caption: str, note: str) -> Block:
    """A table of the page alone: the data are in differences.csv."""
    return replace(table(pd.DataFrame(view, columns=headers), NAME, caption, note=note), extra={})


def _name(key: str) -> str:
    """« annee=2013|produit=PLUS » as « 2013 – PLUS »."""
    return " – ".join(filter(None, (p.rpartition("=")[2] for p in key.split("|"))))


def _shown(value: Any, column: str = "", share: bool = False) -> str:
    if value is None:
        return french.NOT_APPLICABLE
    if isinstance(value, (bool, str)):
        return french.cell(as_day(value) or value)
    if share:
        return french.percent(value)
    return str(value) if column.startswith("annee") else french.number(value, _decimals(value))


def _gap(value: Any, share: bool = False) -> str:
    if value is None or isinstance(value, str):
        return value or french.NOT_APPLICABLE
    if share:
        return f"{french.signed(value * 100, 1)}\u00a0pt"
    return french.signed(value, _decimals(value))


def _decimals(value: float) -> int:
    return 0 if float(value).is_integer() else 1 if abs(value) >= 1 else 4
