"""What is computed once for the whole region, and shown by several views."""

import pandas as pd

from . import questionnaires as asked
from .analysis import programmation as prog
from .analysis.droits import accounts as requests
from .analysis.droits import rights
from .analysis.processus import integration, processes
from .analysis.questionnaires import published, survey
from .editions import previous_table
from .reads import Source


def prepared(s: Source) -> pd.DataFrame:
    return prog.prepare(s.table("programmation"))


def active(s: Source) -> pd.DataFrame:
    return prog.active(s.once(prepared))


def last(s: Source, name: str) -> dict[str, pd.DataFrame]:
    """A table of the last edition, by territory."""
    found = {t.code: previous_table(s.study, t, name, as_text=True) for t in s.study.territories}
    return {code: table for code, table in found.items() if table is not None}


def surveys(s: Source) -> dict[str, published.Published]:
    found = {}
    for code, book in asked.load_codebooks(s.study).items():
        answers = asked.read_answers(s.study, code)
        if len(answers):
            one = survey.survey(book, answers, s.table("organismes"))
            past = published.earlier(book, last(s, "taux_reponse"), last(s, "reponses"))
            found[code] = published.publish(one, s.study.territories, s.study.secret.seuil, past)
    return found


def accounts(s: Source) -> pd.DataFrame:
    return requests.accounts(s.table("comptes"), s.table("profils"), s.study.etude.extraction)


def campaign(s: Source) -> rights.Campaign:
    study = s.study
    names = ("comptes_departement", "comprehension", *rights.PUBLISHED)
    past = rights.earlier({name: last(s, name) for name in names})
    return rights.campaign(
        s.once(accounts),
        s.table("profils"),
        s.table("organismes"),
        sorted(study.departements),
        study.etude.extraction,
        study.secret.seuil,
        past,
    )


def steps(s: Source) -> pd.DataFrame:
    return processes.etapes(processes.steps(s.table("processus"), s.study.gestionnaires))


def placed(s: Source) -> pd.DataFrame:
    return integration.integration(
        s.once(steps), s.table("etapes_spls"), s.study.etude.application, s.study.gestionnaires
    )


def new(s: Source) -> pd.DataFrame:
    return integration.nouvelles(s.once(steps), s.table("etapes_spls"))


def today(s: Source) -> pd.Timestamp:
    return pd.Timestamp(s.study.etude.edition)
