"""Run a notebook cell by cell, without a kernel, and collect what it displays."""

import ast
import csv
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from samples import frame

from notebook_reports.blocks import DOCUMENT, Block
from spls_study import report, slices
from spls_study.checking import PREVIOUS
from spls_study.intake import CheckReport, check
from spls_study.study import PACKAGE, Study, load_study
from spls_study.tables import TABLES

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
# design.md §4: what is written whatever was received, by notebook; the columns are those of sorties.csv.
CONTRACT = {
    "1": "volumes volumes_gestionnaire parts_departement pls_beneficiaires concentration rythme delais specialisation "
    "cadrage avancement volumes_secteur",
    "2": "taux_reponse reponses reponses_non_montrees croisements",
    "3": "ouverture comptes_profil comprehension etat_organismes besoins_profils",
    "4": "etapes integration decisions a_verifier",
    "5": "calendrier jalons charte formations points_discussion gouvernance",
    "6": "chiffres_cles decisions_demandees",
}
with (PACKAGE / "sorties.csv").open(encoding="utf-8", newline="") as _stream:
    COLUMNS = {row["tableau"]: row["colonnes"] for row in csv.DictReader(_stream, delimiter=";")}
PLAIN = re.compile("[\u00a0\u202f]")


def displayed(notebook: str, study: Path, territoire: str, *, slices_are_there: bool = False) -> list[Block]:
    """The blocks, in order; headings made by cells are left out."""
    if not slices_are_there:
        sliced(load_study(study))
    shown: list[Any] = []
    space: dict[str, Any] = {"display": lambda *blocks, **_: shown.extend(blocks)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report, "display", space["display"])
        _run(notebook, study, territoire, space, shown)
    return [block for block in shown if isinstance(block, Block)]


def reported(
    study: Study, notebook: str, rows: Mapping[str, Any], territoire: str = "region", **more: bool
) -> list[Block]:
    """The same of a study whose checked tables have these rows, the others none."""
    study.processed.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        own = rows.get(name, ())
        table = own if isinstance(own, pd.DataFrame) else frame(name, own)
        table.to_parquet(study.processed / f"{name}.parquet")
    return displayed(notebook, study.file, territoire, **more)


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
    return {table["name"]: table for block in shown for table in block.tables}


def own(shown: list[Block], name: str) -> pd.DataFrame:
    """A table that is written beside the report."""
    found = tables(shown)[name]
    return pd.DataFrame(found["data"], columns=found["columns"])


def words(shown: list[Block]) -> Iterator[str]:
    """All that blocks say, as one reads it."""
    stack: list[Any] = [block.content for block in reversed(shown)]
    while stack:
        item = stack.pop()
        if isinstance(item, dict | list | tuple):
            stack += reversed([*(item.values() if isinstance(item, dict) else item)])
        elif isinstance(item, str) and not item.endswith(".svg"):
            yield item


def title(shown: list[Block]) -> str:
    """Of the document, its spaces plain."""
    [found] = [b.extra[DOCUMENT]["titre"] for b in shown if DOCUMENT in b.extra]
    return PLAIN.sub(" ", found)


def seen(shown: list[Block], name: str) -> list[str]:
    """The rows of a table as pages have them, `|` between cells, spaces plain."""
    own = [b for b in shown if b.kind in ("tableau", "fiche") and name in list(tables([b]))[:1]]
    return [PLAIN.sub(" ", " | ".join(map(_said, line))) for b in own for line in b.content["lignes"]]


def _said(cell: Any) -> str:
    if isinstance(cell, list):
        return " ".join(part["texte"] for part in cell)
    return cell if isinstance(cell, str) else cell["texte"]


def readable(shown: list[Block], number: str) -> dict[str, dict[str, Any]]:
    """Holds any report to what all promise; its tables."""
    found = tables(shown)
    for name in CONTRACT[number].split():
        wanted = COLUMNS[name].removesuffix("|*").split("|")
        assert found[name]["columns"][: len(wanted)] == wanted
    for block in shown:
        assert block.html() and block.typst()
        assert "<script" not in block.html() and "<b>" not in block.html()
        assert not re.search(r"\bnan\b|None|<NA>|NaT", block.text), block.text
        assert block.kind != "graphique" or len(block.content["alternative"]) <= 150
    for text in words(shown):
        assert not re.search(r"\bnan\b|<NA>|NaT", text), text
    return found


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
