"""What `check` found, as data, as files and as the sentences that the command prints."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field, fields
from itertools import chain
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from notebook_reports.french import count, listing, number, plural, quoted

from ..tables import NOTICES, ORIGIN
from .sheets import Rows
from .values import Codes, coded, each, spread

REPORT = (*ORIGIN, "colonne", "valeur", "motif")
NOTHING = pd.DataFrame({name: pd.Series(dtype="Int64" if name == "ligne" else "str") for name in REPORT})
MASK = "(masqué)"
Where: TypeAlias = pd.Series | npt.NDArray[np.bool_]
Read = tuple[pd.Series, dict[str, pd.Series]]  # what cells become, and where something is to be said of them
SHOWN = 20  # reasons told, of refusals and of warnings
NAMED = 3  # examples and lines of each
EMPTY = "aucune ligne sous l'en-tête, la table est vide"
ANSWERS = "ni taux de réponse ni réponses (rapports 2, 3, 4 et 6)"
LONGEST = 60  # characters of a cell shown in a sentence
_THEN = "\u202f; "  # between what is wrong and what to do
_PLACE = re.compile(r" \([^()]*\bligne \d[^()]*\)")  # of another row, in a reason


class Findings:
    """What is wrong with rows; the first reason to refuse a row is the one reported.

    Parameters
    ----------
    rows
        As written; their doubts are told whatever becomes of them.
    personal
        The columns whose values are masked.
    """

    def __init__(self, rows: Rows, personal: Collection[str] = ()) -> None:
        self._personal, self._written, self.origin, self.files, doubts = personal, *rows
        self.doubts = [*doubts]
        self._refusals: list[pd.DataFrame] = []
        self._warnings: list[pd.DataFrame] = []
        self._groups: Codes | None = None
        self.kept = np.ones(len(self.origin), dtype=bool)
        self.refuse(self.origin["forme"].notna(), "", self.origin["forme"], self.origin["montre"])

    def of_groups(self, groups: Codes) -> "Findings":
        """The same, filled from a table of distinct rows: `groups` says which of them each row has (-1: none)."""
        part = copy(self)  # with the same lists
        part._groups = groups if self._groups is None else np.append(groups, -1)[self._groups]
        return part

    def refuse(self, where: Where, column: str, reason: str | pd.Series, values: str | pd.Series | None = None) -> None:
        """Refuse rows; for their shape, `column` is "" and `values` what to show."""
        if where.any() and (rows := self._rows(where) & self.kept).any():
            self._refusals.append(self._lines(rows, column, reason, values))
            self.kept &= ~rows

    def warn(self, where: Where, column: str, reason: str | pd.Series, values: str | pd.Series | None = None) -> None:
        """Mention a cell; of rows that are refused in the end nothing is said."""
        if where.any() and (rows := self._rows(where)).any():
            self._warnings.append(self._lines(rows, column, reason, values))

    def told(
        self, column: str, cells: pd.Series, read: Callable[[pd.Series], Read], emptied: str | None = None
    ) -> pd.Series:
        """A column of text as `read` makes it of its distinct values.

        A row whose cell is lost so is refused, or `emptied` is told of it; what is told of others is a warning.
        """
        codes, distinct = coded(cells)
        found, reasons = read(distinct)
        own = self.of_groups(codes)
        for reason, where in reasons.items():
            lost = where & found.isna()
            if emptied:
                own.warn(lost, column, f"{reason}\u202f; {emptied}")
            else:
                own.refuse(lost, column, reason)
            own.warn(where & ~lost, column, reason)
        return cells if found is distinct else spread(found, codes)

    @property
    def refusals(self) -> pd.DataFrame:
        """One line for each refused row, as `ordered`."""
        return ordered(self._refusals)

    @property
    def warnings(self) -> pd.DataFrame:
        """Those of the rows that stay, as `ordered`."""
        told = [part[self.kept[part.index]] for part in self._warnings]
        return ordered([pd.DataFrame(self.doubts, columns=[*REPORT]), *told])

    def report(self, table: str, aside: tuple[str, ...]) -> "CheckReport":
        """What was found of a table, `aside` what is said of the files that could not be read."""
        read, kept = (rows["fichier"].value_counts().to_dict() for rows in (self.origin, self.origin[self.kept]))
        counts = tuple(FileCount(name, table, read.get(name, 0), kept.get(name, 0)) for name in self.files)
        return CheckReport(counts, aside, refusals=self.refusals, warnings=self.warnings)

    def _rows(self, where: Where) -> npt.NDArray[np.bool_]:
        found = np.asarray(where, dtype=bool)
        return found if self._groups is None else np.append(found, False)[self._groups]

    def _lines(
        self, rows: npt.NDArray[np.bool_], column: str, reason: str | pd.Series, values: str | pd.Series | None
    ) -> pd.DataFrame:
        shown = self._written.get(column, "") if values is None else values
        hidden = column in self._personal if column else bool(self._personal)
        return self.origin[rows].assign(colonne=column, valeur=MASK if hidden else shown, motif=reason)


class FileCount(NamedTuple):
    """Rows of one file: `lues` = `acceptees` + `refusees`."""

    fichier: str
    table: str
    lues: int
    acceptees: int

    @property
    def refusees(self) -> int:
        return self.lues - self.acceptees


@dataclass(frozen=True)
class CheckReport:
    """
    Parameters
    ----------
    files
        Counts of each file read.
    set_aside
        A French sentence for each file that could not be read or lacks a required column.
    ignored
        A French sentence for each file that belongs to no table.
    refusals, warnings
        Columns fichier, feuille, ligne, colonne, valeur, motif; sorted; personal values masked.
    asked
        Identifiers of the questionnaires.
    """

    files: tuple[FileCount, ...] = ()
    set_aside: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    refusals: pd.DataFrame = field(default_factory=lambda: NOTHING)
    warnings: pd.DataFrame = field(default_factory=lambda: NOTHING)
    asked: tuple[str, ...] = ()

    def as_json(self) -> list[Any]:
        rows = [frame.astype("object").to_numpy().tolist() for frame in (self.refusals, self.warnings)]
        return [self.files, self.set_aside, self.ignored, *rows, self.asked]

    @classmethod
    def from_json(cls, told: list[Any]) -> "CheckReport":
        files, aside, ignored, *rows, asked = told
        refusals, warnings = (ordered([pd.DataFrame(some, columns=[*REPORT])]) for some in rows)
        counts = tuple(FileCount(*f) for f in files)
        return cls(counts, tuple(aside), tuple(ignored), refusals, warnings, tuple(asked))

    @property
    def lines(self) -> Iterator[str]:
        """What the command prints beside `set_aside`, in French."""
        received = {file.table for file in self.files if file.acceptees}
        for file in self.files:
            if file.lues:
                yield f"{file.fichier}\u00a0: {_sorted_out(file.lues, file.refusees)}."
            elif file.table in received:
                yield f"{file.fichier}\u00a0: aucune ligne sous l'en-tête."
        read, refused = sum(f.lues for f in self.files), sum(f.refusees for f in self.files)
        yield f"Total\u00a0: {_sorted_out(read, refused)}."
        yield from _grouped(self.refusals, "Refusé", "rejets.csv")
        yield from _grouped(self.warnings, "Avertissement", "avertissements.csv")
        yield from self.ignored

    @property
    def missing(self) -> Iterator[str]:
        """What no row was received of, and what that hinders."""
        lacking = [(f"Table {t}", t, notice.sans) for t, notice in NOTICES.items()]
        lacking += [(f"Questionnaire {id}", f"reponses_{id}", ANSWERS) for id in self.asked]
        for name, table, without in lacking:
            files = [file for file in self.files if file.table == table]
            if any(file.acceptees for file in files):
                continue
            what = listing([f.fichier for f in files]) or name
            begins = (table, f"questionnaires/{table.removeprefix('reponses_')}")
            aside = any(told.startswith(begins) for told in self.set_aside)
            nothing = "mis de côté (voir plus haut)" if aside else "rien n'a été reçu"
            why = "aucune ligne acceptée" if any(f.lues for f in files) else EMPTY if files else nothing
            yield f"{what}\u00a0: {why}\u202f; {without}."
        if not self.asked:
            yield f"Aucun questionnaire\u202f; {ANSWERS}."


def together(reports: Sequence[CheckReport]) -> CheckReport:
    """What was found of several tables, as one report."""
    told: dict[str, list[Any]] = {f.name: [getattr(one, f.name) for one in reports] for f in fields(CheckReport)}
    rows = {name: ordered(told.pop(name)) for name in ("refusals", "warnings")}
    return CheckReport(**rows, **{name: tuple(chain(*parts)) for name, parts in told.items()})


def _grouped(found: pd.DataFrame, what: str, file: str) -> Iterator[str]:
    """A sentence for each file, sheet, column and reason: how often, examples, lines, what to do."""
    common = found["motif"].str.replace(_PLACE, "", regex=True).rename("commun")
    groups = found.groupby([*(found[c] for c in ("fichier", "feuille", "colonne")), common], sort=False)
    for rank, ((name, sheet, column, reason), rows) in enumerate(groups, 1):
        if rank > SHOWN:
            yield f"… et {count(groups.ngroups - SHOWN, 'autre motif', 'autres motifs')}\u00a0: voir {file}."
            break
        place = ", ".join(filter(None, [name, sheet and f"feuille {sheet}", column]))
        several = len(rows) > 1
        why, *advice = (reason if several else rows["motif"].iloc[0]).split(_THEN)
        examples = [quoted(_shown(v)) for v in rows["valeur"].drop_duplicates() if v not in ("", MASK)]
        lines = [str(line) for line in rows["ligne"].drop_duplicates()]
        seen = _THEN.join(filter(None, [_first(examples), f"{plural(len(lines), 'ligne')} {_first(lines)}"]))
        often = f", {number(len(rows))} fois" * several
        yield f"{what}\u00a0: {place}\u00a0: {_THEN.join([f'{why}{often} ({seen})', *advice])}."
    if len(found):
        yield f"Détail de chaque ligne\u00a0: data/processed/{file}."


def _first(items: list[str]) -> str:
    return ", ".join(items[:NAMED]) + "…" * (len(items) > NAMED)


def as_csv(found: pd.DataFrame) -> str:
    """A report as a French spreadsheet opens it; text that it would take for a formula gets an apostrophe."""
    texts = {c: each(found[c], _harmless) for c in REPORT if c != "ligne"}
    return "\ufeff" + str(found.assign(**texts).to_csv(index=False, sep=";", lineterminator="\n"))


def _harmless(text: str) -> str:
    formula = text.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{text}" if formula and not re.fullmatch(r"[+-]?[\d.,\s]+", text) else text


def ordered(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Reports put end to end, columns `REPORT`, sorted by place; empty text for what is missing."""
    if not any(map(len, parts)):
        return NOTHING
    found = pd.concat(parts)[[*REPORT]]
    texts = {c: found[c].astype("str").fillna("") for c in REPORT if c != "ligne"}
    found = found.assign(**texts, ligne=found["ligne"].astype("Int64"))
    return found.sort_values([*REPORT], kind="stable", ignore_index=True)


def _sorted_out(read: int, refused: int) -> str:
    """« 14 lignes lues, 3 acceptées, 11 refusées »."""
    told = [count(read, "ligne lue", "lignes lues"), count(read - refused, "acceptée"), count(refused, "refusée")]
    return ", ".join(told)


def _shown(value: str) -> str:
    """On one line, short, without the characters that would drive a terminal."""
    text = " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", " ", value).split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
