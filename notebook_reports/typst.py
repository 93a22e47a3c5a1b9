"""Python values as Typst literals: text becomes a string, never markup; and Typst itself.

A cell that holds `#import` or `]` stays text, because Typst does not read markup inside
a string literal. This is the only way in which data enter a Typst document.
"""

import re
from pathlib import Path
from typing import Any

from .letters import LONGEST, cut, shown

FONTS = Path(__file__).parent / "fonts"
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
