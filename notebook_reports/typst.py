"""Python values as Typst literals: text becomes a string, never markup; and Typst itself.

A cell that holds `#import` or `]` stays text, because Typst does not read markup inside
a string literal. This is the only way in which data enter a Typst document.
"""

import re
from pathlib import Path
from typing import Any

FONTS = Path(__file__).parent / "fonts"
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
    text = CONTROL.sub(" ", str(value)).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def call(function: str, content: dict[str, Any]) -> str:
    """`#function(key: literal, …)`, the Typst face of a block."""
    arguments = ", ".join(f"{key}: {literal(value)}" for key, value in content.items())
    return f"#{function}({arguments})"


def compiled(files: dict[str, bytes], **options: Any) -> bytes:
    """The document `main` of the files; letters come from the house's fonts alone, the same on each machine."""
    import typst  # kernels do without

    drawn: bytes = typst.compile(files, font_paths=[str(FONTS)], ignore_system_fonts=True, **options)
    return drawn
