"""What a questionnaire says, block by block."""

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from ...analysis.methods.frames import frame
from ...analysis.questionnaires.shown import NOT_SHOWN
from ...codebook import Codebook, Question
from ...french import NNBSP, capital, count, listing, quoted
from .. import Block, Report, bullets, chosen, say, section, table
from .by_name import by_name
from .figures import figures
from .soundness import what_holds, who_answered
from .vue import Vue, items, why

TABLES = (
    *("taux_reponse", "non_reponse", "reponses", "reponses_non_montrees", "reponses_redressees", "croisements"),
    "reponses_nominatives",
)


def introduction(r: Report, vues: Sequence[Vue], silent: Sequence[Codebook]) -> Block:
    """Who was asked, who answered, under which rules; all tables are attached to it."""
    named = "les réponses, d'organismes publics, sont publiées avec leur nom"
    least = r.study.confidentialite.repondants
    counted = f"les réponses sont montrées en nombres, pour {least} répondants au moins"
    rules = {True: named, False: counted if least > 1 else "les réponses sont montrées en nombres"}
    said = [f"{v.codebook.titre}\u00a0: {v.rate}{NNBSP}; {rules[v.codebook.nominatif]}." for v in vues]
    said += [f"{c.titre}\u00a0: aucune réponse reçue." for c in silent]
    whole = {"reponses_non_montrees": frame((), NOT_SHOWN)}
    whole |= {name: pd.concat([getattr(v, name) for v in vues], ignore_index=True) for name in TABLES if vues}
    return bullets(said or ["L'étude n'a pas de questionnaire."], data=whole)


def questionnaire(r: Report, v: Vue, verbatims: pd.DataFrame) -> list[Any]:
    """All that is said of one questionnaire; `verbatims` as `intake.verbatims.publishable`."""
    title = v.codebook.titre
    if v.closed:
        elsewhere = "" if r.lieu.is_region else f"{NNBSP}; les résultats sont dans le rapport régional"
        few = f"trop peu pour les montrer, il en faut {r.study.confidentialite.repondants}{elsewhere}"
        if v.total.repondants >= r.study.confidentialite.repondants:
            few = f"les montrer en laisserait voir trop peu par différence entre territoires{elsewhere}"
        nothing = f"{v.rate}{NNBSP}; {few}" if v.total.repondants else "aucune réponse"
        return section(title, say(f"{capital(r.place)}\u00a0: {nothing}."))
    free = chosen(verbatims, questionnaire=v.codebook.id)
    who = sorted(set(v.reponses_nominatives["organisme"]))
    named = f"Organismes publics qui répondent sous leur nom\u00a0: {listing(who)}."
    shown = section(title, say(named if who else f"{capital(v.rate)}."), *who_answered(r, v), *what_holds(v))
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
        seen = [[(v, i)] for i in others if i.base]
        yield from figures(r, name or v.codebook.titre, f"nombres_{v.codebook.id}_{rank}", seen)
        empty = dict.fromkeys(i.question.code for i in others if not i.base)
        if empty:
            yield say(f"Sans réponse\u00a0: {listing([*empty])}.")
        if lines := [*_not_shown(v, questions)]:
            yield say("Ne sont pas montrées\u00a0:")
            yield bullets(lines)
    for item in found:
        if item.question.type == "texte" and item.base and item.question.code not in told:
            yield say(f"{item.question.libelle} {count(item.base, 'réponse libre', 'réponses libres')}.")


def _not_shown(v: Vue, questions: Sequence[Question]) -> Iterator[str]:
    """A line for each question of which something does not show, with its text."""
    for question in questions:
        rows = chosen(v.reponses_non_montrees, question=question.code)
        parts = [quoted(question.part_label(part)) for part in rows["sous_question"] if part]
        which = f" ({listing(parts)})" if 0 < len(parts) < len(question.parts) else ""
        reasons = [why(row) for row in rows.itertuples()]
        if reasons:
            yield f"{question.code}. {question.libelle}{which}\u00a0: {listing([*dict.fromkeys(reasons)])}."


def to_chase(rows: pd.DataFrame) -> Block | None:
    """The organismes that did not answer: for the project team only."""
    if rows.empty:
        return None
    return table(rows, "non_repondants", "Organismes qui n'ont pas répondu, à relancer", internal=True)
