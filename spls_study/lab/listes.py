"""The launcher's lists and sortable tables, in French."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from html import escape
from typing import Any

import ipywidgets as widgets
import pandas as pd
from itables.widget import ITable

from ..publish.tables import Table

SORTABLE: dict[str, Any] = {
    "maxBytes": 0,  # every row
    "showIndex": False,
    "text_in_header_can_be_selected": False,
    "style": "width:100%;margin:0",
    "column_filters": "footer",
    "language": {
        "search": "Chercher\u00a0:",
        "info": "_START_ à _END_ sur _TOTAL_ lignes",
        "infoEmpty": "aucune ligne",
        "infoFiltered": "(choisies parmi _MAX_)",
        "lengthMenu": "_MENU_ lignes par page",
        "zeroRecords": "Aucune ligne ne convient.",
        "emptyTable": "Ce tableau est vide.",
    },
}


def choices(label: str, options: dict[str, Any], value: Any = None) -> Any:
    """A list to choose from, on its first option unless `value` is given."""
    chosen = {} if value is None else {"value": value}
    return widgets.Dropdown(
        description=label,
        options=list(options.items()),
        style={"description_width": "7rem"},
        layout={"width": "46rem"},
        **chosen,
    )


def fill(chosen: Any, options: Iterable[tuple[str, Any]], index: int, then: Callable[..., None]) -> None:
    """Other options, without telling `then`, which hears of what a person chooses."""
    with suppress(ValueError):  # the first time, it is not yet told
        chosen.unobserve(then, "value")
    chosen.options = list(options)
    chosen.index = min(index, len(chosen.options) - 1) if chosen.options else None
    chosen.observe(then, "value")


def html(text: str) -> Any:
    return widgets.HTML(f"<div class='spls'>{text}</div>")


def sortable(table: Table) -> list[Any]:
    rows = pd.DataFrame(table["data"], columns=table["columns"])
    title = f"<p><strong>Tableau {escape(table['name'])}\u00a0:</strong> {escape(table['title'])}</p>"
    return [html(title), ITable(rows, **SORTABLE)]
