"""What each service sends of the operations: its own format, headers, spelling and mistakes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from ..words import plain
from .parts import Edition, Part, to_csv, to_ods, to_xlsx
from .state import as_of

KEPT = "ligne gardée, cellule vidée, avertissement"
REFUSED = "ligne refusée"
Record = dict[str, Any]

GALION, TABLEUR, SISAL = (
    listed.split("|")
    for listed in (
        "N° Opération GALION|Année Gestion Programmation|Département|Gestionnaire|Commune|Code INSEE|"
        "Zone 123|Zone ABC|Type Financement|MOA (nom officiel)|MOA (code SIRET)|Nom Opération|"
        "Nature logement|Type Bénéficiaire|Produit|Type d'habitat|Nb logts|SU totale|Date de dépôt|"
        "Date de programmation|Date d'agrément|Montant de la subvention|Statut",
        "Numéro opération|Année de programmation|Dépt|Gestionnaire|Libellé commune|Maître d'ouvrage|"
        "SIRET MOA|Produit|Nature des logements|Bénéficiaires|Type d'habitat|Nombre de logements|"
        "Surface utile|Date de dépôt|Date de programmation|Date de décision|Subvention|État",
        "Année Gestion Programmation|Année Gestion Clôture|Année Gestion Début|N° Opération GALION|"
        "Commune|Zone 123|Zone ABC|Type Financement|Gestionnaire|MOA (nom officiel)|MOA (code SIRET)|"
        "MOA Adresse 1|MOA Code postal|MOA Ville|Type d'habitat|Nom Opération|Adresse Opération 1|"
        "Réf. Parcelle cadastrale|Réf. Coordonnées XY|Année Achèvement Travaux|Nature logement|"
        "Type Bénéficiaire|Produit|Nb logts|SU totale|Nb Garages aériens|Loyer Garages aériens|"
        "Nb Garages enterrés|Loyer Garages enterrés|Nb Places Stationnement|Loyer Places Stationnement|"
        "Nb Jardins|Loyer Jardins",
    )
)
SPELT = {  # our column: its headers above; a header of no column stays empty
    "numero_operation": "N° Opération GALION|Numéro opération",
    "annee_programmation": "Année Gestion Programmation|Année de programmation",
    "annee_cloture": "Année Gestion Clôture",
    "departement": "Département|Dépt",
    "service": "Gestionnaire",
    "commune": "Commune|Libellé commune",
    "code_insee": "Code INSEE",
    "zone_123": "Zone 123",
    "zone_abc": "Zone ABC",
    "type_financement": "Type Financement",
    "moa_nom": "MOA (nom officiel)|Maître d'ouvrage",
    "moa_siret": "MOA (code SIRET)|SIRET MOA",
    "nom_operation": "Nom Opération",
    "nature_logement": "Nature logement|Nature des logements",
    "type_beneficiaire": "Type Bénéficiaire|Bénéficiaires",
    "produit": "Produit",
    "type_habitat": "Type d'habitat",
    "nb_logements": "Nb logts|Nombre de logements",
    "surface_utile": "SU totale|Surface utile",
    "date_depot": "Date de dépôt",
    "date_programmation": "Date de programmation",
    "date_agrement": "Date d'agrément|Date de décision",
    "montant_subvention": "Montant de la subvention|Subvention",
    "statut": "Statut|État",
}
COLUMN = {header: column for column, listed in SPELT.items() for header in listed.split("|")}


@dataclass(frozen=True)
class Fault:
    """A row wrong on purpose: the row `at` copied with `change`, or changed itself if kept."""

    at: int
    why: str
    change: Mapping[str, Any] = field(default_factory=dict)
    kept: bool = False
    only: bool = False  # nothing but the changed cells


def part(edition: Edition) -> Part:
    """The five extracts of `programmation/`."""
    lines = as_of(edition)
    files: dict[str, bytes] = {}
    told: list[str] = []
    for send in (_ddt16, _ddtm17, _ddt79, _ddt86, _poitiers):
        name, content, notes = send(lines)
        files[f"programmation/{name}"] = content
        told += [f"| `{name}` | {line} | {why} | {fate} |" for line, why, fate in notes]
    return Part(files, _README.format(fautes="\n".join(told)))


Notes = list[tuple[int, str, str]]
Sent = tuple[str, bytes, Notes]


def _ddt16(lines: pd.DataFrame) -> Sent:
    records = records_of(lines, "DD016", GALION)
    for record in records[::9]:
        record["N° Opération GALION"] = "'" + record["N° Opération GALION"]
    number = "N° Opération GALION"
    records, notes = _spoil(
        records,
        2,
        [
            Fault(6, "nombre de logements négatif", {number: "2010DD0169001", "Nb logts": -4}),
            Fault(17, "deux produits dans une cellule", {number: "2010DD0169002", "Produit": "PLUS / PLAI"}),
            Fault(29, "nombre écrit en lettres", {number: "2010DD0169003", "Nb logts": "douze"}),
        ],
    )
    return "galion_ddt16.xlsx", to_xlsx({"Programmation": rows_of(GALION, records)}), notes


def _ddtm17(lines: pd.DataFrame) -> Sent:
    headers = [h for h in GALION if h != "Code INSEE"]
    records = records_of(lines, "DD017", headers)
    for record in records:
        record["Commune"] = plain(record["Commune"]).upper()
    number, signed = "N° Opération GALION", "Date d'agrément"
    records, notes = _spoil(
        records,
        2,
        [
            Fault(11, "commune hors du département du gestionnaire", {number: "2010DD0179001", "Commune": "NIORT"}),
            Fault(
                24,
                "agrément antérieur au dépôt",
                {
                    number: "2010DD0179002",
                    "Date de dépôt": date(2010, 6, 30),
                    "Date de programmation": None,
                    signed: date(2010, 6, 2),
                },
            ),
            Fault(40, "doublon : même clé que la ligne précédente"),
            Fault(52, "date d'agrément invraisemblable", {signed: date(2101, 3, 4)}, kept=True),
        ],
    )
    return "galion_ddtm17.csv", to_csv(rows_of(headers, records)), notes


def _ddt79(lines: pd.DataFrame) -> Sent:
    records = records_of(lines, "DD079", TABLEUR)
    for record in records:
        record["Libellé commune"] = record["Libellé commune"].replace("Saint-", "St ")
    total = sum(record["Nombre de logements"] for record in records)
    records, notes = _spoil(
        records,
        2,
        [
            Fault(9, "année hors de l'étude", {"Numéro opération": "2008DD0799001", "Année de programmation": 2008}),
            Fault(21, "date de programmation illisible", {"Date de programmation": "à venir"}, kept=True),
            Fault(
                len(records) - 1,
                "ligne de total",
                {"Numéro opération": "Total", "Nombre de logements": total},
                only=True,
            ),
        ],
    )
    return "suivi_ddt79.ods", to_ods("Suivi", rows_of(TABLEUR, records)), notes


def _ddt86(lines: pd.DataFrame) -> Sent:
    """A bare SISAL report: programmed operations only, and those annulled are gone."""
    seen = lines[lines["date_programmation"].notna() & lines["date_fin"].isna()]
    records = records_of(seen, "DD086", SISAL)
    for i, record in enumerate(records):
        area = f"{record['SU totale']:,.1f}".replace(",", "\u00a0").replace(".", ",")
        record |= {
            "SU totale": area,
            "MOA Adresse 1": "1 rue Fictive",
            "Année Gestion Clôture": record["Année Gestion Clôture"] or "NA",
            "Réf. Parcelle cadastrale": "Non renseigné",
            "Année Achèvement Travaux": "NA",
        }
        if i % 4 == 0:
            record["Nb logts"] = f"'{record['Nb logts']}"
        if i % 10 == 3:
            record["MOA (code SIRET)"] = record["MOA (code SIRET)"].removeprefix("0")
    total = sum(seen.loc[seen["gestionnaire"].eq("DD086"), "nb_logements"])
    records, notes = _spoil(
        records,
        5,
        [
            Fault(8, "produit non renseigné", {"N° Opération GALION": "2010DD0869001", "Produit": "Non renseigné"}),
            Fault(19, "numéro d'opération vide", {"N° Opération GALION": None}),
            Fault(len(records) - 1, "ligne de total", {"Commune": "Somme :", "Nb logts": total}, only=True),
        ],
    )
    body = [[None, *row] for row in rows_of(SISAL, records)]
    sheet = [[], [None, "Rapport 1"], [], *body]
    return "sisal_ddt86.xlsx", to_xlsx({"Rapport 1": sheet}), notes


def _poitiers(lines: pd.DataFrame) -> Sent:
    records = records_of(lines, "86194", TABLEUR)
    for record in records:
        record["Libellé commune"] = record["Libellé commune"].replace("-", " ")
    records, notes = _spoil(
        records,
        2,
        [
            Fault(
                13,
                "nombre de logements qui n'est pas entier",
                {"Numéro opération": "2010861949001", "Nombre de logements": 12.5},
            ),
            Fault(
                26, "plus de cellules que d'en-têtes", {"Numéro opération": "2010861949002", "": "vu avec le bailleur"}
            ),
        ],
    )
    content = to_csv(rows_of(TABLEUR, records), encoding="cp1252")
    return "grand_poitiers.csv", content, notes


def records_of(lines: pd.DataFrame, manager: str | None, headers: Sequence[str]) -> list[Record]:
    """The lines of a gestionnaire (None: of all), by header; a header we do not know is empty."""
    own = lines if manager is None else lines[lines["gestionnaire"].eq(manager)]
    columns = {header: COLUMN.get(header, "") for header in headers}
    return [{header: row.get(column) for header, column in columns.items()} for row in own.to_dict("records")]


def rows_of(headers: Sequence[str], records: list[Record]) -> list[list[Any]]:
    """The header, then the cells of each record."""
    return [[*headers], *([*r.values()] for r in records)]


def _spoil(records: list[Record], first: int, faults: list[Fault]) -> tuple[list[Record], Notes]:
    """The records with the wrong rows among them; notes: line in the file, what, its fate."""
    rows, notes, shift = list(records), [], 0
    for fault in faults:
        place = fault.at + shift + (0 if fault.kept else 1)
        base: Record = dict.fromkeys(records[fault.at]) if fault.only else dict(records[fault.at])
        if fault.kept:
            rows[place] = base | dict(fault.change)
        else:
            rows.insert(place, base | dict(fault.change))
            shift += 1
        notes.append((first + place, fault.why, KEPT if fault.kept else REFUSED))
    return rows, notes


_README = """## Programmation

`programmation/` réunit ce que les cinq gestionnaires ont envoyé :

- `galion_ddt16.xlsx`, `galion_ddtm17.csv` (UTF-8, communes en majuscules) et `suivi_ddt79.ods` :
  listes de Galion, avec dates et statut ;
- `sisal_ddt86.xlsx` : extrait SISAL brut, sans date ni statut, une ligne par opération × produit ×
  type d'habitat, apostrophes devant des nombres, SIRET amputés d'un zéro ;
- `grand_poitiers.csv` : tableur du délégataire (cp1252, `;`), avec dates et état.

Les communes sont celles de 2014, choisies selon le parc social de 2024 et davantage dans les
secteurs tendus ou littoraux. Les totaux de 2013 sont ceux du document de cadrage (1\u202f584 PLUS
et PLAI, dont plus de la moitié en Charente-Maritime ; 999 PLS) ; leur partage entre départements et
gestionnaires est inventé. Les zones 1/2/3 et A/B/C sont plausibles, non officielles.
Après juillet, six comptes de 2012 et 2013 sont corrigés, sans changer les totaux de 2013.

Lignes fausses exprès (ligne telle que le tableur l'affiche) :

| fichier | ligne | défaut | ce que l'étude en fait |
|---|---|---|---|
{fautes}
"""
