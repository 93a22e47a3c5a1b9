"""The operations as they were known on the day of an extraction."""

from datetime import date

import pandas as pd

from .operations import draw
from .parts import Edition

JULY = date(2014, 7, 1)
ZONE_2 = {  # 2014; around La Rochelle and Poitiers a plausible list
    "16": "Angoulême|Fléac|Gond-Pontouvre|L'Isle-d'Espagnac|Linars|La Couronne|Magnac-sur-Touvre|"
    "Mornac|Nersac|Puymoyen|Ruelle-sur-Touvre|Saint-Michel|Saint-Saturnin|"
    "Saint-Yrieix-sur-Charente|Soyaux|Touvre",
    "17": "La Rochelle|Angoulins|Aytré|Châtelaillon-Plage|L'Houmeau|Lagord|Nieul-sur-Mer|Périgny|Puilboreau",
    "86": "Poitiers|Biard|Buxerolles|Chasseneuil-du-Poitou|Mignaloux-Beauvoir|Migné-Auxances|"
    "Saint-Benoît|Vouneuil-sous-Biard",
}

_CORRECTED = {  # after July; the two of 2013 cancel out, so that the brief's totals hold
    (2012, "16"): (2, -1),
    (2012, "79"): (-2,),
    (2012, "86"): (1,),
    (2013, "17"): (2, -2),
}


def as_of(edition: Edition) -> pd.DataFrame:
    """The lines as known on the day of extraction, with statut, service and zones."""
    table = draw()
    day = edition.extraction
    table = table[table["visible"].map(lambda d: d <= day)].copy()
    for name in ("date_programmation", "date_agrement", "date_fin"):
        table[name] = [d if isinstance(d, date) and d <= day else None for d in table[name]]
    ended = table["date_fin"].notna()
    signed, programmed = table["date_agrement"].notna(), table["date_programmation"].notna()
    status = table["statut_fin"].where(ended, "Validée")
    table["statut"] = status.mask(~ended & programmed, "Programmée").mask(~ended & signed, "Agréée")
    names = {"DD016": "DDT 16", "DD017": "DDTM 17", "DD079": "DDT 79", "DD086": "DDT 86", "86194": "Grand Poitiers"}
    table["service"] = table["gestionnaire"].map(names)
    zone_2 = {(d, n) for d, listed in ZONE_2.items() for n in listed.split("|")}
    where = zip(table["departement"], table["commune"], strict=True)
    table["zone_123"] = ["2" if pair in zone_2 else "3" for pair in where]
    rochelle = table["departement"].eq("17") & table["zone_123"].eq("2")
    table["zone_abc"] = table["zone_123"].map({"2": "B2", "3": "C"}).mask(rochelle, "B1")
    table["annee_cloture"] = table["annee_cloture"].astype("Int64")
    table = table.astype(object).where(table.notna(), None)
    return _revised(table) if day > JULY else table


def _revised(table: pd.DataFrame) -> pd.DataFrame:
    """The operations with the counts corrected after July."""
    table = table.copy()
    plus = table[table["produit"].eq("PLUS") & (table["nb_logements"].astype(int) > 4)]
    for (year, department), steps in _CORRECTED.items():
        known = plus[plus["annee_programmation"].eq(year) & plus["departement"].eq(department)]
        for row, step in zip(known.index[3:], steps, strict=False):
            table.loc[row, "nb_logements"] += step
    return table
