"""What a cell's messages become in its notebook, as nbclient has it with `coalesce_streams`."""

from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import output_from_msg

from .limits import CUT_TEXT, TEXT


class Recorder:
    """Keeps a notebook's outputs as messages come."""

    def __init__(self) -> None:
        self._displayed: dict[str, list[NotebookNode]] = {}

    def begin(self, cell: NotebookNode) -> None:
        self._cell, self._clears = cell, False
        cell.outputs = []

    def take(self, kind: str, content: dict[str, Any]) -> None:
        """Keep one message.

        Raises
        ------
        Exception
            Of several kinds, when it is not a message of IPython: a cell may have sent anything.
        """
        key = (content.get("transient") or {}).get("display_id")
        if "execution_count" in content:
            self._cell.execution_count = content["execution_count"]
        if kind == "clear_output":
            self._clears = bool(content["wait"])
            if not self._clears:
                self._cell.outputs = []
        elif kind == "update_display_data":
            self._update(key, _output("display_data", content))
        elif kind != "execute_input":
            output = _output(kind, content)
            self._update(key, output)
            if self._clears:
                self._cell.outputs, self._clears = [], False
            if key:
                self._displayed.setdefault(key, []).append(output)
            self._keep(output)

    @property
    def errors(self) -> str:
        """What the cell has on standard error."""
        return "".join(o.text for o in self._cell.outputs if o.get("name") == "stderr")

    def _update(self, key: str | None, output: NotebookNode) -> None:
        for shown in self._displayed.get(key or "", []):
            shown.data, shown.metadata = output.data, output.metadata

    def _keep(self, output: NotebookNode) -> None:
        if output.output_type == "stream":
            if not output.text:
                return
            for other in self._cell.outputs:
                if other.get("name") == output.name:
                    other.text += output.text
                    return
        self._cell.outputs.append(output)


def _output(kind: str, content: dict[str, Any]) -> NotebookNode:
    return output_from_msg({"header": {"msg_type": kind}, "content": content})  # type: ignore[no-any-return]


def settled(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """A cell's outputs once it has ended: one stream of each name, standard output first of two neighbours.

    nbclient does it too, in a time that grows with the square of a line's length.
    """
    found: list[NotebookNode] = []
    streams: dict[str, NotebookNode] = {}
    for output in outputs:
        if output.output_type != "stream":
            found.append(output)
        elif output.name in streams:
            streams[output.name].text += output.text
        else:
            found.append(output)
            streams[output.name] = output
    for stream in streams.values():
        text = "\n".join(map(_overwritten, stream.text.split("\n")))
        stream.text = text if len(text) <= TEXT + len(CUT_TEXT) else text[:TEXT] + CUT_TEXT
    for place in range(len(found) - 1):
        if [o.get("name") for o in found[place : place + 2]] == ["stderr", "stdout"]:
            found[place : place + 2] = reversed(found[place : place + 2])
    return found


def _overwritten(line: str) -> str:
    """What a terminal shows of a line: what follows the last carriage return that something follows."""
    return line[line.rfind("\r", 0, len(line) - 1) + 1 :]
