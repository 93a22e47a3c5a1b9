"""What is computed once for the whole region, and shown by several views."""

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import pandas as pd

from . import questionnaires as asked
from .analysis import programmation as prog
from .analysis.droits import accounts as requests
from .analysis.droits import rights
from .analysis.methods.past import Told, carried
from .analysis.processus import integration, processes
from .analysis.programmation import volumes
from .analysis.questionnaires import shown, survey
from .editions import earlier_tables
from .reads import Source
from .study import Territory

Tables = dict[str, pd.DataFrame]
REMEMBERED = 12  # editions, as many as `--archive` keeps


def prepared(s: Source) -> pd.DataFrame:
    return prog.prepare(s.table("programmation"))


def active(s: Source) -> pd.DataFrame:
    return prog.active(s.once(prepared))


def shares(s: Source) -> pd.DataFrame:
    return volumes.parts_departement(s.once(active), sorted(s.study.departements))


def _past(s: Source, names: Sequence[str], read: Callable[[dict[str, Tables]], dict[Any, Told]]) -> dict[Any, Told]:
    """What the earlier editions told, as `read` finds it in their tables, by name and territory."""
    found = {(n, t.code): earlier_tables(s.study, t, n) for n, t in product(names, s.study.territories)}
    days = sorted({day for tables in found.values() for day in tables})
    past: dict[Any, Told] = {}
    for day in days[-REMEMBERED:]:
        tables: dict[str, Tables] = {name: {} for name in names}
        for (name, code), of_days in found.items():
            if day in of_days:
                tables[name][code] = of_days[day]
        past = carried(past, read(tables))
    return past


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
    return requests.accounts(s.table("comptes"), s.table("profils"), s.study.etude.extraction)


def campaign(s: Source) -> rights.Campaign:
    study = s.study
    names = ("comptes_departement", "comptes_suivis", "comprehension", *rights.PUBLISHED)
    past = _past(s, names, rights.earlier)
    return rights.campaign(
        s.shared(accounts),
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
        s.shared(steps), s.table("etapes_spls"), s.study.etude.application, s.study.gestionnaires
    )


def new(s: Source) -> pd.DataFrame:
    return integration.nouvelles(s.shared(steps), s.table("etapes_spls"))


def decisions(s: Source) -> pd.DataFrame:
    tasks = s.table("calendrier")
    return integration.decisions(s.shared(placed), s.shared(new), tasks[tasks.type == "jalon"], s.study.etude.edition)


def today(s: Source) -> pd.Timestamp:
    return pd.Timestamp(s.study.etude.edition)
