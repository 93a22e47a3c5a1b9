"""Comparing words that people typed."""

import re
import unicodedata


def fold(text: str) -> str:
    """Without case, accents or punctuation: « À adapter » and « a adapter » are one."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE"))
    return " ".join(re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode().lower()))
