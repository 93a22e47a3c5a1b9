"""One sheet to rows of a table: accepted as their columns and their table want them, or refused with a reason."""

import io
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from graphlib import CycleError, TopologicalSorter

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet

from notebook_reports import typst
from notebook_reports.french import long_date, number

from ..study import REGION, Study
from ..tables import DTYPES, KEYS, ORIGIN, TABLES, Column, empty, read_table
from ..words import folded, plain, squeeze
from . import programmation, values
from .persons import is_person
from .report import Findings, Read
from .sheets import Headers, Rows

_TOTAL = r"(sous[- ]?)?(total|totaux)\b.*|sommes?\s*:?"
EMPTIED = "la cellule est vidée"
_SCIENTIFIC = r"\d(?:[.,]\d+[eE]\+?|[eE]\+)\d+"
_ERROR = "erreur de tableur, ou formule sans résultat\u202f; rouvrez le classeur dans un tableur, enregistrez-le"
_LOST = (
    "numéro en notation scientifique, dont le tableur a perdu des chiffres\u202f;"
    " mettez la colonne au format Texte avant d'y coller les numéros"
)
LISTS = {
    **dict.fromkeys(("codes", "mots", "tâches"), "liste illisible"),
    "jours": "liste de dates illisible\u202f; attendu\u00a0: 12/06/2014|10/07/2014",
    "départements": "liste de départements illisible\u202f; attendu\u00a0: 16|17",
    "département": "département inconnu de l'étude\u202f; attendu\u00a0: son code ou son nom",
    "territoire": f"territoire inconnu de l'étude\u202f; attendu\u00a0: code ou nom d'un département, ou {REGION}",
}
NUMBERS = ("numéro", "siren", "siret")
_BACK = "fin antérieure au début"
_MORE = "gardé tel quel\u202f; à vérifier"
_ALONE = "une tâche ne dépend pas d'elle-même"
_STRANGE = "tâche inconnue\u202f; attendu\u00a0: un id de la table, ou plusieurs séparés par |"
_ONE = f"corrigez l'une des deux\u202f; {EMPTIED}"
# Of a table, two columns of which the second is never less; the cell that is told, emptied where the reason says so.
ORDER = (
    ("calendrier", "debut_prevu", "fin_prevue", "fin_prevue", f"{_BACK} (debut_prevu)\u202f; {_ONE}"),
    ("calendrier", "debut_reel", "fin_reelle", "fin_reelle", f"{_BACK} (debut_reel)\u202f; {_ONE}"),
    ("formations", "presents", "inscrits", "presents", f"plus de présents que d'inscrits, {_MORE}"),
    ("formations", "inscrits", "places", "inscrits", f"plus d'inscrits que de places, {_MORE}"),
    (
        *("processus", "date_debut", "date_fin", "date_fin"),
        f"{_BACK}\u202f; l'étape n'a pas de durée, corrigez l'une des deux",
    ),
)


class Received(Headers):
    """The headers of a table of the study."""

    def __init__(self, table: str) -> None:
        # An amount, or what each row has of its own, would count twice in two rows that shared its cell.
        own = {c.name for c in TABLES[table] if c.kind == "décimal" or (c.filled and c.name not in KEYS[table])}
        super().__init__(TABLES[table], {c.name for c in TABLES[table]} - own)
        self.key_of, self.measures = (
            KEYS[table][0],
            [c.name for c in self.columns if c.filled and c.name not in KEYS[table]],
        )

    def width(self, header: Sequence[str]) -> int:
        return max(place for place, cell in enumerate(header, 1) if cell.strip())

    def totals(self, cells: pd.DataFrame, read: Mapping[str, pd.Series]) -> pd.Series:
        cleaned = {c.name: values.text(read[c.name]) for c in self.columns if c.filled}
        doubtful = pd.Series(False, index=cells.index)
        for column in cleaned.values():
            total = values.by_value(column, lambda v: v.str.match("(?i)(sous|tota)"))
            doubtful |= total.isna() | total.eq(True)
        rows = cells[doubtful].astype("str").apply(lambda c: c.str.strip()).replace("", None)
        if rows.empty:
            return pd.Series(dtype="str")
        first = rows.bfill(axis=1)[cells.columns[0]]
        named = first.map(plain, na_action="ignore").astype("str").str.fullmatch(_TOTAL).fillna(False)
        total = pd.Series(cells.index.isin(named.index[named]), index=cells.index)
        others = [column.isna() for name, column in cleaned.items() if name not in (self.key_of, *self.measures)]
        for measure in self.measures:
            bare = cleaned[self.key_of].isna() & np.logical_or.reduce(others) & ~total
            total |= _adds_up(values.number(cleaned[measure].astype("str")), bare, total)
        return first.reindex(total.index[total])


headers_of = cache(Received)


def _adds_up(amounts: pd.Series, bare: pd.Series, total: pd.Series) -> pd.Series:
    """Where a row without key has the sum of the rows above it, all of them or since the last such row."""
    found = pd.Series(False, index=amounts.index)
    counted = amounts.where(~bare & ~total, 0).fillna(0).cumsum()
    since = 0.0
    for row in amounts.index[bare & amounts.notna()]:
        found[row] = bool(counted[row]) and amounts[row] in (counted[row], counted[row] - since)
        since = counted[row] if found[row] else since
    return found


def checked(study: Study, table: str, rows: Rows) -> tuple[pd.DataFrame, Findings]:
    """The rows that are accepted, as they must be, and what is wrong with the others."""
    columns, origin = TABLES[table], rows.origin
    findings = Findings(rows, [c.name for c in columns if c.personal])
    absent = values.repeated(None, len(origin))
    frame = pd.DataFrame({c.name: _typed(c, study, rows.cells.get(c.name, absent), findings) for c in columns})
    for _, low, high, cell, reason in (order for order in ORDER if order[0] == table):
        wrong = (frame[high] < frame[low]).fillna(False)
        findings.warn(wrong, cell, reason)
        if reason.endswith(EMPTIED):
            frame[cell] = frame[cell].mask(wrong)
    if table in ("programmation", "rapprochement"):
        frame = programmation.rules(study, frame, findings)
    frame = frame.assign(**{name: origin[name] for name in ORIGIN})
    _refuse_repeated(table, frame, findings)
    accepted, untied = dependencies(table, frame if findings.kept.all() else frame[findings.kept])
    findings.doubts += untied
    return accepted, findings


def _refuse_repeated(table: str, frame: pd.DataFrame, findings: Findings) -> None:
    """Refuse each row whose key came before."""
    keys = list(KEYS[table])
    rows = frame[findings.kept]
    shared = rows[rows.duplicated(keys, keep=False)]
    sheet = (", feuille " + shared["feuille"].astype("str")).fillna("")
    place = shared["fichier"].astype("str") + sheet + ", ligne " + shared["ligne"].astype("str")
    first = place.groupby([shared[key] for key in keys], dropna=False, observed=True).transform("first")
    told = "même clé qu'une ligne déjà lue (" + first[shared.duplicated(keys)] + ")\u202f; gardez l'une des deux"
    findings.refuse(frame.index.isin(told.index), keys[0], told, frame[keys[0]])


def _typed(column: Column, study: Study, cells: pd.Series, findings: Findings) -> pd.Series:
    """The column's values; what cannot be read is refused in a filled column, else emptied."""
    cleaned = values.text(cells)
    if column.filled:
        findings.refuse(cleaned.isna(), column.name, "cellule vide\u202f; remplissez-la")
    return findings.told(column.name, cleaned, partial(_values, column, study), None if column.filled else EMPTIED)


def _values(column: Column, study: Study, cells: pd.Series) -> Read:
    bad = cells.str.fullmatch(values.ERROR, na=False)
    read, reasons = _read(column, study, cells.mask(bad) if bad.any() else cells)
    reasons = {_ERROR: bad, **reasons}
    if any(wrong.any() for wrong in reasons.values()):
        read = read.mask(np.logical_or.reduce([*reasons.values()]))
    if column.reading in READINGS:
        read, told = READINGS[column.reading](study, read)
        reasons |= told
    if column.kind != "texte":
        read = read.astype(DTYPES[column.kind])
    elif not column.personal:  # what the reports' PDF cannot show
        doubtful = read[read.str.contains(f"[^{typst.SURE}]", na=False) | (read.str.len() > typst.LONGEST)]
        shown = doubtful.map(typst.told).reindex(read.index)
        reasons |= {reason: shown == reason for reason in shown.dropna().unique() if reason}
    return read, reasons


def _read(column: Column, study: Study, cells: pd.Series) -> Read:
    """The values as read, and where they are lost with the reason."""
    wrong = {}
    if column.kind == "date":
        read, unread = values.day(cells, column.reading), "date illisible\u202f; attendu\u00a0: 12/06/2014"
        strange = read.notna() & ~values.plausible(read, study.etude.edition)
        wrong = {"date invraisemblable (avant 1990 ou plus de dix ans après l'édition)\u202f; corrigez-la": strange}
    elif column.kind != "texte":
        read, unread = values.number(cells), "nombre illisible\u202f; attendu\u00a0: 1584 ou 12,5"
        parted = read.notna() & (read % 1 != 0) & (column.kind == "entier")
        wrong = {"nombre entier attendu\u202f; corrigez-le": parted}
        if (low := column.minimum) is not None:
            high = np.inf if column.maximum is None else column.maximum
            within = "au moins" if column.maximum is None else f"compris entre {number(low)} et"
            bound = number(low if column.maximum is None else column.maximum)
            wrong[f"le nombre doit être {within} {bound}"] = read.notna() & ~read.between(low, high)
    elif column.values:
        known, expected = {squeeze(v): v for v in column.values}, ", ".join(column.values)
        read = values.each(cells, lambda text: known.get(squeeze(text)))
        unread = f"valeur inconnue\u202f; attendu\u00a0: {expected}"
    elif column.reading in LISTS:
        read, unread = values.each(cells, lambda text: listed(column.reading, text, study)), LISTS[column.reading]
    elif column.reading in NUMBERS:
        with_e = cells.where(cells.str.contains("[eE]", na=False))  # few: the rest is not looked at
        return cells, {_LOST: with_e.str.fullmatch(_SCIENTIFIC, na=False)}
    else:
        return cells, {}
    return read, {unread: cells.notna() & read.isna(), **wrong}


def listed(reading: str, text: str, study: Study) -> str | None:
    """The cell as `a|b` (one part where the column has one); None where a part cannot be read."""
    if reading in ("codes", "mots", "tâches"):
        return "|".join(values.parts(text, words=reading == "mots"))
    if reading == "jours":
        days = values.day(pd.Series(values.parts(text), dtype="str"))
        return None if days.isna().any() else "|".join(days.dt.strftime("%Y-%m-%d"))
    if reading == "territoire" and squeeze(text) in {squeeze(REGION), squeeze(study.region.nom)}:
        return REGION
    whole = values.department(text, study)
    if reading != "départements":
        return whole if whole in study.departements else None
    # « Maine et Loire » is one.
    codes = [whole] if whole else [values.department(part, study) for part in values.parts(text, also="/&+")]
    return "|".join(sorted({code for code in codes if code})) if codes and all(codes) else None


def _past(study: Study, days: pd.Series) -> Read:
    told = f"date postérieure à l'extraction ({long_date(study.etude.extraction)}), gardée telle quelle"
    late = days > pd.Timestamp(study.etude.extraction)
    return days, {f"{told}\u202f; à vérifier, ou corrigez etude.extraction": late}


def _organisme(study: Study, cells: pd.Series) -> Read:
    """Organismes as their id, where any is known."""
    known = values.organismes(read_table(study, "organismes"), folded)
    told = "organisme absent de la table organismes, gardé tel quel\u202f; ajoutez-le, ou écrivez son id"
    return values.known(cells, lambda text: known.get(folded(text)), told) if known else (cells, {})


def _service(study: Study, cells: pd.Series) -> Read:
    told = "semble nommer une personne, et cette colonne est publiée\u202f; écrivez son service ou sa fonction"
    return cells, {told: cells.fillna("").map(is_person).astype("bool")}


def _number(told: str, shortest: int, longest: int, study: Study, cells: pd.Series) -> Read:
    """Numbers with their lost zeros."""
    found = values.restored(cells, shortest, longest)
    return found.fillna(cells), {f"{told}, {_MORE}": cells.notna() & found.isna()}


# The distinct values of a column as they must be, and what is to be said of some that stay.
READINGS: dict[str, Callable[[Study, pd.Series], Read]] = {
    "passée": _past,
    "organisme": _organisme,
    "gestionnaire": programmation.managers,
    "service": _service,
    "siren": partial(_number, "SIREN dont la clé est fausse", 6, 9),
    "siret": partial(_number, "SIRET incomplet ou de clé fausse", 10, 14),
}


def dependencies(table: str, rows: pd.DataFrame) -> tuple[pd.DataFrame, list[tuple[object, ...]]]:
    """The tasks that a task depends on: those there are, but for itself and for circles; and what is left out."""
    left: list[tuple[object, ...]] = []
    for column in (c.name for c in TABLES[table] if c.reading == "tâches"):
        known, places = {squeeze(id): id for id in rows["id"]}, rows.set_index("id")[[*ORIGIN]]
        kept: dict[str, list[str]] = {}
        told: list[tuple[str, str, str]] = []  # task, what it named, why
        for task, text in zip(rows["id"], rows[column].astype("str").fillna(""), strict=True):
            named = [(name, known.get(squeeze(name))) for name in filter(None, text.split("|"))]
            kept[task] = [own for _, own in named if own not in (None, task)]
            told += [(task, name, _ALONE if own else _STRANGE) for name, own in named if own in (None, task)]
        while circle := _circle(kept):
            before, task = circle[-2:]
            kept[task].remove(before)
            told.append((task, before, f"ces tâches dépendent l'une de l'autre en rond ({' → '.join(circle)})"))
        left += [(*places.loc[t], column, name, f"{why}\u202f; ce lien est laissé de côté") for t, name, why in told]
        texts = ["|".join(kept[task]) or None for task in rows["id"]]
        rows = rows.assign(**{column: pd.Series(texts, rows.index, dtype="str")})
    return rows, left


def _circle(before: dict[str, list[str]]) -> Sequence[str]:
    """The tasks of a circle, each depended on by the next, the first again at the end."""
    try:
        TopologicalSorter(before).prepare()
    except CycleError as error:
        return [*error.args[1]]
    return []


def content(table: str, rows: pd.DataFrame) -> bytes:
    """The file of checked rows, their text as text or as categories.

    Raises
    ------
    TypeError
        When a column is missing, out of place or of another type: a fault of the program.
    """
    wanted = empty(table)
    kinds = ["str" if isinstance(kind, pd.CategoricalDtype) else kind for kind in rows.dtypes]
    if [*rows] != [*wanted] or kinds != [*wanted.dtypes]:
        raise TypeError(f"{table}\u00a0: {dict(rows.dtypes)}")
    # Categories make dictionaries, which Parquet writes as such; readers are told of plain text.
    schema = pa.Schema.from_pandas(wanted, preserve_index=False)
    texts = {name: values.coded(rows[name]) for name, kind in wanted.dtypes.items() if kind == "str"}
    arrays = {
        name: pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), pa.array(distinct, "str"))
        for name, (codes, distinct) in texts.items()
    }
    arrays |= {name: pa.array(rows[name], from_pandas=True) for name in rows if name not in texts}
    whole = pa.table([arrays[name] for name in rows], [*rows])
    buffer = io.BytesIO()
    # A dictionary of nearly as many texts as rows would be given up halfway.
    few = [name for name, (codes, distinct) in texts.items() if 4 * len(distinct) < len(codes)]
    with pa.parquet.ParquetWriter(buffer, whole.schema, store_schema=False, use_dictionary=few) as writer:
        writer.write_table(whole)
        writer.add_key_value_metadata(schema.metadata)
    return buffer.getvalue()
