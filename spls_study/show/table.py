"""A table: what is read on the page, and the tidy data written beside the report."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from .. import french
from .blocks import TABLE, Block

Format = Callable[[Any], str]
Tables = Mapping[str, pd.DataFrame]  # by name
LONGEST = 15  # rows of a table on the page


def table(
    data: pd.DataFrame,
    name: str,
    caption: str,
    *,
    view: pd.DataFrame | None = None,
    headers: Mapping[str, str] | None = None,
    formats: Mapping[str, Format] | None = None,
    right: Collection[str] = (),
    note: str = "",
    internal: bool = False,
) -> Block:
    """
    Parameters
    ----------
    data
        Tidy table, written unrounded as `tables/<name>.csv`; plain column index.
    name
        Identifier of the table (design.md §4).
    caption
        The message of the table, one sentence without full stop.
    view
        What the page shows, when it is not `data` itself: eight columns at most, the first
        one the row header; of more than fifteen rows the first ones, which the note says.
    headers
        Column → label on the page; a column without one keeps its name.
    formats
        Column → function of one value to text; `french.cell` by default.
    right
        Columns of texts that are numbers: aligned as such.
    note
        A line under the table.
    internal
        Written to `interne/` only, absent from every report.
    """
    shown = data if view is None else view
    if len(shown) > LONGEST:
        note = (
            f"{note} {LONGEST} premières lignes sur {french.number(len(shown))}\u00a0; le "
            "fichier joint les donne toutes."
        ).strip()
        shown = shown.head(LONGEST)
    formats, headers = formats or {}, headers or {}
    rows = [
        [_text(value, formats.get(name)) for name, value in zip(shown.columns, row, strict=True)]
        for row in shown.itertuples(index=False, name=None)
    ]
    content = {
        "legende": caption,
        "entetes": [str(headers.get(c, c)) for c in shown.columns],
        "numeriques": [i > 0 and (c in right or _is_numeric(shown[c])) for i, c in enumerate(shown.columns)],
        "lignes": rows,
        "note": note,
    }
    return Block("tableau", content, caption, {TABLE: resource(data, name, caption)}, internal)


def attach(block: Block, tables: Tables) -> Block:
    """The block with tables that are written beside the report and not printed on the page.

    Its `TABLE` representation is then a list of resources, those it had first.
    """
    if not tables:
        return block
    had = block.extra.get(TABLE, [])
    resources = [
        *(had if isinstance(had, list) else [had]),
        *(resource(data, name, block.text) for name, data in tables.items()),
    ]
    return replace(block, extra={**block.extra, TABLE: resources})


def _text(value: Any, form: Format | None) -> str:
    if isinstance(value, str) or form is None or pd.isna(value):
        return french.cell(value)
    return form(value)


def _is_numeric(column: pd.Series) -> bool:
    """Numbers, but for hidden and void cells: such a column is aligned on the right."""
    filled = column[~column.isin([french.HIDDEN, french.NOT_APPLICABLE])]
    return bool(pd.api.types.is_numeric_dtype(filled.infer_objects()))


def resource(data: pd.DataFrame, name: str, caption: str) -> dict[str, Any]:
    """The data as JSON values: unrounded, ISO dates, missing as null."""
    rows = [[_plain(value) for value in row] for row in data.itertuples(index=False, name=None)]
    return {"name": name, "title": caption, "columns": list(data.columns), "data": rows}


def _plain(value: Any) -> Any:
    if pd.isna(value):
        return None
    if isinstance(value, date):
        return value.isoformat()[:10]
    return value.item() if hasattr(value, "item") else value
