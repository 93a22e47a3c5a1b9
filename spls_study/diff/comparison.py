"""Two editions side by side: the cells of their public tables that differ, each with a reason."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from notebook_reports import manifest as record
from notebook_reports.french import count, listing, long_date, plural
from notebook_reports.index import KEY_FIGURES

from ..analysis.differences import differences, named, row_keys
from .confidential import withheld
from .names import Names, Shown, ligne, shown

FIELDS = ["territoire", "tableau", "ligne", "colonne", "avant", "apres", "ecart", "nature", "motif", "cle"]


Manifest = Mapping[str, Any]

REVISED = "révisé"


class Changed(NamedTuple):
    """A raw file that differs; its rows are None where it was not read."""

    fichier: str
    table: str
    changement: str
    lues_avant: int | None
    lues: int | None
    refusees_avant: int | None
    refusees: int | None

    def __str__(self) -> str:
        """« x.csv (1 ligne refusée, 0 avant) »."""
        if None in (self.refusees_avant, self.refusees) or self.refusees == self.refusees_avant:
            return self.fichier
        now = count(self.refusees or 0, "ligne refusée", "lignes refusées")
        return f"{self.fichier} ({now}, {self.refusees_avant} avant)"


class Causes(NamedTuple):
    """The inputs that differ; `others`: study file, package, notebooks, reference data…"""

    files: list[Changed]
    others: list[str]

    def reason(self, raw: Iterable[str] = ()) -> str:
        """What changed in the files of these raw tables, of any when none is known; in French."""
        told: dict[str, list[str]] = {}
        for file in self.files:
            if not raw or file.table in raw or file.table.partition("_")[0] in raw:
                told.setdefault(file.changement, []).append(str(file))
        if told:
            return "\u202f; ".join(
                f"{plural(len(names), f'fichier {change}', f'fichiers {change}s')}\u00a0: {listing(names)}"
                for change, names in told.items()
            )
        return f"mêmes fichiers\u202f; a changé\u00a0: {listing(self.others)}" if self.others else ""


def changed(old: Manifest, new: Manifest) -> Causes:
    """Processed tables come from the raw files, told apart."""
    a, b = old["fichiers_lus"], new["fichiers_lus"]
    files = [_file(n, a.get(n, {}), b.get(n, {})) for n in sorted({*a, *b}) if a.get(n) != b.get(n)]
    a, b = ({k: v for run in m["executions"].values() for k, v in run["entrees"].items()} for m in (old, new))
    others = sorted(n for n in {*a, *b} if a.get(n) != b.get(n))
    return Causes(files, [n for n in others if not n.startswith("data/processed/")])


def _file(name: str, was: Manifest, now: Manifest) -> Changed:
    if not (was and now):
        change = "non lu" if was else "ajouté"
    else:
        change = REVISED if was["sha256"] != now["sha256"] else "autrement lu"
    rows = [one.get(what) for what in ("lues", "refusees") for one in (was, now)]
    return Changed(name, (now or was)["table"], change, *rows)


def news(old: Manifest, new: Manifest) -> str:
    """What differs in that which two editions are made from, in one French sentence."""
    return changed(old, new).reason()


class Compared(NamedTuple):
    """A table of a territory that is in both editions or in one; `rows`: `FIELDS`, a line per cell that differs."""

    territory: str
    name: str
    shown: Shown
    is_whole: bool
    lines: dict[str, dict[Any, Any]]  # what each row holds, by `cle`; as it is after, where it is there
    rows: pd.DataFrame


@dataclass(frozen=True)
class Comparison:
    """
    Parameters
    ----------
    territories
        Code → name of those published in both editions, in the order of the index.
    lacking
        French sentences on what one edition alone has: territories, reports; on answers not compared.
    tables
        By territory, then by name.
    names
        What the study calls its codes.
    """

    before: date
    after: date
    title: str
    fictitious: bool
    territories: Mapping[str, str]
    lacking: list[str]
    tables: list[Compared]
    causes: Causes
    names: Names

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


def compare(reports: Path, before: str, after: str, names: Names | None = None, least: int = 5) -> Comparison:
    """Compare the public tables of two editions under `reports`.

    Parameters
    ----------
    names
        What the study calls its codes (`names_of`).
    least
        Respondents under whom a change of answers is not told.

    Raises
    ------
    UsageError
        For an edition that is not there.
    """
    (old_folder, old), (new_folder, new) = (record.edition_of(reports, e) for e in (before, after))
    places = dict([*new["territoires"], *old["territoires"]])
    read = {c: (_tables(old_folder / c), _tables(new_folder / c)) for c in places}
    both = {c: places[c] for c, (a, b) in read.items() if a and b}
    causes, words = changed(old, new), names or {}
    tables, lacking = [], [*_lacking((before, old), (after, new), both, read, places)]
    for code in both:
        a, b = read[code]
        kept = withheld(a, b, words, least)
        lacking += [f"{places[code]}\u00a0: {sentence}" for sentence in kept.sentences]
        for name in sorted({*a, *b}):
            was, now = (kept.without(name, side.get(name, pd.DataFrame())) for side in (a, b))
            tables.append(_compared(code, name, was, now, causes, words))
    facts = date.fromisoformat(before), date.fromisoformat(after), new["titre"]
    return Comparison(*facts, old["donnees_fictives"] or new["donnees_fictives"], both, lacking, tables, causes, words)


def _compared(
    code: str, name: str, before: pd.DataFrame, after: pd.DataFrame, causes: Causes, names: Names
) -> Compared:
    known, whole = shown(name), len(before.columns) > 0 and len(after.columns) > 0
    keys = row_keys(before, after, known.cle)
    lines = named(before, keys) | named(after, keys)
    rows = differences(before, after, known.cle).assign(territoire=code, tableau=name)
    rows["ligne"] = [ligne(keys, lines[key], names) or known.nom for key in rows["cle"]]
    if not whole:
        rows["motif"] = f"tableau absent de l'édition d'{'avant' if len(after.columns) else 'après'}"
    elif name == KEY_FIGURES:  # each names its raw table
        rows["motif"] = [causes.reason({str(lines[key].get("source"))}) for key in rows["cle"]]
    else:
        rows["motif"] = causes.reason(known.sources)
    return Compared(code, name, known, whole, lines, rows[FIELDS])


def _lacking(
    old: tuple[str, dict[str, Any]],
    new: tuple[str, dict[str, Any]],
    both: Mapping[str, str],
    read: Mapping[str, tuple[Any, Any]],
    places: Mapping[str, str],
) -> Iterator[str]:
    """Territories, and reports of the others, that one edition alone has."""
    for side, ((day, mine), (_, other)) in enumerate(((old, new), (new, old))):
        edition = f"l'édition du {long_date(date.fromisoformat(day))}"
        alone = [places[code] for code, tables in read.items() if not tables[side] and tables[1 - side]]
        if alone:
            yield f"{listing(alone)} {plural(len(alone), 'manque', 'manquent')} à {edition}."
        gone = [run.partition("/") for run in {*other["executions"]} - {*mine["executions"]}]
        for report in sorted({name for code, _, name in gone if code in both}):
            where = [both[code] for code in both if (code, "/", report) in gone]
            yield f"Le rapport {report} ({listing(where)}) manque à {edition}."


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
