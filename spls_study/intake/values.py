"""Text to values, whole columns at a time: missing markers, numbers, dates, identifiers with their lost zeros."""

import re
from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ..study import Study
from ..words import plain, squeeze

TICKED = frozenset({"y", "yes", "o", "oui", "x", "1", "vrai", "true"})
MISSING = ("", "na", "nc", "n.d.", "non renseigné", "non renseigne", "-")
_ODD = "[\u200b\ufeff]|^['\u2019-]|^(?i:n[.acod ].*|)$"  # what `text` may change
_SPACES = "[ \u00a0\u2009\u202f]"
_WHOLE = rf"[0-9]{{1,18}}|[0-9]{{1,3}}(?:{_SPACES}[0-9]{{3}}){{1,5}}"
_UNIT = "%|k€|€|euro|m²|m2|lgt|logt|logement|jour|j"
_NUMBER = rf"([+\-\u2212]?(?:{_WHOLE})(?:[.,][0-9]{{1,40}})?)(?:{_SPACES}?({_UNIT})s?)?"
_ISO = r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})"
_FRENCH = r"(?P<d>\d{1,2})[-/. ](?P<m>\d{1,2})[-/. ](?P<y>\d{4}|\d{2})"
_WORDS = r"(?:[a-z]{2,6}di |dimanche )?(?:le )?(?P<d>\d{1,2})(?:er)? (?P<m>[a-z]{3,9})\.? (?P<y>\d{4})"
_MONTH = r"(?:(?P<m>[a-z]{3,9})\.?|(?P<n>\d{1,2})/)\s?(?P<y>\d{4})"
_TIME = r"(?:[ T]\d.*)?"
_MONTHS = "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre".split()
ERROR = r"#(VALUE!|VALEUR!|REF!|DIV/0!|N/A|NAME\?|NOM\?|NUM!|NOMBRE!|NULL!|NUL!|FORMULE .*|#+)"  # of a spreadsheet
_EPOCH = np.datetime64("1899-12-30", "s")  # day 0 of Excel's serials
_LAST_SERIAL = 2_958_465  # 31 December 9999
FORMULA = "#FORMULE "  # before a formula that a workbook gives without its result
_CODE = re.compile(r"0*(2[ABab]|\d{1,3})(?:\s*[-–—:(]?\s*[^\W\d].*)?")  # a name may follow, no other code
Codes = npt.NDArray[np.integer]


def coded(column: pd.Series) -> tuple[Codes, pd.Series]:
    """The number of each cell's text among the distinct ones (-1 where missing), and these."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes, distinct = column.cat.codes.to_numpy(), column.cat.categories
    else:
        codes, distinct = pd.factorize(column)
    return codes, pd.Series(distinct) if len(distinct) else pd.Series(dtype="str")


def codes_of(texts: Sequence[str] | pd.Series | pd.Categorical) -> pd.Series:
    """Text as a column of codes (categories), as millions of rows need."""
    if isinstance(texts, pd.Categorical):
        return pd.Series(texts)
    found = pd.Series(texts, dtype="str")
    return spread(found, np.arange(len(found)))


def repeated(text: str | None, rows: int) -> pd.Series:
    """A column of codes that has one text everywhere, or none."""
    names = pd.Index([] if text is None else [text], dtype="str")
    return pd.Series(pd.Categorical.from_codes(np.full(rows, len(names) - 1), names))


def by_value(column: pd.Series, function: Callable[[pd.Series], pd.Series]) -> pd.Series:
    """Apply `function` to the distinct values of a column only; missing stays missing, and codes codes."""
    codes, distinct = coded(column)
    found = function(distinct)
    if found is distinct:
        return column
    if isinstance(column.dtype, pd.CategoricalDtype):
        return spread(found, codes).set_axis(column.index)
    return pd.Series(found.array.take(codes, allow_fill=True), index=column.index)


def spread(found: pd.Series, codes: Codes) -> pd.Series:
    """The value of each code, text as a column of codes; -1 is missing."""
    if found.dtype != "str":
        return pd.Series(pd.api.extensions.take(found.array, codes, allow_fill=True))
    numbers, names = pd.factorize(found)
    return pd.Series(pd.Categorical.from_codes(np.append(numbers, -1)[codes], pd.Index(names, dtype="str")))


def groups(frame: pd.DataFrame) -> tuple[pd.DataFrame, Codes]:
    """The distinct rows of columns of text, and the number of each row among them."""
    found = frame.groupby([*frame], dropna=False, sort=False, observed=True).ngroup()
    return frame[~found.duplicated()].astype("str").reset_index(drop=True), found.to_numpy()


def each(column: pd.Series, function: Callable[[str], str | None]) -> pd.Series:
    """The text that `function` gives for each distinct text; None is missing."""
    return by_value(column, lambda values: values.map(function).astype("str"))


def text(column: pd.Series) -> pd.Series:
    """Trimmed, markers of absence as NaN, without Galion's apostrophe before numbers."""

    def clean(values: pd.Series) -> pd.Series:
        texts = pa.array(values, pa.string())
        odd = pc.or_(pc.match_substring_regex(texts, _ODD), pc.is_in(texts, pa.array(MISSING)))
        if not pc.any(odd).as_py() and pc.utf8_trim_whitespace(texts).equals(texts):
            return values
        trimmed = values.str.replace("[\u200b\ufeff]", "", regex=True).str.strip()
        marked = trimmed.str.match(r"['\u2019][\d+\-]").fillna(False)
        trimmed = trimmed.mask(marked, trimmed.str[1:])
        return trimmed.mask(trimmed.str.lower().isin(MISSING))

    return by_value(column, clean)


def number(column: pd.Series) -> pd.Series:
    """Numbers as float64, decimal comma or point, thousands by a space, with their unit; NaN where unreadable."""
    found = column.str.extract(f"^{_NUMBER}$", flags=re.IGNORECASE)
    read = found[0].str.replace(_SPACES, "", regex=True)
    read = read.str.replace(",", ".", regex=False).str.replace("\u2212", "-", regex=False)
    value, unit = pd.to_numeric(read).astype("float64"), found[1].str.lower()
    return value.mask(unit == "%", value / 100).mask(unit == "k€", value * 1000)


def decimal(value: float) -> str:
    """A number as it is typed, with a point: « 12 », « 1017.25 »."""
    return np.format_float_positional(value, trim="-")


def day(column: pd.Series, month: str = "") -> pd.Series:
    """Days as people type them and Excel's serials (1900 system), as datetime64[s]; NaT where unreadable.

    Parameters
    ----------
    month
        The day that a month alone stands for: `début de mois`, `fin de mois`, none.
    """
    iso, french = (column.str.extract(f"^{pattern}{_TIME}$") for pattern in (_ISO, _FRENCH))
    read = _dates(iso.fillna(french))
    if (left := read.isna() & column.notna()).any():
        words = column[left].map(lambda text: " ".join(plain(text).split()))
        read = read.fillna(_dates(words.str.extract(f"^{_WORDS}$")))
        if month.endswith("de mois"):
            only = words.str.extract(f"^{_MONTH}$")
            first = _dates(only.assign(m=only["m"].fillna(only["n"]), d="1"))
            read = read.fillna(first if month == "début de mois" else first + pd.offsets.MonthEnd(0))
    serial = np.floor(number(column.where(column.str.fullmatch(r"[\d.,]+"))))
    serial = serial.where(serial.between(1, _LAST_SERIAL))
    return read.fillna(_EPOCH + pd.to_timedelta(serial, unit="D").astype("timedelta64[s]")).astype("datetime64[s]")


def _dates(parts: pd.DataFrame) -> pd.Series:
    """Days from columns y, m (a number or the beginning of a name) and d; of two figures, a year is from 1990 on."""
    year = parts["y"].mask(parts["y"].str.len() == 2, "20" + parts["y"])
    year = year.mask(parts["y"].str.fullmatch("9[0-9]"), "19" + parts["y"])
    written = year + "-" + parts["m"].map(_month, na_action="ignore").astype("str") + "-" + parts["d"].str.zfill(2)
    return pd.to_datetime(written, format="%Y-%m-%d", errors="coerce").astype("datetime64[s]")


def _month(text: str) -> str:
    found = [place for place, name in enumerate(_MONTHS, 1) if name.startswith(text)]
    return f"{found[0]:02}" if len(found) == 1 else text.zfill(2)


def parts(text: str, words: bool = False, also: str = "") -> list[str]:
    """The parts of a list in one cell: of codes, or of words, which a comma or « et » does not part."""
    found = re.split(r"[|;\n]" if words else rf"[|;,\n{also}]|\bet\b", text)
    return list(dict.fromkeys(filter(None, map(str.strip, found))))


def plausible(days: pd.Series, edition: date) -> pd.Series:
    """Where a date is from 1990 on and no later than ten years past the edition."""
    last = pd.Timestamp(edition) + pd.DateOffset(years=10)
    return days.between(pd.Timestamp(1990, 1, 1), last)


def luhn(digits: pd.Series) -> pd.Series:
    """Where a column of digits, all of one length, satisfies Luhn's key."""
    if digits.empty:
        return digits.astype("bool")
    grid = np.array([list(d) for d in digits], dtype="int64")
    doubled = 2 * grid[:, -2::-2]
    total = grid[:, ::-2].sum(axis=1) + (doubled - 9 * (doubled > 9)).sum(axis=1)
    return pd.Series(total % 10 == 0, index=digits.index)


def restored(cells: pd.Series, shortest: int, length: int) -> pd.Series:
    """SIRET (10 to 14 digits) or SIREN (6 to 9) with their lost zeros; missing where doubtful.

    One zero comes back when Luhn's key then holds; two to four (of a SIRET, whose SIREN begins with
    several) when the key of the SIREN holds too.
    """
    digits = cells.str.replace(r"\s", "", regex=True)
    right = digits[digits.str.fullmatch(rf"\d{{{shortest},{length}}}").fillna(False)]
    full = right.str.zfill(length)
    sure = luhn(full) & ((length - right.str.len() < 2) | luhn(full.str[:9]))
    return full[sure].reindex(cells.index)


def known(cells: pd.Series, name: Callable[[str], str | None], told: str) -> tuple[pd.Series, dict[str, pd.Series]]:
    """Distinct cells under the names that these are known by; the others stay as written, and are told of."""
    found = cells.map(name, na_action="ignore").astype("str")
    return found.fillna(cells), {told: cells.notna() & found.isna()}


def organismes(table: pd.DataFrame, spelled: Callable[[str], str]) -> dict[str, str]:
    """Id, name or SIREN, so spelled → id; the first of equals."""
    names = [pair for column in ("id", "nom", "siren") for pair in zip(table[column], table["id"], strict=True)]
    return {spelled(name): id for name, id in reversed(names) if isinstance(name, str)}


def department(text: str, study: Study) -> str | None:
    """`1` → `01` where the study has it; `Charente` → `16`."""
    names = {squeeze(name): code for code, name in study.departements.items()}
    if (named := names.get(squeeze(text))) is not None:
        return named
    text = " ".join(text.split())
    if not (match := _CODE.fullmatch(text)) or re.search(r"\d", text[match.end(1) :]):
        return None
    return match.group(1).upper().zfill(2)


def insee(column: pd.Series) -> pd.Series:
    """INSEE codes of communes, with their lost zero; missing where the text is no such code."""
    upper = column.str.upper().str.zfill(5)
    return upper.where(upper.str.fullmatch(r"\d{5}|2[AB]\d{3}"))


def department_of(codes: pd.Series) -> pd.Series:
    """The department of INSEE codes: two characters, three overseas."""
    return codes.str[:2].mask(codes.str.match("9[78]").fillna(False), codes.str[:3])
