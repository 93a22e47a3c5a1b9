"""The contract of data/: the columns of each table, and reading a checked table."""

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from .study import Study

Kind = Literal["texte", "entier", "décimal", "date"]
DTYPES: dict[Kind, str] = {
    "texte": "str",
    "entier": "Int64",
    "décimal": "float64",
    "date": "datetime64[s]",
}
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
    aliases
        Other headers of real extracts, whatever their case, accents and spacing.
    values
        Closed list of values.
    personal
        Names or reaches a person: masked in rejets.csv, never shown.
    """

    name: str
    kind: Kind = "texte"
    required: bool = True
    filled: bool = False
    aliases: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    values: tuple[str, ...] = ()
    personal: bool = False


def _optional(name: str, kind: Kind = "texte", *aliases: str, **more: object) -> Column:
    return Column(name, kind, required=False, aliases=aliases, **more)  # type: ignore[arg-type]


PROGRAMMATION = (
    Column("numero_operation", filled=True, aliases=("N° Opération GALION", "N° opération", "Numéro opération")),
    Column("annee_programmation", "entier", filled=True, minimum=1990,
           aliases=("Année Gestion Programmation", "Année de programmation", "Année")),
    Column("departement", required=False, aliases=("Département", "Dépt", "Code département")),
    Column("gestionnaire", aliases=("Gestionnaire (code)", "Service instructeur")),
    Column("commune", aliases=("Commune", "Libellé commune", "Commune de l'opération")),
    Column("moa_siret", aliases=("MOA (code SIRET)", "SIRET MOA", "SIRET")),
    Column("moa_nom", aliases=("MOA (nom officiel)", "Maître d'ouvrage", "MOA")),
    Column("produit", filled=True, aliases=("Produit",)),
    Column("nature_logement", aliases=("Nature logement", "Nature des logements")),
    Column("type_beneficiaire", aliases=("Type Bénéficiaire", "Bénéficiaires")),
    Column("nb_logements", "entier", filled=True, minimum=0, maximum=9999,
           aliases=("Nb logts", "Nombre de logements", "Nb logements")),
    _optional("annee_cloture", "entier", "Année Gestion Clôture"),
    _optional("code_insee", "texte", "Code INSEE", "INSEE commune"),
    _optional("code_postal", "texte", "Opération code postal"),
    _optional("zone_abc", "texte", "Zone ABC"),
    _optional("zone_123", "texte", "Zone 123"),
    _optional("type_financement", "texte", "Type Financement"),
    _optional("type_habitat", "texte", "Type d'habitat"),
    _optional("surface_utile", "décimal", "SU totale", "Surface utile", minimum=0),
    _optional("nom_operation", "texte", "Nom Opération"),
    _optional("date_depot", "date", "Date de dépôt"),
    _optional("date_programmation", "date", "Date de programmation"),
    _optional("date_agrement", "date", "Date d'agrément", "Date de décision"),
    _optional("montant_subvention", "décimal", "Montant de la subvention", "Subvention", minimum=0),
    _optional("statut", "texte", "Statut", "État"),
)

ORGANISMES = (
    Column("id", filled=True, aliases=("Identifiant",)),
    Column("nom", aliases=("Nom", "Organisme", "Raison sociale")),
    Column("role", values=("gestionnaire", "bailleur", "partenaire"), aliases=("Rôle",)),
    Column("famille", aliases=("Famille",)),
    Column("departements", aliases=("Départements",)),
    _optional("siren", "texte", "SIREN"),
    _optional("nb_logements", "entier", "Nb logements", "Parc", minimum=0),
    _optional("contact", "texte", "Contact", "Courriel", personal=True),
)

TABLES: dict[str, tuple[Column, ...]] = {
    "programmation": PROGRAMMATION,
    "rapprochement": PROGRAMMATION,
    "organismes": ORGANISMES,
}
_OPERATION = ("numero_operation", "annee_programmation", "produit", "nature_logement",
              "type_beneficiaire", "type_habitat")
KEYS: dict[str, tuple[str, ...]] = {
    "programmation": _OPERATION,
    "rapprochement": _OPERATION,
    "organismes": ("id",),
}
OPTIONAL_TABLES = frozenset({"rapprochement"})


def empty(name: str) -> pd.DataFrame:
    """The table without a row, every column of its type, then the origin columns."""
    columns = {c.name: pd.Series(dtype=DTYPES[c.kind]) for c in TABLES[name]}
    return pd.DataFrame(columns | {"fichier": pd.Series(dtype="str"), "feuille": pd.Series(dtype="str"),
                                   "ligne": pd.Series(dtype="Int64")})


def read_table(study: Study, name: str) -> pd.DataFrame:
    """A checked table of `data/processed`, empty when nothing was received.

    Columns: those of `TABLES[name]`, then `ORIGIN`. Missing text is NaN.
    """
    path = study.processed / f"{name}.parquet"
    return pd.read_parquet(path) if path.exists() else empty(name)
