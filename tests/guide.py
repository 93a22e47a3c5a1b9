"""The guide as a session: its tables are files to write, its commands are to be run."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from command import run

GUIDE = Path(__file__).resolve().parent.parent / "docs" / "guide.md"
CUT = "[…]"
_PARTS = re.compile(r"^#+ (?P<title>[^\n]*)$|^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.M | re.S)


@dataclass(frozen=True)
class Step:
    """A fenced block: `console`, or a file that the heading above names (its code)."""

    kind: str
    name: str
    text: str


def steps() -> Iterator[Step]:
    name = ""
    for part in _PARTS.finditer(GUIDE.read_text(encoding="utf-8")):
        if part["title"] is not None:
            name = "".join(re.findall("`([^`]+)`", part["title"])[:1])
        else:
            yield Step(part["kind"], name, part["text"])


def commands(console: str) -> Iterator[tuple[str, str]]:
    """Each command of a console block with its output."""
    for part in re.split(r"^\$ ", console, flags=re.M)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


def place(step: Step, study: Path) -> Path:
    return study / (step.name if step.name == "study.toml" else f"data/raw/{step.name}.{step.kind}")


class Session:
    """A reader who follows the guide in one folder."""

    def __init__(self, home: Path) -> None:
        self.home = self.folder = home

    def types(self, command: str) -> str:
        program, *arguments = command.split()
        if program == "cd":
            self.folder = (self.folder / arguments[0]).resolve()
            return ""
        done = run(self.folder, *arguments)
        assert program == "spls-study" and done.returncode == 0, (command, done.stderr)
        said = (done.stdout + done.stderr).replace("\\", "/").replace(self.home.as_posix(), "~")
        return "".join(
            f"{line.rstrip()}\n" for line in said.splitlines() if line.strip() and "━" not in line
        )  # the bar of a build


def agrees(shown: str, said: str) -> bool:
    """Whether the guide shows what was said, but for its cuts: a whole line cuts any lines."""
    lines = [
        r"(?:.*\n)*?" if line == CUT else ".*".join(map(re.escape, line.split(CUT))) + r"\n"
        for line in shown.splitlines()
    ]
    return re.fullmatch("".join(lines), said) is not None
