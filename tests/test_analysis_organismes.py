from datetime import date

import pandas as pd
from accounts import comptes, frame
from hypothesis import given
from hypothesis import strategies as st

from spls_study.analysis.droits.accounts import accounts
from spls_study.analysis.droits.organismes import (
    COUNTS,
    INVITED,
    OTHERS,
    etat_organismes,
    par_organisme,
    prets,
    tableau,
)

DAY = date(2014, 7, 1)
PROFILS = frame(
    "profils",
    [
        {"profil": "Lecture", "droits": "consulter"},
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


def states(*rows: dict[str, object], bodies: pd.DataFrame = BODIES) -> pd.DataFrame:
    return etat_organismes(accounts(comptes(*rows), PROFILS, DAY), bodies, PROFILS)


def state(*rows: dict[str, object], organisme: str = "B1") -> str:
    found = states(*({"organisme": organisme} | row for row in rows))
    (only,) = found.etat[found.organisme == organisme].unique()
    return str(only)


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


def test_a_landlord_is_ready_when_an_open_account_may_transmit() -> None:
    assert state({"profil_demande": "Validation"} | OPEN) == "prêt"
    assert state({"profil_demande": "Lecture"} | USED) == "ne peut pas transmettre"
    assert state({"profil_demande": "Validation"}) == "aucun accès"
    assert state({"profil_demande": "Validation", "statut": "retiré"} | OPEN) == "aucun accès"


def test_the_profile_granted_decides_not_the_one_asked_for() -> None:
    narrowed = {"profil_demande": "Validation", "profil_attribue": "Lecture"} | OPEN
    assert state(narrowed) == "ne peut pas transmettre"


def test_a_service_must_programme_and_any_account_does_for_a_partner() -> None:
    assert state({"profil_demande": "Validation"} | OPEN, organisme="G1") == "ne peut pas programmer"
    assert state({"profil_demande": "Programmation"} | OPEN, organisme="G1") == "prêt"
    assert state({"profil_demande": "Lecture"} | OPEN, organisme="P1") == "prêt"


def test_an_organisme_has_the_state_of_all_its_accounts_wherever_it_works() -> None:
    away = {"profil_demande": "Validation", "departement": "16"} | OPEN
    here = {"profil_demande": "Lecture", "departement": "17"}
    assert state(away, here) == "prêt"


def test_the_measure_is_of_landlords_only() -> None:
    ready = {"profil_demande": "Validation"} | OPEN
    assert prets(states(ready, ready | {"organisme": "P1"}, {"organisme": "B2"} | OPEN)) == (1, 3)
    assert prets(states(bodies=BODIES.iloc[3:])) == (0, 0)
    assert prets(states(bodies=BODIES.iloc[:0])) == (0, 0)


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
def test_no_account_is_lost_and_no_organisme_is_in_two_states(rows: list[dict[str, object]]) -> None:
    table = states(*rows)
    assert int(table[COUNTS].to_numpy().sum()) == len(rows)
    assert not table.duplicated(["organisme", "profil"]).any()
    assert set(table.organisme) == set(BODIES.id)
    whole = par_organisme(table)
    assert len(whole) == len(BODIES)
    assert ((whole.utilises + whole.ouverts > 0) == (whole.etat != "aucun accès")).all()


def test_the_board_has_nothing_first_then_the_fewest_accounts() -> None:
    table = states(
        {"profil_demande": "Validation"} | USED,
        {"profil_demande": "Lecture"},
        {"organisme": "B2", "profil_demande": "Validation"} | OPEN,
        {"organisme": "B3", "profil_demande": None, "date_demande": None, "date_invitation": "2014-06-02"},
    )
    board = tableau(table[table.role == "bailleur"], [*PROFILS.profil])
    assert [*board.organisme] == ["B3", "B2", "B1"]
    assert [*board.columns[5:]] == ["Lecture", "Validation", INVITED]
    assert board.iloc[2, 5:].tolist() == [(0, 0, 1, 0), (1, 0, 0, 0), (0, 0, 0, 0)]
    narrow = tableau(table, [*PROFILS.profil], widest=1)
    assert [*narrow.columns[5:]] == [OTHERS, INVITED]


@given(st.lists(st.sampled_from(["Lecture", "Validation", "Programmation", None]), max_size=8), st.integers(1, 4))
def test_the_board_loses_no_account(asked: list[str | None], widest: int) -> None:
    table = states(*({"profil_demande": p, "date_invitation": "2014-06-02"} for p in asked))
    board = tableau(table, [*PROFILS.profil], widest)
    assert sum(sum(cell) for name in board.columns[5:] for cell in board[name]) == table[COUNTS].sum().sum()
    assert len(board) == len(BODIES)
