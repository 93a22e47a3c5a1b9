"""Who has answered since the last edition, where they are so few that comparing the two tells their answers."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd

from notebook_reports.french import count, long_date

from . import slices
from .diff import respondents
from .questionnaires import load_codebooks
from .study import Study


def warnings(study: Study, reports: Path, last: date) -> Iterator[str]:
    """A French sentence for each group that showed and has gained few respondents since the edition `last`."""
    least = study.confidentialite.repondants
    for code, book in load_codebooks(study).items():
        for place in study.territories if not book.nominatif else ():
            file = reports / last.isoformat() / place.code / "tables" / "taux_reponse.csv"
            before = respondents(pd.read_csv(file)).get(code, 0) if file.is_file() else 0
            gained = respondents(slices.read(study, place, "taux_reponse")).get(code, 0) - before
            if before >= least and 0 < gained < least:
                yield (
                    f"Questionnaire {code}, {place.nom}\u00a0: {count(gained, 'répondant')} de plus que dans l'édition "
                    f"du {long_date(last)}. Comparer les deux éditions ferait lire les réponses de moins de {least} "
                    f"répondants\u00a0: déplacez cloture dans {code}.toml, ou attendez d'autres réponses."
                )
