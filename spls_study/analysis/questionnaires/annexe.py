"""Every answer in one table: a row a question, its numbers in words."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

import pandas as pd

from notebook_reports.french import count, listing, number, plural, short_date

from ...codebook import NR
from ..methods import frame
from .sujets import Sujet, donnee, nombre

TYPES = {"question": "str", "reponses": "Int64", "repartition": "str"}


def annexe(sujets: Sequence[Sujet], heads: Mapping[str, str]) -> pd.DataFrame:
    """Columns question (its code, its text), reponses (how many answered), repartition.

    `heads`: name of a body that answers by name → what stands for it.
    """
    order = sorted(sujets, key=lambda s: [q.code for q in s.livre.questions].index(s.question.code))
    return frame([(f"{s.question.code} {s.label}", s.base, _named(s, heads) or _counted(s)) for s in order], TYPES)


def _counted(sujet: Sujet) -> str:
    if not sujet.is_drawn:
        return _mediane(sujet)
    counts = sujet.counts
    first = ", ".join(f"{label} {number(n)}" for label, n in zip(counts["libelle"], counts["effectif"], strict=True))
    if sujet.question.type == "echelle" and len(sujet.parts) > 1:
        each = [
            f"{label} {' · '.join(number(n) for n in own['effectif'])} ({number(own['base'].max())})"
            for label, own in sujet.parts.items()
        ]
        return f"{' · '.join(sujet.question.modalites.values())} : {' ; '.join(each)}"
    if sujet.question.type == "classement":
        ranks = sujet.rows[sujet.rows["effectif"].isna()].dropna(subset=["valeur"])
        said = [f"{sujet.question.choices[r.modalite]} {number(r.valeur, 1)}" for r in ranks.itertuples()]
        return f"en tête : {first} ; rang moyen : {', '.join(said)}"
    return first


def _mediane(sujet: Sujet) -> str:
    """« médiane 12, quartiles 6 et 20 », part by part."""
    if len(sujet.question.parts) > 1:
        parts = (f"{label} {middle} ({low} à {high})" for label, low, middle, high in _quartiles(sujet))
        return f"médiane (quartiles) : {', '.join(parts)}"
    return ", ".join(f"médiane {middle}, quartiles {low} et {high}" for _, low, middle, high in _quartiles(sujet))


def _quartiles(sujet: Sujet) -> Iterator[tuple[str, str, str, str]]:
    for part in sujet.question.parts:
        own = sujet.rows[sujet.rows["sous_question"] == part].set_index("modalite")["valeur"]
        if own.notna().any():
            low, middle, high = (_value(own[key], sujet.question.type == "date") for key in ("q1", "mediane", "q3"))
            yield sujet.question.part_label(part), low, middle, high


def _value(value: float, days: bool) -> str:
    return short_date(date(1970, 1, 1) + timedelta(days=round(value))) if days else nombre(value)


def _named(sujet: Sujet, heads: Mapping[str, str]) -> str:
    """« Courriel (16, GP), Réunion (17) », part by part; of one body, « Courriel »; in confidence, nothing."""
    rank = {code: i for i, code in enumerate([*sujet.question.choices, NR])}
    told = []
    for part, own in sujet.noms.groupby("sous_question" if sujet.question.is_grid else "question", sort=False):
        said: dict[str, list[str]] = {}
        for a in own.sort_values("modalite", key=lambda code: code.map(rank), kind="stable").itertuples():
            place = f" en {a.sous_question}" if sujet.question.type == "classement" and a.modalite != NR else ""
            said.setdefault(donnee(sujet.question, a), []).append(heads[a.organisme] + place)
        label = f"{sujet.question.part_label(str(part))} : " if sujet.question.is_grid else ""
        named = [what + f" ({', '.join(who)})" * (len(heads) > 1) for what, who in said.items()]
        told.append(label + ", ".join(named))
    return " ; ".join(told)


def sans_graphique(sujets: Sequence[Sujet]) -> str:
    """A sentence for each number or date asked: the median of each part, of how many."""
    return " ".join(
        f"{s.question.libelle} {plural(len(told), 'Médiane')} : {listing(told)} ({count(s.base, 'réponse')})."
        for s in sujets
        if not s.is_drawn
        for told in [[f"{label} {middle}".strip() for label, _, middle, _ in _quartiles(s)]]
    )
