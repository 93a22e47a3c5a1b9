"""The roll-out as its team notes it: calendar, charter, training, points, who sits where.

The stages, tasks and dated meetings are those of the project's one-page brief; every other
date, position and number is invented.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from ..study import PACKAGE, load_study
from .organismes import BAILLEURS
from .parts import Edition, Part, to_csv, to_xlsx

SEED = 20140708
PREPARE = "1 et 2 : préparation et lancement du dispositif"
DEPLOY = "3 : déploiement"
ADJUST = "4 : ajustements, tests et mise en œuvre"
Row = tuple[Any, ...]


def _d(text: str) -> date | None:
    """« 08/07 » of 2014; empty is no date."""
    return date(2014, int(text[3:]), int(text[:2])) if text else None


# id, stage, label, type, planned start and end, real start and end, who, territory, depends on
_TASKS = (
    ("T1", PREPARE, "Constitution de l'équipe projet", "tâche", "02/06", "27/06", "02/06", "27/06",
     "DREAL", "", ""),
    ("J1", PREPARE, "COPIL du 1er juillet", "jalon", "01/07", "01/07", "01/07", "01/07",
     "DREAL", "", "T1"),
    ("J2", PREPARE, "Réunion de lancement", "jalon", "08/07", "08/07", "08/07", "08/07",
     "AROSH", "", "J1"),
    ("J3", PREPARE, "COFIL national", "jalon", "10/07", "10/07", "10/07", "10/07", "DREAL", "", ""),
    ("T2", PREPARE, "Campagne d'ouverture des droits", "tâche", "02/06", "30/09", "02/06", "",
     "DREAL", "", ""),
    ("T3", PREPARE, "Diagnostic sur les processus de programmation actuels", "tâche", "16/06",
     "12/09", "16/06", "26/09", "CEREMA", "", "T1"),
    ("T4", DEPLOY, "Travail sur les processus : comment intégrer SPLS", "tâche", "15/09", "31/10",
     "29/09", "", "CEREMA", "", "T3"),
    ("T5", DEPLOY, "Rédaction de la charte de gestion", "tâche", "01/09", "31/10", "01/09", "",
     "AROSH", "", "J2"),
    ("J4", DEPLOY, "COPIL intermédiaire", "jalon", "30/09", "30/09", "", "", "DREAL", "", "T3"),
    ("T6", DEPLOY, "Formations dans les territoires", "tâche", "15/09", "28/11", "16/09", "",
     "AROSH", "", "J2"),
    ("P16", DEPLOY, "Présentation du processus en Charente", "tâche", "03/11", "07/11", "", "",
     "DDT 16", "16", "T4"),
    ("P17", DEPLOY, "Présentation du processus en Charente-Maritime", "tâche", "12/11", "18/11",
     "", "", "DDTM 17", "17", "T4"),
    ("P79", DEPLOY, "Présentation du processus en Deux-Sèvres", "tâche", "12/11", "14/11", "", "",
     "DDT 79", "79", "T4"),
    ("P86", DEPLOY, "Présentation du processus en Vienne", "tâche", "17/11", "21/11", "", "",
     "DDT 86", "86", "T4"),
    ("T7", ADJUST, "Ajustements et tests", "tâche", "03/11", "08/12", "", "", "CEREMA", "",
     "T4|T5"),
    ("J5", ADJUST, "COPIL final", "jalon", "09/12", "09/12", "", "", "DREAL", "", "T7"),
    ("J6", ADJUST, "Mise en service de SPLS", "jalon", "10/12", "10/12", "", "", "DREAL", "",
     "J5|P16|P17|P79|P86|T6"),
    ("T8", ADJUST, "Finalisation du déploiement", "tâche", "11/12", "", "", "", "DREAL", "", "J6"),
)
_CLAUSES = (
    ("C1", "Dépôt", "Stade de maturité exigé pour déposer une demande"),
    ("C2", "Dépôt", "Pièces demandées et leur format"),
    ("C3", "Programmation", "Date d'entrée de la pré-programmation"),
    ("C4", "Programmation", "Retrait d'une opération : conditions et date limite"),
    ("C5", "Programmation", "Délai de réponse des gestionnaires"),
    ("C6", "Suivi", "Qui met à jour quelle date"),
    ("C7", "Suivi", "Demande de modification d'une opération programmée"),
    ("C8", "Droits", "Qui ouvre et ferme les comptes"),
)
# territory, public, dates; places are 12 to 18
_SESSIONS = (
    ("16", "Saisie bailleur", "16/09", "14/11"),
    ("16", "Instruction", "18/09"),
    ("17", "Saisie bailleur", "17/09", "30/09", "18/11"),
    ("17", "Validation bailleur", "01/10"),
    ("17", "Instruction", "23/09"),
    ("79", "Saisie bailleur", "25/09", "20/11"),
    ("79", "Instruction", "13/11"),
    ("86", "Saisie bailleur", "19/09", "12/11"),
    ("86", "Instruction", "24/09"),
    ("region", "Programmation", "02/10"),
    ("region", "Administration locale", "25/11"),
)
# id, date, theme, point, decision, action, who, due, closed on
_POINTS = (
    ("D1", "12/06", "Questionnaires", "Exploitation des questionnaires pour le diagnostic",
     "Deux questionnaires : gestionnaires et bailleurs", "Relancer les non-répondants", "CEREMA",
     "29/08", "12/09"),
    ("D2", "26/06", "Droits", "Compréhension des profils par les bailleurs", "",
     "Diffuser une fiche par profil", "DREAL", "04/07", ""),
    ("D3", "26/06", "Droits", "Comptes des maîtres d'ouvrage occasionnels",
     "Le gestionnaire saisit à leur place", "Informer les associations", "AROSH", "30/09", "16/09"),
    ("D4", "01/07", "Charte de gestion", "Preuve du permis exigée avant le dépôt", "",
     "Proposer une rédaction commune", "DDTM 17", "15/09", ""),
    ("D5", "01/07", "Charte de gestion", "Date limite de retrait d'une opération", "",
     "Recueillir l'avis des bailleurs", "AROSH", "31/10", ""),
    ("D6", "08/07", "Processus", "Tableurs tenus à côté de Galion",
     "Les recenser dans le diagnostic", "Compléter les fiches de processus", "CEREMA", "12/09",
     "26/09"),
    ("D7", "08/07", "Information et formation", "Formations dans chaque territoire",
     "Une session par département au moins", "Fixer les dates", "AROSH", "31/07", "28/08"),
    ("D8", "16/09", "Information et formation", "Salle équipée en Deux-Sèvres", "",
     "Trouver une salle", "DDT 79", "03/10", ""),
    ("D9", "16/09", "Processus", "Transmission par l'outil propre de Grand Poitiers", "",
     "Tester l'envoi d'un fichier", "Grand Poitiers", "17/10", ""),
)
_TEAM = ("12/06", "26/06", "08/07", "28/08", "16/09", "30/09")
_COPIL = ("01/07",)


def part(edition: Edition) -> Part:
    """The five tables as they stood on the day of the edition."""
    rng = random.Random(SEED)
    day = edition.edition
    return Part({
        "calendrier.xlsx": to_xlsx({"calendrier": [
            ("id", "etape", "libelle", "type", "debut_prevu", "fin_prevue", "debut_reel",
             "fin_reelle", "responsable", "territoire", "depend_de"), *_calendar(day)]}),
        "charte.csv": to_csv([("clause", "theme", "organisme", "position", "texte", "date"),
                              *_charter(rng, day)]),
        "formations.csv": to_csv([
            ("id", "date", "territoire", "public", "places", "inscrits", "presents",
             "satisfaction"), *_sessions(rng, day)]),
        "points_discussion.xlsx": to_xlsx({"points": [
            ("id", "date", "theme", "point", "decision", "action", "responsable", "echeance",
             "statut"), *_points(day)]}),
        "gouvernance.csv": to_csv([("instance", "organisme", "personne_role", "presences"),
                                   *_seats(rng, day)]),
    }, _README)


def _past(when: date | None, day: date) -> date | None:
    return when if when is not None and when < day else None


def _calendar(day: date) -> Iterator[Row]:
    for task, stage, label, kind, first, last, begun, ended, who, where, after in _TASKS:
        yield (task, stage, label, kind, _d(first), _d(last), _past(_d(begun), day),
               _past(_d(ended), day), who, where or None, after or None)


def _charter(rng: random.Random, day: date) -> Iterator[Row]:
    """The gestionnaires first, on a draft of early July; then what each answered in autumn."""
    services = [g.id for g in load_study(PACKAGE.parent / "study.toml").gestionnaires]
    landlords = [b.id for b in BAILLEURS if b.fin == 2014][:12]
    for clause, theme, text in _CLAUSES:
        for who in services:
            if rng.random() < 0.5 and day > date(2014, 7, 4):
                draft = "réserve" if rng.random() < 0.4 else "accord"
                yield clause, theme, who, draft, text, _d("04/07")
        for who in (*services, *landlords):
            reserve = {"C1": 0.3, "C4": 0.25, "C7": 0.0, "C8": 0.0}.get(clause, 0.1)
            position = "réserve" if rng.random() < reserve else "accord"
            answered = date(2014, 9, 10) + timedelta(rng.randrange(24))
            if (clause, who) == ("C4", landlords[6]):
                position = "refus"
            silent = clause in ("C1", "C5") and (who in landlords[9:] or rng.random() < 0.2)
            if answered < day and not silent:
                yield clause, theme, who, position, text, answered
            elif who in landlords:
                yield clause, theme, who, "en attente", text, _d("08/07")


def _sessions(rng: random.Random, day: date) -> Iterator[Row]:
    number = 0
    for where, public, *dates in _SESSIONS:
        for when in dates:
            number += 1
            places = rng.choice((12, 15, 18))
            booked = rng.randint(places // 3, places)
            came = rng.randint(max(booked - 3, 3), booked)
            pleased = rng.randint(came * 6 // 10, came)
            held = _past(_d(when), day) is not None
            yield (f"F{number:02d}", _d(when), where, public, places, booked if held else None,
                   came if held else None, round(pleased / came, 3) if held else None)


def _points(day: date) -> Iterator[Row]:
    for key, when, theme, point, decision, action, who, due, closed in _POINTS:
        raised = _past(_d(when), day)
        if raised is not None:
            done = _past(_d(closed), day) is not None
            yield (key, raised, theme, point, decision or None, action, who, _d(due),
                   "clos" if done else "ouvert")


def _seats(rng: random.Random, day: date) -> Iterator[Row]:
    """Presences are the dates of the meetings attended; one service never comes."""
    services = [g.id for g in load_study(PACKAGE.parent / "study.toml").gestionnaires]
    landlords = [b.id for b in BAILLEURS if b.fin == 2014][:4]
    seats = [("équipe projet", who, role) for who, role in (
        ("DREAL", "cheffe de projet"), ("AROSH", "chef de projet"),
        *((s, "gestionnaire") for s in services), *((b, "organisme") for b in landlords))]
    seats += [("COPIL", who, "membre") for who in
              ("AROSH", "DREAL", "UESL", *services, *landlords)]
    seats += [("appui", "CEREMA", "appui technique")]
    meetings = {"équipe projet": _TEAM, "COPIL": _COPIL, "appui": _TEAM}
    for instance, who, role in seats:
        sure = 1.0 if who in ("DREAL", "AROSH", "CEREMA") else 0.0 if who == "UESL" else 0.7
        came = [d for m in meetings[instance] if rng.random() < sure
                and (d := _past(_d(m), day)) is not None]
        yield instance, who, role, "|".join(d.isoformat() for d in came) or None


_README = """## Déploiement

`calendrier.xlsx` : les étapes, les tâches et les réunions datées viennent de la page de
présentation du projet, les autres dates sont inventées. `charte.csv`, `formations.csv`,
`points_discussion.xlsx`, `gouvernance.csv` : tout est inventé. Ici, `satisfaction` est la part des
présents qui se disent satisfaits, et `presences` la liste des réunions suivies.
"""
