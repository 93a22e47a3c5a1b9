"""What a figure of answers is made of: rows, bars, marks and words, each a tidy table."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

import pandas as pd

from notebook_reports.french import count, number, percent, plural

from ...codebook import NR, Question, condition
from ..methods import frame
from .constats import constat, par_lieu, premiers, unanimes
from .sujets import Rows, Sujet, by_question, degree, donnee

MOST = 30  # modalities of a figure
TALLEST = 9  # rows of a grid
INTERVAL = "trait noir : intervalle exact à 95 %, si ne pas répondre n'a rien à voir avec la réponse."
DOT = "●"
BARS = frame((), {"couche": "int64", "y": "int64", "bout": "float64", "teinte": "str"})
WORDS = frame((), {"y": "int64", "x": "float64", "texte": "str", "teinte": "str"})
MARKS = frame((), {"y": "int64", "x": "int64", "texte": "str", "teinte": "str"})
REGION = frame((), {"y": "int64", "bout": "float64"})
RANGES = frame((), {"y": "int64", "bas": "float64", "haut": "float64"})


class Panneau(NamedTuple):
    """A figure of half the width.

    `lignes` are the names of its rows; those of `tetes` head the rows that follow. `barres`: of each couche one a row
    at most, all of one teinte, from 0 to its bout, over those of the couche before. `mots`: on a bar (its own teinte)
    or at its end (none). `reperes`: the region's share. `intervalles`: of a sample. `colonnes`: the bodies that answer
    by name, whose `marques` have the rank of their column and `DOT` or a value. `cle`: teinte → its modality, of a
    scale.
    """

    titre: str
    question: str
    alt: str
    champ: str
    livre: str
    lignes: list[str]
    barres: pd.DataFrame = BARS
    mots: pd.DataFrame = WORDS
    marques: pd.DataFrame = MARKS
    colonnes: Sequence[str] = ()
    tetes: Sequence[int] = ()
    reperes: pd.DataFrame = REGION
    intervalles: pd.DataFrame = RANGES
    cle: Mapping[str, str] = {}
    lecture: str = ""


def _table(like: pd.DataFrame, rows: Iterable[tuple[Any, ...]]) -> pd.DataFrame:
    found = [*rows]
    return pd.DataFrame(found, columns=like.columns) if found else like


def services(nominatives: pd.DataFrame) -> list[str]:
    """Names of the bodies that answer by name, by what tells them apart (`courts`)."""
    names = sorted(nominatives["organisme"].unique())
    return [name for _, name in sorted(zip(courts(names), names, strict=True))]


def courts(names: Sequence[str]) -> list[str]:
    """The number in each name, else its initials, where these tell them apart; else their rank.

    >>> courts(["DDT 16", "DDTM 17", "Grand Poitiers"])
    ['16', '17', 'GP']
    """
    found = [
        next(iter(re.findall(r"\d[\dAB]*", name)), "") or "".join(word[:1] for word in name.split()).upper()[:3]
        for name in names
    ]
    return found if len(set(found)) == len(names) else [str(i + 1) for i in range(len(names))]


def panneaux(
    sujets: Sequence[Sujet], nommes: Sequence[Sujet], services: Sequence[str], region: pd.DataFrame
) -> list[Panneau]:
    """The figures of a part.

    `services`: names of the bodies that answer by name, in order. `region`: answers to set beside, as `reponses`.
    """
    beside = by_question(region)
    found = [_scale(s) if s.is_scale else _bars(s, services, beside) for s in sujets if s.is_drawn]
    return [*found, *_grids(nommes, services)]


def hauteur(panel: Panneau) -> int:
    """About how many lines it takes: the lowest first, more fits under a heading at the foot of a page."""
    wide = 26 if len(panel.barres) else 40
    return sum(1 + len(name) // wide for name in panel.lignes) + 2 * bool(panel.cle)


def _bars(sujet: Sujet, services: Sequence[str], region: Rows) -> Panneau:
    everything, face = sujet.comptes, sujet.face
    if sujet.question.type != "echelle":
        everything = sorted(everything, key=lambda row: -row.effectif)
    rows, left = everything[:MOST], len(everything[MOST:])
    y = {row.modalite: i for i, row in enumerate(rows)}
    sample = not isinstance(sujet.livre.population, str)  # of no role: no near-census
    shares = [row.effectif / row.base for row in rows]
    apart = sample and sujet.base >= 10
    texts = [number(r.effectif) + f" ({percent(p, 0)})" * apart for r, p in zip(rows, shares, strict=True)]
    ranked = sujet.question.type == "classement"
    said = [a for a in (face.noms if face else ()) if a.modalite in y]
    return Panneau(
        titre=constat(sujet),
        question=sujet.label,
        **_lengths("Barres", [row.libelle for row in rows], shares, texts),
        champ=_scope(sujet),
        livre=sujet.livre.id,
        marques=_table(
            MARKS, ((y[a.modalite], services.index(a.organisme), a.sous_question if ranked else DOT, "") for a in said)
        ),
        colonnes=courts(services) if face else [],
        reperes=_table(
            REGION, ((y[r.modalite], r.effectif / r.base) for r in sujet.elsewhere(region) if r.modalite in y)
        ),
        intervalles=_table(
            RANGES, ((i, r.ic_bas, r.ic_haut) for i, r in enumerate(rows) if sample and r.ic_haut > r.ic_bas)
        ),
        lecture=f"les {MOST} premières réponses ; {count(left, 'autre')} en annexe." if left else INTERVAL * sample,
    )


def _lengths(what: str, names: list[str], shares: Sequence[float], texts: Sequence[str]) -> dict[str, Any]:
    """One bar a row, the longest in another colour, each with a text at its end."""
    top = max(shares)
    bars = ((0, y, share, "tete") if share == top > 0 else (1, y, share, "reste") for y, share in enumerate(shares))
    return {
        "lignes": names,
        "alt": _alt(what, zip(names, texts, strict=True)),
        "barres": _table(BARS, bars),
        "mots": _table(WORDS, ((y, *word, "") for y, word in enumerate(zip(shares, texts, strict=True)))),
    }


def _alt(what: str, rows: Iterable[tuple[str, str]]) -> str:
    return f"{what} : " + ", ".join(f"{label} {text}" for label, text in rows)


def _scale(sujet: Sujet) -> Panneau:
    """Counts end to end, astride the middle of the scale."""
    question = sujet.question
    degrees = [degree(question, code) for code in question.modalites]
    shades = [f"{'bas' if far < 0 else 'haut'}{min(2, abs(far))}" if far else "milieu" for far in degrees]
    names, told = [], []
    bars: list[tuple[int, int, float, str]] = []
    words: list[tuple[int, float, str, str]] = []
    for y, (point, rows) in enumerate(sujet.points.items()):
        base, counts, name = rows[0].base, [row.effectif for row in rows], question.part_label(point)
        names.append(f"{name or 'Réponses'} ({number(base)})")
        told.append((name or question.libelle, " ".join(map(number, counts))))
        start = -sum(n * (1 if far < 0 else 0.5 * (not far)) for n, far in zip(counts, degrees, strict=True))
        edges = pairwise(accumulate(counts, initial=start))
        for rank, ((left, right), far, shade) in enumerate(zip(edges, degrees, shades, strict=True)):
            # A bar begins at 0: those of the left end at their left; those of the right, outermost first, at theirs.
            if far <= 0:
                bars.append((rank, y, left / base, shade))
            if far >= 0:
                bars.append((2 * len(shades) - rank, y, right / base, shade))
            if right > left:
                words.append((y, (left + right) / 2 / base, number(right - left), shade))
    return Panneau(
        titre=constat(sujet),
        question=question.libelle,
        alt=_alt("Barres divergentes", told),
        champ=_scope(sujet),
        livre=sujet.livre.id,
        lignes=names,
        barres=_table(BARS, bars),
        mots=_table(WORDS, words),
        cle=dict(zip(shades, question.modalites.values(), strict=True)),
    )


def _scope(sujet: Sujet) -> str:
    """« 24 bailleurs et 5 gestionnaires ; question posée si … »"""
    who = sujet.bodies(sujet.base)
    if sujet.face is not None and not sujet.is_scale:
        who += f" et {sujet.face.bodies(sujet.face.base)} ({DOT})"
    tree = sujet.livre.filters.get(sujet.question.code)
    return who + (f" ; question posée si {condition(sujet.livre, tree)}." if tree else ".")


def _grids(sujets: Sequence[Sujet], services: Sequence[str]) -> Iterator[Panneau]:
    """What bodies answer by name, several questions a figure."""
    pages: list[list[Sujet]] = []
    rows = TALLEST
    for sujet in sujets:
        more = 1 + len(_lines(sujet.question))
        if not pages or rows + more > TALLEST:
            pages.append([])
            rows = 0
        pages[-1].append(sujet)
        rows += more
    return (_grid(page, services) for page in pages)


def _lines(question: Question) -> dict[str, str]:
    """What has a row: a modality, or a part where the answer is a value."""
    if question.choices and question.type != "echelle":
        return question.choices
    return {part: question.part_label(part) or "Réponse" for part in question.parts}


def _grid(sujets: Sequence[Sujet], services: Sequence[str]) -> Panneau:
    names: list[str] = []
    heads, marks = [], []
    for sujet in sujets:
        heads.append(len(names))
        names.append(sujet.label)
        lines = _lines(sujet.question)
        place = {code: len(names) + i for i, code in enumerate(lines)}
        names += lines.values()
        by_part = sujet.question.type in ("echelle", "nombre", "date")
        for a in sujet.noms:
            code = a.sous_question if a.modalite == NR or by_part else a.modalite
            if code in place:
                marks.append((place[code], services.index(a.organisme), _mark(sujet.question, a), ""))
    who = sorted(set().union(*(s.organismes for s in sujets)), key=services.index)
    ends = next(([*s.question.modalites.values()] for s in sujets if s.is_scale), [])
    return Panneau(
        titre=unanimes(sujets),
        question=f"Réponses de {plural(len(who), 'ce service', f'chacun des {len(who)} services')}",
        alt=f"Grille des réponses par service, {count(len(sujets), 'question')} : {', '.join(who)}",
        champ=f"{sujets[0].bodies(len(who))}.",
        livre=sujets[0].livre.id,
        lignes=names,
        marques=_table(MARKS, marks),
        colonnes=courts(services),
        tetes=heads,
        lecture=f"de « −− » ({ends[0]}) à « ++ » ({ends[-1]})." if len(ends) > 3 else "",
    )


def _mark(question: Question, answer: Any) -> str:
    if question.type == "date" and answer.modalite != NR:
        day = date.fromisoformat(answer.modalite[:10])
        return f"{day.day}/{day.month}"
    if question.type == "nombre" or answer.modalite == NR:
        return donnee(question, answer)
    if question.type == "echelle":
        far = degree(question, answer.modalite)
        return "−" * -far + "+" * far or "="
    return str(answer.sous_question) if question.type == "classement" else DOT


def par_departement(
    sujets: Sequence[Sujet], ailleurs: pd.DataFrame, where: Mapping[str, str], names: Mapping[str, str]
) -> list[Panneau]:
    """By department, the answer that most give in all, for the questions that `ailleurs` holds.

    `ailleurs`: as `reponses`, with territoire. `where`, `names`: code → « en Charente », « Charente ».
    """
    found, there = [], by_question(ailleurs)
    for sujet in sujets if there else ():
        first = premiers(sujet.dits)[0] if sujet.is_choice else None
        rows = [row for row in sujet.elsewhere(there) if first and row.modalite == first.cle]
        if not rows:
            continue
        rows.sort(key=lambda row: (-row.effectif / row.base, names[row.territoire]))
        nom, shares = [names[row.territoire] for row in rows], [row.effectif / row.base for row in rows]
        texts = [f"{number(row.effectif)} sur {number(row.base)}" for row in rows]
        answers = count(sum(row.base for row in rows), "réponse")
        panel = Panneau(
            titre=par_lieu(sujet, rows, where),
            question=f"{sujet.label} « {rows[0].libelle} », par département",
            **_lengths("Barres par département", nom, shares, texts),
            champ=f"{answers}, un {sujet.one} comptant dans chacun de ses départements.",
            livre=sujet.livre.id,
        )
        found.append(panel)
    return found
