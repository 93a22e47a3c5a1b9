"""Two spellings of one name made equal: case, accents, ligatures, punctuation, spacing."""

import html
import re
import unicodedata
from functools import lru_cache

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "º": "°", "’": "'", "ʼ": "'", "`": "'"})


# UTF-8 read as cp1252: « Ã© » for é, « â€™ » for ’; once more, « ÃƒÂ© ».
_TAIL = bytes(range(0x80, 0xC0)).decode("cp1252", "ignore") + "\x81\x8d\x8f\x90\x9d"
_DAMAGED = re.compile(f"[ÃÂÅÆË][{_TAIL}]|â[{_TAIL}]{{2}}")
_MEANT = frozenset(bytes(range(0x80, 0x100)).decode("cp1252", "ignore"))


def mended(text: str) -> str:
    """Accents composed, and what was read in the wrong encoding as it was meant."""
    if text.isascii():
        return text
    composed = unicodedata.normalize("NFC", text)
    while (again := _DAMAGED.sub(lambda found: _meant(found[0]), composed)) != composed:
        composed = again
    return composed


def _meant(damaged: str) -> str:
    raw = b"".join(c.encode("cp1252" if c.encode("cp1252", "ignore") else "latin-1") for c in damaged)
    read = raw.decode("utf-8", "ignore")
    return read if read in _MEANT else damaged


@lru_cache(maxsize=200_000)
def plain(text: str) -> str:
    """Lower case without accents: « Œuvre d'Été » → « oeuvre d'ete »."""
    if text.isascii():
        return text.lower().replace("`", "'")
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LIGATURES))
    return "".join([c for c in decomposed if not unicodedata.combining(c)])


def folded(text: str) -> str:
    """Plain, its words one space apart: « À  adapter\u202f! » → « a adapter ! »."""
    return " ".join(plain(text).split())


def bare(text: str) -> str:
    """Folded, mended, without the markup that LimeSurvey leaves: « &lt;b&gt;Délai&lt;/b&gt; » → « delai »."""
    return folded(re.sub(r"</?[a-zA-Z][^<>]*>", " ", html.unescape(mended(text))))


def fold(text: str) -> str:
    """Its words: « À adapter\u202f! » and « a  adapter » → « a adapter »."""
    return " ".join(re.findall(r"[a-z0-9]+", plain(text)))


def squeeze(text: str) -> str:
    """Letters and digits only: « N° Opération GALION » → « noperationgalion »."""
    return re.sub(r"[^a-z0-9]", "", plain(text))
