"""Two spellings of one name made equal: case, accents, ligatures, spacing."""

import re
import unicodedata
from functools import lru_cache

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "º": "°", "’": "'", "ʼ": "'", "`": "'"})


@lru_cache(maxsize=200_000)
def plain(text: str) -> str:
    """Lower case without accents: « Œuvre d'Été » → « oeuvre d'ete »."""
    lowered = text.casefold().translate(_LIGATURES)
    decomposed = unicodedata.normalize("NFKD", lowered)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def squeeze(text: str) -> str:
    """Letters and digits only: « N° Opération GALION » → « noperationgalion »."""
    return re.sub(r"[^a-z0-9]", "", plain(text))
