"""Tiny notebooks and studies; the command in this process or in one of its own, and the processes that it leaves;
the study's notebooks cell by cell, without a kernel, and what they display.
"""

import ast
import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout, suppress
from datetime import date
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import nbformat
import pandas as pd
import psutil
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from samples import frame

from notebook_reports.blocks import DOCUMENT, Block
from notebook_reports.publication import Publication
from spls_study import report, slices
from spls_study.checking import PREVIOUS
from spls_study.cli import main
from spls_study.intake import CheckReport, check
from spls_study.program import PROGRAM
from spls_study.study import PACKAGE, Study, load_study

SHOW = """from spls_study.show import say
from spls_study.slices import dated
from spls_study.study import load_study
study = load_study(etude)
study = dated(study, study.territory(territoire))
say(study.territory(territoire).nom, study.etude.edition.isoformat())"""
STUDY = """[etude]
titre = "Déploiement de SPLS en Poitou-Charentes"
application = "SPLS"
edition = 2014-07-10
extraction = 2014-07-01
annees = [2010, 2014]
annee_reference = 2013
[region]
code = "54"
nom = "Poitou-Charentes"
[departements]
17 = "Charente-Maritime"
79 = "Deux-Sèvres"
[[gestionnaires]]
id = "DD017"
nom = "DDTM 17"
departement = "17"
[[gestionnaires]]
id = "DD079"
nom = "DDT 79"
departement = "79"
[copil]
date = 2014-07-10
auteur = "DREAL Poitou-Charentes"
contact = "spls@exemple.fr"
[publication]
"""
ROW = {
    "numero_operation": "2013DD0170001",
    "annee_programmation": "2013",
    "gestionnaire": "DDTM 17",
    "commune": "La Rochelle",
    "moa_siret": "00004840500013",
    "moa_nom": "Office",
    "produit": "PLUS",
    "nature_logement": "Logements ordinaires",
    "type_beneficiaire": "Ménages",
    "nb_logements": "12",
}
HEADER = tuple(ROW)
COMMAND = (sys.executable, "-m", "spls_study")
PARAMETERS = 'etude = "study.toml"\nterritoire = "region"'


def notebook(*sources: str, parameters: str | None = PARAMETERS) -> NotebookNode:
    """Text that begins with `#` or `md:` is Markdown, the rest is code."""
    cells = [
        new_markdown_cell(source.removeprefix("md:")) if source.startswith(("#", "md:")) else new_code_cell(source)
        for source in sources
    ]
    if parameters is not None:
        cells.insert(1, new_code_cell(parameters, metadata={"tags": ["parameters"]}))
    for number, cell in enumerate(cells):
        cell.id = f"c{number}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def publication(folder: Path, **notebooks: NotebookNode) -> Publication:
    """A folder with a study file and notebooks `_1_x` → `1_x.ipynb`, for two territories."""
    (folder / "notebooks").mkdir(parents=True)
    (folder / "study.toml").write_text("", encoding="utf-8")
    for name, book in notebooks.items():
        nbformat.write(book, folder / "notebooks" / f"{name.removeprefix('_')}.ipynb")
    return Publication(
        program=PROGRAM,
        file=folder / "study.toml",
        title="Étude <b>",
        edition=date(2014, 7, 10),
        territories={"region": "Région", "2A": "Corse-du-Sud"},
        notebooks=folder / "notebooks",
        reports=folder / "reports",
        cite=lambda: ["Galion & SISAL"],
        fictitious=True,
    )


def quickly(values: Iterable[Any], *quick: Any) -> list[Any]:
    """Parameters, of which some are tried in the quick suite and the others in the whole one alone."""
    slow = {value: () if value in quick else pytest.mark.slow for value in values}
    return [pytest.param(*(v if isinstance(v, tuple) else (v,)), marks=marks) for v, marks in slow.items()]


def run(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """The command in this process, whose libraries are loaded: an exit status and what it says."""
    said, told = StringIO(), StringIO()
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(said), redirect_stderr(told):
        patch.chdir(folder)
        patch.setenv("PYTHONUTF8", "1")  # as the command would
        patch.setattr(sys, "argv", ["spls-study", *arguments])
        patch.setattr(sys.modules["__main__"], "__package__", None, raising=False)  # else its name is that of pytest
        with pytest.raises(SystemExit) as end:
            main()
    for number, handler in handlers.items():
        signal.signal(number, handler)
    return subprocess.CompletedProcess(arguments, int(end.value.code or 0), said.getvalue(), told.getvalue())


def done(folder: Path, *arguments: str) -> str:
    """What a command that succeeds prints."""
    end = run(folder, *arguments)
    assert end.returncode == 0, end.stderr
    return end.stdout


def process(folder: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """The command as people give it."""
    env = {**os.environ, "PYTHONUTF8": "1", "COLUMNS": "200", **environment}
    return subprocess.run(
        [*COMMAND, *arguments], cwd=folder, env=env, capture_output=True, encoding="utf-8", check=False
    )


def small_study(folder: Path) -> Path:
    """A study of two departments, without data and with one small notebook."""
    (folder / "data" / "raw").mkdir(parents=True)
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    (folder / "notebooks").mkdir()
    add_notebook(folder, "1_essai")
    return folder


def programmed(*rows: Mapping[str, str] | object, sep: str = ";") -> str:
    """A file of `programmation`: rows told by what differs from an ordinary one, or each by its dwellings alone."""
    own = [
        ROW | (row if isinstance(row, Mapping) else {"numero_operation": f"2013DD017000{rank}", "nb_logements": row})
        for rank, row in enumerate(rows, start=1)
    ]
    header = list(dict.fromkeys([*HEADER, *(key for row in own for key in row)]))
    lines = [header, *([row.get(key, "") for key in header] for row in own)]
    return "".join(sep.join(map(str, line)) + "\n" for line in lines)


def add_notebook(folder: Path, name: str, *sources: str) -> None:
    nbformat.write(notebook("# Essai", SHOW, *sources), folder / "notebooks" / f"{name}.ipynb")
    publish_own(folder)


def publish_own(folder: Path) -> None:
    """Publish the study's own notebooks and no other; `[publication]` ends study.toml."""
    names = sorted(file.stem for file in (folder / "notebooks").glob("*.ipynb"))
    study = (folder / "study.toml").read_text(encoding="utf-8").partition("carnets = ")[0]
    (folder / "study.toml").write_text(f"{study}carnets = {names}\n", encoding="utf-8")


class Page(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


def swap(file: Path, old: str, new: str, encoding: str = "utf-8") -> None:
    """Change a text of a file."""
    text = file.read_bytes().decode(encoding)
    assert old in text, f"{file}: {old}"
    file.write_bytes(text.replace(old, new, 1).encode(encoding))


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


FORCED = """from notebook_reports import processes
from spls_study.cli import main
from spls_study.program import PROGRAM
processes.default_way = lambda: "{}"
vars(PROGRAM)["libraries"] = ("spls_study.show", "spls_study.slices")  # what tiny notebooks import, sooner there
main()"""
MARK = "CARNETS_MARQUE"  # of a command, and of all that it starts


def alive(mark: str) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            found += [process] if process.environ().get(MARK) == mark else []
    return found


class Started:
    """A command in a session of its own."""

    def __init__(self, folder: Path, *arguments: str, way: str = "fork", **environment: str) -> None:
        self._mark = uuid4().hex
        env = {**os.environ, MARK: self._mark, **environment}
        streams: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "encoding": "utf-8"}
        command = [sys.executable, "-c", FORCED.format(way), *arguments]
        self.process = psutil.Popen(command, cwd=folder, env=env, start_new_session=True, **streams)

    def until(self, pattern: str, number: int = 1) -> None:
        """Wait for files that its notebooks make."""
        while len(list(Path(self.process.cwd()).glob(pattern))) < number:
            assert self.process.poll() is None
            time.sleep(0.05)

    def processes(self) -> list[psutil.Process]:
        return alive(self._mark)

    def left(self, seconds: float = 10) -> list[str]:
        """What still lives when the command has ended, and some seconds more."""
        self.process.wait()
        end = time.monotonic() + seconds
        while (found := self.processes()) and time.monotonic() < end:
            psutil.wait_procs(found, timeout=0.1)
        return [str(process) for process in found]


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


# Notebook → the themes of the slices that it reads; the note reads all.
READ = {
    "1": "programmation",
    "2": "questionnaires",
    "3": "droits deploiement questionnaires",
    "4": "processus programmation questionnaires",
    "5": "deploiement droits",
    "6": " ".join(slices.THEMES),
}


def displayed(notebook: str, study: Path, territoire: str) -> list[Block]:
    """The blocks, in order, of a study whose slices are there; headings made by cells are left out."""
    shown: list[Any] = []
    space: dict[str, Any] = {"display": lambda *blocks, **_: shown.extend(blocks)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report, "display", space["display"])
        _run(notebook, study, territoire, space, shown)
    return [block for block in shown if isinstance(block, Block)]


def reported(study: Study, notebook: str, rows: Mapping[str, Any], *places: str) -> list[list[Block]]:
    """The same, by place, of a study whose checked tables have these rows, the others none."""
    study.processed.mkdir(parents=True, exist_ok=True)
    for name in {table for theme in READ[notebook[0]].split() for table in slices.THEMES[theme].tables}:
        own = rows.get(name, ())
        table = own if isinstance(own, pd.DataFrame) else frame(name, own)
        table.to_parquet(study.processed / f"{name}.parquet")
    sliced(load_study(study.file), notebook, *places)
    return [displayed(notebook, study.file, place) for place in places]


def sliced(study: Study, notebook: str, *places: str) -> None:
    """What `checking.checked` does, for a notebook and places, of tables that a test may have written itself."""
    territories = [study.territory(place) for place in places]
    for theme in (
        slices.previous(study.root / "reports", PREVIOUS),
        *(slices.THEMES[name] for name in READ[notebook[0]].split()),
    ):
        slices.write(study, theme, territories)


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
