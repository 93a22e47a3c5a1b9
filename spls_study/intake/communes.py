"""Labels of communes to INSEE codes, by department and name.

Reference: data/reference/communes.csv (INSEE, official geographic code, with former communes).
Codes are those of 2014, the year of the study's geography.
"""

import re
from collections import defaultdict
from functools import cache, lru_cache

import pandas as pd

from ..study import REFERENCE
from ..words import plain

_ARTICLES = r"(?:le|la|les|l|aux|au)"
_AROUND = re.compile(rf"^{_ARTICLES} | {_ARTICLES}$")
_WORD = re.compile(r"[a-z0-9]+")
_IN_FULL = {"st": "saint", "ste": "sainte", "lez": "les"}
_ORDINAL = r"(\d{1,2})\s?(?:er|e|eme|ere)?(?: arr(?:ondissement|dt|\.)?)?"
_BY_DISTRICT = ("paris", "lyon", "marseille")


@cache
def reference() -> pd.DataFrame:
    """code_insee, nom, departement, code_insee_actuel, existe_2014, nom_actuel; text, by code."""
    path = REFERENCE / "communes.csv"
    return pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8")


@cache
def codes_2014() -> dict[str, str]:
    """Every INSEE code known → the code of 2014 of that place."""
    names = ("code_insee", "code_insee_actuel", "existe_2014")
    rows = [*zip(*(reference()[name].to_list() for name in names), strict=True)]
    lasting = {code for code, _, existed in rows if existed != "non"}
    return {code: code if code in lasting or now not in lasting else now for code, now, _ in rows}


@cache
def find(departement: str, label: str) -> str | None:
    """The code of a commune; None where there is none of that name, or several."""
    names, name = _index(departement), _name(label)
    found = [names[spelled] for spelled in (name, _AROUND.sub("", name)) if spelled in names]
    _, codes = min(found, key=lambda ranked: ranked[0], default=(0, ()))
    return codes[0] if len(codes) == 1 else None


@cache
def places() -> dict[str, pd.DataFrame]:
    """The communes of each department that the reference has."""
    return {str(departement): places for departement, places in reference().groupby("departement")}


@cache
def _index(departement: str) -> dict[str, tuple[int, list[str]]]:
    """Name → rank and codes of the best: 0 of 2014, 2 today's, 4 of communes gone before 2014.

    Each is followed by the same without articles: « la rochelle », then « rochelle ».
    """
    ranked = defaultdict(set)
    rows = places().get(departement, reference().iloc[:0])[["code_insee", "nom", "existe_2014", "nom_actuel"]]
    for code, nom, existed, nom_actuel in rows.itertuples(index=False, name=None):
        for rank, label in ((4 if existed == "non" else 0, nom), (2, nom_actuel)):
            if name := _name(label):
                ranked[name, rank].add(codes_2014()[code])
                ranked[_AROUND.sub("", name), rank + 1].add(codes_2014()[code])
    return {name: (rank, sorted(codes)) for (name, rank), codes in sorted(ranked.items(), reverse=True)}


@lru_cache(maxsize=100_000)
def _name(label: str) -> str:
    """« Rochelle (La) », « LA ROCHELLE CEDEX 1 » → « la rochelle »."""
    text = plain(label)
    if "cedex" in text or "(" in text or "/" in text:
        text = re.sub(r"\bcedex\b.*", "", " ".join(text.split()))
        text = re.sub(rf"^(.*?)\s*\(({_ARTICLES})'?\)\s*$", r"\2 \1", text)
        text = re.sub(r"\bs/\s*", "sur ", text)
        text = re.sub(r"\bss/\s*", "sous ", text)
    words = _WORD.findall(text)
    text = " ".join([_IN_FULL.get(word, word) for word in words])
    city = words[0] if words else ""
    if city in _BY_DISTRICT and (found := re.fullmatch(rf"{city} {_ORDINAL}", text)):
        return f"{city} {int(found.group(1))}"
    return text
