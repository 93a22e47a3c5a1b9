"""A notebook of texts and results that no code made, for the exporters."""

from collections.abc import Iterable, Mapping
from typing import Any

import nbformat
from nbformat import NotebookNode


def composed(parts: Iterable[str | Mapping[str, Any]]) -> NotebookNode:
    """Its cells: a text is Markdown, a mapping an output by MIME type."""
    cells = [{"id": f"partie-{number}", "metadata": {}, **_cell(part)} for number, part in enumerate(parts)]
    book = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    return nbformat.from_dict(book)  # type: ignore[no-untyped-call,no-any-return]


def _cell(part: str | Mapping[str, Any]) -> dict[str, Any]:
    if isinstance(part, str):
        return {"cell_type": "markdown", "source": part}
    shown = {"output_type": "display_data", "data": part, "metadata": {}}
    return {"cell_type": "code", "source": "", "execution_count": None, "outputs": [shown]}
