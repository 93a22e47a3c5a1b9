"""The house's arrows go one way: who may know whom, and no cycle, also through imports inside functions."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("spls_study", "notebook_reports", "demo")
FILES = {
    ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): file
    for package in PACKAGES
    for file in sorted((ROOT / package).rglob("*.py"))
}


def _imported(tree: ast.AST) -> Iterator[ast.ImportFrom | ast.Import]:
    """Also in functions; not what only a type checker reads."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ImportFrom | ast.Import):
            yield node
        elif not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            yield from _imported(node)


def known(name: str) -> set[str]:
    """The modules of the house that a module imports."""
    file, found = FILES[name], set()
    package = name.split(".") if file.name == "__init__.py" else name.split(".")[:-1]
    for node in _imported(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        else:
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            found |= {one if (one := f"{base}.{alias.name}") in FILES else base for alias in node.names}
    return found & {*FILES} - {name}


GRAPH = {name: known(name) for name in FILES}


def test_no_module_knows_itself_through_others() -> None:
    TopologicalSorter(GRAPH).prepare()


def of(rooms: str) -> tuple[str, ...]:
    return tuple(f"spls_study.{room}" for room in rooms.split())


@pytest.mark.parametrize(
    "room, unknown",
    [
        ("notebook_reports", ("spls_study", "demo")),
        ("spls_study", ("demo",)),
        ("spls_study.analysis", of("intake slices report charts show diff cli")),
        ("spls_study.intake", of("slices report charts show diff cli")),
        ("spls_study.slices", of("report charts show diff cli")),
        ("spls_study.show", of("intake slices report diff cli")),
        ("spls_study.report", of("diff cli")),
        ("spls_study.diff", of("intake slices report cli")),
    ],
)
def test_an_arrow_goes_one_way(room: str, unknown: tuple[str, ...]) -> None:
    names = tuple(unknown)
    told = {
        f"{name} knows {other}"
        for name, others in GRAPH.items()
        for other in others
        if f"{name}.".startswith(f"{room}.") and f"{other}.".startswith(tuple(f"{n}." for n in names))
    }
    assert told == set()
