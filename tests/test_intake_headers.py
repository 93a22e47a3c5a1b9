import pytest

from spls_study.intake.headers import match, search
from spls_study.intake.sheet import Unreadable
from spls_study.tables import TABLES

SISAL = [
    "",
    "Année Gestion Programmation",
    "Année Gestion Clôture",
    "Année Gestion Début",
    "N° Opération GALION",
    "Commune",
    "Zone 123",
    "Zone ABC",
    "Type Financement",
    "Gestionnaire",
    "MOA (nom officiel)",
    "MOA (code SIRET)",
    "Type d'habitat",
    "Nom Opération",
    "Nature logement",
    "Type Bénéficiaire",
    "Produit",
    "Nb logts",
    "SU totale",
    "Gestionnaire (code)",
    "Opération code postal",
]


def test_a_sisal_header_is_matched_whole() -> None:
    found = match(SISAL, TABLES["programmation"])
    known = {
        "numero_operation": 4,
        "annee_programmation": 1,
        "annee_cloture": 2,
        "zone_abc": 7,
        "nb_logements": 17,
        "surface_utile": 18,
        "code_postal": 20,
        "type_habitat": 12,
    }
    assert {name: found[name][0] for name in known} == known
    assert found["gestionnaire"] == [19, 9]  # the code before the label
    assert "departement" not in found


def test_the_header_is_looked_for_in_twenty_rows() -> None:
    titles = [["Rapport 1"], [""]]
    assert search([*titles, SISAL, ["2013"] * 21], TABLES["programmation"])[0] == 2
    assert search([*titles * 9, [], SISAL], TABLES["programmation"]) == (19, 18)
    assert search([*titles * 10, SISAL], TABLES["programmation"]) == (0, 0)


def test_a_word_is_not_a_header() -> None:
    assert search([["Commune", "Remarque"]], TABLES["programmation"]) == (0, 0)


def test_a_header_that_lacks_columns_is_told_so() -> None:
    with pytest.raises(Unreadable, match=r"colonne obligatoire absente \(famille\)"):
        match(["ID", "Nom", "Rôle", "Départements"], TABLES["organismes"])
    with pytest.raises(Unreadable, match="famille et departements"):
        match(["ID", "Nom", "Rôle"], TABLES["organismes"])


def test_a_duplicate_header_is_refused() -> None:
    with pytest.raises(Unreadable, match="en-tête en double \\(«\u00a0Nom\u00a0»\\)"):
        match(["ID", "Nom", "Rôle", "Famille", "Départements", "NOM "], TABLES["organismes"])
