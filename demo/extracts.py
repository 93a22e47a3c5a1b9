"""What each service sends of the operations: its own format, headers, spelling and mistakes."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from spls_study.tables import TABLES
from spls_study.words import plain, squeeze

from .parts import Edition, Part, to_csv, to_ods, to_xlsx
from .state import as_of

Record = dict[str, Any]
Notes = list[tuple[int, str, str]]  # line in the file, what is wrong, its fate
Sent = tuple[str, bytes, Notes]

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
# What the study reads under a header; a header that it does not read stays empty.
COLUMN = {squeeze(h): c.name for c in TABLES["programmation"] for h in c.headers} | {"gestionnaire": "service"}
KEPT = "ligne gardée, cellule vidée, avertissement"
REFUSED = "ligne refusée"


class Fault:
    """A row wrong on purpose: the row `at` copied with changes, the row itself if `kept`, nothing else if `only`."""

    def __init__(self, at: int, why: str, *, kept: bool = False, only: bool = False, **change: Any) -> None:
        self.at, self.why, self.kept, self.only, self.change = at, why, kept, only, change


def part(edition: Edition) -> Part:
    """The five extracts of `programmation/`."""
    lines = as_of(edition)
    files: dict[str, bytes] = {}
    told: list[str] = []
    for send in (_ddt16, _ddtm17, _ddt79, _ddt86, _poitiers):
        name, content, notes = send(lines)
        files[f"programmation/{name}"] = content
        told += [f"| `{name}` | {line} | {why} | {fate} |" for line, why, fate in notes]
    return Part(files, {"fautes": "\n".join(told)})


def _ddt16(lines: pd.DataFrame) -> Sent:
    records = _of(lines, "DD016")
    for record in records[::9]:
        record["numero_operation"] = "'" + record["numero_operation"]
    faults = (
        Fault(6, "nombre de logements négatif", numero_operation="2010DD0169001", nb_logements=-4),
        Fault(17, "deux produits dans une cellule", numero_operation="2010DD0169002", produit="PLUS / PLAI"),
        Fault(29, "nombre écrit en lettres", numero_operation="2010DD0169003", nb_logements="douze"),
    )
    rows, notes = _spoilt(GALION, records, faults)
    return "galion_ddt16.xlsx", to_xlsx({"Programmation": rows}), notes


def _ddtm17(lines: pd.DataFrame) -> Sent:
    records = _of(lines, "DD017")
    for record in records:
        record["commune"] = plain(record["commune"]).upper()
    days: Record = {"date_depot": date(2010, 6, 30), "date_programmation": None, "date_agrement": date(2010, 6, 2)}
    outside = "commune hors du département du gestionnaire"
    faults = (
        Fault(11, outside, numero_operation="2010DD0179001", commune="NIORT"),
        Fault(24, "agrément antérieur au dépôt", numero_operation="2010DD0179002", **days),
        Fault(40, "doublon : même clé que la ligne précédente"),
        Fault(52, "date d'agrément invraisemblable", kept=True, date_agrement=date(2101, 3, 4)),
    )
    rows, notes = _spoilt([h for h in GALION if h != "Code INSEE"], records, faults)
    return "galion_ddtm17.csv", to_csv(rows), notes


def _ddt79(lines: pd.DataFrame) -> Sent:
    records = _of(lines, "DD079")
    for record in records:
        record["commune"] = record["commune"].replace("Saint-", "St ")
    total = sum(record["nb_logements"] for record in records)
    faults = (
        Fault(9, "année hors de l'étude", numero_operation="2008DD0799001", annee_programmation=2008),
        Fault(21, "date de programmation illisible", kept=True, date_programmation="à venir"),
        Fault(len(records) - 1, "ligne de total", only=True, numero_operation="Total", nb_logements=total),
    )
    rows, notes = _spoilt(TABLEUR, records, faults)
    return "suivi_ddt79.ods", to_ods("Suivi", rows), notes


def _ddt86(lines: pd.DataFrame) -> Sent:
    """A bare SISAL report: programmed operations only, and those annulled are gone."""
    records = _of(lines[lines["date_programmation"].notna() & lines["date_fin"].isna()], "DD086")
    total = sum(record["nb_logements"] for record in records)
    for i, record in enumerate(records):
        record |= {
            "surface_utile": f"{record['surface_utile']:,.1f}".replace(",", "\u00a0").replace(".", ","),
            "MOA Adresse 1": "1 rue Fictive",
            "annee_cloture": record["annee_cloture"] or "NA",
            "Réf. Parcelle cadastrale": "Non renseigné",
            "Année Achèvement Travaux": "NA",
        }
        if i % 4 == 0:
            record["nb_logements"] = f"'{record['nb_logements']}"
        if i % 10 == 3:
            record["moa_siret"] = record["moa_siret"].removeprefix("0")
    faults = (
        Fault(8, "produit non renseigné", numero_operation="2010DD0869001", produit="Non renseigné"),
        Fault(19, "numéro d'opération vide", numero_operation=None),
        Fault(len(records) - 1, "ligne de total", only=True, commune="Somme :", nb_logements=total),
    )
    rows, notes = _spoilt(SISAL, records, faults, above=3)
    sheet = [[], [None, "Rapport 1"], [], *([None, *row] for row in rows)]
    return "sisal_ddt86.xlsx", to_xlsx({"Rapport 1": sheet}), notes


def _poitiers(lines: pd.DataFrame) -> Sent:
    records = _of(lines, "86194")
    for record in records:
        record["commune"] = record["commune"].replace("-", " ")
    whole, wide = "nombre de logements qui n'est pas entier", "plus de cellules que d'en-têtes"
    faults = (
        Fault(13, whole, numero_operation="2010861949001", nb_logements=12.5),
        Fault(26, wide, numero_operation="2010861949002", de_trop="vu avec le bailleur"),
    )
    rows, notes = _spoilt(TABLEUR, records, faults)
    return "grand_poitiers.csv", to_csv(rows, encoding="cp1252"), notes


def _of(lines: pd.DataFrame, manager: str) -> list[Record]:
    records: list[Record] = lines[lines["gestionnaire"].eq(manager)].to_dict("records")
    return records


def rows_of(headers: Sequence[str], records: list[Record]) -> list[list[Any]]:
    """The header, then the cells of each record; a header that no column has is empty."""
    rows = [[r.get(COLUMN.get(squeeze(h), h)) for h in headers] + [r[k] for k in r if k == "de_trop"] for r in records]
    return [[*headers], *rows]


def _spoilt(
    headers: Sequence[str], records: list[Record], faults: Sequence[Fault], above: int = 0
) -> tuple[list[list[Any]], Notes]:
    """The rows with the wrong ones among them; `above`: lines over the header."""
    rows, notes, shift = list(records), [], 0
    for fault in faults:
        place = fault.at + shift + (not fault.kept)
        row = ({} if fault.only else records[fault.at]) | fault.change
        rows[place : place + fault.kept] = [row]
        shift += not fault.kept
        notes.append((above + 2 + place, fault.why, KEPT if fault.kept else REFUSED))
    return rows_of(headers, rows), notes
