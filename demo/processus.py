"""Today's processes of the five gestionnaires and the target in SPLS, all invented.

One process loops (DDT 16), one has parallel steps (DDTM 17), one skips steps and lacks dates
(DDT 79), one has another order (DDT 86), one has its own tool (Grand Poitiers).
"""

from datetime import date
from itertools import groupby
from operator import itemgetter

from .parts import Edition, Part, listed, to_csv, to_xlsx

_HEADER = "gestionnaire ordre etape acteur support date_debut date_fin duree_jours ressaisie pieces irritant".split()
_IN_XLSX = ("DDTM 17", "Grand Poitiers")


def part(edition: Edition) -> Part:
    """processus/: one file per gestionnaire, and etapes_spls.csv."""
    files = {}
    for name, lines in groupby(listed("processus"), key=itemgetter(0)):
        rows = [_HEADER, *(_step(*line) for line in lines)]
        path = f"processus/{name.lower().replace(' ', '_')}"
        if name in _IN_XLSX:
            files[f"{path}.xlsx"] = to_xlsx({"processus": rows})
        else:
            files[f"{path}.csv"] = to_csv(rows, encoding="cp1252")
    status = "à paramétrer" if not edition.folder else "en test"
    header = "ordre etape fonction_spls couverture acteur_cible statut_spls".split()
    target = ([*row, None if row[3] == "hors SPLS" else status] for row in listed("etapes_spls"))
    files["etapes_spls.csv"] = to_csv([header, *target])
    return Part(files)


def _step(name: str, rank: str, step: str, who: str, tool: str, start: str, end: str, *told: str) -> tuple[object, ...]:
    timed = [date.fromisoformat(f"2014-{d}") if d else None for d in (start, end)]
    return name, int(rank), step, who, tool, *timed, None, *(text or None for text in told)
