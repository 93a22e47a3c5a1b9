"""Dates of what is past by nature and that come after the extraction: counted, never changed.

All date columns of these tables tell what has happened (a filing, a decision, an invitation sent, an
account opened): none is a forecast, so a later one is a slip, or the extraction is dated wrongly. Plans
(`calendrier`, sessions, deadlines) have later dates by right.
"""

import pandas as pd

from notebook_reports.french import count, long_date, plural, short_date

from ..study import Study
from ..tables import TABLES
from .sieve import REPORT

PAST = ("programmation", "rapprochement", "comptes")
NAMED = 5  # lines told one by one


def afterwards(study: Study, table: str, rows: pd.DataFrame) -> pd.DataFrame:
    """A line for each file and column that has such dates, columns `REPORT`, at the first of them.

    Parameters
    ----------
    rows
        All accepted rows of the table.
    """
    found = []
    for column in (c.name for c in TABLES[table] if c.kind == "date" and table in PAST):
        late = rows[rows[column] > pd.Timestamp(study.etude.extraction)]
        for _, some in late.astype({"fichier": "str", "feuille": "str"}).groupby("fichier"):
            first = some.iloc[0]
            place = (first["fichier"], first["feuille"], first["ligne"])
            found.append((*place, column, short_date(first[column]), _reason(study, some)))
    return pd.DataFrame(found, columns=list(REPORT))


def _reason(study: Study, late: pd.DataFrame) -> str:
    several = late["feuille"].nunique() > 1
    shown = [
        f"{line} ({sheet})" if several else str(line)
        for sheet, line in late[["feuille", "ligne"]].head(NAMED).itertuples(index=False)
    ]
    return (
        f"{count(len(late), 'date postérieure', 'dates postérieures')} à l'extraction"
        f" ({long_date(study.etude.extraction)})\u00a0: {plural(len(late), 'ligne')} {', '.join(shown)}"
        f"{'…' * (len(late) > NAMED)}\u202f; à vérifier, ou corrigez etude.extraction"
    )
