import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import PROFILS, comptes, frame

from spls_study.analysis.deploiement.pilotage import (
    POSITIONS,
    a_venir,
    charte,
    decisions_prises,
    formations,
    gouvernance,
    mesures,
    of_place,
    of_territory,
    points_discussion,
    positions,
    satisfaction,
    tableau_de_bord,
)
from spls_study.analysis.droits import accounts
from spls_study.analysis.droits.organismes import etat_organismes
from spls_study.study import Territory
from spls_study.tables import empty

TODAY = pd.Timestamp("2014-07-10")
CHARENTE = Territory(code="16", nom="Charente", departements=("16",))
REGION = Territory(code="region", nom="Poitou-Charentes", departements=("16", "17"))


def rows(name: str, *given: dict) -> pd.DataFrame:
    return frame(name, given)


def said(clause: str, organisme: str, position: str, date: str = "2014-07-01") -> dict:
    return {"clause": clause, "theme": "Dépôt", "organisme": organisme, "position": position, "date": date}


CHARTER = rows(
    "charte",
    said("C1", "A", "refus", "2014-06-01"),
    said("C1", "A", "accord"),
    said("C1", "B", "accord"),
    said("C2", "A", "réserve"),
    said("C2", "B", "accord"),
    said("C3", "A", "accord"),
    said("C4", "A", "refus"),
    said("C4", "B", "en attente"),
)


def test_the_last_position_counts_and_silence_is_waiting():
    table = positions(CHARTER).set_index(["clause", "organisme"]).position
    assert table["C1", "A"] == "accord"
    assert table["C3", "B"] == "en attente"
    assert len(table) == 8


def test_a_clause_on_which_none_of_a_territory_has_a_row_waits_for_all_of_them():
    found = positions(CHARTER)
    table = charte(found[found.organisme == "B"]).set_index("clause")
    assert table.loc["C3", ["en_attente", "statut", "theme"]].tolist() == [1, "en attente", "Dépôt"]


def test_status_of_clauses():
    previous = pd.DataFrame({"clause": ["C2"], "statut": ["bloquée"]})
    table = charte(positions(CHARTER), previous).set_index("clause")
    assert table.statut.to_dict() == {"C1": "adoptée", "C2": "avec réserves", "C3": "en attente", "C4": "bloquée"}
    assert table.loc["C4", ["accords", "reserves", "refus", "en_attente"]].tolist() == [0, 0, 1, 1]
    assert table.statut_precedent.dropna().to_dict() == {"C2": "bloquée"}


def opened(*profils: str) -> pd.DataFrame:
    """Open accounts of department 16, and one that is not open."""
    table = pd.DataFrame({"profil": [*profils, "Saisie"], "departement": "16"})
    return table.assign(ouvert=[True] * len(profils) + [False])


def session(public: str, date: str, presents: int | None, satisfaction: float | None = None) -> dict:
    return {
        "id": f"{public}{date}",
        "date": date,
        "territoire": "16",
        "public": public,
        "places": 12,
        "presents": presents,
        "satisfaction": satisfaction,
    }


SESSIONS = rows(
    "formations",
    session("Saisie", "2014-07-01", 4),
    session("Saisie", "2014-07-02", 5),
    session("Saisie", "2014-09-01", None),
    session("Lecture", "2014-07-10", 2),
    session("Absent", "2014-07-01", 3),
    session("Inconnu", "2014-07-01", None),
    session("Lecture", "2014-07-11", None),
)


def test_training_against_open_accounts_of_the_sessions_held():
    table = formations(SESSIONS, opened(*["Saisie"] * 12, "Lecture"), TODAY).set_index("public")
    columns = ["sessions", "places", "presents", "comptes", "part_formes"]
    assert table.loc["Saisie", columns].tolist() == [2, 24, 9, 12, 0.75]
    assert table.loc["Lecture", columns].tolist() == [1, 12, 2, 1, 1.0]  # never more than one
    assert table.loc["Absent", columns[:-1]].tolist() == [1, 12, 3, 0] and pd.isna(table.part_formes["Absent"])
    assert pd.isna(table.presents["Inconnu"])
    assert formations(SESSIONS[:0], opened(), TODAY).empty


def test_who_registered_for_the_sessions_held_is_counted():
    sessions = SESSIONS.assign(inscrits=[5, 6, 99, None, None, None, 99]).astype({"inscrits": "Int64"})
    table = formations(sessions, opened("Saisie"), TODAY).set_index("public")
    assert table.inscrits["Saisie"] == 11 and pd.isna(table.inscrits["Lecture"])


def test_a_session_of_the_region_is_for_the_accounts_of_all_departments():
    everywhere = SESSIONS.assign(territoire=["region", None, *["region"] * 5])
    there = pd.concat([opened("Saisie"), opened("Saisie").assign(departement="17")])
    table = formations(everywhere, there, TODAY).set_index("public")
    assert table.loc["Saisie", ["territoire", "sessions", "comptes"]].tolist() == ["region", 2, 2]


def test_sessions_to_come_by_date():
    assert a_venir(SESSIONS, TODAY).id.tolist() == ["Lecture2014-07-11", "Saisie2014-09-01"]
    assert len(a_venir(SESSIONS, TODAY)) + formations(SESSIONS, opened(), TODAY).sessions.sum() == len(SESSIONS)


def test_satisfaction_has_its_exact_interval():
    sessions = rows(
        "formations",
        session("A", "2014-07-01", 6, 0.5),
        session("B", "2014-07-02", 4, 1.0),
        session("C", "2014-07-02", 9, None),
        session("D", "2014-09-01", 9, 0.1),
    )
    row = satisfaction(sessions, TODAY, 5).iloc[0]
    # 7 of 10: Clopper–Pearson, 0.348 to 0.933 (R: binom.test(7, 10)).
    assert (row.presents, row.satisfaits, row.part) == (10, 7, 0.7)
    assert (round(row.ic_bas, 3), round(row.ic_haut, 3)) == (0.348, 0.933)


@pytest.mark.parametrize(("present", "share"), [(4, 1.0), (5, 0.0), (5, 0.6), (6, 1.0)])
def test_opinions_show_from_so_many_present_whatever_they_say(present, share):
    sessions = rows("formations", session("A", "2014-07-01", present, share))
    table = satisfaction(sessions, TODAY, 5)
    assert table.presents.tolist() == ([present] if present >= 5 else [])
    assert satisfaction(sessions, TODAY, 1).presents.tolist() == [present]
    assert satisfaction(sessions[:0], TODAY, 5).empty


def test_points_overdue_first_then_by_age():
    table = points_discussion(
        rows(
            "points_discussion",
            {"id": "P1", "date": "2014-07-01", "statut": "ouvert", "echeance": "2014-07-10"},
            {"id": "P2", "date": "2014-06-10", "statut": "Clos", "echeance": "2014-06-30"},
            {"id": "P3", "date": "2014-07-05", "echeance": "2014-07-09"},
            {"id": "P4", "date": "2014-06-01", "statut": "à suivre"},
        ),
        TODAY,
    )
    assert table.id.tolist() == ["P3", "P4", "P1", "P2"]
    assert table.en_retard.tolist() == [True, False, False, False]
    assert table.age_jours.astype("float64").fillna(-1).tolist() == [5, 39, 9, -1]


def test_decisions_are_new_or_not_and_done_or_not():
    points = points_discussion(
        rows(
            "points_discussion",
            {"id": "P1", "date": "2014-06-01", "decision": "Oui", "statut": "clos"},
            {"id": "P2", "date": "2014-06-01", "decision": "Non"},
            {"id": "P3", "date": "2014-06-01"},
            {"id": "P4", "date": "2014-06-01", "decision": "Plus tard"},
        ),
        TODAY,
    )
    last = pd.DataFrame({"id": ["P1", "P2", "P4"], "decision": ["Oui", "Non", "Jamais"], "edition": TODAY})
    table = decisions_prises(points, last)
    assert table[["id", "nouvelle", "faite"]].to_numpy().tolist() == [
        ["P4", True, False],
        ["P2", False, False],
        ["P1", False, True],
    ]
    assert decisions_prises(points, last[:0]).nouvelle.isna().all()


def test_governance_counts_meetings_of_all():
    seats = rows(
        "gouvernance",
        {"instance": "COPIL", "organisme": "A", "personne_role": "x", "presences": "2014-06-01|2014-07-01"},
        {"instance": "COPIL", "organisme": "A", "personne_role": "y", "presences": "2014-07-01"},
        {"instance": "COPIL", "organisme": "B", "presences": "2014-06-15"},
        {"instance": "COPIL", "organisme": "C"},
    )
    bodies = rows("organismes", {"id": "A", "nom": "Office", "famille": "OPH"}, {"id": "C", "nom": "Société"})
    table = gouvernance(seats, bodies, {"A", "C"})
    assert table[["organisme", "presences", "reunions"]].to_numpy().tolist() == [["Office", 2, 3], ["Société", 0, 3]]


def test_territories():
    bodies = rows("organismes", {"id": "A", "departements": "16|17"}, {"id": "B", "departements": "17"}, {"id": "C"})
    assert of_territory(bodies, CHARENTE) == {"A"}
    assert of_territory(bodies, REGION) == {"A", "B", "C"}
    tasks = rows(
        "calendrier",
        {"id": "1", "territoire": "16"},
        {"id": "2", "territoire": "17"},
        {"id": "3", "territoire": "region"},
        {"id": "4"},
    )
    assert of_place(tasks, CHARENTE).id.tolist() == ["1", "3", "4"]
    assert len(of_place(tasks, REGION)) == 4


def test_dashboard_rule_both_ways_and_at_the_boundary():
    rules = {"charte": (0.8, 0.4), "calendrier": (0.0, 14.0), "points": (0.0, 0.25)}

    def status(**measures: float) -> list[str]:
        return tableau_de_bord(measures, rules).statut.tolist()

    assert status(charte=0.8) == ["conforme"]
    assert status(charte=0.79) == ["à surveiller"]
    assert status(charte=0.39) == ["en alerte"]
    assert status(calendrier=0, points=0.26) == ["conforme", "en alerte"]
    assert status(calendrier=14) == ["à surveiller"]
    assert status(calendrier=15) == ["en alerte"]
    assert status() == []


def test_an_area_without_data_has_no_measure():
    columns = "statut ecart_jours territoire places presents organisme role nom famille departements etat".split()
    columns += "utilises ouverts en_attente refuses".split()
    none = pd.DataFrame(columns=columns)
    assert mesures(none, none, none, none, none, none, "16") == {}
    states = pd.DataFrame(
        {"organisme": ["A", "A", "B"], "role": "bailleur", "etat": ["prêt", "prêt", "aucun accès"]}, columns=columns
    )
    counts = dict.fromkeys(("utilises", "ouverts", "en_attente", "refuses"), 0)
    assert mesures(none, none, none, states.fillna("").assign(**counts), none, none, "16") == {"droits": 0.5}


def test_presences_are_measured_on_the_places_of_the_territory():
    table = formations(SESSIONS.assign(territoire=["16", "17", *["16"] * 5]), opened("Saisie"), TODAY)
    none = pd.DataFrame(columns=["statut", "ecart_jours", "role", "reunions"])
    bodies = etat_organismes(accounts.accounts(comptes(), PROFILS, TODAY.date()), empty("organismes"), PROFILS)

    def measured(territory: str) -> float:
        return mesures(none, none, table, bodies, none, none, territory)["formations"]

    assert measured("17") == 5 / 12
    assert measured("16") == 9 / 36  # « Inconnu » does not say who came
    assert measured("region") == 14 / 48


@given(st.lists(st.sampled_from(sorted(POSITIONS)), min_size=1, max_size=8))
def test_positions_add_up_to_the_signatories(given_positions):
    table = charte(positions(rows("charte", *[said("C1", f"O{i}", p) for i, p in enumerate(given_positions)])))
    counts = table[["accords", "reserves", "refus", "en_attente"]].iloc[0]
    assert counts.sum() == len(given_positions)
    assert (table.statut[0] == "adoptée") == (counts["accords"] == len(given_positions))
