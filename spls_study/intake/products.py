"""Products: one spelling for each, and what to do with the rest."""

import re
from os.path import commonprefix

import pandas as pd

from ..words import plain, squeeze
from .values import each

KNOWN = (
    "PLUS|PLAI|PLAI_ADP|PLS|PSLA|LOGEMENT INTERMEDIAIRE|PALULOS|PALULOS RELANCE|PRODUIT SPECIFIQUE HEBERGEMENT|RHVS"
).split("|")
_SPELLINGS = {squeeze(name): name for name in KNOWN} | {"plaiadapte": "PLAI_ADP"}
_SINGLE = {squeeze(name) for name in KNOWN if name.isalpha()}
SEVERAL = "deux produits dans une cellule\u202f; faites une ligne par produit"
TRUNCATED = "produit reconnu à ses premières lettres\u202f; à vérifier"
UNKNOWN = "produit inconnu, gardé tel quel et compté à part\u202f; à vérifier"


def fold(column: pd.Series) -> tuple[pd.Series, pd.Series]:
    """The product of each cell, and what to say of it: "", `SEVERAL`, `TRUNCATED` or `UNKNOWN`."""
    product = each(column, lambda text: _fold(text)[0])
    return product, each(column, lambda text: _fold(text)[1]).astype("str").fillna("")


def _fold(text: str) -> tuple[str, str]:
    key = squeeze(text)
    if key in _SPELLINGS:
        return _SPELLINGS[key], ""
    words = re.findall(r"[a-z]+", plain(text).replace(".", ""))
    if len(_SINGLE.intersection(words)) > 1:
        return text, SEVERAL
    shared = {spelling: len(commonprefix([spelling, key])) for spelling in _SPELLINGS}  # noqa: RUF071  # texts
    if begun := [s for s, letters in shared.items() if letters >= 4 or s in words[:1]]:
        return _SPELLINGS[max(begun, key=lambda s: (shared[s], -len(s)))], TRUNCATED
    return " ".join(text.upper().split()), UNKNOWN
