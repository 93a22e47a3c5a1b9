"""Strategies: cells nobody wants, tables of them, and files with a few bytes that changed."""

from collections.abc import Callable
from html import escape
from typing import Any

from corpus import line, ods, row, xlsx
from hypothesis import strategies as st

from spls_study.tables import TABLES

CELLS = st.one_of(
    st.sampled_from(
        [
            "",
            "NA",
            "Total",
            "=1+1",
            "@x",
            "\t=1",
            "-3",
            "1e309",
            "9" * 400,
            "١٢",
            "12,5",
            "1 584",
            "2013",
            "16",
            "2A",
            "17",
            "PLUS",
            "PLS/PLUS",
            "oui",
            "bailleur",
            "jalon",
            "01/01/1900",
            "31/12/9999",
            "2958465",
            "#VALUE!",
            "#import",
            "<b>",
            '"',
            "'",
            ";",
            "\n",
            "\r",
            "\x1b[2J",
            "e\u0301",
            "مكتب",
            "🏠",
            "\u202e",
            "\u200b",
            "\ufeff",
            "\ud7ff",
            "0",
            "|",
            "x" * 5_000,
            "DD016",
            "La Rochelle",
            "00004840500013",
            "../../x",
            "a|b",
            "2014-07-01",
            "NaN",
            "inf",
            "true",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.from_regex(r"\A[0-9.,/ :-]{0,12}\Z"),
)
SEPARATORS = st.sampled_from([";", ",", "\t"])
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"])


@st.composite
def tables(draw: Callable[..., Any]) -> tuple[str, list[list[str]]]:
    """A table with its columns in any order, some twice or absent, and rows of nasty cells."""
    name = draw(st.sampled_from(sorted(TABLES)))
    known = [c.name for c in TABLES[name]]
    header = draw(st.permutations(known))
    if draw(st.integers(0, 3)) == 0:
        header = draw(st.lists(st.one_of(st.sampled_from(known), CELLS), min_size=1, max_size=30))
    width = len(header)
    rows = draw(st.lists(st.lists(CELLS, min_size=1, max_size=width + 1), max_size=4))
    return name, [header, *rows]


@st.composite
def damaged(draw: Callable[..., Any], data: bytes) -> bytes:
    """The bytes with some flipped, some cut, or none."""
    found = bytearray(data)
    for _ in range(draw(st.integers(0, 3))):
        if found:
            found[draw(st.integers(0, len(found) - 1))] = draw(st.integers(0, 255))
    if draw(st.integers(0, 4)) == 0:
        del found[draw(st.integers(0, len(found))) :]
    return bytes(found)


@st.composite
def files(draw: Callable[..., Any]) -> tuple[str, bytes]:
    """Name in data/raw and bytes of a CSV, an XLSX or an ODS, whole or damaged."""
    name, rows = draw(tables())
    kind = draw(st.sampled_from(["csv", "xlsx", "ods"]))
    if kind == "csv":
        sep, quote = draw(SEPARATORS), draw(st.booleans())
        cells = [['"' + c.replace('"', '""') + '"' if quote else c for c in r] for r in rows]
        data = "\n".join(sep.join(r) for r in cells).encode(draw(ENCODINGS), "replace")
    elif kind == "xlsx":
        data = xlsx("".join(row(i, [escape(c) for c in r[:26]]) for i, r in enumerate(rows, 1)))
    else:
        data = ods("".join(line([escape(c) for c in r]) for r in rows))
    return f"{name}.{kind}", draw(damaged(data))


@st.composite
def edited(draw: Callable[..., Any], text: str) -> bytes:
    """A TOML file in which some lines went, came twice or have another value."""
    lines = text.splitlines()
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(lines) - 1))
        key, equal, _ = lines[place].partition("=")
        cell = draw(CELLS).replace("\\", "\\\\").replace('"', '\\"')
        lines[place : place + 1] = draw(
            st.sampled_from(
                [
                    [],
                    [lines[place]] * 2,
                    [f'{key}{equal}"{cell}"'],
                    [f"{key}{equal}{cell}"],
                    [f"{key}{equal}[{'[' * 9}]"],
                    [f"{key}{equal}-1"],
                    [f"{key}{equal}{{}}"],
                    [f"{key}{equal}1e309"],
                    [f"{key}{equal}9999-12-31"],
                    [cell],
                ]
            )
        )
    return draw(damaged("\n".join(lines).encode()))
