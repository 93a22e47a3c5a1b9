"""What the reports read of a study: a territory's rows, and the regional results it shows.

Each public function is a view, read through `reads.Reader` under its own name. A view gives no
more than what the territory's report may show, so that it changes only with that; of hidden
counts it gives no value.
"""

import pandas as pd

from . import questionnaires as asked
from . import regional
from .analysis import programmation as prog
from .analysis.deploiement import calendrier as planning
from .analysis.deploiement import charte as charter
from .analysis.deploiement import formations as training
from .analysis.deploiement import pilotage
from .analysis.droits import organismes as bodies
from .analysis.processus import integration
from .analysis.programmation import cadrage as controls
from .analysis.questionnaires import shown
from .codebook import Codebook
from .reads import Source
from .study import Territory
from .tables import read_table


def fichiers(s: Source, lieu: Territory) -> dict[str, list[str]]:
    """Table → the raw files that its rows came from."""
    return {"programmation": sorted(read_table(s.study, "programmation").fichier.unique())}


# Programmation
def programmation(s: Source, lieu: Territory) -> pd.DataFrame:
    """The rows that count, as `prepare` makes them."""
    return prog.within(s.once(regional.active), lieu)


def parts_region(s: Source, lieu: Territory) -> pd.DataFrame:
    """`parts_departement` of the whole region."""
    return s.shared(regional.shares)


def cadrage(s: Source, lieu: Territory) -> pd.DataFrame:
    return controls.cadrage(s.once(regional.active), s.study.cadrage)


def rapprochement(s: Source, lieu: Territory) -> tuple[pd.DataFrame, bool]:
    """`rapprochement_operations`, and whether a second source was received."""
    theirs = prog.prepare(s.table("rapprochement"))
    found = controls.rapprochement_operations(s.once(regional.prepared), theirs)
    return prog.within(found, lieu), len(theirs) > 0


# Organismes and questionnaires
def _here(s: Source, lieu: Territory) -> set[str]:
    return pilotage.of_territory(s.table("organismes"), lieu)


def organismes(s: Source, lieu: Territory) -> pd.DataFrame:
    """Those that work in the territory."""
    table = s.table("organismes")
    return table[table.id.isin(_here(s, lieu))].reset_index(drop=True)


def questionnaires(s: Source, lieu: Territory) -> dict[str, Codebook]:
    return s.once(lambda s: asked.load_codebooks(s.study), "questionnaires")


def enquetes(s: Source, lieu: Territory) -> dict[str, shown.Shown]:
    """The questionnaires that were answered, with what the territory may show of them."""
    return {code: one.within(lieu) for code, one in s.shared(regional.surveys).items()}


def reponses(s: Source, lieu: Territory) -> dict[str, pd.DataFrame]:
    """Questionnaire → its `reponses`, as the territory may show them."""
    return s.shared(regional.answers, lieu)


def verbatims(s: Source, lieu: Territory) -> pd.DataFrame:
    from .intake.verbatims import publishable

    return publishable(s.study, s.table("organismes"))


# Rights
def comptes(s: Source, lieu: Territory) -> pd.DataFrame:
    return prog.within(s.shared(regional.accounts), lieu)


def etats(s: Source, lieu: Territory) -> pd.DataFrame:
    """`etat_organismes` of those that work in the territory."""
    return bodies.etat_organismes(s.shared(regional.accounts), organismes(s, lieu), s.table("profils"))


def profils(s: Source, lieu: Territory) -> pd.DataFrame:
    return s.table("profils")


# Processes
def services(s: Source, lieu: Territory) -> list[str]:
    """The gestionnaires of the territory, by id."""
    return [g.id for g in s.study.gestionnaires if g.departement in lieu.departements]


def _of_services(s: Source, lieu: Territory, table: pd.DataFrame) -> pd.DataFrame:
    return table[table.gestionnaire.isin(services(s, lieu))].reset_index(drop=True)


def etapes(s: Source, lieu: Territory) -> pd.DataFrame:
    return _of_services(s, lieu, s.shared(regional.steps))


def placees(s: Source, lieu: Territory) -> pd.DataFrame:
    """`integration`."""
    return _of_services(s, lieu, s.shared(regional.placed))


def nouvelles(s: Source, lieu: Territory) -> pd.DataFrame:
    return _of_services(s, lieu, s.shared(regional.new))


def cible(s: Source, lieu: Territory) -> pd.DataFrame:
    return s.table("etapes_spls")


def decisions(s: Source, lieu: Territory) -> tuple[pd.DataFrame, int]:
    """What the territory's gestionnaires must decide with all others, and how many these are."""
    concerned = integration.concerning(s.shared(regional.decisions), services(s, lieu))
    return concerned, int(s.shared(regional.steps).gestionnaire.nunique())


# Roll-out
def calendrier(s: Source, lieu: Territory) -> pd.DataFrame:
    return pilotage.of_place(calendrier_entier(s, lieu), lieu).reset_index(drop=True)


def calendrier_entier(s: Source, lieu: Territory) -> pd.DataFrame:
    """`calendrier` of all territories: what pushes a milestone may be another's task."""
    return s.once(lambda s: planning.calendrier(s.table("calendrier"), regional.today(s)), "dates")


def charte(s: Source, lieu: Territory) -> pd.DataFrame:
    """`positions` of the signatories that work in the territory, on every clause."""
    said = charter.positions(s.table("charte"))
    return said[said.organisme.isin(_here(s, lieu))].reset_index(drop=True)


def _sessions(s: Source, lieu: Territory) -> pd.DataFrame:
    return pilotage.of_place(s.table("formations"), lieu)


def formations(s: Source, lieu: Territory) -> pd.DataFrame:
    """Presences against open accounts."""
    return training.formations(_sessions(s, lieu), s.shared(regional.accounts), regional.today(s))


def a_venir(s: Source, lieu: Territory) -> pd.DataFrame:
    return training.a_venir(_sessions(s, lieu), regional.today(s))


def satisfaction(s: Source, lieu: Territory) -> pd.DataFrame:
    return training.satisfaction(_sessions(s, lieu), regional.today(s), s.study.confidentialite.repondants)


def points(s: Source, lieu: Territory) -> pd.DataFrame:
    return pilotage.points_discussion(s.table("points_discussion"), regional.today(s))


def gouvernance(s: Source, lieu: Territory) -> pd.DataFrame:
    return pilotage.gouvernance(s.table("gouvernance"), s.table("organismes"), _here(s, lieu))
