"""Where two sources contradict each other: what is answered, against the data and against the processes."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from notebook_reports.french import count, listing, long_date, number, quoted, without_year

from ...codebook import NO, NR, YES, Codebook, Question
from ...study import Gestionnaire
from ...words import fold
from ..methods import frame
from ..programmation import rythme
from .processes import own_names, supports

TYPES = dict.fromkeys(("objet", "source_a", "valeur_a", "source_b", "valeur_b", "a_qui"), "str")
MEASURES = {"gestionnaire": "str", "mesure": "str", "valeur": "float64", "n": "int64"}
APART = 5  # volumes contradict each other when more than a fifth of the measured one lies between them
FACTOR = 1.5  # delays do from this ratio on
COMMON = {  # supports that are no tool of one's own
    *("papier", "courrier", "courriel", "mail", "tableur", "excel", "reunion", "commission", "telephone", "oral"),
    *("visioconference", "galion", "sisal"),
}
SHEETS = {"tableur", "excel"}
DELAYS = {
    "dépôt-programmation": "du dépôt à la programmation",
    "programmation-agrément": "de la programmation à l'agrément",
    "dépôt-agrément": "du dépôt à l'agrément",
}


def mesures(programmation: pd.DataFrame, year: int, extraction: date) -> pd.DataFrame:
    """What the active rows of `programmation` say of each gestionnaire, to hold against what it answers. Columns
    MEASURES.

    « opérations » and « logements » of the year, none where its rows neither are of that year nor lie on both sides of
    it; the median of each delay of `rythme.delais`, over n operations.
    """
    rows: list[tuple[object, ...]] = []
    for who, own in programmation.groupby("gestionnaire"):
        here = own[own.annee == year]
        if own.annee.min() <= year <= own.annee.max():
            n = here.numero_operation.nunique()
            rows += [(who, "opérations", n, n), (who, "logements", here.nb_logements.sum(), n)]
    delays = rythme.delais(programmation, extraction).dropna(subset=["mediane"])
    rows += delays[["gestionnaire", "etape", "mediane", "n"]].itertuples(index=False, name=None)
    return frame(rows, MEASURES)


def a_verifier(
    named: pd.DataFrame,
    answers: pd.DataFrame,
    codebooks: Mapping[str, Codebook],
    steps: pd.DataFrame,
    measured: pd.DataFrame,
    services: Sequence[Gestionnaire],
    names: Mapping[str, str],
    sources: Mapping[str, str],
    application: str,
    year: int,
) -> pd.DataFrame:
    """One row a contradiction (design.md §4), by what a question is held against, its `verifie`; then by service.

    Volumes more than a fifth apart; a tool or a spreadsheet denied, which a step of the same actor uses; delays in a
    ratio of 1.5 or more; a date limit that services say they gave and that more landlords deny than confirm.

    `named`, `answers` are the tables `reponses_nominatives` and `reponses` of the territory: what is not shown there
    is not in them. `names`: folded name of an organisme → its id. `sources`: who supplied `programmation` and
    `processus`.
    """
    actors = {g.id: own_names(g) for g in services}
    known = dict(names) | {name: who for who, own in actors.items() for name in own}
    said = named.assign(qui=[known.get(fold(name), "") for name in named.organisme])
    said = said[said.qui.isin(actors) & (said.modalite != NR)]
    said = said.sort_values("qui", key=lambda ids: ids.map([*actors].index), kind="stable")
    facts = {(row.gestionnaire, row.mesure): row for row in measured.itertuples()}
    asked = [(book, q) for book in codebooks.values() for q in book.questions if q.verifie and not q.diffusion]
    rows: list[tuple[str, ...]] = []
    for kind in ("volumes", "outil", "tableur", "delais", "date_limite"):
        same = [(book, q) for book, q in asked if q.verifie == kind]
        for book, question in same:
            own = said[(said.questionnaire == book.id) & (said.question == question.code)]
            own = own.assign(sens=own.sous_question if kind in ("volumes", "delais") else own.modalite)
            own["sens"] = own.sens.map(question.sense).astype("str")
            if kind in ("volumes", "delais"):
                found = _measured(own, facts, sources["programmation"], year)
            elif kind == "date_limite":
                found = _date_limit(question, own, [(b, q) for b, q in same if b.id != book.id], answers)
            else:
                common = COMMON | {fold(application)}
                found = _denied(kind == "tableur", own, steps, actors, common, sources["processus"])
            rows += ((what, f"{book.titre}, {question.code}", *told) for what, *told in found)
    return frame(rows, TYPES)


def _measured(
    own: pd.DataFrame, facts: Mapping[tuple[str, str], Any], source: str, year: int
) -> Iterator[tuple[str, ...]]:
    """Numbers said, against the data."""
    for row in own.itertuples():
        fact = facts.get((row.qui, row.sens))
        if fact is None:
            continue
        value = float(row.modalite)
        if row.sens in DELAYS:
            apart = max(value, fact.valeur) >= FACTOR * min(value, fact.valeur) and value != fact.valeur
            what, said = f"Délai {DELAYS[row.sens]}", _days(value)
            seen = f"{_days(fact.valeur)} (médiane de {count(fact.n, 'opération')})"
        else:
            apart = abs(value - fact.valeur) * APART > fact.valeur
            what = f"{row.sens.capitalize()} programmé{'es' if row.sens == 'opérations' else 's'} en {year}"
            said, seen = (count(n, row.sens.removesuffix("s")) for n in (value, fact.valeur))
        if apart:
            yield what, said, source, seen, row.qui


def _days(n: float) -> str:
    return f"{number(n, 0 if n == int(n) else 1)} {'jour' if abs(n) < 2 else 'jours'}"


def _denied(
    sheet: bool,
    own: pd.DataFrame,
    steps: pd.DataFrame,
    actors: Mapping[str, Collection[str]],
    common: set[str],
    source: str,
) -> Iterator[tuple[str, ...]]:
    """A tool, or a spreadsheet, that a service says it has not and uses in its process."""
    for no in own[own.sens == NO].drop_duplicates("qui").itertuples():
        used: dict[str, dict[str, None]] = {}
        for step in steps[steps.gestionnaire == no.qui].dropna(subset=["acteur", "support"]).itertuples():
            tools = supports(step.support)
            theirs = {*map(fold, step.acteur.split("|"))} & {*actors[no.qui], "gestionnaire"}
            if theirs and (tools & SHEETS if sheet else tools - common):
                used.setdefault(step.support.replace("|", " et "), {})[quoted(step.etape)] = None
        if used:
            told = "\u202f; ".join(f"{tool}\u00a0: {listing([*where])}" for tool, where in used.items())
            what = "Tableur de suivi" if sheet else "Outil propre au service"
            yield what, quoted(no.libelle), source, told, no.qui


def _date_limit(
    question: Question, own: pd.DataFrame, others: Sequence[tuple[Codebook, Question]], answers: pd.DataFrame
) -> Iterator[tuple[str, ...]]:
    """A date given, against those who did not receive it."""
    gave = own if question.type == "date" else own[own.sens == YES]
    who = [*gave.qui.unique()]
    told = count(len(who), "service en a donné une", "services en ont donné une")
    if question.type == "date" and who:
        days = sorted({date.fromisoformat(day[:10]) for day in gave.modalite})
        first = without_year(days[0]) if days[0].year == days[-1].year else long_date(days[0])
        when = f"du {first} au {long_date(days[-1])}" if len(days) > 1 else f"le {long_date(days[0])}"
        told = f"{count(len(who), 'service')}, {when}"
    for book, other in others if who else ():
        rows = answers[(answers.questionnaire == book.id) & (answers.question == other.code)]
        rows = rows[(rows.modalite != NR) & rows.effectif.notna()]
        senses = rows.modalite.map(other.sense)
        no, yes = (int(rows.effectif[senses == sense].sum()) for sense in (NO, YES))
        if no > yes:
            code = rows.modalite[senses == NO].iloc[0]
            body = book.population if isinstance(book.population, str) else "répondant"
            label = f"\u00a0: {quoted(other.choices[code])}"
            back = f" {other.phrases[code]}" if no > 1 and code in other.phrases else label
            denied = f"{count(no, body)} sur {number(int(rows.base.max()))}{back}"
            what = "Date limite de remise des opérations"
            yield what, told, f"{book.titre}, {other.code}", denied, "|".join(who)
