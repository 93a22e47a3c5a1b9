"""What a figure of answers is made of: rows, bars, marks and words, each a tidy table."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

import pandas as pd

from notebook_reports.french import count, number, percent, plural

from ...codebook import NR, Question, condition
from ..methods import frame
from .constats import constat, par_lieu, unanimes
from .sujets import Sujet, donnee

MOST = 30  # modalities of a figure
TALLEST = 9  # rows of a grid
INTERVAL = "trait noir : intervalle exact à 95 %, si ne pas répondre n'a rien à voir avec la réponse."
BAR = {"couche": "int64", "y": "int64", "bout": "float64", "teinte": "str"}
WORD = {"y": "int64", "x": "float64", "texte": "str", "teinte": "str"}
MARK = {"y": "int64", "x": "int64", "texte": "str", "teinte": "str"}
REGION = {"y": "int64", "bout": "float64"}
RANGE = {"y": "int64", "bas": "float64", "haut": "float64"}
DOT = "●"


@dataclass(frozen=True, kw_only=True)
class Panneau:
    """A figure of half the width.

    `lignes` are the names of its rows; those of `tetes` head the rows that follow. `barres` (BAR): of each couche one a
    row, from 0 to its bout, over those of the couche before. `mots` (WORD): on a bar (its own teinte) or at its end
    (none). `reperes` (REGION): the region's share. `intervalles` (RANGE): of a sample. `colonnes`: the bodies that
    answer by name, whose `marques` (MARK) have the rank of their column and `DOT` or a value. `cle`: teinte → its
    modality, of a scale.
    """

    titre: str
    question: str
    alt: str
    champ: str
    livre: str
    lignes: list[str]
    barres: pd.DataFrame = field(default_factory=partial(frame, (), BAR))
    mots: pd.DataFrame = field(default_factory=partial(frame, (), WORD))
    marques: pd.DataFrame = field(default_factory=partial(frame, (), MARK))
    colonnes: list[str] = field(default_factory=list)
    tetes: list[int] = field(default_factory=list)
    reperes: pd.DataFrame = field(default_factory=partial(frame, (), REGION))
    intervalles: pd.DataFrame = field(default_factory=partial(frame, (), RANGE))
    cle: dict[str, str] = field(default_factory=dict)
    lecture: str = ""


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
    found = [_scale(s) if s.is_scale else _bars(s, services, region) for s in sujets if s.is_drawn]
    return [*found, *_grids(nommes, services)]


def hauteur(panel: Panneau) -> int:
    """About how many lines it takes: the lowest first, more fits under a heading at the foot of a page."""
    wide = 26 if len(panel.barres) else 40
    return sum(1 + len(name) // wide for name in panel.lignes) + 2 * bool(panel.cle)


def _bars(sujet: Sujet, services: Sequence[str], region: pd.DataFrame) -> Panneau:
    rows = sujet.counts
    if sujet.question.type != "echelle":
        rows = rows.sort_values("effectif", ascending=False, kind="stable")
    rows = rows.head(MOST).reset_index(drop=True)
    base, counts = sujet.base, [*rows["effectif"]]
    y = {code: i for i, code in enumerate(rows["modalite"])}
    sample = not isinstance(sujet.livre.population, str)  # of no role: no near-census
    texts = [number(n) + f" ({percent(n / base, 0)})" * (sample and base >= 10) for n in counts]
    beside = _same(sujet, region)
    left = len(sujet.counts) - len(rows)
    return Panneau(
        titre=constat(sujet),
        question=sujet.label,
        alt=_alt("Barres", zip(rows["libelle"], map(number, counts), strict=True)),
        champ=_scope(sujet),
        livre=sujet.livre.id,
        lignes=[*rows["libelle"]],
        barres=_bar([n / base for n in counts]),
        mots=frame([(i, n / base, t, "") for i, (n, t) in enumerate(zip(counts, texts, strict=True))], WORD),
        marques=frame(
            [
                (y[a.modalite], services.index(a.organisme), a.sous_question or DOT, "")
                for a in (sujet.face.noms.itertuples() if sujet.face is not None else ())
                if a.modalite in y
            ],
            MARK,
        ),
        colonnes=courts(services) if sujet.face is not None else [],
        reperes=frame(
            [(y[r.modalite], r.effectif / beside["base"].max()) for r in beside.itertuples() if r.modalite in y], REGION
        ),
        intervalles=frame(
            [(i, r.ic_bas, r.ic_haut) for i, r in enumerate(rows.itertuples()) if sample and r.ic_haut > r.ic_bas],
            RANGE,
        ),
        lecture=f"les {MOST} premières réponses ; {count(left, 'autre')} en annexe." if left else INTERVAL * sample,
    )


def _bar(ends: Sequence[float]) -> pd.DataFrame:
    """One bar a row, the longest in another colour."""
    top = max(ends, default=0)
    return frame([(0, i, end, "tete" if end == top > 0 else "reste") for i, end in enumerate(ends)], BAR)


def _alt(what: str, rows: Iterable[tuple[str, str]]) -> str:
    return f"{what} : " + ", ".join(f"{label} {text}" for label, text in rows)


def _same(sujet: Sujet, region: pd.DataFrame) -> pd.DataFrame:
    own = region[(region["questionnaire"] == sujet.livre.id) & (region["question"] == sujet.question.code)]
    own = own[own["effectif"].notna() & (own["modalite"] != NR)]
    return own[own["sous_question"] == sujet.part] if sujet.part else own


def _scale(sujet: Sujet) -> Panneau:
    codes = [*sujet.question.modalites]
    shades = dict(zip(codes, _shades(len(codes)), strict=True))
    bars: list[tuple[int, int, float, str]] = []
    words: list[tuple[int, float, str, str]] = []
    labels: list[str] = []
    for y, (label, own) in enumerate(sujet.parts.items()):
        base = int(own["base"].max())
        labels.append(f"{label if sujet.question.is_grid else 'Réponses'} ({number(base)})")
        counts = own.set_index("modalite")["effectif"].reindex(codes, fill_value=0)
        half = len(codes) // 2
        right = -(sum(counts[:half]) + sum(counts[half : len(codes) - half]) / 2)
        for rank, code in enumerate(codes):
            left, right = right, right + int(counts[code])
            # A bar begins at 0: those of the left end at their left; those of the right, outermost first, at theirs.
            if code not in sujet.sides["haut"]:
                bars.append((rank, y, left / base, shades[code]))
            if code not in sujet.sides["bas"]:
                bars.append((2 * len(codes) - rank, y, right / base, shades[code]))
            if right > left:
                words.append((y, (left + right) / 2 / base, number(right - left), shades[code]))
    told = [(label, " ".join(number(n) for n in own["effectif"])) for label, own in sujet.parts.items()]
    return Panneau(
        titre=constat(sujet),
        question=sujet.question.libelle,
        alt=_alt("Barres divergentes", told),
        champ=_scope(sujet),
        livre=sujet.livre.id,
        lignes=labels,
        barres=frame(bars, BAR),
        mots=frame(words, WORD),
        cle={shade: sujet.question.modalites[code] for code, shade in shades.items()},
    )


def _shades(modalities: int) -> list[str]:
    """From one end of a scale to the other."""
    half = modalities // 2
    low = [f"bas{min(2, half - i)}" for i in range(half)]
    return [*low, *["milieu"] * (modalities % 2), *[f"haut{shade[3:]}" for shade in reversed(low)]]


def _scope(sujet: Sujet) -> str:
    """« 24 bailleurs et 5 gestionnaires ; question posée si … »"""
    who = sujet.bodies(sujet.base)
    if sujet.face is not None and not sujet.is_scale:
        n = sujet.face.given["organisme"].nunique()
        who += f" et {sujet.face.bodies(n)} ({DOT})" if n else ""
    tree = sujet.livre.filters.get(sujet.question.code)
    return who + (f" ; question posée si {condition(sujet.livre, tree)}." if tree else ".")


def _grids(sujets: Sequence[Sujet], services: Sequence[str]) -> Iterator[Panneau]:
    """What bodies answer by name, several questions a figure."""
    page: list[Sujet] = []
    rows = 0
    for sujet in sujets:
        more = 1 + len(_lines(sujet.question))
        if page and rows + more > TALLEST:
            yield _grid(page, services)
            page, rows = [], 0
        page, rows = [*page, sujet], rows + more
    if page:
        yield _grid(page, services)


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
        names += [*lines.values()]
        by_part = sujet.question.type in ("echelle", "nombre", "date")
        for a in sujet.noms.itertuples():
            code = a.sous_question if a.modalite == NR or by_part else a.modalite
            if code in place:
                marks.append((place[code], services.index(a.organisme), _mark(sujet.question, a), ""))
    who = sorted({name for s in sujets for name in s.noms["organisme"]}, key=[*services].index)
    ends = next(([*s.question.modalites.values()] for s in sujets if s.is_scale), [])
    return Panneau(
        titre=unanimes(sujets),
        question=f"Réponses de {plural(len(who), 'ce service', f'chacun des {len(who)} services')}",
        alt=f"Grille des réponses par service, {count(len(sujets), 'question')} : {', '.join(who)}",
        champ=f"{sujets[0].bodies(len(who))}.",
        livre=sujets[0].livre.id,
        lignes=names,
        marques=frame(marks, MARK),
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
        codes = [*question.modalites]
        half, rank = len(codes) // 2, codes.index(answer.modalite)
        if rank < half:
            return "−" * (half - rank)
        return "=" if len(codes) % 2 and rank == half else "+" * (rank - half + 1 - len(codes) % 2)
    return answer.sous_question if question.type == "classement" else DOT


def par_departement(
    sujets: Sequence[Sujet], ailleurs: pd.DataFrame, where: Mapping[str, str], names: Mapping[str, str]
) -> list[Panneau]:
    """By department, the answer that most give in all, for the questions that `ailleurs` holds.

    `ailleurs`: as `reponses`, with territoire. `where`, `names`: code → « en Charente », « Charente ».
    """
    found = []
    for sujet in sujets:
        own = _same(sujet, ailleurs) if sujet.is_choice else ailleurs.head(0)
        if own.empty:
            continue
        parts = own[own["modalite"] == sujet.counts["modalite"][sujet.counts["effectif"].idxmax()]]
        rows = parts.assign(part=parts["effectif"] / parts["base"], nom=parts["territoire"].map(names))
        rows = rows.sort_values(["part", "nom"], ascending=[False, True], kind="stable").reset_index(drop=True)
        texts = [f"{number(r.effectif)} sur {number(r.base)}" for r in rows.itertuples()]
        panel = Panneau(
            titre=par_lieu(sujet, rows, where),
            question=f"{sujet.label} « {rows['libelle'].iloc[0]} », par département",
            alt=_alt("Barres par département", zip(rows["nom"], texts, strict=True)),
            champ=f"{count(rows['base'].sum(), 'réponse')}, un {sujet.one} comptant dans chacun de ses départements.",
            livre=sujet.livre.id,
            lignes=[*rows["nom"]],
            barres=_bar([*rows["part"]]),
            mots=frame([(i, p, text, "") for i, (p, text) in enumerate(zip(rows["part"], texts, strict=True))], WORD),
        )
        found.append(panel)
    return found
