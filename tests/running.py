"""Run a notebook cell by cell, without a kernel, and collect what it displays."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from notebook_reports.blocks import TABLE, Block
from spls_study import report, slices
from spls_study.checking import PREVIOUS
from spls_study.intake import CheckReport, check
from spls_study.study import Study, load_study

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"


def displayed(notebook: str, study: Path, territoire: str) -> list[Block]:
    """The blocks, in order; headings made by cells are left out."""
    sliced(load_study(study))
    shown: list[Any] = []
    space: dict[str, Any] = {"display": lambda *blocks, **_: shown.extend(blocks)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report, "display", space["display"])
        _run(notebook, study, territoire, space, shown)
    return [block for block in shown if isinstance(block, Block)]


def sliced(study: Study) -> None:
    """What `checking.checked` does of checked tables, which a test may have written itself."""
    slices.write(study, slices.previous(study.root / "reports", PREVIOUS))
    for theme in slices.THEMES.values():
        slices.write(study, theme)


def _run(notebook: str, study: Path, territoire: str, space: dict[str, Any], shown: list[Any]) -> None:
    for cell in json.loads((NOTEBOOKS / f"{notebook}.ipynb").read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        if "parameters" in cell["metadata"].get("tags", []):
            space |= {"etude": str(study), "territoire": territoire}
            continue
        body = ast.parse("".join(cell["source"])).body
        last = body.pop() if isinstance(body[-1], ast.Expr) else None
        exec(compile(ast.Module(body, []), cell["id"], "exec"), space)
        if last is not None:
            shown.append(eval(compile(ast.Expression(last.value), cell["id"], "eval"), space))


def tables(shown: list[Block]) -> dict[str, dict[str, Any]]:
    found = [b.extra.get(TABLE, []) for b in shown]
    return {t["name"]: t for part in found for t in (part if isinstance(part, list) else [part])}


def words(shown: list[Block]) -> Iterator[str]:
    for block in shown:
        stack: list[Any] = [block.content]
        while stack:
            item = stack.pop()
            if isinstance(item, dict):
                stack += list(item.values())
            elif isinstance(item, (list, tuple)):
                stack += list(item)
            elif isinstance(item, str) and not item.endswith(".svg"):
                yield item


def sound(study: Study) -> CheckReport:
    """What `check` found, once held to what it promises of any file."""
    report = check(study)
    for file in report.files:
        lost = int((report.refusals["fichier"] == file.fichier).sum())
        assert (file.lues, file.refusees) == (file.acceptees + lost, lost), file
    assert all(report.refusals["motif"]) and all(report.warnings["motif"])
    for sentence in (*report.lines, *report.set_aside, *report.ignored):
        assert len(sentence) < 2_000
    return report
