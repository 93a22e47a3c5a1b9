"""What a notebook holds: its parameters, judged before any kernel starts; its record, cleaned, and its outputs."""

import ast
import copy
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode, v4

from .blocks import DOCUMENT, ELEMENT, TABLE, Bundle
from .errors import StudyError
from .french import quoted
from .opened import OPENED

INJECTED = "injected-parameters"  # the tag of the cell that papermill adds
_WIDGET = "application/vnd.jupyter.widget-view+json"  # a random id, of a kernel that is gone
_KERNEL_FILE = re.compile(r"[^\s\"'<>]*ipykernel_\d+[\\/]+\d+\.py")
_UNDATED = date(2000, 1, 1)  # PDF/A wants a date, and a clock would change the bytes


@dataclass(frozen=True)
class Document:
    """What the title block says of a report, for its metadata and its running header."""

    titre: str
    auteur: str = ""
    date: date = _UNDATED
    etude: str = ""
    territoire: str = ""
    fictif: bool = False


def tags(cell: NotebookNode) -> list[str]:
    return list(cell.metadata.get("tags", []))


def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call,no-any-return]


def bare(path: Path) -> NotebookNode:
    """A notebook without the outputs that it holds, which are long to read: those of a run replace them."""
    return _bare(path.read_text(encoding="utf-8"))


@lru_cache(maxsize=32)
def _bare(text: str) -> NotebookNode:
    notebook: NotebookNode = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    return notebook


def write(notebook: NotebookNode) -> str:
    return f"{nbformat.writes(notebook)}\n"  # type: ignore[no-untyped-call]


def _node(value: Any) -> NotebookNode:
    return nbformat.from_dict(value)  # type: ignore[no-untyped-call,no-any-return]


def outputs(notebook: NotebookNode) -> Iterator[NotebookNode]:
    for cell in notebook.cells:
        yield from cell.get("outputs", [])


def published(notebook: NotebookNode, internal: bool = False) -> NotebookNode:
    """A copy as it is published: without what tags keep out (`remove-cell`, `remove-output`), its code folded.

    Parameters
    ----------
    internal
        With the outputs that only the project team may see, and no other.
    """
    shown = copy.copy(notebook)
    shown.cells = [copy.copy(cell) for cell in notebook.cells if "remove-cell" not in tags(cell)]
    for cell in shown.cells:
        if cell.cell_type == "code":
            kept = [] if "remove-output" in tags(cell) else cell.outputs
            cell.outputs = [o for o in kept if bool(o.get("metadata", {}).get("interne")) == internal]
            cell.metadata = _node({**cell.metadata, "jupyter": {"source_hidden": True}})
    return shown


def tables(notebook: NotebookNode) -> dict[str, dict[str, Any]]:
    """The data of the tables shown or attached: identifier → name, title, columns, data."""
    found = [o.data[TABLE] for o in outputs(notebook) if TABLE in o.get("data", {})]
    each = [table for some in found for table in (some if isinstance(some, list) else [some])]
    return {table["name"]: table for table in each}


def elements(notebook: NotebookNode) -> list[dict[str, str]]:
    """The figures and tables shown, in their order: genre, titre, mots."""
    return [o.metadata[ELEMENT] for o in outputs(notebook) if ELEMENT in o.get("metadata", {})]


def heading(notebook: NotebookNode) -> str | None:
    """The `# Title` with which the notebook begins."""
    first = next((c.source for c in notebook.cells if c.cell_type == "markdown"), "")
    found = re.match(r"\s*# +(.+)", first)
    return found.group(1).strip() if found else None


def document(notebook: NotebookNode, name: str = "") -> Document:
    """Metadata of the report: those of its title block, or else its heading or file name."""
    for output in outputs(notebook):
        if given := output.get("data", {}).get(DOCUMENT):
            return Document(**{**given, "date": date.fromisoformat(given["date"])})
    return Document(heading(notebook) or name or "Document")


def clean(notebook: NotebookNode, paths: Mapping[str, str] | None = None) -> NotebookNode:
    """A copy that is the same at each run: no count, time, duration, nor path of a machine.

    Parameters
    ----------
    paths
        Absolute path, the longest first → what stands for it in the texts of outputs.
    """
    notebook = copy.deepcopy(notebook)
    kernel = notebook.metadata.get("kernelspec", {})
    names = {k: kernel[k] for k in ("display_name", "language", "name") if k in kernel}
    opened = {OPENED: notebook.metadata[OPENED]} if OPENED in notebook.metadata else {}
    language = {"kernelspec": names, "language_info": {"name": "python"}} if names else {}
    notebook.metadata = _node({**language, **opened})
    for number, cell in enumerate(notebook.cells):
        if INJECTED in tags(cell):
            cell.id = INJECTED
        elif "id" not in cell:
            cell.id = f"cellule-{number}"
        cell.metadata = _node({"tags": tags(cell)} if tags(cell) else {})
        if cell.cell_type == "code":
            cell.execution_count = None
            cell.outputs = [_without_paths(o, paths or {}) for o in cell.outputs if o.get("name") != "stderr"]
            for output in cell.outputs:
                output.get("data", {}).pop(_WIDGET, None)
                if "execution_count" in output:
                    output.execution_count = None
    return notebook


def _without_paths(value: Any, paths: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for path, name in paths.items():
            value = value.replace(path, name)
        return _KERNEL_FILE.sub("cellule", value) if "ipykernel_" in value else value
    if isinstance(value, dict):
        return NotebookNode({k: _without_paths(v, paths) for k, v in value.items()})  # type: ignore[no-untyped-call]
    if isinstance(value, list):
        return [_without_paths(v, paths) for v in value]
    return value


def composed(parts: Iterable[str | Bundle]) -> NotebookNode:
    """Its cells: a text is Markdown, a bundle an output."""
    cells = [
        v4.new_markdown_cell(part)  # type: ignore[no-untyped-call]
        if isinstance(part, str)
        else v4.new_code_cell(outputs=[v4.new_output("display_data", part[0], metadata=part[1])])  # type: ignore[no-untyped-call]
        for part in parts
    ]
    return v4.new_notebook(cells=cells)  # type: ignore[no-untyped-call,no-any-return]


EXPECTED = ("etude", "territoire")


def check_parameters(notebooks: list[Path]) -> None:
    """Each notebook has one cell tagged `parameters` that assigns `EXPECTED`, texts, and no more.

    Raises
    ------
    StudyError
        Naming every notebook and parameter at fault. It is the notebook that must be mended,
        not the command: exit status 1.
    """
    faults = [f"{file.name}\u00a0: {fault}" for file in notebooks for fault in _faults(file)]
    if faults:
        raise StudyError("\n".join(faults))


def _faults(file: Path) -> list[str]:
    try:
        cells = [c for c in bare(file).cells if "parameters" in tags(c)]
    except (ValueError, OSError) as error:  # nbformat's own errors are ValueErrors
        return [f"carnet illisible ({error})."]
    if len(cells) != 1:
        found = "aucune cellule" if not cells else f"{len(cells)} cellules"
        return [
            f"{found} avec l'étiquette {quoted('parameters')}\u202f; il en faut une, qui "
            f"donne {' et '.join(quoted(name) for name in EXPECTED)}."
        ]
    try:
        given = _assigned(cells[0].source)
    except (SyntaxError, ValueError):
        line = quoted('nom = "texte"')
        return [f"la cellule des paramètres ne doit contenir que des lignes {line}."]
    return [
        *(f"paramètre manquant\u00a0: {quoted(name)}." for name in EXPECTED if name not in given),
        *(f"paramètre inconnu\u00a0: {quoted(name)}{_meant(name)}." for name in given if name not in EXPECTED),
        *(
            f"paramètre {quoted(name)}\u00a0: un texte entre guillemets est attendu."
            for name in EXPECTED
            if name in given and not isinstance(given[name], str)
        ),
    ]


def _assigned(source: str) -> dict[str, object]:
    """Names given by plain assignments of literals; anything else is a ValueError."""
    given: dict[str, object] = {}
    for statement in ast.parse(source).body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                given[name] = ast.literal_eval(value)
            case _:
                raise ValueError(ast.dump(statement))
    return given


def _meant(name: str) -> str:
    close = get_close_matches(name, EXPECTED, n=1)
    return f" (voulait-on {quoted(close[0])}\u202f?)" if close else ""
