from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from conftest import HEADER, ROW
from spls_study.intake import check
from spls_study.intake.headers import match, search
from spls_study.intake.sheet import Unreadable
from spls_study.study import Study
from spls_study.tables import TABLES, read_table

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


def test_a_filled_column_that_nobody_reads_is_told_with_the_name_it_resembles(
    study: Study, programmation: Callable[..., Path]
) -> None:
    programmation({"Statuts": "Annulée", "SU totale (m²)": "80,5", "Remarque": "à revoir", "Vide": ""})
    warnings = check(study).warnings
    told = dict(zip(warnings["valeur"], warnings["motif"], strict=True))
    assert told.keys() == {"Statuts", "Remarque"} and list(warnings["ligne"]) == [1, 1]
    assert "si c'est statut, donnez-lui ce nom" in told["Statuts"] and "de trop" in told["Remarque"]
    assert list(read_table(study, "programmation")["surface_utile"]) == [80.5]


@pytest.mark.parametrize(
    ("name", "header"), [("statut", "Statut de l'opération"), ("annee_programmation", "Année Programmation retenue")]
)
def test_headers_of_recent_extracts_are_known(name: str, header: str) -> None:
    others = [h for h in SISAL if name != "annee_programmation" or "Programmation" not in h]
    assert match([*others, header], TABLES["programmation"])[name][-1] == len(others)


def test_a_second_header_below_says_where_its_columns_are(study: Study) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    moved = ["nb_logements", *HEADER[:-1]]
    second = ROW | {"numero_operation": "2", "nb_logements": "9"}
    for line in (HEADER, [*ROW.values()], [], ["Année 2014"], moved, [second[name] for name in moved]):
        sheet.append(list(line))
    book.save(study.raw / "programmation.xlsx")
    report = check(study)
    assert [(f.lues, f.acceptees) for f in report.files] == [(3, 2)]
    assert list(report.refusals["ligne"]) == [4]
    rows = read_table(study, "programmation")
    assert list(rows["nb_logements"]) == [12, 9] and list(rows["ligne"]) == [2, 6]
    assert list(rows["commune"]) == ["La Rochelle"] * 2


def test_the_same_header_again_in_a_text_file_is_no_row(study: Study, programmation: Callable[..., Path]) -> None:
    programmation({}, dict(zip(HEADER, HEADER, strict=True)), {"numero_operation": "2"})
    report = check(study)
    assert [(f.lues, f.acceptees) for f in report.files] == [(2, 2)]
    assert list(read_table(study, "programmation")["ligne"]) == [2, 4]


def book_of(study: Study, **sheets: list[list[str]]) -> None:
    book = openpyxl.Workbook()
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.remove(book.worksheets[0])
    book.save(study.raw / "gouvernance.xlsx")


def test_a_list_of_choices_beside_the_data_is_left_and_named(study: Study) -> None:
    book_of(study, Listes=[["instance"], ["COPIL"]], Saisie=[["instance", "organisme"], ["COPIL", "DD017"]])
    report = check(study)
    assert report.set_aside == () and [f.acceptees for f in report.files] == [1]
    assert "« Listes » non lue, sans organisme" in next(iter(report.warnings["motif"])).replace("\u00a0", " ")


def test_alone_it_is_a_table_that_lacks_a_column(study: Study) -> None:
    book_of(study, Saisie=[["instance"], ["COPIL"]])
    (sentence,) = check(study).set_aside
    assert "absente (organisme)" in sentence


def test_the_gestionnaire_to_declare_is_named(study: Study, programmation: Callable[..., Path]) -> None:
    programmation({"gestionnaire": "CA d'Arles"}, {"numero_operation": "2", "gestionnaire": ""})
    told = check(study).refusals[["colonne", "valeur", "motif"]].to_numpy().tolist()
    assert [row[:2] for row in told] == [["gestionnaire", "CA d'Arles"], ["departement", ""]]
    assert "[[gestionnaires]]" in told[0][2]
