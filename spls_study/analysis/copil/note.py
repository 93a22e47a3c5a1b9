"""What the note puts side by side: where each territory stands, who does what, what answers say, the gravest fact."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd

from notebook_reports.french import count, listing, number, without_year

from ...codebook import NR, Codebook
from ...study import Territory
from ...words import fold
from ..deploiement.calendrier import retard
from ..deploiement.pilotage import charte, of_territory
from ..droits.accounts import OPENED
from ..droits.organismes import NOTHING, READY, par_organisme
from ..methods import frame
from .decisions_demandees import Delay

FACTS = {"cle": "str", "territoire": "str", "valeur": "float64", "sur": "float64", "jour": "datetime64[s]"}
ACTIONS = {"qui": "str", "quoi": "str", "pour_le": "datetime64[s]", "source": "str"}
LANDLORDS, SIGNATORIES = "Bailleurs", "Signataires"
PHRASES = {"reference": "str", "phrase": "str", "effectif": "int64", "base": "int64", "ex_aequo": "bool"}
ON_TIME, UNKNOWN = "tout est à l'heure", "aucun jalon connu"
WITHOUT, FILLED = 0.25, 0.5  # landlords without an open account; places of training taken


def par_territoire(
    places: Sequence[Territory],
    states: pd.DataFrame,
    rates: Mapping[str, pd.DataFrame],
    said: pd.DataFrame,
    trained: pd.DataFrame,
    steps: pd.DataFrame,
    calendar: pd.DataFrame,
    services: Mapping[str, str],
) -> pd.DataFrame:
    """One row a figure and territory, columns FACTS; a figure whose data are not there has no row.

    The keys: entres and prets (landlords with an open account, who can transmit), reponses (of the landlords), clauses
    (adopted by those of the territory), presents (of the places of sessions held), ressaisies (of the steps),
    presentation (days late of the territory's own task to come that ends last, and the day when it would end).

    `said` is the table `positions`; `rates`: territory → `taux_reponse` of the landlords' questionnaire.
    """
    bodies = par_organisme(states).rename(columns={"organisme": "id"})
    rows: list[tuple[object, ...]] = []
    for place in places:
        own = of_territory(bodies, place)
        landlords = bodies[bodies.id.isin(own) & (bodies.role == "bailleur")].etat
        signed = charte(said[said.organisme.isin(own)]).statut
        held = trained if place.is_region else trained[trained.territoire == place.code]
        held = held[held.presents.notna()]
        mine = steps[steps.gestionnaire.map(services).isin(place.departements)].ressaisie
        told = [
            ("entres", landlords, (landlords != NOTHING).sum(), len(landlords)),
            ("prets", landlords, (landlords == READY).sum(), len(landlords)),
            ("clauses", signed, (signed == "adoptée").sum(), len(signed)),
            ("presents", held, held.presents.sum(), held.places.sum()),
            ("ressaisies", mine, (mine == "oui").sum(), len(mine)),
        ]
        found = {key: (n, of, None) for key, data, n, of in told if len(data)}
        for row in rates[place.code].query("strate == 'total'").itertuples() if place.code in rates else ():
            found["reponses"] = (row.repondants, row.population, None)
        tasks = calendar[(calendar.territoire == place.code) & calendar.fin_reelle.isna()]
        for task in tasks.dropna(subset=["fin_estimee"]).sort_values(["fin_estimee", "id"]).tail(1).itertuples():
            found["presentation"] = (task.retard_jours, None, task.fin_estimee)
        keys = ("entres", "prets", "reponses", "clauses", "presents", "ressaisies", "presentation")
        rows += [(key, place.code, *found[key]) for key in keys if key in found]
    return frame(rows, FACTS)


def qui_fait_quoi(
    points: pd.DataFrame,
    calendar: pd.DataFrame,
    clauses: pd.DataFrame,
    states: pd.DataFrame,
    accounts: pd.DataFrame,
    elsewhere: Collection[str],
    until: pd.Timestamp,
) -> pd.DataFrame:
    """Who must do what before the next COPIL, on the day `until`: columns ACTIONS; who has the earliest date comes
    first.

    `elsewhere`: names of the gestionnaires of other territories: what they owe is told there.
    """
    still = points[(points.statut == "ouvert") & points.action.notna()]
    tasks = calendar[calendar.territoire.notna() & calendar.fin_reelle.isna() & (calendar.fin_estimee <= until)]
    rows: list[tuple[Any, ...]] = [
        (row.responsable, row[2], row[3], source)
        for table, what, source in (
            (still, ["responsable", "action", "echeance"], "points_discussion"),
            (tasks, ["responsable", "libelle", "fin_estimee"], "calendrier"),
        )
        for row in table[what].dropna(subset="responsable").itertuples()
        if row.responsable not in elsewhere
    ]
    waiting, landlords = clauses[clauses.en_attente > 0], par_organisme(states[states.role == "bailleur"])
    asked = count(waiting.en_attente.sum(), "réponse attendue", "réponses attendues")
    out = int((landlords.etat == NOTHING).sum())
    unused = int(((accounts.etat == OPENED) & accounts.organisme.isin(landlords.organisme)).sum())
    never = count(unused, "compte jamais utilisé", "comptes jamais utilisés")
    owed = [
        (SIGNATORIES, f"Répondre sur {listing([*waiting.clause])} de la charte ({asked})", "charte", len(waiting)),
        (LANDLORDS, f"Obtenir un compte ({count(out, 'bailleur')} sans accès)", "comptes", out),
        (LANDLORDS, f"Première connexion ({never})", "comptes", unused),
    ]
    rows += [(who, what, until, source) for who, what, source, n in owed if n]
    table = frame(rows, ACTIONS)
    first = table.pour_le.groupby(table.qui).transform("min")
    order = table.assign(premier=first).sort_values(["premier", "qui", "pour_le"], kind="stable", ignore_index=True)
    return order[[*ACTIONS]]


def phrases(
    references: Sequence[str], answers: Mapping[str, pd.DataFrame], codebooks: Mapping[str, Codebook]
) -> pd.DataFrame:
    """For each question named (« bailleurs.B07 »), the phrase of its codebook that most answers back: columns PHRASES.

    Of phrases that as many back (ex_aequo), the first one of the codebook is said. A question that does not show, that
    has no phrase or is a grid, has no row.
    """
    rows = []
    for reference in references:
        name, _, code = reference.partition(".")
        question = codebooks[name].by_code.get(code) if name in codebooks else None
        if question is None or question.is_grid or name not in answers:
            continue
        table = answers[name]
        own = table[(table.question == code) & (table.modalite != NR) & table.effectif.notna()]
        found, choices = own.groupby("modalite").effectif.last(), [*question.modalites]
        half = len(choices) // 2  # the sides of a scale are its modalities but for the middle one
        sides = {"bas": choices[:half], "haut": choices[len(choices) - half :]}
        counts = {key: int(found.reindex(sides.get(key, [key])).sum()) for key in question.phrases}
        first = [key for key, n in counts.items() if n == max(counts.values()) > 0]
        for key in first[:1]:
            rows.append((reference, question.phrases[key], counts[key], own.base.max(), len(first) > 1))
    return frame(rows, PHRASES)


def plus_grave(
    late: Delay | None,
    entered: int,
    landlords: int,
    blocked: Sequence[str],
    presents: float,
    places: float,
    milestones: pd.DataFrame,
) -> str:
    """The gravest true fact of the day, for the title of the note.

    In this order: the go-live slips, a quarter of the landlords have no account, the charter is blocked, fewer than
    half of the places of training were taken, a milestone slips without consequence; else `ON_TIME`, but without any
    milestone nobody knows.
    """
    if late is not None:
        day = without_year(late.date)
        if fold(late.jalon.libelle).startswith("mise en service"):
            return f"une mise en service qui glisse au {day}"
        return f"un jalon qui glisse, {late.jalon.libelle}, au {day}"
    if landlords and landlords - entered >= WITHOUT * landlords:
        return f"{count(landlords - entered, 'bailleur')} sur {number(landlords)} sans compte ouvert"
    if blocked:
        return f"une charte bloquée par un refus sur {listing([*blocked])}"
    if places and presents < FILLED * places:
        return f"{number(presents)} places de formation prises sur {number(places)}"
    if slip := retard(milestones):
        return f"un jalon en retard de {count(slip, 'jour')}, sans effet sur la fin"
    return ON_TIME if len(milestones) else UNKNOWN
