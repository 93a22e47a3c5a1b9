"""The draw: five years of invented operations, as one table of what truly happened."""

from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from spls_study.study import REFERENCE, Study

from .chance import Draw, dates, moa, operation, sizes, split
from .parts import root

SEED = 20140710
# Dwellings of 2013: the totals are the brief's, their split between gestionnaires is invented.
TARGETS = {
    "PLUS-PLAI": {"DD016": 190, "DD017": 856, "DD079": 214, "DD086": 104, "86194": 220},
    "PLS": {"DD016": 214, "DD017": 372, "DD079": 186, "DD086": 92, "86194": 135},
    "PSLA": {"DD016": 8, "DD017": 34, "DD079": 10, "DD086": 6, "86194": 14},
    "PALULOS": {"DD016": 6, "DD017": 0, "DD079": 9, "DD086": 5, "86194": 0},
    "sans suite": {"DD016": 14, "DD017": 40, "DD079": 18, "DD086": 0, "86194": 16},
}
PACE = {2010: 1.22, 2011: 1.13, 2012: 1.06, 2013: 1.0, 2014: 0.97}


@lru_cache(maxsize=1)
def draw() -> pd.DataFrame:
    """Every line of the five years, one per operation × year × produit × type d'habitat.

    Columns: the canonical ones of `programmation` (gestionnaire as id), then visible (day from
    which the line is in the extracts), date_fin and statut_fin (annulled or rejected that day).
    In 2013 the lines that are neither annulled nor rejected hold exactly the dwellings of `TARGETS`.
    """
    rng = np.random.default_rng(SEED)
    study = root()
    places = {g.id: _places(study, g.id, g.departement) for g in study.gestionnaires}
    departments = {g.id: g.departement for g in study.gestionnaires}
    waiting: dict[tuple[str, str], list[dict[str, Any]]] = {}
    operations: list[dict[str, Any]] = []
    for year, pace in PACE.items():
        for group, targets in TARGETS.items():
            for manager, target in targets.items():
                left = round(target * pace)
                put_off: list[dict[str, Any]] = []
                for old in waiting.pop((manager, group), []):
                    operations.append(old | dates(rng, year, since=old["date_depot"]) | {"annee_programmation": year})
                    left -= old["nb_logements"]
                room = round(target * PACE.get(year + 1, 0)) // 3
                for size in sizes(rng, left, group):
                    new = operation(
                        rng, year, group, size, places[manager], moa(rng, departments[manager], year, group, size)
                    )
                    new |= {
                        "id": len(operations),
                        "gestionnaire": manager,
                        "departement": departments[manager],
                        "groupe": group,
                    }
                    if group in ("PLUS-PLAI", "PLS") and rng.random() < 0.1 and size <= room:
                        room -= size
                        put_off.append(new)
                        new = new | {"date_agrement": None}
                    operations.append(new)
                waiting[manager, group] = put_off
    return _lines(rng, _numbered(operations))


def _places(study: Study, manager: str, department: str) -> pd.DataFrame:
    """Communes of 2014 where a gestionnaire works: code_insee, nom, weight (social dwellings)."""
    text = {"code_insee": "str", "departement": "str"}
    communes = pd.read_csv(REFERENCE / "communes.csv", dtype=text, keep_default_na=False)
    stock = pd.read_csv(REFERENCE / "rpls_logements_sociaux_communes_2024.csv", dtype=text)
    table = communes.query("existe_2014 == 'oui' and departement == @department").merge(
        stock[["code_insee", "nb_ls"]], on="code_insee"
    )
    need = {c: 1.6 for s in study.secteurs if s.tension != "détendu" for c in s.communes}
    table["weight"] = table["nb_ls"] ** 0.9 * table["code_insee"].map(need).fillna(1.0)
    delegated = {c for s in study.secteurs if s.nom == "Agglomération de Poitiers" for c in s.communes}
    inside = table["code_insee"].isin(delegated)
    return table[inside if manager == "86194" else ~inside].reset_index(drop=True)


def _numbered(operations: list[dict[str, Any]]) -> pd.DataFrame:
    """Numbers as Galion gives them: year of deposit, gestionnaire, rank of deposit."""
    table = pd.DataFrame(operations)
    once = table.drop_duplicates("id").sort_values(["date_depot", "id"])
    years = pd.to_datetime(once["date_depot"]).dt.year.astype("str")
    rank = once.groupby([years, "gestionnaire"]).cumcount() + 1
    numbers = years + once["gestionnaire"] + rank.map("{:04d}".format)
    of_id = dict(zip(once["id"], numbers, strict=True))
    return table.assign(numero_operation=table["id"].map(of_id))


def _lines(rng: Draw, operations: pd.DataFrame) -> pd.DataFrame:
    """Split each operation by produit and type d'habitat; both years of one put off alike."""
    splits: dict[int, list[dict[str, Any]]] = {}
    lines = []
    for op in operations.to_dict("records"):
        parts = splits.setdefault(op["id"], list(split(rng, op)))
        products = {s["produit"] for s in parts}
        lines += [op | s | {"type_financement": "MIXTE" if len(products) > 1 else s["produit"]} for s in parts]
    table = pd.DataFrame(lines).sort_values(["annee_programmation", "numero_operation", "produit", "type_habitat"])
    return table.reset_index(drop=True)
