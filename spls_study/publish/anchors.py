"""Each table and figure of a report has an anchor, by which the index finds it."""

import re
from dataclasses import dataclass
from html import unescape
from itertools import count

_START = re.compile(r'<(?:figure|div class="tableau")(?=[ >])')
_FOUND = re.compile(
    r'<(figure|div) [^>]*?\bid="(element-\d+)".*?'
    r"(?:<figcaption><strong|<caption><span)>(.*?)</(?:strong|span)>"
    r'(?:\s*<span class="sous-titre">(.*?)</span>|</caption>\s*<thead>(.*?)</thead>\s*<tbody>(.*?)</tbody>)?',
    re.DOTALL,
)
_ROWS = re.compile(r'<th scope="row"[^>]*>(.*?)</th>', re.DOTALL)
_HEADING = re.compile(r"<h1[ >].*?</h1>", re.DOTALL)


@dataclass(frozen=True)
class Shown:
    anchor: str
    kind: str
    title: str
    words: str  # those that it is found by besides: subtitle, heads of columns, names of rows


def with_anchors(html: str) -> str:
    """Tables and figures numbered in the order of the page: `element-1`…"""
    numbers = count(1)
    return _START.sub(lambda found: f'{found[0]} id="element-{next(numbers)}"', html)


def shown(html: str) -> list[Shown]:
    """What bears an anchor, with its kind and its title as plain text."""
    return [
        Shown(
            anchor,
            "Figure" if tag == "figure" else "Tableau",
            unescape(title),
            _text(" ".join([subtitle, heads, *_ROWS.findall(rows)])),
        )
        for tag, anchor, title, subtitle, heads, rows in _FOUND.findall(html)
    ]


def _text(html: str) -> str:
    """Its words, each once."""
    return " ".join(dict.fromkeys(unescape(re.sub("<[^>]+>", " ", html)).split()))


def heading(html: str) -> str:
    """The first title of the page as plain text, empty when it has none."""
    found = _HEADING.search(html)
    return unescape(re.sub("<[^>]+>", "", found[0])).strip() if found else ""
