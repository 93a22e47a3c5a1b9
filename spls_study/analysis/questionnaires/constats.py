"""What is said of answers: sentences with a verb and a number, computed on all of them, ties told."""

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from notebook_reports.french import count, listing, long_date, number, plural, quoted

from ...codebook import NR, Codebook
from .sujets import Partie, Sujet
from .taux_reponse import TOTAL

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
    rows = sujet.counts
    n, base = int(rows["effectif"].max()), sujet.base
    first = rows[rows["effectif"] == n]
    labels = [quoted(label) for label in first["libelle"]]
    who = _who(n, base, sujet)
    if n == 0:
        return f"Aucune des réponses proposées n'est donnée par {_all(base, sujet)}"
    if len(labels) > TIED:
        return f"{len(labels)} réponses ex aequo : {who} {plural(n, one, many)} chacune"
    if len(labels) > 1:
        return f"{listing(labels)} sont {said} par {who} chacun, ex aequo"
    code = str(first["modalite"].iloc[0])
    phrase = sujet.question.phrases.get(code, "") if n > 1 else ""
    return f"{who} {phrase or f'{plural(n, one, many)} {labels[0]}'}" + _beside(sujet, [code])


def _side(sujet: Sujet) -> str:
    """Of a scale, the half that most gave on one point, or the half that the codebook has words for."""
    sides = {side: codes for side, codes in sujet.sides.items() if side in sujet.question.phrases} or sujet.sides
    sums = {
        (side, label): (int(own.loc[own["modalite"].isin(codes), "effectif"].sum()), int(own["base"].max()), codes)
        for side, codes in sides.items()
        for label, own in sujet.parts.items()
    }
    most = max(n / base for n, base, _ in sums.values())
    first = [key for key, (n, base, _) in sums.items() if n / base == most]
    side, label = first[0]
    n, base, codes = sums[first[0]]
    labels = [part for other, part in first if other == side]
    choices = " ou ".join(quoted(sujet.question.modalites[code]) for code in codes)
    phrase = sujet.question.phrases.get(side, "") if n > 1 else ""
    said = f"{_who(n, base, sujet)} {phrase or f'{plural(n, *CHOOSE[:2])} {choices}'}"
    if len(sujet.parts) == 1:
        return said + _beside(sujet, codes)
    if len(labels) > TIED:
        return f"{said} à chacun des {len(labels)} points"
    part = next(p for p in sujet.question.parts if sujet.question.part_label(p) == label)
    return f"{said} : {listing([quoted(name) for name in labels])}" + (
        _beside(sujet, codes, part) if len(labels) == 1 else ""
    )


def _who(n: int, base: int, sujet: Sujet) -> str:
    if n == base > 1:
        return f"Les {_all(base, sujet)}"
    return f"{count(n, sujet.one)} sur {number(base)}"


def _all(base: int, sujet: Sujet) -> str:
    return count(base, sujet.one)


def _beside(sujet: Sujet, codes: Sequence[str], part: str = "") -> str:
    """How many of the bodies that answer by name say the same."""
    if sujet.face is None:
        return ""
    said = sujet.face.noms[sujet.face.noms["modalite"] != NR]
    if sujet.is_scale:
        said = said[said["sous_question"] == part]
    elif sujet.question.type == "classement":
        said = said[said["sous_question"] == "1"]
    everyone = sorted(said["organisme"].unique())
    same = said.loc[said["modalite"].isin(codes), "organisme"].nunique()
    if len(everyone) == 1:
        return f", {everyone[0]} aussi" if same else f", pas {everyone[0]}"
    if not everyone:
        return ""
    if not same:
        return f", mais aucun des {count(len(everyone), sujet.face.one)}"
    return f", et {count(same, sujet.face.one)} sur {number(len(everyone))}"


def accord(sujet: Sujet) -> bool | None:
    """Whether those who answer by name give the same first answer, or lean to the same side of each part of a scale."""
    if sujet.face is None or not sujet.is_drawn:
        return None
    return all(
        bool(_first(sujet, here) & _first(sujet.face, there))
        for label, here in (sujet.parts if sujet.is_scale else {"": sujet.counts}).items()
        for there in [sujet.face.parts.get(label) if sujet.is_scale else sujet.face.counts]
        if there is not None
    )


def _first(sujet: Sujet, rows: pd.DataFrame) -> set[str]:
    """The answers given most, or the sides of a scale; equals together."""
    counts = dict(zip(rows["modalite"], rows["effectif"], strict=True))
    if sujet.is_scale:
        counts = {side: sum(counts.get(code, 0) for code in codes) for side, codes in sujet.sides.items()}
    most = max(counts.values(), default=0)
    return {code for code, n in counts.items() if n == most > 0}


def accords(sujets: Sequence[Sujet]) -> str:
    """« bailleurs et gestionnaires donnent la même première réponse à 1 question commune sur 2 »."""
    both = [(s, same) for s in sujets if (same := accord(s)) is not None]
    if not both:
        return ""
    agreed, of = sum(same for _, same in both), len(both)
    groups = listing([*dict.fromkeys(f"{one}s" for s, _ in both for one in (s.one, s.face.one if s.face else s.one))])
    if of == 1:
        return f"{groups} donnent {'la même' if agreed else 'une autre'} première réponse à 1 question commune"
    if agreed in (0, of):
        return f"{groups} donnent {'la même' if agreed else 'une autre'} première réponse aux {of} questions communes"
    told = count(agreed, "question commune", "questions communes")
    return f"{groups} donnent la même première réponse à {told} sur {of}"


def entente(partie: Partie) -> str:
    """The heading of a part: on how many questions those who answered agree, with the bodies beside or among them.

    « Recenser : bailleurs et gestionnaires donnent la même première réponse à 1 question sur 2 ».
    """
    nom = re.split(r"\s:", partie.nom)[0]
    if told := accords(partie.sujets):
        return f"{nom} : {told}"
    if partie.sujets:
        drawn = [s for s in partie.sujets if s.is_drawn and not s.is_scale]
        most = sum(2 * s.counts["effectif"].max() > s.base for s in drawn)
        base = max(s.base for s in partie.sujets)
        everyone = f"plus de la moitié des {_all(base, partie.sujets[0])}"
        if not drawn:
            questions = len({(s.livre.id, s.question.code) for s in partie.sujets})
            told = f"{_all(base, partie.sujets[0])} {plural(base, 'répond', 'répondent')} à "
            return f"{nom} : {told}{count(questions, 'question')}"
        if not most:
            return f"{nom} : aucune réponse ne réunit {everyone}"
        told = f"à {count(most, 'question')} sur {len(drawn)}" if len(drawn) > 1 else ""
        return f"{nom} : une même réponse réunit {everyone} {told}".strip()
    if partie.nommes:
        return f"{nom} : {unanimes(partie.nommes)}"
    return nom


def unanimes(sujets: Sequence[Sujet]) -> str:
    """Of questions answered by name, what most say: the answer that most give, else on what they are farthest apart."""
    choices = [s for s in sujets if s.is_drawn and not s.is_scale]
    if choices:
        shares = [s.counts["effectif"].max() / s.base for s in choices]
        first = [s for s, share in zip(choices, shares, strict=True) if share == max(shares)]
        if len(first) <= 2:
            return " ; ".join(map(constat, first))
        return f"{_who(int(first[0].counts['effectif'].max()), first[0].base, first[0])} donnent la même réponse à " + (
            f"{len(first)} questions"
        )
    scales = [s for s in sujets if s.is_scale]
    return constat(scales[0]) if scales else _spread(sujets)


def _spread(sujets: Sequence[Sujet]) -> str:
    """Of numbers and dates, the one on which those who answer are farthest apart."""
    found = []
    for s in sujets:
        given = s.noms[s.noms["modalite"] != NR]
        for part, own in given.groupby("sous_question"):
            days = s.question.type == "date"
            values = pd.to_datetime(own["modalite"], format="ISO8601") if days else pd.to_numeric(own["modalite"])
            low, high = values.min(), values.max()
            shown = [
                f"{long_date(v)[:-5]}" if days else number(v, 0 if float(v).is_integer() else 1) for v in (low, high)
            ]
            gap = 0.0 if days else (high - low) / (high or 1)
            label = s.question.part_label(part) or s.question.libelle
            found.append((gap, s, f"« {label} » : " + (f"de {shown[0]} à {shown[1]}" if low != high else shown[0])))
    gap, sujet, told = max(found, key=lambda each: each[0])
    names = sujet.noms["organisme"].nunique()
    return told + (f" selon les {count(names, sujet.one)}" if names > 1 else "")


def le_plus_partage(sujets: Sequence[Sujet]) -> str:
    """Of questions for which the codebook has words, what the greatest share of a group says; how many as much."""
    found = [
        (n / s.base, f"{count(n, s.one)} sur {number(s.base)} {s.question.phrases[code]}")
        for s in sujets
        if s.is_drawn and not s.is_scale and not s.noms["organisme"].nunique()
        for code, n in zip(s.counts["modalite"], s.counts["effectif"], strict=True)
        if code in s.question.phrases and n > 1
    ]
    most = max((share for share, _ in found), default=0)
    said = [told for share, told in found if share == most]
    equals = f" (ex aequo avec {count(len(said) - 1, 'autre réponse', 'autres réponses')})"
    return said[0] + equals * (len(said) > 1) if said else ""


def absents_par_famille(taux: pd.DataFrame, one: str) -> str:
    """« N'ont pas répondu : 5 MOI sur 9 et 1 Coop sur 4 ; tous les autres (OPH, ESH, SEM) ont répondu. »"""
    rows = taux[taux["strate"].str.startswith(FAMILY)].dropna(subset=["population"])
    rows = rows.assign(
        famille=rows["strate"].str.removeprefix(FAMILY), manquent=rows["population"] - rows["repondants"]
    )
    rows = rows.sort_values(["manquent", "famille"], ascending=[False, True], kind="stable")
    out, there = rows[rows["manquent"] > 0], rows[rows["manquent"] == 0]
    if rows.empty:
        return ""
    full = f"ont tous répondu : {listing([*there['famille']])}"
    if out.empty:
        return f"Dans chaque famille, tous les {one}s ont répondu ({listing([*there['famille']])})."
    missing = listing([f"{number(f.manquent)} {f.famille} sur {number(f.population)}" for f in out.itertuples()])
    return f"Manquent {missing}" + (f" ; {full}." if len(there) else ".")


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

    Parameters
    ----------
    parts
        Of that answer: territoire, effectif, base, part, the greatest part first.
    where
        Code → « en Charente ».
    """
    first = sujet.counts.loc[sujet.counts["effectif"].idxmax()]
    high, low = (parts[parts["part"] == p] for p in (parts["part"].max(), parts["part"].min()))
    one, many, _ = VERBS.get(sujet.question.type, CHOOSE)
    n, base = int(high["effectif"].iloc[0]), int(high["base"].iloc[0])
    said = sujet.question.phrases.get(first["modalite"], "") if n > 1 else ""
    said = f"{_who(n, base, sujet)} {said or f'{plural(n, one, many)} ' + quoted(first['libelle'])}"
    said += f" {listing([where[code] for code in high['territoire']])}"
    if len(high) == len(parts):
        return said
    return f"{said}, {number(low['effectif'].iloc[0])} sur {number(low['base'].iloc[0])} " + listing(
        [where[code] for code in low["territoire"]]
    )


def non_montrees(
    hidden: pd.DataFrame, livres: Mapping[str, Codebook], questions: Sequence[tuple[str, str]]
) -> list[str]:
    """A line for each question of which something does not show, with its text and why.

    Parameters
    ----------
    hidden
        The table `reponses_non_montrees`.
    questions
        Questionnaire and code of those that are spoken of.
    """
    said = []
    for name, code in questions:
        question = livres[name].by_code[code]
        rows = hidden[(hidden["questionnaire"] == name) & (hidden["question"] == code)]
        parts = [quoted(question.part_label(part)) for part in rows["sous_question"] if part]
        which = f" ({listing(parts)})" if 0 < len(parts) < len(question.parts) else ""
        reasons = dict.fromkeys(
            row.motif
            if pd.isna(row.reponses_recues) or not row.reponses_recues
            else f"{count(row.reponses_recues, 'réponse reçue', 'réponses reçues')}, {row.motif}"
            for row in rows.itertuples()
        )
        if reasons:
            said.append(f"{code}. {question.libelle}{which} : {listing([*reasons])}.")
    return said
