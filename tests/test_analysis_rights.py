from datetime import date

from accounts import PROFILS, comptes

from spls_study.analysis.droits.accounts import accounts
from spls_study.analysis.droits.rights import comptes_departement, comptes_par, comptes_profil

DAY = date(2014, 7, 1)


def test_counts_are_by_profile_asked_for_then_by_profile_granted() -> None:
    table = accounts(
        comptes(
            {"profil_attribue": "Lecture", "date_ouverture": "2014-06-20", "date_premiere_connexion": "2014-06-21"},
            {"profil_attribue": "Saisie", "organisme": "B2", "departement": "16"},
            {"statut": "refusé", "profil_attribue": "Saisie"},
            {"profil_demande": None, "date_invitation": "2014-06-02"},
        ),
        PROFILS,
        DAY,
    )
    assert comptes_profil(table, PROFILS).to_numpy().tolist() == [
        ["Lecture", 0, 1, 1, 1],
        ["Saisie", 3, 1, 0, 0],
        ["Instruction", 0, 0, 0, 0],
        ["Audit", 0, 0, 0, 0],
    ]
    assert comptes_profil(table[table.departement == "16"], PROFILS).demandes.tolist() == [0, 1, 0, 0]
    families = table.assign(famille=table.organisme.map({"B1": "OPH", "B2": "ESH"}))
    assert comptes_par(families, "famille").to_numpy().tolist() == [["ESH", 1, 1, 0, 0], ["OPH", 2, 1, 1, 1]]
    assert comptes_departement(table, ["16", "17", "79"], "region").demandes.tolist() == [1, 2, 0, 3]


def test_an_account_of_an_unknown_department_counts_in_the_region() -> None:
    table = accounts(comptes({"departement": "99"}, {"departement": None}), PROFILS, DAY)
    assert comptes_departement(table, ["16"], "region").demandes.tolist() == [0, 2]


def test_a_profile_that_the_table_does_not_know_is_counted_too() -> None:
    table = accounts(comptes({"profil_demande": "Autre"}), PROFILS, DAY)
    assert comptes_profil(table, PROFILS).iloc[-1].tolist() == ["Autre", 1, 0, 0, 0]


def test_without_account_each_profile_has_zeros() -> None:
    found = comptes_profil(accounts(comptes(), PROFILS, DAY), PROFILS)
    assert list(found.profil) == list(PROFILS.profil)
    assert not found.drop(columns="profil").to_numpy().any()
