"""What a questionnaire says, block by block."""

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from ...codebook import Codebook, Question
from ...french import HIDDEN, NNBSP, capital, count, listing, percent, quoted
from ...study import SMALL_BASE
from ..blocks import Block
from ..report import Report, chosen
from ..table import table
from ..text import bullets, say, section
from .by_name import by_name
from .figures import figures
from .soundness import what_holds, who_answered
from .vue import Vue, items

TABLES = ("taux_reponse", "non_reponse", "reponses", "reponses_redressees", "croisements", "reponses_nominatives")


def introduction(vues: Sequence[Vue], silent: Sequence[Codebook]) -> Block:
    """Who was asked, who answered, under which rules; all tables are attached to it."""
    said = []
    for v in vues:
        rule = (
            "les réponses, d'organismes publics, sont publiées avec leur nom"
            if v.codebook.nominatif
            else "les réponses sont soumises au secret statistique"
        )
        said.append(f"{v.codebook.titre}\u00a0: {_rate(v)}{NNBSP}; {rule}.")
    said += [f"{c.titre}\u00a0: aucune réponse reçue." for c in silent]
    if not said:
        return say("L'étude n'a pas de questionnaire.")
    whole = {name: pd.concat([getattr(v, name) for v in vues], ignore_index=True) for name in TABLES if vues}
    return bullets(said, data=whole)


def _rate(v: Vue) -> str:
    row = v.total
    if row.repondants == HIDDEN:
        return "trop peu de réponses pour en donner le nombre"
    answers = count(row.repondants, "réponse")
    if pd.isna(row.population) or row.population == HIDDEN:
        return answers
    asked = count(row.population, f"{v.one} interrogé", f"{v.asked} interrogés")
    share = f" ({percent(row.taux, 0)})" if row.population >= SMALL_BASE else ""
    return f"{answers} pour {asked}{share}"


def questionnaire(r: Report, v: Vue, verbatims: pd.DataFrame) -> list[Any]:
    """All that is said of one questionnaire; `verbatims` as `intake.verbatims.publishable`."""
    title = v.codebook.titre
    elsewhere = "" if r.lieu.is_region else f"{NNBSP}; les résultats sont dans le rapport régional"
    if v.closed:
        few = f"trop peu de réponses, le secret statistique couvre le questionnaire{elsewhere}"
        nothing = few if v.total.repondants == HIDDEN else "aucune réponse"
        return section(title, say(f"{capital(r.place)}\u00a0: {nothing}."))
    free = chosen(verbatims, questionnaire=v.codebook.id)
    who = sorted(set(v.reponses_nominatives["organisme"]))
    named = f"Organismes publics qui répondent sous leur nom\u00a0: {listing(who)}."
    shown = section(title, say(named if who else f"{capital(_rate(v))}."), *who_answered(r, v), *what_holds(v))
    asked = [i for q in v.codebook.questions for i in items(v, q) if i.question.type != "texte"]
    if not (r.lieu.is_region or v.by_name) and {i.state for i in asked} == {"secret"}:
        return [
            *shown,
            say(
                "Le secret statistique couvre les réponses à toutes les questions\u00a0: trop peu de "
                f"réponses, ou trop peu de nouvelles depuis l'édition précédente{elsewhere}."
            ),
        ]
    for rank, (name, questions) in enumerate(v.codebook.blocks.items(), 1):
        told = chosen(free, bloc=name) if r.lieu.is_region else free[:0]
        found = [*_bloc(r, v, rank, name, questions, set(told["question"])), *_said(told)]
        shown += section(name, *found, level=3) if name else found
    return shown


def _bloc(r: Report, v: Vue, rank: int, name: str, questions: Sequence[Question], told: set[str]) -> Iterator[Block]:
    found = [item for q in questions for item in items(v, q)]
    texts = [i for i in found if i.question.type == "texte"]
    others = [i for i in found if i.question.type != "texte"]
    if v.by_name:
        yield from by_name(v, rank, name, questions)
    else:
        yield from figures(r, v, rank, name, [i for i in others if i.state == "visible"])
        for state, words in (("secret", "Masqué par le secret statistique"), ("vide", "Sans réponse")):
            codes = dict.fromkeys(i.question.code for i in others if i.state == state)
            partly = {i.question.code for i in others if i.state != state}
            said = [f"{c} en partie" if c in partly else c for c in codes]
            if said:
                yield say(f"{words}\u00a0: {listing(said)}.")
    for item in texts:
        if item.state == "visible" and item.question.code not in told:
            free = count(item.base, "réponse libre", "réponses libres")
            yield say(f"{item.question.libelle} {capital(free)}.")


def _said(verbatims: pd.DataFrame) -> list[Block]:
    """The answers marked for publication, by question."""
    return [
        block
        for label, rows in verbatims.groupby("libelle", sort=False)
        for block in (say(f"{label} Réponses choisies\u00a0:"), bullets(quoted(text) for text in rows["texte"]))
    ]


def to_chase(absents: Sequence[pd.DataFrame]) -> Block | None:
    """The organismes that did not answer: for the project team only."""
    rows = pd.concat(absents, ignore_index=True) if absents else pd.DataFrame()
    if rows.empty:
        return None
    return table(rows, "non_repondants", "Organismes qui n'ont pas répondu, à relancer", internal=True)
