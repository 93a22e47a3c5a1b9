"""What a questionnaire says, block by block."""

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from ...codebook import Codebook, Question
from ...french import HIDDEN, NNBSP, capital, count, listing, quoted
from .. import Block, Report, bullets, chosen, say, section, table
from .by_name import by_name
from .figures import figures
from .soundness import what_holds, who_answered
from .vue import Vue, items

TABLES = ("taux_reponse", "non_reponse", "reponses", "reponses_redressees", "croisements", "reponses_nominatives")


def introduction(vues: Sequence[Vue], silent: Sequence[Codebook]) -> Block:
    """Who was asked, who answered, under which rules; all tables are attached to it."""
    named = "les réponses, d'organismes publics, sont publiées avec leur nom"
    rules = {True: named, False: "les réponses sont soumises au secret statistique"}
    said = [f"{v.codebook.titre}\u00a0: {v.rate}{NNBSP}; {rules[v.codebook.nominatif]}." for v in vues]
    said += [f"{c.titre}\u00a0: aucune réponse reçue." for c in silent]
    if not said:
        return say("L'étude n'a pas de questionnaire.")
    whole = {name: pd.concat([getattr(v, name) for v in vues], ignore_index=True) for name in TABLES if vues}
    return bullets(said, data=whole)


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
    shown = section(title, say(named if who else f"{capital(v.rate)}."), *who_answered(r, v), *what_holds(v))
    asked = [i for q in v.codebook.questions for i in items(v, q) if i.question.type != "texte"]
    if not (r.lieu.is_region or v.by_name) and {i.state for i in asked} == {"secret"}:
        few = "trop peu de réponses, ou trop peu de nouvelles depuis l'édition précédente"
        covered = "Le secret statistique couvre les réponses à toutes les questions"
        return [*shown, say(f"{covered}\u00a0: {few}{elsewhere}.")]
    for rank, (name, questions) in enumerate(v.codebook.blocks.items(), 1):
        told = chosen(free, bloc=name) if r.lieu.is_region else free[:0]
        found = [*_bloc(r, v, rank, name, questions, set(told["question"]))]
        for label, rows in told.groupby("libelle", sort=False):
            found += [say(f"{label} Réponses choisies\u00a0:"), bullets(quoted(text) for text in rows["texte"])]
        shown += section(name, *found, level=3) if name else found
    return shown


def _bloc(r: Report, v: Vue, rank: int, name: str, questions: Sequence[Question], told: set[str]) -> Iterator[Block]:
    """A block of questions; `told` are those whose free answers follow."""
    found = [item for q in questions for item in items(v, q)]
    others = [i for i in found if i.question.type != "texte"]
    if v.by_name:
        yield from by_name(v, rank, name, questions)
    else:
        seen = [[(v, i)] for i in others if i.state == "visible"]
        yield from figures(r, name or v.codebook.titre, f"nombres_{v.codebook.id}_{rank}", seen)
        for state, words in (("secret", "Masqué par le secret statistique"), ("vide", "Sans réponse")):
            codes = dict.fromkeys(i.question.code for i in others if i.state == state)
            partly = {i.question.code for i in others if i.state != state}
            if codes:
                yield say(f"{words}\u00a0: {listing([c + ' en partie' * (c in partly) for c in codes])}.")
    for item in found:
        if item.question.type == "texte" and item.state == "visible" and item.question.code not in told:
            yield say(f"{item.question.libelle} {count(item.base, 'réponse libre', 'réponses libres')}.")


def to_chase(absents: Sequence[pd.DataFrame]) -> Block | None:
    """The organismes that did not answer: for the project team only."""
    rows = pd.concat(absents, ignore_index=True) if absents else pd.DataFrame()
    if rows.empty:
        return None
    return table(rows, "non_repondants", "Organismes qui n'ont pas répondu, à relancer", internal=True)
