"""What a cell is marked with, and its outputs once it has ended."""

from nbformat import NotebookNode

from .limits import CUT_LINE, CUT_TEXT, LINE, TEXT

INJECTED = "injected-parameters"  # the tag of the cell that papermill adds


def tags(cell: NotebookNode) -> list[str]:
    return list(cell.metadata.get("tags", []))


def settled(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """One stream of each name, standard output first of two neighbours, without what was written over.

    As nbclient has it with `coalesce_streams`, whose time grows with the square of a line's length.
    """
    found: list[NotebookNode] = []
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
