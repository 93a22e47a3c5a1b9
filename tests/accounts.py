"""Small tables of accounts and profiles for the tests."""

import pandas as pd

from spls_study.tables import empty


def frame(name: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    """Rows told by their filled cells, with the columns and types of a checked table."""
    table = empty(name)
    return pd.DataFrame(rows, columns=table.columns).astype(table.dtypes)


PROFILS = frame(
    "profils",
    [
        {
            "profil": "Lecture",
            "libelle": "Consulter",
            "interface": "SPLS",
            "droits": "consulter",
            "fonctions": "Directeur",
        },
        {
            "profil": "Saisie",
            "libelle": "Saisir",
            "interface": "SPLS",
            "droits": "consulter|saisir",
            "fonctions": "Chargé d'opérations",
            "alias": "Écriture",
        },
        {
            "profil": "Instruction",
            "libelle": "Instruire",
            "interface": "Galion",
            "droits": "consulter|instruire",
            "fonctions": "Instructeur",
        },
        {"profil": "Audit", "libelle": "Auditer", "interface": "Galion", "droits": "consulter"},
    ],
)


def comptes(*rows: dict[str, object]) -> pd.DataFrame:
    """Accounts C1, C2… of B1 in 17, « Saisie » asked on 10 June 2014, unless told otherwise."""
    usual = {
        "organisme": "B1",
        "departement": "17",
        "fonction": "Chargé d'opérations",
        "profil_demande": "Saisie",
        "date_demande": "2014-06-10",
    }
    return frame("comptes", [{"compte": f"C{i}"} | usual | row for i, row in enumerate(rows, 1)])
