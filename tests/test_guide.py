"""The guide says what happens: its files are accepted, its commands print what it shows."""

import re
from dataclasses import replace

import pandas as pd
import pytest
from command import process, publication, run
from typer.main import get_group

from notebook_reports.index import index, notices
from spls_study.cli import app
from spls_study.study import GUIDES, load_study
from spls_study.tables import TABLES, read_table

pytestmark = pytest.mark.reports
CUT = "[…]"
_PARTS = re.compile(r"^#+ (?P<title>[^\n]*)$|^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.M | re.S)


def steps():
    """Each fenced block: its kind (`console`, or that of a file), the file that the heading above names, its text."""
    name = ""
    for part in _PARTS.finditer(GUIDES["guide.html"].read_text(encoding="utf-8")):
        if part["title"] is not None:
            name = "".join(re.findall("`([^`]+)`", part["title"])[:1])
        else:
            yield part["kind"], name, part["text"]


def commands(console):
    """Each command of a console block with its output."""
    for part in re.split(r"^\$ ", console, flags=re.M)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


def agrees(shown, said):
    """Whether the guide shows what was said, but for its cuts: a whole line cuts any lines."""
    lines = [
        r"(?:.*\n)*?" if line == CUT else ".*".join(map(re.escape, line.split(CUT))) + r"\n"
        for line in shown.splitlines()
    ]
    return re.fullmatch("".join(lines), said) is not None


def test_each_command_of_the_program_is_shown_and_each_file_has_a_name():
    typed = [command.split() for kind, _, text in steps() if kind == "console" for command, _ in commands(text)]
    assert {words[1] for words in typed if words[0] == "spls-study"} == {*get_group(app).commands}
    assert all(name for kind, name, _ in steps() if kind != "console")


APART = ("forms", "diff", "verify")  # in a process of its own, as other modules give the others


@pytest.mark.slow
def test_each_command_prints_what_the_guide_shows_and_every_row_of_its_examples_is_accepted(tmp_path):
    """As a reader follows it in one folder."""
    folder, rows, accepted, told = tmp_path, {}, [], []
    for kind, name, text in steps():
        if kind != "console":
            file = name if name == "study.toml" else f"data/raw/{name}.{kind}"
            (folder / file).write_text(text, encoding="utf-8")
            if kind == "csv" and name in TABLES:  # the first counts: the second is refused
                rows.setdefault(name, len(text.splitlines()) - 1)
            continue
        for command, shown in commands(text):
            program, *arguments = command.split()
            if program == "cd":
                folder = (folder / arguments[0]).resolve()
                continue
            done = (process if arguments[0] in APART else run)(folder, *arguments)
            assert program == "spls-study" and done.returncode == 0, (command, done.stderr)
            said = (done.stdout + done.stderr).replace("\\", "/").replace(tmp_path.as_posix(), "~")
            lines = [line.rstrip() for line in said.splitlines() if line.strip() and "━" not in line]  # a build's bar
            assert agrees(shown, "".join(f"{line}\n" for line in lines)), (command, shown, said)
            if arguments == ["check"]:
                study = load_study(folder / "study.toml")
                accepted.append({table: len(read_table(study, table)) for table in TABLES})
                found = [pd.read_csv(study.processed / f"{of}.csv", sep=";") for of in ("rejets", "avertissements")]
                told.append(sum(map(len, found)))
    nothing, whole, _ = accepted
    assert nothing == dict.fromkeys(TABLES, 0) and whole == rows == {table: rows[table] for table in TABLES}
    assert min(rows.values()) > 0 and told[:2] == [0, 0] and told[2] > 0


def test_only_what_is_cut_may_vary():
    for shown, said in (("a|b", "a|b"), ("a|[…]|d", "a|b|c|d"), ("a|[…]|d", "a|d"), ("x […] y.", "x 12 y.")):
        assert agrees(*(text.replace("|", "\n") + "\n" for text in (shown, said)))
    for shown, said in (("a", "b"), ("x.", "xy"), ("[…]|d", "d|e")):
        assert not agrees(*(text.replace("|", "\n") + "\n" for text in (shown, said)))


def test_the_page_holds_every_section_and_the_date_of_its_edition(tmp_path):
    given = replace(publication(tmp_path), guides=GUIDES)
    for name, source in GUIDES.items():
        page = notices(given)[name].decode()
        titles = re.findall("^##? (.*)$", re.sub("```.*?```", "", source.read_text("utf-8"), flags=re.S), flags=re.M)
        shown = re.findall("<h[12][^>]*>(.*?)</h[12]>", page, flags=re.S)
        assert shown == [title.replace("'", "\u2019") for title in titles]
        assert "10 juillet 2014" in page and page == notices(given)[name].decode()
        assert f'href="{name}"' in index(given).decode()
