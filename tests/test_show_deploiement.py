from pathlib import Path

import pandas as pd

from spls_study.analysis.deploiement import charte, formations, pilotage
from spls_study.analysis.deploiement.calendrier import calendrier, jalons
from spls_study.analysis.droits.accounts import accounts
from spls_study.show.deploiement import calendrier as agenda
from spls_study.show.deploiement import charte as accords
from spls_study.show.deploiement import suivi as shown
from spls_study.show.report import Report
from spls_study.study import load_study
from spls_study.tables import empty

STUDY = load_study(Path(__file__).parent.parent / "study.toml")  # edition of 10 July 2014
REGION = Report(STUDY, STUDY.territory("region"))
TODAY = pd.Timestamp(STUDY.etude.edition)


def tasks(*given: tuple) -> pd.DataFrame:
    frame = empty("calendrier")
    columns = ["id", "type", "debut_prevu", "fin_prevue", "debut_reel", "fin_reelle", "depend_de"]
    table = pd.DataFrame(given, columns=columns).reindex(columns=frame.columns)
    return table.assign(libelle="Tâche " + table.id, etape="1").astype(frame.dtypes)


LATE = calendrier(
    tasks(
        ("A", "tâche", "2014-06-01", "2014-06-30", "2014-06-01", None, None),
        ("B", "tâche", "2014-07-01", None, None, None, "A"),
        ("J", "jalon", "2014-07-05", "2014-07-05", None, None, "A"),
    ),
    TODAY,
)


def test_no_block_without_data():
    calendar = calendrier(empty("calendrier"), TODAY)
    charter = empty("charte")
    clauses = charte.charte(charte.positions(charter))
    points = pilotage.points_discussion(empty("points_discussion"), TODAY)
    sessions = empty("formations")
    nobody = accounts(empty("comptes"), empty("profils"), STUDY.etude.extraction)
    held = formations.formations(sessions, nobody, TODAY)
    seats = pilotage.gouvernance(empty("gouvernance"), empty("organismes"), ())
    blocks = [
        agenda.calendar_chart(REGION, calendar),
        agenda.calendar_table(calendar),
        agenda.milestones_table(jalons(calendar)),
        accords.charter_table(clauses, {}),
        accords.charter_matrix(charte.positions(charter), {}),
        shown.training_table(REGION, held),
        shown.coming_table(REGION, formations.a_venir(sessions, TODAY)),
        shown.satisfaction_table(REGION, formations.satisfaction(sessions, TODAY, 5), held, 5),
        shown.points_table(points),
        shown.decisions(points),
        shown.governance_table(seats, pilotage.familles(seats)),
    ]
    assert blocks == [None] * len(blocks)
    nothing = shown.dashboard(pilotage.tableau_de_bord({}, STUDY.tableau_de_bord))
    assert nothing.text.startswith("Aucune donnée de suivi n'a été reçue")


def test_the_chart_says_what_is_late_and_says_it_in_its_alternative():
    block = agenda.calendar_chart(REGION, LATE)
    assert block.content["titre"] == "2 tâches ou jalons en retard, 10 jours au plus"
    assert "2 tâches ou jalons en retard" in block.content["alternative"]
    assert len(block.content["alternative"]) <= 150
    assert "édition du 10/07/2014" in block.extra["image/svg+xml"]


def test_tasks_and_milestones_in_tables():
    lines = agenda.calendar_table(LATE).content["lignes"]
    assert lines[0] == ["A\u00a0: Tâche A", "30/06/2014", "10/07/2014", "+10", "–", "oui"]
    assert lines[1] == ["B\u00a0: Tâche B", "ouverte", "–", "–", "A", "non"]
    assert agenda.milestones_table(jalons(LATE)).content["lignes"] == [
        ["Tâche J", "05/07/2014", "11/07/2014", "+6", "à venir"]
    ]


def test_who_has_not_answered_is_told_by_organisme():
    said = pd.DataFrame({"clause": "C1", "organisme": ["A", "B"], "position": ["accord", "en attente"]})
    block = accords.charter_matrix(said.assign(theme="x"), {"A": "Office"})
    assert not block.internal
    assert [line[0] for line in block.content["lignes"]] == ["Office", "B"]


def test_percentages_only_of_ten_or_more_and_opinions_not_shown_in_a_line():
    told = pd.DataFrame({"territoire": ["16", "17"], "presents": [9, 10], "satisfaits": [9, 8], "part": [1.0, 0.8]})
    held = pd.DataFrame({"territoire": ["16", "17", "79"], "presents": [9, 10, 4]})
    block = shown.satisfaction_table(REGION, told, held, 5)
    assert [line[3] for line in block.content["lignes"]] == ["–", "80\u202f%"]
    assert block.content["note"].endswith("Avis non montrés, de moins de 5 présents\u00a0: Deux-Sèvres.")
    alone = shown.satisfaction_table(REGION, told[:0], held[2:], 5)
    assert alone.text.startswith("Avis non montrés") and [t["name"] for t in alone.tables] == ["satisfaction"]
