"""Where each territory stands: the figures that the note puts side by side."""

from collections.abc import Mapping, Sequence

import pandas as pd

from ...study import Territory
from ..deploiement import pilotage
from ..deploiement.charte import charte
from ..droits.organismes import NOTHING, READY, par_organisme
from ..methods.frames import frame

TYPES = {"cle": "str", "territoire": "str", "valeur": "float64", "sur": "float64", "jour": "datetime64[s]"}
MORE_IS_WORSE = ("ressaisies", "presentation")


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
    """One row a figure and territory; a figure whose data are not there has no row.

    Columns cle, territoire, valeur, sur (of how many, if of any), jour. The keys: entres and prets (landlords
    with an open account, who can transmit), reponses (of the landlords), clauses (adopted by those of the
    territory), presents (of the places of sessions held), ressaisies (of the steps), presentation (days late
    of the territory's own task to come that ends last, and the day when it would end).

    Parameters
    ----------
    places
        The territories.
    states, said, trained, steps, calendar
        Tables `etat_organismes`, `positions`, `formations`, `etapes` and `calendrier`, of all of them.
    rates
        Territory → `taux_reponse` of the landlords' questionnaire.
    services
        Gestionnaire → its department.
    """
    bodies = par_organisme(states)
    rows: list[tuple[object, ...]] = []
    for place in places:
        here = bodies.rename(columns={"organisme": "id"})
        own = pilotage.of_territory(here, place)
        landlords = here[here.id.isin(own) & (here.role == "bailleur")]
        if len(landlords):
            rows.append(("entres", place.code, (landlords.etat != NOTHING).sum(), len(landlords), None))
            rows.append(("prets", place.code, (landlords.etat == READY).sum(), len(landlords), None))
        for row in rates[place.code].query("strate == 'total'").itertuples() if place.code in rates else ():
            rows.append(("reponses", place.code, row.repondants, row.population, None))
        signed = charte(said[said.organisme.isin(own)])
        if len(signed):
            rows.append(("clauses", place.code, (signed.statut == "adoptée").sum(), len(signed), None))
        held = trained if place.is_region else trained[trained.territoire == place.code]
        held = held[held.presents.notna()]
        if len(held):
            rows.append(("presents", place.code, held.presents.sum(), held.places.sum(), None))
        mine = steps[steps.gestionnaire.map(services).isin(place.departements)]
        if len(mine):
            rows.append(("ressaisies", place.code, (mine.ressaisie == "oui").sum(), len(mine), None))
        tasks = calendar[(calendar.territoire == place.code) & calendar.fin_reelle.isna()]
        for task in tasks.dropna(subset=["fin_estimee"]).sort_values(["fin_estimee", "id"]).tail(1).itertuples():
            rows.append(("presentation", place.code, task.retard_jours, None, task.fin_estimee))
    return frame(rows, TYPES)


def worst(facts: pd.DataFrame) -> "pd.Series[bool]":
    """Which territories do worst of each figure, all of those alike; none where all are alike.

    `facts` is `par_territoire` of the departments.
    """
    measure = facts.valeur / facts.sur.where(facts.sur > 0).fillna(1)
    measure = measure.where(facts.cle.isin(MORE_IS_WORSE), -measure)
    own = measure.groupby(facts.cle)
    found: pd.Series[bool] = (measure == own.transform("max")) & (own.transform("nunique") > 1)
    return found
