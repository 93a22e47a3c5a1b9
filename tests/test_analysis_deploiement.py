import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spls_study.analysis.deploiement.charte import POSITIONS, charte, positions
from spls_study.analysis.deploiement.formations import formations, satisfaction
from spls_study.analysis.deploiement.pilotage import (
    familles,
    gouvernance,
    mesures,
    of_place,
    of_territory,
    points_discussion,
    tableau_de_bord,
)
from spls_study.analysis.methods.territories import Counts
from spls_study.study import Territory
from spls_study.tables import empty

TODAY = pd.Timestamp("2014-07-10")
CHARENTE = Territory(code="16", nom="Charente", departements=("16",))
REGION = Territory(code="region", nom="Poitou-Charentes", departements=("16", "17"))


def rows(name: str, *given: dict) -> pd.DataFrame:
    """Rows of a table of data/processed, other columns missing."""
    frame = empty(name)
    return pd.DataFrame(given, columns=frame.columns).astype(frame.dtypes)


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


def test_status_of_clauses():
    previous = pd.DataFrame({"clause": ["C2"], "statut": ["bloquée"]})
    table = charte(CHARTER, previous).set_index("clause")
    assert table.statut.to_dict() == {"C1": "adoptée", "C2": "avec réserves", "C3": "en attente", "C4": "bloquée"}
    assert table.loc["C4", ["accords", "reserves", "refus", "en_attente"]].tolist() == [0, 0, 1, 1]
    assert table.statut_precedent.dropna().to_dict() == {"C2": "bloquée"}


def opened(**ouverts: int | str) -> Counts:
    """`ouverts_profil` in department 16, « s » being hidden."""
    labels = {("ouverts_profil", "16", (p,)): n for p, n in ouverts.items()}
    return Counts({k: 0 if n == "s" else n for k, n in labels.items()}, {k: n == "s" for k, n in labels.items()})


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


def test_training_against_open_accounts():
    sessions = rows(
        "formations",
        session("Saisie", "2014-07-01", 4),
        session("Saisie", "2014-07-02", 5),
        session("Saisie", "2014-09-01", None),
        session("Lecture", "2014-07-01", 2),
        session("Rare", "2014-07-01", 6),
        session("Absent", "2014-07-01", 3),
    )
    table = formations(sessions, opened(Saisie=12, Lecture=5, Rare="s"), TODAY, 3)
    table = table.set_index("public")
    assert table.loc["Saisie", ["sessions", "places", "presents", "comptes", "part_formes", "a_venir"]].tolist() == [
        2,
        36,
        9,
        12,
        0.75,
        1,
    ]
    assert table.loc["Lecture", ["presents", "comptes", "part_formes"]].tolist() == ["s", 5, "s"]
    assert table.loc["Rare", ["presents", "comptes", "part_formes"]].tolist() == [6, "s", "s"]
    assert pd.isna(table.part_formes["Absent"])


def judged(sessions: pd.DataFrame, past: pd.DataFrame | None = None) -> pd.DataFrame:
    return satisfaction(sessions, formations(sessions, opened(), TODAY, 3), TODAY, 3, past)


def test_satisfaction_has_its_exact_interval():
    sessions = rows(
        "formations",
        session("A", "2014-07-01", 6, 0.5),
        session("B", "2014-07-02", 4, 1.0),
        session("C", "2014-09-01", 9, 0.1),
    )
    row = judged(sessions).iloc[0]
    # 7 of 10: Clopper–Pearson, 0.348 to 0.933 (R: binom.test(7, 10)).
    assert (row.presents, row.satisfaits, row.part) == (10, 7, 0.7)
    assert (round(row.ic_bas, 3), round(row.ic_haut, 3)) == (0.348, 0.933)


@pytest.mark.parametrize(
    ("present", "share", "hidden"), [(2, 1.0, True), (3, 1.0, False), (5, 0.6, True), (6, 0.5, False), (6, 0.0, False)]
)
def test_small_groups_of_satisfied_or_not_are_hidden(present, share, hidden):
    table = judged(rows("formations", session("A", "2014-07-01", present, share)))
    assert isinstance(table.part[0], str) == hidden


def test_satisfaction_does_not_tell_how_many_came_to_a_hidden_session():
    sessions = rows("formations", session("A", "2014-07-01", 6, 0.5), session("B", "2014-07-02", 2, None))
    assert judged(sessions).presents.tolist() == ["s"]


@pytest.mark.parametrize(("came", "happy", "hidden"), [("6", "3", False), ("4", "1", True), ("3", "0", False)])
def test_few_newcomers_to_training_are_hidden(came, happy, hidden):
    sessions = rows("formations", session("A", "2014-07-01", 6, 0.5))
    past = pd.DataFrame({"territoire": ["16"], "public": ["A"], "presents": [came], "satisfaits": [happy]})
    assert judged(sessions, past).presents.tolist() == ["s" if hidden else 6]
    assert formations(sessions, opened(), TODAY, 3, past).presents.tolist() == ["s" if hidden else 6]


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
    assert familles(table).presences.sum() == 2


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


def test_an_area_without_data_or_with_hidden_counts_has_no_measure():
    def totals(opened: int, asked: int, hidden: bool = False) -> Counts:
        labels = {("ouverts", "16", ()): opened, ("demandes", "16", ()): asked}
        return Counts(labels, dict.fromkeys(labels, hidden))

    none = pd.DataFrame(
        {
            "statut": pd.Series(dtype="str"),
            "ecart_jours": pd.Series(dtype="Int64"),
            "territoire": pd.Series(dtype="str"),
        }
    )
    assert mesures(none, none, none, totals(0, 0), none, none, "16") == {}
    assert mesures(none, none, none, totals(6, 12), none, none, "16") == {"droits": 0.5}
    assert mesures(none, none, none, totals(6, 12, True), none, none, "16") == {}


@given(st.lists(st.sampled_from(sorted(POSITIONS)), min_size=1, max_size=8))
def test_positions_add_up_to_the_signatories(given_positions):
    table = charte(rows("charte", *[said("C1", f"O{i}", p) for i, p in enumerate(given_positions)]))
    counts = table[["accords", "reserves", "refus", "en_attente"]].iloc[0]
    assert counts.sum() == len(given_positions)
    assert (table.statut[0] == "adoptée") == (counts["accords"] == len(given_positions))
