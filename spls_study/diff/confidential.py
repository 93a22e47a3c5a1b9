"""What of two editions is not compared: the difference would tell the answers of a few respondents."""

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from notebook_reports.french import count

from .names import Names

RATES, BY_NAME, TOTAL = "taux_reponse", "reponses_nominatives", "total"
ALWAYS = ("taux_reponse", "non_reponse", "reponses_non_montrees")  # who answered is nobody's answer
GROUPS = (  # a column that tells what the table holds, those of a group of respondents, their number
    ("question", ("questionnaire", "question", "sous_question"), "base"),
    ("question_a", ("questionnaire", "question_a", "question_b"), "n"),
    ("repartition", ("questionnaire", "question"), "reponses"),
    ("satisfaits", ("territoire",), "presents"),
)
ANNEX = "annexe_"  # then the questionnaire of which it tells all answers
Tables = Mapping[str, pd.DataFrame]


class Withheld(NamedTuple):
    """
    Parameters
    ----------
    sentences
        In French, for the questionnaires whose respondents changed by fewer than the smallest group.
    told
        Identifiers and titles of the questionnaires whose answers may be compared.
    by_name
        Those that are published by name.
    few
        Table → the groups of its rows that too few more or fewer answered.
    """

    sentences: list[str]
    told: frozenset[str]
    by_name: frozenset[str]
    few: Mapping[str, set[tuple[str, ...]]]

    def without(self, name: str, table: pd.DataFrame) -> pd.DataFrame:
        """The table without the answers that are not compared."""
        table = _of_questionnaire(name, table)
        if "questionnaire" in table and not name.startswith(ALWAYS):
            table = table[table["questionnaire"].isin(self.told)]
        few = self.few.get(name)
        if few:
            named = table["questionnaire"] if "questionnaire" in table else pd.Series("", index=table.index)
            table = table[named.isin(self.by_name) | ~_groups(table, _grouped(table)[0]).isin(few)]
        return table.reset_index(drop=True)


def withheld(before: Tables, after: Tables, names: Names, least: int) -> Withheld:
    """What is not compared between two editions of a territory's tables.

    A questionnaire that is published by name is compared whole. Of another, nothing is when its
    respondents are as many, or fewer than `least` more or less; nor a question whose base moved so.
    """
    was, now = _respondents(before), _respondents(after)
    open_ = {*_column(before, BY_NAME, "questionnaire"), *_column(after, BY_NAME, "questionnaire")}
    few = {q: now[q] - was[q] for q in now if q in was and q not in open_ and was[q] and abs(now[q] - was[q]) < least}
    told = open_ | {q for q in {*was, *now} if q not in few}
    titles = names.get("questionnaire", {})
    sentences = [
        f"le détail des réponses à «\u00a0{titles.get(q, q)}\u00a0» n'est pas comparé "
        f"({count(abs(moved), 'répondant')} de {'plus' if moved > 0 else 'moins'}\u00a0: "
        "la différence dirait leurs réponses)."
        for q, moved in few.items()
        if moved
    ]
    both_names, by_name = (frozenset(some | {titles[q] for q in some if q in titles}) for some in (told, open_))
    few_of = {
        name: _moved_little(_of_questionnaire(name, before[name]), _of_questionnaire(name, after[name]), least)
        for name in {*before} & {*after}
    }
    return Withheld(sentences, both_names, by_name, few_of)


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


def _respondents(tables: Tables) -> dict[str, int]:
    rates = tables.get(RATES, pd.DataFrame(columns=["questionnaire", "strate", "repondants"]))
    own = rates[rates["strate"] == TOTAL]
    counts = pd.to_numeric(own["repondants"], errors="coerce").fillna(0).astype(int)
    return dict(zip(own["questionnaire"], counts, strict=True))


def _column(tables: Tables, name: str, column: str) -> set[str]:
    return {*tables[name][column]} if column in tables.get(name, pd.DataFrame()) else set()
