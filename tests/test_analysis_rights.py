from datetime import date

import pandas as pd
from accounts import PROFILS, comptes, frame

from spls_study.analysis.droits.accounts import accounts
from spls_study.analysis.droits.rights import campaign, comptes_departement, comptes_famille, comptes_profil

DAY = date(2014, 7, 1)
BODIES = frame("organismes", [{"id": "B1", "famille": "OPH"}, {"id": "B2", "famille": "ESH"}])


def counted(table: pd.DataFrame, seuil: int = 1):
    return campaign(table, PROFILS, BODIES, ("16", "17"), DAY, seuil)


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
    found = counted(table)
    assert comptes_profil(found, "region").to_numpy().tolist() == [
        ["Lecture", 0, 1, 1, 1],
        ["Saisie", 3, 1, 0, 0],
        ["Instruction", 0, 0, 0, 0],
        ["Audit", 0, 0, 0, 0],
    ]
    assert comptes_profil(found, "16").demandes.tolist() == [0, 1, 0, 0]
    assert comptes_famille(found, "region").to_numpy().tolist() == [["ESH", 1, 1, 0, 0], ["OPH", 2, 1, 1, 1]]
    assert comptes_departement(found, ["16", "17", "region"]).demandes.tolist() == [1, 2, 3]
    assert found.totals.shown("sans_suite", "region") == 1


def test_a_profile_that_the_table_does_not_know_is_counted_too() -> None:
    found = counted(accounts(comptes({"profil_demande": "Autre"}), PROFILS, DAY))
    assert comptes_profil(found, "region").iloc[-1].tolist() == ["Autre", 1, 0, 0, 0]
