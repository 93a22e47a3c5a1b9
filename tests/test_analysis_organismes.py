"""Who may do what, organisme by organisme, and what is left to do."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import Row, comptes, frame

from spls_study.analysis.droits import organismes as o
from spls_study.analysis.droits.accounts import accounts
from spls_study.analysis.droits.comprehension import matched, trop_larges
from spls_study.analysis.droits.organismes import COUNTS

DAY = date(2014, 7, 1)
PROFILS = frame(
    "profils",
    [
        {"profil": "Lecture", "droits": "consulter", "fonctions": "Directeur"},
        {"profil": "Validation", "droits": "consulter|Transmettre"},
        {"profil": "Programmation", "droits": "consulter|programmer"},
    ],
)
BODIES = frame(
    "organismes",
    [
        {"id": "B1", "nom": "Un", "role": "bailleur", "famille": "OPH", "departements": "16|17"},
        {"id": "B2", "nom": "Deux", "role": "bailleur", "departements": "17"},
        {"id": "B3", "role": "bailleur"},
        {"id": "G1", "nom": "DDT", "role": "gestionnaire"},
        {"id": "P1", "nom": "DREAL", "role": "partenaire"},
    ],
)
OPEN = {"date_ouverture": "2014-06-20"}
USED = OPEN | {"date_premiere_connexion": "2014-06-25"}


def states(*rows: Row, bodies: pd.DataFrame = BODIES) -> pd.DataFrame:
    return o.etat_organismes(accounts(comptes(*rows), PROFILS, DAY), bodies, PROFILS)


def test_each_account_is_once_in_the_row_of_its_organisme_and_profile() -> None:
    table = states(
        {"profil_demande": "Validation"} | USED,
        {"profil_demande": "Validation"} | OPEN,
        {"profil_demande": "Validation"},
        {"profil_demande": "Validation", "statut": "refusé"},
        {"profil_demande": "Validation", "profil_attribue": "Lecture"} | USED,
        {"profil_demande": None, "date_demande": None, "date_invitation": "2014-06-02"},
        {"organisme": "ailleurs"} | USED,
    )
    own = table[table.organisme == "B1"].astype(object).fillna("")
    assert own.drop(columns=["organisme", "role"]).to_numpy().tolist() == [
        ["Un", "OPH", "16|17", "Lecture", 1, 0, 0, 0, "prêt"],
        ["Un", "OPH", "16|17", "Validation", 1, 1, 1, 1, "prêt"],
        ["Un", "OPH", "16|17", "", 0, 0, 1, 0, "prêt"],
    ]


def test_who_asked_nothing_has_a_row_without_profile() -> None:
    table = states()
    assert list(table.organisme) == ["B3", "B2", "B1", "G1", "P1"]  # B3 has no name but its own
    assert table.profil.isna().all() and not table[COUNTS].to_numpy().any()
    assert set(table.etat) == {"aucun accès"} and table.nom[0] == "B3"


@pytest.mark.parametrize(
    ("organisme", "row", "expected"),
    [
        ("B1", {"profil_demande": "Validation"} | OPEN, "prêt"),
        ("B1", {"profil_demande": "Lecture"} | USED, "ne peut pas transmettre"),
        ("B1", {"profil_demande": "Validation"}, "aucun accès"),
        ("B1", {"profil_demande": "Validation", "statut": "retiré"} | OPEN, "aucun accès"),
        ("B1", {"profil_demande": "Validation", "profil_attribue": "Lecture"} | OPEN, "ne peut pas transmettre"),
        ("G1", {"profil_demande": "Validation"} | OPEN, "ne peut pas programmer"),
        ("G1", {"profil_demande": "Programmation"} | OPEN, "prêt"),
        ("P1", {"profil_demande": "Lecture"} | OPEN, "prêt"),
    ],
)
def test_an_organisme_is_ready_when_an_open_account_has_the_right_that_it_needs(
    organisme: str, row: Row, expected: str
) -> None:
    # Wherever it works: the other request is of another department.
    found = states({"organisme": organisme} | row, {"organisme": organisme, "departement": "16"})
    assert set(found.etat[found.organisme == organisme]) == {expected}


def test_the_measure_is_of_landlords_only() -> None:
    ready = {"profil_demande": "Validation"} | OPEN
    assert o.prets(states(ready, ready | {"organisme": "P1"}, {"organisme": "B2"} | OPEN)) == (1, 3)
    assert o.prets(states(bodies=BODIES.iloc[3:])) == (0, 0)
    assert o.prets(states(bodies=BODIES.iloc[:0])) == (0, 0)


row = st.fixed_dictionaries(
    {
        "organisme": st.sampled_from([*BODIES.id]),
        "profil_demande": st.sampled_from([*PROFILS.profil, None]),
        "date_ouverture": st.sampled_from(["2014-06-20", None]),
        "date_premiere_connexion": st.sampled_from(["2014-06-25", None]),
        "statut": st.sampled_from(["refusé", "retiré", None]),
    }
)


@given(st.lists(row, max_size=12))
def test_no_account_is_lost_and_no_organisme_is_in_two_states(rows: list[Row]) -> None:
    table = states(*rows)
    assert int(table[COUNTS].to_numpy().sum()) == len(rows)
    assert not table.duplicated(["organisme", "profil"]).any()
    assert set(table.organisme) == set(BODIES.id)
    whole = o.par_organisme(table)
    assert len(whole) == len(BODIES)
    assert ((whole.utilises + whole.ouverts > 0) == (whole.etat != "aucun accès")).all()


def test_the_board_has_nothing_first_then_the_fewest_accounts() -> None:
    table = states(
        {"profil_demande": "Validation"} | USED,
        {"profil_demande": "Lecture"},
        {"organisme": "B2", "profil_demande": "Validation"} | OPEN,
        {"organisme": "B3", "profil_demande": None, "date_demande": None, "date_invitation": "2014-06-02"},
    )
    board = o.tableau(table[table.role == "bailleur"], [*PROFILS.profil])
    assert [*board.organisme] == ["B3", "B2", "B1"]
    assert [*board.columns[5:]] == ["Lecture", "Validation", o.INVITED]
    assert board.iloc[2, 5:].tolist() == [(0, 0, 1, 0), (1, 0, 0, 0), (0, 0, 0, 0)]
    narrow = o.tableau(table, [*PROFILS.profil], widest=1)
    assert [*narrow.columns[5:]] == [o.OTHERS, o.INVITED]


@given(st.lists(st.sampled_from(["Lecture", "Validation", "Programmation", None]), max_size=8), st.integers(1, 4))
def test_the_board_loses_no_account(asked: list[str | None], widest: int) -> None:
    table = states(*({"profil_demande": p, "date_invitation": "2014-06-02"} for p in asked))
    board = o.tableau(table, [*PROFILS.profil], widest)
    assert sum(sum(cell) for name in board.columns[5:] for cell in board[name]) == table[COUNTS].sum().sum()
    assert len(board) == len(BODIES)


def left(*rows: Row) -> list[list[object]]:
    table = accounts(comptes(*rows), PROFILS, DAY)
    named = table.assign(nom=table.organisme.map(BODIES.set_index("id").nom))
    there = o.etat_organismes(table, BODIES[BODIES.id.isin(["B1", "B2", "G1"])], PROFILS)
    found = o.a_faire(named, there, trop_larges(matched(named, PROFILS)), DAY)
    return [[None if pd.isna(v) else v for v in row] for row in found.itertuples(index=False)]


def test_who_is_out_comes_first_and_each_account_is_told_once() -> None:
    invited = {"organisme": "B2", "profil_demande": None, "date_demande": None, "date_invitation": "2014-06-21"}
    assert left(
        {"date_ouverture": "2014-06-11", "fonction": "Directeur", "profil_demande": "Programmation"},
        {"date_demande": "2014-06-01"},
        {"date_demande": "2014-06-05"},
        {"statut": "refusé"},
        invited,
    ) == [
        ["Inviter chaque gestionnaire sans demande", "DDT", 1, None, None],
        ["Obtenir le droit de transmettre", "Un", 1, None, None],
        [o.ANSWER, "Deux", 1, 1, 10],
        [o.OPEN, "Un", 1, 2, 30],
        [o.CONNECT, "Un", 1, 1, 20],
        [o.NARROW, "Un", 1, 1, None],
    ]


def test_a_waiting_without_date_has_no_days_and_nothing_is_left_where_nobody_is() -> None:
    assert [o.OPEN, "Un", 1, 1, None] in left({"date_demande": None})
    table = accounts(comptes(), PROFILS, DAY)
    assert o.a_faire(table.assign(nom=""), states(bodies=BODIES[:0]), trop_larges(matched(table, PROFILS)), DAY).empty
