"""What is asked of the committee, on a roll-out worked by hand."""

import pandas as pd
import pytest
from samples import Row, frame

from spls_study.analysis.copil import decisions_demandees as asked
from spls_study.analysis.copil.note import ON_TIME, UNKNOWN, plus_grave
from spls_study.analysis.deploiement.calendrier import calendrier, jalons, principales, prochain
from spls_study.analysis.deploiement.pilotage import charte, points_discussion, positions
from spls_study.analysis.processus.variants import inversions

TODAY = pd.Timestamp("2014-10-07")


def calendar(*rows: tuple) -> pd.DataFrame:
    """id, libelle, type, planned start and end, real start, responsable, depend_de."""
    names = ["id", "libelle", "type", "debut_prevu", "fin_prevue", "debut_reel", "responsable", "depend_de"]
    told = [dict(zip(names, row, strict=True)) for row in rows]
    return calendrier(frame("calendrier", told, etape="1"), TODAY)


# A began two weeks late and has ten working days left to do from the 6th; B waits for it, ten days (20 to 31 October in
# the plan), then the go-live of 3 November slips as much. B may be shortened: it lasts twenty.
SLIPS = calendar(
    ("A", "Préparer", "tâche", "2014-09-22", "2014-10-03", "2014-10-06", "CEREMA", None),
    ("B", "Essayer", "tâche", "2014-10-06", "2014-10-31", None, "DDT 16", "A"),
    ("J", "Mise en service", "jalon", "2014-11-03", "2014-11-03", None, "DREAL", "B"),
)
ON_ITS_DAY = calendar(("J", "Mise en service", "jalon", "2014-11-03", "2014-11-03", None, "DREAL", None))
SAID = positions(
    frame(
        "charte",
        [
            {"clause": "C1", "organisme": "B1", "position": "accord"},
            {"clause": "C1", "organisme": "B2", "position": "accord"},
            {"clause": "C2", "organisme": "B1", "position": "refus"},
            {"clause": "C2", "organisme": "B2", "position": "accord"},
            {"clause": "C3", "organisme": "B1", "position": "réserve"},
        ],
        theme="Dépôt",
        texte="Le texte",
    )
)


def points(*rows: Row) -> pd.DataFrame:
    told = frame("points_discussion", rows, date="2014-09-01", statut="ouvert", theme="Droits", echeance="2014-09-15")
    return points_discussion(told, TODAY)


OF_CHARTER = {"theme": "Charte"}
NOBODY = {"id": "P1", "point": "Qui ouvre ?", "echeance": "2014-12-01"}
LATE = {"id": "P2", "point": "Quand ?", "action": "Écrire", "responsable": "DDT 16", "options": "tôt|tard"} | OF_CHARTER
LATE |= {"proposition": "tôt", "clause": "C3"}
OF_C2 = {"id": "P3", "point": "Combien ?", "responsable": "AROSH", "echeance": "2014-10-31", "options": "un;deux"}
OF_C2 |= {"clause": "C2"} | OF_CHARTER
TEAM = {"id": "P4", "point": "Où ?", "action": "Chercher", "responsable": "DDT 79"}
DECIDED = {"id": "P5", "point": "Fait ?", "decision": "Oui", "responsable": "DREAL", "clause": "C1"} | OF_CHARTER
STEPS = pd.DataFrame(
    [("G1", 1, "Un"), ("G1", 2, "Trois"), ("G1", 3, "Deux"), ("G2", 1, "Un"), ("G2", 2, "Deux")],
    columns=["gestionnaire", "ordre", "etape"],
)
TARGET = pd.DataFrame({"etape": ["Un", "Deux", "Trois"], "ordre": [1, 2, 3]})
DECISIONS = pd.DataFrame({"etape": ["Trois"], "qui": ["équipe projet"], "echeance": pd.to_datetime(["2014-12-09"])})


def decided(plan: pd.DataFrame, said: pd.DataFrame, table: pd.DataFrame, steps: pd.DataFrame) -> pd.DataFrame:
    until = pd.Timestamp("2014-12-23")
    names = {"B1": "Office", "G1": "DDT 1"}
    return asked.decisions_demandees(
        plan, charte(said), said, table, inversions(steps, TARGET), DECISIONS, names, until
    )


def test_the_gravest_first_each_with_its_owner_and_its_options():
    table = decided(SLIPS, SAID, points(NOBODY, LATE, OF_C2, TEAM, DECIDED), STEPS)
    assert list(table.source) == ["calendrier", "charte", "points_discussion", "points_discussion", "processus"]
    assert list(table.rang) == [1, 2, 3, 4, 5]
    assert list(table.qui) == ["DREAL", "AROSH", "DDT 16", "équipe projet", "équipe projet"]
    assert list(table.point.fillna("")) == ["", "P3", "P2", "P1", ""]
    assert [asked.choices(options) for options in table.options] == [
        ["18 novembre", "3 novembre"],
        ["un", "deux"],
        ["tôt", "tard"],
        [],
        ["ordre cible", "ordre actuel"],
    ]
    assert table.pourquoi[1] == "1 accord, 1 refus (Office)\u00a0: un refus bloque la clause."
    assert table.proposition[2] == "tôt"
    assert str(table.echeance[4].date()) == "2014-12-09"


def test_a_refused_clause_that_no_point_names_belongs_to_the_project_team_until_the_next_copil():
    row = decided(ON_ITS_DAY, SAID, points(), STEPS[:0]).iloc[0]
    assert (row.qui, str(row.echeance.date()), row.isna()["options"]) == ("équipe projet", "2014-12-23", True)


def test_nothing_is_asked_where_all_is_well():
    said = SAID[SAID.clause == "C1"]
    assert decided(ON_ITS_DAY, said, points(TEAM, DECIDED), STEPS[STEPS.gestionnaire == "G2"]).empty
    assert asked.delay(ON_ITS_DAY) is None


def test_a_delay_says_what_holds_its_date():
    late = asked.delay(SLIPS)
    # A: 6 to 17 October. B: twenty days from the 20th, 11 November not worked, to the 17th. Then the 18th.
    assert (str(late.date.date()), late.jours, late.cause.id, late.raccourcir.id) == ("2014-11-18", 10, "A", "B")
    text = decided(SLIPS, SAID[:0], points(), STEPS[:0]).decision[0]
    assert text.endswith("en ramenant «\u00a0Essayer\u00a0» de 20 à 10 jours ouvrés")
    assert not late.noel


@pytest.mark.parametrize(("day", "told"), [("2014-12-24", True), ("2014-12-19", False), ("2014-12-29", False)])
def test_the_week_of_christmas_is_said(day, told):
    plan = calendar(
        ("A", "Préparer", "tâche", "2014-10-01", "2014-10-06", "2014-10-06", "CEREMA", None),
        ("J", "Mise en service", "jalon", "2014-10-07", "2014-10-07", None, None, "A"),
    )
    moved = plan.assign(fin_estimee=plan.fin_estimee.mask(plan.id == "J", pd.Timestamp(day)))
    assert asked.delay(moved).noel is told


def test_the_next_copil_is_after_today_and_five_rows_tell_the_calendar():
    assert prochain(jalons(SLIPS), TODAY) == pd.Timestamp("2014-11-18")
    assert pd.isna(prochain(jalons(SLIPS), pd.Timestamp("2015-01-01")))
    assert list(principales(SLIPS, "17", most=2).id) == ["B", "J"]


def test_the_gravest_fact_in_order():
    late, held = asked.delay(SLIPS), jalons(SLIPS).assign(statut="tenu")
    assert plus_grave(late, 0, 4, ["C2"], 1, 9, held) == "une mise en service qui glisse au 18 novembre"
    assert plus_grave(None, 3, 4, ["C2"], 1, 9, held) == "1 bailleur sur 4 sans compte ouvert"
    assert plus_grave(None, 4, 5, ["C2", "C4"], 1, 9, held) == "une charte bloquée par un refus sur C2 et C4"
    assert plus_grave(None, 4, 5, [], 4, 9, held) == "4 places de formation prises sur 9"
    assert plus_grave(None, 4, 5, [], 5, 10, held) == ON_TIME == plus_grave(None, 0, 0, [], 0, 0, held)


def test_nothing_is_on_time_without_a_calendar_nor_with_a_milestone_that_slips():
    assert plus_grave(None, 0, 0, [], 0, 0, jalons(SLIPS[:0])) == UNKNOWN
    slips = jalons(SLIPS).assign(ecart_jours=3, statut="à venir")
    assert plus_grave(None, 4, 5, [], 5, 10, slips) == "un jalon en retard de 3 jours, sans effet sur la fin"
    assert plus_grave(None, 4, 5, [], 5, 10, slips.assign(ecart_jours=0)) == ON_TIME
