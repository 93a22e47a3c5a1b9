"""Python values as Typst literals: text becomes a string, never markup; and Typst itself.

A cell that holds `#import` or `]` stays text, because Typst does not read markup inside
a string literal. This is the only way in which data enter a Typst document. Of a text, the PDF shows
the letters of the house's font, and words that a page can hold.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from .french import number

FONTS = Path(__file__).parent / "fonts"
LONGEST = 1_000  # letters without a space
MOST = 10_000  # letters of a text: a title, an alternative of some more are refused
# In the font for sure, so that most texts are known good without opening it.
SURE = "\t\n -~\u00a0-\u0148\u014a-\u017f\u2010-\u2015\u2018-\u201e\u2022\u2026\u202f\u20ac\u2212"
_ODD = re.compile(rf"[^{SURE}]")
_WORD = re.compile(rf"(\S{{{LONGEST}}})\S+")
# Bullets and arrows that word processors take from the fonts Symbol and Wingdings.
_SYMBOLS = dict(zip("\uf0b7\uf0a7\uf0a8\uf076\uf0d8\uf0fc\uf0fe\uf0e0\uf0f0\uf02d", "•••••✓✓→→–", strict=True))
_UNKNOWN = "□"
_TOO_LONG = re.compile(rf"(?<=>)[^<>]{{{LONGEST},}}(?=</text)")  # in a drawing
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def literal(value: Any) -> str:
    """`None`, bool, number, text, list and dict (identifiers as keys) in Typst's code syntax."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, (list, tuple)):
        return "(" + "".join(f"{literal(v)}, " for v in value) + ")"
    if isinstance(value, dict):
        pairs = "".join(f"{literal(k)}: {literal(v)}, " for k, v in value.items())
        return f"({pairs or ':'})"
    text = cut(CONTROL.sub(" ", str(value))).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def call(function: str, content: dict[str, Any]) -> str:
    """`#function(key: literal, …)`, the Typst face of a block."""
    arguments = ", ".join(f"{key}: {literal(value)}" for key, value in content.items())
    return f"#{function}({arguments})"


def compiled(files: dict[str, bytes], **options: Any) -> bytes:
    """The document `main` of the files; letters come from the house's fonts alone, the same on each machine.

    Those that the fonts lack are replaced, in its text and in its drawings: Typst would refuse the document.
    """
    import typst  # kernels do without

    texts = {name: shown(content.decode()) for name, content in files.items() if name.endswith(("main", ".svg"))}
    whole = files | {name: _TOO_LONG.sub(lambda label: cut(label[0]), text).encode() for name, text in texts.items()}
    drawn: bytes = typst.compile(whole, font_paths=[str(FONTS)], ignore_system_fonts=True, **options)
    return drawn


@cache
def drawn() -> frozenset[str]:
    """The letters that every weight of the font has, and that a reader can search for."""
    from matplotlib.ft2font import FT2Font  # slow, and seldom needed

    weights = [{*FT2Font(str(file)).get_charmap()} for file in sorted(FONTS.glob("*.otf"))]
    letters = map(chr, set.intersection(*weights))
    refused = {"\ufeff"}  # by PDF/A within a text: what a file that another joined to began with
    return frozenset(c for c in letters if unicodedata.category(c) != "Co") - refused | {"\t", "\n"}


def lacking(text: str) -> list[str]:
    """The letters of a text that the PDF cannot show, in their order."""
    return [c for c in dict.fromkeys(_ODD.findall(text)) if c not in drawn()]


def shown(text: str) -> str:
    """The text with what stands for the letters that the PDF cannot show; markup stays markup, text stays text."""
    return text.translate({ord(c): _instead(c) for c in lacking(text)})


def cut(text: str) -> str:
    """The text and its words, no longer than a PDF holds."""
    whole = _WORD.sub(r"\1…", text)
    return whole if len(whole) <= MOST else whole[:MOST] + "…"


def told(text: str) -> str:
    """What the PDF cannot show of a text, for whoever typed it; empty where it shows all."""
    if len(text) > MOST:
        return f"plus de {number(MOST)} caractères, coupés dans le seul PDF\u202f; raccourcissez-les"
    if _WORD.search(text):
        return f"plus de {number(LONGEST)} caractères sans espace, coupés dans le seul PDF\u202f; mettez-y des espaces"
    if odd := lacking(text):
        named = ", ".join(f"{c} U+{ord(c):04X}" for c in odd[:3]) + "…" * (len(odd) > 3)
        return f"caractère que les PDF ne savent écrire ({named}), remplacé là seulement\u202f; écrivez-le autrement"
    return ""


def _instead(letter: str) -> str:
    if letter in _SYMBOLS:
        return _SYMBOLS[letter]
    plain = unicodedata.normalize("NFKC", letter)
    if plain.isalnum() and not lacking(plain):  # a sign might be markup where this one is not
        return plain
    return {"M": "", "Z": " ", "C": ""}.get(unicodedata.category(letter)[0], _UNKNOWN)
