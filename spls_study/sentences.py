"""Words that several cells and notebooks share: what a share, a change, a list of names say of themselves."""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from notebook_reports.french import (
    NOT_APPLICABLE,
    capital,
    count,
    listing,
    long_date,
    number,
    percent,
    plural,
    quoted,
    signed,
    within,
)

from .analysis.deploiement.calendrier import noel
from .analysis.droits.opening import Rest
from .analysis.droits.organismes import NOTHING, READY
from .study import SMALL_BASE

NAMED = 5  # names in a sentence


def share_or_count(part: float, whole: float, operations: float) -> str:
    """« 52,3 % des », or « 12 des 40 » where the base has too few operations."""
    return f"{number(part)} des {number(whole)}" if operations < SMALL_BASE else f"{percent(part / whole)} des"


def change(now: pd.Series, before: pd.Series, year: int) -> str:
    """« (−12,0 % par rapport à 2012) », in dwellings where either base is small, empty where there is no comparison.

    `now`, `before`: logements and operations of a year, and of the `year` that it is compared with.
    """
    if not (now.logements and before.logements):
        return ""
    moved = now.logements - before.logements
    if min(now.operations, before.operations) < SMALL_BASE:
        said = f"{signed(moved)} {plural(moved, 'logement')}"
    else:
        said = f"{signed(round(moved / before.logements * 100, 1), 1)} %"
    return f" ({said} par rapport à {year})"


def some_of(names: Sequence[str]) -> str:
    """« A, B, C, D, E et 3 autres »."""
    more = [count(len(names) - NAMED, "autre")] if len(names) > NAMED else []
    return listing([*names[:NAMED], *more])


def first_of(sizes: "pd.Series[int]", article: str, verb: str, rest: str) -> str:
    """Who has most, equals together, of numbers by name of which the largest is not zero.

    >>> first_of(pd.Series({"Nord": 12, "Sud": 8}), "Le secteur", "reçoit", "des 20 PLUS")
    'Le secteur Nord reçoit 12 des 20 PLUS'
    """
    names = [*map(str, sizes.index[sizes == sizes.max()])]
    what = f"{verb} {number(sizes.max())} {rest}"
    if len(names) > 1:
        who = listing(names) if len(names) < 3 else f"{number(len(names))} lignes"
        return f"{who} : chacun {what}, ex aequo"
    return f"{article} {names[0]}".strip().replace("La Zone", "La zone") + f" {what}"


def places_of(codes: Iterable[str], names: Mapping[str, str]) -> str:
    """Where the departments are that come first: « en Charente », « en Charente et dans la Vienne, ex aequo »."""
    places = [within(code, names[code]) for code in codes]
    if len(places) > 2:
        return f"dans {number(len(places))} départements, ex aequo"
    return listing(places) + ", ex aequo" * (len(places) > 1)


def small_bases(view: pd.DataFrame) -> str:
    """What « – » stands for in a table, if it holds one."""
    there = (view == NOT_APPLICABLE).any(axis=None)
    return f"« – » : moins de {SMALL_BASE} opérations, ni pourcentage ni indice." if there else ""


def rights_title(where: str, entered: int, able: int, landlords: int, application: str) -> str:
    """The result of a rights campaign.

    >>> rights_title("en Charente", 12, 12, 12, "SPLS")
    'Droits en Charente : tous les bailleurs (12) peuvent entrer dans SPLS et transmettre'
    """
    if not landlords:
        return f"Droits {where} : aucun bailleur n'est connu"
    if not entered:
        return f"Droits {where} : aucun bailleur sur {number(landlords)} ne peut entrer dans {application}"
    who = f"{count(entered, 'bailleur')} sur {number(landlords)}"
    if landlords == entered > 1:
        who = f"tous les bailleurs ({number(landlords)})"
    then = f", {number(able)} {plural(able, 'peut', 'peuvent')} transmettre"
    if able in (0, entered):
        then = " et transmettre" if able else ", aucun ne peut transmettre"
    return f"Droits {where} : {who} {plural(entered, 'peut', 'peuvent')} entrer dans {application}{then}"


def rights_gap(states: pd.DataFrame) -> str:
    """« 10 bailleurs n'ont aucun accès, dont 8 sans demande en cours ; 2 bailleurs ont un compte ouvert sans… ».

    `states`: `par_organisme`.
    """
    own, said = states[states.role == "bailleur"], []
    out, short = own[own.etat == NOTHING], own[~own.etat.isin([NOTHING, READY])]
    if len(out):
        silent = int((out.en_attente == 0).sum())
        which = {0: "", len(out): ", sans demande en cours"}.get(
            silent, f", dont {number(silent)} sans demande en cours"
        )
        said.append(count(len(out), "bailleur n'a aucun accès", "bailleurs n'ont aucun accès") + which)
    if len(short):
        who = count(len(short), "bailleur a un compte ouvert", "bailleurs ont un compte ouvert")
        said.append(f"{who} sans pouvoir transmettre")
    return f"{' ; '.join(said)}." if said else ""


def pace_title(rest: Rest) -> str:
    """What is left to open, and when it is done at the pace of the last four weeks.

    >>> pace_title(Rest(107, 11, 0, None))
    "11 comptes restent à ouvrir, et aucun ne l'a été depuis quatre semaines"
    """
    left = f"{count(rest.reste, 'compte')} {plural(rest.reste, 'reste', 'restent')} à ouvrir"
    if not rest.reste:
        return f"Plus aucun compte ne reste à ouvrir sur {number(rest.en_cours)}"
    if not rest.recents:
        return f"{left}, et aucun ne l'a été depuis quatre semaines"
    end = "dans plus de trois ans" if rest.fin is None else f"le {long_date(rest.fin)}"
    return f"{left} : au rythme actuel, fin {end}"


def divergence(opposed: pd.DataFrame, steps: pd.DataFrame, names: Mapping[str, str]) -> str:
    """In what the processes differ most: an order that others have not, else how many steps they share.

    Tables `variants.contraires` and `variants.variantes`; gestionnaire → its name.
    """
    first = opposed[opposed.inversees == opposed.inversees.max()]
    if len(first) == 2 and {*first.etape} == {*first.avant}:
        first = first.head(1)  # of two alone, each is the contrary of the other
    said = [
        f"{names[row.gestionnaire]} fait {quoted(row.etape)} avant {quoted(row.avant)}, à l'inverse "
        + (
            f"de {row.contre} autres sur {row.contre + row.avec}"
            if row.avec
            else f"des {number(row.contre)} autres"
            if row.contre > 1
            else "de l'autre"
        )
        for row in first.itertuples()
    ]
    if len(said) in (1, 2):
        return " ; ".join(said)
    if said:
        return f"{listing([names[g] for g in first.gestionnaire])} s'écartent le plus, ex aequo, de l'ordre des autres"
    shared = int((steps.nb_gestionnaires == len({*"|".join(steps.gestionnaires).split("|")})).sum())
    return f"{count(shared, 'étape')} sur {number(len(steps))} {plural(shared, 'est commune', 'sont communes')} à tous"


def threshold(good: float, fair: float, unit: str = "") -> str:
    """The rule of a line of the dashboard; where the first number is the greater, more is better; without unit, shares.

    >>> threshold(0, 14, "jour")
    "conforme jusqu'à 0 jour, à surveiller jusqu'à 14 jours"
    """
    first, then = (count(bound, unit) if unit else percent(bound, 0) for bound in (good, fair))
    reached = "dès" if good > fair else "jusqu'à"
    return f"conforme {reached} {first}, à surveiller {reached} {then}"


def milestone_title(milestones: pd.DataFrame) -> str:
    """Where the last milestone to come stands, as a clause of a title; `milestones` is the table `jalons`."""
    ahead = milestones[milestones.statut == "à venir"]
    if not len(milestones):
        return "aucun jalon connu"
    if not len(ahead):
        held = count(len(milestones), "jalon")
        return f"{held} sur {number(len(milestones))} {plural(len(milestones), 'tenu')}"
    last = next(ahead.tail(1).itertuples())
    if pd.isna(last.reel_ou_estime):
        return f"« {last.libelle} » sans date"
    day = long_date(last.reel_ou_estime).rsplit(" ", 1)[0]
    if not last.ecart_jours > 0:
        return f"« {last.libelle} » tient sa date, le {day}"
    christmas = ", semaine de Noël" if noel(last.reel_ou_estime) else ""
    return f"« {last.libelle} » glisse de {count(last.ecart_jours, 'jour')}, au {day}{christmas}"


def missed(seats: pd.DataFrame) -> list[str]:
    """For each instance that met, who missed how many of its meetings, the most first; `seats` is `gouvernance`.

    A last clause tells how many came to all.
    """
    said = []
    for instance, own in seats[seats.reunions > 0].groupby("instance", sort=False):
        absent = own.assign(manque=own.reunions - own.presences)
        absent = absent[absent.manque > 0].sort_values(["manque", "organisme"], ascending=[False, True])
        names = [
            f"{count(n, 'manquée')} par {listing([*who])}" for n, who in absent.groupby("manque", sort=False).organisme
        ]
        met = count(own.reunions.iloc[0], "réunion")
        whole = len(own) - len(absent)
        if whole:
            names.append(f"{count(whole, 'organisme est venu', 'organismes sont venus')} à chaque fois")
        said.append(f"{capital(instance)}, {met} : {' ; '.join(names)}.")
    return said
