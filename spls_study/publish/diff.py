"""Two editions side by side: cells that differ, files that were revised, and what explains what."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from ..analysis.differences import KEYS, differences, feeding, named
from ..french import count, listing
from ..journal import EDITION
from . import manifest as record
from .index import KEY_FIGURES

Manifest = Mapping[str, Any]
FIELDS = ["territoire", "tableau", "cle", "colonne", "avant", "apres", "ecart", "nature", "motif"]
_COUNTS = ("lues", "refusees")


@dataclass(frozen=True)
class Comparison:
    """
    Parameters
    ----------
    territories
        Code → name of those published in both editions, in the order of the index.
    alone
        Names of the territories published in one only.
    tables
        Territory, identifier → the table before and after, without column where there is none.
    rows
        `FIELDS`, a line for each cell that differs.
    files
        Raw files that differ: fichier, table, changement, lues_avant, lues, refusees_avant,
        refusees.
    others
        Other inputs that differ: study file, package, notebooks, reference data…
    """

    before: date
    after: date
    title: str
    fictitious: bool
    territories: Mapping[str, str]
    alone: list[str]
    tables: Mapping[tuple[str, str], tuple[pd.DataFrame, pd.DataFrame]]
    rows: pd.DataFrame
    files: pd.DataFrame
    others: list[str]

    def is_whole(self, territory: str, table: str) -> bool:
        """The table is there in both editions."""
        return all(len(t.columns) for t in self.tables.get((territory, table), ()))

    def of(self, territory: str, table: str) -> pd.DataFrame:
        return self.rows[(self.rows["territoire"] == territory) & (self.rows["tableau"] == table)]

    @property
    def summary(self) -> str:
        there = self.rows.groupby(["territoire", "tableau"], sort=False).ngroups
        return (
            f"{count(len(self.rows), 'différence')} dans {count(there, 'tableau', 'tableaux')}"
            f" de {count(len(self.territories), 'territoire')}."
        )


def compare(reports: Path, before: str, after: str) -> Comparison:
    """Compare the public tables of two editions under `reports`.

    Raises
    ------
    UsageError
        For an edition that is not there.
    """
    (old_folder, old), (new_folder, new) = (record.edition(reports, e) for e in (before, after))
    names = dict([*new["territoires"], *old["territoires"]])
    read = {c: (_tables(old_folder / c), _tables(new_folder / c)) for c in names}
    both = {c: names[c] for c, (a, b) in read.items() if a and b}
    files, others = _files(old, new), _others(old, new)
    tables, rows = {}, []
    for code in both:
        a, b = read[code]
        for name in sorted({*a, *b}):
            pair = a.get(name, pd.DataFrame()), b.get(name, pd.DataFrame())
            found = differences(*pair, KEYS.get(name, ()))
            why = _only_in(name, a, b, before, after) or _because(name, found, files, others, pair)
            tables[code, name] = pair
            rows.append(found.assign(territoire=code, tableau=name, motif=why)[FIELDS])
    return Comparison(
        date.fromisoformat(before),
        date.fromisoformat(after),
        new["titre"],
        old["donnees_fictives"] or new["donnees_fictives"],
        both,
        [names[c] for c, (a, b) in read.items() if bool(a) != bool(b)],
        tables,
        pd.concat([pd.DataFrame(columns=FIELDS), *rows], ignore_index=True).astype("object"),
        files,
        others,
    )


def news(old: Manifest, new: Manifest) -> str:
    """What differs in that which two editions are made from, in one French sentence."""
    others = [name for name in _others(old, new) if name != EDITION]
    return _reason(set(), _files(old, new), others)


def _tables(folder: Path) -> dict[str, pd.DataFrame]:
    return {path.stem: _table(path) for path in sorted(folder.glob("tables/*.csv"))}


def _table(path: Path) -> pd.DataFrame:
    with path.open(encoding="utf-8", newline="") as stream:
        header, *lines = csv.reader(stream)
    rows = [[_value(cell) for cell in line] for line in lines]
    return pd.DataFrame(rows, columns=header, dtype="object")


def _value(text: str) -> Any:
    """A number only where it would be written back the same: `079` stays text."""
    for kind in (int, float):
        try:
            if repr(number := kind(text)) == text:
                return number
        except ValueError:
            pass
    return {"": None, "True": True, "False": False}.get(text, text)


def _only_in(name: str, a: Mapping[str, Any], b: Mapping[str, Any], *editions: str) -> str:
    missing = [e for e, tables in zip(editions, (a, b), strict=True) if name not in tables]
    return f"tableau absent de l'édition {missing[0]}" if missing else ""


def _files(old: Manifest, new: Manifest) -> pd.DataFrame:
    a, b = old["fichiers_lus"], new["fichiers_lus"]
    rows = []
    for name in sorted({*a, *b}):
        was, now = a.get(name, {}), b.get(name, {})
        if was == now:
            continue
        change = (
            "ajouté"
            if not was
            else "non lu"
            if not now
            else "révisé"
            if was["sha256"] != now["sha256"]
            else "autrement lu"
        )
        counts = [one.get(c) for c in _COUNTS for one in (was, now)]
        rows.append([name, (now or was)["table"], change, *counts])
    columns = ["fichier", "table", "changement", *(c + s for c in _COUNTS for s in ("_avant", ""))]
    return pd.DataFrame(rows, columns=columns, dtype="object")


def _others(old: Manifest, new: Manifest) -> list[str]:
    """Processed tables come from the raw files, told apart; so do those of earlier editions."""
    a, b = ({k: v for run in m["executions"].values() for k, v in run["entrees"].items()} for m in (old, new))
    return [
        n
        for n in sorted({*a, *b})
        if a.get(n) != b.get(n) and not n.startswith("data/processed/") and not n[:4].isdigit()
    ]


def _because(
    table: str, found: pd.DataFrame, files: pd.DataFrame, others: list[str], pair: tuple[pd.DataFrame, pd.DataFrame]
) -> list[str]:
    """One reason for each row of `found`; each key figure names its raw table."""
    if table == KEY_FIGURES:
        known = named(pair[0], KEYS[table]) | named(pair[1], KEYS[table])
        return [_reason({str(known[n].get("source"))}, files, others) for n in found["cle"]]
    return [_reason(feeding(table), files, others)] * len(found)


def _reason(raw: set[str], files: pd.DataFrame, others: list[str]) -> str:
    """What changed in the files of these raw tables, of any when none is known."""
    told: dict[str, list[str]] = {}
    for file in files.itertuples():
        if not raw or file.table in raw or file.table.partition("_")[0] in raw:
            told.setdefault(file.changement, []).append(_told(file))
    if told:
        return "\u202f; ".join(
            f"{'fichier' if len(names) < 2 else 'fichiers'} {change}"
            f"{'s' if len(names) > 1 else ''}\u00a0: {listing(names)}"
            for change, names in told.items()
        )
    return f"mêmes fichiers\u202f; a changé\u00a0: {listing(others)}" if others else ""


def _told(file: Any) -> str:
    """« x.csv (1 ligne refusée, 0 avant) »."""
    if None in (file.refusees_avant, file.refusees) or file.refusees == file.refusees_avant:
        return str(file.fichier)
    now = count(file.refusees, "ligne refusée", "lignes refusées")
    return f"{file.fichier} ({now}, {file.refusees_avant} avant)"
