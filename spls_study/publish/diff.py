"""Two editions side by side: the cells of their public tables that differ, each with a reason."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from ..analysis.differences import KEYS, differences, feeding, named
from ..french import count
from . import manifest as record
from .causes import Causes, changed
from .index import KEY_FIGURES

FIELDS = ["territoire", "tableau", "cle", "colonne", "avant", "apres", "ecart", "nature", "motif"]


class Compared(NamedTuple):
    """A table of a territory, without column where there is none; `rows`: `FIELDS`, a line per cell that differs."""

    territory: str
    name: str
    before: pd.DataFrame
    after: pd.DataFrame
    rows: pd.DataFrame

    @property
    def is_whole(self) -> bool:
        """The table is there in both editions."""
        return len(self.before.columns) > 0 and len(self.after.columns) > 0

    @property
    def lines(self) -> dict[str, dict[Any, Any]]:
        """What each line holds, by its name in `rows`; as it is after, where it is there."""
        keys = KEYS.get(self.name, ())
        return named(self.before, keys) | named(self.after, keys)


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
        By territory, then by name.
    """

    before: date
    after: date
    title: str
    fictitious: bool
    territories: Mapping[str, str]
    alone: list[str]
    tables: list[Compared]
    causes: Causes

    @property
    def rows(self) -> pd.DataFrame:
        found = [pd.DataFrame(columns=FIELDS), *(table.rows for table in self.tables)]
        return pd.concat(found, ignore_index=True).astype("object")

    @property
    def summary(self) -> str:
        moved = sum(len(table.rows) > 0 for table in self.tables)
        return (
            f"{count(len(self.rows), 'différence')} dans {count(moved, 'tableau', 'tableaux')}"
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
    causes = changed(old, new)
    tables = []
    for code in both:
        a, b = read[code]
        for name in sorted({*a, *b}):
            pair = a.get(name, pd.DataFrame()), b.get(name, pd.DataFrame())
            rows = differences(*pair, KEYS.get(name, ())).assign(territoire=code, tableau=name, motif="")[FIELDS]
            table = Compared(code, name, *pair, rows)
            missing = before if name not in a else after if name not in b else ""
            rows["motif"] = f"tableau absent de l'édition {missing}" if missing else _reasons(table, causes)
            tables.append(table)
    return Comparison(
        date.fromisoformat(before),
        date.fromisoformat(after),
        new["titre"],
        old["donnees_fictives"] or new["donnees_fictives"],
        both,
        [names[c] for c, (a, b) in read.items() if bool(a) != bool(b)],
        tables,
        causes,
    )


def _reasons(table: Compared, causes: Causes) -> list[str]:
    """One for each row; each key figure names its raw table."""
    if table.name == KEY_FIGURES:
        lines = table.lines
        return [causes.reason({str(lines[name].get("source"))}) for name in table.rows["cle"]]
    return [causes.reason(feeding(table.name))] * len(table.rows)


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
