from operations import cells, counted

from spls_study.analysis.programmation.pls import part_personnes_agees, pls_beneficiaires, pls_etablissements


def test_shares_are_of_all_pls_of_the_cell_those_of_unknown_public_included() -> None:
    rows = counted(
        {"op": "a", "produit": "PLS", "n": 60, "type_beneficiaire": "Personnes âgées"},
        {"op": "a", "produit": "PLS", "n": 15, "type_beneficiaire": None},
        {"op": "b", "produit": "PLS", "n": 25, "type_beneficiaire": "Ménages"},
        {"op": "c", "n": 99, "type_beneficiaire": "Personnes âgées"},
    )
    table = pls_beneficiaires(rows)
    assert list(table.columns) == ["annee", "departement", "type_beneficiaire", "logements", "operations", "part"]
    assert cells(table, "type_beneficiaire", "logements", "operations", "part") == [
        ("Ménages", 25, 1, 0.25),
        ("Non renseigné", 15, 1, 0.15),
        ("Personnes âgées", 60, 1, 0.6),
    ]
    assert cells(part_personnes_agees(table), "logements", "personnes_agees", "part") == [(100, 60, 0.6)]


def test_an_establishment_is_an_operation_for_a_public_in_its_last_year() -> None:
    home = {"produit": "PLS", "type_beneficiaire": "Personnes âgées"}
    rows = counted(
        {"op": "a", "an": 2012, "n": 19} | home,
        {"op": "a", "an": 2013, "n": 20} | home,
        {"op": "b", "n": 50} | home,
        {"op": "b", "n": 30, "type_habitat": "individuel"} | home,
        {"op": "c", "n": 8, "produit": "PLS", "type_beneficiaire": "Etudiants"},
        {"op": "d", "n": 8, "produit": "PLS"},
    )
    assert cells(pls_etablissements(rows), "type_beneficiaire", "taille", "etablissements", "logements") == [
        ("Etudiants", "moins de 20", 1, 8),
        ("Personnes âgées", "20 à 49", 1, 20),
        ("Personnes âgées", "80 et plus", 1, 80),
    ]


def test_nobody_used_the_pls() -> None:
    rows = counted({"op": "a"})
    assert pls_beneficiaires(rows).empty and pls_etablissements(rows).empty
    assert part_personnes_agees(pls_beneficiaires(rows)).empty
