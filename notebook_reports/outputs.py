"""What a cell is marked with, and its outputs once it has ended."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the process of a run does without
    from nbformat import NotebookNode

# What a reader and a page can hold, well under what makes a document slow or impossible.
TEXT = 100_000  # characters written by a cell: some thirty pages; ten times more took minutes to lay out
LINE = 10_000  # characters of a line written: a PDF's strings have 32 767
DATA = 20_000_000  # bytes displayed by a cell: a drawing of a hundred thousand points
CUT_TEXT = "\n… sortie coupée à 100\u00a0ko\n"
CUT_LINE = "… ligne coupée à 10\u00a0ko"
CUT_DATA = "… affichage coupé à 20\u00a0Mo"

INJECTED = "injected-parameters"  # the tag of the cell that papermill adds


def tags(cell: "NotebookNode") -> list[str]:
    return list(cell.metadata.get("tags", []))


def settled(outputs: "list[NotebookNode]") -> "list[NotebookNode]":
    """One stream of each name, standard output first of two neighbours, without what was written over.

    As nbclient has it with `coalesce_streams`, whose time grows with the square of a line's length.
    """
    found = []
    streams: dict[str, list[str]] = {}
    for output in outputs:
        if output.output_type != "stream" or output.name not in streams:
            found.append(output)
        if output.output_type == "stream":
            streams.setdefault(output.name, []).append(output.text)
    for output in found:
        if output.output_type == "stream":
            text = "".join(streams[output.name])
            if len(text) > TEXT + len(CUT_TEXT):  # of an ordinary kernel
                text = text[:TEXT] + CUT_TEXT
            output.text = "\n".join(map(_shown, text.split("\n")))
    for place in range(len(found) - 1):
        if [o.get("name") for o in found[place : place + 2]] == ["stderr", "stdout"]:
            found[place : place + 2] = reversed(found[place : place + 2])
    return found


def _shown(line: str) -> str:
    """As a terminal, what follows the last carriage return that something follows; no more than a page can hold."""
    line = line[line.rfind("\r", 0, len(line) - 1) + 1 :]
    return line if len(line) <= LINE else f"{line[:LINE]}{CUT_LINE}"
