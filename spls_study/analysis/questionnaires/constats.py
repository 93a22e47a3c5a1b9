"""What is said of answers: sentences with a verb and a number, computed on all of them, ties told."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd

from notebook_reports.french import count, listing, number, plural, quoted, short_date, without_year

from ...codebook import NR, Codebook
from ..methods import frame
from .sujets import Dit, Key, Partie, Sujet, by_question, donnee, grouped, nombre
from .survey import RANG_MOYEN, TOTAL

VERBS = {
    "choix_multiple": ("cite", "citent", "cités"),
    "classement": ("place en tête", "placent en tête", "placés en tête"),
}
CHOOSE = ("répond", "répondent", "choisis")
TIED = 3  # answers named when as many give each
FAMILY = "famille="
ANNEXE = {"question": "str", "reponses": "Int64", "repartition": "str"}


def constat(sujet: Sujet) -> str:
    """The title of a question: what most said, and how many of the bodies beside say it too.

    Of a scale, the half that most gave on one point, or the half that the codebook has words for.

    « 15 bailleurs sur 24 citent « Courriel », et 4 gestionnaires sur 5 ».
    """
    phrases = sujet.question.phrases if sujet.is_scale else {}
    first = premiers([d for d in sujet.dits if d.cle in phrases] or sujet.dits)
    dit = min(first, key=lambda d: d.cle) if sujet.is_scale else first[0]
    said = _says(sujet, dit)
    if sujet.is_scale:
        labels = [quoted(sujet.question.part_label(d.point)) for d in first if d.cle == dit.cle]
        if len(labels) > TIED:
            return f"{said} à chacun des {len(labels)} points"
        where = f" : {listing(labels)}" if len(sujet.points) > 1 else ""
        return said + where + (_beside(sujet, dit) if len(labels) == 1 else "")
    one, many, chosen = VERBS.get(sujet.question.type, CHOOSE)
    if dit.n == 0:
        return f"Aucune des réponses proposées n'est donnée par {sujet.bodies(sujet.base)}"
    if len(first) > TIED:
        return f"{len(first)} réponses ex aequo : {_who(sujet, dit)} {plural(dit.n, one, many)} chacune"
    if len(first) > 1:
        given = listing([d.texte for d in first])
        return f"{given} sont {chosen} par {_who(sujet, dit)} chacun, ex aequo"
    return said + _beside(sujet, dit)


def premiers(dits: Sequence[Dit]) -> list[Dit]:
    """What the greatest share said; equals together."""
    most = max((d.n / d.base for d in dits), default=0)
    return [d for d in dits if d.n / d.base == most]


def _who(sujet: Sujet, dit: Dit) -> str:
    all_of_them = dit.n == dit.base > 1
    return f"Les {sujet.bodies(dit.n)}" if all_of_them else f"{sujet.bodies(dit.n)} sur {number(dit.base)}"


def _says(sujet: Sujet, dit: Dit) -> str:
    """Who gives an answer, in the codebook's words where it has some."""
    one, many, _ = VERBS.get(sujet.question.type, CHOOSE)
    phrase = sujet.question.phrases.get(dit.cle, "") if dit.n > 1 else ""
    return f"{_who(sujet, dit)} {phrase or f'{plural(dit.n, one, many)} {dit.texte}'}"


def _beside(sujet: Sujet, dit: Dit) -> str:
    """How many of the bodies that answer by name say the same."""
    face = sujet.face
    theirs = [d for d in face.dits if d.point == dit.point] if face else []
    if face is None or not theirs:
        return ""
    of, same = theirs[0].base, sum(d.n for d in theirs if d.cle == dit.cle)
    if of == 1:
        name = next(a.organisme for a in face.noms if a.sous_question == dit.point and a.modalite != NR)
        return f", {name} aussi" if same else f", pas {name}"
    return f", et {face.bodies(same)} sur {number(of)}" if same else f", mais aucun des {face.bodies(of)}"


def accord(sujet: Sujet) -> bool | None:
    """Whether those who answer by name give the same first answer, or lean to the same side of each part of a scale."""
    ours, theirs = ({} if s is None else _leaning(s) for s in (sujet, sujet.face))
    both = ours.keys() & theirs.keys()
    return all(ours[point] & theirs[point] for point in both) if both else None


def _leaning(sujet: Sujet) -> dict[str, set[str]]:
    """What most said on each point."""
    each = grouped(sujet.dits, lambda dit: dit.point)
    return {point: {d.cle for d in premiers(own) if d.n} for point, own in each.items()}


def accords(sujets: Sequence[Sujet]) -> str:
    """« bailleurs et gestionnaires s'accordent sur 1 question commune sur 2 »: they give the same first answer."""
    both = [(s, same) for s in sujets if (same := accord(s)) is not None]
    if not both:
        return ""
    agreed, of = sum(same for _, same in both), len(both)
    groups = listing([*dict.fromkeys(f"{one}s" for s, _ in both for one in (s.one, s.face.one if s.face else s.one))])
    if 0 < agreed < of:
        told = count(agreed, "question commune", "questions communes")
        return f"{groups} s'accordent sur {told} sur {of}"
    if of == 1:
        return f"{groups} {'' if agreed else 'ne '}s'accordent {'' if agreed else 'pas '}sur 1 question commune"
    which = f"s'accordent sur les {of}" if agreed else f"ne s'accordent sur aucune des {of}"
    return f"{groups} {which} questions communes"


def entente(partie: Partie) -> str:
    """The heading of a part: on how many questions those who answered agree, with the bodies beside or among them.

    « Recenser : bailleurs et gestionnaires s'accordent sur 1 question commune sur 2 ».
    """
    nom, sujets = re.split(r"\s:", partie.nom)[0], partie.sujets
    if told := accords(sujets):
        return f"{nom} : {told}"
    if not sujets:
        return f"{nom} : {unanimes(partie.nommes)}" if partie.nommes else nom
    firsts = [premiers(s.dits)[0] for s in sujets if s.is_choice]
    most = sum(2 * first.n > first.base for first in firsts)
    base = max(s.base for s in sujets)
    if not firsts:
        questions = len({s.key for s in sujets})
        verb = plural(base, "répond", "répondent")
        return f"{nom} : {sujets[0].bodies(base)} {verb} à {count(questions, 'question')}"
    everyone = f"plus de la moitié des {sujets[0].bodies(base)}"
    if not most:
        return f"{nom} : aucune réponse ne réunit {everyone}"
    told = f" à {count(most, 'question')} sur {len(firsts)}" if len(firsts) > 1 else ""
    return f"{nom} : une même réponse réunit {everyone}{told}"


def unanimes(sujets: Sequence[Sujet]) -> str:
    """Of questions answered by name, what most say: the answer that most give, else on what they are farthest apart."""
    choices, scales = [s for s in sujets if s.is_choice], [s for s in sujets if s.is_scale]
    if not choices:
        return constat(scales[0]) if scales else _spread(sujets)
    answers = [premiers(s.dits)[0] for s in choices]
    alike = premiers(answers)
    if len(alike) <= 2:
        return " ; ".join(constat(s) for s, answer in zip(choices, answers, strict=True) if answer in alike)
    sujet = choices[answers.index(alike[0])]
    return f"{_who(sujet, alike[0])} donnent la même réponse à {len(alike)} questions"


def _spread(sujets: Sequence[Sujet]) -> str:
    """Of numbers and dates, the one on which those who answer are farthest apart."""
    found = []
    for s in sujets:
        days = s.question.type == "date"
        for point in s.question.parts:
            given = [a.modalite for a in s.noms if a.sous_question == point and a.modalite != NR]
            values = sorted(date.fromisoformat(v[:10]).toordinal() if days else float(v) for v in given)
            shown = [without_year(date.fromordinal(int(v))) if days else nombre(v) for v in values]
            label = quoted(s.question.part_label(point) or s.question.libelle)
            for low, high in [(values[0], values[-1])] if values else ():
                gap = 0.0 if days else (high - low) / (high or 1)
                span = f"du {shown[0]} au {shown[-1]}" if days else f"de {shown[0]} à {shown[-1]}"
                found.append((gap, s, f"{label} : {span if low != high else shown[0]}"))
    _, sujet, told = max(found, key=lambda each: each[0])
    names = len(sujet.organismes)
    return told + (f" selon les {sujet.bodies(names)}" if names > 1 else "")


def le_plus_partage(sujets: Sequence[Sujet]) -> str:
    """Of questions for which the codebook has words, what the greatest share of a group says; how many as much."""
    asked = [s for s in sujets if s.is_choice and not s.noms]
    found = [(d, s) for s in asked for d in s.dits if d.cle in s.question.phrases and d.n > 1]
    first = premiers([d for d, _ in found])
    if not first:
        return ""
    dit, sujet = next((d, s) for d, s in found if d in first)
    equals = f" (ex aequo avec {count(len(first) - 1, 'autre réponse', 'autres réponses')})" * (len(first) > 1)
    return f"{sujet.bodies(dit.n)} sur {number(dit.base)} {sujet.question.phrases[dit.cle]}{equals}"


def absents_par_famille(taux: pd.DataFrame, one: str) -> str:
    """« Manquent 5 MOI sur 9 et 1 Coop sur 4 ; ont tous répondu : OPH, ESH et SEM. »"""
    rows = taux[taux["strate"].str.startswith(FAMILY)].dropna(subset=["population"])
    rows = rows.assign(famille=rows.strate.str.removeprefix(FAMILY), manquent=rows.population - rows.repondants)
    rows = rows.sort_values(["manquent", "famille"], ascending=[False, True], kind="stable")
    out, there = rows[rows["manquent"] > 0], listing([*rows["famille"][rows["manquent"] == 0]])
    if rows.empty:
        return ""
    if out.empty:
        return f"Dans chaque famille, tous les {one}s ont répondu ({there})."
    missing = listing([f"{number(f.manquent)} {f.famille} sur {number(f.population)}" for f in out.itertuples()])
    return f"Manquent {missing}" + (f" ; ont tous répondu : {there}." if there else ".")


def taux(rates: pd.DataFrame, one: str) -> str:
    """« 25 bailleurs sur 31 ont répondu »; who was asked is not always known."""
    [total] = rates[rates["strate"] == TOTAL].itertuples()
    n = int(total.repondants)
    did = plural(n, "a répondu", "ont répondu")
    if not n:
        return f"aucun {one} n'a répondu"
    if pd.isna(total.population):
        return f"{count(n, one)} {did}"
    if n == total.population:
        return f"les {count(n, one)} ont répondu" if n > 1 else f"le seul {one} interrogé a répondu"
    return f"{count(n, one)} sur {number(total.population)} {did}"


def par_lieu(sujet: Sujet, rows: Sequence[Any], where: Mapping[str, str]) -> str:
    """What the answer that most give is, where it is most given, and where it is least.

    `rows`: of that answer, from `reponses_ailleurs`, the greatest share first. `where`: code → « en Charente ».
    """
    first, shares = premiers(sujet.dits)[0], [row.effectif / row.base for row in rows]
    high, low = (
        listing([where[row.territoire] for row, share in zip(rows, shares, strict=True) if share == shares[end]])
        for end in (0, -1)
    )
    most = _says(sujet, first._replace(n=rows[0].effectif, base=rows[0].base))
    last = rows[shares.index(shares[-1])]
    least = f", {number(last.effectif)} sur {number(last.base)} {low}" if shares[-1] < shares[0] else ""
    return f"{most} {high}{least}"


def non_montrees(hidden: pd.DataFrame, livres: Mapping[str, Codebook], questions: Sequence[Key]) -> list[str]:
    """A line for each of these questions of which something does not show, with its text and why.

    `hidden`: table `reponses_non_montrees`.
    """
    said, rows = [], by_question(hidden)
    for key in questions:
        question, own = livres[key[0]].by_code[key[1]], rows.get(key, ())
        parts = [quoted(question.part_label(row.sous_question)) for row in own if row.sous_question]
        which = f" ({listing(parts)})" if 0 < len(parts) < len(question.parts) else ""
        received = [(count(row.reponses_recues, "réponse reçue", "réponses reçues"), row) for row in own]
        reasons = [f"{n}, {row.motif}" if row.reponses_recues else row.motif for n, row in received]
        if reasons:
            said.append(f"{question.code}. {question.libelle}{which} : {listing([*dict.fromkeys(reasons)])}.")
    return said


def annexe(sujets: Sequence[Sujet], heads: Mapping[str, str]) -> pd.DataFrame:
    """Columns question (its code, its text), reponses (how many answered), repartition.

    `heads`: name of a body that answers by name → what stands for it.
    """
    order = sorted(sujets, key=lambda s: [q.code for q in s.livre.questions].index(s.question.code))
    return frame([(f"{s.question.code} {s.label}", s.base, _named(s, heads) or _counted(s)) for s in order], ANNEXE)


def _counted(sujet: Sujet) -> str:
    if not sujet.is_drawn:
        return _mediane(sujet)
    question, points = sujet.question, sujet.points
    if question.type == "echelle" and len(points) > 1:
        each = [
            f"{question.part_label(point)} {' · '.join(number(r.effectif) for r in rows)} ({number(rows[0].base)})"
            for point, rows in points.items()
        ]
        return f"{' · '.join(question.modalites.values())} : {' ; '.join(each)}"
    first = ", ".join(f"{row.libelle} {number(row.effectif)}" for row in sujet.comptes)
    if question.type == "classement":
        ranks = [row for row in sujet.reponses if row.sous_question == RANG_MOYEN and pd.notna(row.valeur)]
        means = ", ".join(f"{row.libelle} {number(row.valeur, 1)}" for row in ranks)
        return f"en tête : {first} ; rang moyen : {means}"
    return first


def _mediane(sujet: Sujet) -> str:
    """« médiane 12, quartiles 6 et 20 », part by part."""
    if len(sujet.question.parts) > 1:
        parts = (f"{label} {middle} ({low} à {high})" for label, low, middle, high in _quartiles(sujet))
        return f"médiane (quartiles) : {', '.join(parts)}"
    return ", ".join(f"médiane {middle}, quartiles {low} et {high}" for _, low, middle, high in _quartiles(sujet))


def _quartiles(sujet: Sujet) -> Iterator[tuple[str, str, str, str]]:
    """Of each part its label, its first quartile, its median, its third quartile."""
    for part in sujet.question.parts:
        own = {row.modalite: row.valeur for row in sujet.reponses if row.sous_question == part}
        if pd.notna(own.get("mediane")):
            low, middle, high = (_value(own[key], sujet.question.type == "date") for key in ("q1", "mediane", "q3"))
            yield sujet.question.part_label(part), low, middle, high


def _value(value: float, days: bool) -> str:
    return short_date(date(1970, 1, 1) + timedelta(days=round(value))) if days else nombre(value)


def _named(sujet: Sujet, heads: Mapping[str, str]) -> str:
    """« Courriel (16, GP), Réunion (17) », part by part; of one body, « Courriel »; in confidence, nothing."""
    question = sujet.question
    rank = {code: i for i, code in enumerate([*question.choices, NR])}
    told = []
    for part in question.parts if question.is_grid else ("",):
        said: dict[str, list[str]] = {}
        own = [a for a in sujet.noms if part in ("", a.sous_question)]
        for a in sorted(own, key=lambda a: rank.get(a.modalite, len(rank))):
            place = f" en {a.sous_question}" if question.type == "classement" and a.modalite != NR else ""
            said.setdefault(donnee(question, a), []).append(heads[a.organisme] + place)
        named = ", ".join(what + f" ({', '.join(who)})" * (len(heads) > 1) for what, who in said.items())
        label = f"{question.part_label(part)} : " if part else ""
        told += [label + named] if named else []
    return " ; ".join(told)


def sans_graphique(sujets: Sequence[Sujet]) -> str:
    """A sentence for each number or date asked: the median of each part, of how many."""
    return " ".join(
        f"{s.question.libelle} {plural(len(told), 'Médiane')} : {listing(told)} ({count(s.base, 'réponse')})."
        for s in sujets
        if not s.is_drawn
        for told in [[f"{label} {middle}".strip() for label, _, middle, _ in _quartiles(s)]]
    )
