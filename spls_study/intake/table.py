"""One sheet to rows of a table: accepted as they must be, or refused with a reason."""

import io

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet

from ..study import Study
from ..tables import DTYPES, KEYS, ORIGIN, TABLES, Column, empty
from ..words import plain
from . import sheets, values
from .cells import typed
from .findings import Findings
from .rules import checked
from .sheets import Sheet

TOTAL = "ligne de total\u202f; rien à faire"
_TOTAL = r"(sous[- ]?)?(total|totaux)\b.*|sommes?\s*:?"


def read_rows(study: Study, table: str, sheet: Sheet, fichier: str) -> tuple[pd.DataFrame, Findings]:
    """The accepted rows of a sheet, and what is wrong with the others.

    Raises
    ------
    Unreadable
        When the header repeats a column or lacks a required one.
    """
    columns = TABLES[table]
    places = sheets.match(sheet.header, columns)
    cells, lines = _filled_rows(sheet, {p for c in columns if not _amount(table, c) for p in places.get(c.name, ())})
    rows = len(cells)
    origin = pd.DataFrame({"fichier": _repeated(fichier, rows), "feuille": _repeated(sheet.name, rows)})
    origin = origin.assign(ligne=pd.Series(lines, dtype="Int64"))
    written = _written(cells, columns, places)
    doubts = [(fichier, sheet.name, *doubt) for doubt in (*sheet.doubts, *sheets.unread(sheet, columns))]
    findings = Findings([c.name for c in columns if c.personal], origin, written, doubts)
    cleaned = pd.DataFrame({name: values.text(written[name]) for name in written})
    _refuse_shapes(findings, table, sheet, cells, cleaned)
    read = {
        c.name: typed(c, study, cleaned[c.name], findings) if c.name in cleaned else _absent(c, rows) for c in columns
    }
    frame = checked(study, table, pd.DataFrame(read), findings)
    whole = frame.assign(**{name: origin[name] for name in origin})
    return whole if findings.kept.all() else whole[findings.kept], findings


def _absent(column: Column, rows: int) -> pd.Series:
    return _repeated("", rows) if column.kind == "texte" else pd.Series(index=range(rows), dtype=DTYPES[column.kind])


def _repeated(text: str, rows: int) -> pd.Series:
    """A column of one text, missing where it is empty."""
    return pd.Series(pd.Categorical.from_codes(np.full(rows, 0 if text else -1), [text]))


def without_duplicates(table: str, parts: list[pd.DataFrame]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All accepted rows put end to end, and the refusal of each whose key came before."""
    rows = _end_to_end(table, parts)
    keys = list(KEYS[table])
    shared = rows[rows.duplicated(keys, keep=False)]
    findings = Findings([c.name for c in TABLES[table] if c.personal], rows[list(ORIGIN)], rows)
    if shared.empty:
        return rows, findings.refusals
    again = shared.duplicated(keys)
    first = shared[~again].set_index(keys)[list(ORIGIN)].astype("str").add_prefix("premier_")
    later = shared[again].join(first, on=keys)
    sheet = (", feuille " + later["premier_feuille"]).fillna("")
    place = later["premier_fichier"] + sheet + ", ligne " + later["premier_ligne"]
    where = pd.Series(rows.index.isin(later.index), index=rows.index)
    findings.refuse(where, keys[0], "même clé qu'une ligne déjà lue (" + place + ")\u202f; gardez l'une des deux")
    return rows[findings.kept].reset_index(drop=True), findings.refusals


def _end_to_end(table: str, parts: list[pd.DataFrame]) -> pd.DataFrame:
    """The parts as one table."""
    none = empty(table)
    return pd.DataFrame(
        {
            name: pd.Series(pd.api.types.union_categoricals([part[name] for part in parts]))
            if none[name].dtype == "str"
            else pd.concat([none[name], *(part[name] for part in parts)], ignore_index=True)
            for name in none
        }
    )


def _amount(table: str, column: Column) -> bool:
    """Whether two rows that shared its cell would count it twice."""
    return column.kind == "décimal" or (column.filled and column.name not in KEYS[table])


def _filled_rows(sheet: Sheet, shared: set[int]) -> tuple[pd.DataFrame, np.ndarray]:
    """Without the rows that have nothing but spaces; a merged cell of a `shared` column is each row's."""
    filled = np.zeros(len(sheet.cells), dtype=bool)
    for place in sheet.cells:
        if not filled.all():
            filled |= values.by_value(sheet.cells[place], lambda v: v.str.strip() != "").to_numpy(dtype=bool)
    cells = sheet.cells.copy() if sheet.merged else sheet.cells
    for row, place, rows in sheet.merged:
        if place in shared:
            cells.iloc[row : row + rows, place] = cells.iat[row, place]
    if filled.all():
        return cells, sheet.lines
    return cells[filled].reset_index(drop=True), sheet.lines[filled]


def _written(cells: pd.DataFrame, columns: tuple[Column, ...], places: dict[str, list[int]]) -> pd.DataFrame:
    """The cells by canonical column; of several headers for one, the preferred filled cell."""
    found = {}
    for column in columns:
        known = [cells[p] for p in places.get(column.name, []) if p in cells]
        if known or column.filled:
            found[column.name] = known[0] if known else _repeated("", len(cells))
        for other in known[1:]:
            first = found[column.name].astype("str")
            found[column.name] = values.codes_of(first.mask(values.text(first).isna(), other.astype("str")))
    return pd.DataFrame(found, index=cells.index)


def _refuse_shapes(findings: Findings, table: str, sheet: Sheet, cells: pd.DataFrame, cleaned: pd.DataFrame) -> None:
    """Rows wider than the header, and rows of totals."""
    width = max(i for i, cell in enumerate(sheet.header) if cell.strip()) + 1
    for place in cells.columns[width:]:
        findings.refuse(cells[place].str.strip() != "", "", values.TOO_WIDE, cells[place])
    filled = [c.name for c in TABLES[table] if c.filled]
    key, measures = KEYS[table][0], [c for c in filled if c not in KEYS[table]]
    doubtful = pd.Series(False, index=cells.index)
    for name in filled:
        total = values.by_value(cleaned[name], lambda v: v.str.match("(?i)(sous|tota)"))
        doubtful |= cleaned[name].isna() | (total == True)  # noqa: E712
    if not doubtful.any():
        return
    rows = cells[doubtful].astype("str").apply(lambda c: c.str.strip()).replace("", None)
    first = rows.bfill(axis=1)[cells.columns[0]] if len(cells.columns) else rows
    total = first.map(plain, na_action="ignore").astype("str").str.fullmatch(_TOTAL).fillna(False)
    total = pd.Series(cells.index.isin(total.index[total]), index=cells.index)
    others = [cleaned[c].isna() for c in filled if c not in (key, *measures)]
    for measure in measures:
        bare = cleaned[key].isna() & np.logical_or.reduce(others) & ~total
        total |= _adds_up(values.number(cleaned[measure].astype("str")), bare, total)
    findings.refuse(total, "", TOTAL, first.reindex(cells.index))


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
    """The file of rows that `without_duplicates` gave, their text as text or as categories.

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
