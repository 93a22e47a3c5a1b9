"""A stored report notebook: where its figures and tables are, and one of its cells run alone."""

import ast
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from ..publish.notebook import heading, is_internal
from ..publish.publication import numbered
from ..show.blocks import TABLE, Block
from ..study import NOTEBOOKS, Study

FIGURE = "image/svg+xml"


def carnets(study: Study) -> dict[str, Path]:
    """Name → report notebook, the study's own in place of the project's."""
    return {f.stem: f for f in numbered(NOTEBOOKS, study.root / "notebooks")}


def rubriques(notebook: NotebookNode) -> dict[str, list[str]]:
    """Heading → ids of the cells below it whose stored outputs hold a figure or a table."""
    found: dict[str, list[str]] = {}
    title = heading(notebook) or ""
    for cell in notebook.cells:
        shown = [o for o in cell.get("outputs", []) if not is_internal(o)]
        texts = [o.get("data", {}).get("text/markdown", "") for o in shown]
        said = cell.source if cell.cell_type == "markdown" else "\n".join(texts)
        title = " – ".join(re.findall(r"^## +(.+)", said, re.MULTILINE)) or title
        if any({FIGURE, TABLE} & set(o.get("data", {})) for o in shown):
            found.setdefault(re.sub(r"\\(.)", r"\1", title), []).append(cell.id)
    return found


def blocks(notebook: NotebookNode, cell: str, given: Mapping[str, Any]) -> list[Block]:
    """What one cell shows, once the statements above it that it needs have run.

    Parameters
    ----------
    given
        Name → value that stands instead of what the notebook assigns to that name, as a
        parameter does.
    """
    shown: list[Any] = []
    space: dict[str, Any] = {"display": lambda *some: shown.extend(some), **given}
    for statement in _needed(notebook, cell, given):
        if isinstance(statement, ast.Expr):
            shown.append(eval(compile(ast.Expression(statement.value), cell, "eval"), space))
        else:
            exec(compile(ast.Module([statement], []), cell, "exec"), space)
            space |= given
    return [b for b in shown if isinstance(b, Block) and not b.internal]


def _needed(notebook: NotebookNode, cell: str, given: Mapping[str, Any]) -> list[ast.stmt]:
    """The cell's statements, and those above that bind what these use, and so on."""
    code = [c for c in notebook.cells if c.cell_type == "code"]
    rank = next(number for number, c in enumerate(code) if c.id == cell)
    kept: list[ast.stmt] = ast.parse(code[rank].source).body
    used = set[str]().union(*map(_used, kept)) - set(given)
    for statement in reversed([s for c in code[:rank] for s in ast.parse(c.source).body]):
        if _bound(statement) & used:
            kept.insert(0, statement)
            used |= _used(statement) - set(given)
    return kept


def _used(statement: ast.stmt) -> set[str]:
    return {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def _bound(statement: ast.stmt) -> set[str]:
    """Names that a statement gives a value to."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {(a.asname or a.name).partition(".")[0] for a in statement.names}
    return {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
