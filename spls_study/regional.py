"""What is computed once for the whole region, and shown by several views."""

import pandas as pd

from . import questionnaires as asked
from .analysis import programmation as prog
from .analysis.droits import accounts as requests
from .analysis.methods.frames import UNKNOWN
from .analysis.processus import integration, processes
from .analysis.programmation import volumes
from .analysis.questionnaires import shown, survey
from .reads import Source
from .study import Territory

Tables = dict[str, pd.DataFrame]


def prepared(s: Source) -> pd.DataFrame:
    return prog.prepare(s.table("programmation"))


def active(s: Source) -> pd.DataFrame:
    return prog.active(s.once(prepared))


def shares(s: Source) -> pd.DataFrame:
    return volumes.parts_departement(s.once(active), sorted(s.study.departements))


def surveys(s: Source) -> dict[str, shown.Shown]:
    found = {}
    for code, book in asked.load_codebooks(s.study).items():
        answers = asked.read_answers(s.study, code)
        if len(answers):
            one = survey.survey(book, answers, s.table("organismes"))
            found[code] = shown.decide(one, s.study.territories, s.study.confidentialite.repondants)
    return found


def answers(s: Source, lieu: Territory) -> dict[str, pd.DataFrame]:
    return {code: one.reponses(lieu) for code, one in s.shared(surveys).items()}


def accounts(s: Source) -> pd.DataFrame:
    """`accounts`, with nom and famille of the organisme."""
    table = requests.accounts(s.table("comptes"), s.table("profils"), s.study.etude.extraction)
    table = table.join(s.table("organismes").set_index("id")[["nom", "famille"]], on="organisme")
    return table.fillna({"nom": table.organisme, "famille": UNKNOWN})


def steps(s: Source) -> pd.DataFrame:
    return processes.etapes(processes.steps(s.table("processus"), s.study.gestionnaires))


def placed(s: Source) -> pd.DataFrame:
    return integration.integration(
        s.shared(steps), s.table("etapes_spls"), s.study.etude.application, s.study.gestionnaires
    )


def new(s: Source) -> pd.DataFrame:
    return integration.nouvelles(s.shared(steps), s.table("etapes_spls"))


def decisions(s: Source) -> pd.DataFrame:
    tasks = s.table("calendrier")
    return integration.decisions(s.shared(placed), s.shared(new), tasks[tasks.type == "jalon"], s.study.etude.edition)


def today(s: Source) -> pd.Timestamp:
    return pd.Timestamp(s.study.etude.edition)
