"""What `diff` is told of the study: how people name rows and tables, which answers may not be compared."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

import pandas as pd

from notebook_reports import french
from notebook_reports.comparison import Subject, Tables, as_day

from .analysis.questionnaires.survey import TOTAL
from .codebook import load_codebooks
from .keys import Confidentialite
from .study import REGION, Study, declared
from .tables import NOTICES, read_table

Names = Mapping[str, Mapping[str, str]]  # column → code → name
OWN = {  # columns by which a row says what its code is called
    "organisme": ("nom",),
    "bailleur": ("nom",),
    "clause": ("texte",),
    "id": ("libelle", "point", "theme", "public"),
    "modalite": ("libelle",),
}
DIMENSIONS = "annee mois jour ordre departement territoire zone gestionnaire code_insee service bailleur".split()
MONTHS = frozenset(map(str, range(1, 13)))
UNSAID = ("cle", "sous_question")  # a key that its neighbour tells
WORDS = {
    "clause": "clause «\u00a0{}\u00a0»",
    "jour": "jour {}",
    "modalite": "réponse «\u00a0{}\u00a0»",
    "numero_operation": "opération {}",
    "ordre": "n°\u00a0{}",
    "profil": "profil {}",
    "profil_attendu": "profil attendu {}",
    "profil_demande": "profil demandé {}",
}
MORE = (  # is better
    "totaux_conformes reponses_bailleurs taux_reponse_bailleurs reponses_gestionnaires bailleurs_prets "
    "bailleurs_entres comptes_ouverts part_comptes_ouverts clauses_adoptees"
).split()
LESS = "etapes_ressaisie decisions_processus retard_calendrier points_en_retard".split()
DOUBLES = {"taux_reponse_bailleurs": "reponses_bailleurs"}
RATES, BY_NAME = "taux_reponse", "reponses_nominatives"
ALWAYS = ("taux_reponse", "non_reponse", "reponses_non_montrees")  # who answered is nobody's answer
GROUPS = (  # a column that tells what the table holds, those of a group of respondents, their number
    ("question", ("questionnaire", "question", "sous_question"), "base"),
    ("question_a", ("questionnaire", "question_a", "question_b"), "n"),
    ("repartition", ("questionnaire", "question"), "reponses"),
    ("satisfaits", ("territoire",), "presents"),
)
ANNEX = "annexe_"  # then the questionnaire of which it tells all answers


def subject_of(study: Study | None) -> Subject:
    """What a comparison is told; codes stay codes without a study."""
    names, confidential = names_of(study), study.confidentialite if study else Confidentialite()
    titles = names.get("questionnaire", {})
    return Subject(
        outputs=declared("sorties"),
        dimensions=DIMENSIONS,
        row=partial(ligne, names=names),
        raw=partial(_raw, titles),
        comparable=partial(comparable, titles=titles, least=confidential.repondants),
        better=dict.fromkeys(MORE, 1) | dict.fromkeys(LESS, -1),
        doubles=DOUBLES,
        whole=REGION,
    )


def _raw(titles: Mapping[str, str], name: str) -> str:
    """« Opérations programmées »; a questionnaire by its title."""
    if name in NOTICES:
        return NOTICES[name].titre.partition(",")[0]
    return titles.get(name.removeprefix("reponses_")) or french.capital(name.replace("_", " "))


def names_of(study: Study | None) -> dict[str, dict[str, str]]:
    """What the study calls its codes; nothing without a study."""
    if study is None:
        return {}
    services = {g.id: g.nom for g in study.gestionnaires}
    books = load_codebooks(study)
    return {
        "departement": dict(study.departements),
        "territoire": {place.code: place.nom for place in study.territories},
        "gestionnaire": services,
        "organisme": services | _pairs(read_table(study, "organismes"), "id", "nom"),
        "profil": _pairs(read_table(study, "profils"), "profil", "libelle"),
        "clause": _pairs(read_table(study, "charte"), "clause", "texte"),
        "questionnaire": {code: book.titre for code, book in books.items()},
        "question": {f"{code} {q.code}": q.libelle for code, book in books.items() for q in book.questions},
        "sous_question": {
            f"{code} {q.code} {part}": q.part_label(part)
            for code, book in books.items()
            for q in book.questions
            for part in q.parts
        },
    }


def _pairs(table: pd.DataFrame, code: str, name: str) -> dict[str, str]:
    known = table.dropna(subset=[code, name])
    return dict(zip(known[code].astype(str), known[name].astype(str), strict=True))


def ligne(keys: Iterable[str], row: Mapping[Any, Any], names: Names) -> str:
    """A row as people name it, by the columns that place it.

    Examples
    --------
    >>> ligne(["organisme", "profil"], {"organisme": "B017", "profil": "Valideur", "nom": "Habitat 17"}, {})
    'Habitat 17, profil Valideur'
    >>> ligne(["mois", "strate"], {"mois": 3, "strate": "departement=17"}, {"departement": {"17": "Charente-Maritime"}})
    'Mars, Charente-Maritime'
    """
    said = [_said(column, str(row[column]), row, names) for column in keys if row.get(column) not in (None, "")]
    return french.capital(", ".join(dict.fromkeys(filter(None, said))))


def _said(column: str, value: str, row: Mapping[Any, Any], names: Names) -> str:
    if column in UNSAID:
        return ""
    if column == "strate" and "=" in value:
        of_stratum, _, value = value.partition("=")
        return _said(of_stratum, value, {}, names)
    if column == "mois" and value in MONTHS:
        return french.month(int(value))
    if column == "semaine" and (day := as_day(value)):
        return f"semaine du {french.long_date(day)}"
    of = row.get("questionnaire")
    if column in ("question", "question_a", "question_b"):
        asked = names.get("question", {}).get(f"{of} {value}")
        part = names.get("sous_question", {}).get(f"{of} {value} {row.get('sous_question')}")
        return " – ".join(filter(None, [french.quoted(asked) if asked else value, part]))
    own = [str(row[c]) for c in OWN.get(column, ()) if row.get(c)]
    base = column.removesuffix("_a").removesuffix("_b")
    listed = [names.get(base, {}).get(one, one) for one in value.split("|")]
    return WORDS.get(column, "{}").replace("{}", own[0] if own else french.listing(listed))


def comparable(
    before: Tables, after: Tables, titles: Mapping[str, str], least: int
) -> tuple[Tables, Tables, list[str]]:
    """A territory's tables, without the answers whose difference would tell those of a few; a sentence for these.

    A questionnaire that is published by name is compared whole. Of another, nothing is when its
    respondents are as many, or fewer than `least` more or less; nor a question whose base moved so.

    Parameters
    ----------
    titles
        Of questionnaires, by identifier: a table names them by one or the other.
    """
    was, now = (respondents(side[RATES]) if RATES in side else {} for side in (before, after))
    open_ = {q for side in (before, after) for q in side.get(BY_NAME, {}).get("questionnaire", ())}
    moved = {q: now[q] - was[q] for q in now if was.get(q) and q not in open_}
    few = {q: n for q, n in moved.items() if abs(n) < least}
    told = open_ | {*was, *now} - {*few}
    told, by_name = ({*some, *(titles[q] for q in some if q in titles)} for some in (told, open_))
    sentences = [
        f"le détail des réponses à «\u00a0{titles.get(q, q)}\u00a0» n'est pas comparé "
        f"({french.count(abs(n), 'répondant')} de {'plus' if n > 0 else 'moins'}\u00a0: "
        "la différence dirait leurs réponses)."
        for q, n in few.items()
        if n
    ]
    sides = [{name: _of_questionnaire(name, table) for name, table in side.items()} for side in (before, after)]
    moved_little = {n: _moved_little(sides[0][n], sides[1][n], least) for n in {*before} & {*after}}

    def kept(name: str, table: pd.DataFrame) -> pd.DataFrame:
        if "questionnaire" in table and not name.startswith(ALWAYS):
            table = table[table["questionnaire"].isin(told)]
        if hidden := moved_little.get(name):
            named = table["questionnaire"] if "questionnaire" in table else pd.Series("", index=table.index)
            table = table[named.isin(by_name) | ~_groups(table, _grouped(table)[0]).isin(hidden)]
        return table.reset_index(drop=True)

    left, right = ({name: kept(name, table) for name, table in side.items()} for side in sides)
    return left, right, sentences


def respondents(rates: pd.DataFrame) -> dict[str, int]:
    """Questionnaire → who answered, of `taux_reponse`; 0 where an earlier version of the program hid it."""
    own = rates[rates["strate"] == TOTAL]
    counts = pd.to_numeric(own["repondants"], errors="coerce").fillna(0).astype(int)
    return dict(zip(own["questionnaire"], counts, strict=True))


def _moved_little(before: pd.DataFrame, after: pd.DataFrame, least: int) -> set[tuple[str, ...]]:
    """The groups of rows that too few more or fewer answered: questions, or opinions on training by territory."""
    keys, base = _grouped(after)
    if not base or not {*keys, base} <= {*before.columns}:
        return set()
    a, b = (pd.to_numeric(t[base]).groupby(_groups(t, keys)).max() for t in (before, after))
    both = a.index.intersection(b.index)
    return {*both[(a[both] - b[both]).abs() < least]}


def _of_questionnaire(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """An annex names its questionnaire in its own name alone."""
    return table.assign(questionnaire=name.removeprefix(ANNEX)) if name.startswith(ANNEX) and len(table) else table


def _grouped(table: pd.DataFrame) -> tuple[list[str], str]:
    """The columns that make a group of respondents, and that of their number; empty where there is none."""
    for mark, keys, base in GROUPS:
        if {mark, *keys[:2], base} <= {*table.columns}:
            return [c for c in keys if c in table], base
    return [], ""


def _groups(table: pd.DataFrame, keys: list[str]) -> pd.Series:
    rows = table[keys].fillna("").astype(str).itertuples(index=False, name=None)
    return pd.Series([*rows], index=table.index, dtype="object")
