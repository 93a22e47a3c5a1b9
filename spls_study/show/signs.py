"""Cells of a table that are more than a text: signs with their words, a text to be read first."""

from collections.abc import Iterable

from notebook_reports import french

Cell = str | dict[str, str]  # a text; or `texte` with the `svg` drawn in its place, empty where it is read first
SIGNS = {  # of an account: what is drawn in a square of ten, its word in a cell and in the key
    "utilises": ('<circle cx="5" cy="5" r="3.7"/>', "utilisé", "utilisé"),
    "ouverts": (
        '<circle cx="5" cy="5" r="3.2" fill="none" stroke="currentColor"/><path d="M5 1.8a3.2 3.2 0 0 0 0 6.4z"/>',
        "jamais utilisé",
        "ouvert, jamais utilisé",
    ),
    "en_attente": (
        '<circle cx="5" cy="5" r="3.2" fill="none" stroke="currentColor"/>',
        "en attente",
        "en attente\u00a0: invité ou demandé",
    ),
    "refuses": (
        '<path d="M2 2l6 6M8 2l-6 6" fill="none" stroke="currentColor" stroke-width="1.2"/>',
        "refusé",
        "refusé ou retiré",
    ),
}
A_LINE = 8


def signs(counts: Iterable[int]) -> Cell:
    """A cell with a sign an account, in the order of `SIGNS`, and its words for who does not see them.

    >>> signs([2, 0, 1, 0])["texte"]
    '2 utilisés, 1 en attente'
    """
    pairs = [(*sign, n) for sign, n in zip(SIGNS.values(), counts, strict=True) if n]
    if not pairs:
        return french.NOT_APPLICABLE
    said = ", ".join(french.count(n, word, None if word.endswith("é") else word) for _, word, _, n in pairs)
    return {"texte": said, "svg": _side_by_side([drawn for drawn, *_, n in pairs for _ in range(n)])}


def _side_by_side(drawn: list[str]) -> str:
    width, height = min(len(drawn), A_LINE) * 10, -(-len(drawn) // A_LINE) * 10
    places = [(i % A_LINE * 10, i // A_LINE * 10) for i in range(len(drawn))]
    parts = [f'<g transform="translate({x} {y})">{one}</g>' for (x, y), one in zip(places, drawn, strict=True)]
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} fill="currentColor">{"".join(parts)}</svg>'


def key() -> list[dict[str, str]]:
    """Each sign with what it means."""
    return [{"svg": _side_by_side([drawn]), "texte": word} for drawn, _, word in SIGNS.values()]


def alert(text: str) -> Cell:
    """A cell that is read first."""
    return {"texte": text, "svg": ""}


def plain(cell: Cell) -> str:
    """The text that stands in a cell, empty where signs do."""
    return cell if isinstance(cell, str) else "" if cell["svg"] else cell["texte"]
