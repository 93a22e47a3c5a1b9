"""Notebook 2: what a questionnaire says, block by block, whatever its codebook."""

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from ..codebook import Codebook, Question
from ..study import SMALL_BASE
from . import matrix
from .answers import Vue, figures, items
from .blocks import Block
from .french import (
    HIDDEN,
    MISSING,
    NNBSP,
    NOT_APPLICABLE,
    cell,
    count,
    listing,
    number,
    percent,
    quoted,
)
from .report import Report, capital, chosen
from .table import attach, table
from .text import bullets, say, section

LEVEL = 0.05
ROWS = 15  # of a table on the page
CRITERIA = {"nb_logements": "le nombre de logements", "famille": "la famille"}
TABLES = ("taux_reponse", "non_reponse", "reponses", "reponses_redressees", "croisements",
          "reponses_nominatives")


def introduction(vues: Sequence[Vue], silent: Sequence[Codebook]) -> Block:
    """Who was asked, who answered, under which rules; all tables are attached to it."""
    said = []
    for v in vues:
        rule = ("les réponses, d'organismes publics, sont publiées avec leur nom"
                if v.codebook.nominatif else "les réponses sont soumises au secret statistique")
        said.append(f"{v.codebook.titre}\u00a0: {_rate(v)}{NNBSP}; {rule}.")
    said += [f"{c.titre}\u00a0: aucune réponse reçue." for c in silent]
    if not said:
        return say("L'étude n'a pas de questionnaire.")
    whole = {name: pd.concat([getattr(v, name) for v in vues], ignore_index=True)
             for name in TABLES if vues}
    return attach(bullets(said), whole)


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
    if v.closed:
        place, elsewhere = capital(r.place), "" if r.lieu.is_region else (
            f"{NNBSP}; ses résultats sont dans le rapport régional")
        few = f"trop peu de réponses, le secret statistique couvre le questionnaire{elsewhere}"
        nothing = few if v.total.repondants == HIDDEN else "aucune réponse"
        return section(title, say(f"{place}\u00a0: {nothing}."))
    free = chosen(verbatims, questionnaire=v.codebook.id)
    who = sorted(set(v.reponses_nominatives["organisme"]))
    named = f"Organismes publics qui répondent sous leur nom\u00a0: {listing(who)}."
    shown = section(title, say(named if who else f"{capital(_rate(v))}."), *_who(r, v), *_sure(v))
    for rank, (name, questions) in enumerate(v.codebook.blocks.items(), 1):
        told = chosen(free, bloc=name) if r.lieu.is_region else free[:0]
        found = [*_bloc(r, v, rank, name, questions, set(told["question"])), *_said(told)]
        shown += section(name, *found, level=3) if name else found
    return shown


def _who(r: Report, v: Vue) -> Iterator[Block]:
    strata = v.taux_reponse[v.taux_reponse["strate"] != "total"]
    if (strata["repondants"] != HIDDEN).sum() > 1 and not v.by_name:
        several = strata["strate"].str.startswith("departement=").any()
        rows = pd.concat([strata.head(ROWS - 1), chosen(v.taux_reponse, strate="total")])
        yield table(
            strata, f"taux_reponse_{v.codebook.id}", f"{capital(v.asked)} interrogés et réponses",
            view=pd.DataFrame({
                "Strate": [_stratum(r, s) for s in rows["strate"]],
                "Interrogés": [cell(n) for n in rows["population"]],
                "Réponses": [cell(n) for n in rows["repondants"]],
                "Taux (%)": [_share(row) for row in rows.itertuples()]}),
            right=("Interrogés", "Réponses", "Taux (%)"),
            note=" ".join(filter(None, [
                "s\u00a0: secret statistique." if HIDDEN in set(rows["repondants"]) else "",
                "Un organisme compte dans chacun de ses départements." if several else ""])))
    elif HIDDEN in set(strata["repondants"]):
        yield say("Le détail des réponses par strate est couvert par le secret statistique.")
    p = pd.to_numeric(v.non_reponse["p"], errors="coerce")
    if p.notna().any():
        held = v.non_reponse[p < LEVEL / len(p)]
        said = [f"{_criterion(r, t.critere)} ({_p('p', t.p)})" for t in held.itertuples()]
        how = (f"tests exacts, seuil de 5{NNBSP}% partagé entre "
               f"{count(len(p), 'comparaison')} avec la liste des {v.asked}")
        yield say(
            f"Ceux qui ont répondu diffèrent des autres par {listing(said)}{NNBSP}; {how}. Les "
            "intervalles supposent le contraire\u00a0: les lire avec les bornes." if said
            else f"Rien n'établit que ceux qui ont répondu diffèrent des autres ({how}).")


def _share(row: Any) -> str:
    if HIDDEN in (row.taux, row.population):
        return HIDDEN
    if pd.isna(row.taux):
        return MISSING
    return number(row.taux * 100, 1) if row.population >= SMALL_BASE else NOT_APPLICABLE


def _stratum(r: Report, name: str) -> str:
    column, _, value = name.partition("=")
    return r.nom(value) if column == "departement" else value or "Ensemble"


def _criterion(r: Report, name: str) -> str:
    value = name.partition("=")[2]
    return f"la présence en {r.nom(value)}" if value else CRITERIA.get(name, name)


def _p(name: str, p: float) -> str:
    return f"{name}\u00a0=\u00a0{number(p, 3)}" if p >= 0.001 else f"{name}\u00a0<\u00a00,001"


def _sure(v: Vue) -> Iterator[Block]:
    """What may be concluded: bounds, cross-tabulations, stratified estimates."""
    rows = _large(v.reponses[v.reponses["borne_min"].notna()], "effectif")
    if len(rows) and v.total.taux < 1:
        row = rows.loc[rows["effectif"].astype(float).idxmax()]
        yield say(
            f"Ceux qui n'ont pas répondu peuvent changer les parts\u00a0: {quoted(row.libelle)} "
            f"({row.question}) a {percent(row.part, 0)} des réponses{NNBSP}; parmi tous les "
            f"{v.asked} interrogés, de {percent(row.borne_min, 0)} si aucun des autres ne l'avait "
            f"choisi à {percent(row.borne_max, 0)} si tous l'avaient fait. La table des réponses "
            "donne ces bornes pour chaque modalité.")
    tested = v.croisements[v.croisements["conclusion"].isin(["écart établi", "écart non établi"])]
    held = chosen(tested, conclusion="écart établi")
    if len(held):
        yield bullets(
            f"{v.codebook.by_code[c.question_a.split('[')[0]].libelle} ({c.question_a})\u00a0: les "
            f"réponses diffèrent selon {c.question_b.replace('departement=', 'le département ')}"
            + (f" ({_p('p corrigée', c.p_holm)}, V de Cramér {number(c.v_cramer, 2)})."
               if c.p_holm != HIDDEN else ".") for c in held.head(8).itertuples())
    elif len(tested):
        yield say(f"Croisements avec les strates\u00a0: sur {count(len(tested), 'comparaison')}, "
                  "aucun écart n'est établi après la correction de Holm.")
    moved = _large(v.reponses_redressees, "part")
    if len(moved):
        gap = (moved["part"].astype(float) - moved["part_brute"].astype(float)).abs()
        row = moved.loc[gap.idxmax()]
        yield say(
            f"Si chaque strate ({row.strate}) pesait son vrai poids, les parts bougeraient de "
            f"{count(round(float(gap.max()) * 100), 'point')} au plus\u00a0: {quoted(row.libelle)} "
            f"({row.question}) passerait de {percent(row.part_brute, 0)} à {percent(row.part, 0)}.")


def _large(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Rows that show a value, on a base large enough for a share."""
    seen = rows[(rows[column] != HIDDEN) & (rows["base"] != HIDDEN) & rows[column].notna()]
    return seen[seen["base"].astype(float) >= SMALL_BASE]


def _bloc(r: Report, v: Vue, rank: int, name: str, questions: Sequence[Question],
          told: set[str]) -> Iterator[Block]:
    found = [item for q in questions for item in items(v, q)]
    texts = [i for i in found if i.question.type == "texte"]
    others = [i for i in found if i.question.type != "texte"]
    if v.by_name:
        yield from matrix.by_name(v, rank, name, questions)
    else:
        yield from figures(r, v, rank, name, [i for i in others if i.state == "visible"])
        for state, words in (("secret", "Masqué par le secret statistique"),
                             ("vide", "Sans réponse")):
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
    return [block for label, rows in verbatims.groupby("libelle", sort=False)
            for block in (say(f"{label} Réponses choisies\u00a0:"),
                          bullets(quoted(text) for text in rows["texte"]))]


def to_chase(absents: Sequence[pd.DataFrame]) -> Block | None:
    """The organismes that did not answer: for the project team only."""
    rows = pd.concat(absents, ignore_index=True) if absents else pd.DataFrame()
    if rows.empty:
        return None
    return table(rows, "non_repondants", "Organismes qui n'ont pas répondu, à relancer",
                 view=rows.head(40), internal=True)
