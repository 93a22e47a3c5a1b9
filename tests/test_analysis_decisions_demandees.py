"""What is asked of the committee, on a roll-out worked by hand."""

import pandas as pd
import pytest

from spls_study.analysis.copil import decisions_demandees as asked
from spls_study.analysis.copil.titre import ON_TIME, UNKNOWN, plus_grave
from spls_study.analysis.deploiement.calendrier import calendrier, jalons, principales, prochain
from spls_study.analysis.deploiement.charte import charte, positions
from spls_study.analysis.deploiement.pilotage import points_discussion
from spls_study.analysis.processus.variants import inversions

TODAY = pd.Timestamp("2014-10-07")
DATES = ("debut_prevu", "fin_prevue", "debut_reel", "fin_reelle")


def calendar(*rows: tuple) -> pd.DataFrame:
    """id, libelle, type, the four dates, responsable, depend_de."""
    table = pd.DataFrame(rows, columns=["id", "libelle", "type", *DATES, "responsable", "depend_de"])
    table = table.assign(etape="1", territoire=None).astype(
        dict.fromkeys(DATES, "datetime64[s]") | {"depend_de": "str"}
    )
    return calendrier(table, TODAY)


# A began two weeks late and has ten working days left to do from the 6th; B waits for it, ten days (20 to 31 October in
# the plan), then the go-live of 3 November slips as much. B may be shortened: it lasts twenty.
SLIPS = calendar(
    ("A", "Préparer", "tâche", "2014-09-22", "2014-10-03", "2014-10-06", None, "CEREMA", None),
    ("B", "Essayer", "tâche", "2014-10-06", "2014-10-31", None, None, "DDT 16", "A"),
    ("J", "Mise en service", "jalon", "2014-11-03", "2014-11-03", None, None, "DREAL", "B"),
)
ON_ITS_DAY = calendar(("J", "Mise en service", "jalon", "2014-11-03", "2014-11-03", None, None, "DREAL", None))
SAID = positions(
    pd.DataFrame(
        [
            ("C1", "B1", "accord"),
            ("C1", "B2", "accord"),
            ("C2", "B1", "refus"),
            ("C2", "B2", "accord"),
            ("C3", "B1", "réserve"),
        ],
        columns=["clause", "organisme", "position"],
    ).assign(theme="Dépôt", texte="Le texte", date=pd.NaT)
)
POINTS = ["id", "date", "theme", "point", "decision", "action", "responsable", "echeance", "statut"]
POINTS += ["options", "proposition", "clause"]


def points(*rows: tuple) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=POINTS).astype(dict.fromkeys(("date", "echeance"), "datetime64[s]"))
    text = [name for name in POINTS if name not in ("date", "echeance")]
    return points_discussion(table.astype(dict.fromkeys(text, "str")), TODAY)


NOBODY = ("P1", "2014-09-01", "Droits", "Qui ouvre ?", None, None, None, "2014-12-01", "ouvert", None, None, None)
LATE = (
    "P2",
    "2014-09-01",
    "Charte",
    "Quand ?",
    None,
    "Écrire",
    "DDT 16",
    "2014-09-15",
    "ouvert",
    "tôt|tard",
    "tôt",
    "C3",
)
OF_C2 = ("P3", "2014-09-01", "Charte", "Combien ?", None, None, "AROSH", "2014-10-31", "ouvert", "un;deux", None, "C2")
TEAM = ("P4", "2014-09-01", "Droits", "Où ?", None, "Chercher", "DDT 79", "2014-09-15", "ouvert", None, None, None)
DECIDED = ("P5", "2014-09-01", "Charte", "Fait ?", "Oui", None, "DREAL", "2014-09-15", "ouvert", None, None, "C1")
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
        ("A", "Préparer", "tâche", "2014-10-01", "2014-10-06", "2014-10-06", None, "CEREMA", None),
        ("J", "Mise en service", "jalon", "2014-10-07", "2014-10-07", None, None, None, "A"),
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
