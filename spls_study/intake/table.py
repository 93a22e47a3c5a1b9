"""One sheet to rows of a table: accepted as they must be, or refused with a reason."""

import io
from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet

from ..study import Study
from ..tables import KEYS, ORIGIN, TABLES, empty
from ..words import plain
from . import cells, sheets, values
from .report import Findings
from .sheets import Headers, Rows, Sheet

TOTAL = "ligne de total\u202f; rien à faire"
_TOTAL = r"(sous[- ]?)?(total|totaux)\b.*|sommes?\s*:?"


@cache
def headers_of(table: str) -> Headers:
    return Headers(TABLES[table])


def rows_of(table: str, sheet: Sheet, fichier: str) -> Rows:
    """The rows of a sheet, by column.

    Raises
    ------
    Unreadable
        When the header repeats a column or lacks a required one.
    """
    headers = headers_of(table)
    places = headers.match(sheet.header)
    # An amount, or what each row has of its own, would count twice in two rows that shared its cell.
    own = {c.name for c in TABLES[table] if c.kind == "décimal" or (c.filled and c.name not in KEYS[table])}
    sheet = sheets.filled(sheet, {p for name in places.keys() - own for p in places[name]})
    width = max(i for i, cell in enumerate(sheet.header) if cell.strip()) + 1
    rows = sheets.by_column(sheet, headers, fichier, width)
    totals = _totals(table, sheet.cells, rows.cells)
    for name, told in (("forme", pd.Series(TOTAL, totals.index)), ("montre", totals)):
        rows.origin[name] = rows.origin[name].fillna(told)
    return rows


def checked(study: Study, table: str, rows: Rows) -> tuple[pd.DataFrame, Findings]:
    """The rows that are accepted, as they must be, and what is wrong with the others."""
    columns, origin = TABLES[table], rows.origin
    findings = Findings(rows, [c.name for c in columns if c.personal])
    findings.refuse(origin["forme"].notna(), "", origin["forme"], origin["montre"])
    read = {
        c.name: cells.typed(c, study, values.text(rows.cells.get(c.name, values.repeated(None, len(origin)))), findings)
        for c in columns
    }
    frame = cells.checked(study, table, pd.DataFrame(read), findings).assign(**{name: origin[name] for name in ORIGIN})
    _refuse_repeated(table, frame, findings)
    accepted, untied = cells.dependencies(table, frame if findings.kept.all() else frame[findings.kept])
    findings.doubts += untied
    return accepted, findings


def _refuse_repeated(table: str, frame: pd.DataFrame, findings: Findings) -> None:
    """Refuse each row whose key came before."""
    keys = list(KEYS[table])
    rows = frame[findings.kept]
    shared = rows[rows.duplicated(keys, keep=False)]
    sheet = (", feuille " + shared["feuille"].astype("str")).fillna("")
    place = shared["fichier"].astype("str") + sheet + ", ligne " + shared["ligne"].astype("str")
    first = place.groupby([shared[key] for key in keys], dropna=False, observed=True).transform("first")
    told = "même clé qu'une ligne déjà lue (" + first[shared.duplicated(keys)] + ")\u202f; gardez l'une des deux"
    findings.refuse(frame.index.isin(told.index), keys[0], told, frame[keys[0]])


def _totals(table: str, cells: pd.DataFrame, named: pd.DataFrame) -> pd.Series:
    """What the rows of totals begin with."""
    filled = [c.name for c in TABLES[table] if c.filled]
    key, measures = KEYS[table][0], [c for c in filled if c not in KEYS[table]]
    cleaned = {name: values.text(named[name]) for name in filled}
    doubtful = pd.Series(False, index=cells.index)
    for column in cleaned.values():
        total = values.by_value(column, lambda v: v.str.match("(?i)(sous|tota)"))
        doubtful |= column.isna() | (total == True)  # noqa: E712
    rows = cells[doubtful].astype("str").apply(lambda c: c.str.strip()).replace("", None)
    if rows.empty:
        return pd.Series(dtype="str")
    first = rows.bfill(axis=1)[cells.columns[0]]
    total = first.map(plain, na_action="ignore").astype("str").str.fullmatch(_TOTAL).fillna(False)
    total = pd.Series(cells.index.isin(total.index[total]), index=cells.index)
    others = [cleaned[c].isna() for c in filled if c not in (key, *measures)]
    for measure in measures:
        bare = cleaned[key].isna() & np.logical_or.reduce(others) & ~total
        total |= _adds_up(values.number(cleaned[measure].astype("str")), bare, total)
    return first.reindex(total.index[total])


def _adds_up(amounts: pd.Series, bare: pd.Series, total: pd.Series) -> pd.Series:
    """Where a row without key has the sum of the rows above it, all of them or since the last such row."""
    found = pd.Series(False, index=amounts.index)
    counted = amounts.where(~bare & ~total, 0).fillna(0).cumsum()
    since = 0.0
    for row in amounts.index[bare & amounts.notna()]:
        found[row] = bool(counted[row]) and amounts[row] in (counted[row], counted[row] - since)
        since = counted[row] if found[row] else since
    return found


def content(table: str, rows: pd.DataFrame) -> bytes:
    """The file of checked rows, their text as text or as categories.

    Raises
    ------
    TypeError
        When a column is missing, out of place or of another type: a fault of the program.
    """
    wanted = empty(table)
    kinds = ["str" if isinstance(kind, pd.CategoricalDtype) else kind for kind in rows.dtypes]
    if [*rows] != [*wanted] or kinds != [*wanted.dtypes]:
        raise TypeError(f"{table}\u00a0: {dict(rows.dtypes)}")
    # Categories make dictionaries, which Parquet writes as such; readers are told of plain text.
    schema = pa.Schema.from_pandas(wanted, preserve_index=False)
    texts = {name: values.coded(rows[name]) for name, kind in wanted.dtypes.items() if kind == "str"}
    arrays = {
        name: pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), pa.array(distinct, "str"))
        for name, (codes, distinct) in texts.items()
    }
    arrays |= {name: pa.array(rows[name], from_pandas=True) for name in rows if name not in texts}
    whole = pa.table([arrays[name] for name in rows], [*rows])
    buffer = io.BytesIO()
    # A dictionary of nearly as many texts as rows would be given up halfway.
    few = [name for name, (codes, distinct) in texts.items() if 4 * len(distinct) < len(codes)]
    with pa.parquet.ParquetWriter(buffer, whole.schema, store_schema=False, use_dictionary=few) as writer:
        writer.write_table(whole)
        writer.add_key_value_metadata(schema.metadata)
    return buffer.getvalue()
