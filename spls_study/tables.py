"""The contract of data/: the tables (`tables.csv`), their columns (`columns.csv`), and reading a checked one."""

from dataclasses import dataclass
from typing import Literal, cast

import pandas as pd

from .study import Study, declared

Kind = Literal["texte", "entier", "décimal", "date"]
DTYPES: dict[Kind, str] = {"texte": "str", "entier": "Int64", "décimal": "float64", "date": "datetime64[s]"}
ORIGIN = ("fichier", "feuille", "ligne")  # where each row was read


@dataclass(frozen=True)
class Column:
    """
    Parameters
    ----------
    required
        The column must be in the file; its cells may be empty.
    filled
        An empty or unreadable cell refuses the row (key and measure); else it is emptied.
    headers
        The headers of real extracts that name this column, whatever their case, accents and spacing;
        where a file has several, the first counts.
    values
        Closed list of values.
    reading
        How a cell is read beyond its kind: a list (`codes`, `mots`, `jours`, `départements`, `tâches`), what another
        table or study.toml has (`organisme`, `gestionnaire`, `département`, `territoire`), a month for a day (`début
        de mois`, `fin de mois`), a day that the extraction has seen (`passée`), digits of which none may be lost
        (`numéro`, `siren`, `siret`); `service`: whoever is named is no person.
    personal
        Names or reaches a person: masked in rejets.csv, never shown.
    meaning, example
        In French, for those who fill it in.
    """

    name: str
    kind: Kind = "texte"
    required: bool = True
    filled: bool = False
    headers: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    values: tuple[str, ...] = ()
    reading: str = ""
    personal: bool = False
    meaning: str = ""
    example: str = ""


@dataclass(frozen=True)
class Notice:
    """`titre`: what the table holds, and what a row is; `sans`: what the reports lack without it."""

    titre: str
    sans: str


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(filter(None, cell.split("|")))


def _column(row: dict[str, str]) -> Column:
    name, headers = row["colonne"], _listed(row["en_tetes"])
    return Column(
        name,
        cast(Kind, row["type"]),
        required=row["a_remplir"] != "",
        filled=row["a_remplir"] == "cellule",
        headers=headers if name in headers else (name, *headers),
        minimum=int(row["minimum"]) if row["minimum"] else None,
        maximum=int(row["maximum"]) if row["maximum"] else None,
        values=_listed(row["valeurs"]),
        reading=row["lecture"],
        personal=row["personnelle"] == "oui",
        meaning=row["sens"],
        example=row["exemple"],
    )


_TABLES, _COLUMNS = declared("tables"), declared("columns")
KEYS = {row["table"]: _listed(row["cle"]) for row in _TABLES}
NOTICES = {row["table"]: Notice(row["titre"], row["sans"]) for row in _TABLES}
TABLES = {name: tuple(_column(row) for row in _COLUMNS if row["table"] == name) for name in KEYS}
TABLES["rapprochement"] = TABLES["programmation"]  # a second source of the same


def empty(name: str) -> pd.DataFrame:
    """The table without a row, every column of its type, then the origin columns."""
    types = {c.name: DTYPES[c.kind] for c in TABLES[name]} | dict(zip(ORIGIN, ("str", "str", "Int64"), strict=True))
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in types.items()})


def read_table(study: Study, name: str) -> pd.DataFrame:
    """A checked table of `data/processed`, empty when nothing was received.

    Columns: those of `TABLES[name]`, then `ORIGIN`. Missing text is NaN.
    """
    path = study.processed / f"{name}.parquet"
    if not path.exists():
        return empty(name)
    dates = {c.name: DTYPES["date"] for c in TABLES[name] if c.kind == "date"}
    return pd.read_parquet(path).astype(dates)  # Parquet has no unit of a second
