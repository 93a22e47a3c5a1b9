"""The tables of a comparison as its page shows them: few lines, French numbers, why they moved."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from .. import french
from ..analysis.differences import CHANGED, GONE, NEW, as_day
from ..french import capital
from ..show import say, table
from ..show.blocks import Block
from .causes import Causes
from .diff import Compared

SHOWN = 8  # differences of a table on the page
_NUMBERS = ["Avant", "Après", "Écart"]


def key_figures(figures: Compared) -> Block:
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


def explained(causes: Causes) -> Iterator[Block]:
    """The files that differ, rows refused in each edition, other causes."""
    if causes.files:
        size = len(causes.files)
        yield _page_table(
            [[f.fichier, f.changement, *map(_shown, f[3:])] for f in causes.files],
            ["Fichier", "Changement", "Lues avant", "Lues après", "Refusées avant", "Refusées après"],
            french.count(size, "fichier reçu n'est plus le même", "fichiers reçus ne sont plus les mêmes"),
            "Lignes lues et lignes refusées dans chaque édition.",
        )
    else:
        yield say("Les fichiers reçus sont les mêmes, avec les mêmes lignes refusées.")
    if causes.others:
        yield say(f"Autres entrées qui ont changé\u00a0: {french.listing(causes.others)}.")


def largest(changed: Compared) -> Block:
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
    return replace(table(pd.DataFrame(view, columns=headers), "page", caption, note=note), extra={})


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
