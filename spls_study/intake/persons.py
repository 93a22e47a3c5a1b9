"""Take e-mail addresses, telephone numbers and known names out of a free text.

A second net: a text is published only where a person has marked it.
"""

import re
from collections.abc import Iterable
from itertools import pairwise

import pandas as pd

from ..words import folded, plain

EMAIL, PHONE, NAME = "[courriel]", "[téléphone]", "[nom]"
_EMAIL = re.compile(
    r"(?<![\w.+'\-])[\w.+'\-]+\s*(?:[@\uff20]|[(\[]at[)\]]|\s(?:at|arobase)\s)\s*[\w\-]+"
    r"(?:(?:\s?\.|\s?[(\[](?:dot|point)[)\]]\s?)[\w\-]+)+",
    re.IGNORECASE,
)
_GAP = r"[\s.\-/\u2010-\u2015_]*"
_PHONE = re.compile(  # 05 49 …, 05.49…, +33 (0)5 49 …, 0033 5 49 …, in any grouping
    rf"(?<![\d])(?:(?:\+|00){_GAP}33{_GAP}(?:\(0\){_GAP})?|\(?0\)?)\(?[1-9]\)?(?:{_GAP}\d){{8}}(?!\d)"
)
_CIVILITY = frozenset("m mr mme mlle monsieur madame mademoiselle dr me".split())
_COMMON = frozenset(
    "accueil aides agence bailleur contact ddt ddtm direction dreal financement gestion habitat info logement "
    "logements mairie montage operations pole programmation secretariat service services social sociaux spls unite "
    "urbanisme".split()
)
_FULL = re.compile(r"[A-ZÀ-Þ][a-zß-ÿ]{2,}(?:[- ][A-ZÀ-Þ][a-zß-ÿ]+)? [A-ZÀ-Þ][A-ZÀ-Þ'-]{2,}")  # Marie DURAND
_SHORTEST = 3  # letters of a name looked for on its own


def without_contacts(text: str) -> str:
    """Without e-mail addresses and telephone numbers."""
    return _PHONE.sub(PHONE, _EMAIL.sub(EMAIL, text))


def names_of(organismes: pd.DataFrame) -> frozenset[str]:
    """What names a respondent: the organisme, and the people of its contact, word by word.

    An address `prenom.nom@…` names a person; words of the trade and civilities do not.
    """
    words = {word for contact in organismes["contact"].dropna() for word in _people(str(contact))}
    people = {word for word in words if len(word) >= _SHORTEST and word not in _CIVILITY | _COMMON}
    return frozenset(filter(None, people.union(map(folded, organismes["nom"].dropna()))))


def is_person(text: str) -> bool:
    """Whether a text seems to name a person: a civility, an address, a first name before a surname in capitals."""
    words = re.findall(r"[^\W\d_]+", text)
    civil = any(word.casefold() in _CIVILITY and after[0].isupper() for word, after in pairwise(words))
    named = _FULL.fullmatch(text) and not _COMMON.intersection(map(plain, words))
    return bool(civil or named or _EMAIL.search(text))


def _people(contact: str) -> Iterable[str]:
    addresses = _EMAIL.findall(contact)
    rest = _PHONE.sub(" ", _EMAIL.sub(" ", contact))
    yield from re.findall(r"[^\W\d_]+", plain(rest))
    for address in addresses:
        words = re.findall(r"[^\W\d_]+", plain(re.split(r"[@\uff20(\[\s]", address)[0]))
        if len(words) > 1:
            yield from words


def without_names(text: str, names: frozenset[str]) -> str:
    """Without contacts, then without these names, whatever their case, accents and spacing.

    Parameters
    ----------
    names
        Folded, as `names_of` gives them.
    """
    kept = without_contacts(text)
    if not names:
        return kept
    letters = [(i, f) for i, c in enumerate(kept) for f in plain(c)]
    folded = "".join(f for _, f in letters)
    wanted = "|".join(
        r"[\W_]+".join(map(re.escape, re.findall(r"\w+", n))) for n in sorted(names, key=lambda n: (-len(n), n))
    )
    parts, end = [], 0
    for match in re.finditer(rf"(?<![^\W_])(?:{wanted})(?![^\W_])", folded):
        parts += [kept[end : letters[match.start()][0]], NAME]
        after = letters[match.end() :]
        end = after[0][0] if after else len(kept)
    return "".join(parts) + kept[end:]
