"""What is said of answers: sentences with a verb and a number, computed on all of them, ties told."""

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from notebook_reports.french import count, listing, long_date, number, plural, quoted

from ...codebook import Codebook
from .sujets import Partie, Sujet, nombre
from .survey import TOTAL

VERBS = {
    "choix_multiple": ("cite", "citent", "cités"),
    "classement": ("place en tête", "placent en tête", "placés en tête"),
}
CHOOSE = ("répond", "répondent", "choisis")
TIED = 3  # answers named when as many give each
FAMILY = "famille="


def constat(sujet: Sujet) -> str:
    """The title of a question: the answer that most give, and how many of the bodies beside give it too.

    « 15 bailleurs sur 24 citent « Courriel », et 4 gestionnaires sur 5 ».
    """
    if sujet.is_scale:
        return _side(sujet)
    one, many, said = VERBS.get(sujet.question.type, CHOOSE)
    n, first = int(sujet.counts["effectif"].max()), _most_given(sujet)
    labels = [quoted(label) for label in first["libelle"]]
    if n == 0:
        return f"Aucune des réponses proposées n'est donnée par {sujet.bodies(sujet.base)}"
    if len(labels) > TIED:
        return f"{len(labels)} réponses ex aequo : {_who(sujet, n)} {plural(n, one, many)} chacune"
    if len(labels) > 1:
        return f"{listing(labels)} sont {said} par {_who(sujet, n)} chacun, ex aequo"
    code = str(first["modalite"].iloc[0])
    return _says(sujet, n, sujet.base, code, labels[0]) + _beside(sujet, [code])


def _most_given(sujet: Sujet) -> pd.DataFrame:
    return sujet.counts[sujet.counts["effectif"] == sujet.counts["effectif"].max()]


def _side(sujet: Sujet) -> str:
    """Of a scale, the half that most gave on one point, or the half that the codebook has words for."""
    found = [
        (n / base, n, base, side, label)
        for side in [s for s in sujet.sides if s in sujet.question.phrases] or sujet.sides
        for label, own in sujet.parts.items()
        for n in [int(own.loc[own["modalite"].isin(sujet.sides[side]), "effectif"].sum())]
        for base in [int(own["base"].max())]
    ]
    first = [row for row in found if row[0] == max(found)[0]]
    _, n, base, side, label = first[0]
    labels = [other for *_, half, other in first if half == side]
    codes = sujet.sides[side]
    said = _says(sujet, n, base, side, " ou ".join(quoted(sujet.question.modalites[code]) for code in codes))
    if len(sujet.parts) == 1:
        return said + _beside(sujet, codes)
    if len(labels) > TIED:
        return f"{said} à chacun des {len(labels)} points"
    part = next(p for p in sujet.question.parts if sujet.question.part_label(p) == label)
    beside = _beside(sujet, codes, part) if len(labels) == 1 else ""
    return f"{said} : {listing([quoted(name) for name in labels])}{beside}"


def _who(sujet: Sujet, n: int, base: int | None = None) -> str:
    of = sujet.base if base is None else base
    return f"Les {sujet.bodies(of)}" if n == of > 1 else f"{sujet.bodies(n)} sur {number(of)}"


def _says(sujet: Sujet, n: int, base: int, key: str, label: str) -> str:
    """Who gives an answer, in the codebook's words where it has some."""
    one, many, _ = VERBS.get(sujet.question.type, CHOOSE)
    phrase = sujet.question.phrases.get(key, "") if n > 1 else ""
    return f"{_who(sujet, n, base)} {phrase or f'{plural(n, one, many)} {label}'}"


def _beside(sujet: Sujet, codes: Sequence[str], part: str = "") -> str:
    """How many of the bodies that answer by name say the same."""
    if sujet.face is None:
        return ""
    said = sujet.face.given
    if sujet.is_scale or sujet.question.type == "classement":
        said = said[said["sous_question"] == (part if sujet.is_scale else "1")]
    everyone = sorted(said["organisme"].unique())
    same = said.loc[said["modalite"].isin(codes), "organisme"].nunique()
    if len(everyone) == 1:
        return f", {everyone[0]} aussi" if same else f", pas {everyone[0]}"
    if not everyone:
        return ""
    if not same:
        return f", mais aucun des {sujet.face.bodies(len(everyone))}"
    return f", et {sujet.face.bodies(same)} sur {number(len(everyone))}"


def accord(sujet: Sujet) -> bool | None:
    """Whether those who answer by name give the same first answer, or lean to the same side of each part of a scale."""
    if sujet.face is None or not sujet.is_drawn:
        return None
    if not sujet.is_scale:
        return bool(_first(sujet, sujet.counts) & _first(sujet.face, sujet.face.counts))
    theirs = sujet.face.parts
    both = [(here, theirs[label]) for label, here in sujet.parts.items() if label in theirs]
    return all(_first(sujet, here) & _first(sujet.face, there) for here, there in both)


def _first(sujet: Sujet, rows: pd.DataFrame) -> set[str]:
    """The answers given most, or the sides of a scale; equals together."""
    counts = dict(zip(rows["modalite"], rows["effectif"], strict=True))
    if sujet.is_scale:
        counts = {side: sum(counts.get(code, 0) for code in codes) for side, codes in sujet.sides.items()}
    most = max(counts.values(), default=0)
    return {code for code, n in counts.items() if n == most > 0}


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
    choices = [s for s in sujets if s.is_choice]
    most = sum(2 * s.counts["effectif"].max() > s.base for s in choices)
    base = max(s.base for s in sujets)
    if not choices:
        questions = len({(s.livre.id, s.question.code) for s in sujets})
        verb = plural(base, "répond", "répondent")
        return f"{nom} : {sujets[0].bodies(base)} {verb} à {count(questions, 'question')}"
    everyone = f"plus de la moitié des {sujets[0].bodies(base)}"
    if not most:
        return f"{nom} : aucune réponse ne réunit {everyone}"
    told = f" à {count(most, 'question')} sur {len(choices)}" if len(choices) > 1 else ""
    return f"{nom} : une même réponse réunit {everyone}{told}"


def unanimes(sujets: Sequence[Sujet]) -> str:
    """Of questions answered by name, what most say: the answer that most give, else on what they are farthest apart."""
    choices, scales = [s for s in sujets if s.is_choice], [s for s in sujets if s.is_scale]
    if not choices:
        return constat(scales[0]) if scales else _spread(sujets)
    shares = [s.counts["effectif"].max() / s.base for s in choices]
    first = [s for s, share in zip(choices, shares, strict=True) if share == max(shares)]
    if len(first) <= 2:
        return " ; ".join(map(constat, first))
    who = _who(first[0], int(first[0].counts["effectif"].max()))
    return f"{who} donnent la même réponse à {len(first)} questions"


def _spread(sujets: Sequence[Sujet]) -> str:
    """Of numbers and dates, the one on which those who answer are farthest apart."""
    found = []
    for s in sujets:
        for part, own in s.given.groupby("sous_question"):
            days = s.question.type == "date"
            values = pd.to_datetime(own["modalite"], format="ISO8601") if days else pd.to_numeric(own["modalite"])
            low, high = values.min(), values.max()
            shown = [long_date(v)[:-5] if days else nombre(v) for v in (low, high)]
            gap = 0.0 if days else (high - low) / (high or 1)
            label = s.question.part_label(part) or s.question.libelle
            found.append((gap, s, f"« {label} » : " + (f"de {shown[0]} à {shown[1]}" if low != high else shown[0])))
    _, sujet, told = max(found, key=lambda each: each[0])
    names = sujet.noms["organisme"].nunique()
    return told + (f" selon les {sujet.bodies(names)}" if names > 1 else "")


def le_plus_partage(sujets: Sequence[Sujet]) -> str:
    """Of questions for which the codebook has words, what the greatest share of a group says; how many as much."""
    found = [
        (n / s.base, f"{s.bodies(n)} sur {number(s.base)} {s.question.phrases[code]}")
        for s in sujets
        if s.is_choice and s.noms.empty
        for code, n in zip(s.counts["modalite"], s.counts["effectif"], strict=True)
        if code in s.question.phrases and n > 1
    ]
    most = max((share for share, _ in found), default=0)
    said = [told for share, told in found if share == most]
    equals = f" (ex aequo avec {count(len(said) - 1, 'autre réponse', 'autres réponses')})"
    return said[0] + equals * (len(said) > 1) if said else ""


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


def par_lieu(sujet: Sujet, parts: pd.DataFrame, where: Mapping[str, str]) -> str:
    """What the answer that most give is, where it is most given, and where it is least.

    `parts`: of that answer, territoire, effectif, base, part, the greatest part first. `where`: code →
    « en Charente ».
    """
    first = _most_given(sujet).iloc[0]
    high, low = (parts[parts["part"] == p] for p in (parts["part"].max(), parts["part"].min()))
    n, base = int(high["effectif"].iloc[0]), int(high["base"].iloc[0])
    said = _says(sujet, n, base, first["modalite"], quoted(first["libelle"]))
    said += f" {listing([where[code] for code in high['territoire']])}"
    if len(high) == len(parts):
        return said
    there = listing([where[code] for code in low["territoire"]])
    return f"{said}, {number(low['effectif'].iloc[0])} sur {number(low['base'].iloc[0])} {there}"


def non_montrees(
    hidden: pd.DataFrame, livres: Mapping[str, Codebook], questions: Sequence[tuple[str, str]]
) -> list[str]:
    """A line for each of these questions (questionnaire, code) of which something does not show, with its text and
    why.

    `hidden`: table `reponses_non_montrees`.
    """
    said = []
    for name, code in questions:
        question = livres[name].by_code[code]
        rows = hidden[(hidden["questionnaire"] == name) & (hidden["question"] == code)]
        parts = [quoted(question.part_label(part)) for part in rows["sous_question"] if part]
        which = f" ({listing(parts)})" if 0 < len(parts) < len(question.parts) else ""
        received = rows["reponses_recues"].fillna(0)
        reasons = dict.fromkeys(
            f"{count(n, 'réponse reçue', 'réponses reçues')}, {motif}" if n else motif
            for n, motif in zip(received, rows["motif"], strict=True)
        )
        if reasons:
            said.append(f"{code}. {question.libelle}{which} : {listing([*reasons])}.")
    return said
