"""What each table is for and what its columns mean, in French: `notices.toml`, the one place."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from .study import PACKAGE
from .tables import TABLES


@dataclass(frozen=True)
class Notice:
    """
    Parameters
    ----------
    titre
        What the table holds, and what a row is.
    sans
        What the reports lack without it.
    colonnes
        Column → its meaning, an example.
    """

    titre: str
    sans: str
    colonnes: Mapping[str, tuple[str, str]]


@cache
def notices() -> dict[str, Notice]:
    """By table, in the order of `TABLES`; two tables of the same columns share what they mean."""
    told = tomllib.loads((PACKAGE / "notices.toml").read_text(encoding="utf-8"))
    told["rapprochement"]["colonnes"] = told["programmation"]["colonnes"]
    return {table: Notice(**told[table]) for table in TABLES}
