"""A cell's outputs once it has ended."""

from nbformat import NotebookNode

from .limits import CUT_TEXT, TEXT


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
            text = "\n".join(map(_overwritten, "".join(streams[output.name]).split("\n")))
            output.text = text if len(text) <= TEXT + len(CUT_TEXT) else text[:TEXT] + CUT_TEXT
    for place in range(len(found) - 1):
        if [o.get("name") for o in found[place : place + 2]] == ["stderr", "stdout"]:
            found[place : place + 2] = reversed(found[place : place + 2])
    return found


def _overwritten(line: str) -> str:
    """What a terminal shows of a line: what follows the last carriage return that something follows."""
    return line[line.rfind("\r", 0, len(line) - 1) + 1 :]
