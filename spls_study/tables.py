"""The contract of data/: the columns of each table, and reading a checked table."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from .journal import note
from .study import Study

if TYPE_CHECKING:
    from pandera.pandas import DataFrameSchema

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
    aliases
        Other headers of real extracts, whatever their case, accents and spacing. Where a file
        has several, the first counts; the name itself comes before them unless it is listed.
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

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers that name this column, the preferred first."""
        return self.aliases if self.name in self.aliases else (self.name, *self.aliases)


def _optional(name: str, kind: Kind = "texte", *aliases: str, **more: object) -> Column:
    return Column(name, kind, required=False, aliases=aliases, **more)  # type: ignore[arg-type]


PROGRAMMATION = (
    Column(
        "numero_operation",
        filled=True,
        aliases=("N° Opération GALION", "N° opération", "Numéro d'opération", "N° Galion"),
    ),
    Column(
        "annee_programmation",
        "entier",
        filled=True,
        minimum=1990,
        maximum=2100,
        aliases=("Année Gestion Programmation", "Année de programmation", "Année"),
    ),
    Column("departement", required=False, aliases=("Code département", "Dépt", "Dép.")),
    Column("gestionnaire", aliases=("Gestionnaire (code)", "gestionnaire", "Service instructeur")),
    Column("commune", aliases=("Libellé commune", "Commune de l'opération", "Nom commune")),
    Column("moa_siret", aliases=("MOA (code SIRET)", "SIRET MOA", "SIRET")),
    Column("moa_nom", aliases=("MOA (nom officiel)", "Maître d'ouvrage", "MOA")),
    Column("produit", filled=True),
    Column("nature_logement", aliases=("Nature des logements",)),
    Column("type_beneficiaire", aliases=("Type de bénéficiaire", "Bénéficiaires")),
    Column(
        "nb_logements",
        "entier",
        filled=True,
        minimum=0,
        maximum=9999,
        aliases=("Nb logts", "Nombre de logements", "Nb de logements"),
    ),
    _optional("annee_cloture", "entier", "Année Gestion Clôture", "Année de clôture", minimum=1990, maximum=2100),
    _optional("code_insee", "texte", "INSEE commune", "Code commune", "INSEE"),
    _optional("code_postal", "texte", "Opération code postal"),
    _optional("zone_abc"),
    _optional("zone_123"),
    _optional("type_financement", "texte", "Type de financement"),
    _optional("type_habitat", "texte", "Type d'habitat"),
    _optional("surface_utile", "décimal", "SU totale", "SU", minimum=0),
    _optional("nom_operation", "texte", "Nom de l'opération"),
    _optional("date_depot", "date", "Date de dépôt"),
    _optional("date_programmation", "date", "Date de programmation"),
    _optional("date_agrement", "date", "Date d'agrément", "Date de décision"),
    _optional("montant_subvention", "décimal", "Montant de la subvention", "Subvention", minimum=0),
    _optional("statut", "texte", "État"),
)

ORGANISMES = (
    Column("id", filled=True, aliases=("Identifiant",)),
    Column("nom", aliases=("Organisme", "Raison sociale")),
    Column("role", values=("gestionnaire", "bailleur", "partenaire")),
    Column("famille"),
    Column("departements"),
    _optional("siren"),
    _optional("nb_logements", "entier", "Nombre de logements", "Parc", minimum=0),
    _optional("contact", "texte", "Courriel", personal=True),
)

COMPTES = (
    Column("compte", filled=True, aliases=("Compte", "Identifiant du compte"), personal=True),
    Column("organisme", filled=True, aliases=("Organisme", "Organisme (id)")),
    Column("departement", aliases=("Département", "Dépt")),
    Column("fonction", aliases=("Fonction", "Poste")),
    Column("profil_demande", aliases=("Profil demandé",)),
    _optional("profil_attribue", "texte", "Profil attribué"),
    _optional("date_invitation", "date", "Date d'invitation", "Invitation"),
    _optional("date_demande", "date", "Date de demande", "Demande"),
    _optional("date_ouverture", "date", "Date d'ouverture", "Ouverture"),
    _optional("date_premiere_connexion", "date", "Première connexion", "Date de première connexion"),
    _optional("statut", "texte", "Statut", "État"),
)

PROFILS = (
    Column("profil", filled=True, aliases=("Profil",)),
    Column("libelle", aliases=("Libellé",)),
    Column("interface", aliases=("Interface", "Application")),
    Column("droits", aliases=("Droits",)),
    _optional("fonctions", "texte", "Fonctions"),
    _optional("alias", "texte", "Alias", "Anciens noms"),
)

PROCESSUS = (
    Column("gestionnaire", filled=True, aliases=("Gestionnaire",)),
    Column("ordre", "entier", filled=True, minimum=0, aliases=("Ordre", "N°", "Rang")),
    Column("etape", filled=True, aliases=("Étape",)),
    Column("acteur", aliases=("Acteur", "Qui")),
    Column("support", aliases=("Support", "Outil")),
    _optional("date_debut", "date", "Date de début", "Début"),
    _optional("date_fin", "date", "Date de fin", "Fin"),
    _optional("duree_jours", "décimal", "Durée (jours)", "Durée", minimum=0),
    _optional("ressaisie", "texte", "Ressaisie", "Double saisie", values=("oui", "non")),
    _optional("pieces", "texte", "Pièces"),
    _optional("irritant", "texte", "Irritant", "Difficulté"),
)

ETAPES_SPLS = (
    Column("etape", filled=True, aliases=("Étape",)),
    Column("ordre", "entier", filled=True, minimum=0, aliases=("Ordre", "N°", "Rang")),
    Column("fonction_spls", aliases=("Fonction SPLS", "Fonction")),
    Column("couverture", values=("couvert", "à adapter", "hors SPLS"), aliases=("Couverture",)),
    _optional("acteur_cible", "texte", "Acteur cible"),
    _optional("statut_spls", "texte", "Statut SPLS"),
)

CALENDRIER = (
    Column("id", filled=True, aliases=("Identifiant",)),
    Column("etape"),
    Column("libelle", aliases=("Tâche",)),
    Column("type", values=("tâche", "jalon")),
    Column("debut_prevu", "date", aliases=("Début",)),
    Column("fin_prevue", "date", aliases=("Fin",)),  # empty: a task with no planned end
    _optional("debut_reel", "date"),
    _optional("fin_reelle", "date"),
    _optional("responsable"),
    _optional("territoire"),  # a department; empty or « region »: everywhere
    _optional("avancement", "décimal", minimum=0, maximum=1),
    _optional("depend_de", "texte", "Dépend de"),  # a|b
)

CHARTE = (
    Column("clause", filled=True),
    Column("theme"),
    Column("organisme", filled=True, aliases=("Signataire",)),
    Column("position", values=("accord", "réserve", "refus", "en attente")),
    _optional("texte"),
    _optional("date", "date"),
)

FORMATIONS = (
    Column("id", filled=True, aliases=("Identifiant",)),
    Column("date", "date"),
    Column("territoire"),
    Column("public"),  # a profile of `profils`
    Column("places", "entier", minimum=0),
    Column("inscrits", "entier", minimum=0),
    Column("presents", "entier", minimum=0),
    _optional("satisfaction", "décimal", minimum=0, maximum=1),  # satisfied among the present
    _optional("theme"),
)

POINTS_DISCUSSION = (
    Column("id", filled=True, aliases=("Identifiant",)),
    Column("date", "date"),
    Column("theme"),
    Column("point"),
    _optional("decision"),
    _optional("action"),
    _optional("responsable"),
    _optional("echeance", "date"),
    _optional("statut"),
)

GOUVERNANCE = (
    Column("instance", filled=True),
    Column("organisme", filled=True),
    _optional("personne_role", "texte", "Rôle"),
    _optional("presences"),  # dates of the meetings attended, a|b
)

TABLES: dict[str, tuple[Column, ...]] = {
    "programmation": PROGRAMMATION,
    "rapprochement": PROGRAMMATION,
    "organismes": ORGANISMES,
    "comptes": COMPTES,
    "profils": PROFILS,
    "processus": PROCESSUS,
    "etapes_spls": ETAPES_SPLS,
    "calendrier": CALENDRIER,
    "charte": CHARTE,
    "formations": FORMATIONS,
    "points_discussion": POINTS_DISCUSSION,
    "gouvernance": GOUVERNANCE,
}
_OPERATION = (
    "numero_operation",
    "annee_programmation",
    "produit",
    "nature_logement",
    "type_beneficiaire",
    "type_habitat",
)
KEYS: dict[str, tuple[str, ...]] = {
    "programmation": _OPERATION,
    "rapprochement": _OPERATION,
    "organismes": ("id",),
    "comptes": ("compte", "organisme", "profil_demande", "date_demande"),  # asked again: two rows
    "profils": ("profil",),
    "processus": ("gestionnaire", "ordre", "etape", "acteur", "date_debut"),  # timed twice
    "etapes_spls": ("etape",),
    "calendrier": ("id",),
    "charte": ("clause", "organisme", "date"),
    "formations": ("id",),
    "points_discussion": ("id",),
    "gouvernance": ("instance", "organisme", "personne_role"),
}
OPTIONAL_TABLES = frozenset({"rapprochement"})


def empty(name: str) -> pd.DataFrame:
    """The table without a row, every column of its type, then the origin columns."""
    columns = {c.name: pd.Series(dtype=DTYPES[c.kind]) for c in TABLES[name]}
    origin = zip(ORIGIN, ("str", "str", "Int64"), strict=True)
    return pd.DataFrame(columns | {name: pd.Series(dtype=dtype) for name, dtype in origin})


def schema(name: str) -> "DataFrameSchema":
    """What every checked table satisfies: types, ranges, closed lists, one row for each key."""
    import pandera.pandas as pa  # slow to import: kernels read tables without it

    def rules(column: Column) -> list[pa.Check]:
        low, high = column.minimum, column.maximum
        found = [pa.Check.ge(low)] if low is not None else []
        found += [pa.Check.le(high)] if high is not None else []
        return found + ([pa.Check.isin(column.values)] if column.values else [])

    columns: dict[str, Any] = {c.name: pa.Column(DTYPES[c.kind], rules(c), nullable=not c.filled) for c in TABLES[name]}
    columns |= {
        "fichier": pa.Column("str"),
        "feuille": pa.Column("str", nullable=True),
        "ligne": pa.Column("Int64", pa.Check.ge(1)),
    }
    return pa.DataFrameSchema(columns, strict=True, ordered=True, unique=list(KEYS[name]))


def read_table(study: Study, name: str) -> pd.DataFrame:
    """A checked table of `data/processed`, empty when nothing was received.

    Columns: those of `TABLES[name]`, then `ORIGIN`. Missing text is NaN.
    """
    path = study.processed / f"{name}.parquet"
    note(f"data/processed/{name}.parquet", path)
    if not path.exists():
        return empty(name)
    dates = {c.name: DTYPES["date"] for c in TABLES[name] if c.kind == "date"}
    return pd.read_parquet(path).astype(dates)  # Parquet has no unit of a second
