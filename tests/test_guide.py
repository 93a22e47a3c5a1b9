"""The guide says what happens: its files are accepted, its commands print what it shows."""

import re
from dataclasses import dataclass, field, replace

import pandas as pd
import pytest
from command import process, publication
from typer.main import get_group

from notebook_reports.index import index, notices
from spls_study.cli import app
from spls_study.study import GUIDES, load_study
from spls_study.tables import TABLES, read_table

pytestmark = pytest.mark.reports
CUT = "[…]"
_PARTS = re.compile(r"^#+ (?P<title>[^\n]*)$|^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.M | re.S)


@dataclass(frozen=True)
class Step:
    """A fenced block: `console`, or a file that the heading above names (its code)."""

    kind: str
    name: str
    text: str


def steps():
    name = ""
    for part in _PARTS.finditer(GUIDES["guide.html"].read_text(encoding="utf-8")):
        if part["title"] is not None:
            name = "".join(re.findall("`([^`]+)`", part["title"])[:1])
        else:
            yield Step(part["kind"], name, part["text"])


def commands(console):
    """Each command of a console block with its output."""
    for part in re.split(r"^\$ ", console, flags=re.M)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


class Session:
    """A reader who follows the guide in one folder."""

    def __init__(self, home):
        self.home = self.folder = home

    def types(self, command):
        program, *arguments = command.split()
        if program == "cd":
            self.folder = (self.folder / arguments[0]).resolve()
            return ""
        done = process(self.folder, *arguments)
        assert program == "spls-study" and done.returncode == 0, (command, done.stderr)
        said = (done.stdout + done.stderr).replace("\\", "/").replace(self.home.as_posix(), "~")
        lines = [line.rstrip() for line in said.splitlines() if line.strip() and "━" not in line]  # the bar of a build
        return "".join(f"{line}\n" for line in lines)


def agrees(shown, said):
    """Whether the guide shows what was said, but for its cuts: a whole line cuts any lines."""
    lines = [
        r"(?:.*\n)*?" if line == CUT else ".*".join(map(re.escape, line.split(CUT))) + r"\n"
        for line in shown.splitlines()
    ]
    return re.fullmatch("".join(lines), said) is not None


@dataclass
class Followed:
    """What differed from the guide, and at each check, the rows accepted and those told of."""

    differ: list[tuple[str, str, str]] = field(default_factory=list)
    accepted: list[dict[str, int]] = field(default_factory=list)
    told: list[int] = field(default_factory=list)


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    session, found = Session(tmp_path_factory.mktemp("guide")), Followed()
    for step in steps():
        if step.kind != "console":
            file = step.name if step.name == "study.toml" else f"data/raw/{step.name}.{step.kind}"
            (session.folder / file).write_text(step.text, encoding="utf-8")
            continue
        for command, shown in commands(step.text):
            said = session.types(command)
            if not agrees(shown, said):
                found.differ.append((command, shown, said))
            if command == "spls-study check":
                study = load_study(session.folder / "study.toml")
                found.accepted.append({t: len(read_table(study, t)) for t in TABLES})
                told = [pd.read_csv(study.processed / f"{name}.csv", sep=";") for name in ("rejets", "avertissements")]
                found.told.append(sum(map(len, told)))
    return found


@pytest.mark.slow
def test_each_command_prints_what_the_guide_shows(followed):
    assert followed.differ == []


def test_each_command_of_the_program_is_shown_and_each_file_has_a_name():
    typed = [command.split() for step in steps() if step.kind == "console" for command, _ in commands(step.text)]
    shown = {words[1] for words in typed if words[0] == "spls-study"}
    assert shown == {*get_group(app).commands}
    assert all(step.name for step in steps() if step.kind != "console")


@pytest.mark.slow
def test_each_table_has_an_example_whose_every_row_is_accepted(followed):
    rows = {}
    for step in steps():
        if step.kind == "csv" and step.name in TABLES:  # the first counts: the second is refused
            rows.setdefault(step.name, len(step.text.splitlines()) - 1)
    nothing, whole, _ = followed.accepted
    assert nothing == dict.fromkeys(TABLES, 0) and whole == rows == {t: rows[t] for t in TABLES}
    assert min(rows.values()) > 0 and followed.told[:2] == [0, 0] and followed.told[2] > 0


@pytest.mark.parametrize(
    ("shown", "said", "same"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a\n", "a\nb\n", False),
        ("a\n[…]\nd\n", "a\nb\nc\nd\n", True),
        ("a\n[…]\nd\n", "a\nd\n", True),
        ("x […] y.\n", "x 12 y.\n", True),
        ("x.\n", "xy\n", False),
        ("[…]\nd\n", "d\ne\n", False),
    ],
)
def test_only_what_is_cut_may_vary(shown, said, same):
    assert agrees(shown, said) is same


def test_the_page_holds_every_section_and_the_date_of_its_edition(tmp_path):
    given = replace(publication(tmp_path), guides=GUIDES)
    for name, source in GUIDES.items():
        page = notices(given)[name].decode()
        titles = re.findall("^##? (.*)$", re.sub("```.*?```", "", source.read_text("utf-8"), flags=re.S), flags=re.M)
        shown = re.findall("<h[12][^>]*>(.*?)</h[12]>", page, flags=re.S)
        assert shown == [title.replace("'", "\u2019") for title in titles]
        assert "10 juillet 2014" in page and page == notices(given)[name].decode()
        assert f'href="{name}"' in index(given).decode()
