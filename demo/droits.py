"""The campaign that opens rights: invented people, with their confusions, and the profiles."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np

from .chance import Draw
from .organismes import BAILLEURS
from .parts import Edition, Part, listed, root, to_csv, to_xlsx

SEED = 20140602
RENAMED = date(2014, 6, 14)  # until then, two profiles had their former names
_PROFILES = listed("profils")
_FORMER = {name: former for name, *_, former in _PROFILES if former}
_EXPECTED = {f: name for name, _, _, _, jobs, _ in _PROFILES for f in jobs.split("|")}
# Function → profiles asked for by mistake, the most frequent first.
_MISTAKES = {
    "Chargé d'opérations": ("Validation bailleur", "Administration bailleur"),
    "Directeur": ("Validation bailleur", "Administration bailleur"),
    "Assistant de gestion": ("Saisie bailleur",),
    "Responsable du développement": ("Saisie bailleur", "Administration bailleur"),
    "Instructeur": ("Programmation", "Administration locale"),
    "Chef de service": ("Programmation", "Administration locale"),
    "Chargé de programmation": ("Instruction",),
    "Chargé de mission": ("Programmation",),
}
_BY_SIZE = (
    "Chargé d'opérations|Responsable du développement|Directeur|Chargé d'opérations|Assistant de gestion|"
    "Référent informatique|Chargé d'opérations"
).split("|")
_SERVICE = "Instructeur|Chargé de programmation|Instructeur|Chef de service|Administrateur local|Instructeur".split("|")
_ABSENT = {"B10", "B16", "B24", "B28", "B30"}  # organismes with nobody
_GRANTED = ("profil_attribue", "date_ouverture", "date_premiere_connexion")
COLUMNS = (
    "compte organisme departement fonction profil_demande profil_attribue date_invitation date_demande "
    "date_ouverture date_premiere_connexion statut"
).split()


def part(edition: Edition) -> Part:
    """comptes.csv as it stands on the day of the extraction, and profils.xlsx."""
    rng = np.random.default_rng(SEED)
    whole = [row for i, person in enumerate(_people(), 1) for row in _account(rng, f"C{i:03d}", *person)]
    seen = [row for row in (_as_of(row, edition.extraction) for row in whole) if row]
    header = "profil libelle interface droits fonctions alias".split()
    files = {
        "comptes.csv": to_csv([COLUMNS, *([row[c] for c in COLUMNS] for row in seen)]),
        "profils.xlsx": to_xlsx({"profils": [header, *([cell or None for cell in row] for row in _PROFILES)]}),
    }
    return Part(files)


def _people() -> Iterator[tuple[str, str, str]]:
    """organisme, departement, fonction of each."""
    study = root()
    for bailleur in BAILLEURS:
        if bailleur.fin < 2014 or bailleur.id in _ABSENT:
            continue
        people = 1 + (bailleur.nb_logements > 300) + min(bailleur.nb_logements // 1200, 5)
        for i in range(people):
            yield (bailleur.id, bailleur.departements[i % len(bailleur.departements)], _BY_SIZE[i % len(_BY_SIZE)])
    for i, g in enumerate(study.gestionnaires):
        for job in _SERVICE[: (5, 6, 4, 5, 4)[i % 5]]:
            yield g.id, g.departement, job
    for job in ("Chargé de mission",) * 3:
        yield "DREAL", sorted(study.departements)[-1], job


def _account(rng: Draw, name: str, organisme: str, place: str, job: str) -> Iterator[dict[str, Any]]:
    """The rows of one person: one, or two when asked again."""
    expected = _EXPECTED[job]
    mistakes = _MISTAKES.get(job, ())
    wrong = bool(mistakes) and rng.random() < 0.3
    asked = mistakes[int(rng.random() < 0.3) % len(mistakes)] if wrong else expected
    service = not organisme.startswith("B")
    late = 35 if organisme == "DD079" else 0 if service else 5
    invited = date(2014, 6, 2) + timedelta(int(rng.integers(0, 12)) + late)
    request = invited + timedelta(int(rng.gamma(2.0, 5.0)) + 1)
    granted = request + timedelta(int(rng.integers(1, 8 if service else 13)))
    opened = granted + timedelta(int(rng.gamma(1.6, 4.0 if service else 9.0)))
    connected = opened + timedelta(int(rng.gamma(1.5, 8.0)))
    fate = rng.random()
    former = _FORMER.get(asked, asked) if request < RENAMED else asked
    given = expected if wrong and rng.random() < 0.4 else asked
    row: dict[str, Any] = {"compte": name, "organisme": organisme, "departement": place, "fonction": job}
    row |= {"profil_demande": former, "profil_attribue": given}
    row |= {"date_invitation": invited if rng.random() < 0.94 else None, "date_demande": request}
    row |= {"granted": granted, "date_ouverture": opened}
    row |= {"date_premiere_connexion": connected if rng.random() < 0.78 else None, "end": None, "since": invited}
    ungranted = dict.fromkeys(_GRANTED)
    if fate < 0.09:  # invited, has not asked
        yield row | ungranted | dict.fromkeys(("profil_demande", "date_demande", "granted"))
    elif fate < 0.17:
        yield row | ungranted | {"end": ("refusé" if fate < 0.14 else "retiré", granted)}
    elif fate < 0.25:  # asked again: the service had lost the first request
        yield row | ungranted | {"date_demande": request - timedelta(9)}
        yield row | {"since": request}
    else:
        yield row


def _as_of(row: dict[str, Any], day: date) -> dict[str, Any] | None:
    """What was known that day; None when the person was not in the campaign yet."""
    if row["since"] > day:
        return None
    known = {k: None if isinstance(v, date) and v > day else v for k, v in row.items()}
    if known["date_demande"] is None:
        known["profil_demande"] = None
    if known["granted"] is None:
        known["profil_attribue"] = None
    status = "en attente" if known["date_demande"] else "invité"
    status = "ouvert" if known["date_ouverture"] else status
    if row["end"] and row["end"][1] <= day:
        status = row["end"][0]
    return known | {"statut": status}
