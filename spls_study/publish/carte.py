"""The territories as a small map, from outlines in GeoJSON whose features bear a `code`."""

import json
from collections.abc import Collection
from math import cos, radians
from pathlib import Path
from typing import Any

WIDTH = 320
WIDEST = 15  # degrees: beyond, territories are too far apart for one small map


def drawn(file: Path | None, codes: Collection[str]) -> dict[str, Any]:
    """Width, height and, by code, path and place of the label; empty if no outline is known."""
    features = json.loads(file.read_text(encoding="utf-8"))["features"] if file else []
    rings = {f["properties"]["code"]: _rings(f["geometry"]) for f in features if f["properties"]["code"] in codes}
    points = [point for each in rings.values() for ring in each for point in ring]
    if not points:
        return {}
    west, east, south, north = _bounds(points)
    if max(east - west, north - south) > WIDEST:
        return {}
    across = cos(radians((south + north) / 2))  # a degree of longitude, in degrees of latitude
    scale = WIDTH / max((east - west) * across, north - south)

    def placed(point: list[float]) -> tuple[float, float]:
        return (round((point[0] - west) * across * scale, 1), round((north - point[1]) * scale, 1))

    shapes = []
    for code, each in rings.items():
        w, e, s, n = _bounds(max(each, key=len))
        lines = (" ".join(f"{x},{y}" for x, y in map(placed, ring)) for ring in each)
        shapes.append(
            {"code": code, "trace": "".join(f"M{line}Z" for line in lines), "lieu": placed([(w + e) / 2, (s + n) / 2])}
        )
    largeur, hauteur = placed([east, south])
    return {"largeur": largeur, "hauteur": hauteur, "formes": shapes}


def _rings(geometry: Any) -> list[list[list[float]]]:
    """Outer rings of a Polygon or a MultiPolygon."""
    parts = geometry["coordinates"]
    return [parts[0]] if geometry["type"] == "Polygon" else [part[0] for part in parts]


def _bounds(points: list[list[float]]) -> tuple[float, float, float, float]:
    longitudes, latitudes = [p[0] for p in points], [p[1] for p in points]
    return min(longitudes), max(longitudes), min(latitudes), max(latitudes)
