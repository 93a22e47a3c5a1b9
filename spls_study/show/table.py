"""A table: what is read on the page, and the tidy data written beside the report."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from . import french
from .blocks import TABLE, Block

Format = Callable[[Any], str]


def table(
    data: pd.DataFrame,
    name: str,
    caption: str,
    *,
    view: pd.DataFrame | None = None,
    headers: Mapping[str, str] | None = None,
    formats: Mapping[str, Format] | None = None,
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
        What the page shows, when it is not `data` itself: eight columns and fifteen rows at
        most, first column the row header.
    headers
        Column → label on the page; a column without one keeps its name.
    formats
        Column → function of one value to text; `french.cell` by default.
    note
        A line under the table.
    internal
        Written to `interne/` only, absent from every report.
    """
    shown = data if view is None else view
    formats, headers = formats or {}, headers or {}
    rows = [
        [_text(value, formats.get(column)) for column, value in zip(shown.columns, row, strict=True)]
        for row in shown.itertuples(index=False, name=None)
    ]
    content = {
        "legende": caption,
        "entetes": [str(headers.get(c, c)) for c in shown.columns],
        "numeriques": [i > 0 and _is_numeric(shown[c]) for i, c in enumerate(shown.columns)],
        "lignes": rows,
        "note": note,
    }
    return Block("tableau", content, caption, {TABLE: resource(data, name, caption)}, internal)


def _text(value: Any, form: Format | None) -> str:
    if isinstance(value, str) or form is None or pd.isna(value):
        return french.cell(value)
    return form(value)


def _is_numeric(column: pd.Series) -> bool:
    """Numbers, but for hidden cells: such a column is aligned on the right."""
    return bool(pd.api.types.is_numeric_dtype(column[column != french.HIDDEN].infer_objects()))


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
