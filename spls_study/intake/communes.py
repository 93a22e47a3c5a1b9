"""Labels of communes to INSEE codes, by department and name.

Reference: data/reference/communes.csv (INSEE, official geographic code, with former communes).
Codes are those of 2014, the year of the study's geography.
"""

import re
from collections import defaultdict
from functools import cache

import pandas as pd

from ..study import REFERENCE
from .fold import plain

UNKNOWN, AMBIGUOUS = "inconnue", "ambiguë"
_ARTICLES = r"(?:le|la|les|l|aux|au)"
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
    rows = reference()
    gone = rows["existe_2014"] == "non"
    lasting = set(rows.loc[~gone, "code_insee"])
    moved = rows["code_insee_actuel"].where(gone & rows["code_insee_actuel"].isin(lasting))
    return dict(zip(rows["code_insee"], moved.fillna(rows["code_insee"]), strict=True))


@cache
def find(departement: str, label: str) -> tuple[str | None, str]:
    """The code of a commune, or None with `UNKNOWN` or `AMBIGUOUS`."""
    return choose(_index(departement), label)


def choose(indexes: tuple[dict[str, set[str]], ...], label: str) -> tuple[str | None, str]:
    """`find` in indexes from name to codes, tried in their order."""
    name = _name(label)
    for names in indexes:
        if codes := names.get(name, names.get(_without_article(name))):
            return (min(codes), "") if len(codes) == 1 else (None, AMBIGUOUS)
    return None, UNKNOWN


@cache
def known(departement: str) -> bool:
    """Whether the reference has that department's communes."""
    return bool((reference()["departement"] == departement).any())


@cache
def _index(departement: str) -> tuple[dict[str, set[str]], ...]:
    """Name → codes, in the order to try: of 2014, today's, of communes gone before 2014.

    Each is followed by the same without articles: « la rochelle », then « rochelle ».
    """
    found: list[dict[str, set[str]]] = [defaultdict(set) for _ in range(6)]
    rows = reference()
    for row in rows[rows["departement"] == departement].itertuples(index=False):
        former = 4 if row.existe_2014 == "non" else 0
        for name, rank in ((_name(row.nom), former), (_name(row.nom_actuel), 2)):
            if name:
                found[rank][name].add(codes_2014()[row.code_insee])
                found[rank + 1][_without_article(name)].add(codes_2014()[row.code_insee])
    return tuple(map(dict, found))


def _name(label: str) -> str:
    """« Rochelle (La) », « LA ROCHELLE CEDEX 1 » → « la rochelle »."""
    text = re.sub(r"\bcedex\b.*", "", plain(label))
    text = re.sub(rf"^(.*?)\s*\(({_ARTICLES})'?\)\s*$", r"\2 \1", text)
    text = re.sub(r"\bs/\s*", "sur ", text)
    text = re.sub(r"\bss/\s*", "sous ", text)
    text = " ".join(re.sub(r"[^a-z0-9]+", " ", text).split())
    text = re.sub(r"\bst\b", "saint", re.sub(r"\bste\b", "sainte", text))
    text = re.sub(r"\blez\b", "les", text)
    city = text.split(" ")[0]
    if city in _BY_DISTRICT and (found := re.fullmatch(rf"{city} {_ORDINAL}", text)):
        return f"{city} {int(found.group(1))}"
    return text


def _without_article(name: str) -> str:
    return re.sub(rf"^{_ARTICLES} | {_ARTICLES}$", "", name)
