"""The roll-out: its calendar worked by hand, the charter, training, points, who sits, the dashboard."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import TERRITORIES, etats, filled, frame, tasks, told, typed

from notebook_reports.errors import StudyError
from spls_study.analysis.deploiement import calendrier as c
from spls_study.analysis.deploiement import pilotage as p

TODAY = pd.Timestamp("2014-07-10")
CHARENTE, *_, REGION = TERRITORIES

# Worked by hand, in working days. February 2016 has 29 days, and the 1st is a Monday. A was to last 15 days
# (1 to 20 February) and began on the 10th: it ends on Tuesday 1 March. B may begin the next day and lasts 10 days
# (22 February to 4 March, as 21 is a Sunday and 5 a Saturday): it ends on 15 March, and the milestone of the same
# day is carried along. C is on time, nothing moves it: it keeps its Sunday. D has no planned end.
LEAP = c.calendrier(
    tasks(
        "A 2016-02-01 2016-02-20 2016-02-10 - - | B 2016-02-21 2016-03-05 - - A | "
        "C 2016-02-15 2016-02-28 2016-02-15 - - | D 2016-03-01 - - - A | J 2016-03-05 2016-03-05 - - B|C | "
        "K 2016-02-12 2016-02-12 - 2016-02-11 -"
    ),
    pd.Timestamp("2016-02-15"),
)


def test_slippage_across_a_leap_day_with_an_open_task():
    assert told(LEAP.sort_values("id"), "id retard_jours fin_estimee pousse_par critique") == (
        "A 10 2016-03-01 - True | B 10 2016-03-15 A True | C 0 2016-02-28 - False | D - - A False | "
        "J 10 2016-03-15 B True | K -1 2016-02-11 - False"
    )


def test_what_moves_and_what_does_not():
    for day, rows, ends in (
        (  # A: ten days from the 14th, without Easter Monday the 21st. B: eleven from the 29th, without 1 and 8 May.
            "2014-04-15",
            "A 2014-04-07 2014-04-18 2014-04-14 - - | B 2014-04-21 2014-05-07 - - A | J 2014-05-09 2014-05-09 - - B",
            "A 2014-04-28 10 | B 2014-05-15 8 | J 2014-05-16 7",
        ),
        ("2014-05-01", "A 2014-06-01 2014-06-29 - - -", "A 2014-06-29 0"),  # what nothing moves keeps its Sunday
        (  # what is overdue is late as of today
            "2014-07-10",
            "A 2014-06-01 2014-06-30 2014-06-01 - - | J 2014-07-01 2014-07-01 - - -",
            "A 2014-07-10 10 | J 2014-07-10 9",
        ),
        (  # a planned overlap stays
            "2014-06-10",
            "A 2014-06-01 2014-06-30 2014-06-01 - - | B 2014-06-15 2014-07-15 - - A",
            "A 2014-06-30 0 | B 2014-07-15 0",
        ),
    ):
        assert told(c.calendrier(tasks(rows), pd.Timestamp(day)), "id fin_estimee retard_jours") == ends


@given(st.dates(pd.Timestamp("2014-01-01").date(), pd.Timestamp("2016-12-31").date()), st.integers(1, 60))
def test_a_delay_ends_on_a_working_day(today, length):
    late = pd.Timestamp("2014-01-02")
    rows = tasks(f"A {late.date()} {(late + pd.Timedelta(days=length)).date()} - - -")
    end = c.calendrier(rows, pd.Timestamp(today)).fin_estimee[0]
    if pd.Timestamp(today) > late:
        assert end.weekday() < 5 and (end.month, end.day) not in {(1, 1), (5, 1), (7, 14), (11, 11), (12, 25)}


def test_milestones_and_what_pushes_those_that_slip():
    table = c.jalons(LEAP)
    assert told(table) == "K K 2016-02-12 2016-02-11 -1 tenu | J J 2016-03-05 2016-03-15 10 à venir"
    assert c.chain(LEAP, "J") == ["J", "B", "A"]
    easter = tasks("A 2014-04-07 2014-04-18 - - - | B 2014-04-21 2014-05-07 - - A | J 2014-05-09 2014-05-09 - - B")
    assert [c.duration(easter, task) for task in "ABJ"] == [10, 11, 0]  # 21 April and 1 May are holidays
    nothing = c.calendrier(tasks(""), TODAY)
    assert nothing.empty and c.jalons(nothing).empty
    assert [c.noel(pd.Timestamp(f"2014-12-{day}")) for day in (19, 22, 28, 29)] == [False, True, True, False]


def test_what_cannot_be_ordered_is_refused_by_name():
    for rows, said in (
        ("A 2014-06-01 - - - C | B 2014-06-01 - - - A | C 2014-06-01 - - - B", r"en rond.*« [ABC] »"),
        ("A 2014-06-01 - - - Z", "« A » dépend de « Z »"),
    ):
        with pytest.raises(StudyError, match=said):
            c.calendrier(tasks(rows), TODAY)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=6), st.integers(0, 60))
def test_in_a_chain_nothing_begins_before_what_it_depends_on_has_ended(spans, today):
    day = pd.Timestamp("2016-01-01")
    rows, start = [], day
    for i, (gap, length) in enumerate(spans):
        first, last = start + pd.Timedelta(days=gap), start + pd.Timedelta(days=gap + length)
        rows.append(f"T{i} {first.date()} {last.date()} - - {f'T{i - 1}' if i else '-'}")
        start = last + pd.Timedelta(days=1)
    table = c.calendrier(tasks(" | ".join(rows)), day + pd.Timedelta(days=today)).set_index("id")
    assert (table.retard_jours >= 0).all()
    for i in range(1, len(rows)):
        assert table.debut_estime[f"T{i}"] > table.fin_estimee[f"T{i - 1}"]
    assert table.critique[f"T{len(rows) - 1}"]


# The charter
CHARTER = filled(
    "charte",
    "clause organisme position date",
    "C1 A refus 2014-06-01 | C1 A accord 2014-07-01 | C1 B accord 2014-07-01 | C2 A réserve 2014-07-01 | "
    "C2 B accord 2014-07-01 | C3 A accord 2014-07-01 | C4 A refus 2014-07-01 | C4 B en~attente 2014-07-01",
    theme="Dépôt",
)


def test_the_last_position_counts_silence_is_waiting_and_a_clause_has_its_status():
    found = p.positions(CHARTER)
    assert told(found, "clause organisme position") == (
        "C1 A accord | C1 B accord | C2 A réserve | C2 B accord | C3 A accord | C3 B en attente | C4 A refus | "
        "C4 B en attente"
    )
    previous = pd.DataFrame({"clause": ["C2"], "statut": ["bloquée"]})
    assert told(p.charte(found, previous)) == (
        "C1 Dépôt 2 0 0 0 adoptée - | C2 Dépôt 1 1 0 0 avec réserves bloquée | C3 Dépôt 1 0 0 1 en attente - | "
        "C4 Dépôt 0 0 1 1 bloquée -"
    )
    # Of a territory, none of which has a row for C3.
    assert (
        told(p.charte(found[found.organisme == "B"])[2:3], "clause theme en_attente statut") == "C3 Dépôt 1 en attente"
    )


@given(st.lists(st.sampled_from(sorted(p.POSITIONS)), min_size=1, max_size=8))
def test_positions_add_up_to_the_signatories(given_positions):
    rows = [{"clause": "C1", "organisme": f"O{i}", "position": p} for i, p in enumerate(given_positions)]
    table = p.charte(p.positions(frame("charte", rows)))
    counts = table[["accords", "reserves", "refus", "en_attente"]].iloc[0]
    assert counts.sum() == len(given_positions)
    assert (table.statut[0] == "adoptée") == (counts["accords"] == len(given_positions))


# Training
def opened(*profils: str) -> pd.DataFrame:
    """Open accounts of department 16, and one that is not open."""
    table = pd.DataFrame({"profil": [*profils, "Saisie"], "departement": "16"})
    return table.assign(ouvert=[True] * len(profils) + [False])


def sessions(text: str) -> pd.DataFrame:
    """public, date, presents, inscrits, satisfaction; of twelve places in 16."""
    rows = typed("public date presents inscrits satisfaction", text, territoire="16", places=12)
    return frame("formations", [{"id": f"{row['public']}{row['date']}"} | row for row in rows])


SESSIONS = sessions(
    "Saisie 2014-07-01 4 5 - | Saisie 2014-07-02 5 6 - | Saisie 2014-09-01 - 99 - | Lecture 2014-07-10 2 - - | "
    "Absent 2014-07-01 3 - - | Inconnu 2014-07-01 - - - | Lecture 2014-07-11 - 99 -"
)


def test_training_against_open_accounts_of_the_sessions_held_and_those_to_come_by_date():
    table = p.formations(SESSIONS, opened(*["Saisie"] * 12, "Lecture"), TODAY)
    assert told(table.sort_values("public"), "public sessions places presents comptes part_formes inscrits") == (
        "Absent 1 12 3 0 - - | Inconnu 1 12 - 0 - - | Lecture 1 12 2 1 1 - | Saisie 2 24 9 12 0.75 11"
    )  # never more trained than there are accounts
    assert p.formations(SESSIONS[:0], opened(), TODAY).empty
    everywhere = SESSIONS.assign(territoire=["region", None, *["region"] * 5])
    there = pd.concat([opened("Saisie"), opened("Saisie").assign(departement="17")])
    table = p.formations(everywhere, there, TODAY).set_index("public")  # for the accounts of all departments
    assert table.loc["Saisie", ["territoire", "sessions", "comptes"]].tolist() == ["region", 2, 2]
    assert p.a_venir(SESSIONS, TODAY).id.tolist() == ["Lecture2014-07-11", "Saisie2014-09-01"]


def test_satisfaction_has_its_exact_interval():
    rows = sessions("A 2014-07-01 6 - 0.5 | B 2014-07-02 4 - 1 | C 2014-07-02 9 - - | D 2014-09-01 9 - 0.1")
    # 7 of 10: Clopper–Pearson, 0.348 to 0.933 (R: binom.test(7, 10)).
    assert told(p.satisfaction(rows, TODAY, 5).round(3)) == "16 10 7 0.7 0.348 0.933"


@pytest.mark.parametrize(("present", "share"), [(4, 1.0), (5, 0.0), (5, 0.6), (6, 1.0)])
def test_opinions_show_from_so_many_present_whatever_they_say(present, share):
    rows = sessions(f"A 2014-07-01 {present} - {share}")
    assert p.satisfaction(rows, TODAY, 5).presents.tolist() == ([present] if present >= 5 else [])
    assert p.satisfaction(rows, TODAY, 1).presents.tolist() == [present]
    assert p.satisfaction(rows[:0], TODAY, 5).empty


# Points, seats, territories
def test_points_come_overdue_first_then_by_age():
    rows = (
        "P1 2014-07-01 ouvert 2014-07-10 - | P2 2014-06-10 Clos 2014-06-30 Oui | P3 2014-07-05 - 2014-07-09 Non | "
        "P4 2014-06-01 à~suivre - Plus~tard"
    )
    points = p.points_discussion(filled("points_discussion", "id date statut echeance decision", rows), TODAY)
    assert told(points, "id en_retard age_jours") == "P3 True 5 | P4 False 39 | P1 False 9 | P2 False -"


def test_governance_counts_meetings_of_all_and_a_territory_has_its_own_bodies():
    rows = "A x 2014-06-01|2014-07-01 | A y 2014-07-01 | B - 2014-06-15 | C - -"
    seats = filled("gouvernance", "organisme personne_role presences", rows, instance="COPIL")
    bodies = filled("organismes", "id nom departements", "A Office 16|17 | B Autre 17 | C Société -")
    assert told(p.gouvernance(seats, bodies, {"A", "C"}), "organisme presences reunions") == "Office 2 3 | Société 0 3"
    assert p.of_territory(bodies, CHARENTE) == {"A"} and p.of_territory(bodies, REGION) == {"A", "B", "C"}
    places = filled("calendrier", "id territoire", "1 16 | 2 17 | 3 region | 4 -")
    assert told(p.of_place(places, CHARENTE), "id") == "1 | 3 | 4" and len(p.of_place(places, REGION)) == 4


# Dashboard
def test_dashboard_rule_both_ways_and_at_the_boundary():
    for area, rule, values in (
        ("charte", (0.8, 0.4), [0.8, 0.79, 0.39]),
        ("calendrier", (0.0, 14.0), [0, 14, 15]),
        ("points", (0.0, 0.25), [0, 0.25, 0.26]),
    ):
        status = [p.tableau_de_bord({area: value}, {area: rule}).statut[0] for value in values]
        assert status == ["conforme", "à surveiller", "en alerte"]
    assert p.tableau_de_bord({}, {}).empty


def test_an_area_without_data_has_no_measure_and_presences_are_on_the_places_of_the_territory():
    nothing = pd.DataFrame(columns="statut ecart_jours territoire places presents reunions".split())

    def measured(trained: pd.DataFrame, states: str, territory: str) -> dict[str, float]:
        return p.mesures(nothing, nothing, trained, etats(states), nothing, nothing, territory)

    assert measured(nothing, "", "16") == {}
    assert measured(nothing, "A - prêt | A - prêt | B - aucun~accès", "16") == {"droits": 0.5}
    table = p.formations(SESSIONS.assign(territoire=["16", "17", *["16"] * 5]), opened("Saisie"), TODAY)
    found = {place: measured(table, "", place)["formations"] for place in ("16", "17", "region")}
    assert found == {"16": 9 / 36, "17": 5 / 12, "region": 14 / 48}  # « Inconnu » does not say who came
