"""French typography for numbers, dates and words: what a reader sees of a value.

Babel knows the separators (CLDR, locale fr): narrow no-break space U+202F in thousands,
decimal comma. Signs follow the Imprimerie nationale: U+2212 for minus, U+202F before %.
"""

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

NNBSP = "\u202f"
MISSING = "n.d."
NOT_APPLICABLE = "–"
UNKNOWN = "Non renseigné"


# Departments by code: with « le », with « les », with « à », and the feminine ones that take « en ».
_LE = "14 15 18 25 29 30 32 39 41 45 46 47 49 56 59 62 63 67 68 69 81 82 83 84 90 94 95".split()
_LES = "04 05 06 08 13 22 40 64 65 66 78 79 88 92".split()
_A = "75 974 976".split()
_EN = "07 16 17 19 24 2A 2B 28 31 33 35 37 43 44 48 52 53 54 57 70 71 73 74 76 77 85 87 93 971 972 973".split()


def number(value: Decimal | float, decimals: int = 0) -> str:
    """`1584` → « 1 584 »; `-3.25, 1` → « −3,3 » (half away from zero; no « −0 »)."""
    step = Decimal(1).scaleb(-decimals)
    rounded = Decimal(str(value)).quantize(step, ROUND_HALF_UP) or Decimal(0)
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(rounded, format=pattern, locale="fr").replace("-", "\u2212")


def percent(share: float, decimals: int = 1) -> str:
    """A share from 0 to 1: `0.523` → « 52,3 % »."""
    return number(Decimal(str(share)) * 100, decimals) + NNBSP + "%"


def points(share: float) -> str:
    """A share as a number of per cent, for a column whose header bears the unit."""
    return number(Decimal(str(share)) * 100, 1)


def signed(value: float, decimals: int = 0) -> str:
    """A difference with its sign: « +12 », « −3 », « 0 »."""
    text = number(value, decimals)
    return f"+{text}" if value > 0 else text


def long_date(day: date) -> str:
    """« 10 juillet 2014 », « 1er juillet 2014 »."""
    text = format_date(day, format="d MMMM y", locale="fr")
    return text.replace("1 ", "1er ", 1) if day.day == 1 else text


def without_year(day: date) -> str:
    """« 10 juillet »."""
    return long_date(day).rsplit(" ", 1)[0]


def short_date(day: date) -> str:
    return format_date(day, format="dd/MM/yyyy", locale="fr")


def month(n: int) -> str:
    """« janv. », « févr. »…"""
    return format_date(date(2014, n, 1), format="MMM", locale="fr")


def count(n: float, one: str, many: str | None = None) -> str:
    """A number with its noun: « 1 logement », « 1 584 logements », « 0 logement ».

    In French the plural begins at two.
    """
    return f"{number(n)} {plural(n, one, many)}"


def plural(n: float, one: str, many: str | None = None) -> str:
    """The noun alone: « logement » under two, else « logements »."""
    return one if abs(n) < 2 else many or one + "s"


def agreed(n: float, many: str) -> str:
    """A noun kept in the plural, as it goes with a number: « jours » → « jour » under two."""
    return many.removesuffix("s") if abs(n) < 2 else many


def in_words(n: int, one: str = "un") -> str:
    """A number up to ten in words: « trois », « une » where `one` says so; « 11 » beyond, « aucun » or « aucune »."""
    words = ["aucun" + one[2:], one, "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"]
    return words[n] if n < len(words) else number(n)


def listing(items: list[str]) -> str:
    """« a, b et c »."""
    return format_list(items, locale="fr")


def within(code: str, name: str) -> str:
    """Where: « en Charente », « dans la Vienne », « dans l'Ain », « dans les Landes », « à Paris ».

    What is no department is a region: « en Poitou-Charentes », « dans les Pays de la Loire ».

    >>> within("86", "Vienne"), within("34", "Hérault"), within("79", "Deux-Sèvres")
    ('dans la Vienne', "dans l'Hérault", 'dans les Deux-Sèvres')
    >>> within("region", "Bretagne"), within("region", "Grand Est"), within("region", "La Réunion")
    ('en Bretagne', 'dans le Grand Est', 'à La Réunion')
    """
    if code in _A or name in ("La Réunion", "Mayotte"):
        return f"à {name}"
    if code in _EN or not code[:1].isdigit():
        article = {"Hauts": "dans les", "Pays": "dans les", "Grand": "dans le"}.get(re.split(r"\W", name)[0], "en")
        return f"{article} {name}"
    if code in _LE or code in _LES:
        return f"dans {'le' if code in _LE else 'les'} {name}"
    silent = name[:1] in "AEIOUÉY" or name.startswith("Hé")
    return f"dans l'{name}" if silent else f"dans la {name}"


def quoted(text: str) -> str:
    """« text »."""
    return f"«\u00a0{text}\u00a0»"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def cell(value: Any, decimals: int = 0) -> str:
    """What a table shows of a value of any kind."""
    import pandas as pd  # slow: reading a study does without

    if isinstance(value, str):
        return value
    if pd.isna(value):
        return MISSING
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, (date, datetime)):
        return short_date(value)
    return number(value, decimals)


def typography(text: str) -> str:
    """Plain French with its no-break spaces: narrow before `; ! ? %` and inside numbers left as they are.

    >>> typography("« Oui » : 12 % ?")
    '«\\xa0Oui\\xa0»\\xa0: 12\\u202f%\\u202f?'
    """
    text = re.sub(r" (?=[;!?%](?:\W|$))", NNBSP, text)
    return re.sub(r" (?=[:»](?:\W|$))", "\u00a0", re.sub(r"(?<=«) ", "\u00a0", text))


def apostrophes(text: str) -> str:
    """« l'étude » → « l’étude », in HTML, SVG or Typst; not in code, styles and scripts."""
    parts = re.split(r"(<(?:pre|style|script)\b.*?</(?:pre|style|script)>)", text, flags=re.DOTALL)
    parts[::2] = [re.sub(r"(?<=\w)(?:\\?'|&#39;)(?=\w)", "\u2019", part) for part in parts[::2]]
    return "".join(parts)


def weight(size: int) -> str:
    """« 240 ko », the unit of a thousand bytes."""
    return f"{number(max(1, round(size / 1000)))}\u00a0ko"
