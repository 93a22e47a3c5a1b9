"""The answers to closed questions and numbers, drawn as secrecy leaves them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from ..codebook import NR, Codebook, Question
from ..forms.sentences import condition
from ..study import SMALL_BASE
from .blocks import Block
from .figure import figure
from .french import HIDDEN, MISSING, NNBSP, count, number, percent, quoted, short_date
from .likert import Panel, Scale, bars, diverging, height, scale_height
from .report import Report, capital, chosen
from .table import table
from .text import say

LONGEST_SCALE = 6  # modalities; a longer scale is drawn as bars
MOST, TALLEST, NAMES, ROWS = 12, 7.0, 7, 15  # modalities, inches, organismes, rows of a table
VAGUE = ("Oui", "Non", "Autre")  # answers that say nothing without their question
SUMMARY = {"mediane": "Médiane", "q1": "Premier quartile", "q3": "Troisième quartile",
           "moyenne": "Moyenne"}


@dataclass(frozen=True)
class Vue:
    """A questionnaire in one territory: its tables, as `analysis.published` gives them."""

    codebook: Codebook
    taux_reponse: pd.DataFrame
    non_reponse: pd.DataFrame
    reponses: pd.DataFrame
    reponses_redressees: pd.DataFrame
    croisements: pd.DataFrame
    reponses_nominatives: pd.DataFrame

    @property
    def one(self) -> str:
        """One of those asked."""
        return str(self.codebook.population) if isinstance(self.codebook.population, str) else (
            "répondant")

    @property
    def asked(self) -> str:
        return f"{self.one}s"

    @property
    def total(self) -> Any:
        return next(chosen(self.taux_reponse, strate="total").itertuples())

    @property
    def closed(self) -> bool:
        """Whether nothing may be said of this territory: too few answered, or nobody."""
        return bool(self.total.repondants in (HIDDEN, 0))

    @property
    def by_name(self) -> bool:
        """Whether each respondent has a column of a table."""
        return bool(0 < self.reponses_nominatives["organisme"].nunique() <= NAMES)


@dataclass(frozen=True)
class Asked:
    """A question, or one part of a grid: its rows of the table `reponses`, without NR."""

    question: Question
    part: str
    rows: pd.DataFrame

    @property
    def base(self) -> Any:
        return self.rows["base"].iloc[0]

    @property
    def first(self) -> pd.DataFrame:
        """The rows of counts: for a ranking, those of first choices."""
        return self.rows[self.rows["effectif"].notna()]

    @property
    def state(self) -> str:
        """`vide` (nobody answered), `secret` (nothing shows but zeros), else `visible`."""
        if self.base != HIDDEN and not self.base:
            return "vide"
        values = self.rows["effectif" if self.question.type != "nombre" else "valeur"]
        some = (pd.to_numeric(values, errors="coerce") > 0).any()
        return "secret" if self.base == HIDDEN or (HIDDEN in set(values) and not some) else (
            "visible")

    @property
    def is_scale(self) -> bool:
        return self.question.type == "echelle" and len(self.question.modalites) <= LONGEST_SCALE

    @property
    def label(self) -> str:
        return self.question.part_label(self.part) if self.part else self.question.libelle

    def row(self, label: str) -> Scale:
        """As one row of a scale."""
        counts = [None if n == HIDDEN else int(n) for n in self.rows["effectif"]]
        return Scale(label, counts, int(self.base))

    def summary(self) -> dict[str, str]:
        """Median, quartiles and mean of numbers or dates, as text."""
        values = self.rows.set_index("modalite")["valeur"]
        return {label: self._text(values.get(key)) for key, label in SUMMARY.items()}

    def _text(self, value: Any) -> str:
        if value == HIDDEN or pd.isna(value):
            return HIDDEN if value == HIDDEN else MISSING
        if self.question.type == "date":
            return short_date(date(1970, 1, 1) + timedelta(days=round(value)))
        return number(value, 1)


def items(v: Vue, question: Question) -> Iterator[Asked]:
    """What may be shown of one question; nothing when it is not published."""
    rows = chosen(v.reponses, question=question.code)
    rows = rows[rows["modalite"] != NR]
    for part in question.parts if question.is_grid else ("",):
        own = rows[rows["sous_question"] == part] if part else rows
        if len(own):
            yield Asked(question, part, own)


def figures(r: Report, v: Vue, rank: int, name: str, seen: Sequence[Asked]) -> Iterator[Block]:
    """Bars, then scales, then numbers, of the visible items of one block of questions."""
    yield from _bars(r, v, name, [i for i in seen if i.question.choices and not i.is_scale])
    scales: dict[tuple[str, ...], list[Asked]] = {}
    for item in seen:
        if item.is_scale:
            scales.setdefault(tuple(item.question.modalites.values()), []).append(item)
    for modalities, group in scales.items():
        yield _scale(r, v, name, modalities, group)
    numbers = [i for i in seen if not i.question.choices]
    if len(numbers) == 1:
        item, told = numbers[0], numbers[0].summary()
        ends = {told["Premier quartile"], told["Troisième quartile"]}
        quartiles = "quartiles couverts par le secret statistique" if HIDDEN in ends else (
            f"quartiles {told['Premier quartile']} et {told['Troisième quartile']}")
        yield say(f"{item.question.code}. {item.question.libelle} Médiane {told['Médiane']}, "
                  f"{quartiles} ({count(item.base, 'réponse')}).")
    elif numbers:
        lines = [{"Question": f"{i.question.code}. {i.label}", "Réponses": number(i.base)}
                 | i.summary() for i in numbers]
        rows = pd.concat([i.rows for i in numbers])
        yield table(rows, f"nombres_{v.codebook.id}_{rank}",
                    f"{name or v.codebook.titre}\u00a0: médianes et quartiles",
                    view=pd.DataFrame(lines[:ROWS]), right=list(lines[0])[1:],
                    note="s\u00a0: secret statistique." if HIDDEN in set(rows["valeur"]) else "")


def pages(panels: Sequence[Panel], groups: Sequence[str] = ()) -> Iterator[slice]:
    """Which panels make each figure, so that it holds on a page."""
    start = 0
    for end in range(1, len(panels) + 1):
        if end == len(panels) or height(panels[start:end + 1], groups) > TALLEST:
            yield slice(start, end)
            start = end


def _bars(r: Report, v: Vue, name: str, seen: Sequence[Asked]) -> Iterator[Block]:
    panels = [_panel(item) for item in seen]
    for page in pages(panels):
        title = _lead(seen[page]) or f"{name or v.codebook.titre}\u00a0: réponses"
        yield figure(
            bars(panels[page]), title=title,
            subtitle=f"{capital(v.asked)}, {r.place}, nombre de réponses par modalité",
            alt=f"Barres horizontales, {count(len(panels[page]), 'question')}. {title}"[:150],
            reading=_reading(v, seen[page]), scope=_scope(v, seen[page]), source=_source(r, v),
            height=height(panels[page]))


def _panel(item: Asked) -> Panel:
    rows, base = item.first, int(item.base)
    counts = pd.to_numeric(rows["effectif"], errors="coerce")
    if item.question.type != "choix_unique":  # hidden counts rank between those seen and none
        order = counts.fillna(0.5).sort_values(ascending=False, kind="stable").index
        rows, counts = rows.loc[order], counts.loc[order]
    ends = rows[["ic_bas", "ic_haut"]].apply(pd.to_numeric, errors="coerce")
    if base < SMALL_BASE:
        ends[:] = float("nan")
    ranks = chosen(item.rows, sous_question="rang_moyen").set_index("modalite")["valeur"]
    texts = [HIDDEN if n == HIDDEN else number(n) + (
        f" ({percent(n / base, 0)})" if base >= SMALL_BASE else "") for n in rows["effectif"]]
    if item.question.type == "classement":
        texts = [t if pd.isna(k) or k == HIDDEN else f"{t}, rang {number(k, 1)}"
                 for t, k in zip(texts, rows["modalite"].map(ranks), strict=True)]
    title = " – ".join(filter(None, (item.question.libelle, item.part and item.label)))
    return Panel(f"{item.question.code}. {title} (n\u00a0=\u00a0{base})", pd.DataFrame({
        "label": rows["libelle"], "groupe": 0, "valeur": counts / base, "bas": ends["ic_bas"],
        "haut": ends["ic_haut"], "texte": texts, "fort": counts == counts.max()}).head(MOST))


def _lead(seen: Sequence[Asked]) -> str:
    """The largest share that shows, in ten words at most; a vague answer for want of others."""
    best = (False, 0.0, "")
    for item in seen:
        for row in item.first[item.first["effectif"] != HIDDEN].itertuples():
            text = f"{quoted(row.libelle)}\u00a0: {row.effectif} réponses sur {row.base}"
            if row.effectif > 1 and len(text.split()) <= 12:
                found = (row.libelle not in VAGUE, row.effectif / row.base, text)
                best = max(best, found, key=lambda b: b[:2])
    return best[2]


def _reading(v: Vue, seen: Sequence[Asked]) -> str:
    """The largest bar that shows put into words, where the base allows a share."""
    rows = pd.concat([i.first for i in seen])
    rows = rows[(rows["effectif"] != HIDDEN) & (rows["base"].astype(float) >= SMALL_BASE)]
    if rows.empty:
        return ""
    row = rows.loc[rows["effectif"].astype(float).idxmax()]
    whole = "d'une population inconnue" if pd.isna(row.population) else (
        f"de l'ensemble des {v.asked} concernés")
    return (f"{quoted(row.libelle)} ({row.question})\u00a0: {number(row.effectif)} réponses sur "
            f"{number(row.base)}, soit {percent(row.part, 0)}{NNBSP}; entre "
            f"{percent(row.ic_bas, 0)} et {percent(row.ic_haut, 0)} {whole} (trait fin, "
            f"intervalle exact à 95{NNBSP}%).")


def _scope(v: Vue, seen: Sequence[Asked]) -> str:
    filters = v.codebook.filters
    asked = {i.question.code: f"{i.question.code} est posée si "
             f"{condition(v.codebook, filters[i.question.code])}"
             for i in seen if i.question.code in filters}
    hidden = HIDDEN in set(pd.concat([i.rows["effectif"] for i in seen]))
    return f"{NNBSP}; ".join([
        f"n\u00a0=\u00a0{number(v.total.repondants)} réponses au questionnaire, sans les "
        "non-réponses à une question", *asked.values(),
        *(["s\u00a0: secret statistique"] if hidden else [])]) + "."


def _source(r: Report, v: Vue) -> str:
    return f"{v.codebook.titre}, {r.study.source('reponses_' + v.codebook.id)}."


def _scale(r: Report, v: Vue, name: str, modalities: Sequence[str],
           seen: Sequence[Asked]) -> Block:
    rows = [item.row(item.label) for item in seen]
    whole = [row for row in rows if None not in row.counts]
    low = max(whole, key=lambda row: row.ends[0]).label if len(whole) > 1 else ""
    title = f"Au plus bas\u00a0: {quoted(low)}"
    if not low or len(title.split()) > 12:
        title = _lead(seen) or f"{name or v.codebook.titre}\u00a0: réponses"
    shares = f"{NNBSP}; aux bouts, part de chaque moitié" if any(
        row.base >= SMALL_BASE for row in whole) else ""
    asked = dict.fromkeys(f"{i.question.code}. {i.question.libelle}" for i in seen if i.part)
    return figure(
        diverging(rows, modalities, SMALL_BASE), title=title,
        subtitle=" ".join([*asked, f"{capital(v.asked)}, {r.place}, nombre de réponses{shares}"]),
        alt=f"Barres divergentes, {count(len(rows), 'ligne')}, de {modalities[0]} à "
        f"{modalities[-1]}. {title}"[:150],
        scope=_scope(v, seen), source=_source(r, v), height=scale_height(rows, modalities))
