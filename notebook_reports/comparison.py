"""Two editions side by side: the cells of their public tables that differ, each with a reason."""

import csv
import math
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from . import manifest as record
from .french import capital, count, listing, long_date, plural
from .publication import KEY_FIGURES

FIELDS = ["territoire", "tableau", "ligne", "colonne", "avant", "apres", "ecart", "nature", "motif", "cle"]
NEW, GONE, CHANGED = "nouveau", "disparu", "modifié"
COLUMNS = ("cle", "colonne", "avant", "apres", "ecart", "nature")
COMPARED = frozenset({"precedent", "statut_precedent", "avant"})  # of an earlier edition, in the table
REVISED = "révisé"
Manifest = Mapping[str, Any]
Tables = Mapping[str, pd.DataFrame]  # of a territory, by identifier
Row = Mapping[Any, Any]


class Output(NamedTuple):
    """A published table: `sources` are the raw tables behind it, none when not known; `rang` its importance;
    `voir` the column of which a change is told first."""

    nom: str
    cle: tuple[str, ...]
    sources: frozenset[str]
    rang: int
    voir: str = ""


@dataclass(frozen=True)
class Subject:
    """What a comparison is told of its subject.

    Parameters
    ----------
    outputs
        The published tables, the most important first: tableau (a pattern), nom, cle, sources, voir.
    dimensions
        Columns that place a row of a table that `outputs` does not know, although they hold numbers or codes.
    row
        The columns that place a row and what it holds → its name.
    raw
        The name of a raw table.
    comparable
        A territory's tables before and after → what of both may be compared, a French sentence for what may not.
    better
        Key figure → 1 where more is better, −1 where less is.
    doubles
        Key figure → another one that tells it already.
    whole
        Code of the territory that is all the others together, which are compared with each other alone.
    """

    outputs: Sequence[Mapping[str, str]]
    dimensions: Collection[str]
    row: Callable[[Sequence[str], Row], str]
    raw: Callable[[str], str]
    comparable: Callable[[Tables, Tables], tuple[Tables, Tables, list[str]]]
    better: Mapping[str, int]
    doubles: Mapping[str, str]
    whole: str

    def output(self, table: str) -> Output:
        """What the first line of `outputs` whose pattern is that of the table says."""
        for rank, line in enumerate(self.outputs):
            if fnmatchcase(table, line["tableau"]):
                keys = tuple(filter(None, line["cle"].split("|")))
                return Output(line["nom"], keys, frozenset(line["sources"].split()), rank, line["voir"])
        return Output(capital(table.replace("_", " ")), (), frozenset(), len(self.outputs))


class Changed(NamedTuple):
    """A raw file that differs: what the two manifests say of it, nothing where it was not read."""

    fichier: str
    was: Manifest
    now: Manifest

    @property
    def table(self) -> str:
        return str((self.now or self.was)["table"])

    @property
    def change(self) -> str:
        if not (self.was and self.now):
            return "non lu" if self.was else "ajouté"
        return REVISED if self.was["sha256"] != self.now["sha256"] else "autrement lu"

    def __str__(self) -> str:
        """« x.csv (1 ligne refusée, 0 avant) »."""
        before, after = (one.get("refusees") for one in (self.was, self.now))
        if None in (before, after) or before == after:
            return self.fichier
        return f"{self.fichier} ({count(after or 0, 'ligne refusée', 'lignes refusées')}, {before} avant)"


class Causes(NamedTuple):
    """The inputs that differ; `others`: study file, package, notebooks, reference data…"""

    files: list[Changed]
    others: list[str]

    def reason(self, raw: Iterable[str] = ()) -> str:
        """What changed in the files of these raw tables, of any when none is known; in French."""
        told: dict[str, list[str]] = {}
        for file in self.files:
            if not raw or file.table in raw or file.table.partition("_")[0] in raw:
                told.setdefault(file.change, []).append(str(file))
        if told:
            return "\u202f; ".join(
                f"{plural(len(names), f'fichier {change}', f'fichiers {change}s')}\u00a0: {listing(names)}"
                for change, names in told.items()
            )
        return f"mêmes fichiers\u202f; a changé\u00a0: {listing(self.others)}" if self.others else ""


def changed(old: Manifest, new: Manifest) -> Causes:
    """Processed tables come from the raw files, told apart."""
    a, b = old["fichiers_lus"], new["fichiers_lus"]
    files = [Changed(n, a.get(n, {}), b.get(n, {})) for n in sorted({*a, *b}) if a.get(n) != b.get(n)]
    a, b = ({k: v for run in m["executions"].values() for k, v in run["entrees"].items()} for m in (old, new))
    others = sorted(n for n in {*a, *b} if a.get(n) != b.get(n))
    return Causes(files, [n for n in others if not n.startswith("data/processed/")])


@dataclass(frozen=True)
class Comparison:
    """
    Parameters
    ----------
    territories
        Code → name of those published in both editions, in the order of the index.
    lacking
        French sentences on what one edition alone has: territories, reports; on what is not compared.
    rows
        A line per cell that differs, by territory, then by table: columns `FIELDS`, and whether both editions have
        the table (`entier`).
    figures
        Territory → the key figures of both editions, by `cle`; as they are after, where they are there.
    """

    before: date
    after: date
    title: str
    fictitious: bool
    territories: Mapping[str, str]
    lacking: list[str]
    rows: pd.DataFrame
    figures: Mapping[str, Mapping[str, Row]]
    causes: Causes
    subject: Subject

    @property
    def summary(self) -> str:
        moved = self.rows.groupby(["territoire", "tableau"]).ngroups
        return (
            f"{count(len(self.rows), 'différence')} dans {count(moved, 'tableau', 'tableaux')}"
            f" de {count(len(self.territories), 'territoire')}."
        )


def compare(reports: Path, before: str, after: str, subject: Subject) -> Comparison:
    """Compare the public tables of two editions under `reports`.

    Raises
    ------
    UsageError
        For an edition that is not there.
    """
    (old_folder, old), (new_folder, new) = (record.edition_of(reports, e) for e in (before, after))
    days = date.fromisoformat(before), date.fromisoformat(after)
    places = dict([*new["territoires"], *old["territoires"]])
    read = {code: (_tables(old_folder / code), _tables(new_folder / code)) for code in places}
    both = {code: name for code, name in places.items() if all(read[code])}
    lacking, causes = [*_lacking(days, (old, new), both, read, places)], changed(old, new)
    figures, found = {}, [pd.DataFrame(columns=[*FIELDS, "entier"])]
    for code in both:
        was, now, sentences = subject.comparable(*read[code])
        lacking += [f"{places[code]}\u00a0: {sentence}" for sentence in sentences]
        for name in sorted({*was, *now}):
            a, b = (side.get(name, pd.DataFrame()) for side in (was, now))
            cells, lines = _compared(name, a, b, causes, subject)
            found.append(cells.assign(territoire=code))
            if name == KEY_FIGURES and name in was and name in now:
                figures[code] = lines
    rows = pd.concat(found, ignore_index=True).astype("object")
    title, fictitious = new["titre"], old["donnees_fictives"] or new["donnees_fictives"]
    return Comparison(*days, title, fictitious, both, lacking, rows, figures, causes, subject)


def _compared(
    name: str, before: pd.DataFrame, after: pd.DataFrame, causes: Causes, subject: Subject
) -> tuple[pd.DataFrame, Mapping[str, Row]]:
    """The cells of a table that differ, and its rows by `cle`."""
    known, whole = subject.output(name), len(before.columns) > 0 and len(after.columns) > 0
    keys = row_keys(before, after, known.cle, subject.dimensions)
    lines = named(before, keys) | named(after, keys)
    rows = differences(before, after, keys).assign(tableau=name, entier=whole)
    rows["ligne"] = [subject.row(keys, lines[key]) or known.nom for key in rows["cle"]]
    if not whole:
        rows["motif"] = f"tableau absent de l'édition d'{'avant' if len(after.columns) else 'après'}"
    elif name == KEY_FIGURES:  # each names its raw table
        rows["motif"] = [causes.reason({str(lines[key].get("source"))}) for key in rows["cle"]]
    else:
        rows["motif"] = causes.reason(known.sources)
    return rows, lines


def differences(before: pd.DataFrame, after: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """The cells that differ, in the order of `after`, rows that are gone last; missing is None or NaN.

    Columns `COLUMNS`: cle (`annee=2013|produit=PLUS`), ecart = apres − avant (days between dates), nature. A new row,
    or one that is gone, has one line for each cell that is filled, or a line without column. Columns of one table
    alone are not compared, unless the other has no column at all (there was no such table). Rows of the same name, by
    `keys` (`row_keys`), are matched in their order.
    """
    before, after = (t.astype("object").where(t.notna(), None) for t in (before, after))
    both = [c for c in after.columns if c in before.columns]
    columns = both or [*after.columns, *before.columns]
    told = COMPARED | {"ecart"} if COMPARED & {*columns} else COMPARED  # a gap to the edition before
    values = [c for c in columns if c not in keys and c not in told]
    old, new = named(before, keys), named(after, keys)
    found: list[tuple[Any, ...]] = []
    for name in [*new, *(n for n in old if n not in new)]:
        nature = NEW if name not in old else GONE if name not in new else CHANGED
        a, b = old.get(name, {}), new.get(name, {})
        cells = [(c, a.get(c), b.get(c)) for c in values if not _same(a.get(c), b.get(c))]
        if not cells and nature != CHANGED:
            cells = [("", None, None)]
        found += [(name, *cell, gap(*cell[1:]), nature) for cell in cells]
    return pd.DataFrame(found, columns=list(COLUMNS), dtype="object")


def named(table: pd.DataFrame, keys: Sequence[str]) -> dict[str, dict[Hashable, Any]]:
    """The rows of a table under the names that `differences` gives them in `cle`."""
    rows: dict[str, dict[Hashable, Any]] = {}
    seen: Counter[str] = Counter()
    for row in table.to_dict("records"):
        name = "|".join(f"{k}={'' if row.get(k) is None else row[k]}" for k in keys)
        seen[name] += 1
        rows[name if seen[name] == 1 else f"{name}|n°{seen[name]}"] = row
    return rows


def gap(before: Any, after: Any) -> Any:
    """`after` − `before`: a number, days between dates, None if there is none."""
    if _is_number(before) and _is_number(after):
        exact = Decimal(str(after)) - Decimal(str(before))
        return int(exact) if exact == exact.to_integral_value() else float(exact)
    days = [as_day(v) for v in (before, after)]
    return (days[1] - days[0]).days if days[0] and days[1] else None


def row_keys(before: pd.DataFrame, after: pd.DataFrame, keys: Sequence[str], dimensions: Collection[str]) -> list[str]:
    """The columns that name a row: `keys` where all are there, else texts and `dimensions`, which may be numbers."""
    there = [c for c in after.columns if c in before.columns] or [*after.columns, *before.columns]
    if keys and {*keys} <= {*there}:
        return [*keys]
    cells = {c: {v for t in (before, after) if c in t for v in t[c] if isinstance(v, str) and v} for c in there}
    return [c for c, texts in cells.items() if c in dimensions or any(as_day(v) is None for v in texts)]


def _same(before: Any, after: Any) -> bool:
    if _is_number(before) and _is_number(after):
        return math.isclose(before, after, rel_tol=1e-9, abs_tol=1e-12)
    return bool(before == after)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def as_day(value: Any) -> date | None:
    """The date that an ISO text is, None for anything else."""
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def _lacking(
    days: Sequence[date],
    manifests: Sequence[Manifest],
    both: Mapping[str, str],
    read: Mapping[str, tuple[Tables, Tables]],
    places: Mapping[str, str],
) -> Iterator[str]:
    """Territories, and reports of the others, that one edition alone has."""
    for side, day in enumerate(days):
        edition = f"l'édition du {long_date(day)}"
        alone = [places[code] for code, tables in read.items() if not tables[side] and tables[1 - side]]
        if alone:
            yield f"{listing(alone)} {plural(len(alone), 'manque', 'manquent')} à {edition}."
        gone = {*manifests[1 - side]["executions"]} - {*manifests[side]["executions"]}
        for report in sorted({run.partition("/")[2] for run in gone}):
            where = [name for code, name in both.items() if f"{code}/{report}" in gone]
            if where:
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
