"""Open reference data of `data/reference`: weights of departments, outlines, communes' places."""

import json
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from math import fsum
from typing import Any

import pandas as pd

from notebook_reports.errors import StudyError

from .study import REFERENCE, Study

Ring = list[list[float]]  # longitude, latitude
STOCK = "rpls_logements_sociaux_communes_"  # then the year


def department_weights(study: Study) -> pd.DataFrame:
    """Columns departement, valeur: what `specialisation.reference` weighs departments by.

    A value is missing where the reference table lacks it, or where the study names no column.

    Raises
    ------
    StudyError
        When `departements.csv` has no such column of numbers.
    """
    codes = sorted(study.departements)
    table = pd.read_csv(REFERENCE / "departements.csv", dtype={"code": "str", "region": "str"})
    numbers = table.set_index("code").select_dtypes("number").reindex(codes)
    if study.specialisation is None:
        return pd.DataFrame({"departement": codes, "valeur": float("nan")})
    column = study.specialisation.reference
    if column not in numbers:
        raise StudyError(
            f"specialisation.reference\u00a0: «\u00a0{column}\u00a0» n'est pas une colonne de "
            f"data/reference/departements.csv. Colonnes possibles\u00a0: {', '.join(numbers)}."
        )
    return pd.DataFrame({"departement": codes, "valeur": numbers[column].to_numpy("float64")})


def outlines(departements: Sequence[str]) -> list[Ring]:
    """Outer rings of the departments known to the reference data."""
    features = _features("departements.geojson")
    return [ring for f in features if f["properties"]["code"] in departements for ring in _rings(f)]


def communes(departements: Sequence[str]) -> list[tuple[set[str], list[Ring]]]:
    """Each commune that the reference data draw in these departments: its codes of 2014, its outer rings."""
    before: dict[str, set[str]] = {}
    for _, _, old, now in _passage().itertuples():
        before.setdefault(now, set()).add(old)
    features = [f for file in sorted(REFERENCE.glob("communes_*.geojson")) for f in _features(file.name)]
    kept = [f for f in features if f["properties"]["dep"] in departements]
    return [({f["properties"]["code"], *before.get(f["properties"]["code"], ())}, _rings(f)) for f in kept]


def social_dwellings(departements: Sequence[str]) -> tuple[pd.Series, str]:
    """Social dwellings by code of a commune, and their vintage; nothing where the reference data have none.

    A commune that took others in bears the code of one of them, to which all are counted.
    """
    file = max(REFERENCE.glob(f"{STOCK}*.csv"), default=None)
    if file is None:
        return pd.Series(dtype="float64", index=pd.Index([], dtype="str")), ""
    stock = pd.read_csv(file, dtype={"code_insee": "str"}).set_index("code_insee").nb_ls.astype("float64")
    return stock[[code.startswith(tuple(departements)) for code in stock.index]], file.stem.removeprefix(STOCK)


def _passage() -> pd.DataFrame:
    """Columns nom_2014, code_insee_2014, code_insee_2019 of all communes of 2014 that the reference data know."""
    files = sorted(REFERENCE.glob("passage_communes_*.csv"))
    read = [pd.read_csv(file, dtype="str")[["nom_2014", "code_insee_2014", "code_insee_2019"]] for file in files]
    return pd.concat(read) if read else pd.DataFrame(columns=["nom_2014", "code_insee_2014", "code_insee_2019"])


@cache
def commune_places() -> pd.DataFrame:
    """Columns commune, longitude, latitude (middle of the outline) by code of a commune.

    Codes of 2014 that no longer exist get the place of the commune that took them in; names
    are those of 2014.
    """
    places: dict[str, tuple[str, float, float]] = {}
    for file in sorted(REFERENCE.glob("communes_*.geojson")):
        for feature in _features(file.name):
            own = feature["properties"]
            places[own["code"]] = (own["nom"], *_middle(max(_rings(feature), key=_area)))
    for _, name, code, now in _passage().itertuples():
        if place := places.get(code) or places.get(now):
            places[code] = (name, *place[1:])
    columns = ["commune", "longitude", "latitude"]
    return pd.DataFrame.from_dict(places, orient="index", columns=columns)


@cache
def _features(name: str) -> list[Any]:
    text = (REFERENCE / name).read_text(encoding="utf-8")
    return list(json.loads(text)["features"])


def _rings(feature: Any) -> list[Ring]:
    geometry = feature["geometry"]
    parts = geometry["coordinates"]
    return [parts[0]] if geometry["type"] == "Polygon" else [part[0] for part in parts]


def _cross(ring: Ring) -> list[tuple[list[float], list[float], float]]:
    return [(a, b, a[0] * b[1] - b[0] * a[1]) for a, b in pairwise(ring)]


def _area(ring: Ring) -> float:
    return abs(fsum(c for _, _, c in _cross(ring))) / 2


def _middle(ring: Ring) -> tuple[float, float]:
    """Centroid of a polygon (shoelace formula)."""
    edges = _cross(ring)
    whole = 3 * fsum(c for _, _, c in edges)
    return (fsum((a[0] + b[0]) * c for a, b, c in edges) / whole, fsum((a[1] + b[1]) * c for a, b, c in edges) / whole)
